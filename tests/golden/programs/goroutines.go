package main

import (
	"fmt"
	"sync"
)

type result struct {
	id, value int
}

func square(id int, in <-chan int, out chan<- result, wg *sync.WaitGroup) {
	defer wg.Done()
	for v := range in {
		out <- result{id, v * v}
	}
}

func main() {
	in, out := make(chan int), make(chan result, 16)
	var wg sync.WaitGroup
	for id := range 3 {
		wg.Add(1)
		go square(id, in, out, &wg)
	}
	for i := 1; i <= 10; i++ {
		in <- i
	}
	close(in)
	wg.Wait()
	close(out)
	total := 0
	for r := range out {
		total += r.value
	}
	fmt.Println("total", total)

	var mu sync.Mutex
	hits := map[string]int{}
	var group sync.WaitGroup
	for _, word := range []string{"a", "b", "a", "c", "b", "a"} {
		group.Add(1)
		go func() {
			defer group.Done()
			mu.Lock()
			defer mu.Unlock()
			hits[word]++
		}()
	}
	group.Wait()
	fmt.Println(hits)

	done := make(chan struct{})
	var once sync.Once
	for range 5 {
		go once.Do(func() { close(done) })
	}
	<-done
	fmt.Println("done")
}
