package main

// A blank variable's type brings its methods, and a label's mistake is no reason to stop.

type Cache[K any] struct{}

func (c Cache[K]) find(x any, f func(K) bool) {
	if f(x.(K)) {
		println("found")
	}
}

var _ Cache[int]

// What a blank variable is initialised with is data as far as it can be.
var _ = func(a int, b *int) int { return a }
var _, _ = make([]int, 3), struct {
	f func(*int)
	n []int
}{func(p *int) {}, make([]int, len(made))}

var made = []int{1, 2}

func main() {
	println(Cache[string]{} == Cache[string]{})
}
