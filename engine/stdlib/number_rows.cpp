#include "engine/stdlib/number_rows.h"

#include <cstdint>

#include "engine/base/number_text.h"

namespace escapement::stdlib {

namespace {

constexpr char kRange = 1;  // lower-case figures, a number behind them
constexpr char kCase = 2;   // upper-case figures, text behind them

struct Row {
  char form;
  uint32_t low, high;
  uint32_t stride = 0;    // kRange
  std::string_view rest;  // kCase
};

std::string Print(const Row& row) {
  const bool range = row.form == kRange;
  const std::string numbers =
      "{0x" + base::HexDigits(row.low, 4, !range) + ", 0x" + base::HexDigits(row.high, 4, !range) + ", ";
  return range ? "\t\t" + numbers + std::to_string(row.stride) + "},"
               : "\t" + numbers + std::string(row.rest);
}

// The number that `text` has at `at`, which moves behind it.
uint32_t Number(std::string_view text, size_t& at, uint32_t base) {
  uint32_t n = 0;
  for (; at < text.size(); ++at) {
    char c = text[at], lower = static_cast<char>(c | 0x20);
    uint32_t digit = c >= '0' && c <= '9' ? static_cast<uint32_t>(c - '0')
                                          : static_cast<uint32_t>(static_cast<uint8_t>(lower - 'a')) + 10;
    if (digit >= base || n > 0xffffff) break;
    n = n * base + digit;
  }
  return n;
}

// Reads a line as a row; false when printing it would not give the same line.
bool Parse(std::string_view line, Row& row) {
  size_t tabs = line.substr(0, 2) == "\t\t" ? 2 : 1;
  if (line.substr(0, 1) != "\t" || line.substr(tabs, 3) != "{0x") return false;
  row.form = tabs == 2 ? kRange : kCase;
  size_t at = tabs + 3;
  row.low = Number(line, at, 16);
  at += 4;
  row.high = Number(line, at, 16);
  at += 2;
  if (row.form == kRange)
    row.stride = Number(line, at, 10);
  else
    row.rest = line.substr(at < line.size() ? at : line.size());
  return row.high >= row.low && Print(row) == line;
}

void PutNumber(std::string& out, uint32_t n) {
  for (; n >= 0x80; n >>= 7) out += static_cast<char>(n | 0x80);
  out += static_cast<char>(n);
}

uint32_t TakeNumber(std::string_view& rest) {
  uint32_t n = 0;
  for (int shift = 0; shift < 32 && !rest.empty(); shift += 7) {
    uint8_t byte = static_cast<uint8_t>(rest[0]);
    rest.remove_prefix(1);
    n |= (byte & 0x7fu) << shift;
    if (byte < 0x80) break;
  }
  return n;
}

// The text up to the end of the line, which goes too.
std::string_view TakeLine(std::string_view& rest) {
  size_t at = rest.find('\n');
  std::string_view line = rest.substr(0, at);
  rest.remove_prefix(at == std::string_view::npos ? rest.size() : at + 1);
  return line;
}

}  // namespace

std::string PackRows(std::string_view text) {
  std::string out;
  uint32_t before = 0;
  while (!text.empty()) {
    // A last line without its newline stays as it is.
    bool whole = text.find('\n') != std::string_view::npos;
    std::string_view line = TakeLine(text);
    Row row;
    if (!whole || !Parse(line, row)) {
      out += line;
      if (whole) out += '\n';
      before = 0;
      continue;
    }
    if (row.low < before) {  // a byte 0: counted from 0 again
      out += '\0';
      before = 0;
    }
    out += row.form;
    PutNumber(out, row.low - before);
    PutNumber(out, row.high - row.low);
    if (row.form == kRange)
      PutNumber(out, row.stride);
    else
      (out += row.rest) += '\n';
    before = row.high;
  }
  return out;
}

std::string UnpackRows(std::string_view packed) {
  std::string out;
  uint32_t before = 0;
  while (!packed.empty()) {
    char form = packed[0];
    if (form == '\0') {
      packed.remove_prefix(1);
      before = 0;
    } else if (form == kRange || form == kCase) {
      packed.remove_prefix(1);
      Row row{form, 0, 0, 0, {}};
      row.low = before + TakeNumber(packed);
      row.high = row.low + TakeNumber(packed);
      if (form == kRange)
        row.stride = TakeNumber(packed);
      else
        row.rest = TakeLine(packed);
      out += Print(row);
      out += '\n';
      before = row.high;
    } else {
      bool whole = packed.find('\n') != std::string_view::npos;
      out += TakeLine(packed);
      if (whole) out += '\n';
      before = 0;
    }
  }
  return out;
}

}  // namespace escapement::stdlib
