// What the runtime does for packages of the library that reach for it by linkname.

package runtime

import "unsafe"

// crypto/internal/fips140 and crypto/fips140: marks on the running goroutine.
// Model: the marks are the process's; the module is never in FIPS mode here, so nothing reads them.
var (
	fipsIndicator uint8
	fipsBypass    bool
)

//go:linkname fips_getIndicator crypto/internal/fips140.getIndicator
func fips_getIndicator() uint8 { return fipsIndicator }

//go:linkname fips_setIndicator crypto/internal/fips140.setIndicator
func fips_setIndicator(indicator uint8) { fipsIndicator = indicator }

//go:linkname fips140_setBypass crypto/fips140.setBypass
func fips140_setBypass() { fipsBypass = true }

//go:linkname fips140_unsetBypass crypto/fips140.unsetBypass
func fips140_unsetBypass() { fipsBypass = false }

//go:linkname fips140_isBypassed crypto/fips140.isBypassed
func fips140_isBypassed() bool { return fipsBypass }

// runtime/debug.ReadGCStats: the newest pauses, when they ended, then three figures.
//
//go:linkname readGCStats runtime/debug.readGCStats
func readGCStats(pauses *[]uint64) {
	var m MemStats
	readmemstats(&m)
	n := m.NumGC
	if n > uint32(len(m.PauseNs)) {
		n = uint32(len(m.PauseNs))
	}
	p := (*pauses)[:0]
	for i := uint32(0); i < n; i++ {
		p = append(p, m.PauseNs[(m.NumGC-1-i)%uint32(len(m.PauseNs))])
	}
	for i := uint32(0); i < n; i++ {
		p = append(p, m.PauseEnd[(m.NumGC-1-i)%uint32(len(m.PauseEnd))])
	}
	*pauses = append(p, m.LastGC, uint64(m.NumGC), m.PauseTotalNs)
}

//go:linkname setCrashFD
func setCrashFD(fd uintptr) uintptr { return ^uintptr(0) }

// What runtime/debug.ReadBuildInfo reads, between two marks of 16 bytes.
//
//go:linkname debug_modinfo runtime/debug.modinfo
func debug_modinfo() string {
	defaults := ""
	if godebugDefault != "" {
		defaults = "build\tDefaultGODEBUG=" + godebugDefault + "\n"
	}
	return "0000000000000000" +
		"path\tcommand-line-arguments\nbuild\t-compiler=gc\n" + defaults + "build\tCGO_ENABLED=0\nbuild\tGOARCH=amd64\nbuild\tGOOS=linux\nbuild\tGOAMD64=v1\n" +
		"0000000000000000"
}

//go:linkname debug_WriteHeapDump runtime/debug.WriteHeapDump
func debug_WriteHeapDump(fd uintptr) {}

// internal/godebug: the settings that the program starts with, and those that it makes with os.Setenv.

// The settings that the program was built with: the go command has the linker write them.
var godebugDefault string

var (
	godebugUpdate    func(def, env string)
	newIncNonDefault func(name string) func()
	godebugEnv       string // $GODEBUG, once the program has changed it
	godebugSet       bool   // whether it has
)

//go:linkname godebug_setUpdate internal/godebug.setUpdate
func godebug_setUpdate(update func(string, string)) {
	godebugUpdate = update
	godebugNotify()
}

//go:linkname godebug_setNewIncNonDefault internal/godebug.setNewIncNonDefault
func godebug_setNewIncNonDefault(f func(string) func()) { newIncNonDefault = f }

func godebugNotify() {
	env := godebugEnv
	if !godebugSet {
		env = gogetenv("GODEBUG")
	}
	async := debugSetting("asynctimerchan")
	setasynctimers(async == "1" || async == "2")
	if godebugUpdate != nil && (godebugSet || env != "" || godebugDefault != "") {
		godebugUpdate(godebugDefault, env)
	}
}

func godebugChanged(value string) {
	godebugEnv, godebugSet = value, true
	godebugNotify()
}

//go:linkname syscall_runtimeSetenv syscall.runtimeSetenv
func syscall_runtimeSetenv(key, value string) {
	if key == "GODEBUG" {
		godebugChanged(value)
	}
}

//go:linkname syscall_runtimeUnsetenv syscall.runtimeUnsetenv
func syscall_runtimeUnsetenv(key string) {
	if key == "GODEBUG" {
		godebugChanged("")
	}
}

func setasynctimers(async bool)

// debugSetting returns the value of one of the runtime's own settings: that of the environment, else that
// of the build; the last one counts.
func debugSetting(name string) string {
	env := godebugEnv
	if !godebugSet {
		env = gogetenv("GODEBUG")
	}
	if value, ok := lastSetting(env, name); ok {
		return value
	}
	value, _ := lastSetting(godebugDefault, name)
	return value
}

func lastSetting(settings, name string) (value string, ok bool) {
	for start := 0; start < len(settings); {
		end := start
		for end < len(settings) && settings[end] != ',' {
			end++
		}
		if key := start + len(name); key < end && settings[key] == '=' && settings[start:key] == name {
			value, ok = settings[key+1:end], true
		}
		start = end + 1
	}
	return value, ok
}

