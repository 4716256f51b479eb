package main

import (
	"fmt"
	"strings"
)

type pair struct {
	name string
	next *pair
	list []int
	m    map[string]int
}

func same[T any](x T) T { return x }

func pick[T any](first bool, a, b T) T {
	if first {
		return a
	}
	return b
}

func apply[T any](x T, f func(T) T) T { return f(x) }

// Initialisers that the compiler turns into data, wholly or in part, after inlining.
var (
	nested   = func() []pair { return same([]pair{{name: "a"}, {name: "b"}}) }()
	built    = func() *pair { return func() *pair { return &pair{list: make([]int, 2), m: map[string]int{}} }() }()
	plain    = func() *pair { return &pair{next: &pair{name: "deep"}} }()
	computed = same(&pair{name: strings.Repeat("x", 2), next: &pair{list: []int{1, 2}}})
	stepwise = func() *pair { var x = struct{ a, b int }{1, 2}.a; _ = x; return &pair{next: &pair{}} }()
	narrowed = func(x int) [2]int8 { return [2]int8{int8(x), 1} }(300)
	joined   = func(s string) []string { return []string{"<" + s + ">", s} }("j")
	inside   = pair{name: "whole", list: []int{7}, next: &pair{name: "part"}}
	copied   = inside
	array    = [2]*pair{{name: "one"}, plain}
	arrays   = array
	closed   = func() func() int { return func() int { return len(nested) } }()
)

// Instances of byte and uint8, rune and int32, int and its alias show the type as written.
type number = int

func instances(x int32) {
	show(same('x')|7, same(int32('x'))|7, same(rune(x))|7, same(x)|7)
	show(same[byte](1)|8, same[uint8](1)|8, same(number(1))|1, same(1)|1)
}

//go:noinline
func show(values ...any) { fmt.Println(values...) }

// A promoted method with a deferred literal: its wrappers, also those of an anonymous struct, take it in.
type base struct{ values []int }

func (b base) sum() int {
	v := apply(map[int][]int{1: b.values}, func(m map[int][]int) (out map[int][]int) {
		defer func() {
			if r := recover(); r != nil {
				show("recovered", r)
			}
		}()
		return m
	})
	return len(v)
}

type derived struct {
	name string
	*base
}

var sums = []interface{ sum() int }{
	derived{"d", &base{}}, &derived{"p", &base{}}, struct {
		n int
		*base
	}{1, &base{}},
}

// A literal called inside a body that is inlined twice keeps what is known of its parameters.
var twice = func() func() int {
	total := 0
	for v := range func(yield func([]int) bool) {
		if !yield(apply([]int{1}, func(p []int) []int {
			q := pick(false, apply(make([]int, 1, 9), func(r []int) []int { return r }), []int{2})
			return append(p, q...)
		})) {
			return
		}
	} {
		total += len(v)
	}
	return func() int { return total }
}()

var bits [1][2]int8

func main() {
	fmt.Println(nested, *built, plain.next.name, computed.name, *computed.next, *stepwise.next, narrowed, joined)
	fmt.Println(copied.name, copied.list, copied.next.name, *arrays[0], arrays[1] == plain, closed(), twice())
	instances('y')
	for _, s := range sums {
		show(s.sum())
	}
	i := len(joined)
	bits[0][uint(i)%2] ^= ^(any(bits[0][i&1]).(int8))
	fmt.Println(bits)
}
