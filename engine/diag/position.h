// Positions: a byte of a source file as gc prints it, FILE:LINE:COL with a
// 1-based line and a 1-based *byte* column.
#pragma once

#include <algorithm>
#include <compare>
#include <cstdint>

#include "engine/base/ids.h"

namespace escapement::diag {

// A file of a FileSet.
struct FileId {
  uint16_t index = 0;  // 0 is "no file"
  constexpr bool valid() const { return index != 0; }
  constexpr auto operator<=>(const FileId&) const = default;
};

// A position in 8 bytes. Order is file, line, column. A default Pos is unknown.
struct Pos {
  // gc stores columns in 8 bits: from this one on messages print FILE:LINE alone
  // (cmd/internal/src.colMax). `col` keeps the true column up to 65,535.
  static constexpr uint16_t kPrintedColMax = 255;

  FileId file;
  uint16_t col = 0;
  uint32_t line = 0;

  constexpr bool valid() const { return line != 0; }
  constexpr bool operator==(const Pos&) const = default;
  // Whether gc, with 8 bits for a column, takes both for one place.
  constexpr bool SamePlaceInGc(const Pos& o) const {
    return file == o.file && line == o.line &&
           std::min(col, kPrintedColMax) == std::min(o.col, kPrintedColMax);
  }
  constexpr std::strong_ordering operator<=>(const Pos& o) const {
    if (auto c = file <=> o.file; c != 0) return c;
    if (auto c = line <=> o.line; c != 0) return c;
    return col <=> o.col;
  }
};

}  // namespace escapement::diag
