// KnownBodies: the bodies of other packages' functions that a compilation can inline. gc reads the export
// data of the packages that are imported directly. There are the bodies of their own functions, and of a
// function of a package further away if the imported one inlined it itself (noder's linker).
#pragma once

#include <unordered_map>
#include <unordered_set>

#include "engine/driver/summaries.h"
#include "engine/types/checker.h"

namespace escapement::driver {

class KnownBodies {
 public:
  KnownBodies(types::Checker& checker, Summaries& summaries) : checker_(checker), summaries_(summaries) {}

  // Whether a compilation of `compiled` has the body of `func`, a declared function of another package.
  bool Has(const types::Package* compiled, const types::Func* func);

 private:
  // Functions of other packages that a package's code may inline.
  // Model: all that its code mentions, and what is mentioned in turn by what is inlinable (of which nothing
  // is known yet: of two statements at most) or generic.
  const std::unordered_set<const types::Object*>& InlinedIn(types::Package* package);

  types::Checker& checker_;
  Summaries& summaries_;
  std::unordered_map<const types::Package*, std::unordered_set<const types::Object*>> inlined_;
};

}  // namespace escapement::driver
