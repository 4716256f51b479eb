// Types and parameter lists.
#include "engine/syntax/parser_impl.h"

namespace escapement::syntax {

Expr* Parser::Type() {
  if (Expr* type = TypeOrNil()) return type;
  Expr* bad = NewBadExpr();
  SyntaxError("expected type");
  Advance({Token::kComma, Token::kColon, Token::kSemi, Token::kRparen, Token::kRbrack, Token::kRbrace});
  return bad;
}

Expr* Parser::Indirect(Pos pos, Expr* type) {
  Operation* o = New<Operation>(pos);
  o->op = Operator::kMul;
  o->x = type;
  return o;
}

Expr* Parser::TypeOrNil() {
  Nest nest(*this);
  Pos pos = CurrentPos();
  switch (tok()) {
    case Token::kStar:
      Next();
      return Indirect(pos, Type());
    case Token::kArrow: {
      Next();
      Want(Token::kChan);
      ChanType* t = New<ChanType>(pos);
      t->dir = ChanDir::kRecvOnly;
      t->elem = ChanElem();
      return t;
    }
    case Token::kFunc:
      Next();
      return FunctionType("function type").type;
    case Token::kLbrack:
      Next();
      return Got(Token::kRbrack) ? SliceTypeAfterBrackets(pos) : ArrayTypeAfterBracket(pos, nullptr);
    case Token::kChan: {
      Next();
      ChanType* t = New<ChanType>(pos);
      if (Got(Token::kArrow)) t->dir = ChanDir::kSendOnly;
      t->elem = ChanElem();
      return t;
    }
    case Token::kMap: {
      Next();
      Want(Token::kLbrack);
      MapType* t = New<MapType>(pos);
      t->key = Type();
      Want(Token::kRbrack);
      t->value_type = Type();
      return t;
    }
    case Token::kStruct:
      return StructTypeLit();
    case Token::kInterface:
      return InterfaceTypeLit();
    case Token::kName:
      return QualifiedName(nullptr);
    case Token::kLparen: {
      Next();
      Expr* t = Type();
      Want(Token::kRparen);
      return t;
    }
    default:
      return nullptr;
  }
}

Expr* Parser::TypeInstance(Expr* generic) {
  IndexExpr* x = New<IndexExpr>();
  Want(Token::kLbrack);
  x->x = generic;
  if (Is(Token::kRbrack)) {
    SyntaxError("expected type argument list");
    x->index = NewBadExpr();
  } else {
    bool comma;
    x->index = TypeList(true, &comma);
  }
  Want(Token::kRbrack);
  return x;
}

// With a context ("method", "function type") type parameters are not permitted.
Parser::Signature Parser::FunctionType(std::string_view context) {
  FuncType* type = New<FuncType>();
  std::span<Field*> tparams;
  if (Got(Token::kLbrack)) {
    if (!context.empty()) SyntaxErrorAt(type->pos, std::string(context) + " must have no type parameters");
    if (Is(Token::kRbrack)) {
      SyntaxError("empty type parameter list");
      Next();
    } else {
      tparams = ParamList({.close = Token::kRbrack, .require_names = true});
    }
  }
  Want(Token::kLparen);
  type->params = ParamList({.close = Token::kRparen, .dots_ok = true});
  type->results = FuncResult();
  return {tparams, type};
}

// `[` was consumed at pos; len is the length if it was read already.
Expr* Parser::ArrayTypeAfterBracket(Pos pos, Expr* len) {
  if (len == nullptr && !Got(Token::kDotDotDot)) {
    ++xnest_;
    len = ParseExpr();
    --xnest_;
  }
  if (Is(Token::kComma)) {
    // Fine in type parameter lists only.
    SyntaxError("unexpected comma; expected ]");
    Next();
  }
  Want(Token::kRbrack);
  ArrayType* t = New<ArrayType>(pos);
  t->len = len;
  t->elem = Type();
  return t;
}

Expr* Parser::SliceTypeAfterBrackets(Pos pos) {
  SliceType* t = New<SliceType>(pos);
  t->elem = Type();
  return t;
}

Expr* Parser::ChanElem() {
  if (Expr* type = TypeOrNil()) return type;
  Expr* bad = NewBadExpr();
  SyntaxError("missing channel element type");
  return bad;
}

Expr* Parser::StructTypeLit() {
  StructType* type = New<StructType>();
  Want(Token::kStruct);
  Want(Token::kLbrace);
  List<Field> fields(*this);
  std::vector<std::pair<size_t, BasicLit*>> tags;
  ParseList("struct type", Token::kSemi, Token::kRbrace, [&] {
    size_t first = fields.size();
    BasicLit* tag = FieldDecl(fields);
    for (size_t i = first; tag != nullptr && i < fields.size(); ++i) tags.emplace_back(i, tag);
    return false;
  });
  type->fields = fields.Take();
  if (!tags.empty()) {
    std::vector<BasicLit*> all(type->fields.size(), nullptr);
    for (auto [i, tag] : tags) all[i] = tag;
    type->tags = ctx_.arena.Copy(all);
  }
  return type;
}

// One line of a struct; returns its tag.
BasicLit* Parser::FieldDecl(List<Field>& fields) {
  Pos pos = CurrentPos();
  auto add = [&](Pos at, Name* name, Expr* type) {
    Field* f = New<Field>(at);
    f->name = name;
    f->type_expr = type;
    fields.Add(f);
  };
  auto embedded = [&](Expr* type) {
    BasicLit* tag = LiteralOrNil();
    add(pos, nullptr, type);
    return tag;
  };
  switch (tok()) {
    case Token::kName: {
      Name* name = ParseName();
      if (Is(Token::kDot) || Is(Token::kLiteral) || Is(Token::kSemi) || Is(Token::kRbrace))
        return embedded(QualifiedName(name));
      std::span<Name*> names = NameList(name);
      Expr* type;
      if (names.size() == 1 && Is(Token::kLbrack)) {
        // A field of array type, or an embedded instantiated type.
        type = ArrayOrTypeArgs();
        if (IndexExpr* instance = As<IndexExpr>(type)) {
          instance->x = name;
          return embedded(instance);
        }
      } else {
        type = Type();
      }
      BasicLit* tag = LiteralOrNil();
      for (Name* n : names) add(n->pos, n, type);
      return tag;
    }
    case Token::kStar: {
      Next();
      Expr* type;
      if (Is(Token::kLparen)) {
        SyntaxError("cannot parenthesize embedded type");
        Next();
        type = QualifiedName(nullptr);
        Got(Token::kRparen);
      } else {
        type = QualifiedName(nullptr);
      }
      return embedded(Indirect(pos, type));
    }
    case Token::kLparen: {
      SyntaxError("cannot parenthesize embedded type");
      Next();
      Expr* type;
      if (Is(Token::kStar)) {
        Pos star = CurrentPos();
        Next();
        type = Indirect(star, QualifiedName(nullptr));
      } else {
        type = QualifiedName(nullptr);
      }
      Got(Token::kRparen);
      return embedded(type);
    }
    default:
      SyntaxError("expected field name or embedded type");
      Advance({Token::kSemi, Token::kRbrace});
      return nullptr;
  }
}

// [n]E, []E, or type arguments as an IndexExpr whose x the caller fills in.
Expr* Parser::ArrayOrTypeArgs() {
  Pos pos = CurrentPos();
  Want(Token::kLbrack);
  if (Got(Token::kRbrack)) return SliceTypeAfterBrackets(pos);
  bool comma;
  Expr* n = TypeList(false, &comma);
  Want(Token::kRbrack);
  if (!comma) {
    if (Expr* elem = TypeOrNil()) {
      ArrayType* t = New<ArrayType>(pos);
      t->len = n;
      t->elem = elem;
      return t;
    }
  }
  IndexExpr* t = New<IndexExpr>(pos);
  t->index = n;
  return t;
}

Expr* Parser::InterfaceTypeLit() {
  InterfaceType* type = New<InterfaceType>();
  Want(Token::kInterface);
  Want(Token::kLbrace);
  List<Field> methods(*this);
  ParseList("interface type", Token::kSemi, Token::kRbrace, [&] {
    Field* f = Is(Token::kName) ? MethodDecl() : nullptr;
    if (f == nullptr || f->name == nullptr) f = EmbeddedElem(f);
    methods.Add(f);
    return false;
  });
  type->methods = methods.Take();
  return type;
}

// A method, or an embedded type that starts with a name.
Field* Parser::MethodDecl() {
  constexpr std::string_view kContext = "interface method";
  Field* f = New<Field>();
  Name* name = ParseName();
  auto method = [&] {
    f->name = name;
    f->type_expr = FunctionType(kContext).type;
  };
  if (Is(Token::kLparen)) {
    method();
    return f;
  }
  if (!Is(Token::kLbrack)) {
    f->type_expr = QualifiedName(name);
    return f;
  }
  // m[T C](x T), which is an error, or an embedded T[P1, P2].
  Pos pos = CurrentPos();
  Next();
  if (Is(Token::kRbrack)) {
    Pos close = CurrentPos();
    Next();
    if (Is(Token::kLparen)) {
      ErrorAt(close, "empty type parameter list");
      method();
    } else {
      ErrorAt(close, "empty type argument list");
      f->type_expr = name;
    }
    return f;
  }
  std::span<Field*> list = ParamList({.close = Token::kRbrack});
  if (list.empty()) {
    // Nothing usable because of errors: as if the brackets were absent.
    if (Is(Token::kLparen))
      method();
    else
      f->type_expr = name;
    return f;
  }
  if (list[0]->name != nullptr) {
    method();
    ErrorAt(pos, "interface method must have no type parameters");
    return f;
  }
  IndexExpr* t = New<IndexExpr>(pos);
  t->x = name;
  if (list.size() == 1) {
    t->index = list[0]->type_expr;
  } else {
    ListExpr* l = New<ListExpr>(list[0]->pos);
    List<Expr> types(*this);
    for (Field* field : list) types.Add(field->type_expr);
    l->elems = types.Take();
    t->index = l;
  }
  f->type_expr = t;
  return f;
}

// Terms joined by `|`; the first may be in `field` already.
Field* Parser::EmbeddedElem(Field* field) {
  if (field == nullptr) {
    field = New<Field>();
    field->type_expr = EmbeddedTerm();
  }
  for (int links = 1; IsOperator(Operator::kOr); ++links) {
    CountLink(links);
    Operation* t = New<Operation>();
    t->op = Operator::kOr;
    Next();
    t->x = field->type_expr;
    t->y = EmbeddedTerm();
    field->type_expr = t;
  }
  return field;
}

Expr* Parser::EmbeddedTerm() {
  if (IsOperator(Operator::kTilde)) {
    Operation* t = New<Operation>();
    t->op = Operator::kTilde;
    Next();
    t->x = Type();
    return t;
  }
  if (Expr* t = TypeOrNil()) return t;
  Expr* bad = NewBadExpr();
  SyntaxError("expected ~ term or type");
  Advance({Token::kOperator, Token::kSemi, Token::kRparen, Token::kRbrack, Token::kRbrace});
  return bad;
}

std::span<Field*> Parser::FuncResult() {
  if (Got(Token::kLparen)) return ParamList({.close = Token::kRparen});
  Pos pos = CurrentPos();
  Expr* type = TypeOrNil();
  if (type == nullptr) return {};
  Field* f = New<Field>(pos);
  f->type_expr = type;
  List<Field> list(*this);
  list.Add(f);
  return list.Take();
}

// One parameter; a lone name is left in Field::name until the list is known whole.
Field* Parser::ParamDeclOrNil(Name* name, Token follow) {
  bool type_sets = follow == Token::kRbrack;
  auto at_or = [&] { return type_sets && IsOperator(Operator::kOr); };
  Pos pos = CurrentPos();
  if (name != nullptr) {
    pos = name->pos;
  } else if (type_sets && IsOperator(Operator::kTilde)) {
    return EmbeddedElem(nullptr);
  }
  Field* f = New<Field>(pos);
  if (Is(Token::kName) || name != nullptr) {
    if (name == nullptr) name = ParseName();
    if (Is(Token::kLbrack)) {
      f->type_expr = ArrayOrTypeArgs();
      if (IndexExpr* instance = As<IndexExpr>(f->type_expr)) {
        instance->x = name;
      } else {
        f->name = name;
      }
      return at_or() ? EmbeddedElem(f) : f;
    }
    if (Is(Token::kDot)) {
      f->type_expr = QualifiedName(name);
      return at_or() ? EmbeddedElem(f) : f;
    }
    if (at_or()) {
      f->type_expr = name;
      return EmbeddedElem(f);
    }
    f->name = name;
  }
  if (Is(Token::kDotDotDot)) {
    DotsType* t = New<DotsType>();
    Next();
    t->elem = TypeOrNil();
    if (t->elem == nullptr) {
      f->type_expr = NewBadExpr();
      SyntaxError("... is missing type");
    } else {
      f->type_expr = t;
    }
    return f;
  }
  if (type_sets && IsOperator(Operator::kTilde)) {
    f->type_expr = EmbeddedElem(nullptr)->type_expr;
    return f;
  }
  f->type_expr = TypeOrNil();
  if (f->type_expr != nullptr && at_or()) f = EmbeddedElem(f);
  if (f->name != nullptr || f->type_expr != nullptr) return f;
  SyntaxError("expected " + TokenWord(follow));
  Advance({Token::kComma, follow});
  return nullptr;
}

// Behind the opening bracket. In the result either all fields have names or none has.
std::span<Field*> Parser::ParamList(Params params) {
  auto first_field = [&] {
    Field* f = New<Field>(params.name->pos);
    f->name = params.name;
    f->type_expr = params.type;
    return f;
  };
  List<Field> fields(*this);
  if (params.name != nullptr && params.type != nullptr && Is(params.close)) {
    Next();
    fields.Add(first_field());
    return fields.Take();
  }
  size_t named = 0, typed = 0;
  Pos end = ParseList("parameter list", Token::kComma, params.close, [&] {
    Field* f = params.type != nullptr ? first_field() : ParamDeclOrNil(params.name, params.close);
    params.name = nullptr;
    params.type = nullptr;
    if (f != nullptr) {
      if (f->name != nullptr && f->type_expr != nullptr) ++named;
      if (f->type_expr != nullptr) ++typed;
      fields.Add(f);
    }
    return false;
  });
  std::span<Field*> list = fields.Take();
  if (list.empty()) return list;

  if (named == 0 && !params.require_names) {
    // The names that were found are types.
    for (Field* f : list) {
      if (f->name == nullptr) continue;
      f->type_expr = f->name;
      f->name = nullptr;
    }
  } else if (named != list.size()) {
    DistributeTypes(list, named, typed, params.require_names, end);
  }

  bool first = true;
  for (size_t i = 0; i < list.size(); ++i) {
    DotsType* dots = As<DotsType>(list[i]->type_expr);
    if (dots == nullptr || (params.dots_ok && i + 1 == list.size())) continue;
    if (first)
      ErrorAt(dots->pos, params.dots_ok ? "can only use ... with final parameter" : "invalid use of ...");
    first = false;
    list[i]->type_expr = dots->elem;
  }
  return list;
}

// Some parameters are named, so all must be: names without a type take the next one's
// type, types without a name are mistakes.
void Parser::DistributeTypes(std::span<Field*> list, size_t named, size_t typed, bool require_names,
                             Pos end) {
  Pos error;
  Expr* type = nullptr;
  for (size_t i = list.size(); i-- > 0;) {
    Field* f = list[i];
    if (f->type_expr != nullptr) {
      type = f->type_expr;
      if (f->name == nullptr) {
        error = StartPos(type);
        f->name = NewName(error, "_");
      }
    } else if (type != nullptr) {
      f->type_expr = type;
    } else {
      error = f->name->pos;
      f->type_expr = New<BadExpr>(error);
    }
  }
  if (!error.valid()) return;
  std::string message;
  if (named == typed) {
    // Names at the end of the list have no type.
    error = end;
    message = require_names ? "missing type constraint" : "missing parameter type";
  } else if (require_names) {
    message = "missing type parameter name";
    if (list.size() == 1) message += " or invalid array length";
  } else {
    message = "missing parameter name";
  }
  SyntaxErrorAt(error, message);
}

Expr* Parser::QualifiedName(Name* name) {
  Expr* x = name;
  if (x == nullptr) {
    if (Is(Token::kName)) {
      x = ParseName();
    } else {
      x = NewName(CurrentPos(), "_");
      SyntaxError("expected name");
      Advance({Token::kDot, Token::kSemi, Token::kRbrace});
    }
  }
  if (Is(Token::kDot)) {
    SelectorExpr* s = New<SelectorExpr>();
    Next();
    s->x = x;
    s->sel = ParseName();
    x = s;
  }
  return Is(Token::kLbrack) ? TypeInstance(x) : x;
}

}  // namespace escapement::syntax
