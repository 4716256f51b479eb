// A limit of the program's own.
package main

import "runtime/debug"

type list struct {
	next *list
	id   int
}

func (l *list) depth() int {
	next := &list{l, l.id + 1}
	return next.depth() + 1
}

func main() {
	println("before", debug.SetMaxStack(100000))
	println(new(list).depth())
}
