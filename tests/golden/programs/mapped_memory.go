package main

import (
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"syscall"
	"unsafe"
)

// try says how a fault of f ends.
func try(what string, f func()) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		r := recover()
		if r == nil {
			fmt.Println(what, "works")
			return
		}
		_, isRuntime := r.(runtime.Error)
		a, ok := r.(interface{ Addr() uintptr })
		if ok {
			fmt.Println(what, r, isRuntime, "in page", int(a.Addr()-base)/page, "at", int(a.Addr()-base)%page)
		} else {
			fmt.Println(what, r, isRuntime)
		}
	}()
	f()
}

var (
	page = syscall.Getpagesize()
	base uintptr
	sink byte
)

func main() {
	m, err := syscall.Mmap(-1, 0, 3*page, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	fmt.Println(len(m), cap(m), err)
	base = uintptr(unsafe.Pointer(&m[0]))
	fmt.Println(base%uintptr(page), m[0], m[3*page-1])
	for i := range m {
		m[i] = byte(i)
	}
	fmt.Println(syscall.Mprotect(m[page:2*page], syscall.PROT_READ), syscall.Mprotect(m[2*page:], syscall.PROT_NONE))
	i := page + 5
	try("load", func() { sink = m[i] })
	try("store", func() { m[i] = 1 })
	try("pointer store", func() { *(*int64)(unsafe.Pointer(&m[i+3])) = 1 })
	i += page
	try("far load", func() { sink = m[i] })
	try("far store", func() { m[i] = 1 })
	try("copy to", func() { copy(m, make([]byte, 3*page)) })
	try("clear", func() { clear(m[2*page:]) })
	try("nil", func() { var p *int; *p = 1 })
	_, err = syscall.Write(1, m[2*page:2*page+1])
	fmt.Println(err)
	fmt.Println(syscall.Mprotect(m[1:page], 0), syscall.Mprotect(m, syscall.PROT_READ|syscall.PROT_WRITE), m[0])
	runtime.GC()
	fmt.Println(syscall.Munmap(m), syscall.Munmap(m))
	_, err = syscall.Mmap(-1, 0, 0, syscall.PROT_READ, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	_, err2 := syscall.Mmap(-1, 0, page, syscall.PROT_READ, syscall.MAP_PRIVATE)
	_, err3 := syscall.Mmap(-1, 1, page, syscall.PROT_READ, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	fmt.Println(err, err2, err3)

	f, err := os.CreateTemp("", "mapped")
	fmt.Println(err)
	defer os.Remove(f.Name())
	f.WriteString("the file's text")
	shared, err := syscall.Mmap(int(f.Fd()), 0, page, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_SHARED)
	fmt.Printf("%q %v %d\n", shared[:15], err, shared[15])
	private, err := syscall.Mmap(int(f.Fd()), 0, 15, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_PRIVATE)
	fmt.Printf("%q %v %d\n", private, err, cap(private))
	copy(private, "our")
	copy(shared[4:], "FILE")
	f.WriteAt([]byte("T"), 0)
	text, err := os.ReadFile(f.Name())
	fmt.Printf("%q %q %q %v\n", text, shared[:15], private[:3], err)
	f.Truncate(8)
	fmt.Printf("%q\n", shared[:15])
	r, err := os.Open(f.Name())
	_, err2 = syscall.Mmap(int(r.Fd()), 0, page, syscall.PROT_WRITE, syscall.MAP_SHARED)
	fmt.Println(err, err2)
	view, err := syscall.Mmap(int(r.Fd()), 0, page, syscall.PROT_READ, syscall.MAP_SHARED)
	base = uintptr(unsafe.Pointer(&view[0]))
	try("view", func() { view[3] = 1 })
	f.WriteAt([]byte("again"), 0)
	fmt.Printf("%q %v\n", view[:5], err)
	fmt.Println(syscall.Munmap(view), syscall.Munmap(shared), syscall.Munmap(private))
}
