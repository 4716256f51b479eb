#include "engine/cli/disk_tree.h"

#include <sys/stat.h>

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

vm::HostFiles DiskFiles() {
  vm::HostFiles files;
  files.look = [](const std::string& path) {
    struct stat status;
    vm::HostFile file;
    if (lstat(path.c_str(), &status) != 0) return file;
    file.kind = S_ISREG(status.st_mode)   ? vm::FileKind::kFile
                : S_ISDIR(status.st_mode) ? vm::FileKind::kDirectory
                : S_ISLNK(status.st_mode) ? vm::FileKind::kLink
                                          : vm::FileKind::kNull;
    file.permissions = status.st_mode & 07777;
    file.size = static_cast<uint64_t>(status.st_size);
    file.modified_ns = static_cast<uint64_t>(status.st_mtim.tv_sec) * 1000000000 +
                       static_cast<uint64_t>(status.st_mtim.tv_nsec);
    return file;
  };
  files.list = [](const std::string& directory) {
    std::vector<std::string> names;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(directory, error))
      names.push_back(entry.path().filename().string());
    return names;
  };
  files.load = [](const std::string& path) {
    std::error_code error;
    if (fs::is_symlink(path, error)) return fs::read_symlink(path, error).string();
    return ReadFile(path).value_or("");
  };
  return files;
}

std::string WorkingDirectory() {
  std::error_code error;
  return fs::current_path(error).generic_string();
}

}  // namespace escapement::cli
