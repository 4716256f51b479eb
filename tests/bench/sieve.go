// Slices of bools, nested counting loops.
package main

func primes(n int) (count int) {
	composite := make([]bool, n+1)
	for i := 2; i <= n; i++ {
		if composite[i] {
			continue
		}
		count++
		for j := i * i; j <= n; j += i {
			composite[j] = true
		}
	}
	return count
}

func main() {
	total := 0
	for range 5 {
		total += primes(2000000)
	}
	println(total)
}
