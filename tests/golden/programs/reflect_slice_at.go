package main

import (
	"fmt"
	"reflect"
	"unsafe"
)

func try(f func()) {
	defer func() { fmt.Println(recover()) }()
	f()
}

func main() {
	n := uint64(0)
	typ := reflect.TypeOf(0)
	neg := -1
	try(func() { _ = reflect.SliceAt(reflect.TypeOf(byte(0)), unsafe.Pointer(&n), neg) })
	try(func() { _ = reflect.SliceAt(typ, unsafe.Pointer((*int)(nil)), 1) })
	try(func() { _ = reflect.SliceAt(reflect.TypeOf(n), unsafe.Pointer(&n), 1<<61) })
	last := (*byte)(unsafe.Pointer(^uintptr(0)))
	try(func() { _ = reflect.SliceAt(typ, unsafe.Pointer(last), 2) })
}
