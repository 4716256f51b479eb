// The inliner and the devirtualiser, interleaved as in gc: inlining a constructor may
// show the concrete type behind an interface, whose method can then be inlined too.
//
//   CanInline     prices a body: a node costs 1, with surcharges and refunds; up to 80 it
//                 may be inlined
//   resolve       finds the callee of each call, through variables assigned once
//   edit          replaces a call by its callee's body (kInlCall), round by round, until
//                 nothing changes
//
// Functions are taken bottom-up over the static call graph. Rules and sentences:
// cmd/compile/internal/{inline,inline/interleaved,devirtualize,bloop}; see README.md.
#pragma once

#include <functional>
#include <vector>

#include "engine/diag/diagnostic.h"
#include "engine/diag/file_set.h"
#include "engine/ir/builder.h"

namespace escapement::inlining {

// Compiler flags that change what is inlined or which sentences are printed.
struct Options {
  int remarks = 0;        // -m, -m=2; 0 prints nothing
  bool disabled = false;  // -l: calls stay; devirtualisation goes on
  // -d=checkptr: whether the package of that path is compiled without checks, which its code must not get in
  // another package; null: no checks.
  bool (*unchecked)(std::string_view path) = nullptr;
};

// What the passes read and write.
struct Context {
  ir::Program& program;
  ir::Builder& builder;
  diag::Emitter& emitter;
  Options options;
  // Gives a function of another package its Summary when it has none.
  std::function<void(ir::Func*)> summarise;
  // Whether a function belongs to the package being compiled; null: it has a body built.
  std::function<bool(const ir::Func*)> inside;
  // Whether the body of another package's function can be had; null: it always can.
  std::function<bool(const ir::Func*)> body_known = nullptr;
};

// Decides for each function whether it can be inlined (Func::inl, Func::summary), in the
// order in which the whole package is visited.
void CanInlineFuncs(Context& context, const std::vector<ir::Func*>& funcs);

// Devirtualises and inlines in all functions of the unit; closures that come with inlined
// bodies join unit.funcs. Includes CanInlineFuncs.
void DevirtualizeAndInline(Context& context, ir::Unit& unit);

// Whether calls of the function may be replaced by its body.
bool IsInlinable(Context& context, ir::Func* fn);

// The same for one function and its closures (wrappers, library functions on demand).
// Returns the functions that inlining made.
std::vector<ir::Func*> DevirtualizeAndInlineFunc(Context& context, ir::Func* fn);

}  // namespace escapement::inlining
