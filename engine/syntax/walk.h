// Walking a tree: the children of a node in the order of gc's syntax.Inspect.
#pragma once

#include "engine/base/function_ref.h"
#include "engine/syntax/ast.h"

namespace escapement::syntax {

// Calls visit(child) for every child of n (never null), left to right as gc visits them.
void ForEachChild(Node* n, base::FunctionRef<void(Node*)> visit);

}  // namespace escapement::syntax
