// Selectors: pkg.Name, x.f, and method values and expressions.
#include "engine/types/decl.h"
#include "engine/types/errors.h"
#include "engine/types/export_data.h"
#include "engine/types/expr.h"
#include "engine/types/lookup.h"
#include "engine/types/predicates.h"
#include "engine/types/record.h"

namespace escapement::types {

namespace {

// The object pkg.sel, resolved; null after an error.
Object* PackageMember(Context& c, syntax::SelectorExpr* e, Package* pkg) {
  base::Name sel = e->sel->name;
  Object* object = sel.text() == "_" ? nullptr : pkg->scope->Lookup(sel);  // nothing can be called _
  if (object != nullptr && !object->exported() && pkg->is_library && !InExportData(c, object))
    object = nullptr;
  if (object == nullptr) {
    if (pkg->fake || sel.empty()) return nullptr;
    // Another spelling, the first in alphabetical order.
    Object* similar = nullptr;
    for (Object* other : pkg->scope->objects) {
      if (!other->exported() || !EqualFold(other->name.text(), sel.text())) continue;
      if (similar == nullptr || other->name.text() < similar->name.text()) similar = other;
    }
    if (similar != nullptr) {
      Error(c, e->sel, "undefined: ", e, " (but have ", similar->name, ")");
    } else {
      Error(c, e->sel, "undefined: ", e);
    }
    return nullptr;
  }
  if (!object->exported()) {
    Error(c, e->sel, "name ", sel, " not exported by package ", pkg->name);
    // The object is used nevertheless.
  }
  if (object->type == nullptr) ObjDecl(c, object);
  return object;
}

bool QualifiedIdentifier(Context& c, Operand* x, syntax::SelectorExpr* e, PkgName* import) {
  import->used = true;
  Object* object = PackageMember(c, e, import->imported);
  if (object == nullptr) return false;
  RecordObject(e->sel, object);
  x->type = object->type;
  switch (object->kind) {
    case ObjectKind::kConst:
      x->mode = Mode::kConstant;
      x->value = As<Const>(object)->value;
      return IsValid(x->type);
    case ObjectKind::kTypeName:
      x->mode = Mode::kTypeExpr;
      return true;
    case ObjectKind::kVar:
      x->mode = Mode::kVariable;
      return true;
    case ObjectKind::kFunc:
      x->mode = Mode::kValue;
      return true;
    case ObjectKind::kBuiltin:
      x->mode = Mode::kBuiltin;
      x->id = As<Builtin>(object)->id;
      return true;
    default:
      return false;
  }
}

void ReportNotFound(Context& c, const Operand& x, syntax::SelectorExpr* e, const LookupResult& found) {
  base::Name sel = e->sel->name;
  if (!IsValid(Underlying(x.type))) return;  // avoid follow-on errors
  if (!found.index.empty()) {
    Error(c, e->sel, "ambiguous selector ", x.expr, ".", sel);
    return;
  }
  if (found.indirect) {
    if (x.mode == Mode::kTypeExpr) {
      Error(c, e->sel, "invalid method expression ", x.type, ".", sel, " (needs pointer receiver (*", x.type,
            ").", sel, ")");
    } else {
      Error(c, e->sel, "cannot call pointer method ", sel, " on ", x.type);
    }
    return;
  }
  std::string why;
  if (IsInterfacePointer(x.type)) {
    why = InterfacePtrError(c, x.type);
  } else {
    LookupResult similar = LookupFieldOrMethod(x.type, x.mode == Mode::kVariable, c.env.pkg, sel, true);
    why = LookupError(c, x.type, sel, similar.object, false);
  }
  Error(c, e->sel, x.expr, ".", sel, " undefined (", why, ")");
}

// T.m: a function with the receiver as its first parameter.
bool MethodExpression(Context& c, Operand* x, syntax::SelectorExpr* e, const LookupResult& found) {
  Func* method = As<Func>(found.object);
  if (method == nullptr) {
    Error(c, e->sel, x->expr, ".", e->sel->name, " undefined (type ", x->type, " has no method ",
          e->sel->name, ")");
    return false;
  }
  RecordSelection(c, e, SelectionKind::kMethodExpr, x->type, method, found.index, found.indirect);
  Signature* sig = method->signature();
  if (sig->recv == nullptr) {
    Error(c, e, "illegal cycle in method declaration");
    return false;
  }
  // If the parameters have names the receiver must have one too.
  base::Name name;
  if (std::span<Var*> vars = sig->param_vars(); !vars.empty() && !vars[0]->name.empty()) {
    name = sig->recv->name.empty() ? c.Intern("_") : sig->recv->name;
  }
  std::vector<Var*> params = {NewVar(c, VarKind::kParam, sig->recv->pos, sig->recv->pkg, name, x->type)};
  for (Var* var : sig->param_vars()) params.push_back(var);
  auto* type = NewType<Signature>(c);
  type->tparams = sig->tparams;
  type->params = NewTuple(c, params);
  type->results = sig->results;
  type->variadic = sig->variadic;
  x->mode = Mode::kValue;
  x->type = type;
  AddDeclDep(c, method);
  return true;
}

void FieldOrMethodValue(Context& c, Operand* x, syntax::SelectorExpr* e, const LookupResult& found) {
  if (Var* field = As<Var>(found.object)) {
    RecordSelection(c, e, SelectionKind::kFieldVal, x->type, field, found.index, found.indirect);
    x->mode = x->mode == Mode::kVariable || found.indirect ? Mode::kVariable : Mode::kValue;
    x->type = field->type;
    return;
  }
  Func* method = As<Func>(found.object);
  RecordSelection(c, e, SelectionKind::kMethodVal, x->type, method, found.index, found.indirect);
  x->mode = Mode::kValue;
  auto* sig = c.arena.New<Signature>(*method->signature());
  sig->recv = nullptr;
  x->type = sig;
  AddDeclDep(c, method);
}

bool Select(Context& c, Operand* x, syntax::SelectorExpr* e, bool want_type) {
  if (auto* name = syntax::As<syntax::Name>(e->x)) {
    // A package name must be looked up before its use is reported as an error.
    if (auto* import = As<PkgName>(LookupName(c, name->name))) {
      RecordObject(name, import);
      return QualifiedIdentifier(c, x, e, import);
    }
  }
  ExprOrType(c, x, e->x, false);
  if (x->mode == Mode::kBuiltin) {
    Error(c, e->pos, "invalid use of ", *x, " in selector expression");
    return false;
  }
  if (!x->valid()) return false;
  // A selected field or method is no type. (Also avoids trouble with incomplete types.)
  if (want_type) {
    Error(c, e->sel, e, " is not a type");
    return false;
  }
  LookupResult found = LookupFieldOrMethod(x->type, x->mode == Mode::kVariable, c.env.pkg, e->sel->name);
  if (found.object == nullptr) {
    ReportNotFound(c, *x, e, found);
    return false;
  }
  if (Func* method = As<Func>(found.object)) ObjDecl(c, method);
  if (x->mode == Mode::kTypeExpr) return MethodExpression(c, x, e, found);
  FieldOrMethodValue(c, x, e, found);
  return true;
}

}  // namespace

void Selector(Context& c, Operand* x, syntax::SelectorExpr* e, bool want_type) {
  if (!Select(c, x, e, want_type)) {
    x->Invalidate();
    x->type = InvalidType();
  }
  x->expr = e;
}

}  // namespace escapement::types
