// Strings put together, split and counted.
package main

import (
	"strconv"
	"strings"
)

func main() {
	total := 0
	for round := range 120 {
		var b strings.Builder
		for i := range 4000 {
			b.WriteString("item ")
			b.WriteString(strconv.Itoa(i * round))
			b.WriteByte(',')
		}
		fields := strings.Split(b.String(), ",")
		for _, f := range fields {
			if strings.HasSuffix(f, "7") {
				total++
			}
			for _, r := range f {
				if r == '3' {
					total++
				}
			}
		}
	}
	println(total)
}
