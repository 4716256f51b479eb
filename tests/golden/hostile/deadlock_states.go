// Everybody waits for something else.
package main

import "sync"

func main() {
	var mu sync.Mutex
	var group sync.WaitGroup
	c := make(chan int)
	mu.Lock()
	group.Add(3)
	go func() { mu.Lock(); group.Done() }()
	go func() { c <- 1; group.Done() }()
	go func() {
		select {
		case <-make(chan bool):
		case c <- 2:
		}
		group.Done()
	}()
	println("before")
	group.Wait()
}
