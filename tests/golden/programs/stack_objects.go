// When the collector may free what variables on the stack point to: after the last use of the variable, unless
// a live pointer still leads to it.
package main

import (
	"fmt"
	"runtime"
)

type object [8]int64

type pair struct {
	p, q *object
}

// Too big for registers.
type wide struct {
	a, b, c, d, e int64
	p             *object
}

var freed = map[string]bool{}

func make1(name string) *object {
	o := new(object)
	runtime.SetFinalizer(o, func(*object) { freed[name] = true })
	return o
}

func collect() {
	for range 3 {
		runtime.GC()
		runtime.Gosched()
	}
}

func state(where string, names ...string) {
	collect()
	for _, n := range names {
		if freed[n] {
			fmt.Println(where, n, "is freed")
		} else {
			fmt.Println(where, n, "is alive")
		}
	}
}

//go:noinline
func through(v *pair) {
	state("pointer used later:", "p1")
	runtime.KeepAlive(v)
	state("pointer dead:", "p1")
}

func argument() {
	var v pair
	v.p = make1("p1")
	through(&v)
}

//go:noinline
func use(*pair) {}

//go:noinline
func maybe(v pair, b bool) {
	other := &pair{}
	q := other
	if b {
		q = &v
	}
	use(q)
	name := "p2"
	if !b {
		name = "p3"
	}
	state("ambiguous:", name)
	use(q)
	state("afterwards:", name)
}

//go:noinline
func wideArgument(w wide) {
	state("argument used later:", "w1")
	fmt.Println(w.p != nil)
	state("argument dead:", "w1")
}

//go:noinline
func makeWide(name string) wide { return wide{p: make1(name)} }

func wideLocal() {
	w := makeWide("w2")
	state("local used later:", "w2")
	fmt.Println(w.p != nil)
	w = makeWide("w3")
	state("replaced:", "w2", "w3")
	fmt.Println(w.p != nil)
	state("local dead:", "w3")
}

// A chain of stack objects: each is found through the one before.
func chain() {
	type link struct {
		next *link
		o    *object
	}
	a := link{o: make1("c1")}
	b := link{next: &a, o: make1("c2")}
	c := link{next: &b, o: make1("c3")}
	p := &c
	state("chain:", "c1", "c2", "c3")
	p = p.next
	state("second link:", "c1", "c2", "c3")
	p = p.next
	state("third link:", "c1", "c2", "c3")
	runtime.KeepAlive(p)
	state("no link:", "c1")
}

func captured() {
	o := make1("f1")
	f := func() bool { return o != nil }
	g := func() { o = nil }
	state("closure used later:", "f1")
	fmt.Println(f())
	g()
	state("variable is nil:", "f1")
}

func deferred() {
	v := pair{p: make1("d1"), q: make1("d2")}
	defer func() {
		state("deferred call:", "d1", "d2")
		fmt.Println(recover(), v.p != nil)
	}()
	v.q = nil
	var nothing *int
	*nothing = 1
}

func received() {
	c := make(chan *object, 2)
	c <- make1("r1")
	c <- make1("r2")
	for range 2 {
		v := <-c
		state("received:", "r1", "r2")
		runtime.KeepAlive(v)
	}
	state("channel is empty:", "r1", "r2")
}

func array() {
	a := [4]*object{make1("a1"), make1("a2")}
	for i := range a {
		if i == 2 {
			a[0] = nil
			state("array in use:", "a1", "a2")
		}
	}
	fmt.Println(a[1] != nil)
	state("array dead:", "a2")
}

func main() {
	argument()
	maybe(pair{p: make1("p2")}, true)
	maybe(pair{p: make1("p3")}, false)
	wideArgument(makeWide("w1"))
	wideLocal()
	chain()
	captured()
	deferred()
	received()
	array()
}
