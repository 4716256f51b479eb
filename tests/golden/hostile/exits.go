// os.Exit: no deferred calls, nothing printed.
package main

import (
	"fmt"
	"os"
)

func main() {
	defer fmt.Println("not run")
	fmt.Println("before")
	os.Exit(3)
}
