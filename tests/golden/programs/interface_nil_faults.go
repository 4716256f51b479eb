package main

import "fmt"

type node struct {
	v    int
	next *node
}

func (n *node) String() string { return "node" }

func try(f func() bool) {
	defer func() { fmt.Println(recover()) }()
	fmt.Println(f())
}

func main() {
	var n *node
	try(func() bool { return fmt.Stringer(n.next) != nil })
	try(func() bool { return any(n.next) == nil })
	try(func() bool { return any(n.v) == nil })
	try(func() bool { return fmt.Stringer(n) == nil })
}
