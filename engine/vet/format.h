// Formats of fmt.Printf, taken apart.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace escapement::vet {

inline constexpr int kNoArgument = -1;

// One operation of a format, "%[2]*.3d".
struct Directive {
  std::string_view text;
  size_t begin = 0;         // its % in the format
  std::string_view flags;   // of "#0+- "
  int width = kNoArgument;  // the argument that a * takes
  int precision = kNoArgument;
  char32_t verb = 0;
  int argument = 0;      // of the verb
  bool indexed = false;  // some argument was chosen by [n]
};

// Takes `format` apart; its arguments are counted from `first_argument`. The directives view `format`.
// A malformed one stops everything: `error` then says what the call has, "format %[x] is missing …".
std::vector<Directive> ParseFormat(std::string_view format, int first_argument, std::string* error);

// The first text in `text` that looks like a directive and not like the %XX of a URL; empty if there is none.
std::string_view FindDirective(std::string_view text);

}  // namespace escapement::vet
