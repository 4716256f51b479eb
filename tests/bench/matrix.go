// Rows of floats in a slice of slices.
package main

func product(n int, a, b [][]float64) [][]float64 {
	c := make([][]float64, n)
	for i := range c {
		c[i] = make([]float64, n)
		for k := range n {
			x := a[i][k]
			for j := range n {
				c[i][j] += x * b[k][j]
			}
		}
	}
	return c
}

func main() {
	const n = 160
	a, b := make([][]float64, n), make([][]float64, n)
	for i := range n {
		a[i], b[i] = make([]float64, n), make([]float64, n)
		for j := range n {
			a[i][j], b[i][j] = float64(i+j), float64(i-j)
		}
	}
	for range 8 {
		a = product(n, a, b)
		for i := range a {
			for j := range a[i] {
				a[i][j] /= 1e6
			}
		}
	}
	println(int(a[3][5] * 1e3))
}
