package main

type Number interface{ ~int | ~float64 }

func Sum[T Number](xs []T) T {
	var s T
	for _, x := range xs {
		s += x
	}
	return s
}

type Stack[T any] struct{ items []T }

func (s *Stack[T]) Push(x T) { s.items = append(s.items, x) }
func (s *Stack[T]) Pop() (T, bool) {
	var zero T
	if len(s.items) == 0 {
		return zero, false
	}
	x := s.items[len(s.items)-1]
	s.items = s.items[:len(s.items)-1]
	return x, true
}

func Map[A, B any](xs []A, f func(A) B) []B {
	out := make([]B, 0, len(xs))
	for _, x := range xs {
		out = append(out, f(x))
	}
	return out
}

type Stringer interface{ String() string }
type N int

func (n N) String() string { return "n" }

func Join[T Stringer](xs ...T) string {
	r := ""
	for _, x := range xs {
		r += x.String()
	}
	return r
}

func Keys[K comparable, V any](m map[K]V) []K {
	var ks []K
	for k := range m {
		ks = append(ks, k)
	}
	return ks
}

func Any[T any](x T) any { return x }

func Kind[T any](x T) string {
	switch any(x).(type) {
	case int:
		return "int"
	case []T:
		return "slice"
	}
	if _, ok := any(x).(T); ok {
		return "T"
	}
	return "?"
}

func Apply[T any](x T, n int) func() T {
	f := func() T {
		_ = Map[T, int]
		return x
	}
	return f
}

func main() {
	println(Sum([]int{1, 2}), Sum([]float64{1}))
	var s Stack[string]
	s.Push("a")
	v, ok := s.Pop()
	println(v, ok)
	println(Map([]int{1}, func(i int) string { return "x" }))
	println(Join(N(1), N(2)))
	_ = Keys(map[string]int{})
	_ = Any(s)
	_ = Kind(1)
	f := s.Push
	f("b")
	g := Apply[*int]
	_ = g
	h := (*Stack[int]).Push
	_ = h
}
