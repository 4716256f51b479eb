// Type identity and the hash of types as they are written.
#include <algorithm>

#include "engine/types/context.h"
#include "engine/types/predicates.h"
#include "engine/types/subst.h"
#include "engine/types/typeset.h"

namespace escapement::types {

namespace {

// Interfaces may mention themselves through method signatures: pairs under comparison
// are assumed identical.
struct InterfacePair {
  Interface* x;
  Interface* y;
  const InterfacePair* previous;
  bool Same(Interface* a, Interface* b) const { return (x == a && y == b) || (x == b && y == a); }
};

struct Comparer {
  bool ignore_tags = false;
  bool ignore_invalid = false;

  bool Same(Type* x, Type* y, const InterfacePair* pairs) const;
  bool SameStruct(Struct* x, Struct* y, const InterfacePair* pairs) const;
  bool SameTuple(Tuple* x, Tuple* y, const InterfacePair* pairs) const;
  bool SameSignature(Signature* x, Signature* y, const InterfacePair* pairs) const;
  bool SameInterface(Interface* x, Interface* y, const InterfacePair* pairs) const;
};

bool Comparer::SameStruct(Struct* x, Struct* y, const InterfacePair* pairs) const {
  if (x->fields.size() != y->fields.size()) return false;
  for (size_t i = 0; i < x->fields.size(); ++i) {
    Var* f = x->fields[i];
    Var* g = y->fields[i];
    if (f->embedded != g->embedded || (!ignore_tags && x->Tag(i) != y->Tag(i)) ||
        !SameId(f, g->pkg, g->name, false) || !Same(f->type, g->type, pairs)) {
      return false;
    }
  }
  return true;
}

bool Comparer::SameTuple(Tuple* x, Tuple* y, const InterfacePair* pairs) const {
  size_t count = x != nullptr ? x->vars.size() : 0;
  if (count != (y != nullptr ? y->vars.size() : 0)) return false;
  for (size_t i = 0; i < count; ++i) {
    if (!Same(x->vars[i]->type, y->vars[i]->type, pairs)) return false;
  }
  return true;
}

// Generic signatures are identical if they are after renaming type parameters.
bool Comparer::SameSignature(Signature* x, Signature* y, const InterfacePair* pairs) const {
  if (x->tparams.size() != y->tparams.size() || x->variadic != y->variadic) return false;
  Tuple* yparams = y->params;
  Tuple* yresults = y->results;
  if (!x->tparams.empty()) {
    Context& c = *x->tparams[0]->context;
    SubstMap map = SubstMap::Rename(y->tparams, x->tparams);
    for (size_t i = 0; i < x->tparams.size(); ++i) {
      if (!Same(x->tparams[i]->bound, Subst(c, {}, y->tparams[i]->bound, map), pairs)) return false;
    }
    yparams = SubstTuple(c, {}, yparams, map);
    yresults = SubstTuple(c, {}, yresults, map);
  }
  return SameTuple(x->params, yparams, pairs) && SameTuple(x->results, yresults, pairs);
}

bool Comparer::SameInterface(Interface* x, Interface* y, const InterfacePair* pairs) const {
  TypeSet* xset = TypeSetOf(x);
  TypeSet* yset = TypeSetOf(y);
  if (xset->comparable != yset->comparable || !TermsEqual(xset->terms, yset->terms) ||
      xset->methods.size() != yset->methods.size()) {
    return false;
  }
  for (const InterfacePair* p = pairs; p != nullptr; p = p->previous) {
    if (p->Same(x, y)) return true;
  }
  InterfacePair pair{x, y, pairs};
  for (size_t i = 0; i < xset->methods.size(); ++i) {
    Func* f = xset->methods[i];
    Func* g = yset->methods[i];
    if (f->name != g->name || (!f->exported() && !SamePackage(f->pkg, g->pkg)) ||
        !Same(f->type, g->type, &pair)) {
      return false;
    }
  }
  return true;
}

bool Comparer::Same(Type* x, Type* y, const InterfacePair* pairs) const {
  x = Unalias(x);
  y = Unalias(y);
  if (x == y) return true;
  if (x == nullptr || y == nullptr) return false;
  if (ignore_invalid && (!IsValid(x) || !IsValid(y))) return true;
  if (x->kind != y->kind) return false;
  switch (x->kind) {
    case TypeKind::kBasic:
      return As<Basic>(x)->basic == As<Basic>(y)->basic;
    case TypeKind::kArray: {
      auto *a = As<Array>(x), *b = As<Array>(y);
      // An unknown length means an error was reported.
      return (a->length < 0 || b->length < 0 || a->length == b->length) && Same(a->elem, b->elem, pairs);
    }
    case TypeKind::kSlice:
      return Same(As<Slice>(x)->elem, As<Slice>(y)->elem, pairs);
    case TypeKind::kPointer:
      return Same(As<Pointer>(x)->base, As<Pointer>(y)->base, pairs);
    case TypeKind::kMap:
      return Same(As<Map>(x)->key, As<Map>(y)->key, pairs) && Same(As<Map>(x)->elem, As<Map>(y)->elem, pairs);
    case TypeKind::kChan:
      return As<Chan>(x)->dir == As<Chan>(y)->dir && Same(As<Chan>(x)->elem, As<Chan>(y)->elem, pairs);
    case TypeKind::kStruct:
      return SameStruct(As<Struct>(x), As<Struct>(y), pairs);
    case TypeKind::kTuple:
      return SameTuple(As<Tuple>(x), As<Tuple>(y), pairs);
    case TypeKind::kSignature:
      return SameSignature(As<Signature>(x), As<Signature>(y), pairs);
    case TypeKind::kUnion:
      return TermsEqual(UnionTerms(As<Union>(x)), UnionTerms(As<Union>(y)));
    case TypeKind::kInterface:
      return SameInterface(As<Interface>(x), As<Interface>(y), pairs);
    case TypeKind::kNamed: {
      auto *a = As<Named>(x), *b = As<Named>(y);
      if (!IdenticalOrigin(a, b) || a->targs.size() != b->targs.size()) return false;
      for (size_t i = 0; i < a->targs.size(); ++i) {
        if (!Identical(a->targs[i], b->targs[i])) return false;
      }
      return true;
    }
    case TypeKind::kTypeParam:  // identical only to itself
    case TypeKind::kAlias:
      return false;
  }
  return false;
}

uint64_t Mix(uint64_t h, uint64_t x) {
  h ^= x + 0x9E3779B97F4A7C15ull + (h << 6) + (h >> 2);
  return h;
}

uint64_t HashTuple(uint64_t h, Tuple* tuple) {
  if (tuple == nullptr) return Mix(h, 0);
  h = Mix(h, tuple->vars.size());
  for (Var* var : tuple->vars) h = Mix(h, HashType(var->type));
  return h;
}

}  // namespace

bool Identical(Type* x, Type* y) {
  return Comparer{}.Same(x, y, nullptr);
}
bool IdenticalIgnoreTags(Type* x, Type* y) {
  return Comparer{.ignore_tags = true}.Same(x, y, nullptr);
}
bool IdenticalIgnoreInvalid(Type* x, Type* y) {
  return Comparer{.ignore_invalid = true}.Same(x, y, nullptr);
}

bool IdenticalOrigin(const Named* x, const Named* y) {
  return x->origin->object == y->origin->object;
}

bool IdenticalInstance(Type* xorig, TypeList xargs, Type* yorig, TypeList yargs) {
  return std::equal(xargs.begin(), xargs.end(), yargs.begin(), yargs.end(), Identical) &&
         Identical(xorig, yorig);
}

uint64_t HashType(Type* type) {
  if (type == nullptr) return 0;
  uint64_t h = Mix(17, static_cast<uint64_t>(type->kind));
  switch (type->kind) {
    case TypeKind::kBasic:
      return Mix(Mix(h, static_cast<uint64_t>(As<Basic>(type)->basic)), As<Basic>(type)->name.size());
    case TypeKind::kPointer:
      return Mix(h, HashType(As<Pointer>(type)->base));
    case TypeKind::kSlice:
      return Mix(h, HashType(As<Slice>(type)->elem));
    case TypeKind::kArray:  // a negative length is identical to any
      return Mix(h, HashType(As<Array>(type)->elem));
    case TypeKind::kMap:
      return Mix(Mix(h, HashType(As<Map>(type)->key)), HashType(As<Map>(type)->elem));
    case TypeKind::kChan:
      return Mix(Mix(h, static_cast<uint64_t>(As<Chan>(type)->dir)), HashType(As<Chan>(type)->elem));
    case TypeKind::kStruct:
      h = Mix(h, As<Struct>(type)->fields.size());
      for (Var* field : As<Struct>(type)->fields) {
        h = Mix(h, reinterpret_cast<uintptr_t>(field->name.id()));
        h = Mix(h, HashType(field->type));
      }
      return h;
    case TypeKind::kTuple:
      return HashTuple(h, As<Tuple>(type));
    case TypeKind::kSignature: {
      auto* sig = As<Signature>(type);
      if (!sig->tparams.empty()) return Mix(h, sig->tparams.size());
      return HashTuple(HashTuple(h, sig->params), sig->results);
    }
    case TypeKind::kNamed: {
      auto* named = As<Named>(type);
      h = Mix(h, reinterpret_cast<uintptr_t>(named->origin));
      for (Type* targ : named->targs) h = Mix(h, HashType(targ));
      return h;
    }
    case TypeKind::kTypeParam:
      return Mix(h, As<TypeParam>(type)->id);
    case TypeKind::kAlias: {
      auto* alias = As<Alias>(type);
      h = Mix(h, reinterpret_cast<uintptr_t>(alias->origin != nullptr ? alias->origin : alias));
      for (Type* targ : alias->targs) h = Mix(h, HashType(targ));
      return Mix(h, HashType(Unalias(type)));
    }
    case TypeKind::kInterface:  // may mention itself or be incomplete
    case TypeKind::kUnion:
      return h;
  }
  return h;
}

}  // namespace escapement::types
