// Statements.
#include "engine/syntax/parser_impl.h"

namespace escapement::syntax {

namespace {

// x as messages quote it, binary operations in parentheses.
std::string Emphasize(const Expr* x) {
  const Operation* op = As<Operation>(x);
  return op != nullptr && op->y != nullptr ? "(" + String(x) + ")" : String(x);
}

}  // namespace

// An expression statement, send, ++ or --, assignment, or declaration with :=.
// `keyword` is the statement this one is the header of: `for` admits range clauses,
// `switch` admits x := y.(type).
Stmt* Parser::ParseSimpleStmt(Expr* lhs, Token keyword) {
  if (keyword == Token::kFor && Is(Token::kRange)) return NewRangeClause(nullptr, false);
  if (lhs == nullptr) lhs = ExprList();
  if (lhs->kind == NodeKind::kListExpr || Is(Token::kAssign) || Is(Token::kDefine))
    return Assignment(lhs, keyword);

  Pos pos = CurrentPos();
  Operator op = scan_.op;
  switch (tok()) {
    case Token::kAssignOp:
      Next();
      return NewAssign(pos, op, lhs, ParseExpr());
    case Token::kIncOp:
      Next();
      return NewAssign(pos, op, lhs, nullptr);
    case Token::kArrow: {
      SendStmt* s = New<SendStmt>(pos);
      Next();
      s->chan = lhs;
      s->value = ParseExpr();
      return s;
    }
    default: {
      ExprStmt* s = New<ExprStmt>(lhs->pos);
      s->x = lhs;
      return s;
    }
  }
}

Stmt* Parser::Assignment(Expr* lhs, Token keyword) {
  auto expression = [&](Expr* x) {
    ExprStmt* s = New<ExprStmt>(x->pos);
    s->x = x;
    return s;
  };
  if (!Is(Token::kAssign) && !Is(Token::kDefine)) {
    SyntaxError("expected := or = or comma");
    Advance({Token::kSemi, Token::kRbrace});
    // Make the best of what there is.
    if (ListExpr* list = As<ListExpr>(lhs)) lhs = list->elems[0];
    return expression(lhs);
  }
  Pos pos = CurrentPos();
  Operator op = Is(Token::kDefine) ? Operator::kDef : Operator::kNone;
  Next();
  if (keyword == Token::kFor && Is(Token::kRange)) return NewRangeClause(lhs, op == Operator::kDef);
  Expr* rhs = ExprList();
  TypeSwitchGuard* guard = As<TypeSwitchGuard>(rhs);
  Name* name = As<Name>(lhs);
  if (guard != nullptr && keyword == Token::kSwitch && op == Operator::kDef && name != nullptr) {
    guard->lhs = name;
    return expression(guard);
  }
  return NewAssign(pos, op, lhs, rhs);
}

RangeClause* Parser::NewRangeClause(Expr* lhs, bool def) {
  RangeClause* r = New<RangeClause>();
  Next();
  r->lhs = lhs;
  r->def = def;
  r->x = ParseExpr();
  return r;
}

AssignStmt* Parser::NewAssign(Pos pos, Operator op, Expr* lhs, Expr* rhs) {
  AssignStmt* a = New<AssignStmt>(pos);
  a->op = op;
  a->lhs = lhs;
  a->rhs = rhs;
  return a;
}

Stmt* Parser::LabeledStmtOrNil(Name* label) {
  LabeledStmt* s = New<LabeledStmt>();
  s->label = label;
  Want(Token::kColon);
  if (Is(Token::kRbrace)) {
    // The semicolon of an empty statement may be left out before the brace.
    s->stmt = New<EmptyStmt>();
    return s;
  }
  s->stmt = StmtOrNil();
  if (s->stmt != nullptr) return s;
  SyntaxErrorAt(s->pos, "missing statement after label");
  return nullptr;
}

// Context says what the block belongs to ("for clause"); it is empty where the token
// is known to be a `{`.
BlockStmt* Parser::Block(std::string_view context) {
  BlockStmt* s = New<BlockStmt>();
  if (!Got(Token::kLbrace)) {
    SyntaxError("expected { after " + std::string(context));
    Advance({Token::kName, Token::kRbrace});
    s->rbrace = CurrentPos();
    if (Got(Token::kRbrace)) return s;
  }
  s->list = StmtList();
  s->rbrace = CurrentPos();
  Want(Token::kRbrace);
  return s;
}

Stmt* Parser::DeclStatement(SpecParser spec) {
  DeclStmt* s = New<DeclStmt>();
  Next();
  List<Decl> decls(*this);
  AppendGroup(decls, spec);
  s->decls = decls.Take();
  return s;
}

Stmt* Parser::ForStatement() {
  ForStmt* s = New<ForStmt>();
  Header h = ParseHeader(Token::kFor);
  s->init = h.init;
  s->cond = h.cond;
  s->post = h.post;
  s->body = Block("for clause");
  return s;
}

// What stands between `if`, `for` or `switch` and its block.
Parser::Header Parser::ParseHeader(Token keyword) {
  Header h;
  Want(keyword);
  if (Is(Token::kLbrace)) {
    if (keyword == Token::kIf) {
      SyntaxError("missing condition in if statement");
      h.cond = NewBadExpr();
    }
    return h;
  }
  int outer = xnest_;
  xnest_ = -1;
  if (!Is(Token::kSemi)) {
    if (Got(Token::kVar))
      SyntaxError("var declaration not allowed in " + std::string(TokenText(keyword)) + " initializer");
    h.init = ParseSimpleStmt(nullptr, keyword);
    if (h.init->kind == NodeKind::kRangeClause) {
      xnest_ = outer;
      return h;
    }
  }

  Stmt* cond = nullptr;
  Pos semi_pos;
  std::string_view semi_text;
  if (Is(Token::kLbrace)) {
    cond = h.init;
    h.init = nullptr;
  } else {
    if (Is(Token::kSemi)) {
      semi_pos = CurrentPos();
      semi_text = scan_.lit;
      Next();
    } else {
      // A `{` is likelier to be missing than a `;`.
      Want(Token::kLbrace);
      if (!Is(Token::kLbrace)) Advance({Token::kLbrace, Token::kRbrace});
    }
    if (keyword == Token::kFor) {
      bool complete = true;
      if (!Is(Token::kSemi)) {
        if (Is(Token::kLbrace)) {
          SyntaxError("expected for loop condition");
          complete = false;
        } else {
          cond = ParseSimpleStmt(nullptr, Token::kNone);
        }
      }
      if (complete) {
        Want(Token::kSemi);
        if (!Is(Token::kLbrace)) {
          h.post = ParseSimpleStmt(nullptr, Token::kNone);
          AssignStmt* a = As<AssignStmt>(h.post);
          if (a != nullptr && a->op == Operator::kDef)
            SyntaxErrorAt(a->pos, "cannot declare in post statement of for loop");
        }
      }
    } else if (!Is(Token::kLbrace)) {
      cond = ParseSimpleStmt(nullptr, keyword);
    }
  }
  h.cond = HeaderCondition(keyword, cond, semi_pos, semi_text);
  xnest_ = outer;
  return h;
}

// The condition out of the statement that was read for it.
Expr* Parser::HeaderCondition(Token keyword, Stmt* cond, Pos semi_pos, std::string_view semi_text) {
  if (cond == nullptr) {
    if (keyword != Token::kIf || !semi_pos.valid()) return nullptr;
    if (semi_text != "semicolon") {
      SyntaxErrorAt(semi_pos, "unexpected " + std::string(semi_text) + ", expected { after if clause");
    } else {
      SyntaxErrorAt(semi_pos, "missing condition in if statement");
    }
    return New<BadExpr>(semi_pos);
  }
  if (ExprStmt* s = As<ExprStmt>(cond)) return s->x;
  // Often an = where == was meant: show both sides of it apart.
  std::string text;
  AssignStmt* a = As<AssignStmt>(cond);
  if (a != nullptr && a->op == Operator::kNone) {
    text = "assignment " + Emphasize(a->lhs) + " = " + Emphasize(a->rhs);
  } else {
    text = String(cond);
  }
  SyntaxErrorAt(cond->pos, "cannot use " + text + " as value");
  return nullptr;
}

// Chains of else-if are read in a loop but count as nesting: the tree is as deep.
IfStmt* Parser::IfStatement() {
  IfStmt* first = nullptr;
  IfStmt* last = nullptr;
  for (int links = 1;; ++links) {
    CountLink(links);
    IfStmt* s = New<IfStmt>();
    Header h = ParseHeader(Token::kIf);
    s->init = h.init;
    s->cond = h.cond;
    s->then = Block("if clause");
    if (first == nullptr) {
      first = s;
    } else {
      last->else_stmt = s;
    }
    last = s;
    if (!Got(Token::kElse)) return first;
    if (Is(Token::kIf)) continue;
    if (Is(Token::kLbrace)) {
      s->else_stmt = Block("");
    } else {
      SyntaxError("else must be followed by if or statement block");
      Advance({Token::kName, Token::kRbrace});
    }
    return first;
  }
}

Stmt* Parser::SwitchStatement() {
  SwitchStmt* s = New<SwitchStmt>();
  Header h = ParseHeader(Token::kSwitch);
  s->init = h.init;
  s->tag = h.cond;
  if (!Got(Token::kLbrace)) {
    SyntaxError("missing { after switch clause");
    Advance({Token::kCase, Token::kDefault, Token::kRbrace});
  }
  List<CaseClause> clauses(*this);
  while (!Is(Token::kEOF) && !Is(Token::kRbrace)) clauses.Add(ParseCaseClause());
  s->body = clauses.Take();
  s->rbrace = CurrentPos();
  Want(Token::kRbrace);
  return s;
}

Stmt* Parser::SelectStatement() {
  SelectStmt* s = New<SelectStmt>();
  Want(Token::kSelect);
  if (!Got(Token::kLbrace)) {
    SyntaxError("missing { after select clause");
    Advance({Token::kCase, Token::kDefault, Token::kRbrace});
  }
  List<CommClause> clauses(*this);
  while (!Is(Token::kEOF) && !Is(Token::kRbrace)) clauses.Add(ParseCommClause());
  s->body = clauses.Take();
  s->rbrace = CurrentPos();
  Want(Token::kRbrace);
  return s;
}

CaseClause* Parser::ParseCaseClause() {
  CaseClause* c = New<CaseClause>();
  if (Got(Token::kCase)) {
    c->cases = ExprList();
  } else if (!Got(Token::kDefault)) {
    SyntaxError("expected case or default or }");
    Advance({Token::kColon, Token::kCase, Token::kDefault, Token::kRbrace});
  }
  c->colon = CurrentPos();
  Want(Token::kColon);
  c->body = StmtList();
  return c;
}

CommClause* Parser::ParseCommClause() {
  CommClause* c = New<CommClause>();
  if (Got(Token::kCase)) {
    // The checker refuses what is neither a send nor a receive.
    c->comm = ParseSimpleStmt(nullptr, Token::kNone);
  } else if (!Got(Token::kDefault)) {
    SyntaxError("expected case or default or }");
    Advance({Token::kColon, Token::kCase, Token::kDefault, Token::kRbrace});
  }
  c->colon = CurrentPos();
  Want(Token::kColon);
  c->body = StmtList();
  return c;
}

Stmt* Parser::GoOrDefer() {
  CallStmt* s = New<CallStmt>();
  s->tok = tok();
  Next();
  Expr* x = PrimaryExpr(nullptr, Is(Token::kLparen));
  Expr* inner = Unparen(x);
  if (inner != x)
    ErrorAt(x->pos, "expression in " + std::string(TokenText(s->tok)) + " must not be parenthesized");
  s->call = inner;
  return s;
}

Stmt* Parser::BranchStatement() {
  BranchStmt* s = New<BranchStmt>();
  s->tok = tok();
  Next();
  if (s->tok == Token::kGoto || (s->tok != Token::kFallthrough && Is(Token::kName))) s->label = ParseName();
  return s;
}

Stmt* Parser::StmtOrNil() {
  Nest nest(*this);
  if (Is(Token::kName)) {
    ClearPragma();
    Expr* lhs = ExprList();
    Name* label = As<Name>(lhs);
    return label != nullptr && Is(Token::kColon) ? LabeledStmtOrNil(label)
                                                 : ParseSimpleStmt(lhs, Token::kNone);
  }
  switch (tok()) {
    case Token::kVar:
      return DeclStatement(&Parser::VarSpec);
    case Token::kConst:
      return DeclStatement(&Parser::ConstSpec);
    case Token::kType:
      return DeclStatement(&Parser::TypeSpec);
    default:
      break;
  }
  ClearPragma();
  switch (tok()) {
    case Token::kLbrace:
      return Block("");
    case Token::kOperator:
    case Token::kStar:
      switch (scan_.op) {
        case Operator::kAdd:
        case Operator::kSub:
        case Operator::kMul:
        case Operator::kAnd:
        case Operator::kXor:
        case Operator::kNot:
          return ParseSimpleStmt(nullptr, Token::kNone);
        default:
          return nullptr;
      }
    case Token::kLiteral:
    case Token::kFunc:
    case Token::kLparen:
    case Token::kLbrack:
    case Token::kStruct:
    case Token::kMap:
    case Token::kChan:
    case Token::kInterface:
    case Token::kArrow:
      return ParseSimpleStmt(nullptr, Token::kNone);
    case Token::kFor:
      return ForStatement();
    case Token::kSwitch:
      return SwitchStatement();
    case Token::kSelect:
      return SelectStatement();
    case Token::kIf:
      return IfStatement();
    case Token::kFallthrough:
    case Token::kBreak:
    case Token::kContinue:
    case Token::kGoto:
      return BranchStatement();
    case Token::kGo:
    case Token::kDefer:
      return GoOrDefer();
    case Token::kReturn: {
      ReturnStmt* s = New<ReturnStmt>();
      Next();
      if (!Is(Token::kSemi) && !Is(Token::kRbrace)) s->results = ExprList();
      return s;
    }
    case Token::kSemi:
      return New<EmptyStmt>();
    default:
      return nullptr;
  }
}

std::span<Stmt*> Parser::StmtList() {
  List<Stmt> list(*this);
  while (!Is(Token::kEOF) && !Is(Token::kRbrace) && !Is(Token::kCase) && !Is(Token::kDefault)) {
    Stmt* s = StmtOrNil();
    ClearPragma();
    if (s == nullptr) break;
    list.Add(s);
    if (!Got(Token::kSemi) && !Is(Token::kRbrace)) {
      SyntaxError("at end of statement");
      Advance({Token::kSemi, Token::kRbrace, Token::kCase, Token::kDefault});
      Got(Token::kSemi);
    }
  }
  return list.Take();
}

}  // namespace escapement::syntax
