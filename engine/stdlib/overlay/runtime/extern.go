package runtime

import (
	"internal/goarch"
	"internal/goos"
)

// Compiler names the tool chain that is modelled.
const Compiler = "gc"

// GOOS and GOARCH are the target's.
const (
	GOOS   string = goos.GOOS
	GOARCH string = goarch.GOARCH
)

var buildVersion = "go1.26.8"

// Version is the Go version that is modelled.
func Version() string { return buildVersion }

// GOROOT is where the modelled tool chain is installed.
func GOROOT() string { return "/usr/local/go" }

// There is one P, on one processor.

// NumCPU is the number of processors.
func NumCPU() int { return 1 }

// GOMAXPROCS cannot change the number of Ps, which is one; it returns that number.
func GOMAXPROCS(n int) int { return 1 }

// SetDefaultGOMAXPROCS does what GOMAXPROCS does.
func SetDefaultGOMAXPROCS() {}

// NumCgoCall is zero: there is no cgo.
func NumCgoCall() int64 { return 0 }

// Breakpoint does nothing: there is no debugger to stop in.
func Breakpoint() {}

// In C++. callers stores the program counters of the calling goroutine's frames; skip 0 starts with the
// function that calls callers.
//
//go:noescape
func callers(skip int, pc *uintptr, n int) int

// stack writes the traceback of this goroutine, or of all, to buf.
//
//go:noescape
func stack(buf *byte, n int, all bool) int

// collect runs a whole collection, sweep included.
func collect()

// GC is a collection that the caller waits for. Others run before it is over, and then what it found to finalize.
func GC() {
	Gosched()
	collect()
	Gosched()
}

// Gosched lets other goroutines run.
func Gosched()

// NumGoroutine counts the program's goroutines.
func NumGoroutine() int

// KeepAlive keeps x alive up to here.
//
//go:noescape
func KeepAlive(x any)

// There is one thread, to which every goroutine is wired.
func LockOSThread()
func UnlockOSThread()

// Callers fills pc with the program counters of the calls under way; skip 0 is Callers itself.
func Callers(skip int, pc []uintptr) int {
	if len(pc) == 0 {
		return 0
	}
	return callers(skip, &pc[0], len(pc))
}

// Caller tells where the function skip levels up was called from; 0 is the caller of Caller.
func Caller(skip int) (pc uintptr, file string, line int, ok bool) {
	var pcs [1]uintptr
	if callers(skip+1, &pcs[0], 1) == 0 {
		return
	}
	_, file, line, _ = pcinfo(pcs[0])
	return pcs[0], file, line, true
}

// Stack writes a traceback to buf and returns how much it wrote.
func Stack(buf []byte, all bool) int {
	if len(buf) == 0 {
		return 0
	}
	return stack(&buf[0], len(buf), all)
}
