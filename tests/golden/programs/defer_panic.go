package main

import (
	"errors"
	"fmt"
	"os"
)

var errEmpty = errors.New("empty")

func first(xs []int) (x int, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("recovered: %v", r)
		}
	}()
	return xs[0], nil
}

func order() (s string) {
	for i := range 3 {
		defer func() { s += fmt.Sprint(i) }()
	}
	defer func(tag string) { s += tag }("t")
	return "r"
}

func nested() (msg string) {
	defer func() { msg = fmt.Sprint("outer saw ", recover()) }()
	defer func() {
		defer func() { fmt.Println("inner saw", recover()) }()
		panic("second")
	}()
	panic("first")
}

func rethrow() (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = r.(error)
		}
	}()
	func() {
		defer func() { panic(recover()) }()
		panic(errEmpty)
	}()
	return nil
}

type closer struct{ name string }

func (c closer) Close() { fmt.Println("close", c.name) }

func main() {
	fmt.Println(first([]int{4}))
	fmt.Println(first(nil))
	fmt.Println(order())
	fmt.Println(nested())
	fmt.Println(rethrow() == errEmpty)
	for _, n := range []string{"a", "b"} {
		c := closer{n}
		defer c.Close()
	}
	var m map[string]int
	func() {
		defer func() {
			e := recover().(error)
			fmt.Println(e)
		}()
		m["x"] = 1
	}()
	defer os.Exit(3)
	defer fmt.Println("last")
}
