// The overlay: what the engine puts in place of files of the Go distribution, because the machine does their
// work. Package runtime is replaced but for a few files; internal/abi says that reflection passes no
// arguments in registers. Functions without a body are natives (natives.h).
// Package runtime is also analysed from the overlay, which therefore keeps to the distribution's in what
// the compiler says of calls: inlined at the same cost or not at all, the same parameters leak.
#pragma once

#include <span>
#include <string_view>

#include "engine/stdlib/library_source.h"

namespace escapement::stdlib {

struct OverlayFile {
  std::string_view package;  // import path
  std::string_view name;     // without directory
  std::string_view text;
};

// The files under engine/stdlib/overlay, embedded at build time.
std::span<const OverlayFile> OverlayFiles();
// A hash of all of them.
std::string_view OverlayKey();

// Whether the distribution's file stays when the package has an overlay.
bool OverlayKeeps(std::string_view package, std::string_view file_name);

// Whether a package is built from its pure Go files: those whose assembly has no natives.
// Model: remarks about inlining calls into these packages are those of their pure Go bodies.
bool BuiltPureGo(std::string_view package);

// Another source with the overlay applied.
class OverlaySource : public LibrarySource {
 public:
  // `base` outlives this source.
  explicit OverlaySource(LibrarySource& base) : base_(base) {}
  std::vector<LibraryFile> Files(std::string_view import_path) override;
  std::vector<std::string> Packages() override { return base_.Packages(); }
  bool Has(std::string_view import_path) override { return base_.Has(import_path); }
  std::string Summaries(std::string_view import_path) override { return base_.Summaries(import_path); }

 private:
  LibrarySource& base_;
};

}  // namespace escapement::stdlib
