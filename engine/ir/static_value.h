// Static values: the earliest expression that always has the same value as another,
// followed through variables that are assigned once. The inliner, the devirtualiser
// and escape analysis resolve callees, sizes and constants with it.
// Rules: cmd/compile/internal/ir/expr.go (StaticValue, Reassigned) and reassignment.go.
#pragma once

#include <unordered_map>

#include "engine/ir/func.h"

namespace escapement::ir {

// The earliest expression with n's value; n itself when nothing is known. It may have
// another type than n: conversions that change nothing are looked through.
Node* StaticValue(Node* n);
// Whether a variable has assignments other than its declaration, or may have some
// through its address. Package-level variables count as reassigned.
bool Reassigned(Name* name);
// The function's name that n denotes when that is known statically, else null.
Name* StaticCalleeName(Node* n);
// The method that a selector, method expression or method value names; null for
// methods of interfaces.
Name* MethodExprName(const Node* n);
// The one result variable of an inlined call.
Node* SingleResult(Node* inlined_call);
// Whether l and r are the same expression without side effects, so that one may stand
// for the other.
bool SameSafeExpr(const Node* l, const Node* r);

// Whether n can be assigned to or have its address taken (ir.IsAddressable).
bool IsAddressable(const Node* n);
// Whether evaluating n may do more than give a value (staticinit.AnySideEffects).
bool AnySideEffects(Node* n);
// Whether evaluating n twice is as good as keeping its value (staticinit.canRepeat).
bool CanRepeat(Node* n);

// Answers StaticValue for all variables of one function and its closures after a single
// walk. Build a new one when the function's assignments have changed.
class ReassignOracle {
 public:
  explicit ReassignOracle(Func* fn);
  Node* StaticValue(Node* n) const;
  bool Reassigned(Name* name) const { return single_definition_.count(name) == 0; }

 private:
  void CollectLocals(Func* fn);
  void PruneAssigned(Func* fn);
  void Prune(Node* assigned, const Node* assignment);
  Node* Definition(Node* n) const;

  // Candidates and their defining assignments (null: a parameter).
  std::unordered_map<const Name*, Node*> single_definition_;
};

}  // namespace escapement::ir
