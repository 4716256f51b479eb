// Type sets: what an interface or type parameter stands for, and the questions that are
// asked of all types in one ("core types" of earlier Go).
#pragma once

#include <functional>
#include <string>

#include "engine/diag/position.h"
#include "engine/types/context.h"
#include "engine/types/type.h"

namespace escapement::types {

// The type set of an interface, computed when first asked for. Incomplete interfaces
// give the set of all types.
TypeSet* TypeSetOf(Interface* type);
TypeSet* ComputeTypeSet(Context& c, diag::Pos pos, Interface* type);
TypeSet* TopTypeSet();
Interface* EmptyInterface();

// The method `name` of the set as seen from `pkg`: its index, or -1.
int MethodIndex(std::span<Func* const> methods, const Package* pkg, base::Name name, bool fold_case);
bool IsComparableSet(const TypeSet* set, std::unordered_set<Type*>* seen = nullptr);
// Sorts by unique id, exported names first.
void SortMethods(std::span<Func*> methods);

// Term algebra.
bool TermIncludes(const Term& x, Type* t);
bool TermsDisjoint(const Term& x, const Term& y);
bool TermsSubset(std::span<const Term> x, std::span<const Term> y);
bool TermsEqual(std::span<const Term> x, std::span<const Term> y);
// The normalised terms of a union (no errors are reported).
List<Term> UnionTerms(Union* type);
std::string TermString(Context& c, const Term& t);
std::string TermsString(Context& c, std::span<const Term> terms);

// Calls f with each specific term of the set until it returns false; with null once if
// there are none. Returns whether f never returned false.
bool EachTerm(const TypeSet* set, const std::function<bool(const Term*)>& f);
// Calls f(t, u) with each type of t's type set and its underlying type (of ~T, T itself);
// (null, null) once if a type parameter has no specific types; (t, under(t)) once for
// other types.
bool EachType(Type* t, const std::function<bool(Type*, Type*)>& f);

// The one underlying type that all types of t's type set share (channels of different
// direction count as the restricted one), or null and a reason. `condition` may refuse
// a type with a reason.
using TypeCondition = std::function<bool(Type* t, Type* u, std::string* cause)>;
Type* CommonUnder(Context& c, Type* t, const TypeCondition& condition, std::string* cause);
inline Type* CommonUnder(Context& c, Type* t) {
  return CommonUnder(c, t, nullptr, nullptr);
}

// A constraint element: T, ~T, A | B | … as an Interface embeds it.
Type* ParseUnion(Context& c, syntax::Expr* expr);

}  // namespace escapement::types
