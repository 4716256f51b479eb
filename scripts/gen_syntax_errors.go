// Command gen_syntax_errors rewrites tests/unit/syntax/testdata/errors.txt: to each case
// ("-- name --", source) it asks the compiler anew for the errors ("-- errors --").
// Sources spell bytes that text files cannot hold as <NUL>, <FF>, <BOM> and <CR>.
package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

const path = "tests/unit/syntax/testdata/errors.txt"

var bytesOf = strings.NewReplacer("<NUL>", "\x00", "<FF>", "\xff", "<BOM>", "\ufeff", "<CR>", "\r")

func main() {
	data, err := os.ReadFile(path)
	if err != nil {
		panic(err)
	}
	dir, _ := os.MkdirTemp("", "")
	defer os.RemoveAll(dir)
	var out strings.Builder
	for _, c := range strings.Split("\n"+string(data), "\n== ")[1:] {
		name, rest, _ := strings.Cut(c, "\n")
		source, _, _ := strings.Cut(rest, "-- errors --\n")
		file := filepath.Join(dir, "x.go")
		os.WriteFile(file, []byte(bytesOf.Replace(source)), 0o666)
		cmd := exec.Command("go", "tool", "compile", "-e", "-p=p", "x.go")
		cmd.Dir = dir
		errors, _ := cmd.CombinedOutput()
		fmt.Fprintf(&out, "== %s\n%s-- errors --\n%s", name, source, strings.ReplaceAll(string(errors), "x.go:", ""))
	}
	os.WriteFile(path, []byte(out.String()), 0o666)
}
