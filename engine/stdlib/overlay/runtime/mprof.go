package runtime

import (
	"internal/abi"
	"internal/runtime/atomic"
)

// Profiles by sampling are not taken here: the trace has every allocation. The functions are there for programs
// that call them, and tell of no records.

// MemProfileRate is the sampling rate, which nothing reads.
var MemProfileRate int = 512 * 1024

// StackRecord is a call stack.
type StackRecord struct {
	Stack0 [32]uintptr
}

// Stack returns the part of Stack0 that is used.
func (r *StackRecord) Stack() []uintptr {
	for i, pc := range r.Stack0 {
		if pc == 0 {
			return r.Stack0[:i]
		}
	}
	return r.Stack0[:]
}

// MemProfileRecord is what one call stack allocated.
type MemProfileRecord struct {
	AllocBytes, FreeBytes     int64
	AllocObjects, FreeObjects int64
	Stack0                    [32]uintptr
}

// InUseBytes is the number of bytes not freed yet.
func (r *MemProfileRecord) InUseBytes() int64 { return r.AllocBytes - r.FreeBytes }

// InUseObjects is the number of objects not freed yet.
func (r *MemProfileRecord) InUseObjects() int64 { return r.AllocObjects - r.FreeObjects }

// Stack returns the part of Stack0 that is used.
func (r *MemProfileRecord) Stack() []uintptr {
	for i, pc := range r.Stack0 {
		if pc == 0 {
			return r.Stack0[:i]
		}
	}
	return r.Stack0[:]
}

// BlockProfileRecord is how long one call stack blocked.
type BlockProfileRecord struct {
	Count  int64
	Cycles int64
	StackRecord
}

//go:noinline
func MemProfile(p []MemProfileRecord, inuseZero bool) (n int, ok bool) { return 0, true }

//go:noinline
func BlockProfile(p []BlockProfileRecord) (n int, ok bool) {
	abi.Escape(p)
	return 0, true
}

//go:noinline
func MutexProfile(p []BlockProfileRecord) (n int, ok bool) {
	abi.Escape(p)
	return 0, true
}

//go:noinline
func ThreadCreateProfile(p []StackRecord) (n int, ok bool) { return 0, true }

func CPUProfile() []byte { panic("CPUProfile no longer available") }

//go:noinline
func SetBlockProfileRate(rate int) {}

//go:noinline
func SetCPUProfileRate(hz int) {}

var mutexprofilerate uint64

// SetMutexProfileFraction keeps the rate, and returns the one before.
func SetMutexProfileFraction(rate int) int {
	if rate < 0 {
		return int(mutexprofilerate)
	}
	before := mutexprofilerate
	atomic.Store64(&mutexprofilerate, uint64(rate))
	return int(before)
}

// GoroutineProfile would fill p with the stacks of all goroutines.
//
//go:noinline
func GoroutineProfile(p []StackRecord) (n int, ok bool) { return NumGoroutine(), false }

//go:noinline
func StartTrace() error {
	return plainError("tracing is built in: export the run's trace instead")
}

func StopTrace() { traceAdvance(true) }

//go:noinline
func ReadTrace() (buf []byte) { return nil }
