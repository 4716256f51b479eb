package main

import (
	"runtime"
	"unsafe"
)

var fin bool

//go:noinline
//go:uintptrescapes
func F(ptr uintptr) {
	runtime.GC()
	println(fin)
}

func test(p unsafe.Pointer) { F(uintptr(p)) }

func main() {
	p := new([64]byte)
	runtime.SetFinalizer(p, func(*[64]byte) { fin = true })
	test(unsafe.Pointer(p))
}
