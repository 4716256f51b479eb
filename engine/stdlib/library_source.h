// LibrarySource: where the Go standard library's files come from: a pack (the
// page, the widget, an installed command) or an installed GOROOT (tests, the pack
// maker). The engine itself does no I/O.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace escapement::stdlib {

// One file of a package, already selected for linux/amd64.
struct LibraryFile {
  std::string name;  // as tracebacks print it: GOROOT/src/fmt/print.go
  std::string text;
};

// Hands out the files of library packages by import path.
class LibrarySource {
 public:
  virtual ~LibrarySource() = default;
  // The package's Go files in name order; empty when there is no such package.
  virtual std::vector<LibraryFile> Files(std::string_view import_path) = 0;
  // Import paths of every package it has, sorted: for snippet mode and messages.
  virtual std::vector<std::string> Packages() = 0;
  // What the pack maker learned of the package's functions (summaries.h); empty where
  // the package has to be analysed whole instead.
  virtual std::string Summaries(std::string_view /*import_path*/) { return ""; }
};

}  // namespace escapement::stdlib
