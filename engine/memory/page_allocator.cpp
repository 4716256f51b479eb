#include "engine/memory/page_allocator.h"

#include <algorithm>
#include <bit>

namespace escapement::memory {

namespace {

// Requests from this many pages on bypass the cached block (a quarter of it).
constexpr uint32_t kCachePages = 16;

// The lowest run of `n` set bits; 64 if there is none.
uint32_t FindRun(uint64_t bits, uint32_t n) {
  for (uint32_t i = 1; i < n && bits; ++i) bits &= bits >> 1;
  return static_cast<uint32_t>(std::countr_zero(bits));
}

}  // namespace

void PageAllocator::Grow(uint32_t pages) {
  uint32_t first = page_count_;
  page_count_ += pages;
  taken_.resize((page_count_ + 63) / 64, ~uint64_t{0});
  Set(first, pages, false);
  search_ = std::min(search_, first);
}

void PageAllocator::Set(uint32_t first, uint32_t pages, bool taken) {
  while (pages > 0) {
    uint32_t bit = first % 64, n = std::min(pages, 64 - bit);
    uint64_t mask = (n == 64 ? ~uint64_t{0} : (uint64_t{1} << n) - 1) << bit;
    if (taken)
      taken_[first / 64] |= mask;
    else
      taken_[first / 64] &= ~mask;
    first += n;
    pages -= n;
  }
}

// The first run of free pages that is long enough; raises search_ to the first free page it meets.
uint32_t PageAllocator::Find(uint32_t pages) {
  uint32_t run = 0;
  bool first_free = true;
  for (uint32_t page = search_; page < page_count_;) {
    uint64_t word = taken_[page / 64] >> (page % 64);
    uint32_t left = std::min(64 - page % 64, page_count_ - page);
    if (run == 0) {
      // Skip taken pages.
      uint32_t skip = std::min<uint32_t>(static_cast<uint32_t>(std::countr_one(word)), left);
      page += skip;
      if (skip == left) continue;
      if (first_free) search_ = page;
      first_free = false;
      word >>= skip;
      left -= skip;
    }
    uint32_t free = std::min<uint32_t>(static_cast<uint32_t>(std::countr_zero(word)), left);
    run += free;
    page += free;
    if (run >= pages) return page - run;
    if (free < left) run = 0;
  }
  if (first_free) search_ = page_count_;
  return kNotFound;
}

uint32_t PageAllocator::Allocate(uint32_t pages) {
  if (pages < kCachePages) {
    if (cache_free_ == 0) {
      uint32_t page = Find(1);
      if (page != kNotFound) {
        cache_block_ = page / 64;
        cache_free_ = ~taken_[cache_block_];
        taken_[cache_block_] = ~uint64_t{0};
        search_ = cache_block_ * 64 + 63;
      }
    }
    uint32_t bit = FindRun(cache_free_, pages);
    if (bit < 64) {
      cache_free_ &= ~(((uint64_t{1} << pages) - 1) << bit);
      return cache_block_ * 64 + bit;
    }
  }
  uint32_t first = Find(pages);
  if (first != kNotFound) Set(first, pages, true);
  return first;
}

void PageAllocator::Free(uint32_t first, uint32_t pages) {
  Set(first, pages, false);
  search_ = std::min(search_, first);
}

void PageAllocator::FlushCache() {
  if (cache_free_ == 0) return;
  taken_[cache_block_] &= ~cache_free_;
  search_ = std::min(search_, cache_block_ * 64);
  cache_free_ = 0;
}

bool PageAllocator::IsFree(uint32_t page) const {
  if (page / 64 == cache_block_ && (cache_free_ >> (page % 64) & 1)) return true;
  return !(taken_[page / 64] >> (page % 64) & 1);
}

}  // namespace escapement::memory
