#include "engine/base/number_text.h"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <string>
#include <vector>

#include "engine/base/bit_cast.h"

using namespace escapement::base;

namespace {

// Bits of all magnitudes, the same every time.
std::vector<uint64_t> Patterns() {
  std::vector<uint64_t> out{
      1, 2, 3, 0x000fffffffffffff, 0x0010000000000000, 0x7fefffffffffffff, 0x3ff0000000000000};
  for (uint64_t i = 0, x = 88172645463325252; i < 2000; ++i) {
    x ^= x << 13;
    x ^= x >> 7;
    x ^= x << 17;
    out.push_back(x & 0x7fffffffffffffff);
  }
  return out;
}

double Read(const std::string& text) {
  size_t used = 0;
  double value = ReadDouble(text, &used);
  CHECK(used == text.size());
  return value;
}

}  // namespace

TEST_CASE("number text: hexadecimal") {
  CHECK(HexText(0) == "0x0");
  CHECK(HexText(0xc000012345) == "0xc000012345");
  CHECK(HexDigits(0xab, 4) == "00ab");
  CHECK(HexDigits(0xabcde, 4, true) == "ABCDE");
}

TEST_CASE("number text: numbers as Go prints them") {
  CHECK(ShortestText(0.0) == "0");
  CHECK(ShortestText(-0.0) == "-0");
  CHECK(ShortestText(0.1) == "0.1");
  CHECK(ShortestText(0.1f) == "0.1");
  CHECK(ShortestText(static_cast<double>(0.1f)) == "0.10000000149011612");
  CHECK(ShortestText(123456.0) == "123456");
  CHECK(ShortestText(1234567.0) == "1.234567e+06");
  CHECK(ShortestText(0.0001) == "0.0001");
  CHECK(ShortestText(0.00001) == "1e-05");
  CHECK(ShortestText(5e-324) == "5e-324");
  CHECK(ShortestText(9007199254740993.0) == "9.007199254740992e+15");
  CHECK(ShortestText(std::numeric_limits<float>::max()) == "3.4028235e+38");
  CHECK(ShortestText(std::numeric_limits<float>::denorm_min()) == "1e-45");
  CHECK(ShortestText(-std::numeric_limits<double>::infinity()) == "-Inf");
  CHECK(ShortestText(std::nan("")) == "NaN");
}

TEST_CASE("number text: what the C library says") {
  for (uint64_t bits : Patterns()) {
    const double value = BitCast<double>(bits);
    if (!std::isfinite(value)) continue;
    char text[64];
    for (int digits : {1, 6, 17}) {
      std::snprintf(text, sizeof text, "%.*g", digits, value);
      CHECK(GeneralText(value, static_cast<size_t>(digits)) == text);
    }
    const std::string shortest = ShortestText(value);
    CHECK(std::strtod(shortest.c_str(), nullptr) == value);
    CHECK(Read(shortest) == value);
    CHECK(Read(text) == value);
  }
}

TEST_CASE("number text: reading") {
  for (const char* text :
       {"0", "1", "-1.5", "1e22", "1e23", "8.5e-324", "2.4703282292062327e-324", "2.4703282292062328e-324",
        "1.7976931348623157e308", "1.7976931348623159e308", "9007199254740993",
        "9007199254740992.999999999999999999999999", "9007199254740993.00000000000000000001", "1e-400",
        "1e400", "123456789012345678901234567890", "0.000000000000000000000000000001"})
    CHECK(Read(text) == std::strtod(text, nullptr));
  size_t used = 7;
  CHECK(ReadDouble("x", &used) == 0);
  CHECK(used == 0);
  CHECK(ReadDouble("1e+x", &used) == 1);
  CHECK(used == 1);
  CHECK(ReadDouble("-2.5,3", &used) == -2.5);
  CHECK(used == 4);
}
