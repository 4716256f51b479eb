// FileTree: the files a program is made of, wherever they are: a disk (the command), a txtar
// archive (the page). Paths are absolute, with slashes.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace escapement::modules {

struct TreeEntry {
  std::string name;
  bool directory = false;
};

class FileTree {
 public:
  virtual ~FileTree() = default;
  // The whole of a file; nothing where there is none.
  virtual std::optional<std::string> Read(const std::string& path) = 0;
  // What a directory holds, by name; empty where there is none.
  virtual std::vector<TreeEntry> List(const std::string& directory) = 0;
};

// Files in memory, under "/".
class MemoryTree : public FileTree {
 public:
  void Add(std::string path, std::string text) { files_[std::move(path)] = std::move(text); }
  std::optional<std::string> Read(const std::string& path) override;
  std::vector<TreeEntry> List(const std::string& directory) override;

 private:
  std::map<std::string, std::string> files_;
};

// `directory` and `name` with one slash between; dots and double slashes are resolved.
std::string Join(std::string_view directory, std::string_view name);
// `path` without . and .. and double slashes.
std::string Clean(std::string_view path);
// The part before the last slash ("/" at the top).
std::string DirectoryOf(std::string_view path);
// The part behind the last slash.
std::string BaseOf(std::string_view path);
// `path` as seen from `from`: a.go, sub/a.go, ../a.go.
std::string Relative(std::string_view from, std::string_view path);

}  // namespace escapement::modules
