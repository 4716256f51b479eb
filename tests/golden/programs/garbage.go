package main

import "fmt"

type record struct {
	next *record
	data [64]byte
	id   int
}

var keep *record

func churn(n int) (total int) {
	for i := range n {
		r := &record{id: i}
		r.data[i%64] = byte(i)
		if i%1000 == 0 {
			r.next = keep
			keep = r
		}
		total += len(fmt.Sprint(r.id))
	}
	return total
}

func main() {
	fmt.Println(churn(100000))
	n, sum := 0, 0
	for r := keep; r != nil; r = r.next {
		n++
		sum += r.id + int(r.data[r.id%64])
	}
	fmt.Println(n, sum)
	var parts [][]byte
	for i := range 200 {
		parts = append(parts, make([]byte, 100*i))
		if i%3 == 0 {
			parts = parts[1:]
		}
	}
	size := 0
	for _, p := range parts {
		size += len(p)
	}
	fmt.Println(len(parts), size)
}
