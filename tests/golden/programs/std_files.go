// run -stdin "first\nsecond\nlast"
// Files in memory: what os, io/fs and path/filepath do with them; pipes between goroutines; standard streams.
package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
)

func check(err error) {
	if err != nil {
		fmt.Println("error:", err)
	}
}

func main() {
	dir, err := os.MkdirTemp("", "files")
	check(err)
	defer os.RemoveAll(dir)
	name := func(s string) string { return filepath.Join(dir, s) }
	short := func(err error) string { return strings.ReplaceAll(fmt.Sprint(err), dir, "DIR") }

	check(os.WriteFile(name("a.txt"), []byte("one\ntwo\nthree\n"), 0o640))
	check(os.MkdirAll(name("sub/deep"), 0o755))
	check(os.WriteFile(name("sub/deep/b.txt"), nil, 0o600))
	_, err = os.ReadFile(name("missing"))
	fmt.Println(short(err), errors.Is(err, fs.ErrNotExist), os.IsNotExist(err))
	fmt.Println(short(os.Mkdir(name("sub"), 0o755)), short(os.Remove(name("sub"))))
	fmt.Println(short(os.WriteFile(name("sub"), nil, 0o644)))

	// Append, seek, scan.
	f, err := os.OpenFile(name("a.txt"), os.O_APPEND|os.O_RDWR, 0)
	check(err)
	fmt.Fprintf(f, "%s\n", "four")
	f.Seek(4, io.SeekStart)
	for s := bufio.NewScanner(f); s.Scan(); {
		fmt.Print(s.Text(), ";")
	}
	info, err := f.Stat()
	check(err)
	fmt.Println(info.Name(), info.Size(), info.Mode(), info.IsDir())
	check(f.Truncate(7))
	check(f.Close())
	fmt.Println(short(f.Close()))
	data, _ := os.ReadFile(name("a.txt"))
	fmt.Printf("%q\n", data)

	check(os.Symlink("a.txt", name("link")))
	target, _ := os.Readlink(name("link"))
	fmt.Println(target)
	check(os.Rename(name("a.txt"), name("sub/c.txt")))
	_, err = os.Stat(name("link"))
	fmt.Println(short(err))
	check(os.Chmod(name("sub/c.txt"), 0o400))
	entries, _ := os.ReadDir(name("sub"))
	for _, e := range entries {
		i, _ := e.Info()
		fmt.Println(e.Name(), e.IsDir(), i.Mode())
	}
	filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		rel, _ := filepath.Rel(dir, path)
		fmt.Print(rel, " ", d.Type(), "; ")
		return err
	})
	fmt.Println()
	matches, _ := filepath.Glob(name("sub/*.txt"))
	fmt.Println(len(matches), fs.ValidPath("sub/c.txt"))
	text, err := fs.ReadFile(os.DirFS(dir), "sub/c.txt")
	fmt.Printf("%q %v\n", text, err)
	root, err := os.OpenRoot(dir)
	check(err)
	_, err = root.Open("../x")
	fmt.Println(short(err))
	check(os.Chdir(name("sub")))
	wd, _ := os.Getwd()
	fmt.Println(strings.TrimPrefix(wd, dir))
	_, err = os.Stat("c.txt")
	check(err)

	// What is printed goes through a pipe to another goroutine.
	r, w, err := os.Pipe()
	check(err)
	stdout := os.Stdout
	os.Stdout = w
	var wg sync.WaitGroup
	var lines []string
	wg.Go(func() {
		for s := bufio.NewScanner(r); s.Scan(); {
			lines = append(lines, strings.ToUpper(s.Text()))
		}
	})
	for i := range 3 {
		fmt.Println("line", i)
	}
	w.Close()
	wg.Wait()
	os.Stdout = stdout
	fmt.Println(lines)

	in := bufio.NewReader(os.Stdin)
	line, err := in.ReadString('\n')
	fmt.Printf("%q %v\n", line, err)
	rest, err := io.ReadAll(in)
	fmt.Printf("%q %v\n", rest, err)
	fmt.Fprintln(os.Stderr, "to standard error")
	os.Exit(3)
}
