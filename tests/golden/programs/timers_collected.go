// Timers that nobody can reach any more are collected, running or not; those that somebody needs fire.
//
//go:debug asynctimerchan=0
package main

import (
	"fmt"
	"runtime"
	"time"
)

var count int

func later(d time.Duration, n int) *time.Timer {
	return time.AfterFunc(d, func() { count += n })
}

func objects() int64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapObjects)
}

func main() {
	before := objects()
	for range 1000 {
		_ = time.After(time.Hour)
		time.NewTicker(time.Hour)
		time.NewTimer(time.Hour).Stop()
	}
	fmt.Println(objects()-before < 1000)

	// Only its channel is left of the first; the others keep themselves.
	c := time.After(20 * time.Millisecond)
	later(10*time.Millisecond, 1)
	again := later(time.Millisecond, 10)
	for range 3 {
		runtime.GC()
		_ = make([]byte, 1<<20)
	}
	<-c
	fmt.Println(count)
	runtime.GC()
	again.Reset(time.Millisecond)
	runtime.GC()
	ticker := time.NewTicker(time.Millisecond)
	for range 3 {
		runtime.GC()
		<-ticker.C
	}
	fmt.Println(count)
}
