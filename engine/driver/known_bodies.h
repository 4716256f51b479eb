// KnownBodies: the bodies of other packages' functions that a compilation can inline. gc reads the export
// data of the packages that are imported directly. There are the bodies of their own functions, and of a
// function of a package further away if the imported one inlined it itself (noder's linker).
#pragma once

#include <unordered_map>
#include <unordered_set>

#include "engine/types/checker.h"

namespace escapement::driver {

class KnownBodies {
 public:
  explicit KnownBodies(types::Checker& checker) : checker_(checker) {}

  // Whether a compilation of `compiled` has the body of `func`, a declared function of another package.
  bool Has(const types::Package* compiled, const types::Func* func);

 private:
  // Functions of other packages that a package's code may inline.
  // Model: all that its code mentions, and what is mentioned in turn by what is generic or of two statements
  // at most. gc knows costs; here an answer must not depend on what a session happened to price before.
  const std::unordered_set<const types::Object*>& InlinedIn(types::Package* package);

  types::Checker& checker_;
  std::unordered_map<const types::Package*, std::unordered_set<const types::Object*>> inlined_;
};

}  // namespace escapement::driver
