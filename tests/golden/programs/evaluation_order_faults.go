package main

import (
	"fmt"
	"strings"
)

type node struct {
	v    int
	next *node
	arr  [4]int
}

type wide [9]int

var log []string

//go:noinline
func say[T any](what string, x T) T { log = append(log, what); return x }

//go:noinline
func say2(what string) (int, int) { log = append(log, what); return 1, 2 }

func try(name string, f func()) {
	log = nil
	defer func() {
		r := fmt.Sprint(recover())
		fmt.Println(name, strings.Join(log, " "), "|", r)
	}()
	f()
}

func main() {
	var p *node
	var np *int
	var s []int
	var m map[string]int
	var m2 map[any]int
	var i any = "str"
	var e error
	var fn func(int) int
	var arr [4]int
	var zero, five = 0, 5
	bad := any([]int{1})
	t := []int{1, 2, 3}
	try("index+call", func() { fmt.Println(s[five] + say("f", 1)) })
	try("call+index", func() { fmt.Println(say("f", 1) + s[five]) })
	try("deref+call", func() { fmt.Println(*np + say("f", 1)) })
	try("field+call", func() { fmt.Println(p.v + say("f", 1)) })
	var list *[]int
	var text struct{ p *string }
	pair := func(x, y int) int { return x + y }
	try("call,len", func() { pair(say("f", 1), len(*list)) })
	try("call,len of field", func() { pair(say("f", 1), len(*text.p)) })
	try("call,max", func() { pair(say("f", 1), max(*np, 2)) })
	try("call,len,index", func() { fmt.Println(say("f", 1), s[five], len(*list)) })
	try("div+call", func() { fmt.Println(1/zero + say("f", 1)) })
	try("slice+call", func() { fmt.Println(t[five:], say("f", 1)) })
	try("index,slice", func() { fmt.Println(s[five], t[five:]) })
	try("deref,slice", func() { fmt.Println(*np, t[five:], say("f", 1)) })
	try("assert+call", func() { fmt.Println(i.(int) + say("f", 1)) })
	try("assertptr,call", func() { fmt.Println(i.(*int), say("f", 1)) })
	try("index,assert", func() { fmt.Println(s[five], i.(int)) })
	try("index,assertptr", func() { fmt.Println(s[five], i.(*int)) })
	try("map,call", func() { fmt.Println(m2[bad], say("f", 1)) })
	try("map,index", func() { fmt.Println(m2[bad], s[five]) })
	try("index,map", func() { fmt.Println(s[five], m2[bad]) })
	try("mapassign,call", func() { m["a"] = say("f", 1) })
	try("mapassign,index", func() { m["a"] = s[five] })
	try("mapassign,badkey", func() { m2[bad] = s[five] })
	try("mapop,div", func() { m["a"] /= zero })
	try("mapop,index", func() { m["a"] += s[five] })
	try("index=call", func() { s[five] = say("f", 1) })
	try("index=index", func() { s[five] = *np })
	try("callindex=call", func() { s[say("i", 5)] = say("f", 1) })
	try("field=call", func() { p.v = say("f", 1) })
	try("field=deref", func() { p.v = *np })
	try("deref=index", func() { *np = s[five] })
	try("next.next=call", func() { p.next.v = say("f", 1) })
	try("arr=call", func() { arr[five] = say("f", 1) })
	try("arr=deref", func() { arr[five] = *np })
	try("parr=deref", func() { p.arr[five] = *np })
	try("call2", func() { s[five], *np = say2("f") })
	try("call2b", func() { *np, s[five] = say2("f") })
	try("par", func() { s[five], *np = say("f", 1), say("g", 2) })
	try("par2", func() { five, *np = 3, s[five] })
	fmt.Println(five)
	try("par3", func() { t[0], s[five] = 9, 1 })
	fmt.Println(t)
	try("par4", func() { t[0], p.v = 8, *np })
	fmt.Println(t)
	try("par5", func() { t[0], t = s[3], *(*[]int)(nil) })
	try("par6", func() { five, t[1] = 7, t[five] })
	fmt.Println(five, t)
	try("op", func() { s[five] += say("f", 1) })
	try("op2", func() { *np += s[five] })
	try("op3", func() { p.v += 1 / zero })
	try("nilfunc", func() { fn(say("f", 1)) })
	try("nilfunc2", func() { fn(s[five]) })
	try("nilerr", func() { fmt.Println(e.Error(), say("f", 1)) })
	try("nilerr2", func() { say("f", e.Error()) })
	try("append", func() { t = append(t, s[five], say("f", 1)) })
	try("append2", func() { t = append(t, *np, s[five]) })
	try("append3", func() { t = append(t[:five], *np) })
	try("send", func() { var c chan int; close(c); c <- say("f", 1) })
	try("concat", func() { fmt.Println("a"+i.(error).Error(), say("f", 1)) })
	try("iface", func() { fmt.Println(any(s[five]) == any(say("f", 1))) })
	try("ifacecmp", func() { fmt.Println(bad == bad, say("f", 1)) })
	try("ifacecmp2", func() { fmt.Println(bad == bad, s[five]) })
	try("ifacecmp3", func() { fmt.Println(s[five], bad == bad) })
	try("and", func() { fmt.Println(s[five] > 0 && say("f", true), say("g", 1)) })
	try("and2", func() { fmt.Println(s[five], len(t) > 0 && say("f", true), say("g", 1)) })
	try("make", func() { fmt.Println(s[five], make([]int, zero-1), say("g", 1)) })
	try("shift", func() { fmt.Println(1<<(zero-1), say("g", 1)) })
	try("arr2", func() { fmt.Println([4]int(t), say("g", 1)) })
	try("arr3", func() { fmt.Println((*[4]int)(t), say("g", 1)) })
	try("struct", func() { _ = node{v: say("f", 1), next: p.next, arr: [4]int{s[five], say("g", 1)}} })
	try("ptrlit", func() { fmt.Println(&node{v: s[five]}, say("g", 1)) })
	try("slicelit", func() { fmt.Println([]int{s[five], say("g", 1)}) })
	try("maplit", func() { fmt.Println(map[int]int{say("a", 1): s[five], say("b", 2): say("c", 3)}) })
	try("maplit2", func() { fmt.Println(map[any]int{bad: say("a", 1), say("b", 2): say("c", 3)}) })
	try("methodvalue", func() { f := e.Error; say("f", f) })
	try("methodvalue2", func() { say("f", say("g", e).Error) })
	try("ranges", func() {
		for i, v := range t[say("a", five):] {
			fmt.Println(i, v)
		}
	})
	try("switch", func() {
		switch s[five] {
		case say("f", 1):
		}
	})
	try("switch2", func() {
		switch say("f", 1) {
		case 0, s[five], say("g", 1):
		}
	})
	try("wide", func() { var w *wide; fmt.Println(*w, say("f", 1)) })
	try("wide2", func() { var w *wide; x := *w; say("f", x) })
	try("blank", func() { _ = *np })
	try("blank2", func() { _, _ = s[five], say("f", 1) })
	try("blank3", func() { _ = s[five:] })
	try("blank4", func() { _ = i.(int) })
	try("blank5", func() { _, t[0] = *np, 77 })
	fmt.Println(t)
	try("select", func() {
		select {
		case p.ch() <- say("v", 1):
		case s[say("i", five)] = <-say("c", make(chan int)):
		}
	})
	try("defer", func() { defer fn(say("f", 1)); say("g", 1) })
	try("go", func() { defer say("h", 1); go say("f", *np) })
	try("delete", func() { delete(m2, bad) })
	try("delete2", func() { m2 = map[any]int{}; delete(m2, bad); say("x", 1) })
	try("copy", func() { copy(say("a", s), t[five:]) })
	try("panic", func() { panic(fmt.Sprint(say("a", 1), *np)) })
	try("print", func() { fmt.Print(say("a", 1), *np, "\n") })
	try("complex", func() { fmt.Println(complex(float64(say("a", 1)), float64(*np)), say("b", 1)) })
	try("complex2", func() { fmt.Println(real(complex(float64(*np), 1)), say("b", 1)) })
	try("len", func() { fmt.Println(len(p.arr), len(p.next.arr), say("b", 1)) })
	try("len2", func() { fmt.Println(len(*(*string)(nil)), say("b", 1)) })
	try("min", func() { fmt.Println(min(*np, 1), say("b", 1)) })
	try("bytes", func() { fmt.Println(string(*(*[]byte)(nil)), say("b", 1)) })
	try("bytes2", func() { fmt.Println([]byte(*(*string)(nil)), say("b", 1)) })
}

func (p *node) ch() chan int { log = append(log, "ch"); return make(chan int, 1) }
