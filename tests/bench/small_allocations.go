// A million small objects, most of them garbage at once: the cost of tracing shows here.
package main

type record struct {
	next *record
	id   int
}

var kept *record

func main() {
	for i := range 1000000 {
		r := &record{id: i}
		if i&1023 == 0 {
			r.next = kept
			kept = r
		} else {
			sink = r
		}
	}
	n := 0
	for r := kept; r != nil; r = r.next {
		n++
	}
	println(n)
}

var sink *record
