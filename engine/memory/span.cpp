// Spans: taking pages from the page allocator, growing the heap, giving them back.

#include "engine/base/check.h"
#include "engine/memory/world.h"

namespace escapement::memory {

uint32_t TakePages(World& world, uint32_t pages) {
  uint32_t first = world.pages.Allocate(pages);
  if (first != PageAllocator::kNotFound) return first;
  constexpr uint32_t kChunkPages = kHeapChunk / kPageSize;
  uint64_t grow = (uint64_t{pages} + kChunkPages - 1) / kChunkPages * kHeapChunk;
  Address at = world.space.heap_end();
  if (!world.space.GrowHeap(grow)) return PageAllocator::kNotFound;
  world.counters.heap_sys += grow;
  world.pages.Grow(static_cast<uint32_t>(grow / kPageSize));
  world.page_span.resize(world.pages.page_count(), kNoSpan);
  world.Emit(trace::Kind::HeapGrow, 0, 0, static_cast<uint32_t>(at), static_cast<uint32_t>(grow));
  first = world.pages.Allocate(pages);
  ENSURE(first != PageAllocator::kNotFound, "the heap grew by enough");
  return first;
}

namespace {

uint32_t NewSpan(World& world, uint32_t pages, SpanState state) {
  uint32_t first = TakePages(world, pages);
  if (first == PageAllocator::kNotFound) return kNoSpan;
  uint32_t id;
  if (world.free_spans.empty()) {
    id = static_cast<uint32_t>(world.spans.size());
    world.spans.emplace_back();
  } else {
    id = world.free_spans.back();
    world.free_spans.pop_back();
  }
  Span& span = world.spans[id];
  span = Span();
  span.base = world.space.heap_start() + uint64_t{first} * kPageSize;
  span.pages = pages;
  span.state = state;
  span.needs_zero = first < world.dirty_pages;
  world.dirty_pages = std::max(world.dirty_pages, first + pages);
  for (uint32_t i = 0; i < pages; ++i) world.page_span[first + i] = id;
  return id;
}

}  // namespace

uint32_t AllocateSpan(World& world, uint32_t pages, uint8_t span_class) {
  uint32_t id = NewSpan(world, pages, SpanState::kInUse);
  if (id == kNoSpan) return kNoSpan;
  Span& span = world.spans[id];
  const SizeClass& size_class = kSizeClassTable[span_class >> 1];
  span.span_class = span_class;
  if (span.size_class() == 0) {
    span.elem_size = uint64_t{pages} * kPageSize;
    span.objects = 1;
  } else {
    span.elem_size = size_class.size;
    span.reciprocal = size_class.reciprocal;
    span.objects = static_cast<uint16_t>(ObjectsPerSpan(span_class));
  }
  span.limit = span.base + span.elem_size * span.objects;
  span.alloc_cache = ~uint64_t{0};
  span.sweep_gen = world.gc.sweep_gen;
  if (!span.noscan() && span.size_class() != 0 && span.elem_size <= kMaxSizeForHeapBits) {
    // One-word objects with pointers are pointers: their bits never change.
    uint64_t bytes = uint64_t{pages} * kPageSize / 64;
    std::memset(world.space.Host(span.HeapBits()), span.elem_size == 8 ? 0xff : 0, bytes);
  }
  world.counters.heap_spans_bytes += uint64_t{pages} * kPageSize;
  world.gc.pages_in_use += pages;
  world.Emit(trace::Kind::SpanAlloc, 0, span_class, static_cast<uint32_t>(span.base), pages, span.objects);
  return id;
}

uint32_t AllocateManualSpan(World& world, uint32_t pages) {
  uint32_t id = NewSpan(world, pages, SpanState::kManual);
  if (id == kNoSpan) return kNoSpan;
  Span& span = world.spans[id];
  span.limit = span.base + uint64_t{pages} * kPageSize;
  world.counters.stack_spans_bytes += uint64_t{pages} * kPageSize;
  return id;
}

void FreeSpan(World& world, uint32_t id) {
  Span& span = world.spans[id];
  uint32_t first = static_cast<uint32_t>((span.base - world.space.heap_start()) >> kPageShift);
  for (uint32_t i = 0; i < span.pages; ++i) world.page_span[first + i] = kNoSpan;
  if (span.state == SpanState::kInUse) {
    world.counters.heap_spans_bytes -= uint64_t{span.pages} * kPageSize;
    world.gc.pages_in_use -= span.pages;
    world.Emit(trace::Kind::SpanFree, 0, 0, static_cast<uint32_t>(span.base), span.pages);
  } else {
    world.counters.stack_spans_bytes -= uint64_t{span.pages} * kPageSize;
  }
  world.pages.Free(first, span.pages);
  span = Span();
  world.free_spans.push_back(id);
}

uint32_t SpanOf(const World& world, Address address) {
  if (!world.space.InHeapRange(address)) return kNoSpan;
  return world.page_span[(address - world.space.heap_start()) >> kPageShift];
}

ObjectRef FindObject(const World& world, Address address) {
  uint32_t id = SpanOf(world, address);
  if (id == kNoSpan) return {};
  const Span& span = world.spans[id];
  if (span.state != SpanState::kInUse || address >= span.limit) return {};
  uint32_t index = span.ObjectIndex(address);
  if (!span.Allocated(index)) return {};
  return {span.ObjectBase(index), span.elem_size, id, index};
}

}  // namespace escapement::memory
