// Weak pointers to variables outside the heap never become nil; equal ones compare equal.
package main

import (
	"fmt"
	"runtime"
	"weak"
)

type pair struct{ a, b int }

var global pair

func main() {
	w := weak.Make(&global)
	a, b := weak.Make(&global.a), weak.Make(&global.b)
	fmt.Println(w == weak.Make(&global), a == b, w.Value() == &global)
	runtime.GC()
	fmt.Println(w.Value() == &global, a.Value() == &global.a, b.Value() == &global.b)
	fmt.Println(weak.Make[int](nil).Value() == nil)
	h := weak.Make(new(pair))
	runtime.GC()
	fmt.Println(h.Value() == nil)
}
