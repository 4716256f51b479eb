package main

import (
	"errors"
	"fmt"
)

type shape interface {
	area() float64
	name() string
}

type rect struct{ w, h float64 }
type circle struct{ r float64 }
type unit struct{}

func (r rect) area() float64    { return r.w * r.h }
func (r rect) name() string     { return "rect" }
func (c *circle) area() float64 { return 3 * c.r * c.r }
func (c *circle) name() string  { return "circle" }
func (unit) area() float64      { return 1 }
func (unit) name() string       { return "unit" }

type notFound struct{ key string }

func (e notFound) Error() string { return "not found: " + e.key }

func find(key string) error {
	if key == "" {
		return nil
	}
	return fmt.Errorf("find: %w", notFound{key})
}

func describe(v any) string {
	switch v := v.(type) {
	case nil:
		return "nil"
	case int, int64:
		return fmt.Sprintf("integer %v", v)
	case string:
		return "string of " + fmt.Sprint(len(v))
	case error:
		return "error " + v.Error()
	case shape:
		return v.name()
	case []int:
		return fmt.Sprint("slice ", len(v))
	case func() int:
		return fmt.Sprint("func ", v())
	}
	return fmt.Sprintf("other %T", v)
}

func main() {
	for _, s := range []shape{rect{2, 3}, &circle{2}, unit{}} {
		fmt.Println(s.name(), s.area())
	}
	for _, v := range []any{nil, 7, int64(300), "hello", find("x"), rect{1, 2}, []int{1, 2}, func() int { return 4 }, 2.5} {
		fmt.Println(describe(v))
	}
	var nf notFound
	err := find("key")
	fmt.Println(errors.As(err, &nf), nf.key, errors.Unwrap(err) == notFound{"key"})
	fmt.Println(find("") == nil)
	var s shape = unit{}
	_, isRect := s.(rect)
	fmt.Println(isRect, s == unit{}, any(rect{1, 2}) == any(rect{1, 2}))
	f := rect.area
	g := s.name
	fmt.Println(f(rect{4, 5}), g())
}
