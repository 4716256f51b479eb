package main

import "fmt"

type failure struct {
	code int
	why  string
}

func (f *failure) Error() string { return fmt.Sprintf("failure %d: %s", f.code, f.why) }

func work(depth int) {
	defer fmt.Println("leaving", depth)
	if depth == 0 {
		panic(&failure{7, "no depth left"})
	}
	work(depth - 1)
}

func main() {
	defer fmt.Println("main deferred")
	work(2)
}
