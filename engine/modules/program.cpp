#include "engine/modules/program.h"

#include <algorithm>
#include <set>

#include "engine/base/arena.h"
#include "engine/base/interner.h"
#include "engine/base/sort.h"
#include "engine/diag/diagnostic.h"
#include "engine/diag/file_set.h"
#include "engine/modules/embed.h"
#include "engine/stdlib/natives.h"
#include "engine/stdlib/overlay.h"
#include "engine/syntax/parser.h"

namespace escapement::modules {

namespace {

constexpr char kStandardRoot[] = "/usr/local/go/src/";  // where messages say the distribution is

bool IsTestFile(std::string_view name) {
  return name.ends_with("_test.go");
}

bool ImportsC(const Header& header) {
  return std::any_of(header.imports.begin(), header.imports.end(),
                     [](const ImportSpec& import) { return import.path == "C"; });
}

// Whether files of package `path` declare a function whose body is in assembly, and which is no native.
bool LacksBodies(const std::string& path, const std::vector<GoFile>& files) {
  std::set<std::string_view> natives;
  for (const vm::Native& native : stdlib::Natives()) natives.insert(native.name);
  base::Arena arena;
  base::Interner names;
  diag::FileSet set;
  diag::Emitter errors;
  syntax::ParseContext context{arena, names, set, errors};
  for (const GoFile& file : files) {
    diag::FileId id = set.Add({.name = file.name, .text = file.text});
    syntax::File* tree = syntax::ParseFile(context, id, {.lazy_bodies = true, .std = true});
    if (tree == nullptr) continue;
    auto linked = [&](std::string_view name) {
      return std::any_of(tree->linknames.begin(), tree->linknames.end(),
                         [&](const syntax::Linkname& link) { return link.local == name; });
    };
    for (syntax::Decl* decl : tree->decls)
      if (auto* func = syntax::As<syntax::FuncDecl>(decl); func != nullptr && !func->has_body)
        if (!linked(func->name->text()) && natives.count(path + "." + std::string(func->name->text())) == 0)
          return true;
  }
  return false;
}

// Whether `importer` may use the internal package `path`: both lie below internal's parent.
bool InternalAllowed(const std::string& path, const std::string& importer) {
  size_t at = path.rfind("/internal/");
  if (path.ends_with("/internal")) at = path.size() - 9;
  std::string parent;
  if (at != std::string::npos)
    parent = path.substr(0, at);
  else if (!path.starts_with("internal/") && path != "internal")
    return true;
  else
    return false;
  return importer == parent || importer.starts_with(parent + "/");
}

std::string FirstElement(std::string_view path) {
  return std::string(path.substr(0, path.find('/')));
}

}  // namespace

std::string MissingModule(std::string_view path, bool in_module) {
  std::string name(path);
  if (FirstElement(path).find('.') == std::string::npos)
    return "package " + name + " is not in std (" + kStandardRoot + name + ")";
  if (!in_module)
    return "no required module provides package " + name +
           ": go.mod file not found in current directory or any parent directory; see 'go help modules'";
  return "no required module provides package " + name + "; to add it:\n\tgo get " + name;
}

std::string Program::Shown(const std::string& path) const {
  std::string relative = Relative(here_, path);
  if (relative.size() >= path.size()) return path;
  return relative.find('/') == std::string::npos ? "./" + relative : relative;
}

GoFile Program::ReadFile(const std::string& path) {
  GoFile file;
  file.name = BaseOf(path);
  file.path = path;
  file.shown = Shown(path);
  file.text = tree_.Read(path).value_or("");
  file.header = ScanHeader(file.text);
  return file;
}

void Program::Select(Package& package, const std::vector<GoFile>& candidates, const syntax::BuildTags& tags) {
  package.files.clear();
  package.tests.clear();
  package.external_tests.clear();
  for (const GoFile& file : candidates) {
    if (!syntax::MatchFile(file.name, file.text, tags) || ImportsC(file.header)) continue;
    if (file.header.package == "documentation") continue;
    if (!IsTestFile(file.name))
      package.files.push_back(file);
    else if (file.header.package.ends_with("_test"))
      package.external_tests.push_back(file);
    else
      package.tests.push_back(file);
  }
}

void Program::Embed(Package& package) {
  package.embed_error = EmbedError(tree_, package.directory, package.files);
  if (!runs_) return;
  ApplyEmbeds(tree_, package.directory, "own", package.files);
  ApplyEmbeds(tree_, package.directory, "tests", package.tests);
  ApplyEmbeds(tree_, package.directory, "external", package.external_tests);
}

// Reads a directory and chooses the files of the build.
void Program::Read(Package& package) {
  std::vector<GoFile> candidates;
  bool any = false;
  for (const TreeEntry& entry : tree_.List(package.directory)) {
    if (entry.directory) continue;
    if (entry.name.ends_with(".s") && !package.assembly)
      package.assembly =
          syntax::MatchFile(entry.name, tree_.Read(Join(package.directory, entry.name)).value_or(""));
    if (!entry.name.ends_with(".go") || entry.name[0] == '_' || entry.name[0] == '.') continue;
    any = any || !IsTestFile(entry.name);
    candidates.push_back(ReadFile(Join(package.directory, entry.name)));
  }
  Select(package, candidates, {.pure = package.standard && stdlib::BuiltPureGo(package.path)});
  // Model: assembly is not executed; to run, a package that has some is built as its authors provide for
  // machines without it.
  if (runs_ && package.assembly && !package.standard && LacksBodies(package.path, package.files)) {
    Select(package, candidates, {.pure = true});
    if (LacksBodies(package.path, package.files))
      Select(package, candidates, {.pure = true, .generic = true});
    // Its authors provide no other way: what is in assembly fails when it is called.
    if (LacksBodies(package.path, package.files)) Select(package, candidates, {});
  }
  Embed(package);
  const GoFile* first = nullptr;
  for (const std::vector<GoFile>* list : {&package.files, &package.tests}) {
    for (const GoFile& file : *list) {
      if (file.header.package.empty()) continue;
      if (first == nullptr) first = &file;
      if (package.name.empty()) package.name = file.header.package;
      if (file.header.package == package.name || !package.error.empty()) continue;
      package.error = "found packages " + package.name + " (" + first->name + ") and " + file.header.package +
                      " (" + file.name + ") in " + package.directory;
      package.error_is_plain = true;
    }
  }
  if (package.name.empty() && !package.external_tests.empty()) {
    package.name = package.external_tests[0].header.package;
    package.name.resize(package.name.size() - 5);
  }
  if (package.files.empty() && package.tests.empty() && package.external_tests.empty()) {
    package.error_is_plain = !any;
    package.error =
        (any ? "build constraints exclude all Go files in " : "no Go files in ") + package.directory;
  }
}

bool Program::IsStandard(std::string_view path) {
  if (FirstElement(path).find('.') != std::string::npos) return false;
  return standard_.Has(path);
}

const Package* Program::Find(std::string_view path) {
  auto known = packages_.find(path);
  if (known != packages_.end()) return known->second.get();
  auto package = std::make_unique<Package>();
  package->path = std::string(path);
  ModuleGraph::Location location = graph_.Find(path);
  if (IsStandard(path)) {
    package->standard = true;
    package->directory = kStandardRoot + std::string(path);
  } else if (location.module != nullptr) {
    package->module = location.module;
    package->directory = location.directory;
    Read(*package);
  } else {
    package = nullptr;
  }
  return (packages_[std::string(path)] = std::move(package)).get();
}

const Package* Program::AtDirectory(const std::string& directory) {
  auto [slot, added] = by_directory_.try_emplace(directory);
  if (!added) return slot->second;
  const Module* module = graph_.MainModuleAt(directory);
  auto package = std::make_unique<Package>();
  package->directory = directory;
  package->module = module;
  package->path = "command-line-arguments";
  if (module != nullptr) {
    std::string below = directory.substr(std::min(module->directory.size() + 1, directory.size()));
    package->path = below.empty() ? module->path : module->standard ? below : module->path + "/" + below;
    package->standard = module->standard;
    if (auto known = packages_.find(package->path); known != packages_.end() && known->second != nullptr &&
                                                    known->second->directory == directory &&
                                                    !known->second->standard)
      return by_directory_[directory] = known->second.get();
  }
  Read(*package);
  const Package* result = package.get();
  if (module != nullptr)
    packages_[package->path] = std::move(package);
  else
    nameless_.push_back(std::move(package));
  return by_directory_[directory] = result;
}

const Package* Program::OfFiles(const std::vector<std::string>& files, std::string* error) {
  auto package = std::make_unique<Package>();
  package->path = "command-line-arguments";
  package->module = graph_.main();
  package->directory = here_;
  for (const std::string& name : files) {
    std::string path = Join(here_, name);
    if (!tree_.Read(path)) {
      *error = "open " + name + ": no such file or directory";
      return nullptr;
    }
    GoFile file = ReadFile(path);
    if (package->files.empty() && package->tests.empty()) package->directory = DirectoryOf(path);
    std::string name_of = file.header.package;
    bool external = IsTestFile(file.name) && name_of.ends_with("_test");
    if (package->name.empty() && !external) package->name = name_of;
    auto& list = external ? package->external_tests : IsTestFile(file.name) ? package->tests : package->files;
    list.push_back(std::move(file));
  }
  Embed(*package);
  nameless_.push_back(std::move(package));
  return nameless_.back().get();
}

std::vector<const Package*> Program::Below(const std::string& directory) {
  std::vector<const Package*> out;
  std::vector<std::string> work{directory};
  while (!work.empty()) {
    std::string at = work.back();
    work.pop_back();
    if (at != directory && tree_.Read(Join(at, "go.mod"))) continue;
    bool any = false;
    for (const TreeEntry& entry : tree_.List(at)) {
      if (!entry.directory) {
        any = any || (entry.name.ends_with(".go") && entry.name[0] != '_' && entry.name[0] != '.');
      } else if (entry.name != "testdata" && entry.name != "vendor" && entry.name[0] != '_' &&
                 entry.name[0] != '.') {
        work.push_back(Join(at, entry.name));
      }
    }
    if (!any) continue;
    const Package* package = AtDirectory(at);
    if (package->error.empty() || package->error.starts_with("found")) out.push_back(package);
  }
  base::Sort(out, [](const Package* a, const Package* b) { return a->path < b->path; });
  return out;
}

// ---- What imports lead to

struct Program::Walk {
  struct Step {
    const Package* package;
    std::string file;  // the file that imports it
  };
  std::vector<Step> stack;
  std::set<const Package*> done;
  std::vector<std::string> errors;
  std::set<std::string> said;

