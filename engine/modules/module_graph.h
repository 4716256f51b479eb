// ModuleGraph: which modules a program is built from, and where each is (the rules of
// https://go.dev/ref/mod: minimal version selection with graph pruning, replace, vendor
// directories, workspaces). Nothing is fetched: what is not in the module cache is not there.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "engine/modules/file_tree.h"
#include "engine/modules/mod_file.h"

namespace escapement::modules {

struct Module {
  std::string path, version, directory;
  uint16_t go = 16;       // language version: the N of go1.N
  bool main = false;      // the one the command was given in
  bool standard = false;  // the Go distribution itself (module std)
};

class ModuleGraph {
 public:
  // `cache` is GOMODCACHE; with `mod_mode` a vendor directory is not looked at (-mod=mod).
  ModuleGraph(FileTree& tree, std::string cache, bool mod_mode)
      : tree_(tree), cache_(std::move(cache)), mod_mode_(mod_mode) {}

  // Finds the module that holds `directory` and selects versions. False when there is none.
  bool Enter(const std::string& directory);
  // Programs are built without modules (GO111MODULE=off).
  void UseGopath() { gopath_ = true; }
  // The version of Go that the main module or the workspace asks for, as debug settings go by it; empty for a
  // program outside modules, which goes by the Go that builds it.
  std::string GoVersion() const;
  // The godebug lines of the main module or the workspace.
  const std::vector<DebugSetting>& DebugSettings() const { return debug_settings_; }
  // The sentence of the go command about the godebug lines, or "".
  std::string WrongDebugSetting(std::string_view release, std::string_view here) const;
  bool entered() const { return !mains_.empty(); }
  const Module* main() const { return mains_.empty() ? nullptr : mains_[0]; }
  // The sentence of the go command, given in `here`, when a module of the program asks for a later Go than
  // `release`; else empty.
  std::string TooNew(std::string_view release, std::string_view here) const;
  // The main module whose tree `directory` is in, or null.
  const Module* MainModuleAt(const std::string& directory) const;

  struct Location {
    const Module* module = nullptr;  // null: no module provides the package
    std::string directory;
  };
  Location Find(std::string_view import_path);

 private:
  Module* AddMain(const std::string& directory);
  void Select();
  void Vendor();
  Replacement const* ReplacementOf(const ModuleVersion& wanted) const;
  std::string DirectoryFor(const ModuleVersion& wanted) const;
  ModFile ModFileOf(const ModuleVersion& wanted);
  bool HasPackage(const Module& module, const std::string& directory);

  FileTree& tree_;
  std::string cache_;
  bool mod_mode_;
  bool vendored_ = false;
  bool gopath_ = false;
  std::string work_file_;  // go.work, if there is one
  std::string work_version_;
  std::vector<DebugSetting> debug_settings_;
  std::vector<Module*> mains_;
  std::vector<ModFile> main_files_;
  // Files and modules that name a Go version, in the order in which they are read.
  struct GoLine {
    std::string what, version;
    bool file = false;
  };
  std::vector<GoLine> go_lines_;
  std::string root_;  // relative replacements start here
  std::vector<Replacement> replace_;
  std::map<std::string, std::unique_ptr<Module>> modules_;
  std::map<std::string, Module*> vendor_packages_;
};

}  // namespace escapement::modules
