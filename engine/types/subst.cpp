#include "engine/types/subst.h"

#include "engine/base/check.h"
#include "engine/types/predicates.h"
#include "engine/types/typeset.h"

namespace escapement::types {

SubstMap::SubstMap(std::span<TypeParam* const> from, TypeList to) {
  ENSURE(from.size() == to.size(), "type parameters and arguments differ in number");
  entries.reserve(from.size());
  for (size_t i = 0; i < from.size(); ++i) entries.emplace_back(from[i], to[i]);
}

SubstMap SubstMap::Rename(std::span<TypeParam* const> from, std::span<TypeParam* const> to) {
  ENSURE(from.size() == to.size(), "type parameter lists differ in length");
  SubstMap map;
  for (size_t i = 0; i < from.size(); ++i) map.entries.emplace_back(from[i], to[i]);
  return map;
}

Type* SubstMap::Lookup(TypeParam* tparam) const {
  for (auto& [from, to] : entries) {
    if (from == tparam) return to != nullptr ? to : tparam;
  }
  return tparam;
}

namespace {

// Applies one map. Types are shared where nothing changes.
class Substituter {
 public:
  Substituter(Context& c, diag::Pos pos, const SubstMap& map) : c_(c), pos_(pos), map_(map) {}

  Type* Apply(Type* type);
  Tuple* ApplyTuple(Tuple* tuple) {
    if (tuple == nullptr) return nullptr;
    std::span<Var*> vars;
    if (!ApplyVars(tuple->vars, &vars)) return tuple;
    auto* result = NewType<Tuple>(c_);
    result->vars = vars;
    return result;
  }

 private:
  bool ApplyVars(std::span<Var*> in, std::span<Var*>* out);
  bool ApplyTypes(TypeList in, std::vector<Type*>* out);
  Type* ApplySignature(Signature* sig);
  Type* ApplyInterface(Interface* iface);
  Type* ApplyUnion(Union* type);
  Type* ApplyNamed(Named* named);
  Type* ApplyAlias(Alias* alias);
  Type* OrInvalid(Type* type) { return type != nullptr ? Apply(type) : InvalidType(); }

