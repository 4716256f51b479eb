// Verdicts: an ordinary program of a hundred lines.
package main

import (
	"errors"
	"fmt"
	"sort"
	"strings"
)

type kind int

const (
	plain kind = iota
	heavy
	fragile
)

func (k kind) String() string {
	return [...]string{"plain", "heavy", "fragile"}[k]
}

type parcel struct {
	id     int
	kind   kind
	weight float64
	tags   []string
}

type store interface {
	put(p *parcel) error
	find(id int) (*parcel, bool)
}

type shelf struct {
	byID  map[int]*parcel
	limit float64
}

var errTooHeavy = errors.New("too heavy")

func newShelf(limit float64) *shelf {
	return &shelf{byID: make(map[int]*parcel), limit: limit}
}

func (s *shelf) put(p *parcel) error {
	if p.weight > s.limit {
		return fmt.Errorf("parcel %d: %w", p.id, errTooHeavy)
	}
	s.byID[p.id] = p
	return nil
}

func (s *shelf) find(id int) (*parcel, bool) {
	p, ok := s.byID[id]
	return p, ok
}

func fill(s store, n int) (failed []error) {
	for i := range n {
		p := &parcel{id: i, kind: kind(i % 3), weight: float64(i * i)}
		p.tags = append(p.tags, p.kind.String(), fmt.Sprint(i))
		if err := s.put(p); err != nil {
			failed = append(failed, err)
		}
	}
	return failed
}

func describe(p *parcel) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d (%v): %s", p.id, p.kind, strings.Join(p.tags, ", "))
	return b.String()
}

func total[T int | float64](values ...T) T {
	var sum T
	for _, v := range values {
		sum += v
	}
	return sum
}

func main() {
	s := newShelf(50)
	failed := fill(s, 12)
	ids := make([]int, 0, len(s.byID))
	for id := range s.byID {
		ids = append(ids, id)
	}
	sort.Ints(ids)
	weights := []float64{}
	for _, id := range ids {
		if p, ok := s.find(id); ok {
			fmt.Println(describe(p))
			weights = append(weights, p.weight)
		}
	}
	fmt.Println(len(failed), errors.Is(failed[0], errTooHeavy), total(weights...), total(ids...))
	later := func() { fmt.Println("done", s.limit) }
	later()
}
