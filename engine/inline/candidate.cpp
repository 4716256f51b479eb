#include "engine/inline/candidate.h"

#include <algorithm>
#include <string_view>
#include <unordered_set>
#include <utility>

#include "engine/inline/cost.h"
#include "engine/ir/print.h"
#include "engine/ir/static_value.h"

namespace escapement::inlining {

using namespace ir;

namespace {

struct Intrinsic {
  std::string_view path;
  std::string_view name;
};

constexpr Intrinsic kIntrinsics[] = {
#define INTRINSIC(path, name) {path, name},
#include "engine/inline/intrinsics.def"
#undef INTRINSIC
};

// Whether the result variable is declared only by the one return statement: exactly one,
// with values, and no named results.
bool CanDelayResults(const Func* fn) {
  int returns = 0;
  ir::VisitList(fn->body, [&](Node* n) {
    if (n->op == kReturn) returns += n->list.empty() ? 2 : 1;
  });
  if (returns != 1) return false;
  for (const Name* result : fn->results()) {
    bool unnamed = result->IsBlank() || result->text().substr(0, 1) == "~";
    if (!unnamed) return false;
  }
  return true;
}

}  // namespace

bool IsIntrinsic(const Sym* sym) {
  if (sym == nullptr || sym->pkg == nullptr) return false;
  std::string_view path = sym->pkg->path == "go.runtime" ? std::string_view("runtime") : sym->pkg->path;
  std::string_view name = sym->text();
  return std::any_of(std::begin(kIntrinsics), std::end(kIntrinsics),
                     [&](const Intrinsic& i) { return i.name == name && i.path == path; });
}

bool IsIntrinsicCall(const Node* call) {
  if (call->x->op == kName) return IsIntrinsic(call->x->AsName()->name_sym);
  if (call->x->op != kMethExpr) return false;
  const Name* method = MethodExprName(call->x);
  return method != nullptr && method->fn != nullptr && IsIntrinsic(method->fn->sym);
}

// Whether the call is of a method whose result checkptr follows into a conversion.
bool IsCheckedReflection(const Node* call) {
  const Name* method = call->x->op == kMethExpr ? MethodExprName(call->x) : nullptr;
  const Sym* sym = method == nullptr ? nullptr : method->name_sym;
  if (sym == nullptr || sym->pkg == nullptr || sym->pkg->path != "reflect") return false;
  return sym->text() == "Value.UnsafeAddr" || sym->text() == "Value.Pointer";
}

bool IsEscapeNonString(const Name* callee) {
  const Sym* sym = callee == nullptr ? nullptr : callee->name_sym;
  return sym != nullptr && sym->pkg != nullptr && sym->pkg->path == "internal/abi" &&
         sym->text().substr(0, 16) == "EscapeNonString[";
}

std::string InlineImpossible(const Func* fn) {
  if (fn->nname == nullptr) return "no name";
  if ((fn->pragma & kPragmaNoinline) != 0) return "marked go:noinline";
  if ((fn->pragma & kPragmaCgoUnsafeArgs) != 0) return "marked go:cgo_unsafe_args";
  if ((fn->pragma & kPragmaUintptrKeepAlive) != 0) return "marked as having a keep-alive uintptr argument";
  if ((fn->pragma & kPragmaUintptrEscapes) != 0) return "marked as having an escaping uintptr argument";
  if ((fn->pragma & kPragmaYeswritebarrierrec) != 0) return "marked go:yeswritebarrierrec";
  if (fn->body.empty() && !fn->Has(kFuncHasBody)) return "no function body";
  return {};
}

const InlineInfo* Candidates::Info(Func* fn) {
  bool inside = context_.inside ? context_.inside(fn) : fn->Has(kFuncHasBody);
  if (fn->inl == nullptr && (inside || fn->closure != nullptr)) return nullptr;
  if (fn->inl == nullptr && !fn->summary.computed && context_.summarise) context_.summarise(fn);
  if (fn->inl == nullptr && !fn->summary.inlinable) return nullptr;
  if (context_.body_known && !inside && !context_.body_known(fn)) return nullptr;
  if (fn->inl != nullptr) return fn->inl;
  fn->inl = program_.NewInlineInfo();
  fn->inl->cost = fn->summary.inline_cost;
  fn->inl->can_delay_results = fn->summary.can_delay_results;
  return fn->inl;
}

void Candidates::CanInline(Func* fn) {
  auto refuse = [&](const std::string& reason) {
    fn->summary.inlinable = false;
    fn->summary.not_inlinable_reason = reason;
    if (context_.options.remarks < 2) return;
    context_.emitter.Remark(program_.OutermostPos(fn->pos),
                            "cannot inline " + Print(program_, fn->nname) + ": " + reason);
  };
  std::string impossible = InlineImpossible(fn);
  if (!impossible.empty()) return refuse(impossible);
  if (fn->Has(kFuncInlinabilityChecked)) return;

  int budget = fn->closure_parent != nullptr ? std::max(kMaxBudget, kClosureCalledOnceCost) : kMaxBudget;
  CostVisitor visitor(*this, fn, budget);
  bool fits = visitor.Fits();
  fn->Set(kFuncInlinabilityChecked);
  if (!fits) return refuse(visitor.reason());

  fn->inl = program_.NewInlineInfo();
  fn->inl->cost = visitor.cost();
  fn->inl->dcl = fn->dcl;
  fn->inl->can_delay_results = CanDelayResults(fn);
  fn->summary.inlinable = true;
  fn->summary.inline_cost = visitor.cost();
  fn->summary.can_delay_results = fn->inl->can_delay_results;
  if (context_.options.remarks == 0) return;
  std::string text = "can inline " + Print(program_, fn->nname);
  if (context_.options.remarks > 1) {
    text += " with cost " + std::to_string(visitor.cost()) + " as: " + program_.types().Print(fn->type) +
            " { " + PrintList(program_, fn->body, "; ") + " }";
  }
  context_.emitter.Remark(program_.OutermostPos(fn->pos), std::move(text));
}

bool Candidates::IsBig(Func* fn) {
  int budget = kBigFunctionNodes - 1;  // the function itself is a node
  for (Node* statement : fn->body) {
    bool spent = ir::Any(statement, [&](Node* n) {
      budget += TupleRefund(n);
      return --budget <= 0;
    });
    if (spent) return true;
  }
  return false;
}

// Whether the call is of a kind that is ever inlined.
bool Candidates::CallCheck(const Node* call) const {
  if (context_.options.disabled || call->op != kCallFunc) return false;
  if (call->Has(kGoDefer) || call->Has(kNoInline)) return false;
  if (IsEscapeNonString(StaticCalleeName(call->x))) return false;
  if (context_.options.unchecked != nullptr && IsCheckedReflection(call)) return false;
  return !IsIntrinsicCall(call);
}

Func* Candidates::Callee(Func* caller, Node* fn, bool resolve_only) {
  fn = StaticValue(fn);
  switch (fn->op) {
    case kMethExpr: {
      Name* method = MethodExprName(fn);
      if (method == nullptr || method->fn == nullptr || method->fn->type->recv == nullptr) return nullptr;
      return Identical(method->fn->type->recv->type, fn->x->type) ? method->fn : nullptr;
    }
    case kName:
      return fn->AsName()->cls == Class::kFunc ? fn->AsName()->fn : nullptr;
    case kClosure: {
      Func* closure = fn->func;
      // A body that reads variables of a frame that is not the caller's cannot move.
      if (!closure->closure_vars.empty() && closure->closure_vars[0]->outer->curfn != caller) return nullptr;
      if (!resolve_only) CanInline(closure);
      return closure;
    }
    default:
      return nullptr;
  }
}

Func* Candidates::CallTarget(Func* caller, Node* call) {
  return CallCheck(call) ? Callee(caller, call->x, true) : nullptr;
}

bool Candidates::MayInline(Func* caller, const Node* call, Func* callee, bool big_caller,
                           bool closure_called_once, bool report) {
  const InlineInfo* info = Info(callee);
  if (info == nullptr) return false;
  int max_cost = big_caller ? kBigFunctionMaxCost : kMaxBudget;
  if (callee->closure_parent != nullptr) {
    max_cost *= 2;
    if (closure_called_once) max_cost = std::max(max_cost, kClosureCalledOnceCost);
  }
  if (info->cost > max_cost) return false;
  if (context_.options.unchecked != nullptr && context_.options.unchecked(callee->sym->pkg->path))
    return false;

  // A call that came through an inlined call at the same place, or of a function that is
  // on the inlining stack, is the second round of a recursion.
  const std::vector<InlinedCall>& tree = program_.inlining_tree();
  for (uint32_t i = call->pos.inl; i != 0; i = tree[i - 1].parent)
    if (tree[i - 1].pos.pos.SamePlaceInGc(call->pos.pos)) return false;
  for (uint32_t i = call->pos.inl; i != 0; i = tree[i - 1].parent) {
    if (tree[i - 1].func != callee) continue;
    if (report && context_.options.remarks > 1) {
      context_.emitter.Remark(program_.OutermostPos(call->pos),
                              "cannot inline " + PrintFunc(program_, callee) + " into " +
                                  std::string(FuncName(caller)) + ": repeated recursive cycle");
    }
    return false;
  }
  return true;
}

Node* Candidates::TryInline(Func* caller, Node* call, bool big_caller, bool closure_called_once) {
  if (!CallCheck(call)) return nullptr;
  Func* callee = Callee(caller, call->x, false);
  if (callee == nullptr || Info(callee) == nullptr) return nullptr;
  if (!MayInline(caller, call, callee, big_caller, closure_called_once, true)) return nullptr;
  uint32_t inl = program_.AddInlinedCall(call->pos, callee);
  if (context_.options.remarks > 0) {
    context_.emitter.Remark(program_.OutermostPos(call->pos),
                            "inlining call to " + PrintFunc(program_, callee));
  }
  return context_.builder.InlineCall(caller, call, callee, inl);
}

}  // namespace escapement::inlining
