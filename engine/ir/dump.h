// Dump: the tree of a function's body, one node a line, in the form that
// scripts/update_ir_goldens makes of `go tool compile -W=2`: operation, what
// distinguishes the node, flags, type, position; init statements come before
// their node, children are indented. Hidden type operands are left out.
#pragma once

#include <string>

#include "engine/ir/program.h"

namespace escapement::ir {

std::string Dump(Program& program, List body);

}  // namespace escapement::ir
