package main

type E struct{ X, Y int }

func (e E) Get() int   { return e.X }
func (e *E) Set(x int) { e.X = x }

type Outer struct {
	*E
	Name string
}

type Setter interface{ Set(int) }

var table = []func(int) int{func(a int) int { return a + 1 }, double}
var errNo = newError("no")
var x, y = pair()

func pair() (int, string)   { return 1, "b" }
type failure string

func (f failure) Error() string { return string(f) }
func newError(s string) error    { return failure(s) }
func double(a int) int      { return a * 2 }
func variadic(a string, b ...any) {}

func counter() (func() int, func()) {
	n, m := 0, 1
	inc := func() int {
		n++
		return func() int { return n + m }()
	}
	reset := func() { n = 0 }
	return inc, reset
}

func named(a, _ int, f func(int) (int, error)) (r int, _ string, err error) {
	defer func() {
		if e := recover(); e != nil {
			err = errNo
		}
	}()
	r, err = f(a)
	variadic("x", a, nil, double(a+1) == nil2)
	go variadic("y", r)
	defer variadic("z")
	return
}

const nil2 = 0

func use(o Outer, s Setter, p *[3]int, m map[E]*Outer) {
	o.Set(o.Get())
	s.Set(1)
	s = o
	get := o.E.Get
	set := (*E).Set
	gx := Outer.Get
	set(o.E, get()+gx(o))
	p[1]++
	m[E{1, 2}].Name += "x"
	for i := range p {
		p[i] <<= 2
	}
outer:
	for i := 0; ; i++ {
		for range 10 {
			if i > 3 {
				break outer
			}
			continue outer
		}
	}
	switch {
	case o.X > 1, o.Name == "a":
		fallthrough
	case false:
		println("a")
	default:
		goto end
	}
	switch v := o.X; v {
	case 1, 2:
	}
end:
	println(min(o.X, 3), max(1.5, float64(o.Y)), len("abc"), cap(p[:2:3]))
	clear(m)
	delete(m, E{})
	var i8 int8 = int8(o.X) &^ 3
	_ = i8
	c := complex(float64(o.X), 1)
	println(real(c), imag(c))
	q := new(o.X + 1)
	*q = copy(p[:], []int{1, 5: 2})
	var arr = [...]string{2: "c", "d"}
	_ = arr
	rs := []rune("héy")
	_ = string(rs) + string(rune(o.X)) + string([]byte{1})
	var e error = errNo
	if e == errNo && s != nil {
		panic("x")
	}
	if true {
		return
	}
	println("dead")
}

func main() {
	a, b := counter()
	a()
	b()
	_, _, _ = named(1, 2, nil)
}
