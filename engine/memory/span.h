// Span: a run of pages that holds objects of one size class, one large object, or stacks.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "engine/memory/address_space.h"
#include "engine/memory/size_classes.h"

namespace escapement::memory {

enum class SpanState : uint8_t { kFree, kInUse, kManual };

constexpr uint32_t kNoSpan = 0;  // span 0 is the empty span that a fresh cache holds

struct Span {
  Address base = 0;
  Address limit = 0;  // end of the last object
  uint64_t elem_size = 0;
  uint64_t large_type = 0;   // large pointerful object: its type
  uint64_t alloc_cache = 0;  // complement of alloc_bits from free_index on
  uint32_t pages = 0;
  uint32_t reciprocal = 0;
  uint32_t sweep_gen = 0;    // heap's - 2: unswept; heap's: swept; + 3: in the cache; + 1: in the cache since
                             // before the cycle, to be swept
  uint32_t specials = ~0u;   // first special of the span's objects
  uint32_t manual_free = 0;  // stack spans: low half of the first free stack
  uint32_t next = 0, prev = 0;  // stack spans: the pool's list
  uint16_t objects = 0;
  uint16_t free_index = 0;  // no object below it is free
  uint16_t alloc_count = 0;
  uint16_t alloc_count_before_cache = 0;
  uint8_t span_class = 0;
  SpanState state = SpanState::kFree;
  bool needs_zero = false;                // memory may be dirty
  std::array<uint64_t, 16> alloc_bits{};  // as of the last sweep
  std::array<uint64_t, 16> mark_bits{};

  bool noscan() const { return span_class & 1; }
  uint32_t size_class() const { return span_class >> 1; }
  uint32_t ObjectIndex(Address address) const {
    if (size_class() == 0) return 0;
    return static_cast<uint32_t>((uint64_t{static_cast<uint32_t>(address - base)} * reciprocal) >> 32);
  }
  // Bytes at the end that hold bitmaps start here (pointer bits, then 128 bytes of inline marks).
  Address HeapBits() const {
    uint64_t inline_marks = elem_size >= 16 ? 128 : 0;
    return base + pages * kPageSize - pages * kPageSize / 64 - inline_marks;
  }
  Address ObjectBase(uint32_t index) const { return base + index * elem_size; }
  bool Marked(uint32_t index) const { return mark_bits[index / 64] >> (index % 64) & 1; }
  void Mark(uint32_t index) { mark_bits[index / 64] |= uint64_t{1} << (index % 64); }
  // Whether the object has been handed out since the last sweep or survived it.
  bool Allocated(uint32_t index) const {
    return index < free_index || (alloc_bits[index / 64] >> (index % 64) & 1);
  }
  bool operator==(const Span&) const = default;
};

}  // namespace escapement::memory
