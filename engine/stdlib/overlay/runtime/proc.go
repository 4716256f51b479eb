// The main goroutine, the runtime's own goroutines, coroutines and reflect's select.

package runtime

import (
	"internal/abi"
	"unsafe"
)

// The package initialisers in order; the linker fills it.
var initTasks []func()

//go:linkname main_main main.main
func main_main()

func exit(code int)
func beforemain()
func startsystem(fn func(), kind int)
func parksystem()

//line /usr/local/go/src/runtime/proc.go:279
func main() {
	// Four goroutines of the runtime's own come first, as in Go: ids 2 to 5.
	startsystem(parksystem, 0)
	startsystem(runtimers, 1)
	startsystem(parksystem, 0)
	startsystem(parksystem, 0)
	Gosched()
	for _, task := range initTasks {
		task()
	}
	beforemain()
	main_main()
	exit(0)
}

//line /usr/local/go/src/runtime/proc.go:291

func nexttimer() (f func(arg any, seq uintptr, delta int64), arg any, seq uintptr, delta int64)

func runtimers() {
	for {
		f, arg, seq, delta := nexttimer()
		f(arg, seq, delta)
	}
}

// A coro is one side of iter.Pull: the goroutine that waits in it.
type coro struct {
	waiting int
	f       func(*coro)
	_       [2]uintptr // the runtime's is 32 bytes: its thread and how that is locked
}

func corostart(fn func(), c *coro) int
func coroargument() *coro

//go:noescape
func corotransfer(c *coro)

//go:noescape
func coroexit(c *coro)

func newcoro(f func(*coro)) *coro {
	c := new(coro)
	c.f = f
	c.waiting = corostart(corobody, c)
	return c
}

func corobody() {
	c := coroargument()
	defer coroexit(c) // also when c.f ends in Goexit
	c.f(c)
}

func coroswitch(c *coro) { corotransfer(c) }

// reflect.Select.

type hchan struct{}

type scase struct {
	c    *hchan
	elem unsafe.Pointer
}

type runtimeSelect struct {
	dir uintptr // 1 send, 2 receive, 3 default
	typ unsafe.Pointer
	ch  *hchan
	val unsafe.Pointer
}

func assertE2I(inter *abi.InterfaceType, t *abi.Type) *abi.ITab
func assertE2I2(inter *abi.InterfaceType, t *abi.Type) *abi.ITab

//go:noescape
func selectgo(cas0 *scase, order0 *uint16, pc0 *uintptr, nsends, nrecvs int, block bool) (int, bool)
func block()

// Types are found by typesByString (natives_runtime.cpp): there are no lists of them.
//
//go:linkname reflect_typelinks reflect.typelinks
func reflect_typelinks() ([]unsafe.Pointer, [][]int32) { return nil, nil }

//go:linkname reflect_rselect reflect.rselect
func reflect_rselect(cases []runtimeSelect) (int, bool) {
	if len(cases) == 0 {
		block()
	}
	ordered := make([]scase, 0, len(cases))
	index := make([]int, 0, len(cases))
	hasDefault := -1
	sends := 0
	for pass := uintptr(1); pass <= 2; pass++ {
		for i, c := range cases {
			if c.dir == 3 {
				hasDefault = i
			} else if c.dir == pass {
				ordered = append(ordered, scase{c.ch, c.val})
				index = append(index, i)
			}
		}
		if pass == 1 {
			sends = len(ordered)
		}
	}
	if len(ordered) == 0 {
		return hasDefault, false
	}
	order := make([]uint16, 2*len(ordered))
	chosen, ok := selectgo(&ordered[0], &order[0], nil, sends, len(ordered)-sends, hasDefault < 0)
	if chosen < 0 {
		return hasDefault, ok
	}
	return index[chosen], ok
}

// What the kept files of the runtime (map.go, error.go) refer to.

const (
	raceenabled = false
	msanenabled = false
	asanenabled = false
	maxAlloc    = 1 << 48
)

