#include "engine/cli/disk_tree.h"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "engine/cli/goroot_source.h"

namespace escapement::cli {

namespace fs = std::filesystem;

std::optional<std::string> DiskTree::Read(const std::string& path) {
  std::error_code error;
  if (!fs::is_regular_file(path, error)) return std::nullopt;
  return ReadFile(path);
}

std::vector<modules::TreeEntry> DiskTree::List(const std::string& directory) {
  auto [known, added] = listed_.try_emplace(directory);
  if (!added) return known->second;
  std::vector<modules::TreeEntry>& out = known->second;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(directory, error))
    out.push_back({entry.path().filename().string(), entry.is_directory(error)});
  std::sort(out.begin(), out.end(),
            [](const modules::TreeEntry& a, const modules::TreeEntry& b) { return a.name < b.name; });
  return out;
}

std::string WorkingDirectory() {
  std::error_code error;
  return fs::current_path(error).generic_string();
}

}  // namespace escapement::cli
