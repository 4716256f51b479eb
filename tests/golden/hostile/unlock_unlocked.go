// Not a panic: it cannot be recovered.
package main

import "sync"

func main() {
	defer func() { println("not run", recover() != nil) }()
	var mu sync.Mutex
	mu.Unlock()
}