  void Say(std::string text) {
    if (said.insert(text).second) errors.push_back(std::move(text));
  }
  // "package a\n\timports b from a.go\n…"
  std::string Chain() const {
    std::string out = "package " + stack[0].package->path;
    for (size_t i = 1; i < stack.size(); ++i)
      out += "\n\timports " + stack[i].package->path + " from " + stack[i].file;
    return out;
  }
};

std::string Program::WhereText(const Package&, const GoFile& file, const ImportSpec& import) const {
  std::string name = file.shown.starts_with("./") ? file.shown.substr(2) : file.shown;
  return name + ":" + std::to_string(import.line) + ":" + std::to_string(import.column) + ": ";
}

void Program::Imported(Walk& walk, const Package& package, const GoFile& file, const ImportSpec& import) {
  std::string where = WhereText(package, file, import);
  if (import.path == "unsafe") return;
  if (import.path.starts_with("./") || import.path.starts_with("../"))
    return walk.Say(where + "\"" + import.path +
                    "\" is relative, but relative import paths are not supported in module mode\n");
  const Package* found = Find(import.path);
  if (found == nullptr) return walk.Say(where + MissingModule(import.path, graph_.entered()) + "\n");
  bool in_standard = package.standard;
  if (found->standard && !in_standard && !InternalAllowed(import.path, ""))
    return walk.Say("package " + package.path + "\n\t" + where + "use of internal package " + import.path +
                    " not allowed\n");
  if (found->standard) return;
  if (!InternalAllowed(import.path, package.path) && package.path != "command-line-arguments")
    return walk.Say("package " + package.path + "\n\t" + where + "use of internal package " + import.path +
                    " not allowed\n");
  for (size_t i = 0; i < walk.stack.size(); ++i) {
    if (walk.stack[i].package != found) continue;
    return walk.Say(walk.Chain() + "\n\timports " + found->path + " from " + file.name +
                    ": import cycle not allowed\n");
  }
  if (!found->error.empty())
    return walk.Say(found->error_is_plain
                        ? where + found->error + "\n"
                        : walk.Chain() + "\n\timports " + found->path + ": " + found->error + "\n");
  if (found->name == "main")
    return walk.Say(where + "import \"" + import.path + "\" is a program, not an importable package\n");
  walk.stack.push_back({found, file.name});
  Visit(walk, *found);
  walk.stack.pop_back();
}

void Program::VisitFiles(Walk& walk, const Package& package, const std::vector<GoFile>& files) {
  std::vector<std::pair<const GoFile*, const ImportSpec*>> imports;
  for (const GoFile& file : files)
    for (const ImportSpec& import : file.header.imports) imports.push_back({&file, &import});
  base::Sort(imports, [](const auto& a, const auto& b) { return a.second->path < b.second->path; });
  for (auto [file, import] : imports) Imported(walk, package, *file, *import);
}

void Program::Visit(Walk& walk, const Package& package) {
  if (!walk.done.insert(&package).second) return;
  if (!package.embed_error.empty()) walk.Say(package.embed_error);
  VisitFiles(walk, package, package.files);
}

std::vector<std::string> Program::ImportErrors(const Package& root, bool tests) {
  Walk walk;
  if (!root.error.empty()) {
    walk.Say((root.error_is_plain ? "" : "package " + root.path + ": ") + root.error + "\n");
    return walk.errors;
  }
  walk.stack.push_back({&root, ""});
  Visit(walk, root);
  if (tests && walk.errors.empty()) {
    VisitFiles(walk, root, root.tests);
    walk.stack.clear();
    Package external;
    external.path = root.path + "_test";
    external.module = root.module;
    walk.stack.push_back({&external, ""});
    for (const GoFile& file : root.external_tests)
      for (const ImportSpec& import : file.header.imports)
        if (import.path != root.path) Imported(walk, root, file, import);
    // Of what only the tests import, the first error is the package's.
    if (walk.errors.size() > 1) walk.errors.resize(1);
  }
  return walk.errors;
}

void Program::AddImports(const Package& package, bool tests, std::set<const Package*>& seen,
                         std::vector<const Package*>& out) {
  if (!seen.insert(&package).second) return;
  std::vector<std::string> paths;
  auto add = [&paths](const std::vector<GoFile>& files) {
    for (const GoFile& file : files)
      for (const ImportSpec& import : file.header.imports) paths.push_back(import.path);
  };
  add(package.files);
  if (tests) {
    add(package.tests);
    add(package.external_tests);
  }
  base::Sort(paths, std::less<>());
  for (const std::string& path : paths) {
    const Package* found = Find(path);
    if (found == nullptr || found->module == nullptr || !found->module->main) continue;
    AddImports(*found, false, seen, out);
  }
  out.push_back(&package);
}

std::vector<const Package*> Program::OwnDependencies(const Package& root, bool tests) {
  std::set<const Package*> seen;
  std::vector<const Package*> out;
  if (root.standard) return out;
  AddImports(root, tests, seen, out);
  out.pop_back();
  return out;
}

// ---- stdlib::LibrarySource

std::vector<stdlib::LibraryFile> Program::Files(std::string_view path) {
  std::vector<stdlib::LibraryFile> out;
  auto add = [&out](const std::vector<GoFile>& files) {
    for (const GoFile& file : files) out.push_back({file.shown, file.text, file.path});
  };
  bool tested = tested_ != nullptr && path == tested_->path;
  if (tested_ != nullptr && path == tested_->path + "_test" && !tested_->external_tests.empty()) {
    add(tested_->external_tests);
  } else if (tested ? tested_->standard : IsStandard(path)) {
    out = standard_.Files(path);
    if (tested) add(tested_->tests);
  } else if (const Package* package = tested ? tested_ : Find(path)) {
    add(package->files);
    if (tested) add(package->tests);
  }
  return out;
}

bool Program::Has(std::string_view path) {
  if (tested_ != nullptr && (path == tested_->path || path == tested_->path + "_test")) return true;
  return IsStandard(path) || Find(path) != nullptr;
}

stdlib::PackageTraits Program::Traits(std::string_view path) {
  const Package* package = nullptr;
  if (tested_ != nullptr && (path == tested_->path || path == tested_->path + "_test"))
    package = tested_;
  else if (!IsStandard(path))
    package = Find(path);
  if (package == nullptr) return {};
  return {package->standard, package->language()};
}

std::string Program::MissingImport(std::string_view path) {
  return MissingModule(path, graph_.entered());
}

}  // namespace escapement::modules
