// A slice variable is *exclusive* while no other variable refers to a backing store of
// its that is in this frame: after s = nil, s = append(s, …), s = s[i:j], reads and
// writes of elements, calls that do not keep s. An exclusive slice can be moved to the
// heap unseen. So when s stops being exclusive at exactly one place, s = move2heap(s) goes
// there and all its appends may use the stack.
#include <unordered_map>

#include "engine/escape/leaks.h"
#include "engine/escape/prepare.h"
#include "engine/ir/static_value.h"

namespace escapement::escape {

using namespace ir;

namespace {

// Elements larger than this have no stack buffer (base.Debug.VariableMakeThreshold).
constexpr int64_t kMaxElement = 32;
// The move pays only when there is more than one append; one in a loop counts twice.
constexpr int kMinWeight = 2;

class LateMove {
 public:
  LateMove(Program& program, Func* fn) : program_(program), fn_(fn) {}

  void Run() {
    for (Name* name : fn_->dcl) {
      if (!name->type->IsSlice() || name->type->elem->Size() > kMaxElement) continue;
      slices_[name];
      if (name->cls == Class::kParamOut) results_.push_back(name);
    }
    if (slices_.empty()) return;
    for (Node* statement : fn_->body) Visit(statement);
    for (Name* name : fn_->dcl) {
      if (SliceUse* use = Find(name)) Commit(name, *use);
    }
  }

 private:
  struct SliceUse {
    bool dropped = false;  // used in a way that is not understood
    int understood = 0;
    int uses = 0;
    Node* transition = nullptr;  // the statement where s stops being exclusive
    std::vector<Node*> appends;
    int weight = 0;
    int declared_depth = 0;
    bool capacity_used = false;
  };

  SliceUse* Find(Node* n) {
    if (!IsName(n)) return nullptr;
    auto it = slices_.find(n->AsName());
    return it == slices_.end() || it->second.dropped ? nullptr : &it->second;
  }

  void Transition(SliceUse& use, Node* statement) {
    if (use.transition != nullptr || depth_ > use.declared_depth) {
      use.dropped = true;
    } else {
      use.transition = statement;
    }
  }

  void Understand(Node* n, bool capacity) {
    SliceUse* use = Find(n);
    if (use == nullptr) return;
    ++use->understood;
    use->capacity_used |= capacity;
  }

  void Assign(Node* x, Node* y, Node* statement) {
    if (SliceUse* use = Find(x)) {
      if (y == nullptr || y->op == kNil) {
        ++use->understood;
      } else if (y->op == kSliceLit) {
        ++use->understood;
        use->capacity_used = true;
      } else if (y->op == kSlice && y->x == x) {
        use->understood += 2;
        use->capacity_used = true;
      } else if (y->op == kAppend && y->list[0] == x) {
        use->understood += 2;
        use->appends.push_back(y);
        use->weight += 1 + (depth_ - use->declared_depth);
      }
    }
    if (SliceUse* use = Find(y)) {
      ++use->understood;
      Transition(*use, statement);
    }
  }

  void Return(Node* n) {
    for (Node* result : n->list) {
      if (SliceUse* use = Find(result)) {
        ++use->understood;
        Transition(*use, n);
      }
    }
    if (!n->list.empty()) return;
    for (Name* result : results_)
      if (SliceUse* use = Find(result)) Transition(*use, n);
  }

  // Whether argument i may be kept by the callee.
  static bool Leaks(Node* call, size_t i) {
    Name* callee = StaticCalleeName(StaticValue(call->x));
    if (callee == nullptr || callee->fn == nullptr) return true;
    const std::vector<std::string>& tags = callee->fn->summary.param_tags;
    return i >= tags.size() || escape::Leaks::Parse(tags[i]).Any();
  }

  void Visit(Node* n) {
    switch (n->op) {
      case kName:
        if (SliceUse* use = Find(n)) ++use->uses;
        break;
      case kDcl:
        if (SliceUse* use = Find(n->x)) {
          ++use->understood;
          use->declared_depth = depth_;
        }
        break;
      case kIndex:
      case kLen:
      case kRange:
        Understand(n->x, false);
        break;
      case kCap:
        Understand(n->x, true);
        break;
      case kAddr:
        // &s[i] refers to the backing store.
        if (n->x->op == kIndex) {
          if (SliceUse* use = Find(n->x->x)) use->dropped = true;
        }
        break;
      case kReturn:
        Return(n);
        break;
      case kCallFunc:
        for (size_t i = 0; i < n->list.size(); ++i)
          if (Find(n->list[i]) != nullptr && !Leaks(n, i)) Understand(n->list[i], true);
        break;
      case kAs:
        Assign(n->x, n->y, n);
        break;
      case kAs2:
        for (size_t i = 0; i < n->list.size(); ++i) Assign(n->list[i], n->rlist[i], n);
        break;
      case kClosure:
        for (Name* captured : n->func->closure_vars) Visit(captured->outer);
        break;
      default:
        break;
    }
    bool loop = n->op == kFor || n->op == kRange;
    if (loop) ++depth_;
    DoChildren(n, [this](Node* child) {
      Visit(child);
      return false;
    });
    if (loop) --depth_;
  }

  void Commit(Name* name, SliceUse& use) {
    if (use.understood != use.uses || use.transition == nullptr || use.weight < kMinWeight) return;
    Node* move = program_.NewNode(kMove2Heap, use.transition->pos, name->type);
    move->x = name;
    move->Set(kPreserveCapacity, use.capacity_used);
    if (use.appends[0]->hidden != nullptr) move->y = use.appends[0]->hidden->rtype;
    Node* assignment = program_.NewNode(kAs, use.transition->pos);
    assignment->x = name;
    assignment->y = move;
    std::vector<Node*> init{assignment};
    init.insert(init.end(), use.transition->init.begin(), use.transition->init.end());
    use.transition->init = program_.NewList(init);
    for (Node* append : use.appends) {
      append->esc = Esc::kNone;
      if (use.capacity_used) append->Set(kUseBuf);
    }
  }

  Program& program_;
  Func* fn_;
  int depth_ = 0;
  std::unordered_map<const Name*, SliceUse> slices_;
  std::vector<Name*> results_;
};

}  // namespace

void MoveSlicesToHeapLate(Program& program, const std::vector<Func*>& funcs) {
  for (Func* fn : funcs) LateMove(program, fn).Run();
}

}  // namespace escapement::escape
