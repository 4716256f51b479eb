package main

import "fmt"

func grow(n int) (caps []int) {
	var s []int
	last := -1
	for i := range n {
		s = append(s, i)
		if cap(s) != last {
			last = cap(s)
			caps = append(caps, last)
		}
	}
	return caps
}

func growPtr(n int) (caps []int) {
	var s []*int
	last := -1
	for range n {
		s = append(s, nil)
		if cap(s) != last {
			last = cap(s)
			caps = append(caps, last)
		}
	}
	return caps
}

func modify(a [3]int, s []int) { a[0], s[0] = 9, 9 }

type matrix [3][3]int

func (m matrix) times(o matrix) (r matrix) {
	for i := range m {
		for j := range m {
			for k := range m {
				r[i][j] += m[i][k] * o[k][j]
			}
		}
	}
	return r
}

func main() {
	fmt.Println(grow(5000))
	fmt.Println(growPtr(5000))
	a, s := [3]int{1, 2, 3}, []int{1, 2, 3}
	modify(a, s)
	fmt.Println(a, s)
	t := s[1:2]
	t = append(t, 7)
	fmt.Println(s, t, len(t), cap(t))
	u := s[:1:1]
	u = append(u, 8)
	fmt.Println(s, u)
	fmt.Println(copy(s, []int{}), copy(s[1:], s))
	fmt.Println(s)
	arr := [...]string{2: "c", 0: "a"}
	fmt.Println(len(arr), arr == [3]string{"a", "", "c"})
	p := (*[2]int)(s)
	p[1] = 42
	fmt.Println(s, [2]int(s))
	m := matrix{{1, 2, 0}, {0, 1, 0}, {0, 0, 1}}
	fmt.Println(m.times(m))
	var z [0]int
	fmt.Println(z, len(z))
	b := []byte("héllo")
	for i, r := range string(b) {
		fmt.Print(i, ":", string(r), " ")
	}
	fmt.Println(len(b), []rune("héllo")[1])
	defer func() { fmt.Println(recover()) }()
	i := 5
	fmt.Println(s[i])
}
