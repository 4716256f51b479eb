// Program: the packages of a program by import path. Those of the Go distribution come from the
// source it stands on, the others from the modules of a ModuleGraph. It finds what `go list`
// would find wrong with the imports before anything is compiled.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "engine/modules/file_tree.h"
#include "engine/modules/header.h"
#include "engine/modules/module_graph.h"
#include "engine/stdlib/library_source.h"
#include "engine/syntax/build_constraint.h"

namespace escapement::modules {

struct GoFile {
  std::string name;   // without directory
  std::string path;   // absolute
  std::string shown;  // as messages of the compiler print it: ./a.go, sub/a.go
  std::string text;
  Header header;
};

// One directory of Go files.
struct Package {
  std::string path;  // import path: example.com/m/sub, or command-line-arguments
  std::string name;  // of its package clauses
  std::string directory;
  const Module* module = nullptr;  // null: none, or the distribution
  bool standard = false;
  std::vector<GoFile> files, tests, external_tests;
  std::string error;            // "no Go files in …"; empty for a sound package
  bool error_is_plain = false;  // printed without "package PATH: "
  std::string embed_error;      // of a //go:embed pattern, as go build says it; or empty
  bool assembly = false;        // the build has assembly files too, so Go bodies may miss
  // The N of go1.N.
  uint16_t language() const { return module != nullptr && !standard ? module->go : 26; }
};

class Program : public stdlib::LibrarySource {
 public:
  // All outlive the program. `here` is the directory that messages are relative to.
  Program(stdlib::LibrarySource& standard, FileTree& tree, ModuleGraph& graph, std::string here)
      : standard_(standard), tree_(tree), graph_(graph), here_(std::move(here)) {}

  // For who compiles and runs nothing: //go:embed variables stay as they are written, and packages with
  // assembly keep the files that go with it.
  void OnlyCompile() { runs_ = false; }

  // The package of a directory.
  const Package* AtDirectory(const std::string& directory);
  // A package made of files named one by one; null with `error` when one cannot be read.
  const Package* OfFiles(const std::vector<std::string>& files, std::string* error);
  // The package of an import path; null when nothing provides it.
  const Package* Find(std::string_view import_path);
  // Import paths of the main module's packages at and below `directory`, sorted.
  std::vector<const Package*> Below(const std::string& directory);

  const ModuleGraph& graph() const { return graph_; }

  // What is wrong with the imports that `root` leads to, as `go build` says it, a text with its
  // newline each; `tests`: those of its test files too.
  std::vector<std::string> ImportErrors(const Package& root, bool tests);
  // The packages of the program's own modules that `root` imports, dependencies first, itself
  // and its external tests not among them.
  std::vector<const Package*> OwnDependencies(const Package& root, bool tests);

  // From now on `package` is served with its test files, and PATH_test as its external tests.
  void ServeTests(const Package& package) { tested_ = &package; }

  // --- stdlib::LibrarySource
  std::vector<stdlib::LibraryFile> Files(std::string_view import_path) override;
  bool Has(std::string_view import_path) override;
  stdlib::PackageTraits Traits(std::string_view import_path) override;
  std::string MissingImport(std::string_view import_path) override;
  std::vector<std::string> Packages() override { return standard_.Packages(); }
  std::string Summaries(std::string_view import_path) override { return standard_.Summaries(import_path); }

 private:
  struct Walk;
  bool IsStandard(std::string_view import_path);
  void Read(Package& package);
  void Embed(Package& package);
  void Select(Package& package, const std::vector<GoFile>& candidates, const syntax::BuildTags& tags);
  GoFile ReadFile(const std::string& path);
  std::string Shown(const std::string& path) const;
  std::string WhereText(const Package& package, const GoFile& file, const ImportSpec& import) const;
  void Visit(Walk& walk, const Package& package);
  void VisitFiles(Walk& walk, const Package& package, const std::vector<GoFile>& files);
  void Imported(Walk& walk, const Package& package, const GoFile& file, const ImportSpec& import);
  void AddImports(const Package& package, bool tests, std::set<const Package*>& seen,
                  std::vector<const Package*>& out);

  stdlib::LibrarySource& standard_;
  FileTree& tree_;
  ModuleGraph& graph_;
  std::string here_;
  std::map<std::string, std::unique_ptr<Package>, std::less<>> packages_;  // by import path
  std::map<std::string, const Package*> by_directory_;
  std::vector<std::unique_ptr<Package>> nameless_;  // directories and files outside modules
  const Package* tested_ = nullptr;
  bool runs_ = true;
};

// What the module graph says of a package that is in no module.
std::string MissingModule(std::string_view import_path, bool in_module);

}  // namespace escapement::modules
