// The library's sort with a comparison function, and a search in the result.
package main

import "sort"

type pair struct{ key, value int }

func main() {
	x, hits := uint32(7), 0
	for range 5 {
		list := make([]pair, 40000)
		for i := range list {
			x = x*1664525 + 1013904223
			list[i] = pair{int(x >> 8), i}
		}
		sort.Slice(list, func(i, j int) bool { return list[i].key < list[j].key })
		for i := range 40000 {
			at := sort.Search(len(list), func(j int) bool { return list[j].key >= i*400 })
			if at < len(list) && list[at].key&1 == 0 {
				hits++
			}
		}
	}
	println(hits)
}
