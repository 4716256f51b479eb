package main

import (
	"fmt"
	"slices"
	"sort"
)

func main() {
	x := []int{3, 1, 2}
	sort.Ints(x)
	y := []int{3, 1, 2}
	slices.Sort(y)
	fmt.Println(x, y)
}
