// Targets: what the words behind a command's flags name: Go files, a txtar archive, directories
// and patterns (`.`, ./sub, ./...), import paths.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/cli/disk_tree.h"
#include "engine/driver/session.h"
#include "engine/modules/module_graph.h"
#include "engine/modules/program.h"
#include "engine/stdlib/library_source.h"

namespace escapement::cli {

class Targets {
 public:
  // `runs`: the program is run, not only compiled.
  explicit Targets(stdlib::LibrarySource& library, bool runs = true) : library_(library), runs_(runs) {}

  // Takes the words that name the program: leading Go files, or the first word; with `all`, every
  // word. None means the working directory. False after a message on stderr.
  [[nodiscard]] bool Open(const std::vector<std::string>& words, bool all);
  // The same for `go test`, which goes on when a word names no package: see missing.
  [[nodiscard]] bool OpenForTest(const std::vector<std::string>& words) {
    keep_missing_ = true;
    return Open(words, /*all=*/true);
  }
  // A word that names no package, and the sentence about it.
  struct Missing {
    std::string word, error;
  };
  const std::vector<Missing>& missing() const { return missing_; }
  // How many words Open took.
  size_t taken() const { return taken_; }
  const std::vector<const modules::Package*>& packages() const { return packages_; }
  modules::Program& program() { return *program_; }
  const std::string& here() const { return here_; }
  modules::FileTree& tree() { return *tree_; }
  // Gives a run of a package its files: those of the disk, or of the archive and no others.
  void GiveFiles(driver::RunOptions& options, const std::string& directory) const;

 private:
  void Use(std::unique_ptr<modules::FileTree> tree, const std::string& here);
  bool OpenArchive(const std::string& file);
  bool Add(const std::string& word);
  bool NoPackage(const std::string& word, const std::string& error);
  // What keeps the go command from building the program at all: it needs a later Go, or debug settings are
  // wrong.
  std::string Refusal() const;

  stdlib::LibrarySource& library_;
  bool runs_;
  std::string here_;
  std::unique_ptr<modules::FileTree> tree_;
  std::unique_ptr<modules::ModuleGraph> graph_;
  std::unique_ptr<modules::Program> program_;
  std::vector<const modules::Package*> packages_;
  std::vector<Missing> missing_;
  bool keep_missing_ = false;
  size_t taken_ = 0;
  bool archive_ = false;
  std::vector<std::pair<std::string, std::string>> files_;  // of the archive
};

}  // namespace escapement::cli
