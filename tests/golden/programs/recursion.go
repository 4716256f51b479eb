package main

import "fmt"

type tree struct {
	left, right *tree
	value       int
}

func build(depth, at int) *tree {
	if depth == 0 {
		return nil
	}
	return &tree{build(depth-1, 2*at), build(depth-1, 2*at+1), at}
}

func (t *tree) sum() int {
	if t == nil {
		return 0
	}
	return t.value + t.left.sum() + t.right.sum()
}

func deep(n int, p *int) int {
	var local [8]int
	local[n%8] = n
	if n == 0 {
		*p = 99
		return local[0]
	}
	return deep(n-1, p) + local[n%8]
}

func hanoi(n int, from, to, via string, moves *int) {
	if n == 0 {
		return
	}
	hanoi(n-1, from, via, to, moves)
	*moves++
	hanoi(n-1, via, to, from, moves)
}

func ackermann(m, n uint) uint {
	switch {
	case m == 0:
		return n + 1
	case n == 0:
		return ackermann(m-1, 1)
	}
	return ackermann(m-1, ackermann(m, n-1))
}

func main() {
	fmt.Println(build(10, 1).sum())
	onStack := 1
	fmt.Println(deep(5000, &onStack), onStack)
	moves := 0
	hanoi(10, "a", "c", "b", &moves)
	fmt.Println(moves)
	fmt.Println(ackermann(2, 9))
	done := make(chan int)
	go func() {
		x := 5
		done <- deep(20000, &x) + x
	}()
	fmt.Println(<-done)
}
