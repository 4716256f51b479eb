// Checks and accesses that a lowered function can do without, found after its tree stands.
#pragma once

#include "engine/base/arena.h"
#include "engine/lower/tree.h"

namespace escapement::lower {

// Drops checks of constant indices that an earlier one implies (`_ = b[7]`), then makes one wide access of
// byte accesses side by side, of either byte order, as gc's memcombine pass does.
void CombineAccesses(Func& fn, base::Arena& arena, ir::TypeTable& types);

}  // namespace escapement::lower
