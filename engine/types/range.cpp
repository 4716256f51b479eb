// Range loops.
#include "engine/types/assign.h"
#include "engine/types/decl.h"
#include "engine/types/errors.h"
#include "engine/types/expr.h"
#include "engine/types/predicates.h"
#include "engine/types/record.h"
#include "engine/types/stmt.h"
#include "engine/types/typeset.h"

namespace escapement::types {

namespace {

RangeTypes Bad(std::string cause) {
  return {InvalidType(), InvalidType(), std::move(cause), false};
}

// Range over a function: func(yield func(K, V) bool).
RangeTypes RangeOverFunc(Context& c, Signature* sig) {
  constexpr const char* kForm = "func must be func(yield func(...) bool): ";
  if (!AllowVersion(c, 23)) return Bad("requires go1.23 or later");
  if (sig->param_vars().size() != 1) return Bad(std::string(kForm) + "wrong argument count");
  if (!sig->result_vars().empty()) return Bad(std::string(kForm) + "unexpected results");
  std::string cause;
  auto* yield = As<Signature>(CommonUnder(c, sig->param_vars()[0]->type, nullptr, &cause));
  if (yield == nullptr) {
    if (!cause.empty()) return Bad(std::string(kForm) + "in yield type, " + cause);
    return Bad(std::string(kForm) + "argument is not func");
  }
  std::span<Var*> params = yield->param_vars(), results = yield->result_vars();
  if (params.size() > 2) return Bad(std::string(kForm) + "yield func has too many parameters");
  if (results.size() != 1 || !Identical(results[0]->type, Typ(BasicKind::kBool))) {
    if (results.size() == 1 && IsBoolean(results[0]->type)) {
      return Bad(std::string(kForm) + "yield func returns user-defined boolean, not bool");
    }
    return Bad(std::string(kForm) + "yield func does not return bool");
  }
  RangeTypes result;
  if (params.size() >= 1) result.key = params[0]->type;
  if (params.size() >= 2) result.value = params[1]->type;
  result.ok = true;
  return result;
}

}  // namespace

RangeTypes RangeKeyValue(Context& c, Type* type) {
  std::string cause;
  Type* u = CommonUnder(
      c, type,
      [&](Type* t, Type* under, std::string* why) {
        auto* chan = As<Chan>(under);
        if (chan == nullptr || chan->dir != ChanDir::kSendOnly) return true;
        *why = Text(c, "receive from send-only channel ", t);
        return false;
      },
      &cause);
  if (u == nullptr) return Bad(cause);
  u = ArrayPtrDeref(u);
  Type* integer = Typ(BasicKind::kInt);
  switch (u->kind) {
    case TypeKind::kBasic:
      if (IsString(u)) return {integer, RuneType(), "", true};
      if (IsInteger(u)) {
        if (!AllowVersion(c, 22)) return Bad("requires go1.22 or later");
        return {type, nullptr, "", true};
      }
      break;
    case TypeKind::kArray:
      return {integer, As<Array>(u)->elem, "", true};
    case TypeKind::kSlice:
      return {integer, As<Slice>(u)->elem, "", true};
    case TypeKind::kMap:
      return {As<Map>(u)->key, As<Map>(u)->elem, "", true};
    case TypeKind::kChan:
      return {As<Chan>(u)->elem, nullptr, "", true};
    case TypeKind::kSignature:
      return RangeOverFunc(c, As<Signature>(u));
    default:
      break;
  }
  return {};
}

namespace {

struct RangeParts {
  syntax::Expr* key = nullptr;
  syntax::Expr* value = nullptr;
  syntax::Expr* extra = nullptr;
};

RangeParts SplitLhs(syntax::RangeClause* clause) {
  auto list = syntax::UnpackListExpr(clause->lhs);
  RangeParts parts;
  if (list.size() > 0) parts.key = list[0];
  if (list.size() > 1) parts.value = list[1];
  if (list.size() > 2) parts.extra = list[2];
  return parts;
}

// What ranging over x gives; reports what is wrong.
RangeTypes CheckRangeOperand(Context& c, const Operand& x, const RangeParts& parts) {
  if (!x.valid()) return {};
  RangeTypes types = RangeKeyValue(c, x.type);
  if (!types.ok) {
    if (!types.cause.empty()) {
      SoftError(c, x, "cannot range over ", x, ": ", types.cause);
    } else {
      SoftError(c, x, "cannot range over ", x);
    }
  } else if (types.key == nullptr && parts.key != nullptr) {
    SoftError(c, parts.key, "range over ", x, " permits no iteration variables");
  } else if (types.value == nullptr && parts.value != nullptr) {
    SoftError(c, parts.value, "range over ", x, " permits only one iteration variable");
  } else if (parts.extra != nullptr) {
    SoftError(c, parts.extra, "range clause permits at most two iteration variables");
  }
  return types;
}

bool Unusable(Type* type) {
  return type == nullptr || type == InvalidType();
}

// One iteration variable's value of the given type.
Operand IterationValue(syntax::Expr* lhs, Type* type) {
  Operand y;
  y.mode = Mode::kValue;
  y.expr = lhs;  // there is no better expression to point to
  y.type = type;
  return y;
}

void DeclareIteration(Context& c, syntax::ForStmt* stmt, const RangeParts& parts, const RangeTypes& types,
                      Operand* x, bool over_int) {
  syntax::Expr* lhs[] = {parts.key, parts.value};
  Type* rhs[] = {types.key, types.value};
  std::vector<Var*> vars;
  for (int i = 0; i < 2; ++i) {
    if (lhs[i] == nullptr) continue;
    Var* var = nullptr;
    if (auto* name = syntax::As<syntax::Name>(lhs[i])) {
      var = NewVar(c, VarKind::kLocal, name->pos, c.env.pkg, name->name, nullptr);
      RecordObject(name, var);
      if (name->text() != "_") vars.push_back(var);
    } else {
      Error(c, lhs[i], "invalid syntax tree: cannot declare ", lhs[i]);
      var = NewVar(c, VarKind::kLocal, lhs[i]->pos, c.env.pkg, c.Intern("_"), nullptr);
    }
    if (Unusable(rhs[i])) {
      var->type = InvalidType();
      var->used = true;  // do not complain about it
      continue;
    }
    if (over_int) {
      // The variable's type comes from the operand, which may be an untyped constant.
      InitVar(c, var, x, "range clause");
    } else {
      Operand y = IterationValue(lhs[i], rhs[i]);
      InitVar(c, var, &y, "assignment");
    }
  }
  if (vars.empty()) {
    Error(c, static_cast<const syntax::Node*>(stmt), "no new variables on left side of :=");
    return;
  }
  for (Var* var : vars) Declare(c, c.env.scope, nullptr, var, stmt->body->pos);
}

void AssignIteration(Context& c, const RangeParts& parts, const RangeTypes& types, Operand* x,
                     bool over_int) {
  syntax::Expr* lhs[] = {parts.key, parts.value};
  Type* rhs[] = {types.key, types.value};
  for (int i = 0; i < 2; ++i) {
    if (lhs[i] == nullptr || Unusable(rhs[i])) continue;
    if (over_int) {
      AssignVar(c, lhs[i], nullptr, x, "range clause");
      // The operand may have become something that is no integer (an interface).
      if (x->valid() && !IsInteger(x->type)) {
        SoftError(c, lhs[i], "cannot use iteration variable of type ", x->type);
      }
    } else {
      Operand y = IterationValue(lhs[i], rhs[i]);
      AssignVar(c, lhs[i], nullptr, &y, "assignment");
    }
  }
}

}  // namespace

void RangeStmt(Context& c, uint32_t, syntax::ForStmt* stmt, syntax::RangeClause* clause) {
  RangeParts parts = SplitLhs(clause);
  Operand x;
  // Without a value variable only the length of an array matters, which is a constant
  // unless the operand contains calls or receives.
  c.env.has_call_or_recv = false;
  Expr(c, &x, clause->x);
  if (x.valid() && parts.value == nullptr && !c.env.has_call_or_recv) {
    if (auto* array = As<Array>(ArrayPtrDeref(Underlying(x.type)))) {
      RecordTypeAndValue(c, syntax::Unparen(clause->x), Mode::kConstant, Typ(BasicKind::kInt),
                         c.constants.MakeInt64(array->length));
    }
  }
  RangeTypes types = CheckRangeOperand(c, x, parts);
  OpenScope(c, stmt);
  bool over_int = IsInteger(x.type);
  if (clause->def) {
    DeclareIteration(c, stmt, parts, types, &x, over_int);
  } else if (parts.key != nullptr) {
    AssignIteration(c, parts, types, &x, over_int);
  } else if (over_int) {
    // No iteration variables: an untyped constant takes its default type.
    Assignment(c, &x, nullptr, "range clause");
  }
  Stmt(c, 0, stmt->body);
  CloseScope(c);
}

}  // namespace escapement::types
