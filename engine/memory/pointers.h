// Where the pointers are: walks the pointer words of heap objects (bitmaps in spans, malloc
// headers, large objects) and of typed memory.
#pragma once

#include <algorithm>
#include <bit>

#include "engine/memory/abi_type.h"
#include "engine/memory/world.h"

namespace escapement::memory {

// Kinds and offsets of the two type descriptors that can be too big for a bitmap of their own.
struct AbiComposite {
  static constexpr uint8_t kArray = 17, kStruct = 25;
  static constexpr uint32_t kArrayElem = 48, kArrayLen = 64, kStructFields = 56, kStructFieldCount = 64;
  static constexpr uint32_t kFieldType = 8, kFieldOffset = 16, kFieldBytes = 24;
};

// Calls visit(address) for each pointer word of the value of `type` at `base` below `end`.
template <typename Visit>
void ForEachPointerInType(const AddressSpace& space, Address type, Address base, Address end, Visit& visit) {
  uint64_t ptr_bytes = TypePtrBytes(space, type);
  if (ptr_bytes == 0 || base >= end) return;
  if (space.Load<uint8_t>(type + AbiType::kTFlag) & AbiType::kGCMaskOnDemand) [[unlikely]] {
    // Model: the runtime makes and keeps the bitmap; here the type's parts are walked each time.
    uint8_t kind = space.Load<uint8_t>(type + AbiType::kKind) & AbiType::kKindMask;
    if (kind == AbiComposite::kArray) {
      Address elem = space.LoadPointer(type + AbiComposite::kArrayElem);
      uint64_t count = space.Load<uint64_t>(type + AbiComposite::kArrayLen), size = TypeSize(space, elem);
      for (uint64_t i = 0; i < count && base + i * size < end; ++i)
        ForEachPointerInType(space, elem, base + i * size, end, visit);
    } else if (kind == AbiComposite::kStruct) {
      Address fields = space.LoadPointer(type + AbiComposite::kStructFields);
      uint64_t count = space.Load<uint64_t>(type + AbiComposite::kStructFieldCount);
      for (uint64_t i = 0; i < count; ++i) {
        Address field = fields + i * AbiComposite::kFieldBytes;
        ForEachPointerInType(space, space.LoadPointer(field + AbiComposite::kFieldType),
                             base + space.Load<uint64_t>(field + AbiComposite::kFieldOffset), end, visit);
      }
    }
    return;
  }
  Address mask = space.LoadPointer(type + AbiType::kGCData);
  uint64_t words = std::min<uint64_t>(ptr_bytes, end - base) / 8;
  for (uint64_t first = 0; first < words; first += 8) {
    uint32_t bits = space.Load<uint8_t>(mask + first / 8);
    if (words - first < 8) bits &= (1u << (words - first)) - 1;
    for (; bits; bits &= bits - 1) visit(base + (first + static_cast<uint64_t>(std::countr_zero(bits))) * 8);
  }
}

// The same for an array of `type` that fills [base, end).
template <typename Visit>
void ForEachPointerInArray(const AddressSpace& space, Address type, Address base, Address end, Visit& visit) {
  uint64_t size = TypeSize(space, type);
  for (Address at = base; at < end; at += size) ForEachPointerInType(space, type, at, end, visit);
}

// The pointer bits of the object at `index` of a span that keeps them at its end.
inline uint64_t ObjectHeapBits(const AddressSpace& space, const Span& span, Address object) {
  uint64_t word = (object - span.base) / 8, bits = span.elem_size / 8;
  Address at = span.HeapBits() + word / 64 * 8;
  uint64_t shift = word % 64, value = space.Load<uint64_t>(at) >> shift;
  if (shift + bits > 64) value |= space.Load<uint64_t>(at + 8) << (64 - shift);
  return bits == 64 ? value : value & ((uint64_t{1} << bits) - 1);
}

// Calls visit(address) for each pointer word of the object (slot) `object` of `span`.
template <typename Visit>
void ForEachPointerWord(const AddressSpace& space, const Span& span, Address object, Visit visit) {
  if (span.noscan()) return;
  if (span.size_class() == 0) {
    if (span.large_type) ForEachPointerInArray(space, span.large_type, object, span.limit, visit);
  } else if (span.elem_size <= kMaxSizeForHeapBits) {
    for (uint64_t bits = ObjectHeapBits(space, span, object); bits; bits &= bits - 1)
      visit(object + static_cast<uint64_t>(std::countr_zero(bits)) * 8);
  } else if (Address type = space.LoadPointer(object)) {
    ForEachPointerInArray(space, type, object + kMallocHeaderSize, object + span.elem_size, visit);
  }
}

}  // namespace escapement::memory
