package main

import "fmt"

type I interface{ M() int }
type T struct {
	a [4]int
	s string
}

func (t T) M() int { return t.a[0] }

func try(name string, f func()) {
	defer func() { fmt.Println(name, recover()) }()
	f()
}

type key struct {
	a [3]int
	b string
}

func main() {
	var p *T
	var k *key
	m := map[key]int{{b: "x"}: 1}
	c := make(chan T, 1)
	try("convT", func() { var i any = *p; _ = i })
	try("convI", func() { var i I = *p; _ = i })
	try("send", func() { c <- *p })
	try("select", func() {
		select {
		case c <- *p:
		default:
		}
	})
	try("key", func() { fmt.Println(m[*k]) })
	try("set key", func() { m[*k] = 2 })
	try("delete", func() { delete(m, *k) })
	try("println", func() { fmt.Println(*p) })
	try("array", func() { var a *[40]int; var i any = *a; _ = i })
	try("convT noptr", func() { var a *struct{ x, y [3]int }; var i any = (*a).y; _ = i })
	try("copy", func() { q := new(T); *q = *p })
	try("equal", func() { fmt.Println(*p == *new(T)) })
	try("iface equal", func() { fmt.Println(any(*p) == any(*new(T))) })
	fmt.Println(len(m), len(c))
}
