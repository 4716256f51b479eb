package main

import "fmt"

type list struct {
	next  *list
	value int
}

func (l *list) last() *list {
	for l.next.value != 0 {
		l = l.next
	}
	return l
}

func main() {
	l := &list{value: 1}
	fmt.Println(l.value)
	fmt.Println(l.last())
}
