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

  // Analyses the program, lays out its static data and boots the machine's world. Returns what is too large
  // for that, or "".
  [[nodiscard]] std::string Load(const memory::Options& options, trace::Log* log, uint64_t seed);
  // Gives the machine the code of a function that it has asked for. False when there is none: a declaration
  // without a body that neither a linkname nor a native stands behind. Code and data come to a world in the
  // same order each time: one that is replayed gets what it got before.
  [[nodiscard]] bool Compile(uint32_t function);
  // The machine's state was replaced: functions that came after it was saved have no code.
  void Relink();

  // The type whose descriptor is at an address, or null.
  ir::Type* TypeAt(uint64_t address) const { return linker_.TypeAt(address); }
  uint64_t AddressOf(base::Name symbol) { return linker_.AddressOf(symbol); }

 private:
  // One time that code or data came into the world.
  struct LinkStep {
    std::string what;                     // what asked for it
    uint32_t function = vm::kNoFunction;  // that got its code
    std::vector<link::Patch> patches;
    std::vector<uint64_t> itabs;
    uint64_t static_high = 0;     // where static data ends then
    std::vector<uint64_t> rooms;  // sizes of what lies outside of the static region
  };

  std::vector<base::Name> InitTasks();
  bool DefineVariable(std::string_view name);
  void IndexLinknames(types::Package* package);
  ir::Func* FindFunction(std::string_view link_name);
  std::optional<bytecode::Chunk> Generate(const std::string& name);
  void AddItabs(const std::vector<uint64_t>& itabs);
  void TakeData(std::string what, uint32_t function);
  void WriteStep(const LinkStep& step);
  // Whether the world is one that is replayed, and `what` is what it got next.
  bool Replays(std::string_view what) const {
    uint32_t linked = machine_.state().linked;
    return linked < steps_.size() && steps_[linked].what == what;
  }
  void ReplayStep();
  memory::Address TakeRoom(uint64_t size);
  // Brings what was laid out because of `what` into the world.
  void Link(const std::string& what);

  Compilation& compilation_;
  vm::Machine& machine_;
  std::vector<vm::Native> natives_ = stdlib::Natives();
  base::Interner& names_;
  lower::Data& data_;
  lower::Lowering& lowering_;
  link::Linker linker_;
  std::vector<LinkStep> steps_;
  bool full_ = false;  // the program has more static data than fits: it is over
  std::vector<std::vector<base::Name>> type_answers_;  // of types_by_string, in order
  // Functions by the symbol that a `//go:linkname` gives them.
  std::unordered_map<std::string, types::Func*> linknamed_;
  size_t indexed_packages_ = 0;
};

}  // namespace escapement::driver
