// Type inference: function arguments first, then constraints, then untyped constants;
// what was found is substituted into itself until nothing changes.
// Rules: the Go specification's "Type inference"; cmd/compile/internal/types2/infer.go.
#include "engine/types/infer.h"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "engine/types/lookup.h"
#include "engine/types/object.h"
#include "engine/types/predicates.h"
#include "engine/types/subst.h"
#include "engine/types/typeset.h"
#include "engine/types/unify.h"

namespace escapement::types {

namespace {

using ParamList = std::span<TypeParam* const>;

int IndexOf(ParamList tparams, const TypeParam* tparam) {
  auto found = std::find(tparams.begin(), tparams.end(), tparam);
  return found == tparams.end() ? -1 : static_cast<int>(found - tparams.begin());
}

// Whether a type mentions type parameters of a list; remembers answers to end cycles.
struct Mentions {
  ParamList tparams;
  std::unordered_map<Type*, bool> seen;

  bool In(Type* type) {
    if (type == nullptr) return false;
    auto [entry, fresh] = seen.emplace(type, false);
    if (!fresh) return entry->second;
    bool found = InParts(type);
    seen[type] = found;
    return found;
  }

  bool InVars(std::span<Var* const> vars) {
    return std::any_of(vars.begin(), vars.end(), [&](Var* var) { return In(var->type); });
  }

  bool InParts(Type* type) {
    switch (type->kind) {
      case TypeKind::kAlias:
        return In(Unalias(type));
      case TypeKind::kArray:
        return In(As<Array>(type)->elem);
      case TypeKind::kSlice:
        return In(As<Slice>(type)->elem);
      case TypeKind::kStruct:
        return InVars(As<Struct>(type)->fields);
      case TypeKind::kPointer:
        return In(As<Pointer>(type)->base);
      case TypeKind::kTuple:
        return InVars(As<Tuple>(type)->vars);
      case TypeKind::kSignature:
        // Type parameters that the signature itself declares do not matter.
        return InVars(As<Signature>(type)->param_vars()) || InVars(As<Signature>(type)->result_vars());
      case TypeKind::kInterface:
        return InTypeSet(TypeSetOf(As<Interface>(type)));
      case TypeKind::kMap:
        return In(As<Map>(type)->key) || In(As<Map>(type)->elem);
      case TypeKind::kChan:
        return In(As<Chan>(type)->elem);
      case TypeKind::kNamed: {
        TypeList targs = As<Named>(type)->targs;
        return std::any_of(targs.begin(), targs.end(), [&](Type* targ) { return In(targ); });
      }
      case TypeKind::kTypeParam:
        return IndexOf(tparams, As<TypeParam>(type)) >= 0;
      default:
        return false;
    }
  }

  bool InTypeSet(const TypeSet* set) {
    for (Func* method : set->methods)
      if (In(method->type)) return true;
    return EachTerm(set, [&](const Term* term) { return term != nullptr && In(term->type); });
  }
};

// Drops inferred types through which a type parameter would expand without end.
struct CycleKiller {
  ParamList tparams;
  std::vector<Type*>& inferred;
  std::unordered_set<Type*> open;

  void Walk(Type* type) {
    type = Unalias(type);
    if (type == nullptr) return;
    if (!open.insert(type).second) {
      if (TypeParam* tparam = As<TypeParam>(type))
        if (int i = IndexOf(tparams, tparam); i >= 0) inferred[static_cast<size_t>(i)] = nullptr;
      return;
    }
    WalkParts(type);
    open.erase(type);
  }

  void WalkVars(std::span<Var* const> vars) {
    for (Var* var : vars) Walk(var->type);
  }

