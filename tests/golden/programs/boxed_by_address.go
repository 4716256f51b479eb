package main

import "fmt"

type pair struct{ a, b int }

var sink any

// What is converted to an interface by address counts as one whose address is taken, and what is read of it later as
// read from memory: then the index of the second of two assignments is copied, and keeps its check.
func bytes(n int) {
	a, p, i := [4]uint8{1, 2, 3}, struct{ a [4]uint8 }{}, n
	g := func() int { i++; return i }
	sink = a[n&2]
	a[n&3], p.a[i&3] = a[n&3], a[1]
	fmt.Println(a, p, g())
}

func inFrame(n int) bool {
	a, p, i := [4]pair{}, struct{ a [4]pair }{}, n
	g := func() int { i++; return i }
	same := any(a[n&2]) == sink
	a[n&3], p.a[i&3] = a[n&3], a[1]
	return same && len(p.a) == g()
}

func escaping(n int) {
	a, p, i := [4]pair{}, struct{ a [4]pair }{}, n
	g := func() int { i++; return i }
	sink = a[n&2]
	a[n&3], p.a[i&3] = a[n&3], a[1]
	fmt.Println(a, p, g())
}

func flags(n int) {
	a, p, i := [4]bool{}, struct{ a [4]bool }{}, n
	g := func() int { i++; return i }
	sink = a[n&2]
	a[n&3], p.a[i&3] = a[n&3], a[1]
	fmt.Println(a, p, g())
}

func shorts(n int) {
	a, p, i := [4]int16{}, struct{ a [4]int16 }{}, n
	g := func() int { i++; return i }
	sink = a[n&2]
	a[n&3], p.a[i&3] = a[n&3], a[1]
	fmt.Println(a, p, g())
}

func pointers(n int) {
	a, p, i := [4]*int{}, struct{ a [4]*int }{}, n
	g := func() int { i++; return i }
	sink = a[n&2]
	a[n&3], p.a[i&3] = a[n&3], a[1]
	fmt.Println(a, p, g())
}

func main() {
	bytes(1)
	fmt.Println(inFrame(1))
	escaping(1)
	flags(1)
	shorts(1)
	pointers(1)
}
