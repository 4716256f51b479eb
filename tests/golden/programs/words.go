// Carries, atomics and words made of bytes: what the compiler turns into instructions gives what Go code gives.
package main

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/bits"
	"sync/atomic"
)

var carries = []uint64{0, 1, 2, 1<<63 - 1, 1 << 63, 1<<64 - 2, 1<<64 - 1, 0x0123456789abcdef}

func slowAdd(x, y, carry uint64) (uint64, uint64) {
	low := x&0xffffffff + y&0xffffffff + carry
	high := x>>32 + y>>32 + low>>32
	return high<<32 | low&0xffffffff, high >> 32
}

func slowSub(x, y, borrow uint64) (uint64, uint64) {
	sum, carry := slowAdd(x, ^y, 1-borrow)
	return sum, 1 - carry
}

func words() {
	wrong := 0
	for _, x := range carries {
		for _, y := range carries {
			for c := uint64(0); c < 2; c++ {
				s, o := bits.Add64(x, y, c)
				if s1, o1 := slowAdd(x, y, c); s != s1 || o != o1 {
					wrong++
				}
				s, o = bits.Sub64(x, y, c)
				if s1, o1 := slowSub(x, y, c); s != s1 || o != o1 {
					wrong++
				}
			}
			hi, lo := bits.Mul64(x, y)
			if y != 0 {
				if hi < y {
					if q, r := bits.Div64(hi, lo, y); q != x || r != 0 {
						wrong++
					}
				}
				_, r := bits.Div64(0, x, y)
				if r != x%y || bits.Rem64(hi, x, y) != func() uint64 { _, r := bits.Div64(hi%y, x, y); return r }() {
					wrong++
				}
			}
		}
	}
	var carry uint
	a, b := []uint{1<<64 - 1, 1<<64 - 1, 7}, []uint{1, 0, 8}
	for i := range a {
		a[i], carry = bits.Add(a[i], b[i], carry)
	}
	fmt.Println(wrong, a, carry)
	for _, v := range []uint16{0, 1, 0x80, 0x100, 0x8000} {
		fmt.Print(bits.TrailingZeros8(uint8(v)), bits.TrailingZeros16(v), bits.OnesCount16(v*3), bits.RotateLeft16(v, 3), " ")
	}
	fmt.Println()
}

// Bytes in either order, with and without a check before them.
func bytesToWords(b []byte) {
	le := uint32(b[0]) | uint32(b[1])<<8 | uint32(b[2])<<16 | uint32(b[3])<<24
	_ = b[8]
	be := uint64(b[8]) | uint64(b[7])<<8 | uint64(b[6])<<16 | uint64(b[5])<<24 | uint64(b[4])<<32 | uint64(b[3])<<40 | uint64(b[2])<<48 | uint64(b[1])<<56
	mixed := uint32(b[0]) | uint32(b[2])<<8 | uint32(b[1])<<16 | uint32(b[3])<<24
	high := uint64(b[4])<<40 | uint64(b[5])<<48
	signed := int32(b[5]) | int32(b[6])<<8 | int32(b[7])<<16 | int32(b[8])<<24
	sum := int(b[5]) + int(b[6])<<8 + int(b[7])<<16 + int(b[8])<<24
	same := uint16(b[1]) ^ uint16(b[1])<<8
	fmt.Printf("%x %x %x %x %x %x %x\n", le, be, mixed, high, signed, sum, same)
}

func wordsToBytes(v uint64, w uint32) {
	b := make([]byte, 20)
	_ = b[19]
	b[0], b[1], b[2], b[3] = byte(v), byte(v>>8), byte(v>>16), byte(v>>24)
	b[4], b[5], b[6], b[7] = byte(w>>24), byte(w>>16), byte(w>>8), byte(w)
	b[8], b[9], b[11], b[10] = byte(v>>8), byte(v>>16), byte(v>>24), byte(v>>32)
	b[12] = byte(v >> 8)
	b[12] = byte(v)
	b[13] = b[12] + 1
	b[14] = byte(w)
	w++
	b[15] = byte(w >> 8)
	copy(b[16:], binary.BigEndian.AppendUint32(nil, w))
	fmt.Printf("%x\n", b)
	binary.BigEndian.PutUint64(b[1:], v)
	binary.LittleEndian.PutUint64(b[9:], v)
	binary.BigEndian.PutUint16(b[17:], uint16(w))
	fmt.Printf("%x %x %x %x\n", b, binary.LittleEndian.Uint64(b[1:]), binary.BigEndian.Uint32(b[2:]), binary.LittleEndian.Uint16(b[3:]))
}

func fails(name string, f func()) {
	defer func() { fmt.Println(name, recover()) }()
	f()
}

func atomics() {
	var i32 int32 = math.MaxInt32
	var u32 uint32
	var i64 atomic.Int64
	var p atomic.Pointer[int]
	fmt.Print(atomic.AddInt32(&i32, 1), atomic.AddUint32(&u32, ^uint32(0)), i64.Add(-3), i64.Swap(9), " ")
	fmt.Print(atomic.SwapInt32(&i32, -7), atomic.LoadInt32(&i32), i64.CompareAndSwap(9, 10), i64.CompareAndSwap(9, 11), i64.Load(), " ")
	fmt.Println(u32, p.Load() == nil, atomic.CompareAndSwapUint32(&u32, 1<<32-1, 5), u32)
	fails("nil", func() { atomic.AddInt64(nil, 1) })
	var q *atomic.Int32
	fails("nil", func() { q.Store(1) })
}

func main() {
	words()
	b := []byte{0x81, 2, 3, 4, 5, 6, 7, 8, 0x89}
	bytesToWords(b)
	wordsToBytes(0x0102030405060708, 0xfffffeff)
	for _, n := range []int{0, 1, 3, 4, 8} {
		fails(fmt.Sprint("short ", n), func() { bytesToWords(b[:n:n]) })
	}
	fails("uint32", func() { fmt.Println(binary.LittleEndian.Uint32(b[6:])) })
	fails("put", func() { binary.BigEndian.PutUint64(b[2:], 1) })
	fails("divide", func() { bits.Div64(1, 2, 0) })
	fails("overflow", func() { bits.Div64(2, 2, 2) })
	atomics()
	fmt.Println(math.Mod(-7.5, 2), math.Mod(5, math.Inf(1)), math.Mod(1e300, 3), math.Mod(-4, 2), math.Mod(1, 0))
	frac, exp := math.Frexp(5e-324)
	fmt.Println(frac, exp, math.Ldexp(0.75, -1073), math.Ldexp(1, 1<<62), math.Ldexp(-1, -1<<62), math.Float64bits(math.Abs(math.Copysign(0, -1))))
}
