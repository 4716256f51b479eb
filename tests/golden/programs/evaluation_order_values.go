package main

import (
	"errors"
	"fmt"
)

type pair struct{ a, b int }
type big struct{ a, b, c, d, e int }
type bigs struct {
	n int
	s [3]string
}

var g = 1
var gs = []int{1, 2, 3}
var gm = map[string]int{"a": 1}
var gstr = "x"
var garr = [3]int{1, 2, 3}
var gbig = big{1, 2, 3, 4, 5}
var gp = &pair{1, 2}
var gi any = 1
var gc = complex(1, 2)

//go:noinline
func setg(v int) int {
	g += v
	gs = []int{g, g + 1, g + 2, g + 3}
	gm["a"] += 10
	gstr += "y"
	garr[1] += 100
	gbig.c += 1000
	gp.b += 7
	gi = g
	gc += 1
	return g
}

//go:noinline
func str(v int) string {
	setg(v)
	return fmt.Sprint("<", g, ">")
}

//go:noinline
func two() (int, string) { return setg(5), gstr }

//go:noinline
func id[T any](x T) T { return x }

func plain(x *int) int { *x += 10; return *x } // inlined

func globals() {
	fmt.Println(g, setg(1), g)
	fmt.Println(g + setg(1) + g)
	fmt.Println(gs[0]+setg(1), gs[1])
	fmt.Println(gm["a"] + setg(1) + gm["a"])
	fmt.Println(gm["a"], setg(1), gm["a"])
	fmt.Println(len(gs)+setg(1)+len(gs), cap(gs))
	fmt.Println(gstr + str(1) + gstr)
	fmt.Println(gstr, str(1), gstr, len(gstr), len(str(2)), len(gstr))
	fmt.Println(garr[1], garr, setg(1), garr)
	fmt.Println(gbig, setg(1), gbig, gbig.c)
	fmt.Println(*gp, gp.b, setg(1), *gp, gp.b)
	fmt.Println(gi, setg(1), gi, gi.(int), setg(2), gi.(int))
	fmt.Println(gc, real(gc), setg(1), gc, real(gc))
	fmt.Println(gs[:2], setg(1), gs[1:])
	fmt.Println(min(g, 100), setg(1), min(g, 100), max(g, setg(1), g))
	fmt.Println([]int{g, setg(1), g}, [2]int{g, setg(1)}, pair{g, setg(1)}, &pair{g, setg(1)}, big{g, setg(1), g, setg(1), g})
	fmt.Println(map[int]int{g: setg(1), setg(1): g, -1: g})
	fmt.Println(g == setg(1), g < setg(1), setg(1) == g, gi == any(setg(1)), any(g) == gi)
	fmt.Println(g != 0 && setg(1) > 0 && g > 5, g > 1000 || setg(1) == g)
	fmt.Println(string(rune(g%26+65)), setg(1), string(rune(g%26+65)), []byte(gstr)[0], str(1), []rune(gstr)[1:3])
	fmt.Println(float64(g), setg(1), uint8(g), -g, ^g, g<<1, !(g > setg(1)))
	fmt.Println(struct{ x any }{g}, setg(1), struct{ x any }{g})
	fmt.Println(func() int { return g }(), setg(1), id(g), id(setg(1)), id(g))
	fmt.Println(errors.New(gstr), setg(1), fmt.Errorf("%s", gstr))
	gs[g%3], g = setg(1), setg(2)
	fmt.Println(gs, g)
	gm[gstr] = setg(3)
	gm[gstr], gs[0] = two2()
	fmt.Println(gm, gs)
	gm[gstr+str(1)] += setg(1) + g
	gs[0] += setg(1)
	gs[len(gs)-1] -= setg(1)
	g += setg(1)
	g = g + setg(1)
	g = setg(1) + g
	gstr += str(1)
	gbig.a, gbig.b = gbig.b, setg(1)
	fmt.Println(g, gs, gm, gstr, gbig)
	fmt.Println(two())
	x, y := g, setg(1)
	a, b := setg(1), g
	fmt.Println(x, y, a, b)
}

//go:noinline
func two2() (int, int) { setg(1); return g, g }

