#include "engine/memory/address_space.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

namespace escapement::memory {

namespace {

// Room after the end, so that a load that starts inside never leaves the host's block.
constexpr uint32_t kSlack = 64;

}  // namespace

AddressSpace::AddressSpace(const AddressSpace& other) {
  *this = other;
}

AddressSpace& AddressSpace::operator=(const AddressSpace& other) {
  if (this == &other) return *this;
  uint8_t* memory = nullptr;
  if (other.memory_) {
    memory = static_cast<uint8_t*>(std::calloc(other.capacity_ + kSlack, 1));
    uint32_t low = static_cast<uint32_t>(other.low_);
    std::memcpy(memory, other.memory_, other.static_high_ - other.low_);
    uint32_t heap = static_cast<uint32_t>(other.heap_start_);
    std::memcpy(memory + (heap - low), other.memory_ + (heap - low), other.end_ - heap);
  }
  std::free(memory_);
  memory_ = memory;
  capacity_ = other.capacity_;
  end_ = other.end_;
  low_ = other.low_;
  writable_ = other.writable_;
  static_high_ = other.static_high_;
  heap_start_ = other.heap_start_;
  limit_ = other.limit_;
  mappings = other.mappings;
  SetBounds();
  return *this;
}

AddressSpace::AddressSpace(AddressSpace&& other) noexcept {
  *this = std::move(other);
}

AddressSpace& AddressSpace::operator=(AddressSpace&& other) noexcept {
  std::swap(memory_, other.memory_);
  std::swap(base_, other.base_);
  std::swap(capacity_, other.capacity_);
  std::swap(end_, other.end_);
  std::swap(load_low_, other.load_low_);
  std::swap(load_span_, other.load_span_);
  std::swap(store_low_, other.store_low_);
  std::swap(store_span_, other.store_span_);
  std::swap(low_, other.low_);
  std::swap(writable_, other.writable_);
  std::swap(static_high_, other.static_high_);
  std::swap(heap_start_, other.heap_start_);
  std::swap(limit_, other.limit_);
  std::swap(mappings, other.mappings);
  return *this;
}

AddressSpace::~AddressSpace() {
  std::free(memory_);
}

bool AddressSpace::Map(Address low, Address writable, Address high, uint64_t limit) {
  low_ = low & ~Address{4095};
  writable_ = writable;
  static_high_ = high;
  Address above = (high + kHeapChunk - 1) & ~Address{kHeapChunk - 1};
  if (above + kHeapChunk > 0xffff0000) return false;
  heap_start_ = std::max(kHeapBase, kHeapHigh << 32 | above);
  end_ = static_cast<uint32_t>(heap_start_);
  limit_ = std::min<uint64_t>(limit, 0xffff0000u - uint64_t{end_});
  std::free(memory_);
  memory_ = nullptr;
  capacity_ = 0;
  if (!Reserve(end_ + static_cast<uint32_t>(kHeapChunk))) return false;
  SetBounds();
  return true;
}

// Makes the host's block reach to the low half `end`. Memory below end_ keeps its contents.
bool AddressSpace::Reserve(uint32_t end) {
  uint32_t need = end - static_cast<uint32_t>(low_);
  if (need <= capacity_) return true;
  uint8_t* memory = nullptr;
  uint64_t capacity =
      std::max<uint64_t>(need, std::min<uint64_t>(uint64_t{capacity_} * 2, 0xffff0000u - low_));
  if (memory_ == nullptr) {
    capacity = need;
    memory = static_cast<uint8_t*>(std::calloc(capacity + kSlack, 1));
  } else {
    memory = static_cast<uint8_t*>(std::realloc(memory_, capacity + kSlack));
    if (memory == nullptr && capacity > need) {
      capacity = need;
      memory = static_cast<uint8_t*>(std::realloc(memory_, capacity + kSlack));
    }
  }
  if (memory == nullptr) return false;
  memory_ = memory;
  capacity_ = static_cast<uint32_t>(capacity);
  return true;
}

void AddressSpace::SetBounds() {
  base_ = reinterpret_cast<uintptr_t>(memory_) - static_cast<uint32_t>(low_);
  load_low_ = static_cast<uint32_t>(low_);
  load_span_ = end_ - load_low_;
  store_low_ = static_cast<uint32_t>(writable_);
  store_span_ = end_ - store_low_;
}

bool AddressSpace::GrowHeap(uint64_t bytes) {
  if (heap_bytes() + bytes > limit_) return false;
  uint32_t end = end_ + static_cast<uint32_t>(bytes);
  if (!Reserve(end)) return false;
  std::memset(memory_ + (end_ - static_cast<uint32_t>(low_)), 0, bytes);
  end_ = end;
  SetBounds();
  return true;
}

bool AddressSpace::CanLoad(Address address, uint64_t size) const {
  if (size > 0xffffffffu) return false;
  if (address >> 32 == kMappedHigh) return mappings.FirstDenied(address, size, false) == address + size;
  if (address >= heap_start_) return address + size <= heap_end();
  return address >= low_ && address + size <= static_high_;
}

bool AddressSpace::CanStore(Address address, uint64_t size) const {
  if (address >> 32 == kMappedHigh) return mappings.FirstDenied(address, size, true) == address + size;
  return CanLoad(address, size) && address >= writable_;
}

void AddressSpace::TakeBounds(const AddressSpace& other) {
  end_ = other.end_;
  low_ = other.low_;
  writable_ = other.writable_;
  static_high_ = other.static_high_;
  heap_start_ = other.heap_start_;
  limit_ = other.limit_;
  mappings = other.mappings;
}

bool AddressSpace::Assume(const AddressSpace& other) {
  TakeBounds(other);
  if (!Reserve(end_)) return false;
  SetBounds();
  return true;
}

bool AddressSpace::operator==(const AddressSpace& other) const {
  if (low_ != other.low_ || writable_ != other.writable_ || static_high_ != other.static_high_ ||
      heap_start_ != other.heap_start_ || end_ != other.end_ || mappings != other.mappings)
    return false;
  if (!memory_) return true;
  uint32_t heap = static_cast<uint32_t>(heap_start_ - low_);
  return std::memcmp(memory_, other.memory_, static_high_ - low_) == 0 &&
         std::memcmp(memory_ + heap, other.memory_ + heap, heap_bytes()) == 0;
}

}  // namespace escapement::memory
