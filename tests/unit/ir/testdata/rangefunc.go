package main

func seq(n int) func(yield func(int) bool) {
	return func(yield func(int) bool) {
		for i := 0; i < n; i++ {
			if !yield(i) {
				return
			}
		}
	}
}

func pairs(yield func(int, string) bool) { _ = yield(1, "a") && yield(2, "b") }

func find(n int) (int, bool) {
	for x := range seq(n) {
		if x > 3 {
			return x, true
		}
		if x == 1 {
			continue
		}
		if x == 2 {
			break
		}
		defer println(x)
	}
	return 0, false
}

func nested() (r int) {
outer:
	for x := range seq(3) {
		for k, v := range pairs {
			switch {
			case k > x:
				continue outer
			case v == "b":
				break outer
			case x == 2:
				return k
			}
			r += k
		}
	}
	var y int
	for y = range seq(2) {
		r += y
	}
	for range seq(2) {
		r++
	}
	return r
}

func main() {
	find(10)
	println(nested())
	f := func() int {
		for x := range seq(2) {
			return x
		}
		return -1
	}
	f()
}
