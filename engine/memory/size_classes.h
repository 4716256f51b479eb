// Size classes: the 68 sizes that small objects are rounded up to, and how many objects a
// span of each holds in Go 1.26 (less than its pages divided by the size: pointer bitmaps
// and inline mark bits live at the span's end).
#pragma once

#include <cstdint>

namespace escapement::memory {

constexpr uint32_t kSizeClasses = 68;  // class 0 is a large object
constexpr uint32_t kSpanClasses = kSizeClasses * 2;
constexpr uint64_t kMaxSmallSize = 32768;
constexpr uint64_t kMallocHeaderSize = 8;
// Pointerful objects above this carry a malloc header; those up to it have bits in their span.
constexpr uint64_t kMaxSizeForHeapBits = 512;
constexpr uint64_t kTinySize = 16;
constexpr uint32_t kTinySizeClass = 2;

struct SizeClass {
  uint32_t size;   // bytes
  uint16_t pages;  // of a span
  uint16_t objects_noscan;
  uint16_t objects_scan;
  uint32_t reciprocal;  // ceil(2^32 / size): object index = offset * reciprocal >> 32
};

extern const SizeClass kSizeClassTable[kSizeClasses];

// The class that `size` bytes (1…kMaxSmallSize) round up to.
uint32_t SizeToClass(uint64_t size);

// A span class: size class and whether its objects are free of pointers.
constexpr uint8_t MakeSpanClass(uint32_t size_class, bool noscan) {
  return static_cast<uint8_t>(size_class << 1 | (noscan ? 1 : 0));
}

// What mallocgc would take for `size` bytes: the size class, header included and taken off
// again, or whole pages. This is what append rounds its capacity with.
uint64_t RoundUpSize(uint64_t size, bool noscan);

// The objects of one span of `span_class`, and the bytes before its bitmaps.
uint32_t ObjectsPerSpan(uint8_t span_class);

}  // namespace escapement::memory
