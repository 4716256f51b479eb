package main

import (
	"fmt"
	"strings"
)

type P struct {
	a, b int
	s    []int
	m    map[string]int
	n    *P
	arr  [3]int
	f    func(int) int
	i    any
}

var g P
var log []string

//go:noinline
func ch(p *P, v int) int {
	p.a += v
	p.b += 2 * v
	p.s = append(p.s, v)
	if p.m != nil {
		p.m["k"] += v
	}
	p.arr[1] += v
	p.i = v
	log = append(log, fmt.Sprint(v))
	return p.a
}

func (p P) val(x int) string       { return fmt.Sprint(p.a, "/", x) }
func (p *P) ptr(x int) string      { return fmt.Sprint(p.a, "\\", x) }
func (p *P) self(v int) *P         { ch(p, v); return p }
func (p *P) swap() (int, int)      { p.a, p.b = p.b, p.a; return p.a, p.b }
func (p *P) two(v int) (int, bool) { return ch(p, v), v > 2 }

func try(name string, f func()) {
	log = nil
	defer func() {
		if e := recover(); e != nil {
			fmt.Println(name, "panic", e, log)
		}
	}()
	f()
}

func fresh() *P {
	p := &P{a: 1, b: 2, s: []int{1, 2, 3}, m: map[string]int{"k": 5}, i: 0}
	p.n = p
	p.f = func(x int) int { return x + p.a }
	return p
}

func conds(p *P) {
	if x := p.a; x < ch(p, 1) && p.a == 2 || p.b > 100 {
		fmt.Println("if", x, p.a)
	}
	for i := p.a; i < ch(p, 1) && len(p.s) < 8; i += p.a {
		fmt.Print("for ", i, " ")
	}
	switch p.a {
	case ch(p, 1), p.a:
		fmt.Println("case", p.a)
	default:
		fmt.Println("default", p.a)
	}
	switch y := p.a; {
	case y > ch(p, 1):
	case y+1 == p.a:
		fmt.Println("second")
	}
	for i, v := range p.s[ch(p, 1)%2:] {
		p.s[0] = 9
		fmt.Print(i, v, " ")
	}
	for i, p.arr[i%3] = range []int{ch(p, 1), p.a, p.b} {
		fmt.Print(i, p.arr, " ")
	}
	fmt.Println()
}

var i int

func assigns(p *P) {
	p.arr[ch(p, 1)%3] = p.a
	p.s[p.a%3] = ch(p, 1)
	p.m[fmt.Sprint(p.a)] = ch(p, 1)
	p.m[fmt.Sprint(ch(p, 1))] += p.a
	p.m["k"], p.a = p.a, p.m["k"]
	p.a, p.s = ch(p, 1), append(p.s, p.a)
	p.s, p.s[0] = []int{7, 7}, p.a
	p.n.a, p.n = 50, nil
	fmt.Println(p.a, p.b, p.s, p.m, p.arr, p.n == nil)
	p.n = p
	var ok bool
	p.a, ok = p.m["k"]
	_ = ok
}

func commaok(p *P) {
	var ok [4]bool
	k := 0
	p.s[k], ok[k] = p.m["k"]
	k, ok[k] = p.m["zz"]
	c := make(chan int, 2)
	c <- 4
	close(c)
	p.s[p.a%3], ok[ch(p, 1)%4] = <-c
	p.arr[0], ok[p.a%4] = <-c
	p.a, ok[p.a%4] = p.i.(int)
	p.m["x"], ok[0] = p.i.(int)
	fmt.Println(p.s, ok, p.arr, p.a, p.m, k)
	p.a, p.s[p.a%2] = p.swap()
	p.s[p.b%2], p.a = p.swap()
	p.m[fmt.Sprint(p.a)], p.arr[p.a%3] = p.swap()
	fmt.Println(p.a, p.b, p.s, p.m, p.arr)
}

func calls(p *P) {
	fmt.Println(p.val(ch(p, 1)), p.ptr(ch(p, 1)), p.val(p.a))
	fmt.Println((*p).val(p.self(1).a), p.self(1).val(p.a), p.self(2).ptr(p.self(3).a))
	fmt.Println(p.f(ch(p, 1)), p.a)
	f := p.f
	h := func() int { p.f = func(int) int { return -1 }; f = p.f; return 3 }
	fmt.Println(p.f(h()), f(h()))
	v, m := p.val, (*P).ptr
	ch(p, 10)
	fmt.Println(v(ch(p, 1)), m(p, ch(p, 1)))
	defer fmt.Println("deferred", p.a, ch(p, 1), p.a)
	defer func(a, b int) { fmt.Println("args", a, b, p.a) }(p.a, ch(p, 1))
	done := make(chan bool)
	go func(a, b int) { fmt.Println("go", a, b); done <- true }(p.a, ch(p, 1))
	<-done
	fmt.Println(strings.Repeat("ab", p.a%3) + fmt.Sprint(ch(p, 1)) + strings.ToUpper("x"+fmt.Sprint(p.a)))
	x := []any{p.a, ch(p, 1), p.a, p.s, p.n == p.n.n}
	fmt.Println(x...)
}

