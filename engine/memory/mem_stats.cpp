#include "engine/memory/mem_stats.h"

#include <algorithm>

#include "engine/memory/world.h"

namespace escapement::memory {

MemStats ReadMemStats(World& world) {
  FlushCache(world);
  const Counters& c = world.counters;
  MemStats m{};
  uint64_t allocs = c.large_allocs, frees = c.large_frees;
  m.total_alloc = c.large_alloc_bytes;
  uint64_t freed = c.large_free_bytes;
  for (uint32_t i = 1; i < kSizeClasses; ++i) {
    allocs += c.small_allocs[i];
    frees += c.small_frees[i];
    m.total_alloc += c.small_allocs[i] * kSizeClassTable[i].size;
    freed += c.small_frees[i] * kSizeClassTable[i].size;
  }
  for (uint32_t i = 0; i < m.by_size.size(); ++i)
    m.by_size[i] = {kSizeClassTable[i].size, c.small_allocs[i], c.small_frees[i]};
  m.mallocs = allocs + c.tiny_allocs;
  m.frees = frees + c.tiny_allocs;
  m.alloc = m.heap_alloc = m.total_alloc - freed;
  m.heap_objects = m.mallocs - m.frees;
  m.heap_inuse = c.heap_spans_bytes;
  m.stack_inuse = m.stack_sys = c.stack_spans_bytes;
  m.heap_sys = c.heap_sys - c.stack_spans_bytes;
  m.heap_idle = m.heap_sys - m.heap_inuse;
  m.heap_released = std::min(c.released, m.heap_idle);
  // Model: only what the engine itself models has a size; the runtime's tables are its own structures.
  m.mspan_inuse = (world.spans.size() - 1 - world.free_spans.size()) * 160;
  m.mspan_sys = (world.spans.size() - 1) * 160;
  m.mcache_inuse = m.mcache_sys = 2296;
  m.gc_sys = world.pages.page_count() * 136;
  m.sys = m.heap_sys + m.stack_sys + m.mspan_sys + m.mcache_sys + m.gc_sys;
  m.next_gc = HeapGoal(world);
  m.last_gc = c.last_gc_ns;
  m.pause_total_ns = c.pause_total_ns;
  m.num_gc = c.cycles;
  m.num_forced_gc = c.forced_cycles;
  return m;
}

void ReleaseIdle(World& world) {
  Counters& c = world.counters;
  c.released = c.heap_sys - c.stack_spans_bytes - c.heap_spans_bytes;
}

uint64_t HeapAllocBytes(const World& world) {
  uint64_t bytes = world.counters.total_alloc - world.counters.total_free;
  for (uint32_t id : world.cache.span) {
    const Span& span = world.spans[id];
    bytes +=
        uint64_t{static_cast<uint32_t>(span.alloc_count - span.alloc_count_before_cache)} * span.elem_size;
  }
  return bytes;
}

}  // namespace escapement::memory
