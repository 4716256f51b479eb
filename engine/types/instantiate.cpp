// Instantiation, and whether type arguments satisfy constraints.
#include "engine/base/check.h"
#include "engine/types/errors.h"
#include "engine/types/lookup.h"
#include "engine/types/predicates.h"
#include "engine/types/printing.h"
#include "engine/types/subst.h"
#include "engine/types/typeset.h"

namespace escapement::types {

namespace {

uint64_t HashInstance(Type* origin, TypeList targs) {
  uint64_t h = reinterpret_cast<uintptr_t>(origin);
  for (Type* t : targs) h = (h ^ HashType(t)) * 0x9E3779B97F4A7C15ull;
  return h;
}

Type* FindInstance(Context& c, uint64_t hash, Type* origin, TypeList targs) {
  auto found = c.instances.find(hash);
  if (found == c.instances.end()) return nullptr;
  for (const InstanceEntry& entry : found->second) {
    if (entry.origin == origin && IdenticalInstance(origin, targs, entry.origin, entry.targs)) {
      return entry.instance;
    }
  }
  return nullptr;
}

Named* NewNamedInstance(Context& c, diag::Pos pos, Named* origin, TypeList targs) {
  TypeName* object = NewTypeName(c, pos, Obj(origin)->pkg, Obj(origin)->name, nullptr);
  Named* named = NewNamed(c, object);
  named->origin = origin;
  named->targs = targs;
  return named;
}

Alias* NewAliasInstance(Context& c, diag::Pos pos, Alias* origin, TypeList targs) {
  auto* alias = NewType<Alias>(c);
  alias->object = NewTypeName(c, pos, Obj(origin)->pkg, Obj(origin)->name, alias);
  alias->rhs = Subst(c, pos, origin->rhs, SubstMap(origin->tparams, targs));
  alias->origin = origin;
  alias->tparams = origin->tparams;
  alias->targs = targs;
  return alias;
}

}  // namespace

bool ValidateTypeArgCount(Context& c, diag::Pos pos, const std::string& name, size_t want, size_t got) {
  if (got == want) return true;
  Error(c, pos, got < want ? "not enough" : "too many", " type arguments for type ", name, ": have ", got,
        ", want ", want);
  return false;
}

Type* Instantiate(Context& c, diag::Pos pos, Type* generic, TypeList targs) {
  uint64_t hash = HashInstance(generic, targs);
  if (Type* known = FindInstance(c, hash, generic, targs)) return known;
  TypeList owned = c.arena.Copy(targs);
  Type* result = nullptr;
  if (auto* named = As<Named>(generic)) {
    result = NewNamedInstance(c, pos, named, owned);  // expanded when first used
  } else if (auto* alias = As<Alias>(generic)) {
    if (!ValidateTypeArgCount(c, pos, Obj(alias)->name.str(), alias->tparams.size(), targs.size())) {
      return InvalidType();
    }
    result = NewAliasInstance(c, pos, alias, owned);
  } else {
    auto* sig = As<Signature>(generic);
    ENSURE(sig != nullptr, "only types and signatures are generic");
    if (!ValidateTypeArgCount(c, pos, TypeString(sig), sig->tparams.size(), targs.size()))
      return InvalidType();
    auto* instance = static_cast<Signature*>(Subst(c, pos, sig, SubstMap(sig->tparams, owned)));
    // Without a use of its type parameters the signature is still another one: not generic.
    if (instance == sig) instance = c.arena.New<Signature>(*sig);
    instance->tparams = {};
    result = instance;
  }
  // Expansion may have made the same instance meanwhile.
  if (Type* known = FindInstance(c, hash, generic, targs)) return known;
  c.instances[hash].push_back({generic, owned, result});
  return result;
}

void Unpack(Named* named) {
  if (named->unpacked || !named->is_instance()) return;
  Named* origin = named->origin;
  if (origin->rhs == nullptr) return;  // its declaration is under way
  named->unpacked = true;
  Context& c = *named->context;
  if (named->targs.size() != origin->tparams.size()) {
    named->rhs = InvalidType();  // reported where the instance was written
    return;
  }
  SubstMap map(origin->tparams, named->targs);
  Type* rhs = Subst(c, named->object->pos, origin->rhs, map);
  if (auto* iface = As<Interface>(rhs)) {
    bool copied = false;
    List<Func*> methods = ReplaceRecvType(c, iface->methods, origin, named, &copied);
    if (copied) {
      // Never write to the origin's interface.
      if (iface == origin->rhs) {
        Interface* copy = NewInterface(c);
        copy->complete = true;
        copy->embeddeds = iface->embeddeds;
        copy->embed_pos = iface->embed_pos;
        iface = copy;
      }
      iface->methods = methods;
      iface->type_set = nullptr;  // recompute with the new methods
      rhs = iface;
    }
  }
  named->rhs = rhs;
}

int VerifyInstance(Context& c, diag::Pos pos, std::span<TypeParam* const> tparams, TypeList targs,
                   std::string* cause) {
  SubstMap map(tparams, targs);
  for (size_t i = 0; i < tparams.size(); ++i) {
    InterfaceOf(tparams[i]);  // makes the bound an interface
    // The bound may mention other type parameters of the list.
    Type* bound = Subst(c, pos, tparams[i]->bound, map);
    if (!Implements(c, targs[i], bound, true, cause)) return static_cast<int>(i);
  }
  return -1;
}

namespace {

// Whether a constraint's literal elements name the type somewhere.
bool Mentions(Type* t, Type* type) {
  if (auto* iface = As<Interface>(t)) {
    for (Type* e : iface->embeddeds) {
      if (Mentions(e, type)) return true;
    }
    return false;
  }
  if (auto* un = As<Union>(t)) {
    for (const Term& term : un->terms) {
      if (Mentions(term.type, type)) return true;
    }
    return false;
  }
  return Identical(t, type);
}

bool ImplementsComparable(Context& c, Type* v, Interface* iface, bool constraint, std::string_view verb,
                          std::string* cause) {
  if (!IsComparableSet(TypeSetOf(iface))) return true;
  if (Comparable(v, false)) return true;
  // Since Go 1.20 ordinary interfaces satisfy comparable.
  if (constraint && Comparable(v, true)) {
    if (AllowVersion(c, 20)) return true;
    if (cause != nullptr) *cause = Text(c, v, " to ", verb, " comparable requires go1.20 or later");
    return false;
  }
  if (cause != nullptr) *cause = Text(c, v, " does not ", verb, " comparable");
  return false;
}

// V is no interface: it must be in the type set of iface.
bool InTypeSet(Context& c, Type* v, Type* t, Interface* iface, std::string_view verb, std::string* cause) {
  Type* alternative = nullptr;
  bool missing = EachTerm(TypeSetOf(iface), [&](const Term* term) {
    if (TermIncludes(*term, v)) return false;
    // If ~T would have done, say so.
    if (alternative == nullptr && !term->tilde && Identical(term->type, Underlying(term->type)) &&
        TermIncludes(Term{true, term->type}, v)) {
      alternative = term->type;
    }
    return true;
  });
  if (!missing) return true;
  if (cause != nullptr) {
    std::string detail;
    if (alternative != nullptr) {
      detail = Text(c, "possibly missing ~ for ", alternative, " in ", t);
    } else if (Mentions(iface, v)) {
      detail = Text(c, t, " mentions ", v, ", but ", v, " is not in the type set of ", t);
    } else {
      detail = Text(c, v, " missing in ", TermsString(c, TypeSetOf(iface)->terms));
    }
    *cause = Text(c, v, " does not ", verb, " ", t, " (", detail, ")");
  }
  return false;
}

}  // namespace

bool Implements(Context& c, Type* v, Type* t, bool constraint, std::string* cause) {
  Type* vu = Underlying(v);
  Type* tu = Underlying(t);
  if (!IsValid(vu) || !IsValid(tu)) return true;  // avoid follow-on errors
  if (auto* pointer = As<Pointer>(vu); pointer != nullptr && !IsValid(Underlying(pointer->base))) return true;
  std::string_view verb = constraint ? "satisfy" : "implement";

  auto* iface = As<Interface>(tu);
  if (iface == nullptr) {
    if (cause != nullptr) {
      std::string detail = IsInterfacePointer(tu)
                               ? Text(c, "type ", t, " is pointer to interface, not interface")
                               : Text(c, t, " is not an interface");
      *cause = Text(c, v, " does not ", verb, " ", t, " (", detail, ")");
    }
    return false;
  }
  TypeSet* set = TypeSetOf(iface);
  if (set->IsAll()) return true;
  auto* v_iface = As<Interface>(vu);
  if (v_iface != nullptr && TypeSetOf(v_iface)->IsEmpty()) return true;
  if (set->IsEmpty()) {
    if (cause != nullptr) *cause = Text(c, "cannot ", verb, " ", t, " (empty type set)");
    return false;
  }
  if (!HasAllMethods(c, v, t, true, IdenticalTypes, nullptr, cause)) {
    if (cause != nullptr) *cause = Text(c, v, " does not ", verb, " ", t, " ", *cause);
    return false;
  }
  if (!set->HasTerms()) return ImplementsComparable(c, v, iface, constraint, verb, cause);
  if (v_iface != nullptr) {
    if (!TermsSubset(TypeSetOf(v_iface)->terms, set->terms)) {
      if (cause != nullptr) *cause = Text(c, v, " does not ", verb, " ", t);
      return false;
    }
  } else if (!InTypeSet(c, v, t, iface, verb, cause)) {
    return false;
  }
  return ImplementsComparable(c, v, iface, constraint, verb, cause);
}

}  // namespace escapement::types
