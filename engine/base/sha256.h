// SHA-256 (FIPS 180-4), for names that gc hashes.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace escapement::base {

[[nodiscard]] std::array<uint8_t, 32> Sha256(std::string_view text);

}  // namespace escapement::base
