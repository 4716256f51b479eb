// The flow graph of one group of functions, and the builder that walks their bodies.
//
//   Location  where a value is kept: a variable, or the storage of an expression
//   Edge      an assignment dst = (derefs) src, kept at dst
//   Hole      the context an expression is evaluated in: `dst = **_` is {dst, 2}
//   Note      why an edge exists, for the explanations of -m=2
#pragma once

#include <deque>
#include <memory>
#include <unordered_map>
#include <vector>

#include "engine/base/check.h"
#include "engine/base/constant.h"
#include "engine/escape/escape.h"
#include "engine/escape/leaks.h"
#include "engine/ir/static_value.h"

namespace escapement::escape {

// One step of an explanation: `why` the value of `where` moves on.
struct Note {
  const Note* next;
  ir::Node* where;
  const char* why;
};

struct Location;

// dst (that holds the edge) = src with `derefs` dereferences, at least -1.
struct Edge {
  Location* src;
  int derefs;
  const Note* notes;
};

// What is known of a location; attributes are only ever added.
enum Attribute : uint8_t {
  kEscapes = 1 << 0,   // its address escapes: it must be on the heap
  kPersists = 1 << 1,  // its address outlives the statement: storage cannot be reused at once
  kMutates = 1 << 2,   // memory reachable from it may be written
  kCalls = 1 << 3,     // closures reachable from it may be called, results untracked
};
constexpr uint8_t kHeapAttributes = kEscapes | kPersists | kMutates | kCalls;

// One link of the way by which a location's address reached its fate.
struct PathLink {
  Location* dst;
  Location* src;
  int derefs;
  const Note* notes;
};

struct Location {
  ir::Node* n = nullptr;      // the variable or expression; null: a temporary
  ir::Func* curfn = nullptr;  // the function around it; null: a pseudo-location
  std::vector<Edge> edges;    // incoming
  int loop_depth = 0;         // at the declaration
  int result_index = 0;       // 1-based, of results

  // State of the walk that is under way: fewest dereferences from its root, and the
  // next location on that way with the index of its edge.
  int derefs = 0;
  uint32_t walk = 0;
  Location* dst = nullptr;
  size_t dst_edge = 0;
  bool queued_all = false;  // in the queue of roots
  uint32_t queued_one = 0;  // the walk it was last queued for

  uint8_t attributes = 0;
  Leaks leaks;            // of parameters
  bool captured = false;  // by a closure
  bool reassigned = false;
  bool addrtaken = false;
  bool is_param = false;
  bool is_result = false;

  // The first way found to the heap, for verdicts; `path_root` is where it ends.
  std::vector<PathLink> path;
  // For parameters: the ways on which the value leaks.
  std::vector<PathLink> leak_path;

  bool Has(Attribute a) const { return (attributes & a) != 0; }
};

// An evaluation context.
struct Hole {
  Location* dst = nullptr;
  int derefs = 0;
  const Note* notes = nullptr;
  bool addrtaken = false;  // the context takes the expression's address
};

// How far the functions of the analysis are.
enum class FuncState : uint8_t { kUnknown, kPlanned, kStarted, kTagged };

// What outlives one group: function states and reassignment oracles.
struct Analysis {
  explicit Analysis(Context& c) : context(c) {}
  Context& context;
  std::vector<Verdict> verdicts;
  std::unordered_map<const ir::Func*, FuncState> states;
  std::unordered_map<const ir::Func*, std::shared_ptr<ir::ReassignOracle>> oracles;
};

// One group of functions: its locations, and what walking and solving do to them.
class Batch {
 public:
  explicit Batch(Analysis& analysis);
  // Builds the graph of `group`, solves it, writes and reports the verdicts.
  void Run(const std::vector<ir::Func*>& group);

 private:
  friend class Walker;
  friend class Reporter;

  struct Closure {
    Hole hole;
    ir::Node* node;
  };

  Location* Heap() { return &heap_; }
  Location* Mutator() { return &mutator_; }
  Location* Callee() { return &callee_; }
  Location* Blank() { return &blank_; }

  void InitFunc(ir::Func* fn);
  void FlowClosure(const Closure& closure);
  void RewriteWithLiterals(ir::Node* n, ir::Func* fn);
  void RewriteMakeSlice(ir::Node* n, ir::Func* fn);
  void RewriteInterface(ir::Node* n, ir::Func* fn);
  void AssignTemp(ir::SrcPos pos, ir::Func* fn, ir::Node* value, ir::List& init);
  ir::ReassignOracle& OracleFor(ir::Func* fn);
  // Whether fn is analysed together with this group, so that its parameters and results
  // are locations here and its tags are not known yet.
  bool InBatch(const ir::Func* fn) const;

  Location* NewLocation(ir::Node* n, ir::Func* curfn, int loop_depth, bool persists);
  static Location* LocationOf(ir::Name* name);
  void Flow(const Hole& hole, Location* src);
  Hole WithNote(Hole hole, ir::Node* where, const char* why);
  Hole Address(Hole hole, ir::Node* where, const char* why);
  Hole Dereference(Hole hole, ir::Node* where, const char* why);

  // solve.cpp
  void WalkAll();
  void WalkOne(Location* root);
  void Enqueue(Location* location);
  bool Outlives(const Location* l, const Location* other) const;
  void LoseClosureResults(Location* root);
  void NoteLeak(Location* root, Location* l, int derefs);

  Analysis& analysis_;
  Context& context_;
  ir::Program& program_;
  std::deque<Location> locations_;  // in order of creation
  std::vector<Closure> closures_;
  base::Arena notes_;
  Location heap_, mutator_, callee_, blank_;
  std::deque<Location*> roots_;
  uint32_t walk_ = 0;
};

}  // namespace escapement::escape
