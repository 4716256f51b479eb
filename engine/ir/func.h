// Func: one function, method, closure or wrapper, and what passes know about it.
#pragma once

#include <string>
#include <vector>

#include "engine/ir/name.h"
#include "engine/ir/summary.h"
#include "engine/ir/type.h"

namespace escapement::ir {

// Directives (gc's ir.PragmaFlag) that change a verdict or the code.
enum Pragma : uint32_t {
  kPragmaNointerface = 1 << 0,
  kPragmaNoescape = 1 << 1,
  kPragmaNorace = 1 << 2,
  kPragmaNosplit = 1 << 3,
  kPragmaNoinline = 1 << 4,
  kPragmaNocheckptr = 1 << 5,
  kPragmaCgoUnsafeArgs = 1 << 6,
  kPragmaUintptrKeepAlive = 1 << 7,
  kPragmaUintptrEscapes = 1 << 8,
  kPragmaYeswritebarrierrec = 1 << 9,
  kPragmaNowritebarrier = 1 << 10,
  kPragmaNowritebarrierrec = 1 << 11,
  kPragmaSystemstack = 1 << 12,
  kPragmaRegisterParams = 1 << 13,
  kPragmaLinkname = 1 << 14,
};

enum FuncFlag : uint32_t {
  kFuncDupok = 1 << 0,
  kFuncWrapper = 1 << 1,   // method wrapper: hidden in tracebacks
  kFuncNeedCtxt = 1 << 2,  // reads closure variables
  kFuncHasDefer = 1 << 3,
  kFuncPackageInit = 1 << 4,         // the compiler-made init of a package
  kFuncRangeBody = 1 << 5,           // body of a range-over-func loop
  kFuncMethodValueWrapper = 1 << 6,  // T.M-fm
  kFuncGoDeferWrapper = 1 << 7,      // F.gowrap1, F.deferwrap1
  kFuncShaped = 1 << 8,              // takes a .dict parameter
  kFuncInstanceWrapper = 1 << 9,     // thin wrapper of an exact instance
  kFuncInlinabilityChecked = 1 << 10,
  kFuncNeverReturns = 1 << 11,
  kFuncClosureResultsLost = 1 << 12,
  kFuncOpenCodedDeferDisallowed = 1 << 13,
  kFuncNoBody = 1 << 14,    // declared without a body: assembly or native
  kFuncHasBody = 1 << 15,   // `body` is built
  kFuncDeadCode = 1 << 16,  // closure dropped by the inliner: no code
  kFuncOrdered = 1 << 17,   // `lower` has put its body in order of evaluation
};

// What the inliner keeps about a function whose body it may copy (gc's ir.Inline).
struct InlineInfo {
  int32_t cost = 0;
  std::vector<Name*> dcl;  // locals when inlinability was decided
  bool can_delay_results = false;
};

// How the builder finds the body again (for building on demand and for inlining).
struct BodySource;

struct Func {
  const Sym* sym = nullptr;  // package-qualified name: "(*T).M", "f.func1", "F[go.shape.int]"
  std::string link_name;     // "main.(*T).M"; a //go:linkname overrides it
  Name* nname = nullptr;
  Type* type = nullptr;  // includes the receiver
  SrcPos pos;            // the func token
  SrcPos end_pos;        // the closing brace
  uint32_t pragma = 0;
  uint32_t flags = 0;
  List body;

  // Parameters (receiver first), results, then locals, in gc's order. Closure variables are not here.
  std::vector<Name*> dcl;
  std::vector<Name*> closure_vars;
  // Closures declared directly in this function, in order of creation (the inliner adds copies).
  std::vector<Func*> closures;
  Func* closure_parent = nullptr;
  Node* closure = nullptr;        // the kClosure node of a function literal
  Func* range_parent = nullptr;   // first function that is not a range-func body, for range-func bodies
  Func* wrapped = nullptr;        // wrappers: what they call
  types::Func* source = nullptr;  // the declared function or method
  std::span<Type*> targs;         // stenciled functions: type arguments (shapes)
  Package* pkg = nullptr;         // the package whose compilation made it

  // Counters of gc's closureName.
  int32_t func_lit_gen = 0;
  int32_t range_lit_gen = 0;
  int32_t go_defer_gen = 0;
  int32_t label_gen = 0;

  InlineInfo* inl = nullptr;  // set by the inliner when the function can be inlined
  Summary summary;
  // Escape: one tag a receiver and parameter once analysed (mirrors summary.param_tags).
  bool escape_done = false;
  int32_t num_defers = 0;
  int32_t num_returns = 0;
  BodySource* body_source = nullptr;
  void* opt = nullptr;  // scratch of the pass that runs

  bool Has(FuncFlag f) const { return (flags & f) != 0; }
  void Set(FuncFlag f, bool on = true) { flags = on ? flags | f : flags & ~uint32_t{f}; }
  bool IsClosure() const { return closure != nullptr; }
  // Receiver (if any) and parameters: the leading names of dcl with class kParam.
  std::span<Name* const> params() const;
  // The names of dcl with class kParamOut, in order.
  std::span<Name* const> results() const;
};

}  // namespace escapement::ir