func locals() {
	x, p := 1, new(int)
	f := func() int { x += 10; return x }
	h := func() int { *p += 10; return *p }
	y := 1
	q := &y
	k := func() int { *q += 10; return *q }
	fmt.Println(x, f(), x)
	fmt.Println(x+f(), f()+x)
	fmt.Println(*p, h(), *p, *p+h()+*p)
	fmt.Println(y, k(), y, y+k(), k()+y)
	z := 1
	fmt.Println(z, plain(&z), z, z+plain(&z), plain(&z)+z)
	s := []int{1, 2, 3}
	fs := func() int { s = append(s, len(s)+1); s[0]++; return len(s) }
	fmt.Println(s[0], len(s), fs(), s[0], len(s), s)
	t := [4]int{1, 2, 3, 4}
	ft := func() int { t[0]++; return t[0] }
	fmt.Println(t[0], t, ft(), t[0], t)
	b := big{1, 2, 3, 4, 5}
	fb := func() int { b.a++; b.e += 5; return b.a }
	fmt.Println(b.a, b, fb(), b.a, b)
	w := pair{1, 2}
	fw := func() int { w.a++; return w.a }
	fmt.Println(w.a, w, fw(), w)
	m := map[int]string{1: "one"}
	fm := func() string { m[1] += "!"; return m[1] }
	fmt.Println(m[1], fm(), m[1], m[1]+fm()+m[1])
	st := "a"
	fst := func() string { st += "b"; return st }
	fmt.Println(st, fst(), st, st+fst(), fst()+st, st+"-"+fst()+"-"+st)
	var i any = 1
	fi := func() any { i = i.(int) + 1; return i }
	fmt.Println(i, fi(), i, i.(int), fi(), i == fi(), fi() == i)
	x, y = f(), x
	fmt.Println(x, y)
	s[x%len(s)], x = f(), 3
	fmt.Println(s, x)
	x, s[x%len(s)] = 1, x
	fmt.Println(s, x)
	x += f()
	s[0] += fs()
	m[1] += fm()
	st += fst()
	b.a += fb()
	t[0] *= ft()
	fmt.Println(x, s, m, st, b, t)
	x = x + f()*x
	x, y = x+f(), x+f()
	fmt.Println(x, y)
	ch := make(chan int, 5)
	ch <- 1
	ch <- 2
	ch <- 3
	fc := func() chan int { x++; return ch }
	fmt.Println(x, <-fc(), x, <-ch, x+<-fc(), len(ch))
	ch <- x + f()
	fmt.Println(<-ch)
	ps := &s
	fps := func() int { ps = &[]int{9, 9}; return 0 }
	fmt.Println((*ps)[0], fps(), (*ps)[0])
	fn := func() string { return "first" }
	ff := func() string { fn = func() string { return "second" }; return "changed" }
	fmt.Println(fn(), ff(), fn())
	call2 := func(a, b string) string { return a + b }
	ch2 := func() string { call2 = func(a, b string) string { return b + a }; return "!" }
	fmt.Println(call2("x", ch2()))
	fmt.Println(call2("x", ch2()))
}

func ret1() (int, int) { x := 1; f := func() int { x++; return x }; return x, f() }
func ret2() (a, b int) { f := func() int { a++; return a }; a = 5; return a, f() }
func ret3() (a, b int) {
	defer func() { a += 100 }()
	f := func() int { a++; return a }
	a = 5
	return f(), a
}
func ret4() (a, b int) { a, b = 1, 2; return b, a }
func ret5() (a, b int, c string) {
	defer func() { recover(); c += "!" }()
	a, b = 1, 2
	c = "c"
	var p *int
	return b, *p, "never"
}
func ret6() (string, string) {
	s := "a"
	f := func() string { s += "b"; return s }
	return s + "x", f()
}
func ret7() (any, error) {
	n := 1
	f := func() error { n++; return fmt.Errorf("n=%d", n) }
	return n, f()
}
func ret8() (x big, y int) { x.a = 1; f := func() int { x.a = 9; return x.a }; return x, f() }
func ret9() []int          { n := 1; f := func() int { n++; return n }; return []int{n, f(), n} }
func ret10() (m map[string]int, n int) {
	m = map[string]int{"a": 1}
	f := func() int { m["a"]++; return m["a"] }
	return m, m["a"] + f()
}

type named interface{ Name() string }

func (p *pair) Name() string { return fmt.Sprint(*p) }

//go:noinline
func first(n int, err error) int { fmt.Println("first", err); return n }

//go:noinline
func second() *pair { fmt.Println("second"); return &pair{2, 3} }

//go:noinline
func take(n int, xs []int, i named) { fmt.Println(n, xs, i.Name()) }

func main() {
	take(first(1, errors.New("inlined")), []int{1, 2}, second())
	c, d := first(2, errors.New("one")), named(second())
	fmt.Println(c, d.Name())
	globals()
	locals()
	fmt.Println(ret1())
	fmt.Println(ret2())
	fmt.Println(ret3())
	fmt.Println(ret4())
	fmt.Println(ret5())
	fmt.Println(ret6())
	fmt.Println(ret7())
	fmt.Println(ret8())
	fmt.Println(ret9())
	fmt.Println(ret10())
}
