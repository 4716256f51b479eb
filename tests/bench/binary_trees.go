// Allocation and collection of many small pointerful objects.
package main

type node struct{ left, right *node }

func build(depth int) *node {
	if depth == 0 {
		return &node{}
	}
	return &node{build(depth - 1), build(depth - 1)}
}

func (n *node) count() int {
	if n.left == nil {
		return 1
	}
	return 1 + n.left.count() + n.right.count()
}

func main() {
	long := build(14)
	total := 0
	for range 60 {
		total += build(12).count()
	}
	println(total, long.count())
}
