// run -unstressed

// What the runtime allocates for itself: timers of sleeping goroutines, records of defers and waits, boxes of
// cleanups; and what it does not allocate for nothing.
package main

import (
	"fmt"
	"runtime"
	"sync"
	"time"
)

var (
	bytes []byte
	runes []rune
	n     int
)

//go:noinline
func empty() string { return "" }

func measure(name string, f func()) {
	f()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range 10 {
		f()
	}
	runtime.ReadMemStats(&after)
	fmt.Println(name, after.Mallocs-before.Mallocs, after.TotalAlloc-before.TotalAlloc)
}

func three(yield func(int) bool) {
	_ = yield(1) && yield(2) && yield(3)
}

func deferAll() {
	for i := range three {
		defer func() { n += i }()
	}
}

func deferLoop() {
	for i := range 40 {
		defer func() { n += i }()
	}
}

func recovered() {
	defer func() { recover() }()
	for i := range three {
		defer func() { n += i }()
	}
	panic("x")
}

func inGoroutine(f func()) {
	var wait sync.WaitGroup
	wait.Add(1)
	go func() { f(); wait.Done() }()
	wait.Wait()
}

func main() {
	measure("bytes of an empty string", func() { bytes = []byte(empty()) })
	measure("runes of an empty string", func() { runes = []rune(empty()) })
	measure("sleep", func() { time.Sleep(1) })
	measure("sleep in a goroutine", func() { inGoroutine(func() { time.Sleep(1); time.Sleep(1) }) })
	measure("defers over a function", deferAll)
	measure("defers and a panic", recovered)
	measure("defers in a loop", deferLoop)
	measure("defers in a goroutine", func() { inGoroutine(deferLoop) })
	measure("cleanups", func() {
		p := new([4]int)
		runtime.AddCleanup(p, func(int) {}, 3).Stop()
		runtime.AddCleanup(p, func(*int) {}, &n).Stop()
	})
	measure("waits", func() {
		c := make(chan int)
		var wait sync.WaitGroup
		for range 200 {
			wait.Go(func() { c <- 1 })
		}
		runtime.Gosched()
		for range 200 {
			n += <-c
		}
		wait.Wait()
	})
}
