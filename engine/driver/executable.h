// Executable: an analysed program becoming code. Functions are lowered, generated and
// linked when the machine first calls them; data that comes with them goes into the
// running world.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/base/arena.h"
#include "engine/driver/compilation.h"
#include "engine/link/linker.h"
#include "engine/lower/lowering.h"
#include "engine/stdlib/natives.h"
#include "engine/vm/machine.h"

namespace escapement::driver {

class Executable {
 public:
  // Both outlive the executable. The compilation has checked its package, not analysed it.
  Executable(Compilation& compilation, vm::Machine& machine);

  // Analyses the program, lays out its static data and boots the machine's world. Returns
  // false when the host has no room for it.
  [[nodiscard]] bool Load(const memory::Options& options, trace::Log* log, uint64_t seed);
  // Gives the machine the code of a function that it has asked for. False when there is none: a declaration
  // without a body that neither a linkname nor a native stands behind.
  [[nodiscard]] bool Compile(uint32_t function);

 private:
  std::vector<base::Name> InitTasks();
  bool DefineVariable(std::string_view name);
  void IndexLinknames(types::Package* package);
  ir::Func* FindFunction(std::string_view link_name);
  std::optional<bytecode::Chunk> Generate(const std::string& name);
  void WritePatches();
  void AddItabs();

  Compilation& compilation_;
  vm::Machine& machine_;
  std::vector<vm::Native> natives_ = stdlib::Natives();
  base::Interner& names_;
  lower::Data& data_;
  lower::Lowering& lowering_;
  link::Linker linker_;
  // Functions by the symbol that a `//go:linkname` gives them.
  std::unordered_map<std::string, types::Func*> linknamed_;
  size_t indexed_packages_ = 0;
};

}  // namespace escapement::driver
