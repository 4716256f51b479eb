package main

// Package variables whose initialisers are inlined calls: arguments stand where the argument does, constants join.

type box struct {
	p *uint64
	q *[2]uint32
	s []uint8
}

func same[T any](x T) T { return x }

func pick(c bool, a, b int) int {
	if c {
		return a
	}
	return b
}

func shout(s string) string { return "very " + s + " loud" }

var (
	b1       = same(box{p: new(uint64), q: new([2]uint32), s: []uint8{1}})
	x        = 5
	g1   any = same(-9223372036854775808)
	g2   any = pick(true, 1000, 3)
	g3   any = same(x)
	loud     = shout("badly")
	far      = shout(loud)
)

func main() {
	println(*b1.p, b1.q[1], b1.s[0], g1.(int), g2.(int), g3.(int), loud, far)
}
