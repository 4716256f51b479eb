package main

import (
	"fmt"
	"strconv"
	"strings"
)

func reverse(s string) string {
	r := []rune(s)
	for i, j := 0, len(r)-1; i < j; i, j = i+1, j-1 {
		r[i], r[j] = r[j], r[i]
	}
	return string(r)
}

func wordCount(text string) map[string]int {
	m := make(map[string]int)
	for _, w := range strings.Fields(text) {
		m[strings.ToLower(strings.Trim(w, ".,!"))]++
	}
	return m
}

func main() {
	fmt.Println(reverse("Hello, 世界"))
	fmt.Println(wordCount("The cat. The dog, the END!"))
	var b strings.Builder
	for i := 3; i > 0; i-- {
		fmt.Fprintf(&b, "%d...", i)
	}
	b.WriteString("go")
	fmt.Println(b.String(), b.Len())
	s := "a,b,c"
	s += "," + strings.Repeat("z", 40)
	fmt.Println(strings.Split(s, ","), strings.Index(s, "c"), strings.Contains(s, "zz"))
	n, err := strconv.Atoi("12x")
	fmt.Println(n, err)
	f, _ := strconv.ParseFloat("3.25", 64)
	fmt.Println(f, strconv.Quote("tab\t"), strconv.FormatInt(-255, 16))
	fmt.Println(strings.Map(func(r rune) rune {
		if r == 'a' {
			return -1
		}
		return r + 1
	}, "banana"))
	by := []byte("xyz")
	by[0] = 'X'
	fmt.Println(string(by), s[:3], s[2] == 'b', "abc" < "abd")
	r := strings.NewReplacer("<", "&lt;", ">", "&gt;")
	fmt.Println(r.Replace("<b>bold</b>"))
	fmt.Println(strings.EqualFold("Go", "GO"), strings.TrimLeft("xxhixx", "x"), strings.Title("hello world"))
	before, after, found := strings.Cut("key=value", "=")
	fmt.Println(before, after, found)
}
