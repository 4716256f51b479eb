// DiskTree: the machine's own files as a FileTree.
#pragma once

#include <map>
#include <string>

#include "engine/modules/file_tree.h"
#include "engine/vm/file_system.h"

namespace escapement::cli {

class DiskTree : public modules::FileTree {
 public:
  std::optional<std::string> Read(const std::string& path) override;
  std::vector<modules::TreeEntry> List(const std::string& directory) override;

 private:
  std::map<std::string, std::vector<modules::TreeEntry>> listed_;  // answers given
};

// The disk as what stands behind a program's files.
vm::HostFiles DiskFiles();

// The working directory, absolute and with slashes.
std::string WorkingDirectory();

}  // namespace escapement::cli
