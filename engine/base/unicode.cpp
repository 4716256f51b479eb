#include "engine/base/unicode.h"

#include <algorithm>
#include <iterator>

namespace escapement::base {

namespace {

// Runes first, first + stride, …, last.
struct UnicodeRange {
  uint32_t first, last, stride;
};

#include "engine/base/number_text.h"
#include "engine/base/unicode_tables.inc"

template <size_t N>
bool InTable(const UnicodeRange (&table)[N], char32_t rune) {
  const UnicodeRange* range = std::lower_bound(std::begin(table), std::end(table), rune,
                                               [](const UnicodeRange& r, char32_t x) { return r.last < x; });
  return range != std::end(table) && range->first <= rune && (rune - range->first) % range->stride == 0;
}

bool IsAsciiLetter(char32_t r) {
  return ((r | 0x20) >= 'a') && ((r | 0x20) <= 'z');
}

int HexValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  char lower = static_cast<char>(c | 0x20);
  if (lower >= 'a' && lower <= 'f') return lower - 'a' + 10;
  return -1;
}

bool ValidRune(char32_t rune) {
  return rune < 0xD800 || (rune >= 0xE000 && rune <= 0x10FFFF);
}

void AppendHex(std::string& out, uint32_t value, int digits) {
  for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) out += "0123456789abcdef"[value >> shift & 15];
}

// Appends `rune` as it stands inside quotes. `bad_byte` ≥ 0: a byte that is not UTF-8.
void AppendEscaped(std::string& out, char32_t rune, char quote, int bad_byte) {
  if (bad_byte >= 0) {
    out += "\\x";
    AppendHex(out, static_cast<uint32_t>(bad_byte), 2);
    return;
  }
  if (rune == static_cast<char32_t>(quote) || rune == '\\') {
    out += '\\';
    out += static_cast<char>(rune);
    return;
  }
  if (IsPrint(rune)) {
    AppendRune(out, rune);
    return;
  }
  static constexpr char kNames[] = "abtnvfr";  // \a is 7 … \r is 13
  if (rune >= 7 && rune <= 13) {
    out += '\\';
    out += kNames[rune - 7];
  } else if (rune < ' ' || rune == 0x7F) {
    out += "\\x";
    AppendHex(out, rune, 2);
  } else if (rune < 0x10000) {
    out += "\\u";
    AppendHex(out, rune, 4);
  } else {
    out += "\\U";
    AppendHex(out, rune, 8);
  }
}

}  // namespace

std::optional<Unquoted> UnquoteChar(std::string_view& text, char quote) {
  if (text.empty()) return std::nullopt;
  char c = text[0];
  if (c == quote || c == '\n') return std::nullopt;
  if (c != '\\') {
    DecodedRune d = DecodeRune(text);
    Unquoted result{d.rune, false};
    if (d.rune == kRuneError && d.width == 1) result = {static_cast<unsigned char>(c), true};
    text.remove_prefix(static_cast<size_t>(d.width));
    return result;
  }
  if (text.size() < 2) return std::nullopt;
  c = text[1];
  text.remove_prefix(2);
  switch (c) {
    case 'a':
      return Unquoted{7, false};
    case 'b':
      return Unquoted{8, false};
    case 'f':
      return Unquoted{12, false};
    case 'n':
      return Unquoted{10, false};
    case 'r':
      return Unquoted{13, false};
    case 't':
      return Unquoted{9, false};
    case 'v':
      return Unquoted{11, false};
    case '\\':
      return Unquoted{'\\', false};
    case '\'':
    case '"':
      if (c != quote) return std::nullopt;
      return Unquoted{static_cast<char32_t>(c), false};
    case 'x':
    case 'u':
    case 'U': {
      size_t digits = c == 'x' ? 2 : c == 'u' ? 4 : 8;
      if (text.size() < digits) return std::nullopt;
      uint32_t value = 0;
      for (size_t i = 0; i < digits; ++i) {
        int h = HexValue(text[i]);
        if (h < 0) return std::nullopt;
        value = value << 4 | static_cast<uint32_t>(h);
      }
      text.remove_prefix(digits);
      if (c == 'x') return Unquoted{value, true};
      if (!ValidRune(value)) return std::nullopt;
      return Unquoted{value, false};
    }
    default:
      break;
  }
  if (c < '0' || c > '7' || text.size() < 2) return std::nullopt;
  uint32_t value = static_cast<uint32_t>(c - '0');
  for (size_t i = 0; i < 2; ++i) {
    if (text[i] < '0' || text[i] > '7') return std::nullopt;
    value = value << 3 | static_cast<uint32_t>(text[i] - '0');
  }
  text.remove_prefix(2);
  if (value > 255) return std::nullopt;
  return Unquoted{value, true};
}

