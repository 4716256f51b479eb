// Panics on top of panics, with values of several kinds.
package main

import "fmt"

type failure struct{ code int }

func (f *failure) Error() string { return fmt.Sprint("code ", f.code) }

type label string

func (l label) String() string { return "not asked" }

func main() {
	defer func() {
		defer func() { panic(label("third\nline")) }()
		panic(&failure{7})
	}()
	defer func() { panic(fmt.Sprint(recover())) }()
	panic(1.5)
}
