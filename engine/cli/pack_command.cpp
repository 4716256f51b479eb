// `escapement pack`: writes the standard-library packs that the page and the npm package
// load, from an installed Go distribution. For builds, not for users.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

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

// The packs and what each starts from. A pack holds its roots and what they import, but
// for packages of earlier packs, so a page loads them in this order as imports ask.
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
      {"testing", {"testing", "flag", "testing/quick", "testing/iotest"}},
      {"text",
       {"encoding/json", "regexp", "text/template", "encoding/hex", "encoding/base64", "encoding/csv",
        "encoding/binary", "path/filepath", "math/big", "hash/fnv", "hash/crc32", "hash/maphash"}},
  };
  return groups;
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

// Adds the packages reachable from `roots` that no earlier pack has.
stdlib::Pack MakePack(stdlib::LibrarySource& library, driver::Session& session,
                      const std::vector<std::string>& roots, std::set<std::string>& taken) {
  stdlib::Pack pack;
  std::map<std::string, stdlib::PackPackage> packages;
  std::vector<std::string> work(roots.rbegin(), roots.rend());
  while (!work.empty()) {
    std::string path = std::move(work.back());
    work.pop_back();
    if (!taken.insert(path).second) continue;
    std::vector<stdlib::LibraryFile> files = library.Files(path);
    if (files.empty()) continue;
    for (const std::string& import : Imports(files))
      work.push_back((import.starts_with("golang.org/") ? "vendor/" : "") + import);
    for (stdlib::LibraryFile& file : files) file.text = stdlib::StripComments(file.text);
    packages[path] = {path, std::move(files), session.LibrarySummaries(path)};
  }
  for (auto& [path, package] : packages) pack.packages.push_back(std::move(package));
  return pack;
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

  std::set<std::string> taken;
  driver::Session session(library);
  nlohmann::json index = {{"go", version}, {"packs", nlohmann::json::array()}};
  for (const Group& group : Groups()) {
    stdlib::Pack pack = MakePack(library, session, group.roots, taken);
    pack.go_version = version;
    pack.licence = licence;
    std::string bytes = stdlib::WritePack(pack), file = std::string(group.name) + ".pack";
    if (!WriteFile(fs::path(folder) / file, bytes)) {
      std::fprintf(stderr, "escapement pack: cannot write %s/%s\n", folder.c_str(), file.c_str());
      return 1;
    }
    nlohmann::json packages = nlohmann::json::array();
    for (const stdlib::PackPackage& package : pack.packages) packages.push_back(package.import_path);
    index["packs"].push_back({{"file", file}, {"bytes", bytes.size()}, {"packages", packages}});
    std::printf("%s: %zu packages, %zu bytes\n", file.c_str(), pack.packages.size(), bytes.size());
  }
  if (!WriteFile(fs::path(folder) / "index.json", index.dump(1) + "\n")) return 1;
  return 0;
}

}  // namespace escapement::cli
