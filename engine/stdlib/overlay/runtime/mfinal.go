package runtime

import (
	"internal/abi"
	"unsafe"
)

// What addfinalizer answers.
const (
	finalizerAdded = iota
	finalizerExists
	finalizerNotInHeap
)

// What nextfinalizer hands out.
const (
	readyFinalizer = 0
	readyCleanup   = 2
)

// In C++. addfinalizer attaches fn to the object at p; fn stays.
func addfinalizer(p unsafe.Pointer, fn unsafe.Pointer, argType, objType *abi.Type, resultBytes uintptr) int

//go:noescape
func removefinalizer(p unsafe.Pointer)

// objectstart is the first byte of the heap object around p that a program can have a pointer to; nil when p
// is not in the heap.
//
//go:noescape
func objectstart(p unsafe.Pointer) unsafe.Pointer

// nextfinalizer parks the calling goroutine until an object with a finalizer or cleanup has died.
func nextfinalizer() (kind int, fn unsafe.Pointer, p unsafe.Pointer, argType, objType *abi.Type, arg unsafe.Pointer)

type emptyInterface struct {
	typ  *abi.Type
	data unsafe.Pointer
}

// SetFinalizer makes finalizer run with obj once nothing reaches obj any more; nil takes it away.
func SetFinalizer(obj any, finalizer any) {
	object := (*emptyInterface)(unsafe.Pointer(&obj))
	if object.typ == nil {
		throw("runtime.SetFinalizer: first argument is nil")
	}
	if object.typ.Kind() != abi.Pointer {
		throw("runtime.SetFinalizer: first argument is " + typeString(object.typ) + ", not pointer")
	}
	elem := object.typ.Elem()
	start := objectstart(object.data)
	if start == nil {
		if object.data == nil {
			throw("runtime.SetFinalizer: pointer not in allocated block")
		}
		return // static data lives for ever
	}
	// Only small pointer-free objects may share a block with others.
	if object.data != start && (elem.Pointers() || elem.Size_ >= 16) {
		throw("runtime.SetFinalizer: pointer not at beginning of allocated block")
	}
	f := (*emptyInterface)(unsafe.Pointer(&finalizer))
	if f.typ == nil {
		removefinalizer(object.data)
		return
	}
	if f.typ.Kind() != abi.Func {
		throw("runtime.SetFinalizer: second argument is " + typeString(f.typ) + ", not a function")
	}
	signature := (*abi.FuncType)(unsafe.Pointer(f.typ))
	if signature.IsVariadic() {
		throw("runtime.SetFinalizer: cannot pass " + typeString(object.typ) + " to finalizer " + typeString(f.typ) +
			" because dotdotdot")
	}
	if signature.InCount != 1 || !finalizerAccepts(signature.InSlice()[0], object.typ) {
		throw("runtime.SetFinalizer: cannot pass " + typeString(object.typ) + " to finalizer " + typeString(f.typ))
	}
	var results uintptr
	for _, t := range signature.OutSlice() {
		align := uintptr(t.Align_)
		results = (results+align-1)&^(align-1) + t.Size_
	}
	startfinalizers()
	if addfinalizer(object.data, f.data, signature.InSlice()[0], object.typ, (results+7)&^7) == finalizerExists {
		throw("runtime.SetFinalizer: finalizer already set")
	}
}

// finalizerAccepts tells whether a value of the pointer type obj can be passed as an argument of type arg.
func finalizerAccepts(arg, obj *abi.Type) bool {
	if arg == obj {
		return true
	}
	switch arg.Kind() {
	case abi.Pointer:
		return (arg.Uncommon() == nil || obj.Uncommon() == nil) && arg.Elem() == obj.Elem()
	case abi.Interface:
		wanted := (*abi.InterfaceType)(unsafe.Pointer(arg))
		return len(wanted.Methods) == 0 || assertE2I2(wanted, obj) != nil
	}
	return false
}

var finalizersStarted bool

// startfinalizers starts the goroutine that runs finalizers and cleanups, at the first one.
func startfinalizers() {
	if !finalizersStarted {
		finalizersStarted = true
		startsystem(runfinalizers, 2)
	}
}

// runfinalizers is that goroutine's loop.
func runfinalizers() {
	for {
		kind, fn, p, argType, objType, arg := nextfinalizer()
		if kind == readyCleanup {
			(*(*func(*funcval, unsafe.Pointer))(unsafe.Pointer(&fn)))((*funcval)(p), arg)
			continue
		}
		// The argument is one pointer or one interface: a call with the same slots as the finalizer's own type.
		if argType.Kind() == abi.Pointer {
			(*(*func(unsafe.Pointer))(unsafe.Pointer(&fn)))(p)
			continue
		}
		value := emptyInterface{objType, p}
		if wanted := (*abi.InterfaceType)(unsafe.Pointer(argType)); len(wanted.Methods) != 0 {
			value.typ = (*abi.Type)(unsafe.Pointer(assertE2I(wanted, objType)))
		}
		(*(*func(any))(unsafe.Pointer(&fn)))(*(*any)(unsafe.Pointer(&value)))
	}
}
