// Numbers as text and back, exactly rounded. What the C library has for it is several times this code's size
// in WebAssembly.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace escapement::base {

// Hexadecimal digits, at least `width` of them.
std::string HexDigits(uint64_t value, size_t width = 1, bool capitals = false);
// 0x and the digits.
inline std::string HexText(uint64_t value) {
  return "0x" + HexDigits(value);
}

// C's %.*g of a finite number.
std::string GeneralText(double value, size_t digits);
// strconv's 'g' with the fewest digits that give the number back: with an exponent where that is below -4 or
// at least 6. NaN, +Inf and -Inf are spelled as Go does.
std::string ShortestText(double value);
std::string ShortestText(float value);

// The nearest double of a decimal number at the beginning of the text, as C's strtod reads it; `used` gets
// the number of bytes read. No hexadecimal numbers, infinities or blanks in front.
double ReadDouble(std::string_view text, size_t* used);

}  // namespace escapement::base
