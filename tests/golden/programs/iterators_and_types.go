package main

import (
	"fmt"
	"iter"
	"math"
	"slices"
	"sort"
	"strings"
	"sync"
)

func seq(n int) iter.Seq[int] {
	return func(yield func(int) bool) {
		defer fmt.Println("seq done", n)
		for i := 0; i < n; i++ {
			if !yield(i) {
				fmt.Println("stopped", i)
				return
			}
		}
	}
}

func pairs[K comparable, V any](ks []K, f func(K) V) iter.Seq2[K, V] {
	return func(yield func(K, V) bool) {
		for _, k := range ks {
			if !yield(k, f(k)) {
				return
			}
		}
	}
}

func find(n int) (r string, err error) {
	defer func() {
		if e := recover(); e != nil {
			err = fmt.Errorf("recovered %v", e)
		}
	}()
outer:
	for i := range seq(n) {
		defer func() { r += fmt.Sprint("d", i) }()
		for k, v := range pairs([]string{"a", "b", "c"}, func(s string) string { return strings.ToUpper(s) }) {
			if k == "b" && i == 0 {
				continue outer
			}
			if i == 2 && k == "c" {
				break outer
			}
			if i == 3 {
				return k + v, nil
			}
			r += v
			defer func() { r += k }()
		}
		if i == n-1 {
			panic(fmt.Sprint("at ", i))
		}
	}
	return r + "end", nil
}

func early() int {
	for i := range seq(5) {
		for j := range seq(5) {
			if i*j == 2 {
				return i*10 + j
			}
		}
	}
	return -1
}

func gotos() {
	for i := range seq(3) {
		if i == 1 {
			goto out
		}
		fmt.Println("g", i)
	}
out:
	fmt.Println("out")
}

func badIter(yield func(int) bool) {
	yield(1)
	yield(2)
}

func leak(p *func(int) bool) iter.Seq[int] {
	return func(yield func(int) bool) { *p = yield; yield(1) }
}

func try(name string, f func()) {
	defer func() {
		if e := recover(); e != nil {
			fmt.Printf("%s: %T %v\n", name, e, e)
		}
	}()
	f()
}

type Num interface {
	~int | ~int8 | ~uint16 | ~float64
}

type Vec[T Num] []T

func (v Vec[T]) Dot(w Vec[T]) (s T) {
	for i := range min(len(v), len(w)) {
		s += v[i] * w[i]
	}
	return
}

func (v *Vec[T]) Push(x T) *Vec[T] { *v = append(*v, x); return v }

type Stack[T any] struct {
	items []T
	mu    sync.Mutex
}

func (s *Stack[T]) Push(x T) { s.mu.Lock(); defer s.mu.Unlock(); s.items = append(s.items, x) }
func (s *Stack[T]) Pop() (x T, ok bool) {
	if len(s.items) == 0 {
		return
	}
	x = s.items[len(s.items)-1]
	s.items = s.items[:len(s.items)-1]
	return x, true
}
func (s *Stack[T]) All() iter.Seq2[int, T] { return slices.All(s.items) }

type Tree[K interface{ ~int | ~string }, V any] struct {
	root *tnode[K, V]
}
type tnode[K interface{ ~int | ~string }, V any] struct {
	k    K
	v    V
	l, r *tnode[K, V]
}

func (t *Tree[K, V]) Put(k K, v V) {
	p := &t.root
	for *p != nil {
		switch {
		case k < (*p).k:
			p = &(*p).l
		case k > (*p).k:
			p = &(*p).r
		default:
			(*p).v = v
			return
		}
	}
	*p = &tnode[K, V]{k: k, v: v}
}
func (n *tnode[K, V]) each(yield func(K, V) bool) bool {
	return n == nil || n.l.each(yield) && yield(n.k, n.v) && n.r.each(yield)
}
func (t *Tree[K, V]) Each() iter.Seq2[K, V] { return func(y func(K, V) bool) { t.root.each(y) } }

func Map[T, U any](s iter.Seq[T], f func(T) U) iter.Seq[U] {
	return func(yield func(U) bool) {
		for x := range s {
			if !yield(f(x)) {
				return
			}
		}
	}
}

type Speaker interface{ Speak() string }
type Namer interface{ Name() string }
type Both interface {
	Speaker
	Namer
}
type dog struct{ n string }

func (d dog) Speak() string { return d.n + " woofs" }
func (d *dog) Name() string { return d.n }
func (d *dog) Set(s string) { d.n = s }

type wrap struct {
	Both
	extra int
}
type deep struct {
	*wrap
	Speaker
}

func (d deep) Speak() string { return "deep " + d.Speaker.Speak() + "/" + d.wrap.Speak() }

