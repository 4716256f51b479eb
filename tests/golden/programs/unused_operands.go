package main

import "fmt"

type S struct {
	f [8]int
	g bool
}

func times(n int) func(func() bool) {
	return func(yield func() bool) {
		for ; n > 0 && yield(); n-- {
		}
	}
}
func note(a ...any) { fmt.Println(a...) }
func try(name string, f func()) {
	defer func() {
		fmt.Println(name, recover())
	}()
	f()
}

//go:noinline
func boom() int { panic("boom") }


func f7() *int {
	for range times(3) {
		defer note("x", len("abc"))
	}
	return new(int)
}

func f8() {
	for i := range 3 {
		defer note("y", i)
	}
}
func main() {
	var p *S
	var s []int
	var m map[string]int
	try("a", func() {
		x := struct{ a, b bool }{false, p.g}.a
		_ = x
	})
	try("b", func() {
		x := struct{ a, b int }{1, s[3]}.a
		_ = x
	})
	try("c", func() {
		x := [2]int{1, s[3]}[0]
		_ = x
	})
	try("d", func() {
		x := []int{1, s[3]}[0]
		_ = x
	})
	try("e", func() {
		x := struct{ a, b int }{1, boom()}.a
		_ = x
	})
	try("f", func() {
		_ = struct{ a, b int }{1, s[2]}
	})
	try("g", func() {
		_ = s[2]
	})
	try("h", func() {
		_ = p.g
	})
	try("i", func() {
		_, _ = m["a"], p.g
	})
	try("j", func() {
		x := S{g: p.g}.f
		_ = x
	})
	try("k", func() {
		v := S{g: p.g}
		_ = v
	})
	try("l", func() {
		m["a"] = boom()
	})
	try("m", func() {
		m["a"] = s[2]
	})
	try("n", func() {
		x := &p.g
		_ = x
	})
	try("o", func() {
		s[1], p.g = 1, true
	})
	try("p", func() {
		p.g, s[1] = true, 1
	})
	try("q", func() {
		*p = S{g: s[2] == 1}
	})
	try("7", func() { f7() })
	f8()
}
