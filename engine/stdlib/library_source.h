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
  std::string name;  // as messages print it: GOROOT/src/fmt/print.go
  std::string text;
  std::string run_path;  // as tracebacks print it where that differs
};

// What the compiler must know of a package beside its files.
struct PackageTraits {
  bool standard = true;    // of the Go distribution: directives that others may not use
  uint16_t language = 26;  // the N of go1.N
};

// Hands out the files of library packages by import path.
class LibrarySource {
 public:
  virtual ~LibrarySource() = default;
  // The package's Go files in name order; empty when there is no such package.
  virtual std::vector<LibraryFile> Files(std::string_view import_path) = 0;
  // Whether there is such a package.
  virtual bool Has(std::string_view import_path) { return !Files(import_path).empty(); }
  virtual PackageTraits Traits(std::string_view /*import_path*/) { return {}; }
  // Why an import of this path fails, where the source knows better than "not in std".
  virtual std::string MissingImport(std::string_view /*import_path*/) { return ""; }
  // Import paths of every package it has, sorted: for snippet mode and messages.
  virtual std::vector<std::string> Packages() = 0;
  // What the pack maker learned of the package's functions (driver/summaries.h); empty where
  // the package has to be analysed whole instead.
  virtual std::string Summaries(std::string_view /*import_path*/) { return ""; }
};

}  // namespace escapement::stdlib
