// The driver of the two passes. Call sites are marked with parentheses (kParen), so that
// a call can be replaced in place after its surroundings have been moved into another
// inlined body. The parentheses go when all is done; sentences printed meanwhile show
// them, as gc's do.
#include <memory>
#include <unordered_map>
#include <unordered_set>

#include "engine/inline/candidate.h"
#include "engine/inline/devirtualize.h"
#include "engine/ir/call_graph.h"
#include "engine/ir/print.h"

namespace escapement::inlining {

using namespace ir;

namespace {

// What gc keeps as one type of node, CallExpr.
bool IsCallExpr(Op op) {
  switch (op) {
    case kCall:
    case kCallFunc:
    case kCallInter:
    case kCallMeth:
    case kAppend:
    case kDelete:
    case kMake:
    case kMax:
    case kMin:
    case kPrint:
    case kPrintln:
    case kRecover:
    case kGetG:
    case kGetCallerSP:
      return true;
    default:
      return false;
  }
}

using UseCounts = std::unordered_map<Func*, int>;

// The call sites of one function while it is being worked on.
class Caller {
 public:
  Caller(Candidates& candidates, ConcreteTypes& types, UseCounts& uses, Func* fn)
      : candidates_(candidates), types_(types), uses_(uses), fn_(fn) {
    Context& context = candidates_.context();
    big_ = !context.options.disabled && Candidates::IsBig(fn);
    if (big_ && context.options.remarks > 1) {
      context.emitter.Remark(
          context.program.OutermostPos(fn->pos),
          "function " + PrintFunc(context.program, fn) + " considered 'big'; reducing max cost of inlinees");
    }
    for (Node*& statement : fn->body) statement = Mark(statement);
  }

  size_t sites() const { return parens_.size(); }

  // The callee of site i if it may be inlined, and how often it is called so far;
  // {null, ≤ 0} when the site is no such call.
  std::pair<Func*, int> Resolve(size_t i) {
    if (i < resolved_.size() && resolved_[i] != nullptr) return {resolved_[i], uses_[resolved_[i]]};
    Node* call = parens_[i]->x;
    if (!IsCallExpr(call->op)) return {nullptr, -1};
    Devirtualize(candidates_.context(), types_, call);
    Func* callee = candidates_.CallTarget(fn_, call);
    if (callee == nullptr) return {nullptr, 0};
    if (resolved_.size() <= i) resolved_.resize(i + 1);
    resolved_[i] = callee;
    return {callee, ++uses_[callee]};
  }

  // Inlines at site i if possible.
  bool Edit(size_t i) {
    Node* call = parens_[i]->x;
    if (!IsCallExpr(call->op)) return false;
    auto [callee, count] = Resolve(i);
    if (count <= 0) return false;
    bool once = count == 1 && callee->closure_parent != nullptr;
    Node* inlined = candidates_.TryInline(fn_, call, big_, once);
    if (inlined == nullptr) return false;
    parens_[i]->x = inlined;
    EditChildren(inlined, [this](Node* child) { return Mark(child); });
    types_.InlinedCall(fn_, call, inlined);
    return true;
  }

  // One round over the sites, and over those that appear meanwhile: sites found together
  // are resolved together before any of them is inlined, so that closures called twice
  // are seen to be. Returns whether anything was inlined.
  bool Round() {
    bool changed = false;
    size_t first = 0, last = parens_.size();
    for (;;) {
      for (size_t i = first; i < last; ++i) changed |= Edit(i);
      first = last;
      last = parens_.size();
      if (first == last) return changed;
      for (size_t i = first; i < last; ++i) Resolve(i);
    }
  }

  // Site by site to the fixed point, for a function that is worked on alone.
  void FixPoint() {
    for (bool changed = true; changed;) {
      changed = false;
      for (size_t i = 0; i < parens_.size(); ++i) changed |= Edit(i);
    }
  }

  void RemoveParens() {
    if (parens_.empty()) return;
    for (Node*& statement : fn_->body) statement = Unwrap(statement);
  }

