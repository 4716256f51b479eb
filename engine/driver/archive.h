// Archive: a program of several packages whose files are all in memory, as a txtar text on the page: one main
// package at the top, others in folders, and go.mod where the text has one.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/driver/project.h"
#include "engine/driver/session.h"
#include "engine/modules/file_tree.h"
#include "engine/modules/module_graph.h"
#include "engine/modules/program.h"

namespace escapement::driver {

// A file by its path below the program's folder: main.go, shape/circle.go, go.mod.
struct ArchiveEntry {
  std::string path, text;
  bool operator==(const ArchiveEntry&) const = default;
};

class Archive {
 public:
  // Whether the files are more than one package's Go files: some are in folders, or there is a go.mod.
  static bool IsOne(const std::vector<ArchiveEntry>& files);

  // `library` outlives the archive; `folder` is where the program finds its files. Without a go.mod the
  // program is module "play".
  Archive(stdlib::LibrarySource& library, std::string_view folder, const std::vector<ArchiveEntry>& files);

  // Checks the packages that main imports and then main: the messages and verdicts of all of them, or the
  // errors of the first that has some.
  CheckResult Check(const CompileFlags& flags);
  // As Session::Start.
  std::unique_ptr<Run> Start(RunOptions options, CheckResult& errors);
  // The files it was made of.
  const std::vector<ArchiveEntry>& entries() const { return entries_; }

 private:
  CheckResult Dependencies(const CompileFlags& flags, const modules::Package& main);

  std::vector<ArchiveEntry> entries_;
  modules::MemoryTree tree_;
  modules::ModuleGraph graph_;
  modules::Program program_;
  std::string folder_;
  Session session_;
};

}  // namespace escapement::driver
