#include "engine/memory/saved_space.h"

#include <algorithm>
#include <cstring>

#include "engine/base/check.h"

namespace escapement::memory {

namespace {

bool IsZero(const uint8_t* bytes, size_t size) {
  return bytes[0] == 0 && std::memcmp(bytes, bytes + 1, size - 1) == 0;
}

}  // namespace

void SavedSpace::Save(const AddressSpace& space, const SavedSpace* before) {
  bounds_.TakeBounds(space);
  const uint8_t* from = space.Host(space.first());
  uint64_t size = space.used_bytes();
  pages_.assign((size + kPageBytes - 1) / kPageBytes, nullptr);
  own_pages_ = 0;
  for (size_t i = 0; i < pages_.size(); ++i) {
    const uint8_t* bytes = from + i * kPageBytes;
    size_t length = std::min<uint64_t>(kPageBytes, size - i * kPageBytes);
    if (before != nullptr && i < before->pages_.size() && before->pages_[i] != nullptr &&
        std::memcmp(before->pages_[i]->bytes, bytes, length) == 0) {
      pages_[i] = before->pages_[i];
      continue;
    }
    if (IsZero(bytes, length)) continue;
    auto page = std::make_shared<Page>();
    std::memcpy(page->bytes, bytes, length);
    pages_[i] = std::move(page);
    ++own_pages_;
  }
}

void SavedSpace::Restore(AddressSpace* space) const {
  bool fits = space->Assume(bounds_);
  ENSURE(fits, "the host has memory for a time that was there before");
  uint8_t* to = space->Host(space->first());
  uint64_t size = space->used_bytes();
  for (size_t i = 0; i < pages_.size(); ++i) {
    size_t length = std::min<uint64_t>(kPageBytes, size - i * kPageBytes);
    if (pages_[i] != nullptr) {
      std::memcpy(to + i * kPageBytes, pages_[i]->bytes, length);
    } else {
      std::memset(to + i * kPageBytes, 0, length);
    }
  }
}

}  // namespace escapement::memory
