// The hash of maps' keys.
#pragma once

#include <cstdint>

namespace escapement::stdlib {

inline uint64_t MixHash(uint64_t x) {
  x ^= x >> 32;
  x *= 0xd6e8feb86659fd93ull;
  x ^= x >> 32;
  x *= 0xd6e8feb86659fd93ull;
  return x ^ (x >> 32);
}

// Model: the runtime hashes with AES instructions and a per-process key; any good function of (bytes, seed)
// gives a legal map. Map seeds come from the scheduler's random source.
uint64_t HashBytes(const uint8_t* data, uint64_t size, uint64_t seed);

}  // namespace escapement::stdlib
