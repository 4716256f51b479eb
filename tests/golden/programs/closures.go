package main

import "fmt"

type account struct {
	balance int
	log     []string
}

func counter(start, step int) func() int {
	n := start
	return func() int {
		n += step
		return n
	}
}

func (a *account) deposit() func(int) *account {
	return func(amount int) *account {
		a.balance += amount
		a.log = append(a.log, fmt.Sprint("deposit ", amount))
		return a
	}
}

func compose(fs ...func(int) int) func(int) int {
	return func(x int) int {
		for _, f := range fs {
			x = f(x)
		}
		return x
	}
}

func main() {
	a, b := counter(0, 1), counter(100, 10)
	fmt.Println(a(), a(), b(), a(), b())

	acc := &account{}
	put := acc.deposit()
	put(5)
	put(7)
	fmt.Println(acc.balance, acc.log)

	double := func(x int) int { return 2 * x }
	fmt.Println(compose(double, double, func(x int) int { return x - 3 })(5))

	var prints []func()
	for i := 0; i < 3; i++ {
		prints = append(prints, func() { fmt.Print(i, " ") })
	}
	for _, p := range prints {
		p()
	}
	fmt.Println()

	big := [20]int{1, 2, 3}
	sum := 0
	func() {
		for _, v := range big {
			sum += v
		}
	}()
	fmt.Println(sum)
}
