// A body is known from the packages imported here: their own functions', and those that they inlined themselves.
package main

import (
	"crypto/hmac"
	"fmt"
	"iter"
	"os"
)

func stamp(info os.FileInfo) (int64, int64, bool, bool) {
	t := info.ModTime()
	return t.Unix(), t.UnixNano(), t.IsZero(), info.Mode().IsRegular()
}

func reason(err error) error {
	if e, ok := err.(*os.PathError); ok && !e.Timeout() {
		return e.Unwrap()
	}
	return err
}

func main() {
	next, stop := iter.Pull(func(yield func(int) bool) { yield(1) })
	defer stop()
	fmt.Println(next())
	_, err := os.Stat("nowhere")
	if info, err := os.Stat("nowhere"); err == nil {
		fmt.Println(stamp(info))
	}
	fmt.Println(reason(err), hmac.Equal([]byte("ab"), []byte("ab")))
}
