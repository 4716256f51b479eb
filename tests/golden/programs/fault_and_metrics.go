// Faults that panic, and every metric of the runtime has a value of its kind.
package main

import (
	"fmt"
	"math"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"unsafe"
)

func fault() {
	defer func() {
		r := recover()
		_, isError := r.(runtime.Error)
		at := r.(interface{ Addr() uintptr }).Addr()
		fmt.Printf("%T %v %v %#x\n", r, r, isError, at)
	}()
	*(*int)(unsafe.Pointer(uintptr(0xdead0000))) = 1
}

func main() {
	for _, description := range metrics.All() {
		sample := []metrics.Sample{{Name: description.Name}}
		metrics.Read(sample)
		value := sample[0].Value
		if value.Kind() != description.Kind {
			fmt.Println(description.Name, description.Kind, value.Kind())
			continue
		}
		if value.Kind() == metrics.KindFloat64Histogram {
			h := value.Float64Histogram()
			last := h.Buckets[len(h.Buckets)-1]
			fmt.Println(description.Name, len(h.Counts), len(h.Buckets), h.Buckets[0], h.Buckets[5], h.Buckets[61], math.IsInf(last, 1))
		}
	}
	unknown := []metrics.Sample{{Name: "/nope:x"}, {Name: "/gc/gogc:percent"}, {Name: "/gc/gomemlimit:bytes"}}
	metrics.Read(unknown)
	fmt.Println(unknown[0].Value.Kind(), unknown[1].Value.Uint64(), unknown[2].Value.Uint64())
	fmt.Println(debug.SetPanicOnFault(true), debug.SetPanicOnFault(true))
	fault()
	done := make(chan bool)
	go func() { done <- debug.SetPanicOnFault(false) }()
	fmt.Println(<-done, debug.SetPanicOnFault(false))
}
