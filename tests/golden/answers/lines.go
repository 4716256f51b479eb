package main

import "fmt"

func main() {
	c := make(chan int)
	n := 2
	go func() { c <- n }()
	fmt.Println(<-c, n)
}
