package main

import "fmt"

type stack struct {
	top  *item
	size int
}

type item struct {
	value any
	below *item
}

func (s *stack) push(v any) { s.top = &item{v, s.top}; s.size++ }

func (s *stack) pop() any {
	v := s.top.value
	s.top = s.top.below
	s.size--
	return v
}

type matrix struct {
	rows, cols int
	cells      []float64
}

func newMatrix(r, c int) *matrix { return &matrix{r, c, make([]float64, r*c)} }

func (m *matrix) at(r, c int) *float64 { return &m.cells[r*m.cols+c] }

type graph map[string][]string

func (g graph) visit(from string, seen map[string]bool, out *[]string) {
	if seen[from] {
		return
	}
	seen[from] = true
	*out = append(*out, from)
	for _, to := range g[from] {
		g.visit(to, seen, out)
	}
}

func escape() (*int, [3]int, func() int) {
	x, y := 1, [3]int{1, 2, 3}
	return &x, y, func() int { return y[2] + x }
}

func main() {
	s := new(stack)
	s.push(1)
	s.push("two")
	s.push([]int{3})
	fmt.Println(s.pop(), s.pop(), s.size)
	m := newMatrix(2, 3)
	*m.at(1, 2) = 4.5
	fmt.Println(*m, *m.at(1, 2))
	g := graph{"a": {"b", "c"}, "b": {"d"}, "c": {"d"}, "d": {"a"}}
	var order []string
	g.visit("a", map[string]bool{}, &order)
	fmt.Println(order)
	p, arr, f := escape()
	*p = 40
	arr[2] = 0
	fmt.Println(*p, arr, f())
	type pair struct {
		a, b *pair
		n    int
	}
	loop := &pair{n: 1}
	loop.a, loop.b = loop, &pair{a: loop, n: 2}
	fmt.Println(loop.a.a.b.a.n, loop.b.n)
	n := new(7 * 6)
	fmt.Println(*n)
}
