#include "engine/cli/source_files.h"

#include <cstdio>
#include <filesystem>

#include "engine/cli/goroot_source.h"

namespace escapement::cli {

bool ReadSources(const std::vector<std::string>& files, Naming naming,
                 std::vector<driver::SourceInput>& sources) {
  namespace fs = std::filesystem;
  for (const std::string& file : files) {
    auto text = ReadFile(file);
    if (!text) {
      std::fprintf(stderr, "open %s: no such file or directory\n", file.c_str());
      return false;
    }
    std::string name = file;
    if (naming == Naming::kBuild && fs::path(file).is_relative() && file[0] != '.') name = "./" + file;
    std::error_code error;
    sources.push_back({name, std::move(*text), fs::absolute(file, error).lexically_normal().string()});
  }
  return true;
}

}  // namespace escapement::cli
