// Terminating statements.
#include "engine/types/stmt.h"

namespace escapement::types {

using syntax::NodeKind;

namespace {

bool IsTerminating(Context& c, syntax::Stmt* s, base::Name label);

bool HasBreakList(std::span<syntax::Stmt* const> list, base::Name label, bool implicit);

// Whether there is a break that leaves the statement called `label`, or (if `implicit`)
// a break without label.
bool HasBreak(syntax::Stmt* s, base::Name label, bool implicit) {
  if (s == nullptr) return false;
  switch (s->kind) {
    case NodeKind::kLabeledStmt:
      return HasBreak(syntax::To<syntax::LabeledStmt>(s)->stmt, label, implicit);
    case NodeKind::kBranchStmt: {
      auto* branch = syntax::To<syntax::BranchStmt>(s);
      if (branch->tok != syntax::Token::kBreak) return false;
      return branch->label == nullptr ? implicit : branch->label->name == label;
    }
    case NodeKind::kBlockStmt:
      return HasBreakList(syntax::To<syntax::BlockStmt>(s)->list, label, implicit);
    case NodeKind::kIfStmt: {
      auto* stmt = syntax::To<syntax::IfStmt>(s);
      return HasBreak(stmt->then, label, implicit) || HasBreak(stmt->else_stmt, label, implicit);
    }
    // An unlabeled break inside these leaves these.
    case NodeKind::kSwitchStmt:
      if (label.empty()) return false;
      for (syntax::CaseClause* clause : syntax::To<syntax::SwitchStmt>(s)->body) {
        if (HasBreakList(clause->body, label, false)) return true;
      }
      return false;
    case NodeKind::kSelectStmt:
      if (label.empty()) return false;
      for (syntax::CommClause* clause : syntax::To<syntax::SelectStmt>(s)->body) {
        if (HasBreakList(clause->body, label, false)) return true;
      }
      return false;
    case NodeKind::kForStmt:
      return !label.empty() && HasBreak(syntax::To<syntax::ForStmt>(s)->body, label, false);
    default:
      return false;
  }
}

bool HasBreakList(std::span<syntax::Stmt* const> list, base::Name label, bool implicit) {
  for (syntax::Stmt* s : list) {
    if (HasBreak(s, label, implicit)) return true;
  }
  return false;
}

// The last statement counts, trailing empty ones do not.
bool IsTerminatingList(Context& c, std::span<syntax::Stmt* const> list) {
  for (size_t i = list.size(); i > 0; --i) {
    if (list[i - 1]->kind != NodeKind::kEmptyStmt) return IsTerminating(c, list[i - 1], {});
  }
  return false;
}

bool IsTerminatingSwitch(Context& c, syntax::SwitchStmt* s, base::Name label) {
  bool has_default = false;
  for (syntax::CaseClause* clause : s->body) {
    if (clause->cases == nullptr) has_default = true;
    if (!IsTerminatingList(c, clause->body) || HasBreakList(clause->body, label, true)) return false;
  }
  return has_default;
}

bool IsTerminating(Context& c, syntax::Stmt* s, base::Name label) {
  switch (s->kind) {
    case NodeKind::kLabeledStmt: {
      auto* stmt = syntax::To<syntax::LabeledStmt>(s);
      return IsTerminating(c, stmt->stmt, stmt->label->name);
    }
    case NodeKind::kExprStmt: {
      // A call of the predeclared panic.
      auto* call = syntax::As<syntax::CallExpr>(syntax::Unparen(syntax::To<syntax::ExprStmt>(s)->x));
      return call != nullptr && c.env.panics != nullptr && c.env.panics->count(call) > 0;
    }
    case NodeKind::kReturnStmt:
      return true;
    case NodeKind::kBranchStmt: {
      syntax::Token tok = syntax::To<syntax::BranchStmt>(s)->tok;
      return tok == syntax::Token::kGoto || tok == syntax::Token::kFallthrough;
    }
    case NodeKind::kBlockStmt:
      return IsTerminatingList(c, syntax::To<syntax::BlockStmt>(s)->list);
    case NodeKind::kIfStmt: {
      auto* stmt = syntax::To<syntax::IfStmt>(s);
      return stmt->else_stmt != nullptr && IsTerminating(c, stmt->then, {}) &&
             IsTerminating(c, stmt->else_stmt, {});
    }
    case NodeKind::kSwitchStmt:
      return IsTerminatingSwitch(c, syntax::To<syntax::SwitchStmt>(s), label);
    case NodeKind::kSelectStmt:
      for (syntax::CommClause* clause : syntax::To<syntax::SelectStmt>(s)->body) {
        if (!IsTerminatingList(c, clause->body) || HasBreakList(clause->body, label, true)) return false;
      }
      return true;
    case NodeKind::kForStmt: {
      auto* stmt = syntax::To<syntax::ForStmt>(s);
      if (stmt->init != nullptr && stmt->init->kind == NodeKind::kRangeClause) return false;
      return stmt->cond == nullptr && !HasBreak(stmt->body, label, true);
    }
    default:
      return false;
  }
}

}  // namespace

bool IsTerminatingBody(Context& c, syntax::BlockStmt* body) {
  return IsTerminatingList(c, body->list);
}

}  // namespace escapement::types
