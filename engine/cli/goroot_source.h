// GorootSource: library files straight from an installed Go distribution.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/stdlib/library_source.h"

namespace escapement::cli {

// Reads GOROOT/src/<import path>/*.go, selected for linux/amd64; vendored
// packages (golang.org/x/…) come from GOROOT/src/vendor.
class GorootSource : public stdlib::LibrarySource {
 public:
  explicit GorootSource(std::filesystem::path goroot) : source_(std::move(goroot) / "src") {}
  std::vector<stdlib::LibraryFile> Files(std::string_view import_path) override;
  std::vector<std::string> Packages() override;

 private:
  std::filesystem::path source_;
};

// $GOROOT, or the distribution of the `go` on $PATH; nothing when there is none.
std::optional<std::filesystem::path> FindGoroot();

// The whole of a file, or nothing when it cannot be read.
std::optional<std::string> ReadFile(const std::filesystem::path& path);

}  // namespace escapement::cli
