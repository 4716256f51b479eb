// Bounds checks that an index's form makes needless: a[i&7] of an array of eight, a[b] of
// 256 elements with a byte b. gc's walk finds them, and says so with -m.
#pragma once

#include <vector>

#include "engine/ir/program.h"

namespace escapement::lower {

// Whether the integer expression n is in [0, limit) whatever its variables hold (walk's bounded).
bool Bounded(const ir::Node* n, int64_t limit);

// Positions of the index expressions of `funcs` whose check is elided, in the order in which gc
// walks them: a function, then its closures from the last to the first, in each the order of evaluation.
std::vector<ir::SrcPos> ElidedBoundsChecks(ir::Program& program, const std::vector<ir::Func*>& funcs);

}  // namespace escapement::lower
