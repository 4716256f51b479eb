// The front end for tests of this room: parses and checks a package of one file, with the
// standard library read from an installed Go where a program imports it.
#pragma once

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <unordered_map>
#include <vector>

#include "engine/ir/builder.h"
#include "engine/syntax/build_constraint.h"
#include "engine/syntax/parser.h"
#include "engine/types/checker.h"
#include "engine/types/context.h"

namespace escapement::ir {

inline std::string ReadFile(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

struct FrontEnd {
  base::Arena arena;
  base::Interner names;
  diag::FileSet files;
  diag::Emitter errors;
  std::unordered_map<std::string, types::Package*> packages;
  types::Checker checker{arena, names, files, [this](std::string_view path) { return Import(path); }};
  Program program{names, checker.context().constants};
  RewrittenTrees rewritten;
  Builder builder{program, checker, rewritten};

  static std::filesystem::path Root() {
    const char* root = std::getenv("GOROOT");
    return std::filesystem::path(root != nullptr ? root : "/usr/local/go") / "src";
  }

  types::Import Import(std::string_view path) {
    if (path == "unsafe") return {checker.Unsafe(), ""};
    auto [it, added] = packages.try_emplace(std::string(path), nullptr);
    if (!added) return {it->second, it->second == nullptr ? "no package" : ""};
    std::filesystem::path dir = Root() / path;
    if (!std::filesystem::exists(dir)) dir = Root() / "vendor" / path;
    if (!std::filesystem::exists(dir)) return {nullptr, "no package"};
    std::vector<std::filesystem::path> found;
    for (const auto& entry : std::filesystem::directory_iterator(dir)) {
      std::string name = entry.path().filename().string();
      if (!name.ends_with(".go") || name.ends_with("_test.go")) continue;
      if (syntax::MatchFile(name, ReadFile(entry.path()))) found.push_back(entry.path());
    }
    std::sort(found.begin(), found.end());
    std::vector<syntax::File*> trees;
    syntax::ParseContext context{arena, names, files, errors};
    syntax::ParseOptions options{.lazy_bodies = true, .std = true, .runtime = true};
    for (const auto& file : found) {
      diag::FileId id = files.Add({.name = file.string(), .text = ReadFile(file), .is_library = true});
      if (syntax::File* tree = syntax::ParseFile(context, id, options)) trees.push_back(tree);
    }
    types::Package* package = checker.NewPackage(arena.Copy(path), true);
    packages[std::string(path)] = package;
    checker.Collect(package, arena.Copy(trees), options, errors);
    return {package, ""};
  }

  // Checks the program; null (with `errors` filled) if it is wrong.
  types::Package* Check(const std::string& name, std::string text) {
    syntax::ParseContext context{arena, names, files, errors};
    diag::FileId id = files.Add({.name = name, .text = std::move(text)});
    syntax::File* tree = syntax::ParseFile(context, id, {});
    if (tree == nullptr) return nullptr;
    types::Package* package = checker.NewPackage(arena.Copy(tree->pkg_name->text()), false);
    std::vector<syntax::File*> trees{tree};
    bool ok = checker.CheckPackage(package, arena.Copy(trees), {}, errors);
    return ok && errors.errors() == 0 ? package : nullptr;
  }

  std::string Errors() const {
    std::string out;
    for (const diag::Diagnostic& d : errors.diagnostics()) out += files.Print(d.pos) + ": " + d.text + "\n";
    return out;
  }
};

}  // namespace escapement::ir
