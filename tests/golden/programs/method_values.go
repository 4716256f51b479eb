package main

import (
	"fmt"
	"sort"
	"strings"
)

type vec struct{ x, y int }

func (v vec) add(o vec) vec  { return vec{v.x + o.x, v.y + o.y} }
func (v *vec) scale(k int)   { v.x *= k; v.y *= k }
func (v vec) String() string { return fmt.Sprintf("<%d,%d>", v.x, v.y) }

type op func(int, int) int

func (o op) apply(xs ...int) int {
	r := xs[0]
	for _, x := range xs[1:] {
		r = o(r, x)
	}
	return r
}

type byLen []string

func (b byLen) Len() int           { return len(b) }
func (b byLen) Less(i, j int) bool { return len(b[i]) < len(b[j]) }
func (b byLen) Swap(i, j int)      { b[i], b[j] = b[j], b[i] }

func main() {
	v := vec{1, 2}
	add := v.add
	v.scale(10)
	fmt.Println(add(vec{1, 1}), v)
	scale := v.scale
	scale(2)
	fmt.Println(v)
	f := (*vec).scale
	f(&v, -1)
	fmt.Println(v, vec.add(v, vec{0, 1}))
	fmt.Println(op(func(a, b int) int { return a - b }).apply(10, 1, 2, 3))
	words := byLen(strings.Split("pear,fig,banana,kiwi", ","))
	sort.Stable(words)
	fmt.Println(words)
	var s fmt.Stringer = v
	str := s.String
	v = vec{}
	fmt.Println(str(), v)
	table := map[string]func(vec) vec{"plus": vec{1, 1}.add, "self": v.add}
	fmt.Println(table["plus"](vec{2, 2}), table["self"](vec{3, 3}))
}
