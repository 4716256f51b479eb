// Composite literals.
#include "engine/base/check.h"
#include "engine/ir/body.h"
#include "engine/types/predicates.h"

namespace escapement::ir {

using syntax::As;

Node* Body::CompositeLit(syntax::CompositeLit* lit) {
  types::Type* source_type = TypeOfExpr(lit);
  SrcPos pos = Pos(lit->pos);
  Type* whole = TypeOf(source_type);
  Type* type = whole->IsPtr() ? whole->elem : whole;
  types::Type* inner = source_type;
  if (auto* pointer = types::As<types::Pointer>(Core(source_type))) inner = pointer->base;
  types::Type* core = Core(inner);

  types::Type *key_type = nullptr, *elem_type = nullptr;
  auto* strukt = types::As<types::Struct>(core);
  Node* n = New(kStructLit, pos, type);
  if (auto* array = types::As<types::Array>(core)) {
    n->op = kArrayLit;
    elem_type = array->elem;
  } else if (auto* slice = types::As<types::Slice>(core)) {
    n->op = kSliceLit;
    elem_type = slice->elem;
  } else if (auto* map = types::As<types::Map>(core)) {
    n->op = kMapLit;
    key_type = map->key;
    elem_type = map->elem;
    if (Node* rtype = DerivedRtype(pos, inner)) Hidden(n)->rtype = rtype;
  } else {
    ENSURE(strukt != nullptr, "composite literal of a strange type");
    type->Laid();
  }

  NodeVec list;
  int64_t index = 0, length = 0;
  for (size_t i = 0; i < lit->elems.size(); ++i) {
    syntax::Expr* elem = lit->elems[i];
    auto* kv = As<syntax::KeyValueExpr>(static_cast<syntax::Node*>(elem));
    if (strukt != nullptr) {
      size_t field = i;
      Node* key = New(kStructKey, Pos(kv != nullptr ? kv->key->pos : elem->pos));
      if (kv != nullptr) {
        types::Object* object = As<syntax::Name>(static_cast<syntax::Node*>(kv->key))->object;
        for (field = 0; strukt->fields[field] != object; ++field)
          ENSURE(field + 1 < strukt->fields.size(), "key that is not a field");
        elem = kv->value_expr;
      }
      key->field = &type->fields[field];
      key->sym = key->field->sym;
      key->x = AssignConv(ImplicitConv(strukt->fields[field]->type, elem), key->field->type);
      list.push_back(key);
      continue;
    }
    Node* key = nullptr;
    if (kv != nullptr) {
      key = New(kKey, Pos(kv->key->pos));
      key->x = ImplicitConv(key_type, kv->key);
      elem = kv->value_expr;
      if (n->op != kMapLit) index = p.constants().Int64Val(key->x->value);
    }
    Node* value = ImplicitConv(elem_type, elem);
    if (n->op == kMapLit) {
      key->x = AssignConv(key->x, type->key);
      value = AssignConv(value, type->elem);
    } else {
      value = AssignConv(value, type->elem);
    }
    if (key != nullptr) {
      key->y = value;
      list.push_back(key);
    } else {
      list.push_back(value);
    }
    if (++index > length) length = index;
  }
  n->list = ToList(list);
  if (n->op == kSliceLit) n->n = length;
  if (whole->IsPtr()) {
    n = Addr(pos, n);
    n->type = whole;
  }
  return n;
}

}  // namespace escapement::ir
