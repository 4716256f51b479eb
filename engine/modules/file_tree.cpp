#include "engine/modules/file_tree.h"

#include <algorithm>

#include "engine/base/sort.h"

namespace escapement::modules {

namespace {

std::vector<std::string_view> Elements(std::string_view path) {
  std::vector<std::string_view> out;
  while (!path.empty()) {
    size_t end = std::min(path.find('/'), path.size());
    std::string_view element = path.substr(0, end);
    path.remove_prefix(std::min(end + 1, path.size()));
    if (element.empty() || element == ".") continue;
    if (element == ".." && !out.empty() && out.back() != "..")
      out.pop_back();
    else
      out.push_back(element);
  }
  return out;
}

std::string Joined(const std::vector<std::string_view>& elements, size_t from = 0) {
  std::string out;
  for (size_t i = from; i < elements.size(); ++i) {
    if (i > from) out += '/';
    out += elements[i];
  }
  return out;
}

}  // namespace

std::optional<std::string> MemoryTree::Read(const std::string& path) {
  auto it = files_.find(path);
  if (it == files_.end()) return std::nullopt;
  return it->second;
}

std::vector<TreeEntry> MemoryTree::List(const std::string& directory) {
  std::string prefix = directory == "/" ? "/" : directory + "/";
  std::vector<TreeEntry> out;
  for (auto it = files_.lower_bound(prefix); it != files_.end() && it->first.starts_with(prefix); ++it) {
    std::string rest = it->first.substr(prefix.size());
    size_t slash = rest.find('/');
    if (slash != std::string::npos) rest.resize(slash);
    if (out.empty() || out.back().name != rest) out.push_back({rest, slash != std::string::npos});
  }
  base::Sort(out, [](const TreeEntry& a, const TreeEntry& b) { return a.name < b.name; });
  return out;
}

std::string Clean(std::string_view path) {
  std::string out = Joined(Elements(path));
  if (path.starts_with("/")) return "/" + out;
  return out.empty() ? "." : out;
}

std::string Join(std::string_view directory, std::string_view name) {
  if (name.starts_with("/")) return Clean(name);
  return Clean(std::string(directory) + "/" + std::string(name));
}

std::string DirectoryOf(std::string_view path) {
  size_t slash = path.rfind('/');
  if (slash == std::string_view::npos) return ".";
  return slash == 0 ? "/" : std::string(path.substr(0, slash));
}

std::string BaseOf(std::string_view path) {
  return std::string(path.substr(path.rfind('/') + 1));
}

std::string Relative(std::string_view from, std::string_view path) {
  std::vector<std::string_view> a = Elements(from), b = Elements(path);
  size_t common = 0;
  while (common < a.size() && common < b.size() && a[common] == b[common]) ++common;
  std::string out;
  for (size_t i = common; i < a.size(); ++i) out += i + 1 < a.size() || common < b.size() ? "../" : "..";
  out += Joined(b, common);
  return out.empty() ? "." : out;
}

}  // namespace escapement::modules
