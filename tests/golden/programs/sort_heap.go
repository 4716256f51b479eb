package main

import (
	"container/heap"
	"container/list"
	"fmt"
	"slices"
	"sort"
)

type task struct {
	name     string
	priority int
}

type queue []*task

func (q queue) Len() int           { return len(q) }
func (q queue) Less(i, j int) bool { return q[i].priority > q[j].priority }
func (q queue) Swap(i, j int)      { q[i], q[j] = q[j], q[i] }
func (q *queue) Push(x any)        { *q = append(*q, x.(*task)) }
func (q *queue) Pop() any {
	old := *q
	t := old[len(old)-1]
	*q = old[:len(old)-1]
	return t
}

func main() {
	q := &queue{}
	for i, n := range []string{"wash", "cook", "sleep", "code"} {
		heap.Push(q, &task{n, (i * 7) % 5})
	}
	for q.Len() > 0 {
		t := heap.Pop(q).(*task)
		fmt.Print(t.name, ":", t.priority, " ")
	}
	fmt.Println()
	xs := []int{5, 2, 8, 1, 9, 3}
	sort.Ints(xs)
	fmt.Println(xs, sort.SearchInts(xs, 8))
	people := []task{{"b", 2}, {"a", 2}, {"c", 1}}
	sort.Slice(people, func(i, j int) bool {
		if people[i].priority != people[j].priority {
			return people[i].priority < people[j].priority
		}
		return people[i].name < people[j].name
	})
	fmt.Println(people)
	slices.SortFunc(xs, func(a, b int) int { return b - a })
	fmt.Println(xs, slices.Max(xs), slices.Contains(xs, 8), slices.Index(xs, 1))
	l := list.New()
	l.PushBack(1)
	l.PushFront(0)
	l.PushBack(2)
	for e := l.Front(); e != nil; e = e.Next() {
		fmt.Print(e.Value, " ")
	}
	fmt.Println(l.Len())
}
