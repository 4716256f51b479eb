// GorootSource: library files straight from an installed Go distribution.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/stdlib/library_source.h"

namespace escapement::cli {

// Reads GOROOT/src/<import path>/*.go, selected for linux/amd64; vendored
// packages are vendor/golang.org/x/….
class GorootSource : public stdlib::LibrarySource {
 public:
  explicit GorootSource(std::filesystem::path goroot) : source_(std::move(goroot) / "src") {}
  std::vector<stdlib::LibraryFile> Files(std::string_view import_path) override;
  std::vector<std::string> Packages() override;
  bool Has(std::string_view import_path) override;

 private:
  std::filesystem::path source_;
  std::map<std::string, bool> has_;  // answers given
};

// $GOROOT, or the distribution of the `go` on $PATH; nothing when there is none.
std::optional<std::filesystem::path> FindGoroot();

// The whole of a file, or nothing when it cannot be read.
std::optional<std::string> ReadFile(const std::filesystem::path& path);

}  // namespace escapement::cli
