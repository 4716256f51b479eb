// Fatal, not a panic.
package main

func main() {
	defer func() { println("not run", recover() != nil) }()
	var f func()
	go f()
}