func main() {
	for n := range 6 {
		r, err := find(n)
		fmt.Println(n, r, err)
	}
	fmt.Println(early())
	gotos()
	try("bad", func() {
		for i := range badIter {
			fmt.Println(i)
			break
		}
	})
	var y func(int) bool
	try("leak", func() {
		for range leak(&y) {
		}
		y(3)
	})
	try("panic in loop", func() {
		for i := range seq(3) {
			if i == 1 {
				panic("loop")
			}
		}
	})
	next, stop := iter.Pull(seq(4))
	fmt.Println(next())
	fmt.Println(next())
	stop()
	fmt.Println(next())
	n2, s2 := iter.Pull2(pairs([]int{1, 2}, func(i int) string { return fmt.Sprint(i * i) }))
	fmt.Println(n2())
	fmt.Println(n2())
	fmt.Println(n2())
	s2()
	n3, s3 := iter.Pull(func(yield func(int) bool) { yield(1); panic("in pull") })
	fmt.Println(n3())
	try("pull panic", func() { n3() })
	try("pull stop", s3)
	v := Vec[float64]{1, 2}
	v.Push(3).Push(4)
	fmt.Println(v, v.Dot(Vec[float64]{1, 1, 1}), Vec[int8]{100, 100}.Dot(Vec[int8]{2, 3}))
	var st Stack[string]
	st.Push("a")
	st.Push("b")
	for i, s := range st.All() {
		fmt.Println(i, s)
	}
	fmt.Println(st.Pop())
	fmt.Println(st.Pop())
	fmt.Println(st.Pop())
	var t Tree[string, int]
	for i, w := range strings.Fields("the quick brown fox jumps over the lazy dog") {
		t.Put(w, i)
	}
	for k, v := range t.Each() {
		if k == "quick" {
			break
		}
		fmt.Print(k, "=", v, " ")
	}
	fmt.Println(slices.Collect(Map(seq(3), func(i int) string { return strings.Repeat("x", i) })))
	d := &dog{"rex"}
	w := wrap{Both: struct {
		Speaker
		*dog
	}{d, d}.dog, extra: 1}
	dd := deep{&w, dog{"ace"}}
	var sp Speaker = dd
	fmt.Println(sp.Speak(), dd.Name(), w.Speak())
	f, g, h := dd.Speak, (*dog).Name, dog.Speak
	k := d.Speak
	d.Set("max")
	fmt.Println(f(), g(d), h(*d), k(), d.Speak())
	fmt.Println(Both.Name(w), Speaker.Speak(dd))
	m := map[float64]int{math.NaN(): 1, math.NaN(): 2, 0: 3}
	m[math.NaN()] = 4
	m[math.Copysign(0, -1)] = 5
	fmt.Println(len(m), m[0])
	delete(m, math.NaN())
	fmt.Println(len(m))
	clear(m)
	fmt.Println(len(m))
	mi := map[any]string{1: "int", int8(1): "int8", "1": "str", 1.0: "f", [2]int{1, 2}: "arr", struct{ a any }{1}: "st", nil: "nil", complex(1, 0): "c", true: "b"}
	var ks []string
	for k, v := range mi {
		ks = append(ks, fmt.Sprintf("%T %v %s", k, k, v))
	}
	sort.Strings(ks)
	fmt.Println(strings.Join(ks, "; "))
	try("unhashable", func() { mi[[]int{1}] = "x" })
	try("unhashable2", func() { _ = mi[map[int]int{}] })
	try("unhashable3", func() { _ = mi[struct{ f func() }{}] })
	try("nilmap", func() { var m map[string]int; m["a"]++ })
	ms := map[struct {
		a string
		b int
	}][]int{}
	ms[struct {
		a string
		b int
	}{"x", 1}] = append(ms[struct {
		a string
		b int
	}{"x", 1}], 1, 2)
	fmt.Println(ms)
	a := []int{1, 2, 3, 4, 5}
	b := a[1:3]
	b = append(b, 99)
	c := append(a[:1:1], 7)
	fmt.Println(a, b, c, copy(a[1:], a), a, len(b[:4]), cap(b))
	a = append(a[:1], a[2:]...)
	fmt.Println(a, a[:5])
	a = append(a, a...)
	fmt.Println(a, cap(a) >= 8)
	bs := append([]byte("ab"), "cd"...)
	fmt.Println(string(bs), copy(bs[1:], "xyz"), string(bs), []byte("é"), []rune("é日\xff"), string([]rune{0x65e5, -1, 0x110000, 'a'}), string(rune(-5)))
	for i, r := range "a\xc3é\xf0\x9f日" {
		fmt.Print(i, ":", r, " ")
	}
	fmt.Println()
	arr := [3]struct{ x, y int }{{1, 2}, {3, 4}}
	arr2 := arr
	arr2[1].x = 9
	for i, e := range arr {
		arr[2].x = 7
		e.x++
		fmt.Print(i, e, " ")
	}
	pa := &arr
	for i, e := range pa {
		pa[2].y = 8
		fmt.Print(i, e, " ")
	}
	fmt.Println(arr, arr2, arr == arr2, *pa == arr)
	fmt.Println(min(3, 1, 2), max(2.5, 1), min("b", "a"), max(math.NaN(), 1), min(math.Copysign(0, -1), 0), max(math.Inf(-1), -1e308))
}
