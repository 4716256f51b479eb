// errorcheck

// A label's mistake is no reason for the checker to stop.
package main

func main() {
L: // ERROR "label L defined and not used"
	for {
		break M // ERROR "break label not defined: M"
	}
	var x string = 1 // ERROR "declared and not used: x" "cannot use 1 .* as string value"
	""(undefined) // ERROR "cannot call .*untyped string is not a function"
}
