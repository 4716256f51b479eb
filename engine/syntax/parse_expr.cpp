// Expressions.
#include "engine/syntax/parser_impl.h"

namespace escapement::syntax {

namespace {

// Whether x can only be a value, never a type.
bool IsValue(const Expr* x) {
  switch (x->kind) {
    case NodeKind::kBasicLit:
    case NodeKind::kCompositeLit:
    case NodeKind::kFuncLit:
    case NodeKind::kSliceExpr:
    case NodeKind::kAssertExpr:
    case NodeKind::kTypeSwitchGuard:
    case NodeKind::kCallExpr:
      return true;
    case NodeKind::kOperation: {
      const Operation* op = To<Operation>(x);
      return op->op != Operator::kMul || op->y != nullptr;
    }
    case NodeKind::kParenExpr:
      return IsValue(To<ParenExpr>(x)->x);
    case NodeKind::kIndexExpr:
      return IsValue(To<IndexExpr>(x)->x) || IsValue(To<IndexExpr>(x)->index);
    default:
      return false;
  }
}

}  // namespace

// Operators of one precedence are taken in a loop; recursion is at most as deep as
// there are precedences.
Expr* Parser::BinaryExpr(Expr* x, int prec) {
  if (x == nullptr) x = UnaryExpr();
  for (int links = 1; (Is(Token::kOperator) || Is(Token::kStar)) && scan_.prec > prec; ++links) {
    CountLink(links);
    if (Is(Token::kEOF)) break;
    Operation* t = New<Operation>();
    t->op = scan_.op;
    int own = scan_.prec;
    Next();
    t->x = x;
    t->y = BinaryExpr(nullptr, own);
    x = t;
  }
  return x;
}

Expr* Parser::UnaryExpr() {
  Nest nest(*this);
  if (Is(Token::kOperator) || Is(Token::kStar)) {
    switch (scan_.op) {
      case Operator::kMul:
      case Operator::kAdd:
      case Operator::kSub:
      case Operator::kNot:
      case Operator::kXor:
      case Operator::kTilde:
      case Operator::kAnd: {
        Operation* x = New<Operation>();
        x->op = scan_.op;
        Next();
        x->x = UnaryExpr();
        // The operand may be a parenthesised composite literal.
        if (x->op == Operator::kAnd) x->x = Unparen(x->x);
        return x;
      }
      default:
        break;
    }
  } else if (Is(Token::kArrow)) {
    return ArrowExpr();
  }
  // Parentheses are kept so that `(x) := y` can be reported.
  return PrimaryExpr(nullptr, true);
}

// <-x is a receive operation, unless x turns out to be a channel type: then the arrow
// belongs to it, and the arrows inside move one channel inwards:
// <-(chan E) is (<-chan E), <-(chan<- E) is (<-chan (<-E)).
Expr* Parser::ArrowExpr() {
  Pos pos = CurrentPos();
  Next();
  Expr* x = UnaryExpr();
  if (x->kind != NodeKind::kChanType) {
    Operation* o = New<Operation>(pos);
    o->op = Operator::kRecv;
    o->x = x;
    return o;
  }
  ChanDir dir = ChanDir::kSendOnly;
  Expr* t = x;
  while (dir == ChanDir::kSendOnly) {
    ChanType* c = As<ChanType>(t);
    if (c == nullptr) break;
    dir = c->dir;
    if (dir == ChanDir::kRecvOnly) SyntaxError("unexpected <-, expected chan");
    c->dir = ChanDir::kRecvOnly;
    t = c->elem;
  }
  if (dir == ChanDir::kSendOnly) SyntaxError("unexpected " + String(t) + ", expected chan");
  return x;
}

Expr* Parser::Operand(bool keep_parens) {
  switch (tok()) {
    case Token::kName:
      return ParseName();
    case Token::kLiteral:
      return LiteralOrNil();
    case Token::kLparen: {
      Pos pos = CurrentPos();
      Next();
      ++xnest_;
      Expr* x = ParseExpr();
      --xnest_;
      Want(Token::kRparen);
      // Parentheses are kept only where a message needs them: around what may be the
      // type of a composite literal, and where the caller asks.
      if (!keep_parens && !Is(Token::kLbrace)) return x;
      ParenExpr* p = New<ParenExpr>(pos);
      p->x = x;
      return p;
    }
    case Token::kFunc: {
      Pos pos = CurrentPos();
      Next();
      FuncType* type = FunctionType("function type").type;
      if (!Is(Token::kLbrace)) return type;
      ++xnest_;
      FuncLit* f = New<FuncLit>(pos);
      f->type_expr = type;
      f->body = FuncBody();
      --xnest_;
      return f;
    }
    case Token::kLbrack:
    case Token::kChan:
    case Token::kMap:
    case Token::kStruct:
    case Token::kInterface:
      return Type();
    default: {
      Expr* x = NewBadExpr();
      SyntaxError("expected expression");
      Advance({Token::kRparen, Token::kRbrack, Token::kRbrace});
      return x;
    }
  }
}

Expr* Parser::PrimaryExpr(Expr* x, bool keep_parens) {
  if (x == nullptr) x = Operand(keep_parens);
  for (int links = 1;; ++links) {
    CountLink(links);
    Pos pos = CurrentPos();
    switch (tok()) {
      case Token::kDot:
        Next();
        x = SelectorOrAssert(x, pos);
        break;
      case Token::kLbrack:
        Next();
        x = IndexOrSlice(x, pos);
        break;
      case Token::kLparen: {
        CallExpr* t = New<CallExpr>(pos);
        Next();
        t->fun = x;
        t->args = ArgList(&t->has_dots);
        x = t;
        break;
      }
      case Token::kLbrace: {
        // The brace of a composite literal, or of a block?
        Expr* type = Unparen(x);
        if (!MayBeLiteralType(type)) return x;
        if (type != x) SyntaxError("cannot parenthesize type in composite literal");
        CompositeLit* lit = CompositeLitBody();
        lit->type_expr = x;
        x = lit;
        break;
      }
      default:
        return x;
    }
  }
}

bool Parser::MayBeLiteralType(Expr* type) const {
  switch (type->kind) {
    case NodeKind::kName:
    case NodeKind::kSelectorExpr:
      return xnest_ >= 0;
    case NodeKind::kIndexExpr:
      return xnest_ >= 0 && !IsValue(type);
    case NodeKind::kArrayType:
    case NodeKind::kSliceType:
    case NodeKind::kStructType:
    case NodeKind::kMapType:
      return true;
    default:
      return false;
  }
}

// Behind x and a dot.
Expr* Parser::SelectorOrAssert(Expr* x, Pos pos) {
  if (Is(Token::kName)) {
    SelectorExpr* t = New<SelectorExpr>(pos);
    t->x = x;
    t->sel = ParseName();
    return t;
  }
  if (!Got(Token::kLparen)) {
    SyntaxError("expected name or (");
    Advance({Token::kSemi, Token::kRparen});
    return x;
  }
  Expr* result;
  if (Got(Token::kType)) {
    TypeSwitchGuard* t = New<TypeSwitchGuard>(pos);
    t->x = x;
    result = t;
  } else {
    AssertExpr* t = New<AssertExpr>(pos);
    t->x = x;
    t->type_expr = Type();
    result = t;
  }
  Want(Token::kRparen);
  return result;
}

// Behind x and `[`.
Expr* Parser::IndexOrSlice(Expr* x, Pos pos) {
  Expr* i = nullptr;
  if (!Is(Token::kColon)) {
    bool comma = false;
    if (Is(Token::kRbrack)) {
      SyntaxError("expected operand");
      i = NewBadExpr();
    } else {
      i = TypeList(false, &comma);
    }
    if (comma || Is(Token::kRbrack)) {
      Want(Token::kRbrack);
      IndexExpr* t = New<IndexExpr>(pos);
      t->x = x;
      t->index = i;
      return t;
    }
  }
  if (!Got(Token::kColon)) {
    SyntaxError("expected comma, : or ]");
    Advance({Token::kComma, Token::kColon, Token::kRbrack});
  }
  ++xnest_;
  SliceExpr* t = New<SliceExpr>(pos);
  t->x = x;
  t->index[0] = i;
  if (!Is(Token::kColon) && !Is(Token::kRbrack)) t->index[1] = ParseExpr();
  if (Is(Token::kColon)) {
    t->full = true;
    if (t->index[1] == nullptr) {
      Error("middle index required in 3-index slice");
      t->index[1] = NewBadExpr();
    }
    Next();
    if (Is(Token::kRbrack)) {
      Error("final index required in 3-index slice");
      t->index[2] = NewBadExpr();
    } else {
      t->index[2] = ParseExpr();
    }
  }
  --xnest_;
  Want(Token::kRbrack);
  return t;
}

Expr* Parser::BareCompositeLit() {
  return Is(Token::kLbrace) ? CompositeLitBody() : ParseExpr();
}

CompositeLit* Parser::CompositeLitBody() {
  Nest nest(*this);
  CompositeLit* x = New<CompositeLit>();
  ++xnest_;
  Want(Token::kLbrace);
  List<Expr> elems(*this);
  x->rbrace = ParseList("composite literal", Token::kComma, Token::kRbrace, [&] {
    Expr* e = BareCompositeLit();
    if (Is(Token::kColon)) {
      KeyValueExpr* pair = New<KeyValueExpr>();
      Next();
      pair->key = e;
      pair->value_expr = BareCompositeLit();
      e = pair;
      ++x->nkeys;
    }
    elems.Add(e);
    return false;
  });
  x->elems = elems.Take();
  --xnest_;
  return x;
}

std::span<Expr*> Parser::ArgList(bool* has_dots) {
  ++xnest_;
  List<Expr> args(*this);
  ParseList("argument list", Token::kComma, Token::kRparen, [&] {
    args.Add(ParseExpr());
    *has_dots = Got(Token::kDotDotDot);
    return *has_dots;
  });
  --xnest_;
  return args.Take();
}

Expr* Parser::ExprList() {
  Expr* x = ParseExpr();
  if (!Got(Token::kComma)) return x;
  List<Expr> list(*this);
  list.Add(x);
  do list.Add(ParseExpr());
  while (Got(Token::kComma));
  ListExpr* t = New<ListExpr>(x->pos);
  t->elems = list.Take();
  return t;
}

// Types (the first may be any expression unless strict), with an optional comma at the
// end. *comma tells whether there was one at all.
Expr* Parser::TypeList(bool strict, bool* comma) {
  ++xnest_;
  Expr* x = strict ? Type() : ParseExpr();
  *comma = Got(Token::kComma);
  if (*comma) {
    if (Expr* t = TypeOrNil()) {
      List<Expr> list(*this);
      list.Add(x);
      list.Add(t);
      while (Got(Token::kComma)) {
        t = TypeOrNil();
        if (t == nullptr) break;
        list.Add(t);
      }
      ListExpr* l = New<ListExpr>(x->pos);
      l->elems = list.Take();
      x = l;
    }
  }
  --xnest_;
  return x;
}

BasicLit* Parser::LiteralOrNil() {
  if (!Is(Token::kLiteral)) return nullptr;
  BasicLit* b = New<BasicLit>();
  b->text = scan_.lit;
  b->lit_kind = scan_.lit_kind;
  b->bad = scan_.bad;
  Next();
  return b;
}

Name* Parser::ParseName() {
  if (Is(Token::kName)) {
    Name* n = NewName(CurrentPos(), scan_.lit);
    Next();
    return n;
  }
  Name* n = NewName(CurrentPos(), "_");
  SyntaxError("expected name");
  Advance({});
  return n;
}

}  // namespace escapement::syntax
