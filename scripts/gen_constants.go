// Command gen_constants writes tests/unit/base/testdata/constants.txt: operations on
// constants as the package go/constant answers them, one tab-separated line each.
package main

import (
	"fmt"
	"go/constant"
	"go/token"
	"strings"
)

var ints = []string{"0", "1", "7", "0x10", "0b1011", "0o17", "017", "1_000_000", "4294967296", "1152921504606846975",
	"1152921504606846976", "9223372036854775807", "9223372036854775808", "18446744073709551615", "340282366920938463463374607431768211456"}
var floats = []string{"0.0", "1.0", "0.1", "3.14159265358979323846264338327950288419716939937510582097494459", "1e100", "1e-100",
	"1e400", "1e-400", "1e2000", "1e-2000", "1e100000", "1e-100000", "0x1p-1074", "0x1.fffffffffffffp1023", "2.5e-324", "4.9e-324",
	"1.7976931348623157e308", "1.7976931348623159e308", "3.4028235e38", "3.4028236e38", "1e1000000000", "1e-1000000000", "1e3000000000", "1_0.2_5", ".5", "123456.0", "1234567.0",
	"100000.5", "1000000.5", "12345678.25", "0x1p-2", "0x_1F.8p4", "0.00001", "0.0001", "16777217.0", "9007199254740993.0", "1e-6", "0.3333333333"}
var others = []string{"1i", "0.5i", "'a'", "'\\n'", "'\\u00e9'", "'\\xff'", `"abc"`, `"a\tb\x00\u00e9\U0001F600\xff"`, "`raw\\n`", `""`,
	`"` + strings.Repeat("0123456789", 8) + `"`, `"` + strings.Repeat("é", 80) + `"`}

func kind(s string) token.Token {
	switch {
	case s[0] == '\'':
		return token.CHAR
	case s[0] == '"' || s[0] == '`':
		return token.STRING
	case s[len(s)-1] == 'i':
		return token.IMAG
	case strings.HasPrefix(s, "0x") && !strings.ContainsAny(s, ".p"):
		return token.INT
	case !strings.HasPrefix(s, "0x") && strings.ContainsAny(s, ".e"), strings.ContainsAny(s, ".p"):
		return token.FLOAT
	}
	return token.INT
}

func val(s string) constant.Value { return constant.MakeFromLiteral(s, kind(s), 0) }

func show(v constant.Value) string {
	s := v.String() + "\t" + v.ExactString()
	if v.Kind() == constant.Int || v.Kind() == constant.Float {
		f64, e64 := constant.Float64Val(v)
		f32, e32 := constant.Float32Val(v)
		// Rat.Float32 calls some underflows to zero exact: leave those out.
		e64, e32 = e64 && f64 != 0, e32 && f32 != 0
		s += fmt.Sprintf("\t%x %v\t%x %v\t%d", f64, e64, f32, e32, constant.Sign(v))
		s += "\t" + constant.ToInt(v).String() + "\t" + constant.ToFloat(v).ExactString()
		s += "\t" + constant.Num(v).String() + "\t" + constant.Denom(v).String()
	}
	if v.Kind() == constant.Int {
		i, ok := constant.Int64Val(v)
		u, uok := constant.Uint64Val(v)
		if !ok {
			i = 0 // undefined
		}
		if !uok {
			u = 0 // undefined
		}
		s += fmt.Sprintf("\t%d %v\t%d %v\t%d", i, ok, u, uok, constant.BitLen(v))
	}
	return s
}

func main() {
	for _, s := range append(append(append([]string{}, ints...), floats...), others...) {
		fmt.Printf("lit\t%s\t%d\t%s\n", s, map[token.Token]int{token.INT: 0, token.FLOAT: 1, token.IMAG: 2, token.CHAR: 3, token.STRING: 4}[kind(s)], show(val(s)))
		if v := val(s); v.Kind() == constant.Int || v.Kind() == constant.Float {
			fmt.Printf("neg\t%s\t%d\t%s\n", s, map[token.Token]int{token.INT: 0, token.FLOAT: 1, token.CHAR: 3}[kind(s)], show(constant.UnaryOp(token.SUB, v, 0)))
		}
	}
	iops := []token.Token{token.ADD, token.SUB, token.MUL, token.QUO, token.QUO_ASSIGN, token.REM, token.AND, token.OR, token.XOR, token.AND_NOT}
	names := []string{"add", "sub", "mul", "quo", "intquo", "rem", "and", "or", "xor", "andnot"}
	neg := func(v constant.Value) constant.Value { return constant.UnaryOp(token.SUB, v, 0) }
	pairs := [][2]string{{"7", "3"}, {"0x10", "7"}, {"9223372036854775807", "9223372036854775807"}, {"18446744073709551615", "1_000_000"},
		{"340282366920938463463374607431768211456", "18446744073709551615"}, {"1152921504606846976", "1"}, {"4294967296", "4294967296"}, {"1", "340282366920938463463374607431768211456"}}
	for _, p := range pairs {
		for i, op := range iops {
			for sign := 0; sign < 4; sign++ {
				x, y := val(p[0]), val(p[1])
				if sign&1 != 0 {
					x = neg(x)
				}
				if sign&2 != 0 {
					y = neg(y)
				}
				fmt.Printf("%s\t%s\t%s\t%d\t%s\n", names[i], p[0], p[1], sign, show(constant.BinaryOp(x, op, y)))
			}
		}
	}
	for _, a := range []string{"0.1", "1e400", "1e2000", "1e-2000", "1e100000", "3.0", "1e-100", "0.3333333333"} {
		for _, b := range []string{"0.2", "1e-400", "1e2000", "1e-2000", "7.0", "1e100"} {
			for i, op := range iops[:4] {
				fmt.Printf("f%s\t%s\t%s\t0\t%s\n", names[i], a, b, show(constant.BinaryOp(val(a), op, val(b))))
			}
			for _, c := range []token.Token{token.EQL, token.LSS, token.GEQ} {
				fmt.Printf("cmp%s\t%s\t%s\t0\t%v\n", c, a, b, constant.Compare(val(a), c, val(b)))
			}
		}
	}
	for _, s := range []uint{0, 1, 3, 60, 61, 64, 127, 200} {
		for _, a := range []string{"1", "7", "9223372036854775807", "340282366920938463463374607431768211456"} {
			fmt.Printf("shl\t%s\t%d\t0\t%s\n", a, s, show(constant.Shift(val(a), token.SHL, s)))
			fmt.Printf("shr\t%s\t%d\t0\t%s\n", a, s, show(constant.Shift(neg(val(a)), token.SHR, s)))
		}
	}
	for _, b := range []uint{0, 8, 64} {
		fmt.Printf("not\t7\t%d\t0\t%s\n", b, show(constant.UnaryOp(token.XOR, val("7"), b)))
	}
}
