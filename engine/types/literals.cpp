// Literals: basic, function and composite.
#include <unordered_map>
#include <unordered_set>

#include "engine/types/assign.h"
#include "engine/types/convert.h"
#include "engine/types/errors.h"
#include "engine/types/expr.h"
#include "engine/types/lookup.h"
#include "engine/types/operators.h"
#include "engine/types/predicates.h"
#include "engine/types/record.h"
#include "engine/types/stmt.h"
#include "engine/types/typeset.h"
#include "engine/types/typexpr.h"

namespace escapement::types {

namespace {

// Literal forms that came with Go 1.13.
void CheckLiteralVersion(Context& c, syntax::BasicLit* e) {
  std::string_view text = e->text;
  if (text.size() <= 2 || AllowVersion(c, 13)) return;
  if (text.find('_') != std::string_view::npos) {
    VersionError(c, e, 13, "underscore in numeric literal");
    return;
  }
  if (text[0] != '0') return;
  char radix = text[1];
  if (radix == 'b' || radix == 'B') {
    VersionError(c, e, 13, "binary literal");
  } else if (radix == 'o' || radix == 'O') {
    VersionError(c, e, 13, "0o/0O-style octal literal");
  } else if (e->lit_kind != syntax::LitKind::kInt && (radix == 'x' || radix == 'X')) {
    VersionError(c, e, 13, "hexadecimal floating-point literal");
  }
}

BasicKind LiteralType(syntax::LitKind kind) {
  switch (kind) {
    case syntax::LitKind::kInt:
      return BasicKind::kUntypedInt;
    case syntax::LitKind::kFloat:
      return BasicKind::kUntypedFloat;
    case syntax::LitKind::kImag:
      return BasicKind::kUntypedComplex;
    case syntax::LitKind::kRune:
      return BasicKind::kUntypedRune;
    case syntax::LitKind::kString:
      return BasicKind::kUntypedString;
  }
  return BasicKind::kInvalid;
}

}  // namespace

void BasicLit(Context& c, Operand* x, syntax::BasicLit* e) {
  if (e->lit_kind != syntax::LitKind::kRune && e->lit_kind != syntax::LitKind::kString) {
    CheckLiteralVersion(c, e);
    // The limit keeps pathological constants from taking for ever.
    constexpr size_t kLimit = 10000;
    if (e->text.size() > kLimit) {
      Error(c, e, "excessively long constant: ", e->text.substr(0, 10), "... (", e->text.size(), " chars)");
      x->Invalidate();
      return;
    }
  }
  base::Constant value = c.constants.MakeFromLiteral(e->text, e->lit_kind);
  if (value.is_unknown()) {
    // The scanner accepts it, so a float's exponent is out of range.
    Error(c, e, "malformed constant: ", e->text);
    x->Invalidate();
    return;
  }
  x->mode = Mode::kConstant;
  x->type = Typ(LiteralType(e->lit_kind));
  x->value = value;
  x->expr = e;
  CheckOverflow(c, x, OperatorPos(e));
}

void FuncLit(Context& c, Operand* x, syntax::FuncLit* e) {
  auto* sig = As<Signature>(TypeExpr(c, e->type_expr));
  if (sig == nullptr) {
    x->Invalidate();
    return;
  }
  sig->scope->pos = e->pos;
  sig->scope->end = syntax::EndPos(e);
  if (e->body != nullptr) {
    // Checked when the enclosing statement or declaration is done, so that the types it
    // mentions are set up; what it depends on belongs to the enclosing declaration.
    Later(c, [&c, pkg = c.env.pkg, decl = c.env.decl, iota = c.env.iota, sig, body = e->body] {
      FuncBody(c, pkg, decl, sig, body, iota);
    });
  }
  x->mode = Mode::kValue;
  x->type = sig;
}

namespace {

void StructLitByKeys(Context& c, Operand* x, syntax::CompositeLit* e, Type* base, Struct* type) {
  std::vector<bool> visited(type->fields.size());
  for (syntax::Expr* elem : e->elems) {
    auto* kv = syntax::As<syntax::KeyValueExpr>(elem);
    if (kv == nullptr) {
      Error(c, elem, "mixture of field:value and value elements in struct literal");
      continue;
    }
    // Values are checked even if the key is wrong, so that what they mention counts as used.
    auto* key = syntax::As<syntax::Name>(kv->key);
    Expr(c, x, kv->value_expr);
    if (key == nullptr) {
      Error(c, kv, "invalid field name ", kv->key, " in struct literal");
      continue;
    }
    int i = FieldIndex(type->fields, c.env.pkg, key->name, false);
    if (i < 0) {
      int j = FieldIndex(type->fields, c.env.pkg, key->name, true);
      Object* similar = j >= 0 ? type->fields[static_cast<size_t>(j)] : nullptr;
      Error(c, kv->key, LookupError(c, base, key->name, similar, true));
      continue;
    }
    Var* field = type->fields[static_cast<size_t>(i)];
    RecordObject(key, field);
    Assignment(c, x, field->type, "struct literal");
    if (visited[static_cast<size_t>(i)]) {
      Error(c, kv, "duplicate field name ", key->name, " in struct literal");
      continue;
    }
    visited[static_cast<size_t>(i)] = true;
  }
}

void StructLitByPosition(Context& c, Operand* x, syntax::CompositeLit* e, Type* base, Struct* type) {
  for (size_t i = 0; i < e->elems.size(); ++i) {
    if (auto* kv = syntax::As<syntax::KeyValueExpr>(e->elems[i])) {
      Error(c, kv, "mixture of field:value and value elements in struct literal");
      continue;
    }
    Expr(c, x, e->elems[i]);
    if (i >= type->fields.size()) {
      Error(c, *x, "too many values in struct literal of type ", base);
      break;
    }
    Var* field = type->fields[i];
    if (!field->exported() && field->pkg != c.env.pkg) {
      Error(c, *x, "implicit assignment to unexported field ", field->name, " in struct literal of type ",
            base);
      continue;
    }
    Assignment(c, x, field->type, "struct literal");
  }
  if (e->elems.size() < type->fields.size()) {
    Error(c, e->rbrace, "too few values in struct literal of type ", base);
  }
}

// Elements of arrays and slices. Returns the number of elements that the literal makes.
int64_t IndexedElements(Context& c, std::span<syntax::Expr* const> elems, Type* type, int64_t length) {
  std::unordered_set<int64_t> visited;
  int64_t index = 0, max = 0;
  for (syntax::Expr* e : elems) {
    bool valid_index = false;
    syntax::Expr* value = e;
    if (auto* kv = syntax::As<syntax::KeyValueExpr>(e)) {
      IndexValue i = Index(c, kv->key, length);
      if (IsValid(i.type)) {
        if (i.value >= 0) {
          index = i.value;
          valid_index = true;
        } else {
          Error(c, e, "index ", kv->key, " must be integer constant");
        }
      }
      value = kv->value_expr;
    } else if (length >= 0 && index >= length) {
      Error(c, e, "index ", index, " is out of bounds (>= ", length, ")");
    } else {
      valid_index = true;
    }
    if (valid_index && !visited.insert(index).second) {
      Error(c, e, "duplicate index ", index, " in array or slice literal");
    }
    ++index;
    max = std::max(max, index);
    Operand x;
    ExprWithHint(c, &x, value, type);
    Assignment(c, &x, type, "array or slice literal");
  }
  return max;
}

// A constant key reduced to what Go compares map keys by: numbers that are equal are
// duplicates whatever their kind.
std::string KeyText(Context& c, base::Constant key) {
  if (key.kind() == base::ConstantKind::kComplex || key.kind() == base::ConstantKind::kFloat) {
    if (base::Constant i = c.constants.ToInt(key); !i.is_unknown()) key = i;
  }
  const char* kind = "n";
  if (key.kind() == base::ConstantKind::kString) kind = "s";
  if (key.kind() == base::ConstantKind::kBool) kind = "b";
  return kind + c.constants.ExactString(key);
}

void MapLit(Context& c, Operand* x, syntax::CompositeLit* e, Map* type) {
  // Keys of interface type are different if their types are.
  bool interface_keys = IsNonTypeParamInterface(type->key);
  std::unordered_map<std::string, std::vector<Type*>> visited;
  for (syntax::Expr* elem : e->elems) {
    auto* kv = syntax::As<syntax::KeyValueExpr>(elem);
    if (kv == nullptr) {
      Error(c, elem, "missing key in map literal");
      continue;
    }
    ExprWithHint(c, x, kv->key, type->key);
    Assignment(c, x, type->key, "map literal");
    if (!x->valid()) continue;
    if (x->is_constant()) {
      bool duplicate = false;
      std::vector<Type*>& seen = visited[KeyText(c, x->value)];
      for (Type* t : seen) duplicate = duplicate || !interface_keys || Identical(t, x->type);
      seen.push_back(x->type);
      if (duplicate) {
        Error(c, *x, "duplicate key ", x->value, " in map literal");
        continue;
      }
    }
    ExprWithHint(c, x, kv->value_expr, type->elem);
    Assignment(c, x, type->elem, "map literal");
  }
}

// The literal's type, and the type whose structure its elements follow (behind the pointer
// of an elided &T).
bool LiteralTypes(Context& c, syntax::CompositeLit* e, Type* hint, Type** type, Type** base) {
  if (e->type_expr != nullptr) {
    // [...]T: the length comes from the elements.
    if (auto* array = syntax::As<syntax::ArrayType>(e->type_expr);
        array != nullptr && array->len == nullptr) {
      auto* t = NewType<Array>(c);
      t->length = -1;
      t->elem = VarType(c, array->elem);
      *type = *base = t;
      return false;
    }
    *type = *base = TypeExpr(c, e->type_expr);
    return false;
  }
  if (hint != nullptr) {
    *type = *base = hint;
    if (Type* u = CommonUnder(c, hint)) {
      bool pointer = false;
      Type* elem = Deref(u, &pointer);
      if (pointer) *base = elem;
    }
    return true;
  }
  Error(c, e, "missing type in composite literal");
  *type = *base = InvalidType();
  return false;
}

}  // namespace

void CompositeLit(Context& c, Operand* x, syntax::CompositeLit* e, Type* hint) {
  Type *type = nullptr, *base = nullptr;
  bool is_element = LiteralTypes(c, e, hint, &type, &base);
  Type* u = CommonUnder(c, base);
  switch (u != nullptr ? u->kind : TypeKind::kTuple) {
    case TypeKind::kStruct:
      if (e->elems.empty()) break;
      if (e->elems[0]->kind == syntax::NodeKind::kKeyValueExpr) {
        StructLitByKeys(c, x, e, base, As<Struct>(u));
      } else {
        StructLitByPosition(c, x, e, base, As<Struct>(u));
      }
      break;
    case TypeKind::kArray: {
      auto* array = As<Array>(u);
      int64_t count = IndexedElements(c, e->elems, array->elem, array->length);
      if (array->length < 0) {
        array->length = count;
        if (e->type_expr != nullptr) RecordType(c, e->type_expr, array);
      }
      break;
    }
    case TypeKind::kSlice:
      IndexedElements(c, e->elems, As<Slice>(u)->elem, -1);
      break;
    case TypeKind::kMap:
      MapLit(c, x, e, As<Map>(u));
      break;
    default:
      // What the elements mention counts as used.
      for (syntax::Expr* elem : e->elems) {
        auto* kv = syntax::As<syntax::KeyValueExpr>(elem);
        Use(c, kv != nullptr ? kv->value_expr : elem);
      }
      if (u == nullptr || IsValid(u)) {
        Error(c, e, "invalid composite literal", is_element ? " element" : "", " type ", type,
              u == nullptr ? " (no common underlying type)" : "");
        x->Invalidate();
        return;
      }
  }
  x->mode = Mode::kValue;
  x->type = type;
}

}  // namespace escapement::types
