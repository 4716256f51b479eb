// Escape analysis: which variables and allocating expressions may live on the stack.
//
// Two invariants are kept: no pointer to a stack object is stored in the heap, and
// none outlives its object. Functions are analysed bottom-up in groups that mention
// each other. In a group
//
//     every variable and allocating expression     is a Location
//     every assignment of a value to another place  is an edge, weighted with
//     derefs = (number of dereferences) - (number of address-of)
//
//          p = &q  -1        p = q  0        p = *q  1
//
// Fields, elements, order and branches are not told apart. A location whose address
// reaches the heap, or a location that outlives it, is moved to the heap. What a
// parameter's value reaches is summed up in a tag (leaks.h) that call sites use.
//
// The model and its rules are those of cmd/compile/internal/escape; see README.md.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "engine/diag/diagnostic.h"
#include "engine/diag/file_set.h"
#include "engine/ir/program.h"

namespace escapement::escape {

// Compiler flags that change a verdict or which sentences are printed.
struct Options {
  int remarks = 0;                 // -m, -m=2; 0 prints nothing
  bool small_frames = false;       // -smallframes: half the limits of what fits a stack
  bool compiling_runtime = false;  // -+: moving a variable to the heap is an error
  bool mutations_calls = false;    // -d=escapemutationscalls
  bool zero_copy = true;           // -d=zerocopy
  bool collect = true;             // keep Verdicts
};

// What a verdict says of its subject.
enum class VerdictKind : uint8_t {
  kMovedToHeap,     // a variable needs the heap
  kEscapes,         // an expression's storage needs the heap
  kDoesNotEscape,   // an expression's storage, or a parameter's value, stays
  kLeakingParam,    // a parameter's value reaches the heap or a result
  kParamNote,       // mutates, calls, uintptr rules
  kZeroCopy,        // a string's bytes are used in place
  kSelfAssignment,  // an assignment that moves nothing
  kCapture,         // how a closure captures a variable
};

// Where the subject of a verdict lives because of it.
enum class Region : uint8_t { kNone, kStack, kHeap };

// One step of a path: a flow from a place to a place, or an expression it came through.
struct FlowStep {
  bool is_flow = false;  // "flow: DST ← SRC:"; else "from EXPR (WHY) at POSITION"
  ir::SrcPos pos;        // of the expression
  std::string text;      // "x ← &y", or the expression
  std::string why;       // "address-of"
};

// One verdict as data. `path` explains it where there is something to explain.
struct Verdict {
  VerdictKind kind = VerdictKind::kDoesNotEscape;
  Region region = Region::kNone;
  ir::SrcPos pos;
  ir::Node* node = nullptr;  // the variable or expression
  ir::Func* func = nullptr;  // the function it belongs to
  std::string subject;       // "x", "&T{...}"
  std::string text;          // the compiler's sentence
  std::vector<FlowStep> path;
};

// What an analysis reads and writes.
struct Context {
  ir::Program& program;
  const diag::FileSet& files;
  diag::Emitter& emitter;
  Options options;
  // Gives a function of another package its Summary when it has none.
  std::function<void(ir::Func*)> summarise;
  // Whether a function belongs to the package being analysed; null: it has a body built.
  std::function<bool(const ir::Func*)> inside;
  // Whether a function is an instance that this package only met in bodies it inlined: it is
  // compiled with another package, and no tags of it are known here. Null: none is.
  std::function<bool(const ir::Func*)> foreign;
};

// Analyses `funcs` (a package's functions in gc's order): sets `esc` on nodes and names,
// parameter tags in each Summary, and returns the verdicts in the order of emission.
std::vector<Verdict> Analyze(Context& context, const std::vector<ir::Func*>& funcs);

// Why n must be on the heap whatever flows where; empty if it need not.
std::string_view HeapAllocReason(ir::Program& program, ir::Node* n, bool small_frames);

}  // namespace escapement::escape
