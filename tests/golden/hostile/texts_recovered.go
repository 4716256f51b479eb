// What run-time panics say, each recovered.
package main

import (
	"errors"
	"fmt"
)

type node struct{ next *node }

type speaker interface{ Speak() string }

func try(name string, f func()) {
	defer func() {
		r := recover()
		if err, ok := r.(error); ok {
			fmt.Println(name+":", err)
			return
		}
		fmt.Printf("%s: %v (%T)\n", name, r, r)
	}()
	f()
}

func main() {
	s, five, minus, zero, huge := []int{1, 2, 3}, 5, -1, 0, 1<<62
	var nilMap map[string]int
	var nilNode *node
	var nilFunc func()
	var nilSpeaker speaker
	var text, list any = "text", []int{1}
	var nilChan, closed chan int = nil, make(chan int)
	close(closed)
	try("index", func() { _ = s[five] })
	try("index below", func() { _ = s[minus] })
	try("string index", func() { _ = "abc"[five] })
	try("slice cap", func() { _ = s[:five] })
	try("slice order", func() { _ = s[2 : zero+1] })
	try("slice max", func() { _ = s[0:1:five] })
	try("string slice", func() { _ = "abc"[five:] })
	try("to array", func() { _ = [5]int(s) })
	try("to array pointer", func() { _ = (*[4]int)(s) })
	try("divide", func() { _ = five / zero })
	try("rest", func() { _ = five % zero })
	try("shift", func() { _ = 1 << minus })
	try("assertion", func() { _ = text.(int) })
	try("assertion to interface", func() { _ = text.(error) })
	try("assertion of nil", func() { _ = nilSpeaker.(error) })
	try("unhashable key", func() { _ = map[any]int{list: 1} })
	try("uncomparable", func() { _ = list == list })
	try("nil map", func() { nilMap["a"] = 1 })
	try("nil dereference", func() { nilNode.next.next = nil })
	try("nil func", func() { nilFunc() })
	try("nil interface", func() { _ = nilSpeaker.Speak() })
	try("close closed", func() { close(closed) })
	try("close nil", func() { close(nilChan) })
	try("send on closed", func() { closed <- 1 })
	try("make slice", func() { _ = make([]int, minus) })
	try("make slice too large", func() { _ = make([]int, huge) })
	try("make slice cap", func() { _ = make([]int, 1, zero) })
	try("make chan", func() { _ = make(chan int, minus) })
	try("panic error", func() { panic(errors.New("mine")) })
	try("panic value", func() { panic(struct{ a, b int }{1, 2}) })
	try("repanic", func() {
		defer func() { panic(fmt.Sprint("again: ", recover())) }()
		panic("first")
	})
	fmt.Println("still here")
}
