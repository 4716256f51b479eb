// MemStats: the figures of runtime.MemStats, kept as they change.
#pragma once

#include <array>
#include <cstdint>

#include "engine/memory/size_classes.h"

namespace escapement::memory {

struct World;

// Running counters of the allocator, in the runtime's terms.
struct Counters {
  uint64_t tiny_allocs = 0;  // objects that share a 16-byte block
  uint64_t large_allocs = 0, large_alloc_bytes = 0, large_frees = 0, large_free_bytes = 0;
  std::array<uint64_t, kSizeClasses> small_allocs{}, small_frees{};
  uint64_t total_alloc = 0, total_free = 0;  // bytes, as of the last flush of each span
  uint64_t heap_live = 0;          // bytes that the pacer counts: marked, plus what was allocated since
  uint64_t heap_spans_bytes = 0;   // bytes in in-use spans
  uint64_t stack_spans_bytes = 0;  // bytes in stack spans
  uint64_t heap_sys = 0;           // bytes of the heap mapped so far, stacks included
  uint64_t released = 0;           // bytes that debug.FreeOSMemory gave back; fewer once they are used again
  uint64_t pause_total_ns = 0;
  uint32_t cycles = 0, forced_cycles = 0;
  uint64_t last_gc_ns = 0;
  bool operator==(const Counters&) const = default;
};

// runtime.MemStats, in its order.
struct MemStats {
  uint64_t alloc, total_alloc, sys, lookups, mallocs, frees;
  uint64_t heap_alloc, heap_sys, heap_idle, heap_inuse, heap_released, heap_objects;
  uint64_t stack_inuse, stack_sys, mspan_inuse, mspan_sys, mcache_inuse, mcache_sys, buck_hash_sys, gc_sys,
      other_sys;
  uint64_t next_gc, last_gc, pause_total_ns;
  uint32_t num_gc, num_forced_gc;
  double gc_cpu_fraction;
  struct BySize {
    uint32_t size;
    uint64_t mallocs, frees;
  };
  std::array<BySize, 61> by_size;
};

// The figures at this moment. Like the runtime's, this flushes the P's cache (and so ends the current tiny
// block).
MemStats ReadMemStats(World& world);
// Gives what no span has back to the operating system.
void ReleaseIdle(World& world);

// Bytes in allocated objects, as MemStats.HeapAlloc, without a flush.
uint64_t HeapAllocBytes(const World& world);

}  // namespace escapement::memory
