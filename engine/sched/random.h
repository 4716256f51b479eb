// Random: the runtime's random source as a value. Model: the runtime seeds ChaCha8 from the
// kernel; a run here is seeded with a number, so that it repeats, and uses wyrand.
#pragma once

#include <cstdint>

namespace escapement::sched {

class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed * 0x9e3779b97f4a7c15ull + 0x2545f4914f6cdd1dull) {}

  // runtime.rand: 64 random bits.
  uint64_t Next() {
    state_ += 0xa0761d6478bd642full;
    uint64_t x = state_, y = state_ ^ 0xe7037ed1a0b428dbull;
    return Mix(x, y);
  }
  // cheaprand: 32 bits.
  uint32_t Next32() { return static_cast<uint32_t>(Next() >> 32); }
  // cheaprandn: 0 ≤ result < n.
  uint32_t Below(uint32_t n) { return static_cast<uint32_t>((uint64_t{Next32()} * n) >> 32); }

  bool operator==(const Random&) const = default;

 private:
  // The high and low halves of a 128-bit product, folded.
  static uint64_t Mix(uint64_t x, uint64_t y) {
    uint64_t xl = x & 0xffffffff, xh = x >> 32, yl = y & 0xffffffff, yh = y >> 32;
    uint64_t ll = xl * yl, lh = xl * yh, hl = xh * yl, hh = xh * yh;
    uint64_t mid = (ll >> 32) + (lh & 0xffffffff) + (hl & 0xffffffff);
    uint64_t high = hh + (lh >> 32) + (hl >> 32) + (mid >> 32);
    uint64_t low = (mid << 32) | (ll & 0xffffffff);
    return high ^ low;
  }

  uint64_t state_;
};

}  // namespace escapement::sched
