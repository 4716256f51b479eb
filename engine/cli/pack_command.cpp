// `escapement pack`: writes the standard-library packs that the page and the npm package
// load, from an installed Go distribution. For builds, not for users.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "engine/base/arena.h"
#include "engine/cli/args.h"
#include "engine/cli/commands.h"
#include "engine/cli/goroot_source.h"
#include "engine/diag/file_set.h"
#include "engine/driver/session.h"
#include "engine/stdlib/pack.h"
#include "engine/stdlib/strip_comments.h"
#include "engine/syntax/parser.h"

namespace escapement::cli {

namespace {

namespace fs = std::filesystem;

// The packs that are more than what one import needs: those that most programs want whole. A pack holds its
// roots and what they import, but for packages of earlier packs.
struct Group {
  const char* name;
  std::vector<std::string> roots;
};
const std::vector<Group>& Groups() {
  static const std::vector<Group> groups = {
      {"fmt", {"fmt", "errors", "strings", "strconv", "sync", "sync/atomic", "os", "runtime", "unsafe"}},
      {"basic",
       {"bufio",
        "bytes",
        "cmp",
        "container/heap",
        "container/list",
        "container/ring",
        "context",
        "io",
        "iter",
        "log",
        "maps",
        "math",
        "math/bits",
        "math/cmplx",
        "math/rand",
        "math/rand/v2",
        "reflect",
        "runtime/debug",
        "slices",
        "sort",
        "text/tabwriter",
        "time",
        "unicode",
        "unicode/utf16",
        "unicode/utf8",
        "unique",
        "weak"}},
  };
  return groups;
}

// Where the zones of package time lie in a distribution, and the path that they have in packs.
constexpr const char* kZones = "lib/time/zoneinfo.zip";
constexpr const char* kZonesPackage = "lib/time";

// Whether a package is on offer to programs: public, and of use without cgo.
bool IsOffered(std::string_view path) {
  static constexpr std::string_view kLeftOut[] = {
      "plugin", "runtime/asan", "runtime/cgo", "runtime/msan", "runtime/race", "syscall/js", "builtin"};
  if (std::find(std::begin(kLeftOut), std::end(kLeftOut), path) != std::end(kLeftOut)) return false;
  for (std::string_view part : {"internal", "vendor", "cmd", "testdata"}) {
    std::string inside = "/" + std::string(path) + "/";
    if (inside.find("/" + std::string(part) + "/") != std::string::npos) return false;
  }
  return true;
}

// Import paths of a package's files.
std::set<std::string> Imports(const std::vector<stdlib::LibraryFile>& files) {
  base::Arena arena;
  base::Interner names;
  diag::FileSet set;
  diag::Emitter errors;
  syntax::ParseContext context{arena, names, set, errors};
  std::set<std::string> imports;
  for (const stdlib::LibraryFile& file : files) {
    diag::FileId id = set.Add({.name = file.name, .text = file.text, .is_library = true});
    syntax::File* tree = syntax::ParseFile(context, id, {.lazy_bodies = true, .std = true, .runtime = true});
    if (tree == nullptr) continue;
    for (syntax::Decl* decl : tree->decls) {
      auto* import = syntax::As<syntax::ImportDecl>(decl);
      if (import == nullptr || import->path == nullptr) continue;
      std::string_view text = import->path->text;
      imports.emplace(text.substr(1, text.size() - 2));
    }
  }
  return imports;
}

// The library's packages as far as they were asked for, and what each imports.
class Packages {
 public:
  explicit Packages(stdlib::LibrarySource& library) : library_(library) {}

  // What a package imports, as paths of packages; nothing if there is no such package.
  const std::set<std::string>* ImportsOf(const std::string& path) {
    auto [known, added] = imports_.try_emplace(path);
    if (added) {
      std::vector<stdlib::LibraryFile> files = library_.Files(path);
      for (const std::string& import : Imports(files))
        known->second.insert((import.starts_with("golang.org/") ? "vendor/" : "") + import);
      if (files.empty()) missing_.insert(path);
    }
    return missing_.count(path) != 0 ? nullptr : &known->second;
  }

  // The roots and all they import, but for what `taken` has.
  std::set<std::string> Closure(const std::vector<std::string>& roots, const std::set<std::string>& taken) {
    std::set<std::string> closure;
    std::vector<std::string> work = roots;
    while (!work.empty()) {
      std::string path = std::move(work.back());
      work.pop_back();
      if (taken.count(path) != 0 || closure.count(path) != 0) continue;
      const std::set<std::string>* imports = ImportsOf(path);
      if (imports == nullptr) continue;
      closure.insert(path);
      work.insert(work.end(), imports->begin(), imports->end());
    }
    return closure;
  }

