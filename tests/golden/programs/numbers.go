package main

import (
	"fmt"
	"math"
)

type bits uint8

const (
	a bits = 1 << iota
	b
	c
	big = 1 << 100
)

func divmod(x, y int) (q, r int) { return x / y, x % y }

func main() {
	var i8 int8 = 127
	i8++
	var u8 uint8
	u8--
	fmt.Println(i8, u8, a|c, b&^b, big>>98)
	fmt.Println(divmod(-7, 2))
	fmt.Println(divmod(7, -2))
	var shift uint = 70
	fmt.Println(1<<shift == 0, int32(-5)>>1, uint32(1)<<31, -1>>shift)
	x := math.MaxInt64
	x++
	fmt.Println(x, uint64(1<<63), ^0, 5&^3, 6^3)
	f := 0.1
	fmt.Println(f+0.2, float32(f)+0.2, 1/math.Inf(-1), math.NaN() == math.NaN())
	fmt.Println(uint8(int(-1) & 0xff))
	z := complex(1, 2)
	fmt.Println(z*z, real(z), imag(z), z/complex(0, 1), z == 1+2i)
	fmt.Println(math.Sqrt(2), math.Pow(2, 0.5), math.Sin(1), math.Exp(1.5), math.Log(10), math.Hypot(3, 4))
	fmt.Printf("%08b %x %o %e %g %q %U %t %v\n", 37, 255, 8, 12345.678, 1e21, "q\n", '⌘', true, struct{ A, B int }{1, 2})
	var r rune = 'é'
	fmt.Println(r, string(r), len(string(r)), 'a'+1)
	fmt.Println(7.0/2, 7/2, 7%3, -7%3, 1e3)
	var n uint32 = 3
	fmt.Println(n-4, -n, ^n)
	fmt.Println(math.MaxUint64/uint64(n), math.Trunc(-2.7), math.Floor(-2.7), math.Mod(7, 3))
	defer func() { fmt.Println("error:", recover()) }()
	zero := 0
	fmt.Println(1 / zero)
}
