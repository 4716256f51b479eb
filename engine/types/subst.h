// Substitution and instantiation: types with type arguments for type parameters.
#pragma once

#include <span>
#include <string>
#include <utility>
#include <vector>

#include "engine/diag/position.h"
#include "engine/types/context.h"
#include "engine/types/type.h"

namespace escapement::types {

// Type parameter → type. Small, so a list.
struct SubstMap {
  std::vector<std::pair<TypeParam*, Type*>> entries;
  SubstMap() = default;
  SubstMap(std::span<TypeParam* const> from, TypeList to);
  static SubstMap Rename(std::span<TypeParam* const> from, std::span<TypeParam* const> to);
  bool empty() const { return entries.empty(); }
  Type* Lookup(TypeParam* tparam) const;
};

// `type` with the map applied; the same pointer if nothing changed. `pos` is for errors.
Type* Subst(Context& c, diag::Pos pos, Type* type, const SubstMap& map);
Tuple* SubstTuple(Context& c, diag::Pos pos, Tuple* tuple, const SubstMap& map);

// The instance of a generic Named, Alias or Signature; instances are shared session-wide.
// The number of arguments of a Named is not checked here.
Type* Instantiate(Context& c, diag::Pos pos, Type* generic, TypeList targs);
// Reports a wrong number of type arguments; returns whether it was right.
bool ValidateTypeArgCount(Context& c, diag::Pos pos, const std::string& name, size_t want, size_t got);
// Whether the arguments satisfy the constraints: -1, or the index of the first that does not,
// with the reason.
int VerifyInstance(Context& c, diag::Pos pos, std::span<TypeParam* const> tparams, TypeList targs,
                   std::string* cause);
// Whether V implements interface T (with `constraint`: satisfies); the reason if not.
bool Implements(Context& c, Type* v, Type* t, bool constraint, std::string* cause);
// The methods with receivers of type `from` replaced; `copied` tells whether there were any.
List<Func*> ReplaceRecvType(Context& c, List<Func*> methods, Type* from, Type* to, bool* copied);

// Completes an instance's right-hand side and type parameters.
void Unpack(Named* named);

}  // namespace escapement::types
