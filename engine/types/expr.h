// Expressions: the checking functions, one for each way an expression may be used. Each
// leaves its result in *x; x->valid() is false after an error was reported.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "engine/types/context.h"
#include "engine/types/errors.h"
#include "engine/types/operand.h"

namespace escapement::types {

// What an expression statement would make of the expression.
enum class ExprKind : uint8_t { kConversion, kExpression, kStatement };

// The function type an expression is assigned to, for inferring the type arguments of a
// generic function value. `sig` is null if there is none.
struct Target {
  Signature* sig = nullptr;
  std::string description;
};
Target MakeTarget(Type* type, std::string_view description);

// Any expression. `hint` is the element type of an enclosing composite literal.
ExprKind RawExpr(Context& c, const Target* target, Operand* x, syntax::Expr* e, Type* hint,
                 bool allow_generic);
// A single value.
void Expr(Context& c, const Target* target, Operand* x, syntax::Expr* e);
inline void Expr(Context& c, Operand* x, syntax::Expr* e) {
  Expr(c, nullptr, x, e);
}
// A single value that may be a generic function.
void GenericExpr(Context& c, Operand* x, syntax::Expr* e);
// One or more values: the results of a call, or with `allow_comma_ok` a value and a bool.
std::vector<Operand> MultiExpr(Context& c, syntax::Expr* e, bool allow_comma_ok, bool* comma_ok);
void ExprWithHint(Context& c, Operand* x, syntax::Expr* e, Type* hint);
// A value or a type.
void ExprOrType(Context& c, Operand* x, syntax::Expr* e, bool allow_generic);
// Reports modes that are no values.
void ExcludeNonValues(Context& c, Operand* x);
void SingleValue(Context& c, Operand* x);
void NonGeneric(Context& c, const Target* target, Operand* x);

// Evaluates expressions after an error so that what they mention counts as used; returns
// whether they were valid. In a left-hand side, variables do not count as used.
bool Use(Context& c, syntax::Expr* e);
bool Use(Context& c, std::span<syntax::Expr* const> list);
bool UseLhs(Context& c, std::span<syntax::Expr* const> list);

// Operators.
void Binary(Context& c, Operand* x, syntax::Expr* e, syntax::Expr* lhs, syntax::Expr* rhs,
            syntax::Operator op);
void Comparison(Context& c, Operand* x, Operand* y, syntax::Operator op, bool switch_case);
void MatchTypes(Context& c, Operand* x, Operand* y);
// The element type if one can receive from (or send to) channel x; reports if not.
Type* ChanElem(Context& c, At at, const Operand& x, bool receive);
void TypeAssertion(Context& c, syntax::Expr* e, const Operand& x, Type* target, bool type_switch);

// Index expressions; returns true for the instantiation of a generic function.
bool IndexExpr(Context& c, Operand* x, syntax::IndexExpr* e);
void SliceExpr(Context& c, Operand* x, syntax::SliceExpr* e);
// A constant or value index below `max` (negative: no limit). `type` is invalid after errors.
struct IndexValue {
  Type* type;
  int64_t value;  // -1 if not constant
};
IndexValue Index(Context& c, syntax::Expr* index, int64_t max);
// Reports an x that is no valid index (or length) called `what`.
bool IsValidIndex(Context& c, Operand* x, std::string_view what, bool allow_negative);

// Literals.
void BasicLit(Context& c, Operand* x, syntax::BasicLit* e);
void FuncLit(Context& c, Operand* x, syntax::FuncLit* e);
void CompositeLit(Context& c, Operand* x, syntax::CompositeLit* e, Type* hint);

// Calls and selectors.
ExprKind CallExpr(Context& c, Operand* x, syntax::CallExpr* call);
void Selector(Context& c, Operand* x, syntax::SelectorExpr* e, bool want_type);
// Instantiates generic function x; with `infer` false returns the arguments of a partial instantiation.
std::vector<Type*> FuncInst(Context& c, const Target* target, diag::Pos pos, Operand* x,
                            syntax::IndexExpr* inst, bool infer);
std::vector<Operand> ExprList(Context& c, std::span<syntax::Expr* const> list);
// The operands of arguments, generic functions allowed; atargs[i] are partial type arguments.
std::vector<Operand> GenericExprList(Context& c, std::span<syntax::Expr* const> list,
                                     std::vector<std::vector<Type*>>* atargs);

// Final types of untyped expressions.
void UpdateExprType(Context& c, syntax::Expr* e, Type* type, bool final);
void UpdateExprValue(Context& c, syntax::Expr* e, base::Constant value);

}  // namespace escapement::types
