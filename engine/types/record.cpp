#include "engine/types/record.h"

#include "engine/base/check.h"
#include "engine/types/predicates.h"

namespace escapement::types {

Type* RecordedType(const syntax::Expr* e) {
  return e->type;
}

void Record(Context& c, const Operand& x) {
  switch (x.mode) {
    case Mode::kInvalid:
      return;
    case Mode::kNoValue:
      RecordTypeAndValue(c, x.expr, x.mode, nullptr, {});
      return;
    case Mode::kConstant:
      RecordTypeAndValue(c, x.expr, x.mode, x.type, x.value);
      return;
    default:
      RecordTypeAndValue(c, x.expr, x.mode, x.type, {});
  }
}

void RecordTypeAndValue(Context&, syntax::Expr* e, Mode mode, Type* type, base::Constant value) {
  if (mode == Mode::kInvalid) return;
  e->mode = mode;
  e->type = type;
  e->value = value;
}

void RecordType(Context& c, syntax::Expr* e, Type* type) {
  RecordTypeAndValue(c, e, Mode::kTypeExpr, type, {});
}

void RecordBuiltinType(Context& c, syntax::Expr* f, Signature* sig) {
  for (;;) {
    RecordTypeAndValue(c, f, Mode::kBuiltin, sig, {});
    auto* paren = syntax::As<syntax::ParenExpr>(f);
    if (paren == nullptr) return;
    f = paren->x;
  }
}

void RecordCommaOk(Context& c, syntax::Expr* e, Type* t0, Type* t1) {
  for (;;) {
    Var* vars[] = {NewVar(c, VarKind::kLocal, e->pos, c.env.pkg, {}, t0),
                   NewVar(c, VarKind::kLocal, e->pos, c.env.pkg, {}, t1)};
    e->type = NewTuple(c, vars);
    auto* paren = syntax::As<syntax::ParenExpr>(e);
    if (paren == nullptr) return;
    e = paren->x;
  }
}

// The name that an instantiation such as p.F[int] instantiates.
static syntax::Name* InstantiatedName(syntax::Expr* e) {
  if (auto* index = syntax::As<syntax::IndexExpr>(e)) e = index->x;
  if (auto* name = syntax::As<syntax::Name>(e)) return name;
  if (auto* selector = syntax::As<syntax::SelectorExpr>(e)) return selector->sel;
  return nullptr;
}

void RecordInstance(Context& c, syntax::Expr* e, TypeList targs, Type* type) {
  syntax::Name* name = InstantiatedName(e);
  // A parenthesised generic function has no name of its own to hold the instance.
  while (name == nullptr) {
    auto* index = syntax::As<syntax::IndexExpr>(e);
    e = syntax::Unparen(index != nullptr ? index->x : e);
    name = InstantiatedName(e);
    if (name == nullptr && syntax::As<syntax::IndexExpr>(e) == nullptr) return;
  }
  name->instance = c.arena.New<Instance>(Instance{c.arena.Copy(targs), type});
}

void RecordObject(syntax::Name* name, Object* object) {
  name->object = object;
}

void RecordSelection(Context& c, syntax::SelectorExpr* e, SelectionKind kind, Type* recv, Object* object,
                     std::span<const int> index, bool indirect) {
  RecordObject(e->sel, object);
  e->selection = c.arena.New<Selection>(Selection{kind, recv, object, c.arena.Copy(index), indirect});
}

}  // namespace escapement::types
