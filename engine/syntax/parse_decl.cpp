// Declarations: import, const, type, var, func.
#include "engine/syntax/parser_impl.h"

namespace escapement::syntax {

namespace {

// `name type` read as the start of a type parameter list out of an expression.
struct NameAndType {
  Name* name = nullptr;
  Expr* type = nullptr;
};

// Splits x into a name and a type where it can be read so: P *C as P*C, P (C) as P(C),
// P *C|Q. Without `force` only if the type part cannot be a value. A lone name gives
// {name, null}; nothing fitting gives {null, x}.
NameAndType ExtractName(base::Arena& arena, Expr* x, bool force) {
  if (Name* n = As<Name>(x)) return {n, nullptr};
  if (Operation* op = As<Operation>(x); op != nullptr && op->y != nullptr) {
    if (op->op == Operator::kMul) {
      Name* n = As<Name>(op->x);
      if (n != nullptr && (force || IsTypeElem(op->y))) {
        Operation* pointer = arena.New<Operation>(*op);
        pointer->x = op->y;
        pointer->y = nullptr;
        return {n, pointer};
      }
    } else if (op->op == Operator::kOr) {
      NameAndType left = ExtractName(arena, op->x, force || IsTypeElem(op->y));
      if (left.name != nullptr && left.type != nullptr) {
        Operation* rest = arena.New<Operation>(*op);
        rest->x = left.type;
        return {left.name, rest};
      }
    }
  }
  if (CallExpr* call = As<CallExpr>(x)) {
    Name* n = As<Name>(call->fun);
    if (n != nullptr && call->args.size() == 1 && !call->has_dots && (force || IsTypeElem(call->args[0])))
      return {n, Unparen(call->args[0])};
  }
  return {nullptr, x};
}

}  // namespace

bool IsTypeElem(const Expr* x) {
  switch (x->kind) {
    case NodeKind::kArrayType:
    case NodeKind::kStructType:
    case NodeKind::kFuncType:
    case NodeKind::kInterfaceType:
    case NodeKind::kSliceType:
    case NodeKind::kMapType:
    case NodeKind::kChanType:
      return true;
    case NodeKind::kOperation: {
      const Operation* op = To<Operation>(x);
      return IsTypeElem(op->x) || (op->y != nullptr && IsTypeElem(op->y)) || op->op == Operator::kTilde;
    }
    case NodeKind::kParenExpr:
      return IsTypeElem(To<ParenExpr>(x)->x);
    default:
      return false;
  }
}

// One spec, or a parenthesised group of them.
void Parser::AppendGroup(List<Decl>& list, SpecParser spec) {
  if (!Is(Token::kLparen)) {
    list.Add((this->*spec)(nullptr));
    return;
  }
  Group* group = ctx_.arena.New<Group>();
  group->ordinal = ++groups_;
  ClearPragma();
  Next();
  ParseList("grouped declaration", Token::kSemi, Token::kRparen, [&] {
    list.Add((this->*spec)(group));
    return false;
  });
}

Decl* Parser::ImportSpec(Group* group) {
  ImportDecl* d = New<ImportDecl>();
  d->group = group;
  d->pragma = TakePragma();
  if (Is(Token::kName)) {
    d->local_name = ParseName();
  } else if (Is(Token::kDot)) {
    d->local_name = NewName(CurrentPos(), ".");
    Next();
  }
  d->path = LiteralOrNil();
  if (d->path == nullptr) {
    SyntaxError("missing import path");
    Advance({Token::kSemi, Token::kRparen});
    return d;
  }
  if (!d->path->bad && d->path->lit_kind != LitKind::kString) {
    SyntaxErrorAt(d->path->pos, "import path must be a string");
    d->path->bad = true;
  }
  return d;
}

Decl* Parser::ConstSpec(Group* group) {
  ConstDecl* d = New<ConstDecl>();
  d->group = group;
  d->pragma = TakePragma();
  d->names = NameList(ParseName());
  if (!Is(Token::kEOF) && !Is(Token::kSemi) && !Is(Token::kRparen)) {
    d->type_expr = TypeOrNil();
    if (GotAssign()) d->values = ExprList();
  }
  return d;
}

Decl* Parser::TypeSpec(Group* group) {
  TypeDecl* d = New<TypeDecl>();
  d->group = group;
  d->pragma = TakePragma();
  d->name = ParseName();
  if (!Is(Token::kLbrack)) {
    d->alias = GotAssign();
    d->type_expr = TypeOrNil();
  } else {
    // An array or slice type, or type parameters.
    Pos pos = CurrentPos();
    Next();
    if (Is(Token::kName)) {
      // Either way an expression follows, a lone name perhaps. `name [` can only be a
      // type parameter with a slice or array as constraint: indexing is never constant.
      Expr* x = ParseName();
      if (!Is(Token::kLbrack)) {
        ++xnest_;
        x = BinaryExpr(PrimaryExpr(x, false), 0);
        --xnest_;
      }
      NameAndType first = ExtractName(ctx_.arena, x, Is(Token::kComma));
      if (first.name != nullptr && (first.type != nullptr || !Is(Token::kRbrack))) {
        d->tparams = ParamList({first.name, first.type, Token::kRbrack, true, false});
        d->alias = GotAssign();
        d->type_expr = TypeOrNil();
      } else {
        d->type_expr = ArrayTypeAfterBracket(pos, x);
      }
    } else if (Got(Token::kRbrack)) {
      d->type_expr = SliceTypeAfterBrackets(pos);
    } else {
      d->type_expr = ArrayTypeAfterBracket(pos, nullptr);
    }
  }
  if (d->type_expr == nullptr) {
    d->type_expr = NewBadExpr();
    SyntaxError("in type declaration");
    Advance({Token::kSemi, Token::kRparen});
  }
  return d;
}

Decl* Parser::VarSpec(Group* group) {
  VarDecl* d = New<VarDecl>();
  d->group = group;
  d->pragma = TakePragma();
  d->names = NameList(ParseName());
  if (GotAssign()) {
    d->values = ExprList();
  } else {
    d->type_expr = Type();
    if (GotAssign()) d->values = ExprList();
  }
  return d;
}

FuncDecl* Parser::FuncDeclOrNil() {
  FuncDecl* f = New<FuncDecl>();
  f->pragma = TakePragma();
  std::string_view context;
  if (Got(Token::kLparen)) {
    context = "method";
    std::span<Field*> receivers = ParamList({.close = Token::kRparen});
    if (receivers.empty()) {
      Error("method has no receiver");
    } else {
      if (receivers.size() > 1) Error("method has multiple receivers");
      f->recv = receivers[0];
    }
  }
  if (Is(Token::kName)) {
    f->name = ParseName();
    Signature signature = FunctionType(context);
    f->tparams = signature.tparams;
    f->type_expr = signature.type;
  } else {
    f->name = NewName(CurrentPos(), "_");
    f->type_expr = New<FuncType>();
    SyntaxError(context.empty() ? "expected name or (" : "expected name");
    Advance({Token::kLbrace, Token::kSemi});
  }
  if (Is(Token::kLbrace)) {
    f->has_body = true;
    LazyBody(f);
    if (f->body_parsed) {
      f->body = FuncBody();
      f->body_rbrace = f->body->rbrace;
    }
  }
  return f;
}

// Notes where the body is and, with lazy bodies, skips it.
void Parser::LazyBody(FuncDecl* func) {
  func->body_offset = scan_.offset;
  func->body_pos = CurrentPos();
  if (!options_.lazy_bodies) return;
  uint32_t line, col;
  if (!scan_.SkipBlock(&line, &col)) return;
  func->body_rbrace = PosAt(line, col);
  func->body_parsed = false;
}

BlockStmt* Parser::FuncBody() {
  ++fnest_;
  int errors = errors_;
  BlockStmt* body = Block("");
  --fnest_;
  // After syntax errors, complaints about labels would be consequences.
  if (errors == errors_) CheckBranches(body, ctx_.files, ctx_.errors);
  return body;
}

std::span<Name*> Parser::NameList(Name* first) {
  List<Name> names(*this);
  names.Add(first);
  while (Got(Token::kComma)) names.Add(ParseName());
  return names.Take();
}

}  // namespace escapement::syntax