func racewritepc(addr unsafe.Pointer, callerpc, pc uintptr)                {}
func racereadpc(addr unsafe.Pointer, callerpc, pc uintptr)                 {}
func raceReadObjectPC(t *_type, addr unsafe.Pointer, callerpc, pc uintptr) {}
func msanread(addr unsafe.Pointer, sz uintptr)                             {}
func asanread(addr unsafe.Pointer, sz uintptr)                             {}

//go:noescape
func typedmemmove(typ *abi.Type, dst, src unsafe.Pointer)

var zeroVal [abi.ZeroValSize]byte

var staticuint64s = [...]uint64{
	0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07,
	0x08, 0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x0e, 0x0f,
	0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17,
	0x18, 0x19, 0x1a, 0x1b, 0x1c, 0x1d, 0x1e, 0x1f,
	0x20, 0x21, 0x22, 0x23, 0x24, 0x25, 0x26, 0x27,
	0x28, 0x29, 0x2a, 0x2b, 0x2c, 0x2d, 0x2e, 0x2f,
	0x30, 0x31, 0x32, 0x33, 0x34, 0x35, 0x36, 0x37,
	0x38, 0x39, 0x3a, 0x3b, 0x3c, 0x3d, 0x3e, 0x3f,
	0x40, 0x41, 0x42, 0x43, 0x44, 0x45, 0x46, 0x47,
	0x48, 0x49, 0x4a, 0x4b, 0x4c, 0x4d, 0x4e, 0x4f,
	0x50, 0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57,
	0x58, 0x59, 0x5a, 0x5b, 0x5c, 0x5d, 0x5e, 0x5f,
	0x60, 0x61, 0x62, 0x63, 0x64, 0x65, 0x66, 0x67,
	0x68, 0x69, 0x6a, 0x6b, 0x6c, 0x6d, 0x6e, 0x6f,
	0x70, 0x71, 0x72, 0x73, 0x74, 0x75, 0x76, 0x77,
	0x78, 0x79, 0x7a, 0x7b, 0x7c, 0x7d, 0x7e, 0x7f,
	0x80, 0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87,
	0x88, 0x89, 0x8a, 0x8b, 0x8c, 0x8d, 0x8e, 0x8f,
	0x90, 0x91, 0x92, 0x93, 0x94, 0x95, 0x96, 0x97,
	0x98, 0x99, 0x9a, 0x9b, 0x9c, 0x9d, 0x9e, 0x9f,
	0xa0, 0xa1, 0xa2, 0xa3, 0xa4, 0xa5, 0xa6, 0xa7,
	0xa8, 0xa9, 0xaa, 0xab, 0xac, 0xad, 0xae, 0xaf,
	0xb0, 0xb1, 0xb2, 0xb3, 0xb4, 0xb5, 0xb6, 0xb7,
	0xb8, 0xb9, 0xba, 0xbb, 0xbc, 0xbd, 0xbe, 0xbf,
	0xc0, 0xc1, 0xc2, 0xc3, 0xc4, 0xc5, 0xc6, 0xc7,
	0xc8, 0xc9, 0xca, 0xcb, 0xcc, 0xcd, 0xce, 0xcf,
	0xd0, 0xd1, 0xd2, 0xd3, 0xd4, 0xd5, 0xd6, 0xd7,
	0xd8, 0xd9, 0xda, 0xdb, 0xdc, 0xdd, 0xde, 0xdf,
	0xe0, 0xe1, 0xe2, 0xe3, 0xe4, 0xe5, 0xe6, 0xe7,
	0xe8, 0xe9, 0xea, 0xeb, 0xec, 0xed, 0xee, 0xef,
	0xf0, 0xf1, 0xf2, 0xf3, 0xf4, 0xf5, 0xf6, 0xf7,
	0xf8, 0xf9, 0xfa, 0xfb, 0xfc, 0xfd, 0xfe, 0xff,
}

func getStaticuint64s() *[256]uint64 { return &staticuint64s }

//go:noescape
func memclrNoHeapPointers(ptr unsafe.Pointer, n uintptr)

//go:noescape
func reflectcall(stackArgsType *_type, fn, stackArgs unsafe.Pointer, stackArgsSize, stackRetOffset, frameSize uint32, regArgs *abi.RegArgs)
