// PairTable: a map from two 32-bit ids to a third, flat because each event of a run may ask it.
#pragma once

#include <cstdint>
#include <vector>

namespace escapement::trace {

// Open addressing; nothing is ever removed. The pair (~0, ~0) is no key.
class PairTable {
 public:
  static constexpr uint32_t kAbsent = ~0u;

  uint32_t Find(uint32_t first, uint32_t second) const {
    if (slots_.empty()) return kAbsent;
    const uint64_t key = Key(first, second);
    for (size_t i = Home(key);; ++i) {
      const Slot& slot = slots_[i & (slots_.size() - 1)];
      if (slot.key == key) return slot.value;
      if (slot.key == kEmpty) return kAbsent;
    }
  }

  // Adds a pair that is not there.
  void Add(uint32_t first, uint32_t second, uint32_t value) {
    if (2 * (count_ + 1) > slots_.size()) Grow();
    ++count_;
    Place(Key(first, second), value);
  }

 private:
  static constexpr uint64_t kEmpty = ~uint64_t{0};
  struct Slot {
    uint64_t key = kEmpty;
    uint32_t value = kAbsent;
  };

  static uint64_t Key(uint32_t first, uint32_t second) { return first | uint64_t{second} << 32; }
  size_t Home(uint64_t key) const { return static_cast<size_t>(key * 0x9e3779b97f4a7c15ull >> 32); }
  void Place(uint64_t key, uint32_t value) {
    size_t i = Home(key);
    while (slots_[i & (slots_.size() - 1)].key != kEmpty) ++i;
    slots_[i & (slots_.size() - 1)] = {key, value};
  }
  void Grow() {
    std::vector<Slot> old(slots_.empty() ? 64 : slots_.size() * 2);
    old.swap(slots_);
    for (const Slot& slot : old)
      if (slot.key != kEmpty) Place(slot.key, slot.value);
  }

  std::vector<Slot> slots_;
  size_t count_ = 0;
};

}  // namespace escapement::trace
