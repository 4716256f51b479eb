package main

import "fmt"

type list []list

type mixed struct {
	a any
	n int
	s string
}

func try(name string, f func()) {
	defer func() { fmt.Println(name, recover()) }()
	f()
}

func deferNil() {
	var f func()
	defer f()
	fmt.Println("before")
}

func parallel() (ok bool) {
	defer func() { recover() }()
	var p *int
	ok, _ = true, *p
	return
}

func power(x uint64) bool {
	switch x {
	case 1, 10, 1e3, 1e5, 1e9, 1e12, 1e15, 1e19:
		return true
	}
	return false
}

var x, y [0]int

// A nil pointer to an array faults before the index does.
var table *struct {
	n     int
	cells [2]string
	next  *[3]int
}

func main() {
	i := len(table.cells) + 5
	try("nil before index", func() { fmt.Println(table.cells[i]) })
	try("nil before store", func() { table.cells[i] = "x" })
	single := [1]any{i}
	try("one element", func() { fmt.Println(single[0], func(a [1]any) any { return a[i] }(single)) })
	try("nil array", func() { var p *[3]int; p[i]++ })
	var l list
	l = append(l, l)
	fmt.Println(l[0] == nil, len(l))
	try("compare", func() { fmt.Println(mixed{[]int{1}, 1, "a"} == mixed{[]int{1}, 2, "b"}) })
	try("defer nil", deferNil)
	fmt.Println(parallel(), power(1e19), power(7), power(10))
	b := []byte{'a'}
	switch string(b) {
	case func() string { b[0] = 'b'; return "b" }():
		fmt.Println("bytes of the tag have changed")
	default:
		fmt.Println("default")
	}
	s := make([]byte, 8, 10)
	try("array", func() { _ = [9]byte(s) })
	n, big := -1, int64(1)<<59
	try("len", func() { _ = make([]int, n) })
	try("cap", func() { _ = make([]int, 0, n) })
	try("big", func() { _ = make([]int, 0, big) })
	try("append", func() { s = append(s, make([]byte, n)...) })
	p := new([0]int)
	fmt.Println(&x == p)
}