  Context& c_;
  diag::Pos pos_;
  const SubstMap& map_;
};

bool Substituter::ApplyVars(std::span<Var*> in, std::span<Var*>* out) {
  bool changed = false;
  for (size_t i = 0; i < in.size(); ++i) {
    Type* type = Apply(in[i]->type);
    if (type == in[i]->type) continue;
    if (!changed) *out = c_.arena.Copy(std::span<Var* const>(in));
    changed = true;
    (*out)[i] = CloneVar(c_, in[i], type);
  }
  return changed;
}

bool Substituter::ApplyTypes(TypeList in, std::vector<Type*>* out) {
  bool changed = false;
  for (size_t i = 0; i < in.size(); ++i) {
    Type* type = Apply(in[i]);
    if (type == in[i]) continue;
    if (!changed) out->assign(in.begin(), in.end());
    changed = true;
    (*out)[i] = type;
  }
  return changed;
}

Type* Substituter::ApplySignature(Signature* sig) {
  // The receiver is replaced where the method belongs (ExpandMethod, ReplaceRecvType); type
  // parameters of the signature keep their bounds, which inference and verification substitute.
  Tuple* params = ApplyTuple(sig->params);
  Tuple* results = ApplyTuple(sig->results);
  if (params == sig->params && results == sig->results) return sig;
  auto* copy = NewType<Signature>(c_);
  copy->rparams = sig->rparams;
  copy->tparams = sig->tparams;
  copy->recv = sig->recv;
  copy->params = params;
  copy->results = results;
  copy->variadic = sig->variadic;
  return copy;
}

Type* Substituter::ApplyInterface(Interface* iface) {
  List<Func*> methods = iface->methods;
  bool methods_changed = false;
  for (size_t i = 0; i < iface->methods.size(); ++i) {
    Func* method = iface->methods[i];
    Type* type = Apply(method->type);
    if (type == method->type) continue;
    if (!methods_changed) methods = List<Func*>::Of(c_.arena, iface->methods.span());
    methods_changed = true;
    methods[i] = CloneFunc(c_, method, type);
  }
  std::vector<Type*> embeddeds;
  bool embeddeds_changed = ApplyTypes(iface->embeddeds.span(), &embeddeds);
  if (!methods_changed && !embeddeds_changed) return iface;
  Interface* copy = NewInterface(c_);
  copy->embeddeds = embeddeds_changed ? List<Type*>::Of(c_.arena, embeddeds) : iface->embeddeds;
  copy->embed_pos = iface->embed_pos;
  copy->implicit = iface->implicit;
  copy->complete = iface->complete;
  // Methods' receivers refer to the interface they are declared in.
  copy->methods = ReplaceRecvType(c_, methods, iface, copy, nullptr);
  return copy;
}

Type* Substituter::ApplyUnion(Union* type) {
  std::vector<Term> terms;
  for (size_t i = 0; i < type->terms.size(); ++i) {
    Type* t = Apply(type->terms[i].type);
    if (t == type->terms[i].type) continue;
    if (terms.empty()) terms.assign(type->terms.begin(), type->terms.end());
    terms[i].type = t;
  }
  if (terms.empty()) return type;
  auto* copy = NewType<Union>(c_);
  copy->context = &c_;
  copy->terms = c_.arena.Copy(terms);
  return copy;
}

Type* Substituter::ApplyNamed(Named* named) {
  // Parameters of an enclosing function that a local type mentions are substituted by the
  // back end; here only instances carry arguments.
  size_t count = TypeParams(named).size();
  if (count == 0) return named;
  if (named->targs.size() != count) return InvalidType();  // error reported elsewhere
  std::vector<Type*> targs;
  if (!ApplyTypes(named->targs, &targs)) return named;
  return Instantiate(c_, pos_, named->origin, targs);
}

Type* Substituter::ApplyAlias(Alias* alias) {
  Alias* origin = alias->origin;
  if (origin->tparams.empty()) return alias;
  if (alias->targs.size() != origin->tparams.size()) return InvalidType();
  std::vector<Type*> targs;
  if (!ApplyTypes(alias->targs, &targs)) return alias;
  return Instantiate(c_, pos_, origin, targs);
}

Type* Substituter::Apply(Type* type) {
  switch (type->kind) {
    case TypeKind::kBasic:
      return type;
    case TypeKind::kTypeParam:
      return map_.Lookup(As<TypeParam>(type));
    case TypeKind::kNamed:
      return ApplyNamed(As<Named>(type));
    case TypeKind::kAlias:
      return ApplyAlias(As<Alias>(type));
    case TypeKind::kPointer: {
      Type* base = Apply(As<Pointer>(type)->base);
      return base == As<Pointer>(type)->base ? type : NewPointer(c_, base);
    }
    case TypeKind::kSlice: {
      Type* elem = OrInvalid(As<Slice>(type)->elem);
      return elem == As<Slice>(type)->elem ? type : NewSlice(c_, elem);
    }
    case TypeKind::kArray: {
      auto* array = As<Array>(type);
      Type* elem = OrInvalid(array->elem);
      if (elem == array->elem) return type;
      auto* copy = NewType<Array>(c_);
      copy->length = array->length;
      copy->elem = elem;
      return copy;
    }
    case TypeKind::kMap: {
      auto* map = As<Map>(type);
      Type *key = Apply(map->key), *elem = Apply(map->elem);
      if (key == map->key && elem == map->elem) return type;
      auto* copy = NewType<Map>(c_);
      copy->key = key;
      copy->elem = elem;
      return copy;
    }
    case TypeKind::kChan: {
      auto* chan = As<Chan>(type);
      Type* elem = Apply(chan->elem);
      if (elem == chan->elem) return type;
      auto* copy = NewType<Chan>(c_);
      copy->dir = chan->dir;
      copy->elem = elem;
      return copy;
    }
    case TypeKind::kStruct: {
      auto* st = As<Struct>(type);
      std::span<Var*> fields;
      if (!ApplyVars(st->fields, &fields)) return type;
      auto* copy = NewType<Struct>(c_);
      copy->fields = fields;
      copy->tags = st->tags;
      return copy;
    }
    case TypeKind::kTuple:
      return ApplyTuple(As<Tuple>(type));
    case TypeKind::kSignature:
      return ApplySignature(As<Signature>(type));
    case TypeKind::kInterface:
      return ApplyInterface(As<Interface>(type));
    case TypeKind::kUnion:
      return ApplyUnion(As<Union>(type));
  }
  return type;
}

}  // namespace

Type* Subst(Context& c, diag::Pos pos, Type* type, const SubstMap& map) {
  if (map.empty()) return type;
  return Substituter(c, pos, map).Apply(type);
}

Tuple* SubstTuple(Context& c, diag::Pos pos, Tuple* tuple, const SubstMap& map) {
  if (map.empty()) return tuple;
  return Substituter(c, pos, map).ApplyTuple(tuple);
}

List<Func*> ReplaceRecvType(Context& c, List<Func*> methods, Type* from, Type* to, bool* copied) {
  bool changed = false;
  List<Func*> result = methods;
  for (size_t i = 0; i < methods.size(); ++i) {
    Signature* sig = methods[i]->signature();
    if (sig->recv == nullptr || sig->recv->type != from) continue;
    if (!changed) result = List<Func*>::Of(c.arena, methods.span());
    changed = true;
    auto* copy = c.arena.New<Signature>(*sig);
    copy->recv = CloneVar(c, sig->recv, to);
    result[i] = CloneFunc(c, methods[i], copy);
  }
  if (copied != nullptr) *copied = changed;
  return result;
}

}  // namespace escapement::types
