#include "engine/ir/call_graph.h"

#include <limits>
#include <unordered_map>

#include "engine/ir/static_value.h"

namespace escapement::ir {

namespace {

// Tarjan's algorithm with two twists of gc's: a closure that captures variables is never
// the root of a component, and a function is two nodes, n and n+1, searched from n+1, so
// that a lone function that does not call itself is told from one that does. Iterative:
// the depth of a call graph is the program's to decide.
class BottomUp {
 public:
  using Visit = std::function<void(const std::vector<Func*>&, bool)>;
  BottomUp(const std::function<bool(const Func*)>& inside, const Visit& visit)
      : inside_(inside), visit_(visit) {}

  void From(Func* root) {
    if (numbers_.count(root) != 0) return;
    Push(root);
    while (!frames_.empty()) {
      Frame& frame = frames_.back();
      if (frame.next < frame.references.size()) {
        Func* target = frame.references[frame.next++];
        auto it = numbers_.find(target);
        if (it == numbers_.end()) {
          Push(target);
        } else if (it->second < frame.lowest) {
          frame.lowest = it->second;
        }
        continue;
      }
      Frame done = std::move(frames_.back());
      frames_.pop_back();
      Finish(done);
      if (!frames_.empty() && done.lowest < frames_.back().lowest) frames_.back().lowest = done.lowest;
    }
  }

 private:
  static constexpr uint32_t kDone = std::numeric_limits<uint32_t>::max();

  struct Frame {
    Func* fn = nullptr;
    uint32_t number = 0;
    uint32_t lowest = 0;
    size_t next = 0;
    std::vector<Func*> references;
  };

  void Push(Func* fn) {
    Frame frame;
    frame.fn = fn;
    frame.number = ++generation_;
    frame.lowest = ++generation_;
    numbers_[fn] = frame.number;
    stack_.push_back(fn);
    VisitList(fn->body, [&](Node* n) { Reference(frame, n); });
    frames_.push_back(std::move(frame));
  }

  void Reference(Frame& frame, Node* n) {
    Func* target = nullptr;
    switch (n->op) {
      case kName:
        if (n->AsName()->cls == Class::kFunc) target = n->AsName()->fn;
        break;
      case kDotMeth:
      case kMethValue:
      case kMethExpr:
        if (Name* method = MethodExprName(n)) target = method->fn;
        break;
      case kClosure:
        // One that captures is a part of this function; another may be done with already.
        if (CapturesVariables(n->func) || inside_(n->func)) frame.references.push_back(n->func);
        return;
      default:
        return;
    }
    if (target != nullptr && inside_(target)) frame.references.push_back(target);
  }

  void Finish(const Frame& frame) {
    bool is_root =
        (frame.lowest == frame.number || frame.lowest == frame.number + 1) && !CapturesVariables(frame.fn);
    if (!is_root) return;
    size_t first = stack_.size();
    do {
      numbers_[stack_[--first]] = kDone;
    } while (stack_[first] != frame.fn);
    std::vector<Func*> group(stack_.begin() + static_cast<std::ptrdiff_t>(first), stack_.end());
    stack_.resize(first);
    visit_(group, frame.lowest == frame.number);
  }

  const std::function<bool(const Func*)>& inside_;
  const Visit& visit_;
  uint32_t generation_ = 0;
  std::unordered_map<Func*, uint32_t> numbers_;
  std::vector<Func*> stack_;
  std::vector<Frame> frames_;
};

}  // namespace

void VisitFuncsBottomUp(const std::vector<Func*>& roots, const std::function<bool(const Func*)>& inside,
                        const std::function<void(const std::vector<Func*>&, bool)>& visit) {
  BottomUp walk(inside, visit);
  for (Func* root : roots)
    if (!CapturesVariables(root)) walk.From(root);
}

bool ContainsClosure(const Func* f, const Func* c) {
  if (f == c || c->closure == nullptr) return false;
  for (const Func* p = c->closure_parent; p != nullptr; p = p->closure_parent)
    if (p == f) return true;
  return false;
}

}  // namespace escapement::ir
