// Interface types.
#include "engine/types/errors.h"
#include "engine/types/predicates.h"
#include "engine/types/record.h"
#include "engine/types/typeset.h"
#include "engine/types/typexpr.h"

namespace escapement::types {

void InterfaceType(Context& c, Interface* type, syntax::InterfaceType* e, TypeName* def) {
  for (syntax::Field* f : e->methods) {
    if (f->name == nullptr) {
      type->embeddeds.Push(c.arena, ParseUnion(c, f->type_expr));
      type->embed_pos.Push(c.arena, syntax::StartPos(f->type_expr));
      continue;
    }
    if (f->name->text() == "_") {
      Error(c, f->name, "methods must have a unique non-blank name");
      continue;
    }
    // The signature is no declaration of its own: its type may be recursive through def.
    Type* method_type = TypeExpr(c, f->type_expr);
    auto* sig = As<Signature>(method_type);
    if (sig == nullptr) {
      if (IsValid(method_type))
        Error(c, f->type_expr, "invalid syntax tree: ", method_type, " is not a method signature");
      continue;
    }
    // The receiver is the named type if the interface is its declaration.
    Type* recv = type;
    if (def != nullptr) {
      if (Named* named = AsNamed(def->type)) recv = named;
    }
    sig->recv = NewVar(c, VarKind::kRecv, f->name->pos, c.env.pkg, {}, recv);
    Func* method = NewFunc(c, f->name->pos, c.env.pkg, f->name->name, sig);
    RecordObject(f->name, method);
    type->methods.Push(c.arena, method);
  }
  // All that is missing now is the type set.
  type->complete = true;
  if (type->methods.empty() && type->embeddeds.empty()) {
    type->type_set = TopTypeSet();
    return;
  }
  SortMethods(type->methods.span());
  LaterVerify(c, [&c, pos = e->pos, type] { ComputeTypeSet(c, pos, type); });
}

}  // namespace escapement::types
