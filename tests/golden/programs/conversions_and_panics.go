package main

import (
	"errors"
	"fmt"
	"math"
	"os"
	"runtime"
	"sync"
	"time"
)

func try(name string, f func()) {
	defer func() {
		if e := recover(); e != nil {
			if re, ok := e.(runtime.Error); ok {
				fmt.Printf("%s: runtime %v\n", name, re.Error())
			} else {
				fmt.Printf("%s: %T %v\n", name, e, e)
			}
		}
	}()
	f()
}

//go:noinline
func conv(f float64) {
	fmt.Println(f, int64(f), int32(f), int16(f), int8(f), uint64(f), uint32(f), uint16(f), uint8(f), float32(f), int(float32(f)), uint(float32(f)), uintptr(f))
}

//go:noinline
func shifts(x int32, y uint8, n uint, m int) {
	fmt.Println(x<<n, x>>n, y<<n, y>>n, int8(x)>>n, uint64(x)<<n, uint64(x)>>n, -x>>n, x<<m, 1<<n == 0, int64(1)<<m, ^x>>n&^int32(y))
}

//go:noinline
func divs(a, b int8, c, d uint16, e, f int64) {
	try("div", func() { fmt.Println(a/b, a%b, c/d, c%d, e/f, e%f, -a/b, -a%b) })
}

type errT struct{ code int }

func (e *errT) Error() string   { return fmt.Sprint("errT ", e.code) }
func (e *errT) Is(t error) bool { return t == errX }

var errX = errors.New("x")

func nested() (s string) {
	defer func() { s += fmt.Sprint(" outer:", recover()) }()
	defer func() {
		defer func() { s += fmt.Sprint(" inner:", recover()) }()
		panic(fmt.Sprint("second after ", recover()))
	}()
	panic("first")
}

func replaced() (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("wrapped: %w", r.(error))
		}
	}()
	defer func() { panic(&errT{2}) }()
	panic(&errT{1})
}

func repanic() {
	defer func() {
		r := recover()
		defer fmt.Println("deferred in deferred")
		panic(fmt.Sprint("re-", r))
	}()
	panic("orig")
}

func loopDefers(n int) (out []int) {
	for i := 0; i < n; i++ {
		defer func(j int) { out = append(out, i, j) }(i * i)
	}
	return nil
}

func recoverNotDirect() (r any) {
	defer func() { r = recover() }()
	defer func() { func() { fmt.Println("indirect", recover()) }() }()
	panic("p")
}

func goexit() {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		defer func() { fmt.Println("goexit recover", recover()) }()
		runtime.Goexit()
		fmt.Println("not reached")
	}()
	wg.Wait()
}

func deferArgs() {
	x := 1
	defer fmt.Println("deferred", x, func() int { fmt.Println("arg"); return x }())
	x = 2
	defer func() { fmt.Println("closure", x) }()
	x = 3
}

type S struct{ n int }

func (s S) val()  { fmt.Println("val", s.n) }
func (s *S) ptr() { fmt.Println("ptr", s.n) }

func methods() {
	s := S{1}
	defer s.val()
	defer s.ptr()
	f, g := s.val, s.ptr
	s.n = 2
	f()
	g()
	go s.val()
	time.Sleep(5 * time.Millisecond)
	s.n = 3
}

func labels() {
	n := 0
outer:
	for i := 0; ; i++ {
		switch {
		case i == 2:
			continue outer
		case i > 5:
			break outer
		}
	inner:
		for j := range 4 {
			select {
			default:
				if j == 2 {
					break inner
				}
				if i == 4 {
					continue outer
				}
			}
			n += i*10 + j
		}
	}
	i := 0
again:
	if i < 3 {
		i++
		n *= 2
		goto again
	}
	switch x := n % 3; x {
	case 0:
		fmt.Println("zero")
		fallthrough
	case 1:
		fmt.Println("one")
		fallthrough
	default:
		fmt.Println("default")
	case 7:
		fmt.Println("seven")
	}
	fmt.Println(n)
}

