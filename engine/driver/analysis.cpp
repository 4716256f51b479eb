#include "engine/driver/analysis.h"

#include <algorithm>
#include <unordered_set>

#include "engine/driver/library.h"
#include "engine/escape/prepare.h"
#include "engine/inline/bloop.h"
#include "engine/inline/inline.h"
#include "engine/ir/call_graph.h"
#include "engine/lower/bounds.h"

namespace escapement::driver {

namespace {

// While this is in scope, new functions are those of an analysis of its own: the one around
// it, in whose middle a callee is asked about, gets back what is its own.
class OwnNewFuncs {
 public:
  explicit OwnNewFuncs(ir::Builder& builder)
      : builder_(builder), outer_(builder.TakeNewFuncs()), recording_(builder.PauseReading(false)) {}
  ~OwnNewFuncs() {
    builder_.ReturnNewFuncs(std::move(outer_));
    builder_.PauseReading(recording_);
  }
  OwnNewFuncs(const OwnNewFuncs&) = delete;
  OwnNewFuncs& operator=(const OwnNewFuncs&) = delete;

 private:
  ir::Builder& builder_;
  std::vector<ir::Func*> outer_;
  bool recording_;
};

// The passes behind the inliner.
std::vector<escape::Verdict> AnalyzeFlow(escape::Context& context, const std::vector<ir::Func*>& funcs,
                                         bool optimize) {
  if (optimize) escape::RemoveDeadLocals(context.program, funcs);
  std::vector<escape::Verdict> verdicts = escape::Analyze(context, funcs);
  if (optimize) escape::MoveSlicesToHeapLate(context.program, funcs);
  return verdicts;
}

}  // namespace

std::vector<escape::Verdict> Analysis::RunPackage(ir::Unit& unit, const CompileFlags& flags,
                                                  diag::Emitter& emitter) {
  // The package's own functions, and the instances of imported generics that it names.
  std::unordered_set<const ir::Func*> own(unit.funcs.begin(), unit.funcs.end());
  auto foreign = [&own](const ir::Func* fn) {
    return !fn->targs.empty() && fn->closure == nullptr && own.count(fn) == 0;
  };
  auto inside = [&](const ir::Func* fn) {
    return own.count(fn) != 0 || (fn->pkg == unit.pkg && !foreign(fn));
  };
  for (const ir::Func* fn : unit.funcs)
    if (!fn->targs.empty()) under_work_.insert(fn);
  auto summarise = [this](ir::Func* fn) { Summarise(fn); };
  auto debug = [&flags](const char* key, bool otherwise) {
    auto it = flags.debug.find(key);
    return it == flags.debug.end() ? otherwise : it->second != "0";
  };

  inlining::Options inline_options{flags.remarks, flags.no_inline == 1,
                                   debug("checkptr", false) ? IsRuntimePackage : nullptr};
  inlining::Context inlining{
      program_, builder_, emitter, inline_options, summarise, inside, BodyKnownIn(unit.source)};
  inlining::KeepLoopsAlive(inlining, unit.funcs);
  inlining::DevirtualizeAndInline(inlining, unit);
  if (flags.remarks > 0) MakeWrappers(inlining, unit, own);
  if (flags.remarks > 1) MakeAbiWrappers(unit, flags.assembly);
  builder_.PauseReading(false);
  for (ir::Func* fn : unit.funcs) escape::SplitLoopVariables(program_, fn);
  if (init_globals_) init_globals_(unit);

  escape::Options options;
  options.remarks = flags.remarks;
  options.small_frames = flags.small_frames;
  options.mutations_calls = debug("escapemutationscalls", false);
  options.zero_copy = debug("zerocopy", true);
  escape::Context escape{program_, files_, emitter, options, summarise, inside, foreign};
  std::vector<escape::Verdict> verdicts = AnalyzeFlow(escape, unit.funcs, !flags.no_optimize);
  under_work_.clear();
  if (flags.remarks > 0) {
    for (ir::SrcPos pos : lower::ElidedBoundsChecks(program_, unit.funcs))
      emitter.Remark(program_.OutermostPos(pos), "index bounds check elided");
  }
  return verdicts;
}

KnownBodies::Inlinable Analysis::Inlinable() {
  return [this](types::Func* func) {
    OwnNewFuncs own(builder_);
    ir::Func* declared = builder_.FuncFor(func);
    Summarise(declared);
    return declared->summary.inlinable;
  };
}

std::function<bool(const ir::Func*)> Analysis::BodyKnownIn(const types::Package* package) {
  return [this, package](const ir::Func* fn) {
    return !fn->targs.empty() || fn->closure != nullptr || bodies_.Has(package, fn->source, Inlinable());
  };
}

// Adds the package's method wrappers, inlined into as they are.
void Analysis::MakeWrappers(inlining::Context& inlining, ir::Unit& unit,
                            std::unordered_set<const ir::Func*>& own) {
  std::unordered_set<const ir::Func*> values;
  std::function<void(ir::Func*)> finish = [&](ir::Func* fn) {
    if (fn->Has(ir::kFuncMethodValueWrapper) && !values.insert(fn).second) return;
    std::vector<ir::Func*> made = inlining::DevirtualizeAndInlineFunc(inlining, fn);
    unit.funcs.insert(unit.funcs.end(), made.begin(), made.end());
    own.insert(made.begin(), made.end());
    // What was inlined may take method values whose wrappers nobody has asked for yet.
    auto method_values = [&](ir::Func* func) {
      ir::VisitList(func->body, [&](ir::Node* n) {
        if (n->op != ir::kMethValue) return;
        ir::Func* wrapper = builder_.MethodValueWrapper(n->x->type, n->sym);
        if (wrapper != nullptr && builder_.EnsureBody(wrapper)) finish(wrapper);
      });
    };
    method_values(fn);
    for (ir::Func* closure : made) method_values(closure);
    unit.funcs.push_back(fn);
    own.insert(fn);
  };
  builder_.MakeWrappers([&](ir::Func* fn) { return inlining::IsInlinable(inlining, fn); }, finish);
}

// Adds the wrappers of functions that assembly may call, and of those that are in assembly: nothing is said
// of them but what -m=2 explains.
// Model: a Go function without a linkname has none, though the package's assembly may call it.
void Analysis::MakeAbiWrappers(ir::Unit& unit, bool assembly) {
  const std::vector<ir::Func*> funcs = unit.funcs;
  for (ir::Func* fn : funcs) {
    const bool linknamed = (fn->pragma & ir::kPragmaLinkname) != 0, has_body = fn->Has(ir::kFuncHasBody);
    if (has_body ? linknamed : assembly && !linknamed) unit.funcs.push_back(builder_.AbiWrapper(fn));
  }
}

void Analysis::Summarise(ir::Func* fn) {
  if (fn->summary.computed) return;
  // Asking whether a function belongs to the walk builds its body.
  auto inside = [this](const ir::Func* target) {
    auto* callee = const_cast<ir::Func*>(target);
    if (callee->summary.computed || busy_.count(callee) != 0 || summaries_.Fill(callee)) return false;
    if (under_work_.count(callee) != 0) Borrow(callee);
    builder_.EnsureBody(callee);
    return true;
  };
  OwnNewFuncs own(builder_);
  if (!inside(fn)) return;
  ++summarising_;
  ir::VisitFuncsBottomUp({fn}, inside, [this](const std::vector<ir::Func*>& group, bool) { Process(group); });
  if (--summarising_ == 0) ReturnBorrowed();
}

void Analysis::Borrow(ir::Func* fn) {
  under_work_.erase(fn);
  borrowed_.emplace_back(fn, builder_.Renew(fn));
}

void Analysis::ReturnBorrowed() {
  for (auto& [fn, was] : borrowed_) {
    ir::Summary summary = std::move(fn->summary);
    builder_.Restore(fn, std::move(was));
    fn->summary = std::move(summary);
  }
  borrowed_.clear();
}

std::vector<ir::Func*> Analysis::Prepare(ir::Func* fn) {
  OwnNewFuncs own(builder_);
  if (fn->escape_done || !builder_.EnsureBody(fn)) return {};
  std::vector<ir::Func*> made;
  // Functions that call each other are analysed together, as they were for their summaries; closures come
  // along.
  auto inside = [&](const ir::Func* callee) {
    if (callee->escape_done) return false;
    return callee->closure != nullptr ||
           (summaries_.Together(fn, callee) && builder_.EnsureBody(const_cast<ir::Func*>(callee)));
  };
  ir::VisitFuncsBottomUp({fn}, inside, [&](const std::vector<ir::Func*>& group, bool) {
    std::vector<ir::Func*> more = Process(group);
    made.insert(made.end(), more.begin(), more.end());
  });
  return made;
}

void Analysis::RunInitialisation(ir::Unit& unit) {
  if (unit.init == nullptr || unit.init->escape_done) return;
  OwnNewFuncs own(builder_);
  auto inside = [](const ir::Func* f) { return f->closure != nullptr && !f->escape_done; };
  ir::VisitFuncsBottomUp({unit.init}, inside,
                         [&](const std::vector<ir::Func*>& group, bool) { Process(group, &unit); });
}

// Analyses one group of functions that mention each other, silently. `initialised` is the
// package whose initialiser is in the group. Returns the closures that inlining made.
std::vector<ir::Func*> Analysis::Process(const std::vector<ir::Func*>& group, ir::Unit* initialised) {
  std::unordered_set<const ir::Func*> members(group.begin(), group.end());
  auto inside = [&members](const ir::Func* fn) { return members.count(fn) != 0; };
  auto summarise = [this](ir::Func* fn) { Summarise(fn); };

  ir::Unit unit;
  for (ir::Func* fn : group)
    if (!fn->escape_done && busy_.insert(fn).second) unit.funcs.push_back(fn);
  size_t own = unit.funcs.size();
  builder_.TakeNewFuncs();  // closures of the bodies that the way here built: members already
  // Model: library code is priced and compiled as if it had all bodies. No summary of the standard library
  // depends on it.
  inlining::Context inlining{program_, builder_, silent_, {}, summarise, inside};
  inlining::DevirtualizeAndInline(inlining, unit);
  for (size_t i = own; i < unit.funcs.size(); ++i) members.insert(unit.funcs[i]);

  for (ir::Func* fn : unit.funcs) escape::SplitLoopVariables(program_, fn);
  if (initialised != nullptr && init_globals_) init_globals_(*initialised);
  escape::Options options;
  options.collect = false;
  // Model: a library package's instances are all taken for its own, analysed when asked for.
  escape::Context escape{program_, files_, silent_, options, summarise, inside, nullptr};
  AnalyzeFlow(escape, unit.funcs, true);
  for (ir::Func* fn : unit.funcs) {
    fn->summary.computed = true;
    busy_.erase(fn);
  }
  summaries_.Keep(unit.funcs);
  return {unit.funcs.begin() + static_cast<std::ptrdiff_t>(own), unit.funcs.end()};
}

}  // namespace escapement::driver
