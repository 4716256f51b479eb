package main

import "fmt"

func grade(n int) string {
	switch {
	case n >= 90:
		return "A"
	case n >= 80:
		fallthrough
	case n >= 70:
		return "B or C"
	default:
		return "F"
	}
}

func day(s string) (n int) {
	switch s {
	case "mon", "tue", "wed":
		n = 1
	case "sat", "sun":
		n = 2
		break
	default:
		n = -1
	}
	return
}

func collatz(n int) (steps int) {
loop:
	if n == 1 {
		return steps
	}
	steps++
	if n%2 == 0 {
		n /= 2
	} else {
		n = 3*n + 1
	}
	goto loop
}

func kind(x any) string {
	switch x.(type) {
	case int8, int16:
		return "small"
	case fmt.Stringer:
		return "stringer"
	case map[string]int, []byte:
		return "container"
	case nil:
		return "nothing"
	case *int:
		return "pointer"
	}
	return "?"
}

func main() {
	for _, n := range []int{95, 85, 75, 10} {
		fmt.Print(grade(n), "; ")
	}
	fmt.Println(day("tue"), day("sun"), day("x"))
	fmt.Println(collatz(27))
	n := 3
	fmt.Println(kind(int16(1)), kind([]byte(nil)), kind(nil), kind(&n), kind(1.5))
outer:
	for i := 0; i < 3; i++ {
		for j := 0; ; j++ {
			switch {
			case j == 2:
				continue outer
			case i == 2:
				break outer
			}
			fmt.Print(i, j, " ")
		}
	}
	fmt.Println()
	switch x := n * 2; x {
	case 1, 2, 3:
		fmt.Println("low")
	case 4, 5, 6:
		fmt.Println("mid")
	}
	i := 10
	for i > 0 {
		i -= 3
	}
	fmt.Println(i)
	var c [10]int
	for i := range c {
		c[i] = i * i
	}
	for i, v := range c[2:5] {
		fmt.Print(i, "=", v, " ")
	}
	fmt.Println()
}
