// Info: what the checker found out beyond types and objects; the ir room reads it from
// slots of the syntax tree and from the side tables here.
#pragma once

#include <cstdint>
#include <span>

#include "engine/syntax/ast.h"
#include "engine/types/object.h"
#include "engine/types/type.h"

namespace escapement::types {

// What an expression is: the checker writes it into syntax::Expr::mode.
using Mode = syntax::ExprMode;

enum class SelectionKind : uint8_t { kFieldVal, kMethodVal, kMethodExpr };

// x.f that is not a qualified identifier.
struct Selection {
  SelectionKind kind;
  Type* recv;                  // type of x
  Object* object;              // Var (field) or Func (method)
  std::span<const int> index;  // embedded fields to walk, then field or method index
  bool indirect;               // a pointer was followed on the way
};

// An identifier that denotes a generic function or type: the arguments given or inferred.
struct Instance {
  TypeList targs;
  Type* type;  // the instance
};

// lhs = rhs of a package-level variable declaration.
struct Initializer {
  std::span<Var*> lhs;
  syntax::Expr* rhs;
};

}  // namespace escapement::types
