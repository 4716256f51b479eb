// The heap: mallocgc and what it stands on. One P: its cache holds a span for each span
// class; when that is full it gets one from the class's central lists (sweeping as it
// looks), and these get theirs from the page allocator.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "engine/memory/span.h"
#include "engine/trace/event.h"

namespace escapement::memory {

struct World;

// The P's cache.
struct Cache {
  std::array<uint32_t, kSpanClasses> span{};  // span ids; kNoSpan at first
  Address tiny = 0;                           // current block of the tiny allocator
  uint32_t tiny_offset = 0;
  bool operator==(const Cache&) const = default;
};

// A size class's spans that no cache holds: with free objects or full, swept or not yet.
// The two sets change roles each cycle; all four are stacks, as the runtime's span sets.
struct Central {
  std::array<std::vector<uint32_t>, 2> partial, full;
  bool operator==(const Central&) const = default;
};

// Bits of Allocate's `flags`.
enum AllocateFlags : uint32_t {
  kNeedZero = 1,
  // Object of the runtime itself (sudog, g, timer): billed to it, not to the user's line.
  kRuntimeObject = 2,
};

// Allocates `size` bytes as mallocgc does and returns the address, or 0 when memory is out.
// `type` is the modelled address of an abi.Type (0: no pointers); when size exceeds the type's, the object
// is an array of it. Never collects: it raises world.gc.requested, and the vm calls Poll (collector.h)
// at its next safepoint. Size 0 gives zerobase without an allocation.
Address Allocate(World& world, uint64_t size, Address type, uint32_t flags, trace::OriginId origin);

// The same for an object of the runtime whose pointer words are the bits of `mask` (size ≤ 512 bytes).
Address AllocateMasked(World& world, uint64_t size, uint64_t mask, uint32_t flags, trace::OriginId origin);

// The object that an address lies in.
struct ObjectRef {
  Address base = 0;   // first byte of its slot (a malloc header included)
  uint64_t size = 0;  // slot size
  uint32_t span = 0;
  uint32_t index = 0;
  explicit operator bool() const { return base != 0; }
};
// The allocated heap object around `address`, or an empty ref for stacks, static data and free memory.
ObjectRef FindObject(const World& world, Address address);

// The span of an address, or kNoSpan.
uint32_t SpanOf(const World& world, Address address);

// Takes `pages` pages in a row, growing the heap when there are none; returns the first one's number, or
// PageAllocator::kNotFound.
uint32_t TakePages(World& world, uint32_t pages);
// An in-use span of `pages` pages for objects of `span_class` (initialised, in no list); kNoSpan when memory
// is out.
uint32_t AllocateSpan(World& world, uint32_t pages, uint8_t span_class);

// Gives every span of the cache back to its central lists and drops the tiny block.
void FlushCache(World& world);

// Takes a span for stacks (no objects) of `pages` pages; kNoSpan when memory is out.
uint32_t AllocateManualSpan(World& world, uint32_t pages);
// Gives a span's pages back.
void FreeSpan(World& world, uint32_t span);

}  // namespace escapement::memory