DecodedRune DecodeRune(std::string_view text) {
  if (text.empty()) return {kRuneError, 0};
  auto byte = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
  unsigned char b0 = byte(0);
  if (b0 < 0x80) return {b0, 1};
  auto continuation = [&](size_t i, unsigned char lo = 0x80, unsigned char hi = 0xBF) {
    return i < text.size() && byte(i) >= lo && byte(i) <= hi;
  };
  if (b0 >= 0xC2 && b0 <= 0xDF) {
    if (continuation(1)) return {static_cast<char32_t>((b0 & 0x1F) << 6 | (byte(1) & 0x3F)), 2};
  } else if (b0 >= 0xE0 && b0 <= 0xEF) {
    unsigned char lo = b0 == 0xE0 ? 0xA0 : 0x80, hi = b0 == 0xED ? 0x9F : 0xBF;
    if (continuation(1, lo, hi) && continuation(2))
      return {static_cast<char32_t>((b0 & 0x0F) << 12 | (byte(1) & 0x3F) << 6 | (byte(2) & 0x3F)), 3};
  } else if (b0 >= 0xF0 && b0 <= 0xF4) {
    unsigned char lo = b0 == 0xF0 ? 0x90 : 0x80, hi = b0 == 0xF4 ? 0x8F : 0xBF;
    if (continuation(1, lo, hi) && continuation(2) && continuation(3))
      return {static_cast<char32_t>((b0 & 0x07) << 18 | (byte(1) & 0x3F) << 12 | (byte(2) & 0x3F) << 6 |
                                    (byte(3) & 0x3F)),
              4};
  }
  return {kRuneError, 1};
}

void AppendRune(std::string& out, char32_t rune) {
  if (!ValidRune(rune)) rune = kRuneError;
  auto tail = [&](int shift) { out += static_cast<char>(0x80 | (rune >> shift & 0x3F)); };
  if (rune < 0x80) {
    out += static_cast<char>(rune);
  } else if (rune < 0x800) {
    out += static_cast<char>(0xC0 | rune >> 6);
    tail(0);
  } else if (rune < 0x10000) {
    out += static_cast<char>(0xE0 | rune >> 12);
    tail(6);
    tail(0);
  } else {
    out += static_cast<char>(0xF0 | rune >> 18);
    tail(12);
    tail(6);
    tail(0);
  }
}

bool IsLetter(char32_t rune) {
  return rune < 0x80 ? IsAsciiLetter(rune) : InTable(kLetterRanges, rune);
}
bool IsDigit(char32_t rune) {
  return rune < 0x80 ? rune >= '0' && rune <= '9' : InTable(kDigitRanges, rune);
}
bool IsUpper(char32_t rune) {
  return rune < 0x80 ? rune >= 'A' && rune <= 'Z' : InTable(kUpperRanges, rune);
}
bool IsPrint(char32_t rune) {
  return rune < 0x80 ? rune >= ' ' && rune < 0x7F : InTable(kPrintRanges, rune);
}

std::string Quote(std::string_view text) {
  std::string out = "\"";
  while (!text.empty()) {
    DecodedRune d = DecodeRune(text);
    bool bad = d.rune == kRuneError && d.width == 1;
    AppendEscaped(out, d.rune, '"', bad ? static_cast<unsigned char>(text[0]) : -1);
    text.remove_prefix(static_cast<size_t>(d.width));
  }
  return out + '"';
}

std::string QuoteRune(char32_t rune) {
  std::string out = "'";
  AppendEscaped(out, ValidRune(rune) ? rune : kRuneError, '\'', -1);
  return out + '\'';
}

std::string FormatUnicode(char32_t rune) {
  std::string out = "U+" + HexDigits(rune, 4, true);
  if (IsPrint(rune)) {
    out += " '";
    AppendRune(out, rune);
    out += '\'';
  }
  return out;
}

std::optional<std::string> UnquoteString(std::string_view literal) {
  if (literal.size() < 2 || literal.front() != literal.back()) return std::nullopt;
  char quote = literal.front();
  std::string_view body = literal.substr(1, literal.size() - 2);
  std::string out;
  out.reserve(body.size());
  if (quote == '`') {
    if (body.find('`') != std::string_view::npos) return std::nullopt;
    for (char c : body)
      if (c != '\r') out += c;
    return out;
  }
  if (quote != '"') return std::nullopt;
  while (!body.empty()) {
    std::optional<Unquoted> c = UnquoteChar(body, quote);
    if (!c) return std::nullopt;
    if (c->is_byte)
      out += static_cast<char>(c->value);
    else
      AppendRune(out, c->value);
  }
  return out;
}

std::optional<char32_t> UnquoteRune(std::string_view literal) {
  if (literal.size() < 3 || literal.front() != '\'' || literal.back() != '\'') return std::nullopt;
  std::string_view body = literal.substr(1, literal.size() - 2);
  std::optional<Unquoted> c = UnquoteChar(body, '\'');
  if (!c || !body.empty()) return std::nullopt;
  return c->value;
}

}  // namespace escapement::base
