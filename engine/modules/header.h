// Header: the package clause and imports of a Go file, read without parsing the rest of it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace escapement::modules {

struct ImportSpec {
  std::string path;
  uint32_t line = 0, column = 0;  // of the specification: its name, if it has one
};

// A comment //go:… above the package clause.
struct Directive {
  std::string text;
  uint32_t line = 0, column = 0;
};

struct Header {
  std::string package;
  std::vector<Directive> directives;
  std::vector<ImportSpec> imports;
};

// Reads as far as it understands; mistakes are left to the parser.
Header ScanHeader(std::string_view text);

}  // namespace escapement::modules
