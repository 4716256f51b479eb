// Integer and string keyed maps.
package main

func main() {
	counts := map[int]int{}
	x := uint32(1)
	for range 1000000 {
		x = x*1664525 + 1013904223
		counts[int(x>>16)&0xfff]++
	}
	words := []string{"the", "quick", "brown", "fox", "jumps", "over", "lazy", "dog"}
	freq := map[string]int{}
	for i := range 500000 {
		freq[words[i*7&7]] += i & 3
	}
	sum := 0
	for _, w := range words {
		sum += freq[w]
	}
	println(len(counts), sum)
}
