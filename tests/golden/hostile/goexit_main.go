// The main goroutine goes away and nobody else is left.
package main

import "runtime"

func main() {
	defer println("deferred")
	runtime.Goexit()
}
