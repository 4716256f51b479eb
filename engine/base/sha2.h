// SHA-2 (FIPS 180-4): for names that gc hashes, and for programs that hash.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace escapement::base {

// Adds a block of 16 big-endian words to the state. Word: uint32_t (SHA-256) or uint64_t (SHA-512).
template <typename Word>
void Sha2Compress(std::array<Word, 8>& state, const uint8_t* block);

[[nodiscard]] std::array<uint8_t, 32> Sha256(std::string_view text);

}  // namespace escapement::base
