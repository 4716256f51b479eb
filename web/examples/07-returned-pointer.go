package main

import "fmt"

func createPerson() *Person {
    p := Person{Name: "Bob", Age: 40}  // Local variable
    return &p                            // p escapes to the heap
}

type Person struct {
    Name string
    Age  int
}

func main() {
    p := createPerson()  // p is now on the heap
    fmt.Println(p)
}
