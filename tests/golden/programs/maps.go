package main

import (
	"fmt"
	"sort"
)

type point struct{ x, y int }

func main() {
	ages := map[string]int{"ann": 31, "bob": 25}
	ages["cid"] = 40
	ages["bob"]++
	delete(ages, "ann")
	age, ok := ages["ann"]
	fmt.Println(len(ages), ages["bob"], age, ok)

	grid := make(map[point]rune)
	for x := 0; x < 20; x++ {
		for y := 0; y < 20; y++ {
			grid[point{x, y}] = rune('a' + (x*y)%26)
		}
	}
	fmt.Println(len(grid), string(grid[point{3, 4}]), string(grid[point{19, 19}]))

	words := map[string][]int{}
	for i, w := range []string{"go", "map", "go", "set", "map", "go"} {
		words[w] = append(words[w], i)
	}
	keys := make([]string, 0, len(words))
	for k := range words {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	for _, k := range keys {
		fmt.Println(k, words[k])
	}

	nested := map[string]map[int]bool{"a": {1: true}, "b": {}}
	nested["b"][2] = true
	fmt.Println(nested)

	squares := map[int]int{}
	for i := range 1000 {
		squares[i] = i * i
	}
	sum := 0
	for k, v := range squares {
		if k%2 == 0 {
			delete(squares, k)
		}
		sum += v
	}
	fmt.Println(sum, len(squares))
	clear(squares)
	fmt.Println(len(squares))

	var nilMap map[string]int
	fmt.Println(nilMap["x"], len(nilMap))
	anyKeys := map[any]string{1: "int", "1": "string", 1.0: "float", point{1, 1}: "point"}
	fmt.Println(anyKeys[1], anyKeys["1"], anyKeys[1.0], anyKeys[point{1, 1}])
}
