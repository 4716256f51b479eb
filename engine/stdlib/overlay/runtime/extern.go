package runtime

import (
	"internal/abi"
	"internal/goarch"
	"internal/goos"
	"internal/runtime/atomic"
	"unsafe"
)

// A program sees of these functions what the compiler says about calls of them. So those that the
// distribution's compiler inlines are written at the same cost, with calls of the same names, and the
// others are marked go:noinline; what they keep of their arguments is the same too.

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
func GOROOT() string {
	root := gogetenv("GOROOT")
	if root != "" {
		return root
	}
	return defaultGOROOT
}

var defaultGOROOT = "/usr/local/go"

// In C++: a variable of the environment that the program started in.
func gogetenv(key string) string

// NumCPU is the number of processors.
func NumCPU() int { return int(numCPUStartup) }

// Set when the program is loaded.
var numCPUStartup, gomaxprocs int32 = 1, 1

// GOMAXPROCS sets the number of Ps and returns the old one.
// Model: it is a number that programs see. There is one P, on which all goroutines run.
//
//go:noinline
func GOMAXPROCS(n int) int {
	old := int(gomaxprocs)
	if n > 0 && n < 1<<30 {
		gomaxprocs = int32(n)
	}
	return old
}

// SetDefaultGOMAXPROCS goes back to a P a processor.
//
//go:noinline
func SetDefaultGOMAXPROCS() { gomaxprocs = numCPUStartup }

// NumCgoCall is zero: there is no cgo.
func NumCgoCall() int64 {
	n := int64(atomic.Load64(&ncgocall))
	for mp := (*m)(atomic.Loadp(unsafe.Pointer(&allm))); mp != nil; mp = mp.alllink {
		n += int64(mp.ncgocall)
	}
	return n
}

var ncgocall uint64

// What SetCgoTraceback got.
var cgoTraceback, cgoContext, cgoSymbolizer unsafe.Pointer

// SetCgoTraceback keeps the three functions, which nothing calls: there is no cgo.
//
//go:noinline
func SetCgoTraceback(version int, traceback, context, symbolizer unsafe.Pointer) {
	if version != 0 {
		panic("unsupported version")
	}
	changes := func(old, now unsafe.Pointer) bool { return old != nil && old != now }
	if changes(cgoTraceback, traceback) || changes(cgoContext, context) || changes(cgoSymbolizer, symbolizer) {
		panic("call SetCgoTraceback only once")
	}
	cgoTraceback, cgoContext, cgoSymbolizer = traceback, context, symbolizer
}

// Breakpoint does nothing: there is no debugger to stop in.
func Breakpoint() { breakpoint() }

//go:noinline
func breakpoint() {}

// In C++. storecallers stores the program counters of the calling goroutine's frames; skip 0 starts with the
// function that calls storecallers.
//
//go:noescape
func storecallers(skip int, pc *uintptr, n int) int

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
func Gosched() {
	checkTimeouts()
	mcall(gosched_m)
}

func checkTimeouts() {}

//go:noinline
func mcall(fn func(*g)) { goschedule() }

func gosched_m(gp *g) {}

// In C++. goschedule puts the calling goroutine at the end of the run queue; goroutines counts the program's.
func goschedule()

//go:noescape
func goroutines(length *uintptr) uintptr

// NumGoroutine counts the program's goroutines.
func NumGoroutine() int { return int(gcount(false)) }

func gcount(includeSys bool) int32 {
	n := int32(goroutines(&allglen)) - sched.free.stack.size - sched.free.noStack.size
	if !includeSys {
		n -= sched.ngsys.Load()
	}
	for _, pp := range allp {
		n -= pp.free.size
	}
	if n < 1 {
		n = 1
	}
	return n
}

// What the runtime keeps about goroutines that are free or its own. goroutines leaves them out.
var (
	sched struct {
		free  struct{ stack, noStack struct{ size int32 } }
		ngsys atomic.Int32
	}
	allp    []*p
	allm    *m
	allglen uintptr
)

type p struct {
	free struct{ size int32 }
}

type m struct {
	alllink   *m
	ncgocall  uint64
	lockedExt uint32
	lockedInt uint32
	lockedg   uintptr
}

type g struct {
	m       *m
	lockedm uintptr
}

// Nobody sets it, which the compiler cannot know.
var never bool

// KeepAlive keeps x alive up to here.
//
//go:noinline
func KeepAlive(x any) {
	if never {
		println(x)
	}
}

// There is one thread, to which every goroutine is wired; calls are counted.

//go:noinline
func LockOSThread() { theg.m.lockedExt++ }

func UnlockOSThread() {
	gp := &theg
	if gp.m.lockedExt == 0 {
		return
	}
	gp.m.lockedExt--
	dounlockOSThread()
}

func dounlockOSThread() {
	gp := &theg
	if gp.m.lockedInt != 0 || gp.m.lockedExt != 0 {
		return
	}
	gp.m.lockedg = 0
	gp.lockedm = 0
}

var (
	them m
	theg = g{m: &them}
)

// Callers fills pc with the program counters of the calls under way; skip 0 is Callers itself.
//
//line /usr/local/go/src/runtime/extern.go:334
func Callers(skip int, pc []uintptr) int {
	if len(pc) == 0 {
		return 0
	}

	return callers(skip, pc)
}

//go:noinline
func callers(skip int, pc []uintptr) int { return storecallers(skip+1, &pc[0], len(pc)) }

//line /usr/local/go/src/runtime/extern.go:320

// Caller tells where the function skip levels up was called from; 0 is the caller of Caller.
func Caller(skip int) (pc uintptr, file string, line int, ok bool) {
	rpc := make([]uintptr, 1)
	n := callers(skip+1, rpc)
	if n < 1 {
		return
	}
	frame, _ := CallersFrames(rpc).Next()
	return frame.PC, frame.File, frame.Line, frame.PC != 0
}

// Stack writes a traceback to buf and returns how much it wrote.
//
//go:noinline
func Stack(buf []byte, all bool) int {
	buf = abi.Escape(buf)
	if len(buf) == 0 {
		return 0
	}
	return stack(&buf[0], len(buf), all)
}
