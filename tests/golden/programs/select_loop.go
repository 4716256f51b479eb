package main

import (
	"fmt"
	"time"
)

func producer(n int, out chan<- int, quit <-chan struct{}) {
	for i := 0; ; i++ {
		select {
		case out <- n * i:
		case <-quit:
			close(out)
			return
		}
	}
}

func main() {
	out, quit := make(chan int), make(chan struct{})
	go producer(3, out, quit)
	for v := range out {
		fmt.Print(v, " ")
		if v == 15 {
			close(quit)
			break
		}
	}
	fmt.Println()

	select {
	case v := <-make(chan int):
		fmt.Println("impossible", v)
	default:
		fmt.Println("default")
	}

	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	deadline := time.After(35 * time.Millisecond)
	ticks := 0
loop:
	for {
		select {
		case <-tick.C:
			ticks++
		case <-deadline:
			break loop
		}
	}
	fmt.Println("ticks", ticks)

	start := time.Now()
	time.Sleep(2 * time.Second)
	fmt.Println(time.Since(start).Round(time.Second))

	results := make(chan string, 2)
	go func() { time.Sleep(20 * time.Millisecond); results <- "slow" }()
	go func() { time.Sleep(5 * time.Millisecond); results <- "fast" }()
	fmt.Println(<-results, <-results)

	closed := make(chan int, 1)
	closed <- 9
	close(closed)
	v, ok := <-closed
	fmt.Print(v, ok, " ")
	v, ok = <-closed
	fmt.Println(v, ok)
	var never chan int
	select {
	case <-never:
	case <-time.After(time.Millisecond):
		fmt.Println("timeout")
	}
}
