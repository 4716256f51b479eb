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

func main() {
	for i := range 3 {
		table[byte(i)] = hex[i&15]
	}
	g := &grid{}
	hi, lo := digits(0xa7)
	println(string(encode(nil, 0x5c)[:2]), string([]byte{hi, lo}), g.bump(3, 2), g.bump(64, 1))
}
