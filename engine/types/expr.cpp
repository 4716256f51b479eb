#include "engine/types/expr.h"

#include "engine/base/check.h"
#include "engine/types/assign.h"
#include "engine/types/decl.h"
#include "engine/types/errors.h"
#include "engine/types/lookup.h"
#include "engine/types/operators.h"
#include "engine/types/predicates.h"
#include "engine/types/record.h"
#include "engine/types/typeset.h"
#include "engine/types/typexpr.h"

namespace escapement::types {

using syntax::NodeKind;

Target MakeTarget(Type* type, std::string_view description) {
  if (type != nullptr) {
    if (auto* sig = Under<Signature>(type)) return {sig, std::string(description)};
  }
  return {};
}

namespace {

// *x: a pointer type or an indirection.
bool Indirection(Context& c, Operand* x, syntax::Operation* e) {
  ExprOrType(c, x, e->x, false);
  if (!x->valid()) return false;
  if (x->mode == Mode::kTypeExpr) {
    ValidVarType(c, e->x, x->type);
    x->type = NewPointer(c, x->type);
    return true;
  }
  Type* base = nullptr;
  bool ok = EachType(x->type, [&](Type*, Type* u) {
    auto* pointer = As<Pointer>(u);
    if (pointer == nullptr) {
      Error(c, *x, kInvalidOp, "cannot indirect ", *x);
      return false;
    }
    if (base != nullptr && !Identical(pointer->base, base)) {
      Error(c, *x, kInvalidOp, "pointers of ", *x, " must have identical base types");
      return false;
    }
    base = pointer->base;
    return true;
  });
  if (!ok) return false;
  x->mode = Mode::kVariable;
  x->type = base;
  return true;
}

// x.(T)
bool Assertion(Context& c, Operand* x, syntax::AssertExpr* e) {
  Expr(c, x, e->x);
  if (!x->valid()) return false;
  if (IsTypeParam(x->type)) {
    Error(c, *x, kInvalidOp, "cannot use type assertion on type parameter value ", *x);
    return false;
  }
  if (Under<Interface>(x->type) == nullptr) {
    Error(c, *x, kInvalidOp, *x, " is not an interface");
    return false;
  }
  Type* type = VarType(c, e->type_expr);
  if (!IsValid(type)) return false;
  TypeAssertion(c, e, *x, type, false);
  x->mode = Mode::kCommaOk;
  x->type = type;
  return true;
}

// Checks e by its kind. Returns false after an error that left no operand.
bool ExprByKind(Context& c, const Target* target, Operand* x, syntax::Expr* e, Type* hint, ExprKind* kind) {
  switch (e->kind) {
    case NodeKind::kBadExpr:
      return false;  // reported by the parser
    case NodeKind::kName:
      Ident(c, x, syntax::To<syntax::Name>(e), false);
      return true;
    case NodeKind::kDotsType:
      Error(c, e, "invalid syntax tree: invalid use of ...");
      return false;
    case NodeKind::kBasicLit: {
      auto* literal = syntax::To<syntax::BasicLit>(e);
      if (literal->bad) return false;
      BasicLit(c, x, literal);
      return x->valid();
    }
    case NodeKind::kFuncLit:
      FuncLit(c, x, syntax::To<syntax::FuncLit>(e));
      return x->valid();
    case NodeKind::kCompositeLit:
      CompositeLit(c, x, syntax::To<syntax::CompositeLit>(e), hint);
      return x->valid();
    case NodeKind::kSelectorExpr:
      Selector(c, x, syntax::To<syntax::SelectorExpr>(e), false);
      return true;
    case NodeKind::kIndexExpr: {
      auto* index = syntax::To<syntax::IndexExpr>(e);
      if (IndexExpr(c, x, index)) FuncInst(c, target, e->pos, x, index, true);
      return x->valid();
    }
    case NodeKind::kSliceExpr:
      SliceExpr(c, x, syntax::To<syntax::SliceExpr>(e));
      return x->valid();
    case NodeKind::kAssertExpr:
      return Assertion(c, x, syntax::To<syntax::AssertExpr>(e));
    case NodeKind::kTypeSwitchGuard:
      Error(c, e, "invalid syntax tree: use of .(type) outside type switch");
      Use(c, syntax::To<syntax::TypeSwitchGuard>(e)->x);
      return false;
    case NodeKind::kListExpr:
      Error(c, e, "invalid syntax tree: unexpected list of expressions");
      return false;
    case NodeKind::kOperation: {
      auto* op = syntax::To<syntax::Operation>(e);
      if (op->y != nullptr) {
        Binary(c, x, e, op->x, op->y, op->op);
        return x->valid();
      }
      if (op->op == syntax::Operator::kMul) return Indirection(c, x, op);
      Unary(c, x, op);
      // Receives may stand as statements.
      if (x->valid() && op->op == syntax::Operator::kRecv) *kind = ExprKind::kStatement;
      return x->valid();
    }
    case NodeKind::kKeyValueExpr:
      Error(c, e, "invalid syntax tree: no key:value expected");
      return false;
    case NodeKind::kArrayType:
    case NodeKind::kSliceType:
    case NodeKind::kStructType:
    case NodeKind::kFuncType:
    case NodeKind::kInterfaceType:
    case NodeKind::kMapType:
    case NodeKind::kChanType:
      x->mode = Mode::kTypeExpr;
      x->type = TypeExpr(c, e);
      return true;
    default:
      UNREACHABLE("not an expression");
  }
}

ExprKind ExprInternal(Context& c, const Target* target, Operand* x, syntax::Expr* e, Type* hint) {
  x->mode = Mode::kInvalid;
  x->type = InvalidType();
  x->value = {};
  if (auto* paren = syntax::As<syntax::ParenExpr>(e)) {
    ExprKind kind = RawExpr(c, nullptr, x, paren->x, nullptr, false);
    x->expr = e;
    return kind;
  }
  if (auto* call = syntax::As<syntax::CallExpr>(e)) return CallExpr(c, x, call);
  ExprKind kind = ExprKind::kExpression;
  if (!ExprByKind(c, target, x, e, hint, &kind)) {
    x->Invalidate();
    kind = ExprKind::kStatement;  // avoid follow-on errors
  }
  x->expr = e;
  return kind;
}

}  // namespace

void NonGeneric(Context& c, const Target* target, Operand* x) {
  if (!x->valid() || x->mode == Mode::kNoValue) return;
  const char* what = nullptr;
  if (x->type->kind == TypeKind::kAlias || x->type->kind == TypeKind::kNamed) {
    if (IsGeneric(x->type)) what = "type";
  } else if (auto* sig = As<Signature>(x->type); sig != nullptr && !sig->tparams.empty()) {
    if (target != nullptr && target->sig != nullptr) {
      // The type it is assigned to may tell the type arguments.
      FuncInst(c, target, x->expr->pos, x, nullptr, true);
      return;
    }
    what = "function";
  }
  if (what == nullptr) return;
  Error(c, x->expr, "cannot use generic ", what, " ", x->expr, " without instantiation");
  x->Invalidate();
  x->type = InvalidType();
}

ExprKind RawExpr(Context& c, const Target* target, Operand* x, syntax::Expr* e, Type* hint,
                 bool allow_generic) {
  ExprKind kind = ExprInternal(c, target, x, e, hint);
  if (!allow_generic) NonGeneric(c, target, x);
  // A value whose type is under declaration has no size yet.
  if (x->valid() && x->mode != Mode::kNoValue && !FiniteSize(c, x->type)) {
    x->Invalidate();
    x->type = InvalidType();
  }
  Record(c, *x);
  return kind;
}

namespace {
void ExcludeModes(Context& c, Operand* x, bool types_too) {
  switch (x->mode) {
    case Mode::kNoValue:
      Error(c, *x, *x, types_too ? " used as value" : " used as value or type");
      break;
    case Mode::kBuiltin:
      if (!types_too) return;
      Error(c, *x, *x, " must be called");
      break;
    case Mode::kTypeExpr:
      if (!types_too) return;
      Error(c, *x, *x, " is not an expression");
      break;
    default:
      return;
  }
  x->Invalidate();
}
}  // namespace

void ExcludeNonValues(Context& c, Operand* x) {
  ExcludeModes(c, x, true);
}

void SingleValue(Context& c, Operand* x) {
  if (x->mode != Mode::kValue || As<Tuple>(x->type) == nullptr) return;
  Error(c, *x, "multiple-value ", *x, " in single-value context");
  x->Invalidate();
}

void Expr(Context& c, const Target* target, Operand* x, syntax::Expr* e) {
  RawExpr(c, target, x, e, nullptr, false);
  ExcludeNonValues(c, x);
  SingleValue(c, x);
}

void GenericExpr(Context& c, Operand* x, syntax::Expr* e) {
  RawExpr(c, nullptr, x, e, nullptr, true);
  ExcludeNonValues(c, x);
  SingleValue(c, x);
}

void ExprWithHint(Context& c, Operand* x, syntax::Expr* e, Type* hint) {
  RawExpr(c, nullptr, x, e, hint, false);
  ExcludeNonValues(c, x);
  SingleValue(c, x);
}

void ExprOrType(Context& c, Operand* x, syntax::Expr* e, bool allow_generic) {
  RawExpr(c, nullptr, x, e, nullptr, allow_generic);
  ExcludeModes(c, x, false);
  SingleValue(c, x);
}

std::vector<Operand> MultiExpr(Context& c, syntax::Expr* e, bool allow_comma_ok, bool* comma_ok) {
  if (comma_ok != nullptr) *comma_ok = false;
  Operand x;
  RawExpr(c, nullptr, &x, e, nullptr, false);
  ExcludeNonValues(c, &x);
  if (auto* tuple = x.valid() ? As<Tuple>(x.type) : nullptr) {
    std::vector<Operand> list;
    for (Var* var : tuple->vars) {
      Operand& y = list.emplace_back();
      y.mode = Mode::kValue;
      y.expr = e;
      y.type = var->type;
    }
    return list;
  }
  std::vector<Operand> list = {x};
  if (allow_comma_ok && (x.mode == Mode::kMapIndex || x.mode == Mode::kCommaOk)) {
    Operand& ok = list.emplace_back();
    ok.mode = Mode::kValue;
    ok.expr = e;
    ok.type = Typ(BasicKind::kUntypedBool);
    if (comma_ok != nullptr) *comma_ok = true;
  }
  return list;
}

void TypeAssertion(Context& c, syntax::Expr* e, const Operand& x, Type* target, bool type_switch) {
  // An interface type may be implemented by any dynamic type.
  if (IsInterface(target)) return;
  std::string cause;
  if (HasAllMethods(c, target, x.type, false, IdenticalTypes, nullptr, &cause)) {
    NoteImplementation(c, x.type, target);
    return;
  }
  if (type_switch) {
    Error(c, e, "impossible type switch case: ", e, "\n\t", x, " cannot have dynamic type ", target, " ",
          cause);
  } else {
    Error(c, e, "impossible type assertion: ", e, "\n\t", target, " does not implement ", x.type, " ", cause);
  }
}

namespace {

bool UseOne(Context& c, syntax::Expr* e, bool lhs) {
  if (e == nullptr) return true;
  syntax::Expr* inner = syntax::Unparen(e);
  Operand x;
  if (auto* name = syntax::As<syntax::Name>(inner)) {
    // The blank identifier cannot be evaluated.
    if (name->text() == "_") return true;
    // An assignment is no use of the variable.
    Var* var = lhs ? As<Var>(LookupName(c, name->name)) : nullptr;
    bool used = var != nullptr && var->used;
    ExprOrType(c, &x, name, true);
    if (var != nullptr && var->pkg == c.env.pkg) var->used = used;
    return x.valid();
  }
  if (auto* list = syntax::As<syntax::ListExpr>(inner)) {
    bool ok = true;
    for (syntax::Expr* item : list->elems) ok = UseOne(c, item, lhs) && ok;
    return ok;
  }
  RawExpr(c, nullptr, &x, e, nullptr, true);
  return x.valid();
}

}  // namespace

bool Use(Context& c, syntax::Expr* e) {
  return UseOne(c, e, false);
}

bool Use(Context& c, std::span<syntax::Expr* const> list) {
  bool ok = true;
  for (syntax::Expr* e : list) ok = UseOne(c, e, false) && ok;
  return ok;
}

bool UseLhs(Context& c, std::span<syntax::Expr* const> list) {
  bool ok = true;
  for (syntax::Expr* e : list) ok = UseOne(c, e, true) && ok;
  return ok;
}

}  // namespace escapement::types
