#include "engine/stdlib/overlay.h"

#include <algorithm>

#include "engine/base/sort.h"

namespace escapement::stdlib {
namespace {

// Files of package runtime that run as they are.
constexpr std::string_view kKeptRuntimeFiles[] = {"complex.go",    "error.go",      "float.go",      "map.go",
                                                  "map_fast32.go", "map_fast64.go", "map_faststr.go"};
// Packages whose assembly has neither natives nor a test of the processor's features around it.
constexpr std::string_view kPureGoPackages[] = {"crypto/internal/fips140/nistec",
                                                "crypto/internal/fips140/sha3",
                                                "vendor/golang.org/x/crypto/internal/poly1305"};
constexpr std::string_view kRuntimeRoot = "/usr/local/go/src/";

}  // namespace

bool OverlayKeeps(std::string_view package, std::string_view file_name) {
  if (package == "runtime")
    return std::find(std::begin(kKeptRuntimeFiles), std::end(kKeptRuntimeFiles), file_name) !=
           std::end(kKeptRuntimeFiles);
  for (const OverlayFile& file : OverlayFiles())
    if (file.package == package && file.name == file_name) return false;
  return true;
}

bool BuiltPureGo(std::string_view package) {
  return std::find(std::begin(kPureGoPackages), std::end(kPureGoPackages), package) !=
         std::end(kPureGoPackages);
}

std::vector<LibraryFile> OverlaySource::Files(std::string_view import_path) {
  std::vector<LibraryFile> files = base_.Files(import_path);
  bool overlaid = false;
  for (const OverlayFile& file : OverlayFiles()) overlaid = overlaid || file.package == import_path;
  if (!overlaid) return files;
  std::string directory = std::string(kRuntimeRoot) + std::string(import_path) + "/";
  std::erase_if(files, [&](const LibraryFile& file) {
    size_t slash = file.name.rfind('/');
    return !OverlayKeeps(import_path, slash == std::string::npos ? file.name : file.name.substr(slash + 1));
  });
  for (const OverlayFile& file : OverlayFiles())
    if (file.package == import_path)
      files.push_back({directory + std::string(file.name), std::string(file.text)});
  base::Sort(files, [](const LibraryFile& x, const LibraryFile& y) { return x.name < y.name; });
  return files;
}

}  // namespace escapement::stdlib
