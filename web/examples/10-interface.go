func asInterface() interface{} {
    x := 42
    return x // Heap allocation because the variable is cast to interface{}
}
