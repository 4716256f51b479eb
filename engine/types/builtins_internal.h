// What the files of the built-ins share.
#pragma once

#include <initializer_list>
#include <span>
#include <vector>

#include "engine/types/builtins.h"
#include "engine/types/errors.h"

namespace escapement::types {

// A call of a built-in under check. `args` is empty for those that evaluate their
// arguments themselves; args[0] is also in the operand handed along.
struct BuiltinArgs {
  syntax::CallExpr* call;
  BuiltinId id;
  std::vector<Operand> args;
};

// The signature of a call with these argument types (untyped ones by default type); a null
// result is none.
Signature* MakeSignature(Context& c, Type* result, std::span<Type* const> params);
inline Signature* MakeSignature(Context& c, Type* result, std::initializer_list<Type*> params) {
  return MakeSignature(c, result, std::span<Type* const>(params.begin(), params.size()));
}
// Records the signature and makes x a call without value; returns true.
bool NoValue(Context& c, Operand* x, BuiltinArgs& b, std::span<Type* const> params);
inline bool NoValue(Context& c, Operand* x, BuiltinArgs& b, std::initializer_list<Type*> params) {
  return NoValue(c, x, b, std::span<Type* const>(params.begin(), params.size()));
}

// Whether the size of a type depends on type parameters, or is not known yet because of a cycle.
bool HasVarSize(Type* type);
// The functions of package unsafe.
bool UnsafeBuiltin(Context& c, Operand* x, BuiltinArgs& b);

}  // namespace escapement::types