 private:
  Node* Mark(Node* n) {
    Node* paren = n->op == kParen ? n : nullptr;
    if (paren != nullptr && marked_.count(paren) != 0) return n;
    if (paren != nullptr) n = paren->x;  // marked in a function that was inlined: new here
    auto mark_child = [this](Node* child) { return Mark(child); };
    if (n->op == kTailCall) {
      n->x->Set(kNoInline);
      EditChildren(n->x, mark_child);
    } else {
      EditChildren(n, mark_child);
    }
    if (!IsCallExpr(n->op)) return paren != nullptr ? paren : n;
    if (paren == nullptr) {
      paren = candidates_.context().program.NewNode(kParen, n->pos, n->type);
      paren->x = n;
      marked_.insert(paren);
    }
    parens_.push_back(paren);
    return paren;
  }

  static Node* Unwrap(Node* n) {
    if (n->op == kParen) n = n->x;
    EditChildren(n, [](Node* child) { return Unwrap(child); });
    return n;
  }

  Candidates& candidates_;
  ConcreteTypes& types_;
  UseCounts& uses_;
  Func* fn_;
  bool big_ = false;
  std::vector<Node*> parens_;
  std::vector<Func*> resolved_;
  std::unordered_set<Node*> marked_;
};

std::function<bool(const Func*)> Inside(const Context& context) {
  if (context.inside) return context.inside;
  return [](const Func* fn) { return fn->Has(kFuncHasBody); };
}

// Functions that inlining brought in: closures, and functions of types, are the caller's own; instances that
// were met only inside an inlined body are compiled with the package that the body is from.
void Adopt(Context& context, std::vector<Func*>& funcs) {
  std::vector<Func*> instances;
  for (Func* fn : context.builder.TakeNewFuncs()) {
    if (fn->closure != nullptr || fn->sym->pkg->path == "type") {
      funcs.push_back(fn);
    } else if (fn->Has(kFuncHasBody)) {
      instances.push_back(fn);
    }
  }
  if (instances.empty()) return;
  Context silent = context;
  silent.options.remarks = 0;
  CanInlineFuncs(silent, instances);
}

}  // namespace

void CanInlineFuncs(Context& context, const std::vector<Func*>& funcs) {
  if (context.options.disabled) return;
  Candidates candidates(context);
  VisitFuncsBottomUp(funcs, Inside(context), [&](const std::vector<Func*>& group, bool) {
    for (Func* fn : group) candidates.CanInline(fn);
  });
}

void DevirtualizeAndInline(Context& context, Unit& unit) {
  CanInlineFuncs(context, unit.funcs);
  Candidates candidates(context);
  ConcreteTypes types;
  UseCounts uses;
  const std::vector<Func*> funcs = unit.funcs;
  std::unordered_map<Func*, std::unique_ptr<Caller>> callers;
  for (Func* fn : funcs) {
    Caller& caller = *(callers[fn] = std::make_unique<Caller>(candidates, types, uses, fn));
    for (size_t i = 0; i < caller.sites(); ++i) caller.Resolve(i);
  }
  VisitFuncsBottomUp(funcs, Inside(context), [&](const std::vector<Func*>& group, bool) {
    for (bool changed = true; changed;) {
      changed = false;
      for (Func* fn : group) {
        auto it = callers.find(fn);
        if (it == callers.end()) continue;
        changed |= it->second->Round();
        Adopt(context, unit.funcs);
      }
    }
  });
  for (Func* fn : funcs) callers[fn]->RemoveParens();
}

bool IsInlinable(Context& context, Func* fn) {
  return Candidates(context).Info(fn) != nullptr;
}

std::vector<Func*> DevirtualizeAndInlineFunc(Context& context, Func* fn) {
  Candidates candidates(context);
  ConcreteTypes types;
  UseCounts uses;
  std::vector<Func*> made;
  Caller caller(candidates, types, uses, fn);
  caller.FixPoint();
  caller.RemoveParens();
  Adopt(context, made);
  return made;
}

}  // namespace escapement::inlining
