package main

import (
	"fmt"
	"reflect"
)

type box[T any] struct{ a T }

func (x box[T]) hidden()   {}
func (x box[T]) One() T    { return x.a }
func (x box[T]) two() (T, T) { return x.a, x.a }

type maker interface{ Make() int }
type makerStringer interface {
	Make() int
	String() string
}
type made int

func (m made) Make() int      { return int(m) }
func (m made) String() string { return "made" }

// Method values of a shaped receiver, called through inlined closures.
func values[T comparable](want T) bool {
	x := box[T]{a: want}
	f := x.One
	g := x.two
	a, b := g()
	return f() == want && a == want && b == want
}

// A method expression of a type argument that is an interface.
func express[T maker](t T) int { return T.Make(t) + t.Make() }

type named[T any] interface{ Make() int }

//go:noinline
func convert[T any](x named[T]) interface{ Make() int } { return x }

type inner int

func (s *inner) Value() inner { return *s }

type outer struct {
	pad int
	inner
}

var kept = &outer{inner: 42}
var promoted = (*outer).Value
var made2 any = box[int]{a: 7}

func typeSwitch[T any](i any) string {
	switch i.(type) {
	case interface{ One() T }:
		return "one"
	case maker:
		return "maker"
	}
	return "other"
}

func main() {
	fmt.Println(values(7), values("s"))
	fmt.Println(express(made(3)), express[maker](made(4)), express[makerStringer](made(5)))
	fmt.Println(convert[int](made(5)) == made(5), convert[int](made(5)) == maker(made(5)))
	fmt.Println(promoted(kept))
	_, ok := made2.(interface{ hidden() })
	fmt.Println(ok, typeSwitch[int](made2), typeSwitch[string](made2), typeSwitch[int](made(1)))
	var a any = reflect.MakeFunc(reflect.FuncOf([]reflect.Type{reflect.TypeOf(made(0))}, nil, false),
		func(in []reflect.Value) []reflect.Value { fmt.Println("called with", in[0]); return nil }).Interface()
	a.(func(made))(9)
	var m any = reflect.MakeMap(reflect.MapOf(reflect.TypeOf(""), reflect.TypeOf(made(0)))).Interface()
	_, ok = m.(map[string]made)
	var arr any = reflect.New(reflect.ArrayOf(3, reflect.TypeOf(made(0)))).Elem().Interface()
	_, ok2 := arr.([3]made)
	fmt.Println(ok, ok2)
}
