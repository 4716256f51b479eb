// errorcheck -0 -m -l

// How values reach the heap, results and closures.
package p

type node struct {
	next *node
	data []byte
}

var sink *node
var any1 interface{}

func push(list *node, n *node) *node { // ERROR `^leaking param: list$` `^leaking param: n to result ~r0 level=0$`
	n.next = list
	return n
}

func keep(n *node) { sink = n } // ERROR `^leaking param: n$`

func last(n *node) (end *node) { // ERROR `^leaking param: n to result end level=0$`
	for n != nil {
		end = n
		n = n.next
	}
	return
}

func counter() func() int {
	c := 0 // ERROR `^moved to heap: c$`
	return func() int { c++; return c } // ERROR `^func literal escapes to heap$`
}

func local() int {
	c := 0
	add := func(k int) { c += k } // ERROR `^func literal does not escape$`
	add(2)
	return c
}

func box(i int) { any1 = i } // ERROR `^i escapes to heap$`

func grow(n int) []*int {
	var out []*int
	for i := 0; i < n; i++ { // ERROR `^moved to heap: i$`
		out = append(out, &i) // ERROR `^append escapes to heap$`
	}
	return out
}

func sizes(n int) int {
	a := make([]int, 10) // ERROR `^make\(\[\]int, 10\) does not escape$`
	b := make([]int, 1<<20) // ERROR `^make\(\[\]int, 1048576\) escapes to heap$`
	c := make([]int, n) // ERROR `^make\(\[\]int, n\) does not escape$`
	var big [20000]int // ERROR `^moved to heap: big$`
	return len(a) + len(b) + len(c) + len(big)
}

func (n *node) trim(i int) { n.data = n.data[i:] } // ERROR `^\(\*node\)\.trim ignoring self-assignment in n\.data = n\.data\[i:\]$` `^n does not escape$`

func bytes(s string) byte { return []byte(s)[0] } // ERROR `^s does not escape$` `^\(\[\]byte\)\(s\) does not escape$` `^zero-copy string->\[\]byte conversion$`

func deferred(n *node) { // ERROR `^leaking param: n$`
	defer func() { sink = n }() // ERROR `^func literal does not escape$`
	go func() { println(n.data) }() // ERROR `^func literal escapes to heap$`
}
