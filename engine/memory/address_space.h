// AddressSpace: the session's one region of modelled memory. A modelled address is 64 bits
// wide and the same natively and in wasm; the host finds it at base + its low 32 bits.
//
//   0x401000        text (addresses only), rodata | data, bss         up to kHeapBase at most
//   0xc001000000    heap and goroutine stacks, in chunks of 4 MiB     grows upwards
//   0x7f4c........  pages that the program maps (mappings.h)          memory taken from the heap's
//
// The region may move in the host when it grows, which only allocation does: code that keeps
// base() in a local reads it again after any call that can allocate.
#pragma once

#include <cstdint>
#include <cstring>

#include "engine/memory/mappings.h"

namespace escapement::memory {

// A modelled address; 0 is nil.
using Address = uint64_t;

constexpr Address kTextBase = 0x401000;
// The upper half of every heap and stack address.
constexpr uint64_t kHeapHigh = 0xc0;
// Where the heap starts unless static data reaches further (docs/decisions/0003-address-space.md).
constexpr Address kHeapBase = 0xc001000000;
constexpr uint64_t kPageSize = 8192;
constexpr uint32_t kPageShift = 13;
// The heap grows in these steps.
constexpr uint64_t kHeapChunk = 4 << 20;

class AddressSpace {
 public:
  AddressSpace() = default;
  AddressSpace(const AddressSpace& other);
  AddressSpace& operator=(const AddressSpace& other);
  AddressSpace(AddressSpace&& other) noexcept;
  AddressSpace& operator=(AddressSpace&& other) noexcept;
  ~AddressSpace();

  // Maps [low, high) of static data, of which stores may touch [writable, high), and an empty heap above it.
  // `limit` bounds the bytes of heap and stacks together. Returns false when the host has no room.
  [[nodiscard]] bool Map(Address low, Address writable, Address high, uint64_t limit);

  // Static data now reaches up to `high`, in the gap below the heap.
  void ExtendStatic(Address high) { static_high_ = high; }

  // Extends the heap by `bytes` (a multiple of kHeapChunk) of zeroed memory. False when the limit is hit.
  [[nodiscard]] bool GrowHeap(uint64_t bytes);

  // For snapshots: the bytes from first() on, gap between static data and heap included.
  Address first() const { return low_; }
  uint64_t used_bytes() const { return memory_ ? end_ - static_cast<uint32_t>(low_) : 0; }
  // Takes over where things are, without the memory.
  void TakeBounds(const AddressSpace& other);
  // Becomes a space with the bounds of `other` whose bytes are yet to be written. False: no room in the host.
  [[nodiscard]] bool Assume(const AddressSpace& other);

  Address static_low() const { return low_; }
  Address static_high() const { return static_high_; }
  Address heap_start() const { return heap_start_; }
  Address heap_end() const { return (kHeapHigh << 32) | end_; }
  uint64_t heap_bytes() const { return end_ - static_cast<uint32_t>(heap_start_); }

  // base() + low 32 bits of an address = where the host keeps it.
  uintptr_t base() const { return base_; }
  uint8_t* Host(Address address) const {
    return reinterpret_cast<uint8_t*>(base_ + static_cast<uint32_t>(address));
  }

  // Whether a load (store) of up to 16 bytes at `address` hits the region: one compare while no page is
  // protected.
  // Model: the gap between static data and heap reads as zeros; Go would fault there.
  bool CanLoad(Address address) const {
    return static_cast<uint32_t>(address) - load_low_ < load_span_ &&
           (mappings.guard() != Guard::kEverything || !Denied(address, 1, false));
  }
  bool CanStore(Address address) const {
    return static_cast<uint32_t>(address) - store_low_ < store_span_ &&
           (mappings.guard() == Guard::kNothing || !Denied(address, 1, true));
  }
  // The bounds of those two compares, for an interpreter that keeps them in registers; no store passes while
  // some page may not be stored to, and no load may be left to them while some page may not be read.
  uint32_t load_low() const { return load_low_; }
  uint32_t load_span() const { return load_span_; }
  uint32_t store_low() const { return store_low_; }
  uint32_t store_span() const { return mappings.guard() == Guard::kNothing ? store_span_ : 0; }
  // The same for a range of bytes, high half included.
  bool CanLoad(Address address, uint64_t size) const;
  bool CanStore(Address address, uint64_t size) const;
  // Where a load (store) of a range faults because of a page's protection; 0: nowhere.
  Address Denied(Address address, uint64_t size, bool write) const {
    if (mappings.guard() == Guard::kNothing || address >> 32 != kMappedHigh) return 0;
    Address denied = mappings.FirstDenied(address, size, write);
    return denied < address + size ? denied : 0;
  }
  // Whether there is memory at an address, accessible or not.
  bool IsMapped(Address address) const { return CanLoad(address, 1) || mappings.Find(address) != nullptr; }

  template <typename T>
  T Load(Address address) const {
    T value;
    std::memcpy(&value, Host(address), sizeof(T));
    return value;
  }
  template <typename T>
  void Store(Address address, T value) {
    std::memcpy(Host(address), &value, sizeof(T));
  }
  Address LoadPointer(Address address) const { return Load<uint64_t>(address); }

  void Zero(Address address, uint64_t size) { std::memset(Host(address), 0, size); }
  // The same for a small object: whole words, no call.
  void ZeroWords(Address address, uint64_t size) {
    uint8_t* to = Host(address);
    if (size > 64) {
      std::memset(to, 0, size);
      return;
    }
    const uint64_t zero = 0;
    for (uint64_t at = 0; at < size; at += 8) std::memcpy(to + at, &zero, 8);
  }
  // Copies bytes inside the region; the ranges may overlap.
  void Move(Address to, Address from, uint64_t size) { std::memmove(Host(to), Host(from), size); }
  void Write(Address to, const void* from, uint64_t size) {
    if (size) std::memcpy(Host(to), from, size);
  }

  // Whether an address can be a heap or stack address at all (high half and range).
  bool InHeapRange(Address address) const { return address >= heap_start_ && address < heap_end(); }

  bool operator==(const AddressSpace& other) const;

  // What the program has mapped; part of the bounds.
  Mappings mappings;

 private:
  [[nodiscard]] bool Reserve(uint32_t end);
  void SetBounds();

  uint8_t* memory_ = nullptr;  // host memory of the low halves [low_, capacity end)
  uintptr_t base_ = 0;         // memory_ - low_
  uint32_t capacity_ = 0;      // bytes at memory_
  uint32_t end_ = 0;           // low half of the heap's end
  uint32_t load_low_ = 0, load_span_ = 0, store_low_ = 0, store_span_ = 0;
  Address low_ = 0, writable_ = 0, static_high_ = 0, heap_start_ = 0;
  uint64_t limit_ = 0;
};

}  // namespace escapement::memory
