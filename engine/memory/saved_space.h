// SavedSpace: the bytes of an address space at one time, as pages that snapshots share. Pages of zeros take
// no room, and a page that has not changed since the snapshot before is that snapshot's own.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "engine/memory/address_space.h"

namespace escapement::memory {

class SavedSpace {
 public:
  static constexpr uint32_t kPageBytes = 4096;

  // Copies what differs from `before` (null: everything but zeros).
  void Save(const AddressSpace& space, const SavedSpace* before);
  // Makes `space` what it was.
  void Restore(AddressSpace* space) const;

  // Bytes that only this snapshot and its successors hold.
  uint64_t own_bytes() const { return own_pages_ * kPageBytes; }

 private:
  struct Page {
    uint8_t bytes[kPageBytes];
  };
  AddressSpace bounds_;  // without memory
  std::vector<std::shared_ptr<const Page>> pages_;
  uint64_t own_pages_ = 0;
};

}  // namespace escapement::memory
