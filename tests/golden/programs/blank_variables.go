package main

// A blank variable's type brings its methods, and a label's mistake is no reason to stop.

type Cache[K any] struct{}

func (c Cache[K]) find(x any, f func(K) bool) {
	if f(x.(K)) {
		println("found")
	}
}

var _ Cache[int]

func main() {
	println(Cache[string]{} == Cache[string]{})
}
