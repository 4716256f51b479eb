// Panics, run-time errors and Goexit, in the runtime's words. The machine asks panicnext for the deferred calls;
// a recovered panic never comes back from it.

package runtime

import (
	"internal/abi"
	"unsafe"
)

// The machine reads and writes these fields by offset.
type _panic struct {
	arg        any
	link       *_panic
	recovered  bool
	repanicked bool
	goexit     bool
}

//go:noescape
func panicstart(p *_panic)

//go:noescape
func goexitstart(p *_panic)
func panicnext() (fn func(), ok bool)
func goexitdone()
func dopanic(bubble int)
func faultaddress() uintptr
func faultcode() uintptr
func setfaultaddress(addr uintptr)

func throw(s string)
func throwsignal(s string) // throw, of a fault of the machine
func fatal(s string)

// A PanicNilError happens when code calls panic(nil).
type PanicNilError struct {
	_ [0]func()
}

func (*PanicNilError) Error() string {
	return "panic called with nil argument"
}
func (*PanicNilError) RuntimeError() {}

var panicnilUsed func() // counts for the metric of the setting

// panicNil returns what panic(nil) panics with.
func panicNil() any {
	if debugSetting("panicnil") != "1" {
		return new(PanicNilError)
	}
	if panicnilUsed == nil && newIncNonDefault != nil {
		panicnilUsed = newIncNonDefault("panicnil")
	}
	if panicnilUsed != nil {
		panicnilUsed()
	}
	return nil
}

//line /usr/local/go/src/runtime/panic.go:809
func gopanic(e any) {
	if e == nil {
		e = panicNil()
	}
	var p _panic
	p.arg = e
	panicstart(&p)
	for {
		fn, ok := panicnext()
		if !ok {
			break
		}
//line /usr/local/go/src/runtime/panic.go:860
		fn()
	}
	bubble := 0
	if deadlock, ok := p.arg.(synctestDeadlockError); ok {
		bubble = deadlock.bubble
	}
	preprintpanics(&p)
	printpanics(&p)
	if isSignal(&p) {
		print("[signal SIGSEGV: segmentation violation code=", hex(faultcode()), " addr=", hex(faultaddress()), " pc=", hex(abi.FuncPCABIInternal(gopanic)), "]\n")
	}
	dopanic(bubble)
}

//line /usr/local/go/src/runtime/panic.go:900
type hex uint64

// isSignal reports whether a panic that is under way came from a fault of the machine.
func isSignal(p *_panic) bool {
	for ; p != nil; p = p.link {
		if p.arg == any(memoryErrorText) {
			return true
		}
	}
	return false
}

func preprintpanics(p *_panic) {
	defer func() {
		text := "panic while printing panic value"
		switch r := recover().(type) {
		case nil:
		case string:
			throw(text + ": " + r)
		default:
			text += ": type " + toRType(efaceOf(&r)._type).string()
			if r == any(memoryError) {
				throwsignal(text)
			}
			throw(text)
		}
	}()
	for p != nil {
		if p.link != nil && *efaceOf(&p.link.arg) == *efaceOf(&p.arg) {
			p.link.repanicked = true
			p = p.link
			continue
		}
		switch v := p.arg.(type) {
		case error:
			p.arg = v.Error()
		case stringer:
			p.arg = v.String()
		}
		p = p.link
	}
}

func printpanics(p *_panic) {
	if p.link != nil {
		printpanics(p.link)
		if p.link.repanicked {
			return
		}
		if !p.link.goexit {
			print("\t")
		}
	}
	if p.goexit {
		return
	}
	print("panic: ")
	printpanicval(p.arg)
	if p.recovered && p.repanicked {
		print(" [recovered, repanicked]")
	} else if p.recovered {
		print(" [recovered]")
	}
	print("\n")
}

// Goexit terminates the goroutine that calls it. No other goroutine is affected.
// Goexit runs all deferred calls before terminating the goroutine.
func Goexit() {
	var p _panic
	p.goexit = true
	goexitstart(&p)
	for {
		fn, ok := panicnext()
		if !ok {
			break
		}
//line /usr/local/go/src/runtime/panic.go:694
		fn()
	}
	goexitdone()
}

// deferrangefunc is called by functions that are about to execute a range-over-func loop: its
// result stands for their frame.
func deferrangefunc() any

// deferprocat defers fn in that frame.
func deferprocat(fn func(), frame any)

// Bounds failures. x is the index, y the length or capacity.

