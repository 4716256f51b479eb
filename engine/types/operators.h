// Operators of expressions; the entry points for other constructs are in expr.h.
#pragma once

#include "engine/types/context.h"
#include "engine/types/operand.h"

namespace escapement::types {

// A unary operation other than indirection.
void Unary(Context& c, Operand* x, syntax::Operation* e);
// Where errors about an operation's result are reported: at its operator.
diag::Pos OperatorPos(const syntax::Expr* e);

}  // namespace escapement::types
