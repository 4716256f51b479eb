// Candidates: whether a function's body may be copied into callers, at what price or
// why not, and what a call of it resolves to.
#pragma once

#include <string>
#include <unordered_set>

#include "engine/inline/inline.h"

namespace escapement::inlining {

// Budgets and surcharges, in nodes (inline/inl.go).
constexpr int kMaxBudget = 80;
constexpr int kExtraCallCost = 57;
constexpr int kParamCallCost = 17;  // a call of a parameter may turn into a known one
constexpr int kExtraPanicCost = 1;
constexpr int kExtraThrowCost = kMaxBudget;
constexpr int kClosureCost = 15;
constexpr int kBigFunctionNodes = 5000;
constexpr int kBigFunctionMaxCost = 20;
constexpr int kClosureCalledOnceCost = 10 * kMaxBudget;

// Decides inlinability and callees for one Context.
class Candidates {
 public:
  explicit Candidates(Context& context) : context_(context), program_(context.program) {}

  // Decides whether fn can be inlined and reports it; once only unless it is impossible.
  void CanInline(ir::Func* fn);
  // Whether fn has so many nodes that only tiny functions are inlined into it.
  static bool IsBig(ir::Func* fn);
  // The function that a call may inline, resolved; without regard to cost. Null: none.
  ir::Func* CallTarget(ir::Func* caller, ir::Node* call);
  // Replaces the call when it can and should be inlined, reporting that; else null.
  ir::Node* TryInline(ir::Func* caller, ir::Node* call, bool big_caller, bool closure_called_once);
  // The callee of function-valued fn. Unless `resolve_only`, closures are priced at once.
  ir::Func* Callee(ir::Func* caller, ir::Node* fn, bool resolve_only);
  // Whether the call may be inlined by price and history.
  bool MayInline(ir::Func* caller, const ir::Node* call, ir::Func* callee, bool big_caller,
                 bool closure_called_once, bool report);
  // What is known of inlining fn, from its own pricing or its Summary; null: not inlinable.
  const ir::InlineInfo* Info(ir::Func* fn);

  Context& context() { return context_; }

 private:
  bool CallCheck(const ir::Node* call) const;

  Context& context_;
  ir::Program& program_;
};

// Why fn cannot be inlined whatever its body says; empty if it may.
std::string InlineImpossible(const ir::Func* fn);
// Whether a call of this symbol compiles to instructions (amd64).
bool IsIntrinsic(const ir::Sym* sym);
bool IsIntrinsicCall(const ir::Node* call);
// Whether the callee is internal/abi.EscapeNonString, which escape analysis knows by name.
bool IsEscapeNonString(const ir::Name* callee);

}  // namespace escapement::inlining
