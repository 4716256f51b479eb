#include "engine/types/unify.h"

#include <algorithm>
#include <string>
#include <unordered_map>

#include "engine/base/check.h"
#include "engine/types/lookup.h"
#include "engine/types/object.h"
#include "engine/types/predicates.h"
#include "engine/types/typeset.h"

namespace escapement::types {

namespace {

// gc gives up (with a crash) at this depth; here the types just do not unify.
constexpr int kDepthLimit = 50;

bool SameType(Type* x, Type* y) {
  return x == y || Unalias(x) == Unalias(y);
}

// An interface that is no type parameter's constraint.
Interface* AsInterface(Type* type) {
  return IsTypeParam(type) ? nullptr : Under<Interface>(type);
}

// Neither a defined type nor a type parameter.
bool IsTypeLiteral(Type* type) {
  type = Unalias(type);
  return type->kind != TypeKind::kNamed && type->kind != TypeKind::kTypeParam;
}

bool SameTypeSetKind(const TypeSet* x, const TypeSet* y) {
  return x->comparable == y->comparable && TermsEqual(x->terms.span(), y->terms.span());
}

std::string MethodId(const Func* method) {
  return Id(method->pkg, method->name.text());
}

}  // namespace

Unifier::Unifier(Context& c, std::span<TypeParam* const> tparams, std::span<Type* const> targs,
                 bool interfaces)
    : c_(c), tparams_(tparams), interfaces_(interfaces) {
  for (size_t i = 0; i < tparams.size(); ++i) {
    handles_.push_back(i);
    types_.push_back(i < targs.size() ? targs[i] : nullptr);
  }
}

size_t Unifier::Handle(const TypeParam* tparam) const {
  size_t i = static_cast<size_t>(std::find(tparams_.begin(), tparams_.end(), tparam) - tparams_.begin());
  ENSURE(i < tparams_.size(), "type parameter is not being inferred");
  return handles_[i];
}

size_t Unifier::Unknowns() const {
  return static_cast<size_t>(std::count_if(handles_.begin(), handles_.end(),
                                           [&](size_t handle) { return types_[handle] == nullptr; }));
}

std::vector<Type*> Unifier::Inferred() const {
  std::vector<Type*> out;
  for (size_t handle : handles_) out.push_back(types_[handle]);
  return out;
}

TypeParam* Unifier::Bound(Type* type) const {
  TypeParam* tparam = As<TypeParam>(Unalias(type));
  return std::find(tparams_.begin(), tparams_.end(), tparam) != tparams_.end() ? tparam : nullptr;
}

bool Unifier::Join(TypeParam* x, TypeParam* y) {
  size_t hx = Handle(x), hy = Handle(y);
  if (hx == hy) return true;
  if (types_[hx] != nullptr && types_[hy] != nullptr) return false;
  size_t kept = types_[hx] != nullptr ? hx : hy;
  std::replace(handles_.begin(), handles_.end(), kept == hx ? hy : hx, kept);
  return true;
}

bool Unifier::Nify(Type* x, Type* y, UnifyMode mode, const Pair* pair) {
  if (x == nullptr || y == nullptr) return x == y;
  if (SameType(x, y)) return true;
  if (depth_ >= kDepthLimit) return false;
  struct Depth {
    int& depth;
    explicit Depth(int& d) : depth(d) { ++depth; }
    ~Depth() { --depth; }
  } guard(depth_);

  // A defined type goes into y, a bound type parameter into x.
  if (AsNamed(x) != nullptr || Bound(y) != nullptr) std::swap(x, y);

  // A defined type matches a type literal through its underlying type, unless exactness is asked for.
  Named* named = AsNamed(y);
  if (!mode.exact && named != nullptr && IsTypeLiteral(x) && !(interfaces_ && IsInterface(x))) {
    y = Underlying(named);
    if (SameType(x, y)) return true;
  }

  TypeParam *px = Bound(x), *py = Bound(y);
  if (px != nullptr && py != nullptr) return Join(px, py) || Nify(At(px), At(py), mode, pair);
  if (px != nullptr) return MatchBound(px, y, mode, pair);

  if (interfaces_ && !mode.exact) {
    Interface *xi = AsInterface(x), *yi = AsInterface(y);
    if (xi != nullptr && yi != nullptr) return MatchInterfaces(xi, yi, pair);
    if (xi != nullptr) return MatchMethods(xi, y, pair);
    if (yi != nullptr) return MatchMethods(yi, x, pair);
  }
  return MatchStructure(x, y, mode, pair);
}

// px is bound, y is not a bound type parameter.
bool Unifier::MatchBound(TypeParam* px, Type* y, UnifyMode mode, const Pair* pair) {
  Type* x = At(px);
  if (x == nullptr) {
    Set(px, y);
    return true;
  }
  if (!Nify(x, y, mode, pair)) return false;
  Interface *xi = AsInterface(x), *yi = AsInterface(y);
  bool x_named = AsNamed(x) != nullptr, y_named = AsNamed(y) != nullptr;
  if (xi != nullptr && yi != nullptr) {
    // Of two named interfaces neither has the right name; else the method sets must agree.
    if (x_named && y_named) return Identical(x, y);
    if (TypeSetOf(xi)->methods.size() != TypeSetOf(yi)->methods.size()) return false;
  } else if (xi != nullptr || yi != nullptr) {
    return false;  // either could be meant: choosing one would depend on the order
  }
  // Where matching is inexact, a defined type is preferred, then a directed channel.
  if (!mode.exact && !x_named) {
    Chan* channel = Under<Chan>(y);
    if (y_named || (channel != nullptr && channel->dir != ChanDir::kSendRecv)) Set(px, y);
  }
  return true;
}

// One of two interfaces must have a subset of the other's methods.
bool Unifier::MatchInterfaces(Interface* x, Interface* y, const Pair* pair) {
  const TypeSet *xset = TypeSetOf(x), *yset = TypeSetOf(y);
  if (!SameTypeSetKind(xset, yset)) return false;
  for (const Pair* p = pair; p != nullptr; p = p->outer)
    if ((p->x == x && p->y == y) || (p->x == y && p->y == x)) return true;
  Pair inner{x, y, pair};
  bool swap = xset->methods.size() > yset->methods.size();
  const List<Func*>& few = swap ? yset->methods : xset->methods;
  const List<Func*>& many = swap ? xset->methods : yset->methods;
  std::unordered_map<std::string, Func*> by_id;
  for (Func* method : many) by_id.emplace(MethodId(method), method);
  for (Func* method : few) {
    auto found = by_id.find(MethodId(method));
    if (found == by_id.end() || !Nify(method->type, found->second->type, kExact, &inner)) return false;
  }
  return true;
}

// y, which is no interface, must have all methods of x.
bool Unifier::MatchMethods(Interface* x, Type* y, const Pair* pair) {
  for (Func* method : TypeSetOf(x)->methods) {
    Func* other = As<Func>(LookupFieldOrMethod(y, false, method->pkg, method->name).object);
    if (other == nullptr || !Nify(method->type, other->type, kExact, pair)) return false;
  }
  return true;
}

bool Unifier::MatchStructure(Type* x, Type* y, UnifyMode mode, const Pair* pair) {
  // An unbound type parameter goes into x.
  if (IsTypeParam(y)) std::swap(x, y);
  UnifyMode elem_mode = mode;
  elem_mode.exact = mode.exact || mode.assign;
  Type* y_written = y;
  x = Unalias(x);
  y = Unalias(y);
  if (x->kind == TypeKind::kTypeParam) {
    // Its type argument's underlying type must be the core type, if there is one.
    Type* core = CommonUnder(c_, x);
    return core != nullptr && Nify(core, y_written, kAssign, pair);
  }
  if (x->kind != y->kind) return false;
  auto nify = [&](Type* a, Type* b) { return Nify(a, b, elem_mode, pair); };
  switch (x->kind) {
    case TypeKind::kBasic:
      return As<Basic>(x)->basic == As<Basic>(y)->basic;
    case TypeKind::kArray: {
      Array *a = As<Array>(x), *b = As<Array>(y);
      return (a->length < 0 || b->length < 0 || a->length == b->length) && nify(a->elem, b->elem);
    }
    case TypeKind::kSlice:
      return nify(As<Slice>(x)->elem, As<Slice>(y)->elem);
    case TypeKind::kStruct:
      return MatchStructs(As<Struct>(x), As<Struct>(y), elem_mode, pair);
    case TypeKind::kPointer:
      return nify(As<Pointer>(x)->base, As<Pointer>(y)->base);
    case TypeKind::kTuple:
      return MatchTuples(As<Tuple>(x), As<Tuple>(y), mode, pair);
    case TypeKind::kSignature: {
      Signature *a = As<Signature>(x), *b = As<Signature>(y);
      return a->variadic == b->variadic && MatchTuples(a->params, b->params, elem_mode, pair) &&
             MatchTuples(a->results, b->results, elem_mode, pair);
    }
    case TypeKind::kInterface:
      return MatchExactInterfaces(As<Interface>(x), As<Interface>(y), pair);
    case TypeKind::kMap: {
      Map *a = As<Map>(x), *b = As<Map>(y);
      return nify(a->key, b->key) && nify(a->elem, b->elem);
    }
    case TypeKind::kChan: {
      Chan *a = As<Chan>(x), *b = As<Chan>(y);
      return (!mode.exact || a->dir == b->dir) && nify(a->elem, b->elem);
    }
    case TypeKind::kNamed:
      return MatchNamed(As<Named>(x), As<Named>(y), mode, pair);
    default:
      return false;
  }
}

bool Unifier::MatchStructs(Struct* x, Struct* y, UnifyMode mode, const Pair* pair) {
  if (x->fields.size() != y->fields.size()) return false;
  for (size_t i = 0; i < x->fields.size(); ++i) {
    Var *f = x->fields[i], *g = y->fields[i];
    if (f->embedded != g->embedded || x->Tag(i) != y->Tag(i) || !SameId(f, g->pkg, g->name, false) ||
        !Nify(f->type, g->type, mode, pair))
      return false;
  }
  return true;
}

bool Unifier::MatchTuples(Tuple* x, Tuple* y, UnifyMode mode, const Pair* pair) {
  std::span<Var*> xs = x != nullptr ? x->vars : std::span<Var*>();
  std::span<Var*> ys = y != nullptr ? y->vars : std::span<Var*>();
  if (xs.size() != ys.size()) return false;
  for (size_t i = 0; i < xs.size(); ++i)
    if (!Nify(xs[i]->type, ys[i]->type, mode, pair)) return false;
  return true;
}

bool Unifier::MatchExactInterfaces(Interface* x, Interface* y, const Pair* pair) {
  const TypeSet *xset = TypeSetOf(x), *yset = TypeSetOf(y);
  if (!SameTypeSetKind(xset, yset) || xset->methods.size() != yset->methods.size()) return false;
  for (const Pair* p = pair; p != nullptr; p = p->outer)
    if ((p->x == x && p->y == y) || (p->x == y && p->y == x)) return true;
  Pair inner{x, y, pair};
  for (size_t i = 0; i < xset->methods.size(); ++i) {
    Func *f = xset->methods[i], *g = yset->methods[i];
    if (MethodId(f) != MethodId(g) || !Nify(f->type, g->type, kExact, &inner)) return false;
  }
  return true;
}

// Type arguments are compared first: messages about them are better.
bool Unifier::MatchNamed(Named* x, Named* y, UnifyMode mode, const Pair* pair) {
  if (x->targs.size() != y->targs.size()) return false;
  for (size_t i = 0; i < x->targs.size(); ++i)
    if (!Nify(x->targs[i], y->targs[i], mode, pair)) return false;
  return IdenticalOrigin(x, y);
}

}  // namespace escapement::types
