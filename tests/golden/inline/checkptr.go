// errorcheck -0 -m -d=checkptr

// Under checkptr, calls of the reflect methods whose result it follows stay, and of what the runtime has.
package p

import (
	"reflect"
	"unsafe"
)

func address(p *int) unsafe.Pointer { // ERROR "leaking param: p"
	return unsafe.Pointer(reflect.ValueOf(p).Pointer()) // ERROR "inlining call to reflect.ValueOf" "inlining call to reflect.unpackEface"
}
