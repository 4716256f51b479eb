// runtime/metrics: what the model knows of each metric. What it does not have is zero: cgo, threads that wait, the
// runtime's own memory beside the heap.

package runtime

import "unsafe"

// The fields of runtime/metrics.Sample.
type metricSample struct {
	name    string
	kind    int // one of the following
	scalar  uint64
	pointer unsafe.Pointer // to a metricHistogram
}

const (
	metricBad = iota
	metricUint64
	metricFloat64
	metricFloat64Histogram
)

// The fields of runtime/metrics.Float64Histogram.
type metricHistogram struct {
	counts  []uint64
	buckets []float64
}

//go:linkname readMetrics runtime/metrics.runtime_readMetrics
func readMetrics(samples unsafe.Pointer, len int, cap int) {
	m := new(metricFigures)
	readmemstats(&m.MemStats)
	readfigures(&m.figures)
	for i := range unsafe.Slice((*metricSample)(samples), len) {
		s := (*metricSample)(unsafe.Add(samples, uintptr(i)*unsafe.Sizeof(metricSample{})))
		if histogram := metricDistribution(s.name, m); histogram != nil {
			s.kind, s.pointer = metricFloat64Histogram, unsafe.Pointer(histogram)
		} else if seconds, ok := metricSeconds(s.name, m); ok {
			s.kind, s.scalar = metricFloat64, *(*uint64)(unsafe.Pointer(&seconds))
		} else {
			s.kind, s.scalar = metricCount(s.name, m)
		}
	}
}

// What MemStats does not say.
type figures struct {
	live, tiny                    uint64 // bytes that the last cycle marked, tiny objects
	goroutines, created, runnable uint64 // the runtime's own are among them
	classes                       [68]struct{ size, allocs, frees uint64 }
}

type metricFigures struct {
	MemStats
	figures
}

func readfigures(f *figures)
func gcsettings() (percent, limit int64)
func nanotime() int64

// metricCount returns the kind and the value of a metric that is a whole number.
func metricCount(name string, m *metricFigures) (kind int, value uint64) {
	switch name {
	case "/gc/cycles/total:gc-cycles":
		value = uint64(m.NumGC)
	case "/gc/cycles/forced:gc-cycles":
		value = uint64(m.NumForcedGC)
	case "/gc/cycles/automatic:gc-cycles":
		value = uint64(m.NumGC - m.NumForcedGC)
	case "/gc/gogc:percent":
		percent, _ := gcsettings()
		value = uint64(percent)
	case "/gc/gomemlimit:bytes":
		_, limit := gcsettings()
		value = uint64(limit)
	case "/gc/heap/allocs:bytes":
		value = m.TotalAlloc
	case "/gc/heap/allocs:objects":
		value = m.Mallocs - m.tiny
	case "/gc/heap/frees:bytes":
		value = m.TotalAlloc - m.HeapAlloc
	case "/gc/heap/frees:objects":
		value = m.Frees - m.tiny
	case "/gc/heap/tiny/allocs:objects":
		value = m.tiny
	case "/gc/heap/goal:bytes":
		value = m.NextGC
	case "/gc/heap/live:bytes":
		value = m.live
	case "/memory/classes/heap/objects:bytes":
		value = m.HeapAlloc
	case "/gc/heap/objects:objects":
		value = m.HeapObjects
	case "/gc/scan/stack:bytes", "/memory/classes/heap/stacks:bytes":
		value = m.StackInuse
	case "/gc/scan/heap:bytes": // Model: objects without pointers count too
		value = m.HeapAlloc
	case "/gc/scan/total:bytes":
		value = m.HeapAlloc + m.StackInuse
	case "/gc/stack/starting-size:bytes":
		value = 2048
	case "/memory/classes/heap/free:bytes":
		value = m.HeapIdle - m.HeapReleased
	case "/memory/classes/heap/released:bytes":
		value = m.HeapReleased
	case "/memory/classes/heap/unused:bytes":
		value = m.HeapInuse - m.HeapAlloc
	case "/memory/classes/metadata/mcache/inuse:bytes":
		value = m.MCacheInuse
	case "/memory/classes/metadata/mcache/free:bytes":
		value = m.MCacheSys - m.MCacheInuse
	case "/memory/classes/metadata/mspan/inuse:bytes":
		value = m.MSpanInuse
	case "/memory/classes/metadata/mspan/free:bytes":
		value = m.MSpanSys - m.MSpanInuse
	case "/memory/classes/metadata/other:bytes":
		value = m.GCSys
	case "/memory/classes/os-stacks:bytes":
		value = m.StackSys - m.StackInuse
	case "/memory/classes/other:bytes":
		value = m.OtherSys
	case "/memory/classes/profiling/buckets:bytes":
		value = m.BuckHashSys
	case "/memory/classes/total:bytes":
		value = m.Sys
	case "/sched/gomaxprocs:threads":
		value = uint64(gomaxprocs)
	case "/sched/goroutines:goroutines":
		value = m.goroutines
	case "/sched/goroutines-created:goroutines":
		value = m.created
	case "/sched/goroutines/running:goroutines", "/sched/threads/total:threads":
		value = 1
	case "/sched/goroutines/waiting:goroutines":
		value = m.goroutines - 1 - m.runnable
	case "/sched/goroutines/runnable:goroutines":
		value = m.runnable
	case "/sched/goroutines/not-in-go:goroutines",
		"/cgo/go-to-c-calls:calls", "/gc/cleanups/executed:cleanups", "/gc/cleanups/queued:cleanups",
		"/gc/finalizers/executed:finalizers", "/gc/finalizers/queued:finalizers",
		"/gc/limiter/last-enabled:gc-cycle", "/gc/scan/globals:bytes":
		// Model: finalizers and cleanups are not counted, what globals are scanned neither.
	default:
		return settingCount(name)
	}
	return metricUint64, value
}

