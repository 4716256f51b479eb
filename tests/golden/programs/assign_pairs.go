package main

import "fmt"

type S1 struct{ S0 *int }
type S2 struct {
	*S1
	f3 []int
	a  [4]int
	m  map[string]int
	p  *S2
}

func try(name string, f func()) {
	defer func() { fmt.Println(name, recover()) }()
	f()
}

//go:noinline
func idx() int { return 400 }

var i = 400
var div = 0

func main() {
	var s S2
	var q *S2
	var e any
	try("addr index, field via nil", func() { s.S1.S0, s.S1.S0 = &s.f3[i], s.S1.S0 })
	try("index, nil", func() { s.a[1], s.a[2] = s.f3[i], q.a[0] })
	try("nil, index", func() { s.a[1], s.a[2] = q.a[0], s.f3[i] })
	try("lhs index, rhs nil", func() { s.f3[i], s.a[2] = 1, q.a[0] })
	try("lhs nil, rhs index", func() { q.a[0], s.a[2] = s.f3[i], 2 })
	try("lhs nil field, rhs index", func() { s.S1.S0, s.a[2] = &s.f3[i], 2 })
	try("addr index, own", func() { x := s.f3; x, s.S1 = s.f3[i:], s.p.S1; _ = x })
	try("div, nil", func() { s.a[0], s.a[1] = 1/div, q.a[1] })
	try("nil, div", func() { s.a[0], s.a[1] = q.a[1], 1/div })
	try("conv, nil", func() { s.a[0], s.a[1] = e.(int), q.a[1] })
	try("nil, conv", func() { s.a[0], s.a[1] = q.a[1], e.(int) })
	try("map nil, index", func() { s.m["a"], s.a[1] = 1, s.f3[i] })
	try("addr index, locals", func() { a, b := &s.f3[i], q.a[1]; _, _ = a, b })
	try("addr swap", func() { var a, b *int; a, b = &s.f3[i], a; _, _ = a, b })
	var loc S2
	try("local ptr", func() { loc.p.f3, loc.S1 = loc.f3[i:], loc.p.S1 })
	try("deref own", func() { r := q; r.p, r.S1 = &S2{f3: s.f3[i:]}, r.S1 })
	try("two addr", func() { s.S1.S0, q.a[0] = &s.f3[i], q.a[1] })
	try("three", func() { s.a[0], s.S1.S0, s.a[1] = s.f3[i], s.S1.S0, q.a[0] })
	try("addr of nil field, index", func() { s.S1.S0, s.S1.S0 = &q.a[0], &s.f3[i] })
	try("index, addr of nil field", func() { s.S1.S0, s.S1.S0 = &s.f3[i], &q.a[0] })
	try("single", func() { s.S1.S0 = &s.f3[i] })
	try("single 2", func() { q.a[0] = s.f3[i] })
	try("single 3", func() { s.f3[i] = q.a[0] })
	try("call", func() { s.a[idx()], s.a[1] = q.a[0], 1 })
	visible()
}

// What a fault leaves assigned.
type T struct {
	a, b int
	p    *int
}

func tryT(name string, s *T, f func()) {
	defer func() { fmt.Println(name, recover(), s.a, s.b) }()
	f()
}

//go:noinline
func divide(s *T, a, b int) { s.a, s.b = 5, a/b }

//go:noinline
func element(s *T, i int) { var arr [3]int; s.a, s.b = 5, arr[i] }

//go:noinline
func sl(s *T, xs []int, i int) { s.a, s.b = 5, xs[i] }

//go:noinline
func addr(s *T, xs []int, i int) { s.a, s.p = 5, &xs[i] }

//go:noinline
func conv(s *T, e any) { s.a, s.b = 5, e.(int) }

//go:noinline
func two(s *T, a, b int, xs []int, i int) { x, y := 1, 2; x, y = a/b, xs[i]; s.a, s.b = x, y }

//go:noinline
func locals(s *T, a, b int, xs []int, i int) {
	var x int
	var y *int
	x, y = a/b, &xs[i]
	s.a, s.p = x, y
}

//go:noinline
func shift(s *T, n int) { s.a, s.b = 5, 1<<n }

//go:noinline
func slice(s *T, xs []int, i int) { var ys []int; s.a, ys = 5, xs[i:]; _ = ys }

//go:noinline
func arr(s *T, xs []int) { var ys [2]int; s.a, ys = 5, [2]int(xs); _ = ys }

//go:noinline
func str(s *T, x string, i int) { s.a, s.b = 5, int(x[i]) }

//go:noinline
func named(s *T, xs []int, i int) (r int, p *int) {
	defer func() { recover(); s.a = r }()
	r, p = 7, &xs[i]
	return
}

func visible() {
	var s T
	tryT("div", &s, func() { divide(&s, 1, 0) })
	s = T{}
	tryT("idx", &s, func() { element(&s, 4) })
	s = T{}
	tryT("sl", &s, func() { sl(&s, nil, 4) })
	s = T{}
	tryT("addr", &s, func() { addr(&s, nil, 4) })
	s = T{}
	tryT("conv", &s, func() { conv(&s, "x") })
	s = T{}
	tryT("two", &s, func() { two(&s, 1, 0, nil, 4) })
	tryT("locals", &s, func() { locals(&s, 1, 0, nil, 4) })
	tryT("shift", &s, func() { shift(&s, -1) })
	s = T{}
	tryT("slice", &s, func() { slice(&s, nil, 4) })
	s = T{}
	tryT("arr", &s, func() { arr(&s, nil) })
	s = T{}
	tryT("str", &s, func() { str(&s, "abc", 4) })
	s = T{}
	fmt.Println(named(&s, nil, 1))
	fmt.Println(s.a)
}
