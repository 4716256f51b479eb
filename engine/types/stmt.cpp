#include "engine/types/stmt.h"

#include <map>

#include "engine/base/check.h"
#include "engine/base/sort.h"
#include "engine/types/assign.h"
#include "engine/types/convert.h"
#include "engine/types/decl.h"
#include "engine/types/errors.h"
#include "engine/types/expr.h"
#include "engine/types/predicates.h"
#include "engine/types/printing.h"
#include "engine/types/record.h"
#include "engine/types/typexpr.h"

namespace escapement::types {

using syntax::NodeKind;

// Misplaced break, continue, goto and fallthrough are the syntax room's.

namespace {

// Reports variables that were never used, scope by scope, in source order.
void ReportUnused(Context& c, Scope* scope) {
  std::vector<Var*> unused;
  for (Object* object : scope->objects) {
    Var* var = As<Var>(object);
    if (var != nullptr && var->var_kind == VarKind::kLocal && !var->used) unused.push_back(var);
  }
  base::Sort(unused, [](const Var* a, const Var* b) { return a->pos < b->pos; });
  for (Var* var : unused) SoftError(c, var->pos, "declared and not used: ", var->name);
  // Function literals report their own.
  for (Scope* child : scope->children) {
    if (!child->is_func) ReportUnused(c, child);
  }
}

void StmtList(Context& c, std::span<syntax::Stmt* const> list) {
  for (syntax::Stmt* s : list) Stmt(c, 0, s);
}

void SimpleStmt(Context& c, syntax::Stmt* s) {
  if (s != nullptr) Stmt(c, 0, s);
}

template <typename Clause>
void CheckDefaults(Context& c, std::span<Clause* const> clauses, bool (*is_default)(const Clause*)) {
  const Clause* first = nullptr;
  for (Clause* clause : clauses) {
    if (!is_default(clause)) continue;
    if (first != nullptr) {
      Error(c, static_cast<const syntax::Node*>(clause), "multiple defaults (first at ", first->pos, ")");
    } else {
      first = clause;
    }
  }
}

// go f(x), defer f(x)
void SuspendedCall(Context& c, const char* keyword, syntax::Expr* call) {
  if (call->kind != NodeKind::kCallExpr) {
    Error(c, call, "expression in ", keyword, " must be function call");
    Use(c, call);
    return;
  }
  Operand x;
  const char* message = nullptr;
  switch (RawExpr(c, nullptr, &x, call, nullptr, false)) {
    case ExprKind::kConversion:
      message = "requires function call, not conversion";
      break;
    case ExprKind::kExpression:
      message = "discards result of";
      break;
    case ExprKind::kStatement:
      return;
  }
  Error(c, x, keyword, " ", message, " ", x);
}

void ExprStmt(Context& c, syntax::ExprStmt* s) {
  Operand x;
  ExprKind kind = RawExpr(c, nullptr, &x, s->x, nullptr, false);
  const char* message = nullptr;
  if (x.mode == Mode::kBuiltin) {
    message = "must be called";
  } else if (x.mode == Mode::kTypeExpr) {
    message = "is not an expression";
  } else if (kind != ExprKind::kStatement) {
    message = "is not used";
  } else {
    return;
  }
  Error(c, x, x, " ", message);
}

void SendStmt(Context& c, syntax::SendStmt* s) {
  Operand chan, value;
  Expr(c, &chan, s->chan);
  Expr(c, &value, s->value);
  if (!chan.valid() || !value.valid()) return;
  if (Type* elem = ChanElem(c, At(static_cast<const syntax::Node*>(s)), chan, false)) {
    Assignment(c, &value, elem, "send");
  }
}

void AssignStmt(Context& c, syntax::AssignStmt* s) {
  if (s->rhs == nullptr) {  // x++, x--
    Operand x;
    Expr(c, &x, s->lhs);
    if (!x.valid()) return;
    if (!AllBasic(x.type, kIsNumeric)) {
      Error(c, s->lhs, kInvalidOp, s->lhs, s->op, s->op, " (non-numeric type ", x.type, ")");
      return;
    }
    AssignVar(c, s->lhs, nullptr, &x, "assignment");
    return;
  }
  auto lhs = syntax::UnpackListExpr(s->lhs);
  auto rhs = syntax::UnpackListExpr(s->rhs);
  if (s->op == syntax::Operator::kNone) {
    AssignVars(c, lhs, rhs);
    return;
  }
  if (s->op == syntax::Operator::kDef) {
    ShortVarDecl(c, s->pos, lhs, rhs);
    return;
  }
  if (lhs.size() != 1 || rhs.size() != 1) {
    Error(c, static_cast<const syntax::Node*>(s), "assignment operation ", s->op,
          " requires single-valued expressions");
    return;
  }
  Operand x;
  Binary(c, &x, nullptr, lhs[0], rhs[0], s->op);
  AssignVar(c, lhs[0], nullptr, &x, "assignment");
}

void ReturnStmt(Context& c, syntax::ReturnStmt* s) {
  std::span<Var*> results = c.env.sig->result_vars();
  auto values = syntax::UnpackListExpr(s->results);
  if (values.empty() && !results.empty() && !results[0]->name.empty()) {
    // Bare return: the named results must not be shadowed.
    for (Var* result : results) {
      Object* other = LookupName(c, result->name);
      if (other == nullptr || other == result) continue;
      Report(c)
          .Add(At(static_cast<const syntax::Node*>(s)),
               Text(c, "result parameter ", result->name, " not in scope at return"))
          .Add(At(other), Text(c, "inner declaration of ", static_cast<const Object*>(result)))
          .Emit();
    }
    return;
  }
  if (results.empty() && values.empty()) return;
  if (results.empty()) {
    InitVars(c, {}, values, s);
    return;
  }
  InitVars(c, results, values, s);
}

void IfStmt(Context& c, syntax::IfStmt* s) {
  OpenScope(c, s);
  SimpleStmt(c, s->init);
  Operand x;
  Expr(c, &x, s->cond);
  if (x.valid() && !AllBasic(x.type, kIsBoolean)) Error(c, s->cond, "non-boolean condition in if statement");
  Stmt(c, 0, s->then);
  if (s->else_stmt != nullptr) Stmt(c, 0, s->else_stmt);
  CloseScope(c);
}

// Constant case values seen so far, by value; with type, for interfaces.
struct SeenValue {
  diag::Pos pos;
  Type* type;
};
using SeenValues = std::map<std::string, std::vector<SeenValue>>;

// Case constants are compared as Go values: integers, floats and strings (booleans and
// complex numbers may repeat).
std::string CaseKey(Context& c, base::Constant value) {
  switch (value.kind()) {
    case base::ConstantKind::kInt:
      return "i" + c.constants.ExactString(value);
    case base::ConstantKind::kFloat:
      return "f" + std::to_string(c.constants.Float64Val(value)) + c.constants.ExactString(value);
    case base::ConstantKind::kString:
      return "s" + std::string(value.StringVal());
    default:
      return "";
  }
}

void CaseValue(Context& c, const Operand& tag, syntax::Expr* e, SeenValues& seen) {
  Operand v;
  Expr(c, &v, e);
  if (!tag.valid() || !v.valid()) return;
  ConvertUntyped(c, &v, tag.type);
  if (!v.valid()) return;
  // Order matters: by comparing v against the tag, error positions are at the case values.
  Operand result = v, x = tag;
  Comparison(c, &result, &x, syntax::Operator::kEql, true);
  if (!result.valid() || !v.is_constant()) return;
  std::string key = CaseKey(c, v.value);
  if (key.empty()) return;
  std::vector<SeenValue>& list = seen[key];
  for (const SeenValue& other : list) {
    if (!Identical(v.type, other.type)) continue;
    Report(c)
        .Add(v, Text(c, "duplicate case ", v, " in expression switch"))
        .Add(other.pos, "previous case")
        .Emit();
    return;
  }
  list.push_back({v.expr->pos, v.type});
}

void ExprSwitch(Context& c, syntax::SwitchStmt* s) {
  Operand x;
  if (s->tag != nullptr) {
    Expr(c, &x, s->tag);
    // By checking assignment of x to an invisible variable it gets its default type.
    Assignment(c, &x, nullptr, "switch expression");
    if (x.valid() && !Comparable(x.type) && !HasNil(x.type)) {
      Error(c, x, "cannot switch on ", x, " (", x.type, " is not comparable)");
      x.Invalidate();
    }
  } else {
    // A missing tag means true, which stands before the first clause.
    x.mode = Mode::kConstant;
    x.type = Typ(BasicKind::kBool);
    x.value = base::Constant::Bool(true);
    auto* name = syntax::NewNode<syntax::Name>(c.arena, s->body.empty() ? s->rbrace : s->body[0]->pos);
    name->name = c.Intern("true");
    x.expr = name;
  }
  CheckDefaults<syntax::CaseClause>(c, s->body,
                                    [](const syntax::CaseClause* k) { return k->cases == nullptr; });
  SeenValues seen;
  for (syntax::CaseClause* clause : s->body) {
    for (syntax::Expr* e : syntax::UnpackListExpr(clause->cases)) CaseValue(c, x, e, seen);
    OpenScope(c, clause);
    StmtList(c, clause->body);
    CloseScope(c);
  }
}

bool IsNilName(Context& c, syntax::Expr* e) {
  auto* name = syntax::As<syntax::Name>(syntax::Unparen(e));
  return name != nullptr && As<Nil>(LookupName(c, name->name)) != nullptr;
}

struct SeenType {
  Type* type;  // null for nil
  syntax::Expr* expr;
};

// Checks the types of a clause and returns the type its variable has there.
Type* CaseTypes(Context& c, const Operand* x, std::span<syntax::Expr* const> types,
                std::vector<SeenType>& seen) {
  Type* type = nullptr;
  for (syntax::Expr* e : types) {
    if (IsNilName(c, e)) {
      type = nullptr;
      Operand nil;
      Expr(c, &nil, e);
    } else {
      type = VarType(c, e);
      if (!IsValid(type)) continue;
    }
    const SeenType* duplicate = nullptr;
    for (const SeenType& other : seen) {
      bool same = type == nullptr || other.type == nullptr ? type == other.type : Identical(type, other.type);
      if (same) duplicate = &other;
    }
    if (duplicate != nullptr) {
      Report(c)
          .Add(e, Text(c, "duplicate case ", type != nullptr ? Text(c, type) : "nil", " in type switch"))
          .Add(duplicate->expr, "previous case")
          .Emit();
      continue;
    }
    seen.push_back({type, e});
    if (x != nullptr && type != nullptr) TypeAssertion(c, e, *x, type, true);
  }
  // In clauses with one type the variable has that type; otherwise that of the guard.
  if (types.size() != 1 || type == nullptr) return x != nullptr ? x->type : InvalidType();
  return type;
}

void TypeSwitch(Context& c, syntax::SwitchStmt* s, syntax::TypeSwitchGuard* guard) {
  syntax::Name* lhs = guard->lhs;
  if (lhs != nullptr && lhs->text() == "_") {
    SoftError(c, lhs, "no new variable on left side of :=");
    lhs = nullptr;  // avoid "declared and not used"
  }
  Operand operand;
  const Operand* x = nullptr;
  Expr(c, &operand, guard->x);
  if (operand.valid()) {
    if (IsTypeParam(operand.type)) {
      Error(c, operand, "cannot use type switch on type parameter value ", operand);
    } else if (IsInterface(operand.type)) {
      x = &operand;
    } else {
      Error(c, operand, operand, " is not an interface");
    }
  }
  CheckDefaults<syntax::CaseClause>(c, s->body,
                                    [](const syntax::CaseClause* k) { return k->cases == nullptr; });
  std::vector<Var*> vars;
  std::vector<SeenType> seen;
  for (syntax::CaseClause* clause : s->body) {
    Type* type = CaseTypes(c, x, syntax::UnpackListExpr(clause->cases), seen);
    OpenScope(c, clause);
    // Each clause has its own variable.
    if (lhs != nullptr) {
      Var* var = NewVar(c, VarKind::kLocal, lhs->pos, c.env.pkg, lhs->name, type);
      Declare(c, c.env.scope, nullptr, var, clause->colon);
      clause->implicit_object = var;
      vars.push_back(var);
    }
    StmtList(c, clause->body);
    CloseScope(c);
  }
  // The symbolic variable is used if any of its incarnations is.
  if (lhs == nullptr) return;
  bool used = false;
  for (Var* var : vars) {
    used = used || var->used;
    var->used = true;  // reported here, not with the other variables
  }
  if (!used) SoftError(c, lhs, lhs->name, " declared and not used");
}

void SwitchStmt(Context& c, syntax::SwitchStmt* s) {
  OpenScope(c, s);
  SimpleStmt(c, s->init);
  if (auto* guard = syntax::As<syntax::TypeSwitchGuard>(s->tag)) {
    TypeSwitch(c, s, guard);
  } else {
    ExprSwitch(c, s);
  }
  CloseScope(c);
}

// A select case is a send or a receive, possibly with assignment.
bool IsCommunication(syntax::Stmt* comm) {
  syntax::Expr* rhs = nullptr;
  if (comm == nullptr || comm->kind == NodeKind::kSendStmt) return true;
  if (auto* assign = syntax::As<syntax::AssignStmt>(comm)) {
    if (assign->rhs != nullptr && assign->rhs->kind != NodeKind::kListExpr) rhs = assign->rhs;
  } else if (auto* expr = syntax::As<syntax::ExprStmt>(comm)) {
    rhs = expr->x;
  }
  if (rhs == nullptr) return false;
  auto* op = syntax::As<syntax::Operation>(syntax::Unparen(rhs));
  return op != nullptr && op->y == nullptr && op->op == syntax::Operator::kRecv;
}

void SelectStmt(Context& c, syntax::SelectStmt* s) {
  CheckDefaults<syntax::CommClause>(c, s->body,
                                    [](const syntax::CommClause* k) { return k->comm == nullptr; });
  for (syntax::CommClause* clause : s->body) {
    if (!IsCommunication(clause->comm)) {
      Error(c, clause->comm, "select case must be send or receive (possibly with assignment)");
      continue;
    }
    OpenScope(c, clause);
    if (clause->comm != nullptr) Stmt(c, 0, clause->comm);
    StmtList(c, clause->body);
    CloseScope(c);
  }
}

void ForStmt(Context& c, syntax::ForStmt* s) {
  if (auto* clause = syntax::As<syntax::RangeClause>(s->init)) {
    RangeStmt(c, 0, s, clause);
    return;
  }
  OpenScope(c, s);
  SimpleStmt(c, s->init);
  if (s->cond != nullptr) {
    Operand x;
    Expr(c, &x, s->cond);
    if (x.valid() && !AllBasic(x.type, kIsBoolean))
      Error(c, s->cond, "non-boolean condition in for statement");
  }
  SimpleStmt(c, s->post);
  // The parser reports a := here; what it declares counts as used.
  if (auto* post = syntax::As<syntax::AssignStmt>(s->post);
      post != nullptr && post->op == syntax::Operator::kDef) {
    Use(c, post->lhs);
  }
  Stmt(c, 0, s->body);
  CloseScope(c);
}

void StmtByKind(Context& c, syntax::Stmt* s) {
  switch (s->kind) {
    case NodeKind::kEmptyStmt:
    case NodeKind::kBranchStmt:
      return;
    case NodeKind::kDeclStmt:
      DeclStmt(c, syntax::To<syntax::DeclStmt>(s)->decls);
      return;
    case NodeKind::kLabeledStmt:
      Stmt(c, 0, syntax::To<syntax::LabeledStmt>(s)->stmt);
      return;
    case NodeKind::kExprStmt:
      ExprStmt(c, syntax::To<syntax::ExprStmt>(s));
      return;
    case NodeKind::kSendStmt:
      SendStmt(c, syntax::To<syntax::SendStmt>(s));
      return;
    case NodeKind::kAssignStmt:
      AssignStmt(c, syntax::To<syntax::AssignStmt>(s));
      return;
    case NodeKind::kCallStmt: {
      auto* call = syntax::To<syntax::CallStmt>(s);
      SuspendedCall(c, call->tok == syntax::Token::kDefer ? "defer" : "go", call->call);
      return;
    }
    case NodeKind::kReturnStmt:
      ReturnStmt(c, syntax::To<syntax::ReturnStmt>(s));
      return;
    case NodeKind::kBlockStmt:
      OpenScope(c, s);
      StmtList(c, syntax::To<syntax::BlockStmt>(s)->list);
      CloseScope(c);
      return;
    case NodeKind::kIfStmt:
      IfStmt(c, syntax::To<syntax::IfStmt>(s));
      return;
    case NodeKind::kSwitchStmt:
      SwitchStmt(c, syntax::To<syntax::SwitchStmt>(s));
      return;
    case NodeKind::kSelectStmt:
      SelectStmt(c, syntax::To<syntax::SelectStmt>(s));
      return;
    case NodeKind::kForStmt:
      ForStmt(c, syntax::To<syntax::ForStmt>(s));
      return;
    default:
      Error(c, static_cast<const syntax::Node*>(s), "invalid syntax tree: invalid statement");
  }
}

}  // namespace

void Stmt(Context& c, uint32_t, syntax::Stmt* s) {
  // Function literals of the statement are checked at its end, in this scope's state.
  size_t top = c.delayed.size();
  StmtByKind(c, s);
  ProcessDelayed(c, top);
}

void FuncBody(Context& c, Package* pkg, DeclInfo* decl, Signature* sig, syntax::BlockStmt* body,
              base::Constant iota) {
  Environment saved = c.env;
  std::unordered_set<const syntax::CallExpr*> panics;
  c.env = Environment{};
  c.env.pkg = pkg;
  c.env.decl = decl;
  c.env.scope = sig->scope;
  c.env.version = saved.version;
  c.env.iota = iota;
  c.env.sig = sig;
  c.env.panics = &panics;
  StmtList(c, body->list);
  if (!sig->result_vars().empty() && !IsTerminatingBody(c, body)) Error(c, body->rbrace, "missing return");
  if (!pkg->is_library || c.verify_library) ReportUnused(c, sig->scope);
  c.env = saved;
}

}  // namespace escapement::types
