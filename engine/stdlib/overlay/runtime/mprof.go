package runtime

// Profiles by sampling are not taken here: the trace has every allocation. The functions are there for programs
// that call them, and tell of no records.

// MemProfileRate is the sampling rate, which nothing reads.
var MemProfileRate int = 512 * 1024

// StackRecord is a call stack.
type StackRecord struct {
	Stack0 [32]uintptr
}

// Stack returns the part of Stack0 that is used.
func (r *StackRecord) Stack() []uintptr { return usedPart(r.Stack0[:]) }

func usedPart(stack []uintptr) []uintptr {
	for i, pc := range stack {
		if pc == 0 {
			return stack[:i]
		}
	}
	return stack
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
func (r *MemProfileRecord) Stack() []uintptr { return usedPart(r.Stack0[:]) }

// BlockProfileRecord is how long one call stack blocked.
type BlockProfileRecord struct {
	Count  int64
	Cycles int64
	StackRecord
}

func MemProfile(p []MemProfileRecord, inuseZero bool) (n int, ok bool) { return 0, true }
func BlockProfile(p []BlockProfileRecord) (n int, ok bool)             { return 0, true }
func MutexProfile(p []BlockProfileRecord) (n int, ok bool)             { return 0, true }
func ThreadCreateProfile(p []StackRecord) (n int, ok bool)             { return 0, true }
func CPUProfile() []byte                                               { return nil }
func SetBlockProfileRate(rate int)                                     {}
func SetCPUProfileRate(hz int)                                         {}
func SetMutexProfileFraction(rate int) int                             { return 0 }

// GoroutineProfile would fill p with the stacks of all goroutines.
func GoroutineProfile(p []StackRecord) (n int, ok bool) { return NumGoroutine(), false }

func StartTrace() error       { return plainError("tracing is built in: export the run's trace instead") }
func StopTrace()              {}
func ReadTrace() (buf []byte) { return nil }
