// mallocgc: the fast path through the P's cache, the tiny allocator, headers and bitmaps,
// large objects; and the central lists that refill the cache.

#include "engine/memory/heap.h"

#include <bit>

#include "engine/base/check.h"
#include "engine/memory/pointers.h"
#include "engine/memory/sweep.h"
#include "engine/memory/world.h"

namespace escapement::memory {

namespace {

constexpr uint8_t kTinySpanClass = MakeSpanClass(kTinySizeClass, true);
// Spans that the allocator sweeps at most before it takes a fresh one.
constexpr int kSpanBudget = 100;

// The next free object while the 64-bit window has one; 0 otherwise.
inline Address NextFreeFast(Span& span) {
  if (span.alloc_cache == 0) return 0;
  uint32_t bit = static_cast<uint32_t>(std::countr_zero(span.alloc_cache));
  uint32_t result = span.free_index + bit;
  if (result >= span.objects) return 0;
  uint32_t next = result + 1;
  if (next % 64 == 0 && next != span.objects) return 0;
  span.alloc_cache = span.alloc_cache >> bit >> 1;
  span.free_index = static_cast<uint16_t>(next);
  ++span.alloc_count;
  return span.base + result * span.elem_size;
}

// Index of the next free object, taken, or span.objects; moves the window on as needed.
uint32_t NextFreeIndex(Span& span) {
  uint32_t at = span.free_index;
  if (at == span.objects) return at;
  while (span.alloc_cache == 0) {
    at = (at + 64) & ~63u;
    if (at >= span.objects) {
      span.free_index = span.objects;
      return span.objects;
    }
    span.alloc_cache = ~span.alloc_bits[at / 64];
  }
  uint32_t bit = static_cast<uint32_t>(std::countr_zero(span.alloc_cache));
  uint32_t result = at + bit;
  if (result >= span.objects) {
    span.free_index = span.objects;
    return span.objects;
  }
  span.alloc_cache = span.alloc_cache >> bit >> 1;
  span.free_index = static_cast<uint16_t>(result + 1);
  if (span.free_index % 64 == 0 && span.free_index != span.objects)
    span.alloc_cache = ~span.alloc_bits[span.free_index / 64];
  return result;
}

// Puts the window where free_index is.
void RefillWindow(Span& span) {
  span.alloc_cache = ~span.alloc_bits[span.free_index / 64] >> (span.free_index % 64);
}

// The cache gives a span back: to be swept if it has been held since before the cycle.
void Uncache(World& world, uint32_t id) {
  Span& span = world.spans[id];
  if (span.sweep_gen == world.gc.sweep_gen + 1) {
    span.sweep_gen = world.gc.sweep_gen - 2;
    SweepSpan(world, id, false);
    return;
  }
  span.sweep_gen = world.gc.sweep_gen;
  Central& central = world.central[span.span_class];
  auto& sets = span.alloc_count < span.objects ? central.partial : central.full;
  sets[SweptSet(world)].push_back(id);
}

// Counts what was allocated from a span while the cache held it.
void CountAllocations(World& world, Span& span) {
  uint64_t used = span.alloc_count - span.alloc_count_before_cache;
  span.alloc_count_before_cache = 0;
  world.counters.small_allocs[span.size_class()] += used;
  world.counters.total_alloc += used * span.elem_size;
}

uint32_t Pop(std::vector<uint32_t>& set) {
  if (set.empty()) return kNoSpan;
  uint32_t id = set.back();
  set.pop_back();
  return id;
}

// A span with free objects for the cache: swept ones first, then unswept ones, then a fresh one.
uint32_t CacheSpan(World& world, uint8_t span_class) {
  uint32_t pages = kSizeClassTable[span_class >> 1].pages;
  DeductSweepCredit(world, uint64_t{pages} * kPageSize, 0);
  Central& central = world.central[span_class];
  int swept = SweptSet(world), budget = kSpanBudget;
  uint32_t id = Pop(central.partial[swept]);
  for (; id == kNoSpan && budget >= 0; --budget) {
    uint32_t candidate = Pop(central.partial[1 - swept]);
    if (candidate == kNoSpan) break;
    SweepSpan(world, candidate, true);
    id = candidate;
  }
  for (; id == kNoSpan && budget >= 0; --budget) {
    uint32_t candidate = Pop(central.full[1 - swept]);
    if (candidate == kNoSpan) break;
    SweepSpan(world, candidate, true);
    Span& span = world.spans[candidate];
    if (span.alloc_count < span.objects)
      id = candidate;
    else
      central.full[swept].push_back(candidate);
  }
  if (id == kNoSpan) id = AllocateSpan(world, pages, span_class);
  if (id == kNoSpan) return kNoSpan;
  Span& span = world.spans[id];
  ENSURE(span.free_index < span.objects, "a span for the cache has a free object");
  RefillWindow(span);
  return id;
}

// Gets the cache a span with room; false when memory is out.
bool Refill(World& world, uint8_t span_class) {
  uint32_t old = world.cache.span[span_class];
  if (old != kNoSpan) {
    world.cache.span[span_class] = kNoSpan;
    CountAllocations(world, world.spans[old]);
    Uncache(world, old);
  }
  uint32_t id = CacheSpan(world, span_class);
  if (id == kNoSpan) return false;
  Span& span = world.spans[id];
  span.sweep_gen = world.gc.sweep_gen + 3;
  span.alloc_count_before_cache = span.alloc_count;
  world.counters.heap_live += uint64_t{span.pages} * kPageSize - span.alloc_count * span.elem_size;
  world.cache.span[span_class] = id;
  return true;
}

// Asks for a collection when the live heap has reached the trigger.
void TestTrigger(World& world) {
  if (world.gc.phase == trace::Phase::kMark || world.counters.heap_live >= GCTrigger(world))
    world.gc.requested = true;
}

// A free object of the class; 0 when memory is out.
inline Address NextFree(World& world, uint8_t span_class, Span** span) {
  *span = &world.spans[world.cache.span[span_class]];
  if (Address fast = NextFreeFast(**span)) [[likely]]
    return fast;
  uint32_t index = NextFreeIndex(**span);
  if (index == (*span)->objects) {
    if (!Refill(world, span_class)) return 0;
    TestTrigger(world);
    *span = &world.spans[world.cache.span[span_class]];
    index = NextFreeIndex(**span);
    ENSURE(index < (*span)->objects, "a refilled span has room");
  }
  ++(*span)->alloc_count;
  return (*span)->ObjectBase(index);
}

// An object allocated while marking is black.
inline void MarkNew(World& world, Span& span, Address object) {
  if (!world.gc.barrier) return;
  uint32_t index = span.ObjectIndex(object);
  if (span.Marked(index)) return;
  span.Mark(index);
  world.gc.bytes_marked += span.elem_size;
}

inline void EmitAlloc(World& world, uint8_t flags, uint32_t size_class, Address address, uint64_t size,
                      trace::OriginId origin) {
  if (world.log)
    world.log->Append(trace::Kind::HeapAlloc, world.steps, flags, static_cast<uint16_t>(size_class),
                      static_cast<uint32_t>(address), static_cast<uint32_t>(size), origin.index,
                      world.log->stack.index);
}

// Pointer-free objects under 16 bytes share 16-byte blocks.
Address AllocateTiny(World& world, uint64_t size, trace::OriginId origin) {
  Cache& cache = world.cache;
  uint32_t offset = cache.tiny_offset, bytes = static_cast<uint32_t>(size);
  if (size % 8 == 0)
    offset = (offset + 7) & ~7u;
  else if (size % 4 == 0)
    offset = (offset + 3) & ~3u;
  else if (size % 2 == 0)
    offset = (offset + 1) & ~1u;
  if (offset + bytes <= kTinySize && cache.tiny != 0) {
    cache.tiny_offset = offset + bytes;
    ++world.counters.tiny_allocs;
    EmitAlloc(world, trace::kNoscan | trace::kTiny, kTinySizeClass, cache.tiny + offset, size, origin);
    return cache.tiny + offset;
  }
  Span* span;
  Address block = NextFree(world, kTinySpanClass, &span);
  if (block == 0) return 0;
  world.space.Zero(block, kTinySize);
  if (bytes < cache.tiny_offset || cache.tiny == 0) {
    cache.tiny = block;
    cache.tiny_offset = bytes;
  }
  MarkNew(world, *span, block);
  EmitAlloc(world, trace::kNoscan | trace::kTiny | trace::kTinyBlock, kTinySizeClass, block, size, origin);
  return block;
}

// Writes the object's pointer bits at the span's end. `bits` covers the words of the request.
inline void WriteHeapBits(World& world, const Span& span, Address object, uint64_t bits) {
  uint64_t word = (object - span.base) / 8, shift = word % 64, count = span.elem_size / 8;
  Address at = span.HeapBits() + word / 64 * 8;
  AddressSpace& space = world.space;
  uint64_t mask = count == 64 ? ~uint64_t{0} : (uint64_t{1} << count) - 1;
  space.Store<uint64_t>(at, (space.Load<uint64_t>(at) & ~(mask << shift)) | bits << shift);
  if (shift + count > 64) {
    uint64_t high = 64 - shift;
    space.Store<uint64_t>(at + 8, (space.Load<uint64_t>(at + 8) & ~(mask >> high)) | bits >> high);
  }
}

// The pointer bits of `size` ≤ 512 bytes of `type` (an array of it when size is more than one).
inline uint64_t TypeBits(const AddressSpace& space, Address type, uint64_t size) {
  uint64_t type_size = TypeSize(space, type), words = TypePtrBytes(space, type) / 8;
  if (type_size == 8) return size == 512 ? ~uint64_t{0} : (uint64_t{1} << size / 8) - 1;
  uint64_t one = space.Load<uint64_t>(space.LoadPointer(type + AbiType::kGCData));
  if (words < 64) one &= (uint64_t{1} << words) - 1;
  if (type_size >= size) return one;
  uint64_t bits = 0;
  for (uint64_t at = 0; at < size; at += type_size) bits |= one << at / 8;
  return bits;
}

// Pointerful objects of at most 512 bytes, with their pointer bits in the span.
Address AllocateSmallScan(World& world, uint64_t size, uint64_t bits, trace::OriginId origin) {
  uint32_t size_class = SizeToClass(size);
  Span* span;
  Address object = NextFree(world, MakeSpanClass(size_class, false), &span);
  if (object == 0) return 0;
  if (span->needs_zero) world.space.ZeroWords(object, span->elem_size);
  if (size_class != 1) WriteHeapBits(world, *span, object, bits);
  MarkNew(world, *span, object);
  EmitAlloc(world, span->needs_zero ? trace::kZeroed : 0, size_class, object, size, origin);
  return object;
}

Address AllocateLarge(World& world, uint64_t size, Address type, bool need_zero, trace::OriginId origin) {
  uint64_t pages = size / kPageSize + (size % kPageSize != 0);
  if (pages > 0xffffffffu / kPageSize) return 0;
  DeductSweepCredit(world, pages * kPageSize, pages);
  uint8_t span_class = MakeSpanClass(0, type == 0);
  uint32_t id = AllocateSpan(world, static_cast<uint32_t>(pages), span_class);
  if (id == kNoSpan) return 0;
  Span& span = world.spans[id];
  world.counters.large_allocs += 1;
  world.counters.large_alloc_bytes += pages * kPageSize;
  world.counters.total_alloc += pages * kPageSize;
  world.counters.heap_live += pages * kPageSize;
  world.central[span_class].full[SweptSet(world)].push_back(id);
  span.free_index = 1;
  span.alloc_count = 1;
  span.alloc_cache = 0;
  span.limit = span.base + size;
  span.large_type = type;
  MarkNew(world, span, span.base);
  TestTrigger(world);
  bool zero = (need_zero || type) && span.needs_zero;
  if (zero) world.space.Zero(span.base, size);
  EmitAlloc(world, static_cast<uint8_t>((type ? 0 : trace::kNoscan) | (zero ? trace::kZeroed : 0)), 0,
            span.base, size, origin);
  return span.base;
}

// The stress modes' hook: false when this allocation is to fail.
bool Stress(World& world) {
  if (world.options.collect_at_every_allocation) world.gc.requested = true;
  return ++world.gc.allocations != world.options.fail_allocation;
}

}  // namespace

Address Allocate(World& world, uint64_t size, Address type, uint32_t flags, trace::OriginId origin) {
  if (size == 0) return world.statics.zerobase;
  if (world.stress && !Stress(world)) [[unlikely]]
    return 0;
  bool noscan = type == 0 || TypePtrBytes(world.space, type) == 0;
  if (size > kMaxSmallSize - kMallocHeaderSize)
    return AllocateLarge(world, size, noscan ? 0 : type, flags & kNeedZero, origin);
  if (noscan) {
    if (size < kTinySize) return AllocateTiny(world, size, origin);
    uint32_t size_class = SizeToClass(size);
    Span* span;
    Address object = NextFree(world, MakeSpanClass(size_class, true), &span);
    if (object == 0) return 0;
    bool zero = (flags & kNeedZero) && span->needs_zero;
    if (zero) world.space.ZeroWords(object, span->elem_size);
    MarkNew(world, *span, object);
    EmitAlloc(world, static_cast<uint8_t>(trace::kNoscan | (zero ? trace::kZeroed : 0)), size_class, object,
              size, origin);
    return object;
  }
  if (size <= kMaxSizeForHeapBits)
    return AllocateSmallScan(world, size, size == 8 ? 1 : TypeBits(world.space, type, size), origin);
  uint32_t size_class = SizeToClass(size + kMallocHeaderSize);
  Span* span;
  Address slot = NextFree(world, MakeSpanClass(size_class, false), &span);
  if (slot == 0) return 0;
  if (span->needs_zero) world.space.Zero(slot, span->elem_size);
  world.space.Store<uint64_t>(slot, type);
  MarkNew(world, *span, slot);
  Address object = slot + kMallocHeaderSize;
  EmitAlloc(world, span->needs_zero ? trace::kZeroed : 0, size_class, object, size, origin);
  return object;
}

Address AllocateMasked(World& world, uint64_t size, uint64_t mask, uint32_t flags, trace::OriginId origin) {
  ENSURE(size > 0 && size <= kMaxSizeForHeapBits && mask != 0, "a small object with pointers");
  if (world.stress && !Stress(world)) return 0;
  bool rebill = (flags & kRuntimeObject) && world.log && world.log->owner() != trace::Owner::kBeforeMain;
  trace::Owner owner = rebill ? world.log->owner() : trace::Owner::kRuntime;
  if (rebill) world.log->set_owner(trace::Owner::kRuntime);
  Address object = AllocateSmallScan(world, size, mask, origin);
  if (rebill) world.log->set_owner(owner);
  return object;
}

void FlushCache(World& world) {
  for (uint32_t span_class = 0; span_class < kSpanClasses; ++span_class) {
    uint32_t id = world.cache.span[span_class];
    if (id == kNoSpan) continue;
    world.cache.span[span_class] = kNoSpan;
    Span& span = world.spans[id];
    CountAllocations(world, span);
    if (span.sweep_gen != world.gc.sweep_gen + 1)
      world.counters.heap_live -=
          uint64_t{static_cast<uint32_t>(span.objects - span.alloc_count)} * span.elem_size;
    Uncache(world, id);
  }
  world.cache.tiny = 0;
  world.cache.tiny_offset = 0;
}

}  // namespace escapement::memory
