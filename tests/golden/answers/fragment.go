// A fragment: positions are those of what is typed here.
type pair struct{ a, b *int }

var kept *pair

//go:noinline
func keep(n int) *pair {
	x := n + 1
	kept = &pair{&x, new(int)}
	return kept
}

for i := 0; i < 2; i++ {
	p := keep(i)
	fmt.Println(*p.a)
}
