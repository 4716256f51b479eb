package main

import (
	"errors"
	"fmt"
	"reflect"
	"runtime"
	"strings"
)

type pair struct {
	_ int
	a string
	b float32
}

type five struct{ a, b, c, d, e int }

type big struct {
	n [3]int
	s string
}

type shape interface{ area(k float64) (float64, five) }

type square float64

func (s square) Area(k float64) (float64, five) { return float64(s) * k, five{1, 2, 3, 4, int(k)} }

func mix(a int8, p pair, f five, b big, x any, c complex64, fs ...float64) (string, five, big, error, complex64, float32) {
	b.n[1]++
	f.e += int(a)
	return p.a + fmt.Sprint(x, fs), f, b, errors.New("e"), -c, p.b
}

// More integers, floats and words than there are registers.
func many(a, b, c, d, e, f, g, h, i, j int, s string, u ...uint16) (string, int) {
	return fmt.Sprint(a, b, c, d, e, f, g, h, i, j, s, u), j
}

func blank(x any) (_ pair, _ bool) {
	if p, ok := x.(pair); ok {
		return p, ok
	}
	if _, ok := x.(error); ok {
		return
	}
	return pair{a: "other"}, true
}

func call(f any, args ...any) {
	var in []reflect.Value
	for _, a := range args {
		in = append(in, reflect.ValueOf(a))
	}
	for _, r := range reflect.ValueOf(f).Call(in) {
		fmt.Printf("%+v; ", r)
	}
	fmt.Println()
}

func generic[T any](v T) string {
	pc, _, line, ok := runtime.Caller(0)
	frames := runtime.CallersFrames([]uintptr{pc + 1})
	frame, more := frames.Next()
	return fmt.Sprint(runtime.FuncForPC(pc).Name(), line, ok, frame.Function, more, v)
}

func main() {
	call(mix, int8(-3), pair{a: "p", b: 1.5}, five{1, 2, 3, 4, 5}, big{[3]int{7, 8, 9}, "s"}, 42, complex64(1+2i), 0.5, 2.5)
	call(many, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, "s", uint16(7))
	call(square(3).Area, 2.0)
	m, _ := reflect.TypeOf(square(0)).MethodByName("Area")
	fmt.Println(m.Func.Call([]reflect.Value{reflect.ValueOf(square(2)), reflect.ValueOf(4.0)})[1].Field(4))

	made := reflect.MakeFunc(reflect.TypeOf(mix), func(in []reflect.Value) []reflect.Value {
		in[2].Interface()
		return reflect.ValueOf(mix).CallSlice(in)
	}).Interface().(func(int8, pair, five, big, any, complex64, ...float64) (string, five, big, error, complex64, float32))
	fmt.Println(made(2, pair{a: "q", b: 2.5}, five{e: 5}, big{s: "t"}, nil, 1i))
	wide := reflect.MakeFunc(reflect.TypeOf(many), func(in []reflect.Value) []reflect.Value {
		runtime.GC()
		return []reflect.Value{reflect.ValueOf(strings.ToUpper(in[10].String())), in[9]}
	}).Interface().(func(a, b, c, d, e, f, g, h, i, j int, s string, u ...uint16) (string, int))
	fmt.Println(wide(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, "text"))

	fmt.Println(blank(pair{a: "x"}))
	fmt.Println(blank(errors.New("x")))
	fmt.Println(blank(5))
	fmt.Println(map[any]int{1: 1, "a": 2, 1.5: 3, true: 4, int8(3): 5, uint(4): 6, "b": 7, 'x': 8})
	fmt.Println(generic("v"))

	c, d := make(chan int, 1), make(chan string, 1)
	c <- 1
	i, v, ok := reflect.Select([]reflect.SelectCase{
		{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(d)}, {Dir: reflect.SelectRecv, Chan: reflect.ValueOf(c)}})
	fmt.Println(i, v, ok)
}
