// Operand: an expression under check: its mode, type and constant value.
#pragma once

#include <string>

#include "engine/base/constant.h"
#include "engine/syntax/ast.h"
#include "engine/types/info.h"
#include "engine/types/type.h"

namespace escapement::types {

// What is known of an expression while it is checked. kInvalid means that an error was
// reported; the type is then not to be looked at.
struct Operand {
  Mode mode = Mode::kInvalid;
  BuiltinId id = BuiltinId::kAppend;  // for kBuiltin
  syntax::Expr* expr = nullptr;
  Type* type = nullptr;
  base::Constant value;  // for kConstant

  bool valid() const { return mode != Mode::kInvalid; }
  bool is_constant() const { return mode == Mode::kConstant; }
  bool is_nil() const { return mode == Mode::kNilValue; }
  void Invalidate() { mode = Mode::kInvalid; }
};

// The operand as messages describe it: "x (variable of type int)".
std::string OperandString(Context& c, const Operand& x);

// "array", "slice", … for composite underlying types, else "".
std::string_view CompositeKind(Type* type);

// Whether x can be assigned to a variable of type T; a reason may be left in `cause`.
bool AssignableTo(Context& c, const Operand& x, Type* target, std::string* cause);

}  // namespace escapement::types
