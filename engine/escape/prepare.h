// What happens to the tree between inlining and escape analysis, and right behind it.
#pragma once

#include <vector>

#include "engine/ir/program.h"

namespace escapement::escape {

// Loop variables declared by for and range are new in each iteration (Go 1.22). Loops in
// which that can be seen, because a variable is captured or its address is taken, are
// rewritten so; the mark kDistinctVars goes everywhere (cmd/compile/internal/loopvar).
void SplitLoopVariables(ir::Program& program, ir::Func* fn);

// Assignments to local variables that are never read become `_ = 0`, so that what they
// stored is not seen by escape analysis (cmd/compile/internal/deadlocals). Not with -N.
void RemoveDeadLocals(ir::Program& program, const std::vector<ir::Func*>& funcs);

// A local slice that is only grown by append, and leaves its function at one place, is
// moved to the heap there (kMove2Heap); its appends may then grow on the stack. Runs
// after escape analysis, whose sentences it does not change; not with -N
// (cmd/compile/internal/slice, Go 1.26).
void MoveSlicesToHeapLate(ir::Program& program, const std::vector<ir::Func*>& funcs);

}  // namespace escapement::escape
