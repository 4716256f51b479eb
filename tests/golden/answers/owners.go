package main

import "errors"

type node struct {
	next *node
	name string
}

var (
	m    map[int]int
	s    []int
	text string
	list *node
	err  error
	any1 any
	ch   chan int
)

func work(n int) {
	for i := range n {
		m[i] = i
	}
	for i := range n {
		s = append(s, i)
	}
	for range 3 {
		text = text + "longer"
	}
	ch = make(chan int, n)
	any1 = n + 1000
	err = errors.New("stays")
	done := make(chan bool)
	for i := range 3 {
		go func() {
			list = &node{list, "goroutine"}
			done <- i > 0
		}()
	}
	for range 3 {
		<-done
	}
}

func main() {
	m = map[int]int{}
	work(100)
}