  void WalkParts(Type* type) {
    switch (type->kind) {
      case TypeKind::kArray:
        return Walk(As<Array>(type)->elem);
      case TypeKind::kSlice:
        return Walk(As<Slice>(type)->elem);
      case TypeKind::kStruct:
        return WalkVars(As<Struct>(type)->fields);
      case TypeKind::kPointer:
        return Walk(As<Pointer>(type)->base);
      case TypeKind::kSignature:
        WalkVars(As<Signature>(type)->param_vars());
        return WalkVars(As<Signature>(type)->result_vars());
      case TypeKind::kUnion:
        for (const Term& term : As<Union>(type)->terms) Walk(term.type);
        return;
      case TypeKind::kInterface:
        for (Func* method : As<Interface>(type)->methods) Walk(method->type);
        for (Type* embedded : As<Interface>(type)->embeddeds) Walk(embedded);
        return;
      case TypeKind::kMap:
        Walk(As<Map>(type)->key);
        return Walk(As<Map>(type)->elem);
      case TypeKind::kChan:
        return Walk(As<Chan>(type)->elem);
      case TypeKind::kNamed:
        for (Type* targ : As<Named>(type)->targs) Walk(targ);
        return;
      case TypeKind::kTypeParam:
        if (int i = IndexOf(tparams, As<TypeParam>(type)); i >= 0) Walk(inferred[static_cast<size_t>(i)]);
        return;
      default:
        return;
    }
  }
};

// The one type a constraint admits, or the underlying type that all it admits share.
struct CoreTerm {
  Term term;            // null type: there is none
  bool single = false;  // the constraint has exactly this term
};

CoreTerm CoreTermOf(Context& c, TypeParam* tparam) {
  std::vector<Term> terms;
  EachTerm(TypeSetOf(InterfaceOf(tparam)), [&](const Term* term) {
    if (term != nullptr) terms.push_back(*term);
    return term != nullptr;
  });
  if (terms.size() == 1) return {terms[0], true};
  Type* common = CommonUnder(c, tparam);
  bool tilde = std::any_of(terms.begin(), terms.end(), [](const Term& term) { return term.tilde; });
  return {{tilde, common}, false};
}

// "P", "P and Q", "P, Q, and R".
std::string Names(ParamList tparams) {
  std::string out;
  for (size_t i = 0; i < tparams.size(); ++i) {
    if (i > 0) out += tparams.size() > 2 ? ", " : " ";
    if (i > 0 && i + 1 == tparams.size()) out += "and ";
    out += tparams[i]->object->name.text();
  }
  return out;
}

// A map for the type parameters that have a type.
SubstMap KnownTypes(ParamList tparams, std::span<Type* const> targs) {
  SubstMap map;
  for (size_t i = 0; i < targs.size(); ++i)
    if (targs[i] != nullptr) map.entries.emplace_back(tparams[i], targs[i]);
  return map;
}

// One inference under way. Each step returns false after it has filled `error`.
struct Inference {
  Context& c;
  diag::Pos pos;
  ParamList tparams;
  std::vector<Type*> targs;  // one each, null if unknown
  Tuple* params;             // with the known arguments substituted
  std::span<Operand* const> args;
  bool reverse;
  Report& error;
  Unifier unifier;
  std::vector<size_t> untyped;  // parameters that are plain type parameters with untyped arguments

