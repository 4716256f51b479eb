#include "engine/types/assign.h"

#include "engine/types/convert.h"
#include "engine/types/decl.h"
#include "engine/types/expr.h"
#include "engine/types/predicates.h"
#include "engine/types/record.h"

namespace escapement::types {

namespace {

// Gives an untyped x its type. Returns false after an error.
bool AssignUntyped(Context& c, Operand* x, Type* target, const std::string& context) {
  Type* wanted = target;
  if (x->is_nil()) {
    if (target == nullptr) {
      Error(c, *x, "use of untyped nil in ", context);
      return false;
    }
  } else if (target == nullptr || IsNonTypeParamInterface(target)) {
    wanted = Default(x->type);
  }
  ImplicitType implicit = ImplicitTypeAndValue(c, *x, wanted);
  if (implicit.fault != ConvertFault::kNone) {
    const char* suffix = "";
    if (implicit.fault == ConvertFault::kTruncatedFloat) suffix = " (truncated)";
    if (implicit.fault == ConvertFault::kNumericOverflow) suffix = " (overflows)";
    Error(c, *x, "cannot use ", *x, " as ", wanted, " value in ", context, suffix);
    return false;
  }
  if (implicit.value.has_value()) {
    x->value = implicit.value;
    UpdateExprValue(c, x->expr, implicit.value);
  }
  if (implicit.type != x->type) {
    x->type = implicit.type;
    UpdateExprType(c, x->expr, implicit.type, false);
  }
  return true;
}

}  // namespace

void NoteImplementation(Context& c, Type* interface, Type* type) {
  if (!c.options.implementations || c.emitter == nullptr) return;
  if (IsNonTypeParamInterface(interface) && !Identical(interface, type) && !IsUntyped(type))
    c.implementations.emplace_back(interface, type);
}

void Assignment(Context& c, Operand* x, Type* target, const std::string& context) {
  SingleValue(c, x);
  switch (x->mode) {
    case Mode::kInvalid:
      return;
    case Mode::kConstant:
    case Mode::kVariable:
    case Mode::kMapIndex:
    case Mode::kValue:
    case Mode::kNilValue:
    case Mode::kCommaOk:
    case Mode::kCommaErr:
      break;
    default:
      // Possible only with wrong uses of types and built-ins.
      Error(c, *x, "cannot assign ", *x, " to ", target, " in ", context);
      x->Invalidate();
      return;
  }
  if (IsUntyped(x->type) && !AssignUntyped(c, x, target, context)) {
    x->Invalidate();
    return;
  }
  // A generic function must be instantiated.
  if (auto* sig = Under<Signature>(x->type); sig != nullptr && !sig->tparams.empty()) {
    Error(c, *x, "cannot use generic function ", *x, " without instantiation in ", context);
    x->Invalidate();
    return;
  }
  if (target == nullptr) return;  // the blank identifier takes anything
  std::string cause;
  if (AssignableTo(c, *x, target, &cause)) {
    NoteImplementation(c, target, x->type);
    return;
  }
  if (!cause.empty()) {
    Error(c, *x, "cannot use ", *x, " as ", target, " value in ", context, ": ", cause);
  } else {
    Error(c, *x, "cannot use ", *x, " as ", target, " value in ", context);
  }
  x->Invalidate();
}

void InitConst(Context& c, Const* lhs, Operand* x) {
  if (!x->valid() || !IsValid(x->type) || (lhs->type != nullptr && !IsValid(lhs->type))) {
    if (lhs->type == nullptr) lhs->type = InvalidType();
    return;
  }
  if (!x->is_constant()) {
    Error(c, *x, *x, " is not constant");
    if (lhs->type == nullptr) lhs->type = InvalidType();
    return;
  }
  if (lhs->type == nullptr) lhs->type = x->type;
  Assignment(c, x, lhs->type, "constant declaration");
  if (x->valid()) lhs->value = x->value;
}

void InitVar(Context& c, Var* lhs, Operand* x, const std::string& context) {
  if (!x->valid() || !IsValid(x->type) || (lhs->type != nullptr && !IsValid(lhs->type))) {
    if (lhs->type == nullptr) lhs->type = InvalidType();
    x->Invalidate();
    return;
  }
  // Without a type the variable takes that of its value.
  if (lhs->type == nullptr) {
    Type* type = x->type;
    if (type == Typ(BasicKind::kUntypedNil)) {
      Error(c, *x, "use of untyped nil in ", context);
      lhs->type = InvalidType();
      x->Invalidate();
      return;
    }
    lhs->type = Default(type);
  }
  Assignment(c, x, lhs->type, context);
}

namespace {

// Variables on a left-hand side that is checked do not become used by that.
Var* AssignedVar(Context& c, syntax::Name* name) {
  if (name == nullptr) return nullptr;
  Var* var = As<Var>(LookupName(c, name->name));
  return var != nullptr && var->pkg == c.env.pkg ? var : nullptr;
}

// The type of a left-hand side; null for _, invalid after an error.
Type* LhsType(Context& c, syntax::Expr* lhs) {
  auto* name = syntax::As<syntax::Name>(syntax::Unparen(lhs));
  if (name != nullptr && name->text() == "_") {
    RecordObject(name, nullptr);
    return nullptr;
  }
  Var* var = AssignedVar(c, name);
  bool used = var != nullptr && var->used;
  Operand x;
  Expr(c, &x, lhs);
  if (var != nullptr) var->used = used;
  if (!x.valid() || !IsValid(x.type)) return InvalidType();
  if (x.mode == Mode::kVariable || x.mode == Mode::kMapIndex) return x.type;
  if (auto* selector = syntax::As<syntax::SelectorExpr>(x.expr)) {
    Operand map;
    Expr(c, &map, selector->x);
    if (map.mode == Mode::kMapIndex) {
      Error(c, x, "cannot assign to struct field ", x.expr, " in map");
      return InvalidType();
    }
  }
  Error(c, x, "cannot assign to ", x.expr, " (neither addressable nor a map index expression)");
  return InvalidType();
}

void ReportAssignMismatch(Context& c, std::span<syntax::Expr* const> rhs, size_t left, size_t right) {
  std::string vars = Measure(static_cast<int>(left), "variable");
  std::string values = Measure(static_cast<int>(right), "value");
  if (rhs.size() == 1) {
    if (auto* call = syntax::As<syntax::CallExpr>(syntax::Unparen(rhs[0]))) {
      Error(c, rhs[0], "assignment mismatch: ", vars, " but ", call->fun, " returns ", values);
      return;
    }
  }
  Error(c, rhs[0], "assignment mismatch: ", vars, " but ", values);
}

void ReportReturnMismatch(Context& c, syntax::Stmt* stmt, std::span<Var* const> lhs,
                          const std::vector<Operand>& rhs) {
  At at(static_cast<const syntax::Node*>(stmt));
  const char* qualifier = "not enough";
  if (rhs.size() > lhs.size()) {
    at = At(rhs[lhs.size()]);  // the first extra value
    qualifier = "too many";
  } else if (!rhs.empty()) {
    at = At(rhs.back());
  }
  std::vector<Type*> have, want;
  for (const Operand& x : rhs) have.push_back(x.type);
  for (Var* var : lhs) want.push_back(var->type);
  Report(c)
      .Add(at, std::string(qualifier) + " return values")
      .Add(diag::Pos(), "have " + TypesSummary(c, have, false, false))
      .Add(diag::Pos(), "want " + TypesSummary(c, want, false, false))
      .Emit();
}

void InvalidateUntypedVars(std::span<Var* const> vars) {
  for (Var* var : vars) {
    if (var->type == nullptr) var->type = InvalidType();
  }
}

bool IsCall(std::span<syntax::Expr* const> rhs) {
  return rhs.size() == 1 && syntax::Unparen(rhs[0])->kind == syntax::NodeKind::kCallExpr;
}

// x, ok := … : the right-hand side's type becomes a pair.
void RecordPair(Context& c, syntax::Expr* e, const std::vector<Operand>& values) {
  if (values[0].valid() && values[1].valid()) RecordCommaOk(c, e, values[0].type, values[1].type);
}

}  // namespace

std::string TypesSummary(Context& c, TypeList types, bool variadic, bool has_dots) {
  std::string text = "(";
  for (size_t i = 0; i < types.size(); ++i) {
    Type* t = types[i];
    if (i > 0) text += ", ";
    std::string one;
    if (t == nullptr || !IsValid(t)) {
      one = "unknown type";
    } else if (IsUntyped(t)) {
      // Their kind is not fixed: do not be more specific than the source.
      one = IsNumeric(t) ? "number"
                         : std::string(As<Basic>(t)->name.substr(std::string_view("untyped ").size()));
    } else {
      one = Text(c, t);
    }
    if (i + 1 == types.size()) {
      if (variadic) {
        if (auto* slice = As<Slice>(t)) one = Text(c, slice->elem);
        one = "..." + one;
      } else if (has_dots) {
        one += "...";
      }
    }
    text += one;
  }
  return text + ")";
}

std::string Measure(int count, std::string_view unit) {
  std::string text = std::to_string(count) + " " + std::string(unit);
  if (count != 1) text += 's';
  return text;
}

void InitVars(Context& c, std::span<Var* const> lhs, std::span<syntax::Expr* const> rhs,
              syntax::Stmt* return_stmt) {
  std::string context = return_stmt != nullptr ? "return statement" : "assignment";
  if (lhs.size() == rhs.size() && !IsCall(rhs)) {
    for (size_t i = 0; i < lhs.size(); ++i) {
      std::string_view description = lhs[i]->name.text();
      if (return_stmt != nullptr && description.empty()) description = "result variable";
      Target target = MakeTarget(lhs[i]->type, description);
      Operand x;
      Expr(c, &target, &x, rhs[i]);
      InitVar(c, lhs[i], &x, context);
    }
    return;
  }
  // Not a call: the numbers must match.
  if (rhs.size() != 1) {
    // Only report a mismatch if there is no other error.
    if (Use(c, rhs)) {
      if (return_stmt != nullptr) {
        ReportReturnMismatch(c, return_stmt, lhs, ExprList(c, rhs));
      } else {
        ReportAssignMismatch(c, rhs, lhs.size(), rhs.size());
      }
    }
    InvalidateUntypedVars(lhs);
    return;
  }
  bool comma_ok = false;
  std::vector<Operand> values = MultiExpr(c, rhs[0], lhs.size() == 2 && return_stmt == nullptr, &comma_ok);
  if (values.size() == lhs.size()) {
    for (size_t i = 0; i < lhs.size(); ++i) InitVar(c, lhs[i], &values[i], context);
    if (comma_ok) RecordPair(c, rhs[0], values);
    return;
  }
  if (values.empty() || values[0].valid()) {
    if (return_stmt != nullptr) {
      ReportReturnMismatch(c, return_stmt, lhs, values);
    } else {
      ReportAssignMismatch(c, rhs, lhs.size(), values.size());
    }
  }
  InvalidateUntypedVars(lhs);
}

void AssignVar(Context& c, syntax::Expr* lhs, syntax::Expr* rhs, Operand* x, std::string_view context) {
  Type* type = LhsType(c, lhs);
  if (type != nullptr && !IsValid(type)) {
    if (x != nullptr) {
      x->Invalidate();
    } else {
      Use(c, rhs);
    }
    return;
  }
  Operand value;
  if (x == nullptr) {
    Target target;
    if (type != nullptr && Under<Signature>(type) != nullptr) target = MakeTarget(type, syntax::String(lhs));
    x = &value;
    Expr(c, &target, x, rhs);
  }
  if (type == nullptr && context == "assignment") context = "assignment to _ identifier";
  Assignment(c, x, type, std::string(context));
}

void AssignVars(Context& c, std::span<syntax::Expr* const> lhs, std::span<syntax::Expr* const> rhs) {
  if (lhs.size() == rhs.size() && !IsCall(rhs)) {
    for (size_t i = 0; i < lhs.size(); ++i) AssignVar(c, lhs[i], rhs[i], nullptr, "assignment");
    return;
  }
  if (rhs.size() != 1) {
    bool ok = UseLhs(c, lhs);
    ok = Use(c, rhs) && ok;
    if (ok) ReportAssignMismatch(c, rhs, lhs.size(), rhs.size());
    return;
  }
  bool comma_ok = false;
  std::vector<Operand> values = MultiExpr(c, rhs[0], lhs.size() == 2, &comma_ok);
  if (values.size() == lhs.size()) {
    for (size_t i = 0; i < lhs.size(); ++i) AssignVar(c, lhs[i], nullptr, &values[i], "assignment");
    if (comma_ok) RecordPair(c, rhs[0], values);
    return;
  }
  if (values.empty() || values[0].valid()) ReportAssignMismatch(c, rhs, lhs.size(), values.size());
  UseLhs(c, lhs);
}

void ShortVarDecl(Context& c, diag::Pos pos, std::span<syntax::Expr* const> lhs,
                  std::span<syntax::Expr* const> rhs) {
  size_t top = c.delayed.size();
  Scope* scope = c.env.scope;
  std::vector<Var*> vars(lhs.size()), fresh;
  std::unordered_set<base::Name> seen;
  bool has_error = false;
  for (size_t i = 0; i < lhs.size(); ++i) {
    auto* name = syntax::As<syntax::Name>(lhs[i]);
    if (name == nullptr) {
      UseLhs(c, lhs.subspan(i, 1));
      Error(c, lhs[i], "non-name ", lhs[i], " on left side of :=");
      has_error = true;
      continue;
    }
    bool blank = name->text() == "_";
    if (!blank && !seen.insert(name->name).second) {
      Error(c, lhs[i], lhs[i], " repeated on left side of :=");
      has_error = true;
      continue;
    }
    // A variable declared in this very scope is assigned.
    if (Object* other = scope->Lookup(name->name)) {
      RecordObject(name, other);
      if (Var* var = As<Var>(other)) {
        vars[i] = var;
      } else {
        Error(c, lhs[i], "cannot assign to ", lhs[i]);
        has_error = true;
      }
      continue;
    }
    vars[i] = NewVar(c, VarKind::kLocal, name->pos, c.env.pkg, name->name, nullptr);
    if (!blank) fresh.push_back(vars[i]);
    RecordObject(name, vars[i]);
  }
  // Dummies where the left side is invalid.
  for (size_t i = 0; i < vars.size(); ++i) {
    if (vars[i] == nullptr)
      vars[i] = NewVar(c, VarKind::kLocal, lhs[i]->pos, c.env.pkg, c.Intern("_"), nullptr);
  }
  InitVars(c, vars, rhs, nullptr);
  // Function literals in rhs must not see the new variables.
  ProcessDelayed(c, top);
  if (fresh.empty() && !has_error) {
    SoftError(c, pos, "no new variables on left side of :=");
    return;
  }
  diag::Pos scope_pos = syntax::EndPos(rhs.back());
  for (Var* var : fresh) Declare(c, scope, nullptr, var, scope_pos);
}

}  // namespace escapement::types
