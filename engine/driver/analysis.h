// Analysis: the passes between the builder and lowering, in gc's order, for a user's
// package whole and for library functions when somebody first asks about them.
#pragma once

#include <functional>
#include <unordered_set>
#include <utility>
#include <vector>

#include "engine/diag/diagnostic.h"
#include "engine/driver/known_bodies.h"
#include "engine/driver/options.h"
#include "engine/driver/summaries.h"
#include "engine/escape/escape.h"
#include "engine/inline/inline.h"
#include "engine/ir/builder.h"

namespace escapement::driver {

// Runs the passes of one compilation. Library functions analysed on the way keep their
// summaries and worked-on bodies in the program.
class Analysis {
 public:
  Analysis(ir::Program& program, ir::Builder& builder, const diag::FileSet& files, Summaries& summaries,
           KnownBodies& bodies)
      : program_(program), builder_(builder), files_(files), summaries_(summaries), bodies_(bodies) {}

  // Analyses a package: b.Loop, inlining and devirtualisation, loop variables, dead
  // locals, escape analysis, late slice moves. Remarks go to `emitter` as `flags` asks;
  // closures of inlined bodies join unit.funcs.
  std::vector<escape::Verdict> RunPackage(ir::Unit& unit, const CompileFlags& flags, diag::Emitter& emitter);

  // Analyses what a library package runs before main (Builder::BuildInitialisation).
  void RunInitialisation(ir::Unit& unit);

  // What turns static initialisers into data (lower::Lowering::InitGlobals). It runs before
  // escape analysis, which then sees only the initialisers that are code.
  void set_init_globals(std::function<void(ir::Unit&)> init) { init_globals_ = std::move(init); }

  // Gives a function of another package its summary: what the session knows of it, else what
  // analysing it and all it mentions says, bottom-up, as far as that has not been done.
  void Summarise(ir::Func* fn);

  // The bodies from other packages that a library package's export data carry, as packs hold them.
  std::string CarriedBodies(types::Package* package) { return bodies_.Write(package, Inlinable()); }

  // Makes a library function ready for lowering even if its summary is known already.
  // Returns the closures that inlining added to it.
  std::vector<ir::Func*> Prepare(ir::Func* fn);

 private:
  void MakeAbiWrappers(ir::Unit& unit, bool assembly);
  void MakeWrappers(inlining::Context& inlining, ir::Unit& unit, std::unordered_set<const ir::Func*>& own);
  KnownBodies::Inlinable Inlinable();
  // Whether a compilation of `package` has a function's body.
  std::function<bool(const ir::Func*)> BodyKnownIn(const types::Package* package);
  void Borrow(ir::Func* fn);
  void ReturnBorrowed();
  std::vector<ir::Func*> Process(const std::vector<ir::Func*>& group, ir::Unit* initialised = nullptr);

  ir::Program& program_;
  ir::Builder& builder_;
  const diag::FileSet& files_;
  Summaries& summaries_;
  KnownBodies& bodies_;
  std::function<void(ir::Unit&)> init_globals_;
  // Functions whose analysis is under way: one that is asked about meanwhile is unknown.
  std::unordered_set<const ir::Func*> busy_;
  // Instances that the package under analysis compiles for itself. Library code that mentions one
  // has a copy of its own in gc; here it borrows the function, as it was declared, for a summary.
  std::unordered_set<const ir::Func*> under_work_;
  std::vector<std::pair<ir::Func*, ir::Func>> borrowed_;
  int summarising_ = 0;
  diag::Emitter silent_;
};

}  // namespace escapement::driver