func panicIndex(x int, y int)        { panic(boundsError{int64(x), y, true, abi.BoundsIndex}) }
func panicIndexU(x uint, y int)      { panic(boundsError{int64(x), y, false, abi.BoundsIndex}) }
func panicSliceAlen(x int, y int)    { panic(boundsError{int64(x), y, true, abi.BoundsSliceAlen}) }
func panicSliceAlenU(x uint, y int)  { panic(boundsError{int64(x), y, false, abi.BoundsSliceAlen}) }
func panicSliceAcap(x int, y int)    { panic(boundsError{int64(x), y, true, abi.BoundsSliceAcap}) }
func panicSliceAcapU(x uint, y int)  { panic(boundsError{int64(x), y, false, abi.BoundsSliceAcap}) }
func panicSliceB(x int, y int)       { panic(boundsError{int64(x), y, true, abi.BoundsSliceB}) }
func panicSliceBU(x uint, y int)     { panic(boundsError{int64(x), y, false, abi.BoundsSliceB}) }
func panicSlice3Alen(x int, y int)   { panic(boundsError{int64(x), y, true, abi.BoundsSlice3Alen}) }
func panicSlice3AlenU(x uint, y int) { panic(boundsError{int64(x), y, false, abi.BoundsSlice3Alen}) }
func panicSlice3Acap(x int, y int)   { panic(boundsError{int64(x), y, true, abi.BoundsSlice3Acap}) }
func panicSlice3AcapU(x uint, y int) { panic(boundsError{int64(x), y, false, abi.BoundsSlice3Acap}) }
func panicSlice3B(x int, y int)      { panic(boundsError{int64(x), y, true, abi.BoundsSlice3B}) }
func panicSlice3BU(x uint, y int)    { panic(boundsError{int64(x), y, false, abi.BoundsSlice3B}) }
func panicSlice3C(x int, y int)      { panic(boundsError{int64(x), y, true, abi.BoundsSlice3C}) }
func panicSlice3CU(x uint, y int)    { panic(boundsError{int64(x), y, false, abi.BoundsSlice3C}) }
func panicSliceConvert(x int, y int) { panic(boundsError{int64(x), y, true, abi.BoundsConvert}) }

var (
	divideError     = error(errorString("integer divide by zero"))
	overflowError   = error(errorString("integer overflow")) // for math/bits
	shiftError      = error(errorString("negative shift amount"))
	memoryError     = error(errorString("invalid memory address or nil pointer dereference"))
	memoryErrorText = "runtime error: invalid memory address or nil pointer dereference"
)

func panicdivide() { panic(divideError) }

func panicoverflow() { panic(overflowError) }
func panicshift()  { panic(shiftError) }

func panicmemAddr(addr uintptr) {
	setfaultaddress(addr)
	panic(memoryError)
}

// panicfault is for goroutines that asked for panics on faults (debug.SetPanicOnFault).
func panicfault(addr uintptr) {
	setfaultaddress(addr)
	panic(errorAddressString{msg: "invalid memory address or nil pointer dereference", addr: addr})
}

// What unsafe.Slice checks, for reflect.SliceAt.
//
//go:linkname reflect_unsafeslice reflect.unsafeslice
func reflect_unsafeslice(et *_type, ptr unsafe.Pointer, len int) {
	if len < 0 {
		panicunsafeslicelen()
	}
	if ptr == nil && len > 0 {
		panicunsafeslicenilptr()
	}
	if room := -uintptr(ptr); et.Size_ > 0 && uintptr(len) > room/et.Size_ {
		panicunsafeslicelen()
	}
}

func panicmakeslicelen()           { panic(errorString("makeslice: len out of range")) }
func panicmakeslicecap()           { panic(errorString("makeslice: cap out of range")) }
func panicunsafeslicelen()         { panic(errorString("unsafe.Slice: len out of range")) }
func panicunsafeslicenilptr()      { panic(errorString("unsafe.Slice: ptr is nil and len is not zero")) }
func panicunsafestringlen()        { panic(errorString("unsafe.String: len out of range")) }
func panicunsafestringnilptr()     { panic(errorString("unsafe.String: ptr is nil and len is not zero")) }
func panicPlain(text string)       { panic(plainError(text)) }
func panicErrorString(text string) { panic(errorString(text)) }
func panicUnhashable(t *_type)     { panic(errorString("hash of unhashable type " + toRType(t).string())) }
func panicUncomparable(t *_type) {
	panic(errorString("comparing uncomparable type " + toRType(t).string()))
}
func panicTypeAssert(iface, concrete, asserted *_type, missing string) {
	panic(&TypeAssertionError{iface, concrete, asserted, missing})
}

// What a range-over-func body that is called at the wrong time gets.
var (
	rangeDoneError         = error(errorString("range function continued iteration after function for loop body returned false"))
	rangePanicError        = error(errorString("range function continued iteration after loop body panic"))
	rangeExhaustedError    = error(errorString("range function continued iteration after whole loop exit"))
	rangeMissingPanicError = error(errorString("range function recovered a loop body panic and did not resume panicking"))
)

func panicrangestate(state int) {
	switch abi.RF_State(state) {
	case abi.RF_DONE:
		panic(rangeDoneError)
	case abi.RF_PANIC:
		panic(rangePanicError)
	case abi.RF_EXHAUSTED:
		panic(rangeExhaustedError)
	case abi.RF_MISSING_PANIC:
		panic(rangeMissingPanicError)
	}
	throw("unexpected state set by compiler for a range function")
}

// Names of functions, for panicwrap (error.go).

type funcInfo struct{ pc uintptr }

func findfunc(pc uintptr) funcInfo { return funcInfo{pc} }
func funcname(f funcInfo) string {
	name, _, _, _, _ := pcinfo(f.pc)
	return name
}

// The parts of types that error texts need.

type _type = abi.Type

type rtype struct{ *abi.Type }

func toRType(t *abi.Type) rtype { return rtype{t} }
func (t rtype) string() string  { return typestring(t.Type) }
func (t rtype) pkgpath() string { return typepackage(t.Type) }

//go:noescape
func typestring(t *abi.Type) string

//go:noescape
func typepackage(t *abi.Type) string

type eface struct {
	_type *_type
	data  unsafe.Pointer
}

func efaceOf(ep *any) *eface { return (*eface)(unsafe.Pointer(ep)) }

func typeString(t *_type) string { return typestring(t) }

// In C++: where deferred calls of a range-over-func body belong, and one such call.
func deferrangefunc() any
func deferprocat(fn func(), frame any)
