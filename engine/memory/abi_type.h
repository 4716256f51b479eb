// abi.Type as bytes in modelled memory: the offsets that the allocator, the collector and
// the scheduler read, in Go 1.26's layout.
#pragma once

#include <cstdint>

#include "engine/memory/address_space.h"

namespace escapement::memory {

struct AbiType {
  static constexpr uint32_t kSize = 0, kPtrBytes = 8, kHash = 16, kTFlag = 20, kAlign = 21, kFieldAlign = 22,
                            kKind = 23, kEqual = 24, kGCData = 32, kStr = 40, kPtrToThis = 44, kBytes = 48;
  // TFlag: the pointer bitmap is made when first needed; GCData then points to a word that holds it.
  static constexpr uint8_t kGCMaskOnDemand = 1 << 4;
  static constexpr uint8_t kKindMask = (1 << 5) - 1;
};

inline uint64_t TypeSize(const AddressSpace& space, Address type) {
  return space.Load<uint64_t>(type);
}
inline uint64_t TypePtrBytes(const AddressSpace& space, Address type) {
  return space.Load<uint64_t>(type + AbiType::kPtrBytes);
}

// Whether word `index` of a value of `type` is a pointer (index < PtrBytes / 8).
inline bool TypeWordIsPointer(const AddressSpace& space, Address type, uint64_t index) {
  Address mask = space.Load<uint64_t>(type + AbiType::kGCData);
  return space.Load<uint8_t>(mask + index / 8) >> (index % 8) & 1;
}

}  // namespace escapement::memory