func chans() {
	c, done := make(chan int, 2), make(chan struct{})
	var mu sync.Mutex
	sum := 0
	var wg sync.WaitGroup
	for w := range 3 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for v := range c {
				mu.Lock()
				sum += v * (w - w + 1)
				mu.Unlock()
			}
		}()
	}
	for i := range 20 {
		select {
		case c <- i:
		case <-done:
		}
	}
	close(c)
	wg.Wait()
	v, ok := <-c
	fmt.Println(sum, v, ok)
	try("closed send", func() { c <- 1 })
	try("closed close", func() { close(c) })
	try("nil close", func() { var n chan int; close(n) })
	var nilc chan int
	select {
	case <-nilc:
	case nilc <- 1:
	default:
		fmt.Println("default")
	}
	t := time.After(time.Millisecond)
	select {
	case <-t:
		fmt.Println("timeout")
	case <-done:
	}
	var once sync.Once
	for range 3 {
		once.Do(func() { fmt.Println("once") })
	}
	res := make(chan string)
	go func() {
		defer close(res)
		for _, s := range []string{"a", "b"} {
			res <- s
		}
	}()
	for s := range res {
		fmt.Print(s)
	}
	fmt.Println(cap(c), len(c))
}

func complexes() {
	a, b := complex(1, 2), complex(math.Inf(1), math.NaN())
	var z complex128
	var c64 complex64 = complex64(a) * 1.5i
	fmt.Println(a*a, a/(2-1i), a/z, z/z, b, b*a, real(b), -a, a == 1+2i, a != b, b == b, c64, c64/0.1, imag(c64))
	fmt.Printf("%v %.2f %g %T\n", c64, a, z, c64)
	a += 1
	a *= 2i
	a -= a / 3
	fmt.Println(a)
}

func main() {
	for _, f := range []float64{0, -0.9, 1.99, -1.99, 127.5, 128, 255.9, 256, -129, 32768, 65536.5, 2147483647.9, 2147483648, 4294967296, 9.2e18, 1e19, 1.8446744073709552e19, 1e20, -1, -1e10, -1e19, 1e300, math.NaN(), math.Inf(1), math.Inf(-1), 5e-324} {
		conv(f)
	}
	for _, n := range []uint{0, 1, 7, 8, 31, 32, 63, 64, 65, 1 << 40} {
		try("shift", func() { shifts(-123456789, 200, n, int(n)) })
	}
	try("negshift", func() { shifts(1, 1, 1, -1) })
	divs(-128, -1, 7, 2, math.MinInt64, -1)
	divs(1, 0, 1, 1, 1, 1)
	divs(1, 1, 1, 0, 1, 1)
	divs(-7, 2, 65535, 256, -7, 3)
	fmt.Println(nested())
	err := replaced()
	var et *errT
	fmt.Println(err, errors.Is(err, errX), errors.As(err, &et), et.code, errors.Unwrap(err) == error(et))
	try("repanic", repanic)
	fmt.Println(loopDefers(3))
	fmt.Println(recoverNotDirect())
	goexit()
	deferArgs()
	methods()
	labels()
	chans()
	complexes()
	try("conv", func() { var i any = "x"; _ = i.(fmt.Stringer) })
	try("conv2", func() { var i fmt.Stringer; _ = i.(*S2) })
	try("conv3", func() { var e error = &errT{}; _ = e.(interface{ Foo() }) })
	try("arr", func() { a, i := [3]int{}, 5; a[i%8]++ })
	try("slice", func() { s, i := make([]int, 2, 4), 5; _ = s[i:] })
	try("slice2", func() { s, i := make([]int, 2, 4), 3; _ = s[i:2] })
	try("slice3", func() { s, i := make([]int, 2, 4), 5; _ = s[0:1:i] })
	try("slice4", func() { s, i := "hello", 9; _ = s[2:i] })
	try("slice5", func() { s, i := "hello", -1; _ = s[i+0] })
	try("toarr", func() { s := make([]int, 2); _ = [4]int(s) })
	try("make", func() { n := -1; _ = make([]int, n) })
	try("make2", func() { n := 1 << 62; _ = make([]int, n) })
	try("makechan", func() { n := -1; _ = make(chan int, n) })
	try("nilfn", func() { var f func(); f() })
	try("nilptr", func() { var p *S; p.val() })
	try("error value", func() { panic(fmt.Errorf("e %d", 1)) })
	try("custom", func() { panic(struct{ a, b int }{1, 2}) })
	defer fmt.Println("deferred before exit")
	defer func() {
		if len(os.Args) > 5 {
			recover()
		}
		fmt.Println("exiting")
		panic(fmt.Errorf("wrapped: %w", errX))
	}()
	var m map[string][]int
	m["a"] = nil
}

type S2 struct{}

func (*S2) String() string { return "" }
