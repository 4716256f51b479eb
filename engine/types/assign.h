// Assignments: implicit conversion of a value to a variable's type, and the statements
// and declarations that do it.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "engine/types/context.h"
#include "engine/types/errors.h"
#include "engine/types/operand.h"

namespace escapement::types {

// Makes x assignable to a variable of type `target` (null: any type, untyped values take
// their default); `context` says in messages what is assigned where.
void Assignment(Context& c, Operand* x, Type* target, const std::string& context);
// Keeps that a value of `type` became one of the interface, where that is asked for.
void NoteImplementation(Context& c, Type* interface, Type* type);
void InitConst(Context& c, Const* lhs, Operand* x);
void InitVar(Context& c, Var* lhs, Operand* x, const std::string& context);
void InitVars(Context& c, std::span<Var* const> lhs, std::span<syntax::Expr* const> rhs,
              syntax::Stmt* return_stmt);
void AssignVar(Context& c, syntax::Expr* lhs, syntax::Expr* rhs, Operand* x, std::string_view context);
void AssignVars(Context& c, std::span<syntax::Expr* const> lhs, std::span<syntax::Expr* const> rhs);
void ShortVarDecl(Context& c, diag::Pos pos, std::span<syntax::Expr* const> lhs,
                  std::span<syntax::Expr* const> rhs);
// "(int, number, string...)": the types as messages about counts list them.
std::string TypesSummary(Context& c, TypeList types, bool variadic, bool has_dots);
// "1 variable", "2 variables".
std::string Measure(int count, std::string_view unit);

}  // namespace escapement::types
