package main

import "fmt"

func times(n int) func(func() bool) {
	return func(yield func() bool) {
		for ; n > 0 && yield(); n-- {
		}
	}
}
func note(a ...any) { fmt.Println(a...) }

func f1() {
	for range times(3) {
		defer note("f1", len("abc"))
	}
}
func f2() {
	for range times(3) {
		defer func() { note("f2") }()
	}
}
func f3() {
	for range times(3) {
		defer fmt.Println("f3")
	}
	fmt.Println("end f3")
}
func f4() (x int) {
	for range times(3) {
		defer func() { x++ }()
	}
	return x
}
func f5() int {
	for range times(3) {
		defer fmt.Println("f5")
	}
	return 1
}
func main() {
	f1()
	f2()
	f3()
	fmt.Println(f4())
	fmt.Println(f5())
}
