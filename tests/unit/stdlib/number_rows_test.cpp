#include "engine/stdlib/number_rows.h"

#include <doctest/doctest.h>

#include <random>

namespace escapement::stdlib {

TEST_CASE("number rows: tables shrink, every text comes back") {
  const std::string tables =
      "var _C = &RangeTable{\n\tR16: []Range16{\n\t\t{0x0000, 0x001f, 1},\n\t\t{0x007f, 0x009f, 1},\n"
      "\t\t{0x00ad, 0x0600, 1363},\n\t\t{0x0010, 0x10ffff, 4294967295},\n\t},\n}\n"
      "\t{0x0041, 0x005A, d{0, 32, 0}},\n\t{0x0061, 0x007A, d{-32, 0, -32}},\n";
  std::string packed = PackRows(tables);
  CHECK(packed.size() < tables.size() * 2 / 3);
  CHECK(UnpackRows(packed) == tables);
  // What only looks like a row stays text.
  for (const char* line :
       {"\t\t{0x1F, 0x0020, 1},\n", "\t\t{0x0020, 0x001f, 1},\n", "\t\t{0x0041, 0x005a, 1},",
        "\t\t{0x0041,\n", "\t{0x\n", "", "\n\n", "\t{0x00000041, 0x0042, d}\n"}) {
    CHECK(PackRows(line) == line);
    CHECK(UnpackRows(line) == line);
  }
}

TEST_CASE("number rows: any bytes may be unpacked") {
  std::mt19937 random(1);
  for (int round = 0; round < 2000; ++round) {
    std::string bytes;
    for (uint32_t i = random() % 40; i > 0; --i) bytes += static_cast<char>(random() % 6 * (random() % 40));
    UnpackRows(bytes);
    UnpackRows(PackRows(bytes));
  }
}

}  // namespace escapement::stdlib
