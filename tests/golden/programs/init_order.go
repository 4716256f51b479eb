package main

import "fmt"

var (
	total  = first + second
	first  = compute("first", 2)
	second = compute("second", first*10)
	table  = [...]string{3: "three", 1: "one"}
	lookup = map[string]int{"x": 1, "y": 2}
	ptr    = &config{name: "static", opts: []int{1, 2, 3}}
	fn     = func(x int) int { return x + first }
)

type config struct {
	name string
	opts []int
	next *config
}

func compute(name string, v int) int {
	fmt.Println("compute", name, v)
	return v
}

func init() {
	fmt.Println("init 1", total)
	ptr.next = &config{name: "second"}
}

func init() {
	fmt.Println("init 2", len(table), lookup["y"])
}

func main() {
	fmt.Println(ptr.name, ptr.opts, ptr.next.name, fn(1))
	const local = iota + 5
	fmt.Println(local, table)
}
