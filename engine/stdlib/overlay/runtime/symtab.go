package runtime

import (
	"internal/abi"
	"unsafe"
)

// In C++. pcinfo tells what a program counter of Callers stands for; the name is empty when it is none.
func pcinfo(pc uintptr) (name, file string, line int, entry uintptr)

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
		name, file, line, entry := pcinfo(pc)
		if name == "" {
			continue
		}
		return Frame{PC: pc, Func: FuncForPC(pc), Function: name, File: file, Line: line, Entry: entry}, len(ci.callers) > 0
	}
	return Frame{}, false
}

// Func is a function of the program.
type Func struct {
	name  string
	file  string
	line  int
	entry uintptr
}

// The functions that FuncForPC has been asked for: each has one Func.
var funcs []*Func

// FuncForPC returns the function that pc lies in, or nil.
func FuncForPC(pc uintptr) *Func {
	name, file, line, entry := pcinfo(pc)
	if name == "" {
		// Not from Callers: the address of a function.
		if name, file, line, entry = pcinfo(pc + 1); name == "" {
			return nil
		}
	}
	for _, f := range funcs {
		if f.entry == entry && f.name == name {
			return f
		}
	}
	f := &Func{name, file, line, entry}
	funcs = append(funcs, f)
	return f
}

// Name is the function's name with its package's path.
//
//go:noinline
func (f *Func) Name() string {
	if f == nil {
		return ""
	}
	hidden := (*Func)(abi.NoEscape(unsafe.Pointer(f)))
	return hidden.name
}

// Entry is the function's address.
//
//go:noinline
func (f *Func) Entry() uintptr { return f.entry }

// FileLine is the source line of pc.
//
//go:noinline
func (f *Func) FileLine(pc uintptr) (file string, line int) {
	name, file, line, _ := pcinfo(pc)
	if name == "" {
		hidden := (*Func)(abi.NoEscape(unsafe.Pointer(f)))
		return hidden.file, hidden.line
	}
	return file, line
}
