// Number rows: the tables of package unicode are a seventh of a pack, long rows of rising code points.
// Written as differences they take half the room.
#pragma once

#include <string>
#include <string_view>

namespace escapement::stdlib {

// `text` with each line of one of these forms as a byte and LEB128 numbers: the distance from the row
// before, the length, and the third number or the rest of the line.
//   1: "\t\t{0x0041, 0x005a, 1},"      2: "\t{0x0041, 0x005A, d{0, 32, 0}},"
std::string PackRows(std::string_view text);
// The text again, byte by byte.
std::string UnpackRows(std::string_view packed);

}  // namespace escapement::stdlib
