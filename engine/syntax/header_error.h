// What the go command finds wrong with a file's package clause and imports. It reads them with go/parser,
// before the compiler sees the file, so its words are those of go/scanner and go/parser.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace escapement::syntax {

struct HeaderError {
  uint32_t line = 0, column = 0;  // 1-based, bytes; 0: the file could not be read as text
  std::string text;
  bool whole_path = false;  // the go command names the file with its directory
};

// The first mistake in the header of a file, or none. `text` is followed by a NUL byte (as a std::string's
// is). Mistakes behind the imports, and what go/parser lets pass, are left to the compiler.
std::optional<HeaderError> FindHeaderError(const std::string& text);

}  // namespace escapement::syntax
