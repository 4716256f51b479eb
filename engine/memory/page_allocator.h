// PageAllocator: which 8 KiB pages of the heap are taken. First fit by address, with a
// cache of one 64-page block for small requests, as the runtime's per-P page cache.
#pragma once

#include <cstdint>
#include <vector>

namespace escapement::memory {

class PageAllocator {
 public:
  static constexpr uint32_t kNotFound = ~0u;

  // Adds `pages` free pages after the last.
  void Grow(uint32_t pages);
  // Takes `pages` pages in a row; returns the first one's number, or kNotFound.
  uint32_t Allocate(uint32_t pages);
  void Free(uint32_t first, uint32_t pages);
  // Gives the cached block back (the runtime does at each sweep termination).
  void FlushCache();

  uint32_t page_count() const { return page_count_; }
  // Whether a page is free (cached ones count as free).
  bool IsFree(uint32_t page) const;
  bool operator==(const PageAllocator&) const = default;

 private:
  uint32_t Find(uint32_t pages);
  void Set(uint32_t first, uint32_t pages, bool taken);

  std::vector<uint64_t> taken_;  // bit per page; cached pages are taken
  uint32_t page_count_ = 0;
  uint32_t search_ = 0;  // no free page below it
  uint32_t cache_block_ = kNotFound;
  uint64_t cache_free_ = 0;
};

}  // namespace escapement::memory
