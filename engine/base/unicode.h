// Unicode as Go's front end needs it: UTF-8 coding, four character classes, and the
// quoting of strings (package strconv's rules).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace escapement::base {

inline constexpr char32_t kRuneError = 0xFFFD;

// A decoded rune and its width in bytes. Malformed bytes give {kRuneError, 1}, the
// empty text {kRuneError, 0}.
struct DecodedRune {
  char32_t rune;
  int width;
};
DecodedRune DecodeRune(std::string_view text);
// Appends the UTF-8 of `rune` (of kRuneError for surrogates and values out of range).
void AppendRune(std::string& out, char32_t rune);

bool IsLetter(char32_t rune);  // category L
bool IsDigit(char32_t rune);   // category Nd
bool IsUpper(char32_t rune);   // category Lu
bool IsPrint(char32_t rune);   // strconv.IsPrint: L, M, N, P, S and the ASCII space

// strconv.Quote: a Go string literal in double quotes that denotes `text`.
std::string Quote(std::string_view text);
// strconv.QuoteRune: a rune literal.
std::string QuoteRune(char32_t rune);
// The verb %#U: "U+0040 '@'".
std::string FormatUnicode(char32_t rune);

// One character of a literal's inside. An escape \x or \ooo is a byte, everything else a rune.
struct Unquoted {
  char32_t value;
  bool is_byte;
};
// strconv.UnquoteChar: takes the first character off `text`, the inside of a literal in such quotes; nothing
// if it is malformed.
std::optional<Unquoted> UnquoteChar(std::string_view& text, char quote);
// strconv.Unquote for a Go string literal ("…" or `…`); nothing if it is malformed.
std::optional<std::string> UnquoteString(std::string_view literal);
// The value of a rune literal; nothing if it is malformed.
std::optional<char32_t> UnquoteRune(std::string_view literal);

}  // namespace escapement::base