// metricSeconds returns a metric that is a time. The modelled machine has one processor, which never idles
// while the program can run; its collector works beside the program but for the pauses.
func metricSeconds(name string, m *metricFigures) (seconds float64, ok bool) {
	pauses := float64(m.PauseTotalNs) / 1e9
	total := float64(nanotime()) / 1e9
	switch name {
	case "/cpu/classes/total:cpu-seconds":
		return total, true
	case "/cpu/classes/user:cpu-seconds":
		return total - pauses, true
	case "/cpu/classes/gc/pause:cpu-seconds", "/cpu/classes/gc/total:cpu-seconds":
		return pauses, true
	case "/cpu/classes/gc/mark/assist:cpu-seconds", "/cpu/classes/gc/mark/dedicated:cpu-seconds",
		"/cpu/classes/gc/mark/idle:cpu-seconds", "/cpu/classes/idle:cpu-seconds",
		"/cpu/classes/scavenge/assist:cpu-seconds", "/cpu/classes/scavenge/background:cpu-seconds",
		"/cpu/classes/scavenge/total:cpu-seconds", "/sync/mutex/wait/total:seconds":
		return 0, true
	}
	return 0, false
}

// metricDistribution returns a metric that is a histogram, or nil.
func metricDistribution(name string, m *metricFigures) *metricHistogram {
	switch name {
	case "/gc/heap/allocs-by-size:bytes":
		return sizeDistribution(m, func(class int) uint64 { return m.classes[class].allocs }, m.Mallocs-m.tiny)
	case "/gc/heap/frees-by-size:bytes":
		return sizeDistribution(m, func(class int) uint64 { return m.classes[class].frees }, m.Frees-m.tiny)
	case "/gc/pauses:seconds", "/sched/pauses/stopping/gc:seconds", "/sched/pauses/total/gc:seconds":
		h := timeDistribution()
		for i := range min(int(m.NumGC), len(m.PauseNs)) {
			h.add(float64(m.PauseNs[i]) / 1e9)
		}
		return h
	case "/sched/latencies:seconds", "/sched/pauses/stopping/other:seconds", "/sched/pauses/total/other:seconds":
		return timeDistribution()
	}
	return nil
}

func infinity() float64 {
	bits := uint64(0x7ff) << 52
	return *(*float64)(unsafe.Pointer(&bits))
}

// sizeDistribution has a bucket a size class, and one for what is larger.
func sizeDistribution(m *metricFigures, count func(class int) uint64, total uint64) *metricHistogram {
	h := &metricHistogram{buckets: []float64{1}}
	for class := 1; class < len(m.classes); class++ {
		h.buckets = append(h.buckets, float64(m.classes[class].size+1))
		h.counts = append(h.counts, count(class))
		total -= count(class)
	}
	h.buckets = append(h.buckets, infinity())
	h.counts = append(h.counts, total)
	return h
}

// timeDistribution has four buckets for each power of two nanoseconds.
func timeDistribution() *metricHistogram {
	const minBits, maxBits, parts = 9, 48, 4
	h := &metricHistogram{buckets: []float64{-infinity()}}
	for part := range parts {
		h.buckets = append(h.buckets, float64(part<<(minBits-3))/1e9)
	}
	for bits := minBits; bits < maxBits; bits++ {
		for part := range parts {
			h.buckets = append(h.buckets, float64(1<<(bits-1)|part<<(bits-3))/1e9)
		}
	}
	h.buckets = append(h.buckets, float64(1<<(maxBits-1))/1e9, infinity())
	h.counts = make([]uint64, len(h.buckets)-1)
	return h
}

func (h *metricHistogram) add(value float64) {
	i := 0
	for value >= h.buckets[i+1] {
		i++
	}
	h.counts[i]++
}

// How often packages found a setting that is not the default, by the names of their metrics.
type settingMetric struct {
	name string
	read func() uint64
}

var settingMetrics []settingMetric

//go:linkname godebug_registerMetric internal/godebug.registerMetric
func godebug_registerMetric(name string, read func() uint64) {
	settingMetrics = append(settingMetrics, settingMetric{name, read})
}

// settingCount returns the kind and the value of the metric.
func settingCount(name string) (int, uint64) {
	for _, metric := range settingMetrics {
		if metric.name == name {
			return metricUint64, metric.read()
		}
	}
	const settings = "/godebug/non-default-behavior/"
	if len(name) > len(settings) && name[:len(settings)] == settings {
		return metricUint64, 0
	}
	return metricBad, 0
}
