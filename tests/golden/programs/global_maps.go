// Package-level variables: what becomes data is not spoken of; large maps have initialisers of their own.
package main

import "fmt"

type shape interface{ area() int }

type square struct{ side int }

func (s square) area() int { return s.side * s.side }

var (
	_        shape       = square{}
	_        shape       = (*square)(nil)
	_        interface{} = 7
	_                    = map[string]int{"gone": 1}
	_                    = []byte("gone")
	small                = map[string]int{"one": 1}
	months               = map[string]int{"Jan": 1, "Feb": 2, "Mar": 3, "Apr": 4, "May": 5, "Jun": 6, "Jul": 7, "Aug": 8}
	lengths              = map[int]string{31: "Jan", 28: "Feb", 30: "Apr", 29: "leap", 1: "a", 2: "b", 3: "c"}
	shapes               = []shape{square{2}, &square{3}}
	unit     shape       = square{1}
	wrapped              = wrap(unit)
	twice                = wrap(square{5})
	computed             = fmt.Sprint(len(months), len(lengths))
	table                = [...]func(int) int{double, func(x int) int { return x + 1 }}
)

type box struct{ in shape }

func wrap(s shape) *box { return &box{s} }

func double(x int) int { return 2 * x }

func main() {
	total := 0
	for _, n := range months {
		total += n
	}
	for _, s := range shapes {
		total += s.area()
	}
	for _, f := range table {
		total = f(total)
	}
	fmt.Println(total, computed, small["one"], lengths[29], wrapped.in.area(), twice.in.area())
}
