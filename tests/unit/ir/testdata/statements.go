package main

type T struct{ a, b int }

func (t T) M(x int) int   { return t.a + x }
func (t *T) P(x int) int  { t.b = x; return t.a }

type I interface{ M(int) int }

var g = 3
var h = func() int { return g }()

func two() (int, error) { return 1, nil }

func f(xs ...int) (r string, err error) {
	s := 0
	for i, x := range xs {
		s += i * x
	}
	m := map[string]int{"a": 1}
	if v, ok := m["b"]; ok && v > 2 {
		s++
	}
	a, e := two()
	_, _ = a, e
	var i I = T{1, 2}
	defer i.M(s)
	go func() { s = 2 }()
	switch y := any(i).(type) {
	case int:
		s = y
	case T, *T:
		_ = y
	}
	t := &T{a: 1}
	t.M(2)
	fn := t.P
	fn(3)
	str := "x" + r + "y" + string(r[0])
	bs := []byte(str)
	bs = append(bs, 1, 2)
	bs = append(bs, str...)
	c := make(chan int, 3)
	select {
	case v := <-c:
		_ = v
	case c <- 1:
	default:
	}
	for j := 0; j < 10; j++ {
		println(j)
	}
	p := new(int)
	*p = len(bs[1:2])
	var arr [4]int
	for k := range arr[:] {
		arr[k] = k
	}
	return str, e
}

func main() {
	f(1, 2, 3)
	f()
}
