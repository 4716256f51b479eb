#include "engine/cli/goroot_source.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <system_error>

#include "engine/stdlib/overlay.h"
#include "engine/syntax/build_constraint.h"

namespace escapement::cli {

namespace fs = std::filesystem;

std::optional<std::string> ReadFile(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return std::nullopt;
  return std::string(std::istreambuf_iterator<char>(in), {});
}

std::vector<stdlib::LibraryFile> GorootSource::Files(std::string_view import_path) {
  std::vector<stdlib::LibraryFile> files;
  std::error_code error;
  syntax::BuildTags tags{.pure = stdlib::BuiltPureGo(import_path)};
  std::vector<fs::path> names;
  for (const auto& entry : fs::directory_iterator(source_ / import_path, error))
    if (entry.path().extension() == ".go") names.push_back(entry.path());
  std::sort(names.begin(), names.end());
  for (const fs::path& name : names) {
    std::string base = name.filename().string();
    if (base.size() > 8 && base.compare(base.size() - 8, 8, "_test.go") == 0) continue;
    std::optional<std::string> text = ReadFile(name);
    if (text && syntax::MatchFile(base, *text, tags)) files.push_back({name.string(), std::move(*text), ""});
  }
  return files;
}

bool GorootSource::Has(std::string_view import_path) {
  auto [known, added] = has_.try_emplace(std::string(import_path), false);
  if (added) {
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(source_ / import_path, error))
      if (entry.path().extension() == ".go") return known->second = true;
  }
  return known->second;
}

std::vector<std::string> GorootSource::Packages() {
  std::vector<std::string> packages;
  std::error_code error;
  for (fs::recursive_directory_iterator it(source_, error), end; it != end; it.increment(error)) {
    if (!it->is_directory(error)) continue;
    std::string name = it->path().filename().string();
    if (name == "testdata" || name == "cmd" || name == "vendor" || name[0] == '_' || name[0] == '.') {
      it.disable_recursion_pending();
      continue;
    }
    packages.push_back(fs::relative(it->path(), source_, error).generic_string());
  }
  std::sort(packages.begin(), packages.end());
  return packages;
}

std::optional<fs::path> FindGoroot() {
  std::error_code error;
  if (const char* root = std::getenv("GOROOT"); root && fs::exists(fs::path(root) / "src" / "fmt", error))
    return root;
  const char* path = std::getenv("PATH");
  std::string list = path ? path : "";
  for (size_t i = 0; i <= list.size();) {
    size_t end = std::min(list.find(':', i), list.size());
    fs::path go = fs::path(list.substr(i, end - i)) / "go";
    if (fs::exists(go, error)) {
      fs::path root = fs::canonical(go, error).parent_path().parent_path();
      if (fs::exists(root / "src" / "fmt", error)) return root;
    }
    i = end + 1;
  }
  return std::nullopt;
}

}  // namespace escapement::cli
