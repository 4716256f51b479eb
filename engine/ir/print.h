// Print: expressions and statements as the compiler's messages spell them (gc's
// ir/fmt.go with %v). Implicit conversions, addresses and dereferences are left out,
// operators are re-spaced, constants are folded, names of other packages are
// qualified. A statement prints on one line: the bodies that `-m=2` shows.
#pragma once

#include <string>

#include "engine/ir/program.h"

namespace escapement::ir {

// `%v` of a node; "<nil>" for null.
std::string Print(Program& program, const Node* n);
// The same for people: temporaries as the expressions whose values they hold.
std::string PrintSource(Program& program, const Node* n);
// A list: separated by ", " (`%.v`) or by "; " (`%v`).
std::string PrintList(Program& program, List list, std::string_view separator);
// `%v` of a function: its name, qualified when it belongs to another package.
std::string PrintFunc(Program& program, const Func* fn);
// The function's name without a package (gc's ir.FuncName).
std::string_view FuncName(const Func* fn);

}  // namespace escapement::ir
