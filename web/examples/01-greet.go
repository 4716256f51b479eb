func greet() {
    fmt.Println("Hello!")
}