  bool FromArguments();
  bool FromConstraints();
  bool FromConstraint(TypeParam* tparam);
  bool FromUntyped();
  std::vector<Type*> Simplified();
  void Mismatch(Type* tpar, Type* targ, const Operand& arg);
};

void Inference::Mismatch(Type* tpar, Type* targ, const Operand& arg) {
  std::vector<Type*> known = unifier.Inferred();
  if (std::all_of(known.begin(), known.end(), [](Type* t) { return t == nullptr; })) {
    error.Add(arg, Text(c, "type ", targ, " of ", arg.expr, " does not match ", tpar, " (cannot infer ",
                        Names(tparams), ")"));
    return;
  }
  Type* inferred = Subst(c, arg.expr->pos, tpar, KnownTypes(tparams, known));
  if (inferred == tpar) {
    error.Add(arg, Text(c, "type ", targ, " of ", arg.expr, " does not match ", tpar));
  } else if (reverse) {
    error.Add(arg, Text(c, "inferred type ", inferred, " for ", tpar, " does not match type ", targ, " of ",
                        arg.expr));
  } else {
    error.Add(arg, Text(c, "type ", targ, " of ", arg.expr, " does not match inferred type ", inferred,
                        " for ", tpar));
  }
}

bool Inference::FromArguments() {
  for (size_t i = 0; i < args.size(); ++i) {
    const Operand& arg = *args[i];
    Type* param = params->vars[i]->type;
    if (!IsParameterized(tparams, param) && !IsParameterized(tparams, arg.type)) continue;
    if (IsTyped(arg.type)) {
      if (unifier.Unify(param, arg.type, kAssign)) continue;
      Mismatch(param, arg.type, arg);
      return false;
    }
    // Untyped values have basic default types: they match plain type parameters only.
    if (As<TypeParam>(param) != nullptr && !arg.is_nil()) untyped.push_back(i);
  }
  return true;
}

bool Inference::FromConstraints() {
  for (size_t before = unifier.Unknowns();;) {
    for (TypeParam* tparam : tparams)
      if (!FromConstraint(tparam)) return false;
    size_t after = unifier.Unknowns();
    if (after == before) return true;
    before = after;
  }
}

bool Inference::FromConstraint(TypeParam* tparam) {
  Type* type = unifier.At(tparam);
  CoreTerm core = CoreTermOf(c, tparam);
  if (core.term.type != nullptr) {
    if (type != nullptr) {
      if (!unifier.Unify(type, core.term.type, kInexact)) {
        error.Add(pos, Text(c, tparam, " (type ", type, ") does not satisfy ", tparam->bound));
        return false;
      }
    } else if (core.single && !core.term.tilde) {
      unifier.Set(tparam, core.term.type);
    }
  }
  if (type == nullptr || IsParameterized(tparams, type)) return true;
  std::string cause;
  TypeEquivalence equivalent = [](void* data, Type* x, Type* y) {
    return static_cast<Unifier*>(data)->Unify(x, y, kExact);
  };
  if (HasAllMethods(c, type, InterfaceOf(tparam), true, equivalent, &unifier, &cause)) return true;
  error.Add(pos, Text(c, tparam, " (type ", type, ") does not satisfy ", tparam->bound, " ", cause));
  return false;
}

// A type parameter that only untyped arguments speak of gets the default type of the largest.
bool Inference::FromUntyped() {
  std::vector<Type*> largest(tparams.size());
  for (size_t i : untyped) {
    TypeParam* tparam = As<TypeParam>(params->vars[i]->type);
    if (unifier.At(tparam) != nullptr) continue;
    Type*& max = largest[static_cast<size_t>(IndexOf(tparams, tparam))];
    Type* joined = max == nullptr ? args[i]->type : MaxType(max, args[i]->type);
    if (joined == nullptr) {
      error.Add(*args[i],
                Text(c, "mismatched types ", max, " and ", args[i]->type, " (cannot infer ", tparam, ")"));
      return false;
    }
    max = joined;
  }
  for (size_t i = 0; i < tparams.size(); ++i)
    if (largest[i] != nullptr) unifier.Set(tparams[i], Default(largest[i]));
  return true;
}

std::vector<Type*> Inference::Simplified() {
  std::vector<Type*> inferred = unifier.Inferred();
  CycleKiller killer{tparams, inferred, {}};
  for (TypeParam* tparam : tparams) killer.Walk(tparam);

  std::vector<size_t> dirty;
  for (size_t i = 0; i < inferred.size(); ++i)
    if (inferred[i] != nullptr && targs[i] == nullptr) dirty.push_back(i);
  while (!dirty.empty()) {
    SubstMap map = KnownTypes(tparams, inferred);
    std::vector<size_t> changed;
    for (size_t i : dirty) {
      Type* simpler = Subst(c, diag::Pos(), inferred[i], map);
      if (simpler == inferred[i]) continue;
      // A generic function argument whose type parameters are all known is generic no more.
      Signature* sig = As<Signature>(simpler);
      if (sig != nullptr && !sig->tparams.empty() && !IsParameterized(tparams, sig)) sig->tparams = {};
      inferred[i] = simpler;
      changed.push_back(i);
    }
    dirty = std::move(changed);
  }
  return inferred;
}

}  // namespace

bool IsParameterized(ParamList tparams, Type* type) {
  return Mentions{tparams, {}}.In(type);
}

std::vector<Type*> Infer(Context& c, diag::Pos pos, ParamList tparams, std::span<Type* const> targs,
                         Tuple* params, std::span<Operand* const> args, bool reverse, Report& error) {
  std::vector<Type*> known(targs.begin(), targs.end());
  known.resize(tparams.size());
  if (std::find(known.begin(), known.end(), nullptr) == known.end()) return known;
  for (const Operand* arg : args)
    if (!arg->valid()) return {};  // reported before

  if (params != nullptr) params = SubstTuple(c, diag::Pos(), params, KnownTypes(tparams, known));
  Inference inference{
      c, pos, tparams, known, params, args, reverse, error, Unifier(c, tparams, known, AllowVersion(c, 21)),
      {}};
  if (!inference.FromArguments() || !inference.FromConstraints() || !inference.FromUntyped()) return {};
  std::vector<Type*> inferred = inference.Simplified();
  for (size_t i = 0; i < inferred.size(); ++i) {
    if (inferred[i] != nullptr && !IsParameterized(tparams, inferred[i])) continue;
    const TypeName* object = tparams[i]->object;
    error.Add(pos, Text(c, "cannot infer ", object->name, " (declared at ", object->pos, ")"));
    return {};
  }
  return inferred;
}

std::vector<TypeParam*> RenameTypeParams(Context& c, diag::Pos pos, ParamList tparams, Type* type,
                                         Type** renamed) {
  std::vector<TypeParam*> fresh;
  for (TypeParam* tparam : tparams) {
    const TypeName* object = tparam->object;
    TypeParam* copy =
        NewTypeParam(c, NewTypeName(c, object->pos, object->pkg, object->name, nullptr), nullptr);
    copy->index = tparam->index;
    fresh.push_back(copy);
  }
  SubstMap map = SubstMap::Rename(tparams, fresh);
  for (size_t i = 0; i < fresh.size(); ++i) fresh[i]->bound = Subst(c, pos, tparams[i]->bound, map);
  if (renamed != nullptr) *renamed = type != nullptr ? Subst(c, pos, type, map) : nullptr;
  return fresh;
}

}  // namespace escapement::types
