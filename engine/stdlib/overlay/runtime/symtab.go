package runtime

import (
	"internal/abi"
	"internal/bytealg"
	"unsafe"
)

// In C++. pcinfo tells what a program counter of Callers stands for; the name is empty when it is none. Names are
// static data.
func pcinfo(pc uintptr) (name, file string, line int, entry uintptr, inlined bool)

// Frames goes through the frames that Callers' program counters stand for.
type Frames struct {
	callers    []uintptr
	nextPC     uintptr
	frames     []Frame // room for what is looked ahead
	frameStore [2]Frame
}

// Frame is one of them.
type Frame struct {
	PC       uintptr
	Func     *Func
	Function string
	File     string
	Line     int

	startLine int

	Entry uintptr

	funcInfo [2]unsafe.Pointer
}

// CallersFrames prepares to go through what Callers returned.
func CallersFrames(callers []uintptr) *Frames {
	f := &Frames{callers: callers}
	f.frames = f.frameStore[:0]
	return f
}

// Next returns the next frame, and whether there are more.
func (ci *Frames) Next() (frame Frame, more bool) {
	ci = abi.Escape(ci)
	for len(ci.callers) > 0 {
		pc := ci.callers[0]
		ci.callers = ci.callers[1:]
		name, file, line, entry, inlined := pcinfo(pc)
		if name == "" {
			continue
		}
		var f *Func
		if !inlined {
			f = funcAt(entry)
		}
		return Frame{PC: pc, Func: f, Function: funcNameForPrint(name), File: file, Line: line, Entry: entry}, len(ci.callers) > 0
	}
	return Frame{}, false
}

// Func is a function of the program: a *Func is the function's entry address, or points to a funcinl.
type Func struct {
	opaque struct{}
}

// funcinl is a call that was inlined, for FuncForPC.
type funcinl struct {
	ones      uint32
	entry     uintptr // of the function that it was inlined into
	name      string
	file      string
	line      int32
	startLine int32
}

func funcAt(entry uintptr) *Func { return *(**Func)(unsafe.Pointer(&entry)) }

// FuncForPC returns the function that pc lies in, or nil.
func FuncForPC(pc uintptr) *Func {
	name, file, line, entry, inlined := pcinfo(pc)
	if name == "" {
		// Not from Callers: the address of a function.
		if name, file, line, entry, inlined = pcinfo(pc + 1); name == "" {
			return nil
		}
	}
	if !inlined {
		return funcAt(entry)
	}
	fi := &funcinl{
		ones:  ^uint32(0),
		entry: entry,
		name:  name,
		file:  file,
		line:  int32(line),
	}
	return (*Func)(unsafe.Pointer(fi))
}

// raw tells what f stands for: a function that pcinfo knows by its address, or an inlined call.
func (f *Func) raw() (entry uintptr, fi *funcinl) {
	hidden := abi.NoEscape(unsafe.Pointer(f))
	if name, _, _, _, _ := pcinfo(uintptr(hidden) + 1); name != "" {
		return uintptr(hidden), nil
	}
	return 0, (*funcinl)(hidden)
}

// Name is the function's name with its package's path.
//
//go:noinline
func (f *Func) Name() string {
	if f == nil {
		return ""
	}
	entry, fi := f.raw()
	if fi != nil {
		return funcNameForPrint(fi.name)
	}
	name, _, _, _, _ := pcinfo(entry + 1)
	return funcNameForPrint(name)
}

// Entry is the function's address.
//
//go:noinline
func (f *Func) Entry() uintptr {
	entry, fi := f.raw()
	if fi != nil {
		return fi.entry
	}
	return entry
}

// FileLine is the source line of pc.
//
//go:noinline
func (f *Func) FileLine(pc uintptr) (file string, line int) {
	entry, fi := f.raw()
	if fi != nil {
		return fi.file, int(fi.line)
	}
	name, file, line, _, _ := pcinfo(pc)
	if name == "" {
		_, file, line, _, _ = pcinfo(entry + 1)
	}
	return file, line
}

// funcNameForPrint puts "..." for type arguments.
func funcNameForPrint(name string) string {
	i := bytealg.IndexByteString(name, '[')
	if i < 0 {
		return name
	}
	j := len(name) - 1
	for name[j] != ']' {
		j--
	}
	if j <= i {
		return name
	}
	return name[:i] + "[...]" + name[j+1:]
}
