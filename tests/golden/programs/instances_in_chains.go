// Methods of instances that mention one another come in the order in which their types are first read:
// an expression's type before the expression.
package main

type pairOf[A, B any] struct {
	a A
	b B
}

func (p pairOf[A, B]) swap() pairOf[B, A] { return pairOf[B, A]{p.b, p.a} }

func (p *pairOf[A, B]) put(a A) { p.a = a }

func (p pairOf[A, B]) first() A { return p.a }

func twice[A, B any](p pairOf[A, B]) pairOf[pairOf[A, B], A] {
	q := p
	q.put(q.first())
	return pairOf[pairOf[A, B], A]{q, p.a}
}

var s any

func main() {
	println(twice(pairOf[string, uint8]{"a", 2}).swap().b.a)
	s = twice(pairOf[bool, int]{true, 1}).swap().first()
}
