// The static call graph, visited bottom-up: functions reach a visitor only after those
// they mention. References count, not just calls: a function's name, a method
// expression or value, a function literal. Each group is one strongly connected
// component; closures that capture variables come in the group of the function around
// them. Rule: cmd/compile/internal/ir/scc.go.
#pragma once

#include <functional>
#include <vector>

#include "engine/ir/func.h"

namespace escapement::ir {

// Whether fn is a function literal that captures variables (gc's Func.IsClosure).
// Other literals are functions like any other.
inline bool CapturesVariables(const Func* fn) {
  return fn->closure != nullptr && !fn->closure_vars.empty();
}

// Calls visit(group, recursive) for each component reachable from `roots`; `recursive`
// says whether the group's functions call each other. Functions for which `inside` is
// false (those of other packages, those that were visited before) are not visited.
void VisitFuncsBottomUp(const std::vector<Func*>& roots, const std::function<bool(const Func*)>& inside,
                        const std::function<void(const std::vector<Func*>& group, bool recursive)>& visit);

// Whether closure c is declared somewhere inside f (gc's ContainsClosure).
bool ContainsClosure(const Func* f, const Func* c);

}  // namespace escapement::ir
