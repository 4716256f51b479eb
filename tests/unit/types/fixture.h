// A session for checker tests: packages from an installed Go distribution, files from text.
#pragma once

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "engine/base/arena.h"
#include "engine/base/interner.h"
#include "engine/diag/diagnostic.h"
#include "engine/diag/file_set.h"
#include "engine/syntax/build_constraint.h"
#include "engine/syntax/parser.h"
#include "engine/types/checker.h"

namespace escapement::test {

inline std::string ReadFile(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

// Where Go is installed, or empty.
inline std::string Goroot() {
  if (const char* root = std::getenv("GOROOT")) return root;
  return std::filesystem::exists("/usr/local/go/src") ? "/usr/local/go" : "";
}

struct Session {
  base::Arena arena;
  base::Interner names;
  diag::FileSet files;
  diag::Emitter library_errors;
  std::map<std::string, types::Package*> packages;
  std::vector<types::Package*> loaded;
  types::Checker checker{arena, names, files, [this](std::string_view path) { return Import(path); }};

  static bool IsRuntime(const std::string& path) {
    return path == "runtime" || path == "reflect" || path.rfind("internal/", 0) == 0;
  }

  types::Import Import(std::string_view path_view) {
    std::string path(path_view);
    if (auto known = packages.find(path); known != packages.end()) return {known->second, ""};
    if (path == "unsafe") return {checker.Unsafe(), ""};
    std::filesystem::path dir = std::filesystem::path(Goroot()) / "src" / path;
    if (!std::filesystem::is_directory(dir)) dir = std::filesystem::path(Goroot()) / "src/vendor" / path;
    if (!std::filesystem::is_directory(dir)) return {nullptr, "package " + path + " is not in std"};
    std::vector<std::string> found;
    for (const auto& entry : std::filesystem::directory_iterator(dir)) {
      std::string name = entry.path().filename();
      bool go = name.size() > 3 && name.ends_with(".go") && !name.ends_with("_test.go");
      if (go) found.push_back(name);
    }
    std::sort(found.begin(), found.end());
    syntax::ParseOptions options{.lazy_bodies = true, .std = true, .runtime = IsRuntime(path)};
    std::vector<syntax::File*> trees;
    for (const std::string& name : found) {
      std::string text = ReadFile(dir / name);
      if (!syntax::MatchFile(name, text)) continue;
      diag::FileId id =
          files.Add({.name = (dir / name).string(), .text = std::move(text), .is_library = true});
      if (syntax::File* tree = syntax::ParseFile({arena, names, files, library_errors}, id, options)) {
        trees.push_back(tree);
      }
    }
    types::Package* pkg = checker.NewPackage(path, true);
    packages[path] = pkg;
    checker.Collect(pkg, trees, options, library_errors);
    loaded.push_back(pkg);
    return {pkg, ""};
  }

  // Checks one file as package main (or whatever it says); diagnostics are kept in `errors`.
  types::Package* Check(const std::string& name, const std::string& text, types::CheckOptions options = {}) {
    diag::FileId id = files.Add({.name = name, .text = text});
    syntax::File* tree = syntax::ParseFile({arena, names, files, errors}, id);
    if (tree == nullptr) return nullptr;
    std::vector<syntax::File*> trees = {tree};
    types::Package* pkg = checker.NewPackage("main", false);
    checker.CheckPackage(pkg, trees, options, errors);
    return pkg;
  }

  // "name:line:col: text" of each, in order of emission.
  std::string Printed(const diag::Emitter& emitter) const {
    std::string out;
    for (const diag::Diagnostic& d : emitter.diagnostics()) out += files.Print(d.pos) + ": " + d.text + "\n";
    return out;
  }

  diag::Emitter errors;
};

}  // namespace escapement::test
