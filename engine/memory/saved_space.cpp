#include "engine/memory/saved_space.h"

#include <cstring>

#include "engine/base/check.h"

namespace escapement::memory {

namespace {

static_assert(SavedSpace::kPageBytes % 32 == 0);

uint64_t WordAt(const uint8_t* bytes) {
  uint64_t word;
  std::memcpy(&word, bytes, sizeof word);
  return word;
}

// Pages are compared by words: a C library for wasm goes byte by byte. A region is a whole number of pages.
bool IsZero(const uint8_t* page) {
  for (size_t at = 0; at < SavedSpace::kPageBytes; at += 32)
    if ((WordAt(page + at) | WordAt(page + at + 8) | WordAt(page + at + 16) | WordAt(page + at + 24)) != 0)
      return false;
  return true;
}
bool SamePage(const uint8_t* x, const uint8_t* y) {
  for (size_t at = 0; at < SavedSpace::kPageBytes; at += 16)
    if (((WordAt(x + at) ^ WordAt(y + at)) | (WordAt(x + at + 8) ^ WordAt(y + at + 8))) != 0) return false;
  return true;
}

}  // namespace

void SavedSpace::Save(const AddressSpace& space, const SavedSpace* before) {
  bounds_.TakeBounds(space);
  const uint8_t* from = space.Host(space.first());
  uint64_t size = space.used_bytes();
  ENSURE(size % kPageBytes == 0, "a region is a whole number of pages");
  pages_.assign(size / kPageBytes, nullptr);
  own_pages_ = 0;
  for (size_t i = 0; i < pages_.size(); ++i) {
    const uint8_t* bytes = from + i * kPageBytes;
    if (before != nullptr && i < before->pages_.size() && before->pages_[i] != nullptr &&
        SamePage(before->pages_[i]->bytes, bytes)) {
      pages_[i] = before->pages_[i];
      continue;
    }
    if (IsZero(bytes)) continue;
    auto page = std::make_shared<Page>();
    std::memcpy(page->bytes, bytes, kPageBytes);
    pages_[i] = std::move(page);
    ++own_pages_;
  }
}

void SavedSpace::Restore(AddressSpace* space) const {
  bool fits = space->Assume(bounds_);
  ENSURE(fits, "the host has memory for a time that was there before");
  uint8_t* to = space->Host(space->first());
  for (size_t i = 0; i < pages_.size(); ++i) {
    if (pages_[i] != nullptr) {
      std::memcpy(to + i * kPageBytes, pages_[i]->bytes, kPageBytes);
    } else {
      std::memset(to + i * kPageBytes, 0, kPageBytes);
    }
  }
}

}  // namespace escapement::memory
