#include "engine/driver/library.h"

#include <algorithm>
#include <utility>

#include "engine/driver/out_of_reach.h"
#include "engine/modules/file_tree.h"

namespace escapement::driver {

bool IsRuntimePackage(std::string_view path) {
  static constexpr std::string_view kPaths[] = {"internal/abi",
                                                "internal/bytealg",
                                                "internal/byteorder",
                                                "internal/chacha8rand",
                                                "internal/coverage/rtcov",
                                                "internal/cpu",
                                                "internal/goarch",
                                                "internal/godebugs",
                                                "internal/goexperiment",
                                                "internal/goos",
                                                "internal/profilerecord",
                                                "internal/runtime/atomic",
                                                "internal/runtime/cgroup",
                                                "internal/runtime/exithook",
                                                "internal/runtime/gc",
                                                "internal/runtime/gc/scan",
                                                "internal/runtime/maps",
                                                "internal/runtime/math",
                                                "internal/runtime/sys",
                                                "internal/runtime/syscall/linux",
                                                "internal/strconv",
                                                "internal/stringslite",
                                                "runtime"};
  return std::find(std::begin(kPaths), std::end(kPaths), path) != std::end(kPaths);
}

Library::Library(stdlib::LibrarySource& source)
    : source_(source),
      summaries_(source),
      checker_(arena_, names_, files_, [this](std::string_view path) { return Find(path); }),
      known_bodies_(checker_, summaries_) {
  checker_.context().inlinable = [this](const types::Func* func) { return summaries_.Inlinable(func); };
}

types::Import Library::Find(std::string_view import_path) {
  if (import_path == "unsafe") return {checker_.Unsafe(), ""};
  // The distribution's own imports of golang.org/x mean the copies it comes with.
  std::string vendored;
  if (in_distribution_ && import_path.starts_with("golang.org/"))
    vendored = "vendor/" + std::string(import_path);
  std::string_view path = vendored.empty() ? import_path : vendored;
  auto known = packages_.find(std::string(path));
  types::Package* package = known != packages_.end() ? known->second : Load(path);
  if (package != nullptr) return {package, ""};
  if (path.starts_with("/")) return {nullptr, "import path cannot be absolute path"};
  if (std::string clean = modules::Clean(path); clean != path)
    return {nullptr, "non-canonical import path \"" + std::string(path) + "\" (should be \"" + clean + "\")"};
  return {nullptr, MissingImport(path)};
}

bool Library::Has(std::string_view path) {
  return path == "unsafe" || packages_.count(std::string(path)) || source_.Has(path);
}

std::string Library::MissingImport(std::string_view path) {
  if (std::string text = WhyOutOfReach(path); !text.empty()) return text;
  if (std::string text = source_.MissingImport(path); !text.empty()) return text;
  std::string name(path);
  if (name.substr(0, name.find('/')).find('.') == std::string::npos)
    return "package " + name + " is not in std";
  return "no required module provides package " + name +
         ": go.mod file not found in current directory or any parent directory; see 'go help modules'";
}

const syntax::PackageTable& Library::PackageNames() {
  if (!names_table_.empty()) return names_table_;
  for (const std::string& path : source_.Packages()) {
    if (path.find("internal") != std::string::npos || path.find("vendor") != std::string::npos) continue;
    std::string name = path.substr(path.rfind('/') + 1);
    std::string& known = names_table_[name];
    // Of packages of one name the shorter path is the usual one; text/template before html/template.
    bool better =
        known.empty() || path.size() < known.size() || (path.size() == known.size() && path > known);
    if (better) known = path;
  }
  return names_table_;
}

types::Package* Library::Load(std::string_view path) {
  std::vector<stdlib::LibraryFile> texts = source_.Files(path);
  if (texts.empty()) return nullptr;
  syntax::ParseContext context{arena_, names_, files_, errors_};
  stdlib::PackageTraits traits = source_.Traits(path);
  syntax::ParseOptions options{
      .lazy_bodies = true, .std = traits.standard, .runtime = IsRuntimePackage(path) || path == "reflect"};
  std::vector<syntax::File*> trees;
  for (stdlib::LibraryFile& text : texts) {
    diag::FileId id = files_.Add({.name = text.name,
                                  .text = std::move(text.text),
                                  .run_path = std::move(text.run_path),
                                  .is_library = true});
    if (syntax::File* tree = syntax::ParseFile(context, id, options)) trees.push_back(tree);
  }
  types::Package* package = checker_.NewPackage(arena_.Copy(path), /*is_library=*/true);
  package->language = traits.language;
  packages_.emplace(path, package);
  bool outside = std::exchange(in_distribution_, traits.standard);
  checker_.Collect(package, arena_.Copy(trees), options, errors_);
  in_distribution_ = outside;
  loaded_.push_back(package);
  return package;
}

}  // namespace escapement::driver
