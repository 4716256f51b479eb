// Initialisation order of package-level variables, and cycles in it.
#include <set>
#include <unordered_map>
#include <unordered_set>

#include "engine/base/sort.h"
#include "engine/types/checker.h"
#include "engine/types/context.h"
#include "engine/types/decl.h"
#include "engine/types/errors.h"

namespace escapement::types {

namespace {

// A constant or variable: what must be initialised before it (functions are looked through)
// and after it.
struct Node {
  Object* object;
  std::unordered_set<size_t> before;
  std::vector<size_t> after;
  size_t pending = 0;
};

class InitOrderer {
 public:
  InitOrderer(Context& c, Package* pkg) : c_(c), pkg_(pkg) {}
  std::vector<Initializer> Run();

 private:
  void AddNodes();
  void FindDependencies(size_t node);
  std::vector<Object*> FindCycle(Object* object);
  void ReportCycle(const std::vector<Object*>& cycle);

  // Constants come first, then what waits for the least, then source order.
  struct Earlier {
    const std::vector<Node>* nodes;
    bool operator()(size_t a, size_t b) const {
      const Node &x = (*nodes)[a], &y = (*nodes)[b];
      bool x_const = x.object->kind == ObjectKind::kConst, y_const = y.object->kind == ObjectKind::kConst;
      if (x_const != y_const) return x_const;
      if (x.pending != y.pending) return x.pending < y.pending;
      return x.object->order < y.object->order;
    }
  };

  Context& c_;
  Package* pkg_;
  std::vector<Node> nodes_;
  std::unordered_map<const Object*, size_t> index_;
};

// Packages checked lazily get the bodies that initialisers reach here.
void NeedDependencies(Context& c, Object* object) {
  if (!object->pkg->is_library) return;
  if (object->type == nullptr) {
    ObjDecl(c, object);
    ProcessDelayed(c, 0);
  }
  if (auto* func = As<Func>(object)) CheckFuncBody(c, func);
}

void InitOrderer::AddNodes() {
  for (Object* object : pkg_->objects) {
    if (object->kind != ObjectKind::kConst && object->kind != ObjectKind::kVar) continue;
    // A library's constants are known to be in order.
    if (pkg_->is_library && (object->kind == ObjectKind::kConst || !object->decl->HasInitializer())) continue;
    index_[object] = nodes_.size();
    nodes_.push_back({object, {}, {}, 0});
  }
}

// What the node's declaration mentions, directly or through functions.
void InitOrderer::FindDependencies(size_t node) {
  std::vector<Object*> work = {nodes_[node].object};
  std::unordered_set<const Object*> seen;
  while (!work.empty()) {
    Object* object = work.back();
    work.pop_back();
    NeedDependencies(c_, object);
    for (Object* to : object->decl->deps) {
      if (to->kind == ObjectKind::kFunc) {
        if (seen.insert(to).second) work.push_back(to);
        continue;
      }
      auto found = index_.find(to);
      if (found != index_.end()) nodes_[node].before.insert(found->second);
    }
  }
}

// A path of mentions from `object` back to itself: object, last, …, first.
std::vector<Object*> InitOrderer::FindCycle(Object* object) {
  struct Frame {
    Object* object;
    std::vector<Object*> deps;
    size_t next;
  };
  auto sorted = [](Object* o) {
    std::vector<Object*> deps(o->decl->deps.begin(), o->decl->deps.end());
    base::Sort(deps, [](Object* a, Object* b) { return a->order < b->order; });
    return deps;
  };
  std::unordered_set<const Object*> seen = {object};
  std::vector<Frame> stack;
  stack.push_back({object, sorted(object), 0});
  while (!stack.empty()) {
    Frame& top = stack.back();
    if (top.next == top.deps.size()) {
      stack.pop_back();
      continue;
    }
    Object* to = top.deps[top.next++];
    if (to == object) {
      std::vector<Object*> cycle = {object};
      for (size_t i = stack.size(); i > 1; --i) cycle.push_back(stack[i - 1].object);
      return cycle;
    }
    if (to->decl != nullptr && seen.insert(to).second) stack.push_back({to, sorted(to), 0});
  }
  return {};
}

void InitOrderer::ReportCycle(const std::vector<Object*>& cycle) {
  Object* object = cycle[0];
  if (cycle.size() == 1) {
    Error(c_, object, "initialization cycle: ", object->name, " refers to itself");
    return;
  }
  Report report(c_);
  report.Add(object, "initialization cycle for " + object->name.str());
  for (size_t i = cycle.size(); i > 0; --i) {
    Object* next = cycle[i - 1];
    report.Add(object, object->name.str() + " refers to " + next->name.str());
    object = next;
  }
  report.Emit();
}

std::vector<Initializer> InitOrderer::Run() {
  AddNodes();
  for (size_t i = 0; i < nodes_.size(); ++i) FindDependencies(i);
  for (size_t i = 0; i < nodes_.size(); ++i) {
    nodes_[i].pending = nodes_[i].before.size();
    for (size_t b : nodes_[i].before) nodes_[b].after.push_back(i);
  }
  std::set<size_t, Earlier> queue(Earlier{&nodes_});
  for (size_t i = 0; i < nodes_.size(); ++i) queue.insert(i);

  std::vector<Initializer> result;
  std::unordered_set<const DeclInfo*> emitted;
  while (!queue.empty()) {
    size_t n = *queue.begin();
    queue.erase(queue.begin());
    Object* object = nodes_[n].object;
    // Something still to be initialised before it: a cycle.
    if (nodes_[n].pending > 0) {
      std::vector<Object*> cycle = FindCycle(object);
      if (!cycle.empty()) ReportCycle(cycle);
    }
    for (size_t later : nodes_[n].after) {
      bool queued = queue.erase(later) > 0;
      --nodes_[later].pending;
      if (queued) queue.insert(later);
    }
    auto* var = As<Var>(object);
    if (var == nullptr || !var->decl->HasInitializer()) continue;
    // The variables of one declaration are initialised together.
    if (!emitted.insert(var->decl).second) continue;
    std::span<Var*> lhs = var->decl->lhs;
    if (lhs.empty()) lhs = c_.arena.Copy(std::span<Var* const>(&var, 1));
    result.push_back({lhs, var->decl->init});
  }
  return result;
}

}  // namespace

void ComputeInitOrder(Context& c, Package* pkg) {
  c.init_orders[pkg] = InitOrderer(c, pkg).Run();
}

}  // namespace escapement::types