func lits(p *P) {
	fmt.Println(P{a: p.a, b: ch(p, 1), s: p.s, arr: p.arr}.a, P{a: p.a, b: ch(p, 1), arr: p.arr}.arr)
	q := P{a: ch(p, 1), b: p.a, arr: [3]int{p.a, ch(p, 1), p.a}, s: []int{p.a, ch(p, 1)}}
	fmt.Println(q.a, q.b, q.arr, q.s)
	*p, q = q, *p
	fmt.Println(p.a, p.b, q.a, q.b)
	r := &P{a: p.a, n: &P{a: ch(p, 1), b: p.a}}
	fmt.Println(*r.n, r.a)
	mm := map[int][]int{p.a: {p.a, ch(p, 1)}, ch(p, 1): {p.a}}
	fmt.Println(mm)
	ss := [][2]int{{p.a, ch(p, 1)}, {p.a, p.b}}
	fmt.Println(ss)
	st := struct {
		x any
		y [2]any
	}{p.a, [2]any{ch(p, 1), p.a}}
	fmt.Println(st, st == struct {
		x any
		y [2]any
	}{p.a, [2]any{ch(p, 1), p.a}})
	fn := func() (int, []int) { return p.a, append(p.s, ch(p, 1)) }
	fmt.Println(fn())
}

func rets(p *P) (x int, y []int, z string, e error) {
	defer func() {
		if r := recover(); r != nil {
			e = fmt.Errorf("%v x=%d y=%v z=%q", r, x, y, z)
		}
	}()
	x, z = 1, "z"
	if p.a > 100 {
		return p.a, p.s[:ch(p, 1)], p.n.n.n.val(1), nil
	}
	return ch(p, 1), p.s[p.a:], fmt.Sprint(p.a) + p.val(ch(p, 1)), nil
}

func strs() {
	s := "a"
	add := func(x string) string { s += x; return s }
	fmt.Println(s+add("b")+s, s == add("c"), s[len(s)-1:]+add("d"), s < add("e"))
	s += add("f") + s
	b := []byte(s)
	set := func() byte { b[0] = 'Z'; return b[1] }
	fmt.Println(string(b)+string(set()), string(b[0])+string(set()), string(b) == s, s)
	m := map[string]string{"a": "1"}
	upd := func() string { m["a"] += "2"; return m["a"] }
	m["a"] = m["a"] + upd() + m["a"]
	m["b"] += m["a"] + upd()
	m[upd()], m["c"] = upd(), m["a"]
	fmt.Println(m)
	var sb strings.Builder
	w := func(x string) int { sb.WriteString(x); return sb.Len() }
	fmt.Println(sb.String(), w("x"), sb.Len(), w("yy"), sb.String())
	arr := [2]string{"p", "q"}
	i := 0
	next := func() int { i++; return i - 1 }
	arr[next()], arr[next()] = arr[1]+"!", arr[0]+"?"
	fmt.Println(arr, i)
	xs := []int{0, 1, 2, 3}
	j := 0
	j, xs[j] = 2, 9
	xs[j], j = 8, 0
	xs[0], xs[1], xs[2] = xs[1], xs[2], xs[0]
	fmt.Println(xs, j)
	var nilp *P
	try("n1", func() { nilp.a, j = 1, 2 })
	try("n2", func() { j, nilp.a = 5, 6 })
	try("n3", func() { j = nilp.a + ch(fresh(), 1) })
	try("n4", func() { xs[j+10] = ch(fresh(), 2) })
	try("n5", func() { nilp.self(3).a = ch(fresh(), 4) })
	try("n6", func() { _ = nilp.val(ch(fresh(), 4)) })
	try("n7", func() { _ = nilp.val })
	try("n8", func() { defer nilp.val(ch(fresh(), 4)); log = append(log, "after") })
	try("n9", func() { xs[ch(fresh(), 1)+10], nilp.a = ch(fresh(), 2), ch(fresh(), 3) })
	fmt.Println(j)
}

func main() {
	conds(fresh())
	assigns(fresh())
	commaok(fresh())
	calls(fresh())
	lits(fresh())
	fmt.Println(rets(fresh()))
	big := fresh()
	big.a = 200
	fmt.Println(rets(big))
	strs()
	p := *fresh() // on the stack
	p.n = &p
	conds(&p)
	assigns(&p)
	commaok(&p)
	lits(&p)
	g = *fresh()
	g.n = &g
	assigns(&g)
	commaok(&g)
	calls(&g)
	lits(&g)
	fmt.Println(len(log))
}
