// Built-in functions.
#pragma once

#include <span>
#include <string_view>

#include "engine/types/context.h"
#include "engine/types/expr.h"
#include "engine/types/operand.h"

namespace escapement::types {

// A built-in's name, least number of arguments, and kind of call.
struct BuiltinInfo {
  std::string_view name;
  int arguments;
  bool variadic;
  ExprKind kind;
};
const BuiltinInfo& InfoOf(BuiltinId id);

// Checks the call of built-in `id`; on success x is its result and true is returned.
// x->expr is the caller's to set.
bool BuiltinCall(Context& c, Operand* x, syntax::CallExpr* call, BuiltinId id);

// Checks `args` against the parameters of `sig`, a non-generic signature, as for any call
// (call.cpp); used for append.
void CheckArguments(Context& c, syntax::CallExpr* call, Signature* sig, std::span<Operand> args);

}  // namespace escapement::types
