package main

import (
	"fmt"
	"iter"
	"maps"
	"slices"
)

func count(n int) iter.Seq[int] {
	return func(yield func(int) bool) {
		for i := 0; i < n; i++ {
			if !yield(i) {
				fmt.Println("stopped at", i)
				return
			}
		}
	}
}

func pairs[T any](xs []T) iter.Seq2[int, T] {
	return func(yield func(int, T) bool) {
		for i, x := range xs {
			if !yield(i, x) {
				return
			}
		}
	}
}

func filter[T any](seq iter.Seq[T], keep func(T) bool) iter.Seq[T] {
	return func(yield func(T) bool) {
		for v := range seq {
			if keep(v) && !yield(v) {
				return
			}
		}
	}
}

func search(n int) (found int) {
	defer func() { found++ }()
	for i := range count(100) {
		for j := range count(100) {
			if i*j == n {
				return i * 1000
			}
			if j > i {
				break
			}
		}
	}
	return -1
}

func main() {
	for i := range count(3) {
		fmt.Print(i, " ")
	}
	fmt.Println()
	for i := range count(10) {
		if i == 2 {
			continue
		}
		if i > 3 {
			break
		}
		fmt.Println("i", i)
	}
	for i, s := range pairs([]string{"a", "b"}) {
		fmt.Println(i, s)
	}
	even := filter(count(7), func(i int) bool { return i%2 == 0 })
	fmt.Println(slices.Collect(even))
	fmt.Println(slices.Sorted(maps.Keys(map[string]int{"z": 1, "y": 2})))
	fmt.Println(search(6))
outer:
	for i := range count(3) {
		for j := range count(3) {
			if j == 1 {
				continue outer
			}
			if i == 2 {
				break outer
			}
			fmt.Println(i, j)
		}
	}
	next, stop := iter.Pull(count(5))
	fmt.Println(next())
	fmt.Println(next())
	stop()
	for range 2 {
		defer fmt.Println("deferred in a range")
	}
}
