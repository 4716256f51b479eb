#include "engine/types/type.h"

#include <vector>

#include "engine/base/check.h"
#include "engine/types/context.h"
#include "engine/types/decl.h"
#include "engine/types/object.h"
#include "engine/types/predicates.h"
#include "engine/types/subst.h"
#include "engine/types/typeset.h"

namespace escapement::types {

Type* Unalias(Type* type) {
  auto* alias = As<Alias>(type);
  if (alias == nullptr) return type;
  if (alias->actual != nullptr) return alias->actual;
  Type* t = alias;
  while (auto* a = As<Alias>(t)) t = a->rhs;
  // A declaration under way has no right-hand side yet; it is asked again later.
  if (t != nullptr) alias->actual = t;
  return t;
}

Named* AsNamed(Type* type) {
  return As<Named>(Unalias(type));
}

// Follows right-hand sides of names and aliases to a type literal or predeclared type.
// Direct cycles were broken before (DirectCycles).
static Type* ResolveUnderlying(Named* named) {
  std::vector<Named*> chain;
  Type* result = nullptr;
  Type* t = named;
  while (result == nullptr) {
    t = Unalias(t);
    if (t == nullptr) return InvalidType();  // a declaration under way: not remembered
    if (auto* n = As<Named>(t)) {
      if (n->underlying != nullptr) {
        result = n->underlying;
      } else {
        chain.push_back(n);
        Unpack(n);
        t = n->rhs;
      }
    } else {
      result = t;
    }
  }
  for (Named* n : chain) {
    if (n->underlying == nullptr) n->underlying = result;
  }
  return named->underlying;
}

Type* Underlying(Type* type) {
  type = Unalias(type);
  if (type == nullptr) return nullptr;
  if (auto* named = As<Named>(type)) {
    return named->underlying != nullptr ? named->underlying : ResolveUnderlying(named);
  }
  if (auto* tparam = As<TypeParam>(type)) return InterfaceOf(tparam);
  return type;
}

TypeName* Obj(const Named* named) {
  return named->origin->object;
}
TypeName* Obj(const Alias* alias) {
  return alias->origin->object;
}

std::span<TypeParam*> TypeParams(Named* named) {
  return named->origin->tparams;
}

size_t NumMethods(Named* named) {
  return named->origin->methods.size();
}

// The method of an instance: the origin's with the receiver's type arguments put in.
static Func* ExpandMethod(Named* named, size_t i) {
  Context& c = *named->context;
  Func* original = named->origin->methods[i];
  ObjDecl(c, original);
  Signature* original_sig = original->signature();
  if (original_sig->recv == nullptr) return original;
  if (Deref(original_sig->recv->type) == named) return original;
  Signature* sig = original_sig;
  if (original_sig->rparams.size() == named->targs.size()) {
    SubstMap map(original_sig->rparams, named->targs);
    sig = static_cast<Signature*>(Subst(c, original->pos, original_sig, map));
  }
  if (sig == original_sig) sig = c.arena.New<Signature>(*original_sig);
  Type* recv = HasPtrRecv(original) ? static_cast<Type*>(NewPointer(c, named)) : named;
  sig->recv = CloneVar(c, original_sig->recv, recv);
  return CloneFunc(c, original, sig);
}

Func* Method(Named* named, size_t i) {
  Context& c = *named->context;
  if (!named->is_instance()) {
    ObjDecl(c, named->methods[i]);
    return named->methods[i];
  }
  size_t count = named->origin->methods.size();
  while (named->methods.size() < count) named->methods.Push(c.arena, nullptr);
  if (named->methods[i] == nullptr) {
    Func* method = ExpandMethod(named, i);
    named->methods[i] = method;
  }
  return named->methods[i];
}

Interface* InterfaceOf(TypeParam* tparam) {
  Type* bound = tparam->bound;
  Interface* result = nullptr;
  Type* u = Underlying(bound);
  if (!IsValid(u)) return EmptyInterface();
  if (auto* iface = As<Interface>(u)) {
    if (IsTypeParam(bound)) return EmptyInterface();  // error is reported in CollectTypeParams
    result = iface;
  }
  Context& c = *tparam->context;
  if (result == nullptr) {
    result = NewInterface(c);
    result->embeddeds.Push(c.arena, bound);
    result->implicit = true;
    result->complete = true;
    tparam->bound = result;
  }
  if (result->type_set == nullptr) {
    diag::Pos pos = tparam->object->pos;
    if (Named* named = AsNamed(bound)) pos = Obj(named)->pos;
    ComputeTypeSet(c, pos, result);
  }
  return result;
}

}  // namespace escapement::types
