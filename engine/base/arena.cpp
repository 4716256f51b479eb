#include "engine/base/arena.h"

#include <algorithm>

namespace escapement::base {

namespace {
constexpr size_t kBlockBytes = 64 * 1024;
}

void* Arena::AllocateSlow(size_t size, size_t align) {
  size_t block = std::max(kBlockBytes, size + align);
  blocks_.push_back(std::unique_ptr<std::byte[]>(new std::byte[block]));
  bytes_reserved_ += block;
  uintptr_t start = reinterpret_cast<uintptr_t>(blocks_.back().get());
  uintptr_t at = (start + align - 1) & ~(uintptr_t{align} - 1);
  // A large object gets a block of its own; the current block keeps its room.
  if (size > kBlockBytes / 4) return reinterpret_cast<void*>(at);
  next_ = at + size;
  end_ = start + block;
  return reinterpret_cast<void*>(at);
}

}  // namespace escapement::base
