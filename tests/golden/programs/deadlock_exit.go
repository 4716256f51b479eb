package main

import "fmt"

func main() {
	ch := make(chan int)
	fmt.Println("before")
	go func() { <-ch; <-ch }()
	ch <- 1
	ch <- 2
	ch <- 3
}
