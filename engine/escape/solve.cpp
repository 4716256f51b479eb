// The solver: from each location back along its edges, with the fewest dereferences on
// the way, until no location's attributes grow any more. The order of the queues is
// gc's: it does not change a verdict but decides which explanation is found first.
#include "engine/escape/report.h"
#include "engine/ir/call_graph.h"

namespace escapement::escape {

void Batch::Enqueue(Location* location) {
  if (location->queued_all) return;
  location->queued_all = true;
  // What escapes goes first: it is what others depend on.
  if (location->Has(kEscapes)) {
    roots_.push_front(location);
  } else {
    roots_.push_back(location);
  }
}

void Batch::WalkAll() {
  auto push = [&](Location* location) {
    roots_.push_front(location);
    location->queued_all = true;
  };
  for (Location& location : locations_) push(&location);
  push(&mutator_);
  push(&callee_);
  push(&heap_);
  while (!roots_.empty()) {
    Location* root = roots_.front();
    roots_.pop_front();
    root->queued_all = false;
    ++walk_;
    WalkOne(root);
  }
}

// Results of a closure that may be called from where nobody follows them reach the heap.
void Batch::LoseClosureResults(Location* root) {
  if (!root->Has(kCalls) || root->n == nullptr || root->n->op != ir::kClosure) return;
  ir::Func* fn = root->n->func;
  if (!InBatch(fn) || fn->Has(ir::kFuncClosureResultsLost)) return;
  fn->Set(ir::kFuncClosureResultsLost);
  for (ir::Name* result : fn->results()) Enqueue(LocationOf(result));
}

// Bellman and Ford's algorithm: edges may be negative, but dereferences are counted from
// 0 again behind an address-of, so that no cycle is.
void Batch::WalkOne(Location* root) {
  root->walk = walk_;
  root->derefs = 0;
  root->dst = nullptr;
  LoseClosureResults(root);

  std::deque<Location*> todo{root};
  while (!todo.empty()) {
    Location* l = todo.front();
    todo.pop_front();
    l->queued_one = 0;
    int derefs = l->derefs;
    uint8_t gained = 0;

    if (derefs < 0) {
      // l's address reaches root. What reaches l itself does so by value.
      derefs = 0;
      if (Outlives(root, l)) {
        if (!l->Has(kEscapes)) {
          Reporter reporter(*this);
          std::vector<PathLink> path = reporter.PathTo(root, l);
          reporter.Explain(l, path);
          l->path = std::move(path);
        }
        gained |= kHeapAttributes;
      } else if (root->Has(kPersists)) {
        gained |= kPersists;
      }
    }
    if (derefs == 0) gained |= root->attributes & (kMutates | kCalls);
    if (l->is_param) NoteLeak(root, l, derefs);

    if ((gained & ~l->attributes) != 0) {
      l->attributes |= gained;
      Enqueue(l);
      if (l->Has(kEscapes)) continue;
    }
    for (size_t i = 0; i < l->edges.size(); ++i) {
      const Edge& edge = l->edges[i];
      Location* src = edge.src;
      if (src->Has(kEscapes)) continue;
      int d = derefs + edge.derefs;
      if (src->walk == walk_ && src->derefs <= d) continue;
      src->walk = walk_;
      src->derefs = d;
      src->dst = l;
      src->dst_edge = i;
      if (src->queued_one == walk_) continue;
      src->queued_one = walk_;
      todo.push_back(src);
    }
  }
}

// l is a parameter whose value reaches root.
void Batch::NoteLeak(Location* root, Location* l, int derefs) {
  if (Outlives(root, l)) {
    if (!l->Has(kEscapes)) {
      Reporter reporter(*this);
      std::vector<PathLink> path = reporter.PathTo(root, l);
      reporter.ExplainLeak(root, l, derefs, path);
      if (l->leak_path.empty()) l->leak_path = std::move(path);
    }
    // A result that is itself on the heap, or has no slot in the tag, counts as heap.
    bool to_result = !root->Has(kEscapes) && root->is_result && root->curfn == l->curfn;
    if (to_result && root->result_index <= Leaks::kResults) {
      l->leaks.AddResult(root->result_index - 1, derefs);
    } else {
      l->leaks.AddHeap(derefs);
    }
  }
  if (root->Has(kMutates)) l->leaks.AddMutator(derefs);
  if (root->Has(kCalls)) l->leaks.AddCallee(derefs);
}

// Whether a value in l may still be there when `other`, were it on the stack, is gone.
bool Batch::Outlives(const Location* l, const Location* other) const {
  if (l->Has(kEscapes)) return true;
  if (l == &mutator_ || l == &callee_) return false;
  if (l->is_result) {
    // Callers may do anything with a result, unless it is a closure's whose calls are
    // all known and that stay within the function of `other`.
    bool known = ir::ContainsClosure(other->curfn, l->curfn) && !l->curfn->Has(ir::kFuncClosureResultsLost);
    return !known;
  }
  // Declared outside a loop that `other` is in.
  if (l->curfn == other->curfn && l->loop_depth < other->loop_depth) return true;
  // `other` is in a closure inside l's function.
  return ir::ContainsClosure(l->curfn, other->curfn);
}

}  // namespace escapement::escape
