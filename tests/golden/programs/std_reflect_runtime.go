// run -stdin "a\nb"
// Calls of made functions through reflection, call stacks as data, standard input on demand, what stands in for the host.
package main

import (
	"bufio"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"reflect"
	"runtime"
	"runtime/debug"
	"strings"
	"time"
)

type adder struct{ n int }

func (a adder) Add(x int, s string) string { return fmt.Sprint(a.n+x, s) }

type big struct{ a, b, c, d, e int }

//go:noinline
func frames() {
	var pcs [10]uintptr
	n := runtime.Callers(0, pcs[:])
	it := runtime.CallersFrames(pcs[:n])
	for {
		f, more := it.Next()
		fmt.Println(f.Function, filepath.Base(f.File), f.Line)
		if !more {
			break
		}
	}
}

func main() {
	// A function that reflect made, called by reflect: register and memory class arguments.
	swap := func(in []reflect.Value) []reflect.Value { return []reflect.Value{in[1], in[0]} }
	f := reflect.MakeFunc(reflect.TypeFor[func(string, big) (big, string)](), swap)
	out := f.Call([]reflect.Value{reflect.ValueOf("s"), reflect.ValueOf(big{1, 2, 3, 4, 5})})
	fmt.Println(out[0], out[1])
	v, s := f.Interface().(func(string, big) (big, string))("t", big{e: 9})
	fmt.Println(v, s)
	m := reflect.ValueOf(adder{40}).Method(0)
	fmt.Println(m.Call([]reflect.Value{reflect.ValueOf(2), reflect.ValueOf("!")})[0])
	fmt.Println(reflect.ValueOf(m.Interface()).Call([]reflect.Value{reflect.ValueOf(3), reflect.ValueOf("?")})[0])

	// Pointers to pointers, pointers to interfaces and named pointers have no methods.
	type pointer *adder
	for _, x := range []any{new(*adder), new(fmt.Stringer), pointer(nil), new(pointer), new(adder)} {
		_, ok := x.(interface{ Add(int, string) string })
		fmt.Println(reflect.TypeOf(x).NumMethod(), ok)
	}

	frames()
	done := make(chan bool)
	go func() { frames(); close(done) }()
	<-done
	stack := strings.Split(string(debug.Stack()), "\n")
	fmt.Println(stack[0], stack[1], stack[3])
	info, ok := debug.ReadBuildInfo()
	fmt.Println(ok, info.Path)

	interrupts := make(chan os.Signal, 1)
	signal.Notify(interrupts, os.Interrupt)
	select {
	case <-interrupts:
	case <-time.After(time.Millisecond):
		fmt.Println("nothing came")
	}
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		fmt.Printf("%q\n", lines.Text())
	}
//line template.y:7
	_, file, line, _ := runtime.Caller(0)
	fmt.Println(file, line)
}
