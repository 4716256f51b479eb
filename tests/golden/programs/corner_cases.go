// Corners of the language: nil pointers to large places, comma-ok forms of interface variables, order among
// calls, deferred calls of range-over-func bodies, recovery through method values.
package main

import (
	"fmt"
	"reflect"
)

var table = map[string]int{"x": 5}
var found, ok any = table["x"]
var missing, held any = any(nil).(bool)

type big struct {
	bytes [100 << 20]byte
	last  int
}

type number interface{ ~int | ~float32 | ~complex64 | ~complex128 }

func three[T number]() T { return T(3) }

func pairs(yield func(int, string) bool) {
	for i, s := range []string{"a", "b"} {
		if !yield(i, s) {
			return
		}
	}
}

func deferred() (calls []string) {
	for _, s := range pairs {
		for i := range pairs {
			defer func() { calls = append(calls, fmt.Sprint(s, i)) }()
		}
	}
	return nil
}

func swallowed() string {
	for range pairs {
		defer func() { recover() }()
	}
	panic("not seen")
}

type rescuer struct{}

func (*rescuer) Rescue() { fmt.Println("rescued:", recover()) }

func byMethodValue() {
	rescue := reflect.ValueOf(&rescuer{}).Method(0).Interface().(func())
	defer rescue()
	panic("through reflection")
}

func try(name string, f func()) {
	defer func() { fmt.Println(name, recover()) }()
	f()
}

func isNil(b []byte) bool { return b == nil }

type left struct{ a, b, c, d, e int }

var sink any

func main() {
	fmt.Println(found, ok, missing, held)
	fmt.Println(three[int](), three[float32](), three[complex64](), three[complex128]())
	fmt.Println(deferred(), swallowed() == "")
	byMethodValue()

	var p *[1 << 30]byte
	var q *big
	var l *left
	i := 300 << 20
	try("element", func() { sink = p[i] })
	try("store", func() { p[i] = 1 })
	try("address", func() { sink = &p[i] })
	try("field", func() { sink = q.last })
	try("field of pointer", func() { sink = &q.last })
	try("whole", func() { sink = *l })
	try("key", func() { sink = map[left]int{}[*l] })

	empty := []byte("")
	text := ""
	fmt.Println(empty == nil, isNil([]byte(text)), isNil([]byte("")))

	x := []int{1}
	grow := func() int { x = make([]int, 3); return 0 }
	a, b, c := len(x), grow(), len(x)
	fmt.Println(a, b, c)
	values, flags := make([]int, 3), make([]bool, 3)
	at := func(i int) int { fmt.Print("at ", i, "; "); return i }
	values[at(1)], flags[at(2)] = table[string(rune('w'+at(1)))]
	fmt.Println(values, flags)
}
