// Bounds checks that an index's form makes needless, in the order of the walk.
package main

const hex = "0123456789abcdef"

var table [256]byte

type grid struct {
	cells [8]int
	next  *grid
}

func encode(dst []byte, b byte) []byte {
	dst = append(dst, hex[b>>4], hex[b&15])
	dst = append(dst, table[b])
	return dst
}

func digits(b byte) (byte, byte) {
	return hex[b>>4], hex[b&15]
}

func (g *grid) bump(i uint, j int) int {
	g.cells[i%8]++
	g.cells[j&7], g.cells[i&7] = g.cells[i&7], g.cells[j&7]
	if g.cells[i>>61] > 0 && g.cells[j] > 0 {
		f := func() int { return g.cells[i/8%8] + hexValue(table[uint8(j)]) }
		return f() + g.cells[j%8]
	}
	return len(encode(nil, table[byte(i)]))
}

func hexValue(b byte) int {
	switch v := [4]int{1, 2, 3, 4}; v[b&3] {
	case 1:
		return v[b>>6]
	}
	return 0
}

type pair struct {
	name string
	size uint16
}

var pairs [4]pair

// Where the walk makes a temporary of the index, the check stays.
func checked(i uint, n int) (int, int) {
	buf := make([]int, pairs[i%4].size, table[n&127])
	if pairs[i%4].name == "ab" || pairs[n&3].name == "" || pairs[i&1].name != "a long string of more than" {
		buf = append(buf, n, g.cells[i&7])
	}
	count := map[uint16]int{}
	count[pairs[n&1].size] /= len(buf) + 1
	return len(buf), func() int { return g.cells[n&7] + g.cells[i%8] }()
}

// A map literal's entries, a select's receives and results after a defer have an order of their own.
func ordered(c, d chan int, i int) (r, s int) {
	defer func() { r++ }()
	fs := struct {
		f func() int
		m map[int]func() int
	}{
		func() int { return g.cells[i&1] },
		map[int]func() int{1: func() int { return g.cells[i&2] }, i: func() int { return g.cells[i&3] }},
	}
	select {
	case r = <-c:
		s = g.cells[i&4] + fs.f()
	case g.cells[i&5] = <-d:
		s = fs.m[1]() + g.cells[i&6]
	default:
		return g.cells[i&7], g.cells[r&7]
	}
	return s, g.cells[s&7]
}

var g = &grid{cells: [8]int{1, 2, 3, 4, 5, 6, 7, 8}}

func main() {
	println(checked(5, 9))
	println(ordered(nil, nil, 3))
	for i := range 3 {
		table[byte(i)] = hex[i&15]
	}
	g := &grid{}
	hi, lo := digits(0xa7)
	println(string(encode(nil, 0x5c)[:2]), string([]byte{hi, lo}), g.bump(3, 2), g.bump(64, 1))
}

// A map of floats is handed its key by address: from then on a's memory may be anybody's, and what is stored in
// it comes after the other index has been copied.
func keyByAddress(i int, s []int) (int, float64) {
	a, p, m := [4]float64{1, 2}, &[4]float64{}, map[float64]int{}
	next := func() int { i++; return i }
	a[len(s)&3], p[i&1] = func() (float64, float64) { return p[i&3], 1 }()
	m[a[1]] = next()
	a[len(s)&3], p[i&1] = func() (float64, float64) { return p[i&3], 1 }()
	return m[a[1]], p[0]
}
