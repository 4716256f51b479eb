package main

import "fmt"

type animal interface{ sound() string }

type base struct {
	name string
	legs int
}

func (b base) describe() string { return fmt.Sprintf("%s has %d legs", b.name, b.legs) }
func (b *base) rename(n string) { b.name = n }

type dog struct {
	*base
	tricks []string
}

func (d dog) sound() string { return d.name + " says woof" }

type puppy struct {
	dog
	animal
	age int
}

func (p puppy) sound() string { return p.dog.sound() + " softly" }

type logger struct{ prefix string }

func (l logger) log(s string) { fmt.Println(l.prefix + s) }

type service struct {
	logger
	fmt.Stringer
	hits int
}

type version int

func (v version) String() string { return fmt.Sprintf("v%d", int(v)) }

func main() {
	d := dog{&base{"rex", 4}, nil}
	fmt.Println(d.describe(), d.legs)
	d.rename("max")
	fmt.Println(d.sound())
	p := puppy{dog: d, age: 1}
	p.rename("tiny")
	fmt.Println(p.describe(), d.name)
	fmt.Println(p.sound())
	var a animal = p
	fmt.Println(a.sound())
	rename := p.rename
	rename("ted")
	fmt.Println((*base).describe(p.base), p.dog.base.name)
	s := service{logger: logger{"> "}, Stringer: version(3)}
	s.log(s.String())
	s.hits++
	fmt.Println(s.hits, s.Stringer)
	type local struct {
		base
		extra bool
	}
	fmt.Printf("%v %+v\n", local{base{"x", 1}, true}, local{})
}
