// An address that is nobody's.
package main

import "unsafe"

var address uintptr = 0x7f00deadbee8

func main() {
	defer func() { println("not run") }()
	println("before")
	println(*(*int)(unsafe.Pointer(address)))
}
