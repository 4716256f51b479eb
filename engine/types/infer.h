// Type inference: type arguments from function arguments and constraints (types2's infer
// and unify).
#pragma once

#include <span>
#include <vector>

#include "engine/types/context.h"
#include "engine/types/errors.h"
#include "engine/types/operand.h"

namespace escapement::types {

// Infers the missing (null) ones of `targs` for `tparams` from `args` passed to `params`.
// `targs` may be shorter than `tparams`. Returns all arguments, or an empty vector with
// `error` filled (or left empty where follow-on errors are to be avoided). With `reverse`
// the roles of parameter and argument types in the message are swapped.
std::vector<Type*> Infer(Context& c, diag::Pos pos, std::span<TypeParam* const> tparams,
                         std::span<Type* const> targs, Tuple* params, std::span<Operand* const> args,
                         bool reverse, Report& error);

// Fresh copies of the type parameters, and `type` (null allowed) in terms of them.
std::vector<TypeParam*> RenameTypeParams(Context& c, diag::Pos pos, std::span<TypeParam* const> tparams,
                                         Type* type, Type** renamed);

// Whether `type` mentions one of the type parameters.
bool IsParameterized(std::span<TypeParam* const> tparams, Type* type);

}  // namespace escapement::types
