// Methods through values, pointers, interfaces and closures.
package main

type shape interface {
	area() int
	grow(by int)
}

type square struct{ side int }

type box struct{ w, h int }

func (s *square) area() int   { return s.side * s.side }
func (s *square) grow(by int) { s.side = (s.side + by) & 1023 }
func (b *box) area() int      { return b.w * b.h }
func (b *box) grow(by int)    { b.w, b.h = (b.w+by)&511, (b.h+1)&511 }

//go:noinline
func (b box) half() int { return b.w / 2 }

func apply(n int, f func(int) int) (sum int) {
	for i := range n {
		sum += f(i)
	}
	return sum
}

func main() {
	shapes := []shape{&square{3}, &box{4, 5}, &square{7}}
	total := 0
	for i := range 3500000 {
		s := shapes[i%3]
		s.grow(i & 7)
		total += s.area()
	}
	b := box{10, 20}
	offset := 3
	total += apply(5000000, func(i int) int { return i&15 + offset })
	for i := range 2500000 {
		b.w = i
		total += b.half()
	}
	println(total)
}
