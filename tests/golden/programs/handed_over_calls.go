// Calls that natives hand over (comparisons of interface values) while the scheduler takes the goroutine away.
package main

import (
	"runtime"
	"sync"
	"sync/atomic"
)

func main() {
	var v atomic.Value
	var w sync.WaitGroup
	v.Store(0)
	m, n := 100, 100
	for i := 0; i < m; i++ {
		w.Add(1)
		go func() {
			for j := i; j < m*n; runtime.Gosched() {
				if v.CompareAndSwap(j, j+1) {
					j += m
				}
			}
			w.Done()
		}()
	}
	w.Wait()
	println(v.Load().(int))
}
