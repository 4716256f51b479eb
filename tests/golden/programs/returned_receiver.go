// A method returns the receiver that it got, in the same place: the pointer lives on while a call moves the stack.
package main

import "fmt"

type number struct{ a, b, c, d, e uint64 }

//go:noinline
func multiply(v, x, y *number) {
	var room [20]uint64
	for i := range room {
		room[i] = x.a*uint64(i) + y.b
	}
	v.a, v.e = room[x.e%20], room[19]
}

func (v *number) product(x, y *number) *number {
	multiply(v, x, y)
	return v
}

type point struct{ x, y number }

//go:noinline
func (p *point) set(x, y *number) *point {
	p.x = *x
	p.y.product(x, y)
	return p
}

//go:noinline
func deep(outer, inner int) number {
	var room [3]int
	if outer > 0 {
		room[outer%3] = 1
		return deep(outer-1, inner)
	}
	return deeper(inner)
}

//go:noinline
func deeper(n int) number {
	var room [4]int
	if n > 0 {
		room[n%4] = 1
		return deeper(n - 1)
	}
	return new(point).set(&number{1, 2, 3, 4, 5}, &number{5, 4, 3, 2, 1}).y
}

func main() {
	got := map[number]int{}
	for outer := range 60 {
		for inner := range 16 {
			result := make(chan number)
			go func() { result <- deep(outer, inner) }()
			got[<-result]++
		}
	}
	fmt.Println(got)
}
