// Unification: making two types identical, or assignable, by choosing types for type
// parameters. Type parameters that were unified with each other share one choice.
// Rules: the Go specification's "Type unification"; cmd/compile/internal/types2/unify.go.
#pragma once

#include <span>
#include <vector>

#include "engine/types/context.h"
#include "engine/types/type.h"

namespace escapement::types {

// How closely two types must match.
struct UnifyMode {
  bool assign = false;  // inexactly at the top, exactly in elements
  bool exact = false;   // identical; else named and literal types match by underlying type
};
inline constexpr UnifyMode kInexact{};
inline constexpr UnifyMode kAssign{true, false};
inline constexpr UnifyMode kExact{false, true};

// The types chosen so far for a list of type parameters.
class Unifier {
 public:
  // `targs` may be shorter than `tparams` and hold nulls: those are to be inferred. With
  // `interfaces` (go1.21) shared methods of interfaces help.
  Unifier(Context& c, std::span<TypeParam* const> tparams, std::span<Type* const> targs, bool interfaces);

  // Whether x and y unify; choices made on the way stay.
  bool Unify(Type* x, Type* y, UnifyMode mode) { return Nify(x, y, mode, nullptr); }
  // The type chosen for a bound type parameter, or null.
  Type* At(const TypeParam* tparam) const { return types_[Handle(tparam)]; }
  void Set(const TypeParam* tparam, Type* type) { types_[Handle(tparam)] = type; }
  // How many type parameters have no type yet.
  size_t Unknowns() const;
  // The chosen types, null where there is none.
  std::vector<Type*> Inferred() const;

 private:
  // Interfaces under comparison, to end cycles through anonymous interfaces.
  struct Pair {
    Interface *x, *y;
    const Pair* outer;
  };

  size_t Handle(const TypeParam* tparam) const;
  TypeParam* Bound(Type* type) const;
  bool Join(TypeParam* x, TypeParam* y);
  bool Nify(Type* x, Type* y, UnifyMode mode, const Pair* pair);
  bool MatchBound(TypeParam* px, Type* y, UnifyMode mode, const Pair* pair);
  bool MatchInterfaces(Interface* x, Interface* y, const Pair* pair);
  bool MatchMethods(Interface* x, Type* y, const Pair* pair);
  bool MatchStructure(Type* x, Type* y, UnifyMode mode, const Pair* pair);
  bool MatchStructs(Struct* x, Struct* y, UnifyMode mode, const Pair* pair);
  bool MatchTuples(Tuple* x, Tuple* y, UnifyMode mode, const Pair* pair);
  bool MatchExactInterfaces(Interface* x, Interface* y, const Pair* pair);
  bool MatchNamed(Named* x, Named* y, UnifyMode mode, const Pair* pair);

  Context& c_;
  std::span<TypeParam* const> tparams_;
  std::vector<size_t> handles_;  // by index in tparams_: which of types_ it shares
  std::vector<Type*> types_;
  bool interfaces_;
  int depth_ = 0;
};

}  // namespace escapement::types
