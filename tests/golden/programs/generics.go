package main

import (
	"cmp"
	"fmt"
	"strings"
)

type number interface {
	~int | ~int64 | ~float64
}

func sum[T number](xs ...T) (total T) {
	for _, x := range xs {
		total += x
	}
	return total
}

func mapped[T, U any](xs []T, f func(T) U) []U {
	out := make([]U, 0, len(xs))
	for _, x := range xs {
		out = append(out, f(x))
	}
	return out
}

type tree[K cmp.Ordered, V any] struct {
	root *node[K, V]
	size int
}

type node[K cmp.Ordered, V any] struct {
	key         K
	value       V
	left, right *node[K, V]
}

func (t *tree[K, V]) put(key K, value V) {
	at := &t.root
	for *at != nil {
		switch c := cmp.Compare(key, (*at).key); {
		case c < 0:
			at = &(*at).left
		case c > 0:
			at = &(*at).right
		default:
			(*at).value = value
			return
		}
	}
	*at = &node[K, V]{key: key, value: value}
	t.size++
}

func (t *tree[K, V]) walk(yield func(K, V) bool) {
	var visit func(n *node[K, V]) bool
	visit = func(n *node[K, V]) bool {
		return n == nil || visit(n.left) && yield(n.key, n.value) && visit(n.right)
	}
	visit(t.root)
}

type stack[T any] []T

func (s *stack[T]) push(v T) { *s = append(*s, v) }
func (s *stack[T]) pop() (v T, ok bool) {
	if len(*s) == 0 {
		return v, false
	}
	v = (*s)[len(*s)-1]
	*s = (*s)[:len(*s)-1]
	return v, true
}

type celsius float64

func (c celsius) String() string { return fmt.Sprintf("%.1f°", float64(c)) }

func join[S fmt.Stringer](xs []S) string {
	return strings.Join(mapped(xs, S.String), ", ")
}

func main() {
	fmt.Println(sum(1, 2, 3), sum(1.5, 2.5), sum[celsius](20, 1.5))
	fmt.Println(mapped([]int{1, 2, 3}, func(i int) string { return strings.Repeat("x", i) }))
	var t tree[string, int]
	for i, w := range strings.Fields("the quick brown fox jumps over the lazy dog") {
		t.put(w, i)
	}
	fmt.Println(t.size)
	for k, v := range t.walk {
		if k == "over" {
			break
		}
		fmt.Print(k, "=", v, " ")
	}
	fmt.Println()
	var s stack[rune]
	for _, r := range "héllo" {
		s.push(r)
	}
	for r, ok := s.pop(); ok; r, ok = s.pop() {
		fmt.Print(string(r))
	}
	fmt.Println()
	fmt.Println(join([]celsius{36.6, 21}))
	fmt.Println(min(3, 1, 2), max("a", "b"))
}