// time: sleeping is exact.
//
//go:linkname haveHighResSleep
var haveHighResSleep = true

// runtime/pprof and runtime/trace: no samples are taken, the trace has every event.

var profileLabels unsafe.Pointer

//go:linkname runtime_setProfLabel runtime/pprof.runtime_setProfLabel
func runtime_setProfLabel(labels unsafe.Pointer) { profileLabels = labels }

//go:linkname runtime_getProfLabel runtime/pprof.runtime_getProfLabel
func runtime_getProfLabel() unsafe.Pointer { return profileLabels }

//go:linkname pprof_readProfile runtime/pprof.readProfile
func pprof_readProfile() ([]uint64, []unsafe.Pointer, bool) { return nil, nil, true }

//go:linkname pprof_goroutineProfileWithLabels
func pprof_goroutineProfileWithLabels(p []StackRecord, labels []unsafe.Pointer) (n int, ok bool) {
	return 0, true
}

//go:linkname pprof_goroutineLeakProfileWithLabels
func pprof_goroutineLeakProfileWithLabels(p []StackRecord, labels []unsafe.Pointer) (n int, ok bool) {
	return 0, true
}

//go:linkname pprof_cyclesPerSecond runtime/pprof.runtime_cyclesPerSecond
func pprof_cyclesPerSecond() int64 { return 1000000000 }

//go:linkname pprof_memProfileInternal
func pprof_memProfileInternal(p []MemProfileRecord, inuseZero bool) (n int, ok bool) { return 0, true }

//go:linkname pprof_blockProfileInternal
func pprof_blockProfileInternal(p []BlockProfileRecord) (n int, ok bool) { return 0, true }

//go:linkname pprof_mutexProfileInternal
func pprof_mutexProfileInternal(p []BlockProfileRecord) (n int, ok bool) { return 0, true }

//go:linkname pprof_threadCreateInternal
func pprof_threadCreateInternal(p []StackRecord) (n int, ok bool) { return 0, true }

//go:linkname pprof_fpunwindExpand
func pprof_fpunwindExpand(dst, src []uintptr) int { return copy(dst, src) }

//go:linkname pprof_makeProfStack
func pprof_makeProfStack() []uintptr { return make([]uintptr, 128) }

//go:linkname runtime_FrameStartLine runtime/pprof.runtime_FrameStartLine
func runtime_FrameStartLine(f *Frame) int { return f.startLine }

//go:linkname runtime_FrameSymbolName runtime/pprof.runtime_FrameSymbolName
func runtime_FrameSymbolName(f *Frame) string { return f.Function }

//go:linkname runtime_expandFinalInlineFrame runtime/pprof.runtime_expandFinalInlineFrame
func runtime_expandFinalInlineFrame(stk []uintptr) []uintptr { return stk }

//go:linkname pprof_goroutineleakcount runtime/pprof.runtime_goroutineleakcount
func pprof_goroutineleakcount() int { return 0 }

//go:linkname pprof_goroutineLeakGC runtime/pprof.runtime_goroutineLeakGC
func pprof_goroutineLeakGC() { GC() }

//go:linkname trace_userTaskCreate runtime/trace.userTaskCreate
func trace_userTaskCreate(id, parentID uint64, taskType string) {}

//go:linkname trace_userTaskEnd runtime/trace.userTaskEnd
func trace_userTaskEnd(id uint64) {}

//go:linkname trace_userRegion runtime/trace.userRegion
func trace_userRegion(id, mode uint64, name string) {}

//go:linkname trace_userLog runtime/trace.userLog
func trace_userLog(id uint64, category, message string) {}

//go:linkname traceClockUnitsPerSecond runtime/trace.runtime_traceClockUnitsPerSecond
func traceClockUnitsPerSecond() uint64 { return 1000000000 }

//go:linkname traceAdvance
//go:noinline
func traceAdvance(stopTrace bool) {}

//go:linkname traceClockNow
func traceClockNow() uint64 { return 0 }

//go:linkname trace_readTrace runtime/trace.runtime_readTrace
func trace_readTrace() []byte { return nil }

// weak: handles of objects outside the heap, which never die.
// Model: the runtime keeps these outside the heap.

type immortalWeakHandle struct {
	ptr  uintptr
	next *immortalWeakHandle
}

var immortalWeakHandles *immortalWeakHandle

func weakhandle(p unsafe.Pointer) unsafe.Pointer

//go:linkname weak_runtime_registerWeakPointer weak.runtime_registerWeakPointer
func weak_runtime_registerWeakPointer(p unsafe.Pointer) unsafe.Pointer {
	if p == nil {
		return nil
	}
	if handle := weakhandle(p); handle != nil {
		return handle
	}
	for h := immortalWeakHandles; h != nil; h = h.next {
		if h.ptr == uintptr(p) {
			return unsafe.Pointer(h)
		}
	}
	immortalWeakHandles = &immortalWeakHandle{uintptr(p), immortalWeakHandles}
	return unsafe.Pointer(immortalWeakHandles)
}
