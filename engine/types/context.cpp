#include "engine/types/context.h"

#include "engine/base/check.h"

namespace escapement::types {

void Later(Context& c, std::function<void()> run) {
  c.delayed.push_back({c.env.pkg, c.env.version, std::move(run)});
}

void LaterVerify(Context& c, std::function<void()> run) {
  if (c.env.pkg != nullptr && c.env.pkg->is_library && !c.verify_library) return;
  Later(c, std::move(run));
}

void ProcessDelayed(Context& c, size_t top) {
  if (c.delayed.size() == top) return;
  uint16_t version = c.env.version;
  Package* pkg = c.env.pkg;
  for (size_t i = top; i < c.delayed.size(); ++i) {
    // Running may append, which moves the entries.
    std::function<void()> run = std::move(c.delayed[i].run);
    c.env.version = c.delayed[i].version;
    c.env.pkg = c.delayed[i].pkg;
    run();
  }
  c.delayed.resize(top);
  c.env.version = version;
  c.env.pkg = pkg;
}

Pointer* NewPointer(Context& c, Type* base) {
  auto* type = NewType<Pointer>(c);
  type->base = base;
  return type;
}

Slice* NewSlice(Context& c, Type* elem) {
  auto* type = NewType<Slice>(c);
  type->elem = elem;
  return type;
}

Tuple* NewTuple(Context& c, std::span<Var* const> vars) {
  if (vars.empty()) return nullptr;
  auto* type = NewType<Tuple>(c);
  type->vars = c.arena.Copy(vars);
  return type;
}

Interface* NewInterface(Context& c) {
  auto* type = NewType<Interface>(c);
  type->context = &c;
  return type;
}

Named* NewNamed(Context& c, TypeName* object) {
  auto* type = NewType<Named>(c);
  type->context = &c;
  type->object = object;
  type->origin = type;
  if (object->type == nullptr) object->type = type;
  return type;
}

TypeParam* NewTypeParam(Context& c, TypeName* object, Type* bound) {
  auto* type = NewType<TypeParam>(c);
  type->context = &c;
  type->id = ++c.next_tparam_id;
  type->object = object;
  type->bound = bound;
  if (object->type == nullptr) object->type = type;
  return type;
}

namespace {
template <typename T>
T* NewObject(Context& c, diag::Pos pos, Package* pkg, base::Name name, Type* type) {
  T* object = c.arena.New<T>();
  object->kind = T::kKind;
  object->pos = pos;
  object->pkg = pkg;
  object->name = name;
  object->type = type;
  return object;
}
}  // namespace

Var* NewVar(Context& c, VarKind kind, diag::Pos pos, Package* pkg, base::Name name, Type* type) {
  Var* var = NewObject<Var>(c, pos, pkg, name, type);
  var->var_kind = kind;
  return var;
}

TypeName* NewTypeName(Context& c, diag::Pos pos, Package* pkg, base::Name name, Type* type) {
  return NewObject<TypeName>(c, pos, pkg, name, type);
}

Func* NewFunc(Context& c, diag::Pos pos, Package* pkg, base::Name name, Signature* sig) {
  return NewObject<Func>(c, pos, pkg, name, sig);
}

Const* NewConst(Context& c, diag::Pos pos, Package* pkg, base::Name name, Type* type, base::Constant value) {
  Const* object = NewObject<Const>(c, pos, pkg, name, type);
  object->value = value;
  return object;
}

PkgName* NewPkgName(Context& c, diag::Pos pos, Package* pkg, base::Name name, Package* imported) {
  PkgName* object = NewObject<PkgName>(c, pos, pkg, name, InvalidType());
  object->imported = imported;
  return object;
}

Var* CloneVar(Context& c, Var* var, Type* type) {
  Var* copy = c.arena.New<Var>(*var);
  copy->type = type;
  copy->origin = var->origin != nullptr ? var->origin : var;
  return copy;
}

Func* CloneFunc(Context& c, Func* func, Type* type) {
  Func* copy = c.arena.New<Func>(*func);
  copy->type = type;
  copy->origin = func->origin != nullptr ? func->origin : func;
  return copy;
}

uint16_t FileVersion(const Package* pkg, const syntax::File* file) {
  for (const Object* object : pkg->objects)
    if (object->decl != nullptr && object->decl->file == file->scope) return object->decl->version;
  return 0;
}

Object* LookupName(const Context& c, base::Name name, Scope** where) {
  for (Scope* s = c.env.scope; s != nullptr; s = s->parent) {
    if (Object* object = s->Lookup(name)) {
      if (where != nullptr) *where = s;
      return object;
    }
  }
  if (where != nullptr) *where = nullptr;
  return nullptr;
}

}  // namespace escapement::types
