package main

import "fmt"

type pair struct{ a, b string }
type holder struct{ *pair }
type key struct{ v any }

var h holder
var zero pair

//go:noinline
func say(x int) bool { fmt.Println("say", x); return true }

func count(b ...any) int { return len(b) }

func two(a, b bool) int { return 2 }

func num(a bool, x int) int { return x }

func try(f func()) {
	defer func() { fmt.Println(recover()) }()
	f()
}

func main() {
	// The copy that a conversion, a comparison or a map's key is handed over from is made in its turn.
	try(func() { fmt.Println(count(say(1), pair{h.a, "x"})) })
	try(func() { fmt.Println(count(pair{h.a, "x"}, say(2))) })
	try(func() { fmt.Println(two(say(3), pair{h.a, "x"} == zero)) })
	try(func() { fmt.Println(two(pair{h.a, "x"} == zero, say(4))) })
	m := map[key]int{}
	try(func() { fmt.Println(num(say(5), m[key{*&h.a}])) })
	ms := map[pair]int{}
	try(func() { fmt.Println(num(say(6), ms[pair{h.a, "x"}])) })
	try(func() { x := map[string]any{"a": say(7), "b": pair{h.a, ""}}; fmt.Println(x) })
	try(func() { x := [2]any{say(8), pair{h.a, ""}}; fmt.Println(x) })
	try(func() { x := struct{ a, b any }{say(9), pair{h.a, ""}}; fmt.Println(x) })
	try(func() { x := []any{pair{h.a, ""}, say(10)}; fmt.Println(x) })
}
