// errorcheck -0 -m=2

// Inlining, closures and the types it uncovers.
package p

type shape interface{ area() int }
type square struct{ side int }
type twice struct{ shape }

func (s square) area() int { return s.side * s.side } // ERROR `^can inline square\.area with cost 6 as: method\(square\) func\(\) int \{ return s\.side \* s\.side \}$`

func newSquare(n int) shape { return square{n} } // ERROR `^can inline newSquare with cost 5 as: func\(int\) shape \{ return square\{\.\.\.\} \}$` `^square\{\.\.\.\} escapes to heap in newSquare:$` `^  flow: ~r0 ← &\{storage for square\{\.\.\.\}\}:$` `^    from square\{\.\.\.\} \(spill\) at rounds\.go:12:44$` `^    from return square\{\.\.\.\} \(return\) at rounds\.go:12:31$` `^square\{\.\.\.\} escapes to heap$`

func wrap(s shape) shape { return twice{s} } // ERROR `^can inline wrap with cost 5 as: func\(shape\) shape \{ return twice\{\.\.\.\} \}$` `^twice\{\.\.\.\} escapes to heap in wrap:$` `^  flow: ~r0 ← &\{storage for twice\{\.\.\.\}\}:$` `^    from twice\{\.\.\.\} \(spill\) at rounds\.go:14:40$` `^    from return twice\{\.\.\.\} \(return\) at rounds\.go:14:28$` `^parameter s leaks to \{storage for twice\{\.\.\.\}\} for wrap with derefs=0:$` `^  flow: \{storage for twice\{\.\.\.\}\} ← s:$` `^    from twice\{\.\.\.\} \(struct literal element\) at rounds\.go:14:40$` `^    from twice\{\.\.\.\} \(interface-converted\) at rounds\.go:14:40$` `^leaking param: s$` `^twice\{\.\.\.\} escapes to heap$`

func measure() int { // ERROR `^cannot inline measure: function too complex: cost 153 exceeds budget 80$`
	return newSquare(3).area() + wrap(newSquare(2)).area() // ERROR `^inlining call to newSquare$` `^devirtualizing \.autotmp_1\.area to square$` `^inlining call to square\.area$` `^inlining call to wrap$` `^partially devirtualizing \.autotmp_2\.area to twice$` `^square\{\.\.\.\} escapes to heap in measure:$` `^  flow: ~r0 ← &\{storage for square\{\.\.\.\}\}:$` `^    from square\{\.\.\.\} \(spill\) at rounds\.go:17:45$` `^    from ~r0 = square\{\.\.\.\} \(assign-pair\) at rounds\.go:17:45$` `^  flow: s ← ~r0:$` `^    from s := ~r0 \(assign-pair\) at rounds\.go:17:35$` `^  flow: \{storage for twice\{\.\.\.\}\} ← s:$` `^    from twice\{\.\.\.\} \(struct literal element\) at rounds\.go:17:35$` `^    from twice\{\.\.\.\} \(interface-converted\) at rounds\.go:17:35$` `^  flow: ~r0 ← &\{storage for twice\{\.\.\.\}\}:$` `^    from twice\{\.\.\.\} \(spill\) at rounds\.go:17:35$` `^    from ~r0 = twice\{\.\.\.\} \(assign-pair\) at rounds\.go:17:35$` `^  flow: \.autotmp_2 ← ~r0:$` `^    from \.autotmp_2 = ~r0 \(assign\) at rounds\.go:17:54$` `^  flow: \{heap\} ← \*\.autotmp_2:$` `^    from \.autotmp_2\.\(twice\) \(dot\) at rounds\.go:17:54$` `^    from \.autotmp_2\.\(twice\)\.shape \(dot\) at rounds\.go:17:49$` `^    from \.autotmp_2\.\(twice\)\.shape\.area\(\) \(call parameter\) at rounds\.go:17:54$` `^square\{\.\.\.\} does not escape$` `^square\{\.\.\.\} escapes to heap$` `^twice\{\.\.\.\} does not escape$`
}

func apply(f func(int) int, n int) int { return f(n) } // ERROR `^can inline apply with cost 21 as: func\(func\(int\) int, int\) int \{ return f\(n\) \}$` `^f does not escape$`

func use(k int) int { // ERROR `^can inline use with cost 54 as: func\(int\) int \{ add := func literal; return apply\(add, 1\) \+ add\(2\) \}$`
	add := func(n int) int { return n + k } // ERROR `^can inline use\.func1 with cost 4 as: func\(int\) int \{ return n \+ k \}$`
	return apply(add, 1) + add(2) // ERROR `^inlining call to apply$` `^inlining call to use\.func1$`
}

func fact(n int) int { // ERROR `^can inline fact with cost 71 as: func\(int\) int \{ if n < 2 \{ return 1 \}; return n \* fact\(n - 1\) \}$`
	if n < 2 {
		return 1
	}
	return n * fact(n-1) // ERROR `^inlining call to fact$`
}

func run() int { return fact(5) } // ERROR `^can inline run with cost 75 as: func\(\) int \{ return fact\(5\) \}$` `^inlining call to fact$` `^cannot inline fact into run: repeated recursive cycle$`

func guarded() { // ERROR `^cannot inline guarded: unhandled op DEFER$`
	defer println("done") // ERROR `^can inline guarded\.deferwrap1 with cost 2 as: func\(\) \{ println\("done"\) \}$`
	recover()
}

//go:noinline
func opaque(x *int) {} // ERROR `^cannot inline opaque: marked go:noinline$` `^x does not escape$`

func pick(ok bool) (p *int, q *int) { // ERROR `^can inline pick with cost 80 as: func\(bool\) \(\*int, \*int\) \{ a, b := 1, 2; if ok \{ return &a, &b \}; opaque\(&a\); return nil, nil \}$`
	a, b := 1, 2 // ERROR `^b escapes to heap in pick:$` `^  flow: q ← &b:$` `^    from &b \(address-of\) at rounds\.go:47:14$` `^    from return &a, &b \(return\) at rounds\.go:47:3$` `^a escapes to heap in pick:$` `^  flow: p ← &a:$` `^    from &a \(address-of\) at rounds\.go:47:10$` `^moved to heap: a$` `^moved to heap: b$`
	if ok {
		return &a, &b
	}
	opaque(&a)
	return nil, nil
}
