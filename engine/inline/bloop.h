// The b.Loop pass: in `for b.Loop() { … }` of a benchmark, what statements compute is kept
// alive, so that the optimiser does not remove the work that is to be measured. Results
// and arguments without a name get temporaries. Rule: cmd/compile/internal/bloop.
#pragma once

#include "engine/inline/inline.h"

namespace escapement::inlining {

// Rewrites the loops of functions of a package that imports testing. -m=2 prints what is
// kept alive.
void KeepLoopsAlive(Context& context, const std::vector<ir::Func*>& funcs);

}  // namespace escapement::inlining
