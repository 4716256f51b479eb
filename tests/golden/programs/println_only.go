package main

type pair struct {
	a int
	b string
}

func fib(n int) int {
	if n < 2 {
		return n
	}
	return fib(n-1) + fib(n-2)
}

func swap(p *pair, q *pair) { *p, *q = *q, *p }

func divide(a, b int) (q int, ok bool) {
	defer func() {
		if recover() != nil {
			ok = false
		}
	}()
	return a / b, true
}

func main() {
	println(fib(20))
	x, y := pair{1, "one"}, pair{2, "two"}
	swap(&x, &y)
	println(x.a, x.b, y.a, y.b)
	println(divide(7, 2))
	println(divide(7, 0))
	var s []int
	for i := range 20 {
		s = append(s, i*i)
	}
	println(len(s), cap(s), s[19])
	m := map[string]int{"a": 1}
	m["b"] = 2
	println(len(m), m["a"]+m["b"])
	ch := make(chan string)
	go func() {
		for _, w := range []string{"x", "y", "z"} {
			ch <- w
		}
		close(ch)
	}()
	for w := range ch {
		println(w)
	}
	println(1.5, true, 'a', uint8(200), nil == any(nil))
}
