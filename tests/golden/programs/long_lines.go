// gc keeps eight bits of a column: what lies behind column 254 of one line is one place to it, so that a call there
// which came through an inlined call there counts as recursion.
package main

var sink any

func ref[T any](x T) *T { return &x }

func first(n int) {
	func() {
		defer func() { recover() }()
		func(x int) { sink = []int{*ref(x), /* a comment that goes on and on and on and on and on and on and on and on and on and on and on and on and on and on and on and on and on and on and on and on and on and on and on and on and on and on and on and on and on */ *ref(x + 1)} }(n)
	}()
}

func main() {
	first(1)
	println(sink.([]int)[1])
}
