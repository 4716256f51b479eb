#include "engine/escape/report.h"

#include <set>

#include "engine/ir/print.h"

namespace escapement::escape {

using namespace ir;

namespace {

bool HasNoBody(const Func* fn) {
  return fn->body.empty() && !fn->Has(kFuncHasBody);
}

// Unnamed and blank parameters are declared as ~p0, ~p1, …
bool IsUnnamed(const Name* param) {
  return param->IsBlank() || param->text().substr(0, 1) == "~";
}

}  // namespace

void Reporter::Remark(SrcPos pos, std::string text) {
  if (context_.options.remarks > 0) context_.emitter.Remark(program_.OutermostPos(pos), std::move(text));
}

Verdict* Reporter::Add(VerdictKind kind, Region region, SrcPos pos, Node* node, Func* fn, std::string text) {
  if (context_.options.collect) {
    Verdict& verdict = b_.analysis_.verdicts.emplace_back();
    verdict.kind = kind;
    verdict.region = region;
    verdict.pos = pos;
    verdict.node = node;
    verdict.func = fn;
    verdict.subject = node == nullptr ? std::string() : Print(program_, node);
    verdict.text = text;
    Remark(pos, std::move(text));
    return &verdict;
  }
  Remark(pos, std::move(text));
  return nullptr;
}

std::string Reporter::Describe(const Location* location) const {
  if (location == b_.Heap()) return "{heap}";
  if (location->n == nullptr) return "{temp}";
  std::string text = Print(program_, location->n);
  return location->n->op == kName ? text : "{storage for " + text + "}";
}

std::vector<PathLink> Reporter::PathTo(const Location* root, Location* l) const {
  std::vector<PathLink> path;
  std::set<const Location*> visited;
  for (Location* src = l; visited.insert(src).second;) {
    Location* dst = src->dst;
    const Edge& edge = dst->edges[src->dst_edge];
    path.push_back({dst, src, edge.derefs, edge.notes});
    if (dst == root) return path;
    src = dst;
  }
  path.push_back({nullptr, nullptr, 0, nullptr});  // a cycle of assignments: cut short
  return path;
}

std::vector<FlowStep> Reporter::Steps(const std::vector<PathLink>& path) const {
  std::vector<FlowStep> steps;
  for (const PathLink& link : path) {
    if (link.dst == nullptr) break;
    FlowStep flow;
    flow.is_flow = true;
    if (link.src->n != nullptr) flow.pos = link.src->n->pos;
    std::string ops = link.derefs < 0 ? "&" : std::string(static_cast<size_t>(link.derefs), '*');
    flow.text = Describe(link.dst) + " ← " + ops + Describe(link.src);
    steps.push_back(std::move(flow));
    for (const Note* note = link.notes; note != nullptr; note = note->next) {
      FlowStep from;
      from.pos = note->where->pos;
      from.text = Print(program_, note->where);
      from.why = note->why;
      steps.push_back(std::move(from));
    }
  }
  return steps;
}

void Reporter::PrintSteps(const Node* subject, const std::vector<PathLink>& path) {
  for (const FlowStep& step : Steps(path)) {
    if (step.is_flow) {
      Remark(subject->pos, "  flow: " + step.text + ":");
    } else {
      std::string at = context_.files.Print(program_.OutermostPos(step.pos));
      Remark(subject->pos, "    from " + step.text + " (" + step.why + ") at " + at);
    }
  }
  if (!path.empty() && path.back().dst == nullptr) {
    Remark(subject->pos,
           "  warning: truncated explanation due to assignment cycle; see golang.org/issue/35518");
  }
}

void Reporter::Explain(const Location* l, const std::vector<PathLink>& path) {
  if (!Verbose()) return;
  Remark(l->n->pos, Print(program_, l->n) + " escapes to heap in " + std::string(FuncName(l->curfn)) + ":");
  PrintSteps(l->n, path);
}

void Reporter::ExplainLeak(const Location* root, const Location* l, int derefs,
                           const std::vector<PathLink>& path) {
  if (!Verbose()) return;
  Remark(l->n->pos, "parameter " + Print(program_, l->n) + " leaks to " + Describe(root) + " for " +
                        std::string(FuncName(l->curfn)) + " with derefs=" + std::to_string(derefs) + ":");
  PrintSteps(l->n, path);
}

void Reporter::Capture(const Name* name, const Location* loc) {
  if (!Verbose()) return;
  auto word = [](bool b) { return b ? "true" : "false"; };
  std::string curfn = name->curfn == nullptr ? "<nil>" : PrintFunc(program_, name->curfn);
  std::string text =
      curfn + " capturing by " + (name->Is(kNameByval) ? "value: " : "ref: ") + Print(program_, name);
  text += std::string(" (addr=") + word(loc->addrtaken) + " assign=" + word(loc->reassigned) +
          " width=" + std::to_string(name->type->Size()) + ")";
  Add(VerdictKind::kCapture, Region::kNone, name->pos, const_cast<Name*>(name), name->curfn, std::move(text));
}

void Reporter::SelfAssignment(const Func* fn, Node* where) {
  Add(VerdictKind::kSelfAssignment, Region::kNone, where->pos, where, const_cast<Func*>(fn),
      PrintFunc(program_, fn) + " ignoring self-assignment in " + Print(program_, where));
}

void Reporter::Finish(const std::vector<Func*>& group) {
  for (Func* fn : group) {
    b_.analysis_.states[fn] = FuncState::kTagged;
    fn->summary.param_tags.clear();
    for (size_t i = 0; i < fn->params().size(); ++i) fn->summary.param_tags.push_back(ParamTag(fn, i));
    fn->escape_done = true;
  }
  for (Location& location : b_.locations_)
    if (location.n != nullptr) FinishLocation(location);
}

void Reporter::FinishLocation(Location& loc) {
  Node* n = loc.n;
  if (n->op == kName) n->opt = nullptr;
  // What the compiler wraps around go and defer calls is not the user's to know.
  bool silent = n->op == kClosure && n->func->Has(kFuncWrapper);
  std::string subject = n->op == kAppend ? "append" : std::string();
  auto text = [&](const char* verdict) { return (subject.empty() ? Print(program_, n) : subject) + verdict; };
  if (loc.Has(kEscapes)) {
    n->esc = Esc::kHeap;
    if (n->op == kName) {
      if (context_.options.compiling_runtime)
        context_.emitter.Error(program_.OutermostPos(n->pos),
                               text(" escapes to heap, not allowed in runtime"));
      Verdict* verdict = Add(VerdictKind::kMovedToHeap, Region::kHeap, n->pos, n, loc.curfn,
                             "moved to heap: " + Print(program_, n));
      if (verdict != nullptr) verdict->path = Steps(loc.path);
    } else if (!silent) {
      Verdict* verdict =
          Add(VerdictKind::kEscapes, Region::kHeap, n->pos, n, loc.curfn, text(" escapes to heap"));
      if (verdict != nullptr) verdict->path = Steps(loc.path);
    }
  } else {
    n->esc = Esc::kNone;
    if (n->op != kName && !silent)
      Add(VerdictKind::kDoesNotEscape, Region::kStack, n->pos, n, loc.curfn, text(" does not escape"));
    bool reusable = n->op == kClosure || n->op == kMethValue || n->op == kSliceLit;
    if (reusable && !loc.Has(kPersists)) n->Set(kTransient);
  }
  // A conversion whose bytes nobody writes can use the string's own.
  if (context_.options.zero_copy && n->op == kStr2Bytes && !loc.Has(kMutates)) {
    Add(VerdictKind::kZeroCopy, Region::kNone, n->pos, n, loc.curfn, "zero-copy string->[]byte conversion");
    n->op = kStr2BytesTmp;
  }
}

std::string Reporter::BodylessTag(Func* fn, Name* param, bool diagnose) {
  std::string name(param->text());
  if (param->type->Is(Kind::kUintptr)) {
    if (diagnose)
      Add(VerdictKind::kParamNote, Region::kNone, param->pos, param, fn,
          "assuming " + name + " is unsafe uintptr");
    return {};
  }
  if (!param->type->HasPointers()) return {};
  Leaks leaks;
  bool noescape = (fn->pragma & kPragmaNoescape) != 0;
  if (noescape) {
    leaks.AddMutator(0);
    leaks.AddCallee(0);
  } else {
    leaks.AddHeap(0);
  }
  if (diagnose && !IsUnnamed(param)) {
    if (noescape) {
      Add(VerdictKind::kDoesNotEscape, Region::kNone, param->pos, param, fn, name + " does not escape");
    } else {
      Add(VerdictKind::kLeakingParam, Region::kNone, param->pos, param, fn, "leaking param: " + name);
    }
  }
  return leaks.Encode();
}

std::string Reporter::ParamTag(Func* fn, size_t index) {
  Name* param = fn->params()[index];
  bool diagnose = !fn->Has(kFuncWrapper) && !fn->Has(kFuncDupok);
  if (HasNoBody(fn)) return BodylessTag(fn, param, diagnose);
  std::string name(param->text());
  if ((fn->pragma & kPragmaUintptrEscapes) != 0) {
    bool last = index + 1 == fn->params().size();
    bool variadic =
        last && fn->type->variadic && param->type->IsSlice() && param->type->elem->Is(Kind::kUintptr);
    if (param->type->Is(Kind::kUintptr) || variadic) {
      if (diagnose)
        Add(VerdictKind::kParamNote, Region::kNone, param->pos, param, fn,
            "marking " + name + " as escaping " + (variadic ? "...uintptr" : "uintptr"));
      return {};
    }
  }
  if (!param->type->HasPointers()) return {};
  // Nobody can use an unnamed parameter.
  if (IsUnnamed(param)) return Leaks().Encode();
  Location* loc = Batch::LocationOf(param);
  Leaks leaks = loc->leaks;
  leaks.Optimize();
  if (diagnose && !loc->Has(kEscapes)) ReportLeaks(fn, param, *loc, leaks);
  return leaks.Encode();
}

void Reporter::ReportLeaks(Func* fn, Name* param, const Location& loc, const Leaks& leaks) {
  std::string name(param->text());
  bool said = false;
  auto leak = [&](VerdictKind kind, std::string text) {
    Verdict* verdict = Add(kind, Region::kNone, param->pos, param, fn, std::move(text));
    if (verdict != nullptr && kind == VerdictKind::kLeakingParam) verdict->path = Steps(loc.leak_path);
    said = true;
  };
  if (int heap = leaks.heap(); heap >= 0)
    leak(VerdictKind::kLeakingParam, (heap == 0 ? "leaking param: " : "leaking param content: ") + name);
  for (int i = 0; i < Leaks::kResults; ++i) {
    if (leaks.result(i) < 0) continue;
    std::string result(fn->results()[static_cast<size_t>(i)]->text());
    leak(VerdictKind::kLeakingParam,
         "leaking param: " + name + " to result " + result + " level=" + std::to_string(leaks.result(i)));
  }
  if (!context_.options.mutations_calls) {
    if (!said) leak(VerdictKind::kDoesNotEscape, name + " does not escape");
    return;
  }
  if (leaks.mutator() >= 0)
    leak(VerdictKind::kParamNote, "mutates param: " + name + " derefs=" + std::to_string(leaks.mutator()));
  if (leaks.callee() >= 0)
    leak(VerdictKind::kParamNote, "calls param: " + name + " derefs=" + std::to_string(leaks.callee()));
  if (!said) leak(VerdictKind::kDoesNotEscape, name + " does not escape, mutate, or call");
}

}  // namespace escapement::escape