 private:
  stdlib::LibrarySource& library_;
  std::map<std::string, std::set<std::string>> imports_;
  std::set<std::string> missing_;
};

// A pack's name and its packages.
struct Share {
  std::string name;
  std::set<std::string> packages;
};

// Divides the library: first the groups, then packages that are needed by the same imports go together, so
// that a program loads what it imports and nothing else. A pack comes after the packs that its packages
// import.
std::vector<Share> Divide(stdlib::LibrarySource& library, Packages& packages) {
  std::vector<Share> shares;
  std::set<std::string> taken;
  for (const Group& group : Groups()) {
    shares.push_back({group.name, packages.Closure(group.roots, taken)});
    taken.insert(shares.back().packages.begin(), shares.back().packages.end());
  }
  std::map<std::string, std::set<std::string>> wanted_by;
  for (const std::string& root : library.Packages())
    if (IsOffered(root))
      for (const std::string& path : packages.Closure({root}, taken)) wanted_by[path].insert(root);
  std::map<std::set<std::string>, std::set<std::string>> together;
  for (const auto& [path, roots] : wanted_by) together[roots].insert(path);
  std::vector<std::pair<size_t, Share>> rest;
  for (const auto& [roots, paths] : together) {
    std::string name = *paths.begin();
    for (const std::string& path : paths)
      if (IsOffered(path)) name = path;
    std::replace(name.begin(), name.end(), '/', '-');
    rest.push_back({roots.size(), {name, paths}});
  }
  // What a package imports is wanted by more roots than itself, or by the same.
  std::stable_sort(rest.begin(), rest.end(), [](const auto& x, const auto& y) { return x.first > y.first; });
  for (auto& [roots, share] : rest) shares.push_back(std::move(share));
  return shares;
}

bool WriteFile(const fs::path& path, const std::string& bytes) {
  std::ofstream out(path, std::ios::binary);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  return out.good();
}

}  // namespace

int PackCommand(stdlib::LibrarySource& library, const Words& words) {
  std::string goroot, folder = ".";
  CLI::App app("Writes the standard-library packs.", "escapement pack");
  app.add_option("--goroot", goroot, "the Go distribution to pack")->required();
  app.add_option("-o", folder, "the folder to write to");
  std::vector<std::string> arguments = WithLongDashes(words);
  std::reverse(arguments.begin(), arguments.end());
  try {
    app.parse(arguments);
  } catch (const CLI::ParseError& error) {
    return app.exit(error);
  }

  std::string version = ReadFile(fs::path(goroot) / "VERSION").value_or("");
  version = version.substr(0, version.find('\n'));
  std::string licence = ReadFile(fs::path(goroot) / "LICENSE").value_or("");
  std::error_code error;
  fs::create_directories(folder, error);

  Packages packages(library);
  driver::Session session(library);
  nlohmann::json index = {{"go", version}, {"packs", nlohmann::json::array()}};
  std::map<std::string, size_t> pack_of;
  auto write = [&](const std::string& name, const stdlib::Pack& pack, const std::set<size_t>& needs) {
    std::string bytes = stdlib::WritePack(pack), file = name + ".pack";
    nlohmann::json paths = nlohmann::json::array();
    for (const stdlib::PackPackage& package : pack.packages) paths.push_back(package.import_path);
    index["packs"].push_back(
        {{"file", file}, {"bytes", bytes.size()}, {"packages", paths}, {"needs", needs}});
    std::printf("%s: %zu packages, %zu bytes\n", file.c_str(), pack.packages.size(), bytes.size());
    if (WriteFile(fs::path(folder) / file, bytes)) return true;
    std::fprintf(stderr, "escapement pack: cannot write %s/%s\n", folder.c_str(), file.c_str());
    return false;
  };
  for (const Share& share : Divide(library, packages)) {
    stdlib::Pack pack{version, licence, {}};
    std::set<size_t> needs;
    size_t number = index["packs"].size();
    for (const std::string& path : share.packages) {
      pack_of[path] = number;
      for (const std::string& import : *packages.ImportsOf(path))
        if (auto found = pack_of.find(import); found != pack_of.end() && found->second != number)
          needs.insert(found->second);
      std::vector<stdlib::LibraryFile> files = library.Files(path);
      for (stdlib::LibraryFile& file : files) file.text = stdlib::StripComments(file.text);
      pack.packages.push_back({path, std::move(files), session.LibrarySummaries(path)});
    }
    if (!write(share.name, pack, needs)) return 1;
  }
  // Programs that name a time zone get them all, as the file of the distribution.
  if (std::optional<std::string> zones = ReadFile(fs::path(goroot) / kZones)) {
    stdlib::Pack pack{version, licence, {}};
    pack.packages.push_back(
        {kZonesPackage, {{"/usr/local/go/" + std::string(kZones), std::move(*zones), ""}}, ""});
    if (!write("zones", pack, {})) return 1;
    index["packs"].back()["words"] = {"LoadLocation"};
  }
  if (!WriteFile(fs::path(folder) / "index.json", index.dump(1) + "\n")) return 1;
  return 0;
}

}  // namespace escapement::cli
