// The walk that finds elided bounds checks in gc's order.
#include <unordered_set>

#include "engine/ir/call_graph.h"
#include "engine/ir/static_value.h"
#include "engine/lower/bounds.h"
#include "engine/lower/layout.h"
#include "engine/lower/lowering.h"
#include "engine/lower/order.h"
#include "engine/lower/pair_order.h"

namespace escapement::lower {

using namespace ir;

namespace {

// How many bytes of a constant string are compared one by one (walkCompareString).
constexpr size_t kMaxCompareLength = 16;

// Whether an index expression's check is needless; a constant index has none to speak of.
bool Elided(const Node* n) {
  if (n->op != kIndex || n->Has(kBounded) || n->y->op == kLiteral) return false;
  const Type* t = n->x->type->IsPtr() ? n->x->type->elem : n->x->type;
  if (t->IsArray()) return Bounded(n->y, t->underlying->length);
  bool text = n->x->op == kLiteral && t->IsString();
  return text && Bounded(n->y, static_cast<int64_t>(n->x->value.StringVal().size()));
}

// Whether a conversion to an interface hands its operand to the runtime by address, to be copied (dataWord).
bool BoxesByAddress(const Node* conv) {
  Type* from = conv->x->type;
  if (from->IsDirectIface() || from->Size() == 0 || IsBoxedStatically(from)) return false;
  const bool in_frame = conv->esc == Esc::kNone && from->Size() <= kZeroValSize;
  return !in_frame && ConvertsByAddress(from);
}

// Follows walk through one function that order has been through, in gc's order. Where walk makes a
// temporary of an index, the check comes back.
class BoundsWalk {
 public:
  BoundsWalk(Program& program, ir::Func* fn, std::vector<SrcPos>& found,
             std::unordered_set<const ir::Func*>& direct)
      : program_(program),
        fn_(fn),
        found_(found),
        direct_(direct),
        called_directly_(direct.count(fn) != 0),
        has_defer_(fn->Has(kFuncHasDefer)) {}

  void Stmts(List list) {
    for (Node* n : list) Stmt(n);
  }

  // The function literals of the function, in the order in which walk came by.
  std::vector<ir::Func*> closures;

 private:
  // --- Statements ---

  void Stmt(Node* n) {
    if (n == nullptr) return;
    Init(n);
    switch (n->op) {
      case kBlock:
        return Stmts(n->list);
      case kInlCall:
        return Stmts(n->body);
      case kAs:
        return Assign(n->x, n->y);
      case kAsOp:
        n->x = Safe(Walk(n->x));
        Walk(n->x);
        Walk(n->y);
        return;
      case kAs2:
        return AssignPairs(n->list, n->rlist);
      case kAs2Func:
      case kAs2DotType:
      case kAs2MapR:
      case kAs2Recv:
        for (Node*& x : n->list) x = Walk(Safe(x));
        Walk(n->rlist[0]);
        return;
      case kReturn:
        return Return(n);
      case kFor:
        Walk(n->x);
        Stmt(n->y);
        return Stmts(n->body);
      case kIf:
        Walk(n->x);
        Stmts(n->body);
        return Stmts(n->rlist);
      case kRange:
        return Range(n);
      case kSwitch:
        return Switch(n);
      case kSelect:
        return Select(n);
      case kSend:
        Walk(n->y);
        Walk(n->x);
        TakeAddress(n->y);
        return;
      case kDefer:
        has_defer_ = true;
        Walk(n->x->x);
        return;
      case kGo:
      case kTailCall:
        Walk(n->x->x);
        return;
      case kDcl:
      case kLabel:
      case kGoto:
        return;
      default:
        Walk(n);
        return;
    }
  }

  void Init(Node* n) {
    if (n->op == kName || n->init.empty()) return;
    List init = n->init;
    n->init = {};
    Stmts(init);
  }

  void Assign(Node* left, Node* right) {
    left = Safe(Walk(left));
    if (right == nullptr) return;
    if (right->op == kAppend) {
      Append(right, left);
    } else {
      Walk(right);
    }
  }

  // append evaluates what it adds before it looks at the slice.
  void Append(Node* n, const Node* left) {
    bool made = n->Has(kIsDDD) && n->list.size() == 2 && n->list[1]->op == kMakeSlice && !n->list[1]->y;
    size_t first = !n->Has(kIsDDD) && SameSafeExpr(left, n->list[0]) ? 1 : 0;
    for (size_t i = first; i < n->list.size(); ++i) {
      Node* arg = n->list[i];
      if (made && i == 1) {
        bool converted = !arg->x->type->Is(Kind::kInt);
        arg = arg->x;
        if (converted) {
          Walk(arg);
          continue;
        }
      }
      Walk(Safe(arg));
    }
  }

  void AssignPairs(List left, List right) {
    auto reads_memory = [this](const Node* n) { return ReadsMemory(n); };
    PairOrder order(reads_memory, has_defer_);
    auto save = [&](Node*& n) {
      if (order.Affected(n)) n = Copy(n);
    };
    for (size_t i = 0; i < left.size(); ++i) {
      Node* x = left[i];
      for (;; x = x->x) {
        Init(x);
        if (x->op == kIndex && x->x->type->IsArray()) {
          save(x->y);
        } else if (x->op != kDot && x->op != kParen) {
          break;
        }
      }
      if (x->op != kName) {
        save(x->x);
        if (x->y != nullptr) save(x->y);
      }
      Node* value = right[i];
      save(value);
      Assign(left[i], value);
      order.Assigned(x);
    }
  }

  void Return(Node* n) {
    std::span<Name* const> results = fn_->results();
    if (n->list.size() != results.size()) {
      for (Node* x : n->list) Walk(x);
      return;
    }
    std::vector<Node*> left;
    std::vector<Node*> right;
    for (size_t i = 0; i < results.size(); ++i) {
      if (SameSafeExpr(results[i], n->list[i])) continue;
      left.push_back(results[i]);
      right.push_back(n->list[i]);
    }
    AssignPairs(left, right);
  }

  void Range(Node* n) {
    Walk(n->x);
    std::vector<Node*> targets;
    for (Node* target : {n->y, n->z})
      if (target != nullptr) targets.push_back(target);
    std::vector<Node*> values;
    for (Node* target : targets) values.push_back(Temp(target));
    AssignPairs(targets, values);
    Stmts(n->body);
  }

  void Switch(Node* n) {
    Node* tag = n->x;
    bool types = tag != nullptr && tag->op == kTypeSw;
    Walk(types ? tag->x : tag);
    if (!types && tag != nullptr && tag->op != kLiteral && tag->op != kNil) tag = Temp(tag);
    for (Node* c : n->list) {
      if (types) break;
      for (Node* value : c->list) {
        bool plain = tag == nullptr || (tag->op == kLiteral && tag->type->IsBoolean());
        if (value->op == kLiteral) continue;
        if (plain && !value->type->IsInterface()) {
          Walk(value);
          continue;
        }
        Node* test = program_.NewNode(kEq, value->op == kName ? n->pos : value->pos);
        test->x = tag != nullptr ? tag : Temp(value);
        test->y = value;
        Walk(test);
      }
    }
    for (Node* c : n->list) Stmts(c->body);
  }

  // The cases follow in the order in which the runtime is told of them: default, sends, and receives from
  // the last to the first. A select of two cases with a default has its other case first.
  void Select(Node* n) {
    auto body = [this](Node* c) {
      if (c->x != nullptr && c->x->op == kSelRecv2)
        for (Node* target : c->x->list)
          if (!ir::IsBlank(target)) Assign(target, nullptr);
      Stmts(c->body);
    };
    std::vector<Node*> defaults, sends, receives;
    for (Node* c : n->list) (c->x == nullptr ? defaults : c->x->op == kSend ? sends : receives).push_back(c);
    bool polled = n->list.size() == 2 && !defaults.empty();
    if (!polled)
      for (Node* c : defaults) body(c);
    for (Node* c : sends) body(c);
    for (size_t i = receives.size(); i-- > 0;) body(receives[i]);
    if (polled)
      for (Node* c : defaults) body(c);
  }

  // Whether an assignment through a pointer may change what n alone reads (walk's readsMemory).
  bool ReadsMemory(const Node* n) const {
    if (n->op != kName) return OpReadsMemory(n->op);
    const Name* name = n->AsName();
    if (name->cls == Class::kFunc) return false;
    // What a literal called on the spot captures by value are its parameters.
    bool parameter = called_directly_ && name->IsClosureVar() && const_cast<Name*>(name)->Byval();
    bool on_stack = name->IsLocal() || parameter;
    return !on_stack || name->Is(kNameAddrtaken) || taken_.count(n) != 0 || name->esc == Esc::kHeap;
  }

  // Walk hands n over by address: from here on its variable counts as one whose address is taken.
  void TakeAddress(Node* n) {
    if (!ir::IsAddressable(n)) return;
    if (const Node* root = ir::OuterValue(n); ir::IsName(root)) taken_.insert(root);
  }

  // --- Expressions ---

  Node* Temp(const Node* n) { return program_.NewTemp(fn_, n->pos, n->type); }

  // A temporary with n's value.
  Node* Copy(Node* n) {
    Node* temp = Temp(n);
    Assign(temp, n);
    return temp;
  }
  Node* Cheap(Node* n) { return n->op == kName || n->op == kLiteral || n->op == kNil ? n : Copy(n); }

  // n, so that it may appear twice (walk's safeExpr).
  Node* Safe(Node* n) {
    Init(n);
    switch (n->op) {
      case kName:
      case kLiteral:
      case kNil:
      case kLinkSymOffset:
        return n;
      case kLen:
      case kCap:
      case kDot:
      case kDotPtr:
      case kDeref: {
        Node* x = Safe(n->x);
        if (x == n->x) return n;
        n = ShallowCopy(program_.arena(), n);
        n->x = x;
        return Walk(n);
      }
      case kIndex:
      case kIndexMap: {
        Node* x = Safe(n->x);
        Node* y = Safe(n->y);
        if (x == n->x && y == n->y) return n;
        n = ShallowCopy(program_.arena(), n);
        n->x = x;
        n->y = y;
        return Walk(n);
      }
      case kStructLit:
      case kArrayLit:
      case kSliceLit:
        if (IsStaticLiteral(n)) return n;
        break;
      default:
        break;
    }
    return Copy(n);
  }

  Node* Walk(Node* n) {
    if (n == nullptr || n->op == kName) return n;
    Init(n);
    switch (n->op) {
      case kClosure:
        Closure(n->func);
        break;
      case kCallFunc:
        if (n->x->op == kClosure) {
          direct_.insert(n->x->func);
          Closure(n->x->func);
        } else {
          Walk(n->x);
        }
        for (Node* arg : n->list) Walk(arg);
        break;
      case kEq:
      case kNe:
      case kLt:
      case kLe:
      case kGt:
      case kGe:
        Compare(n);
        break;
      case kMakeSlice:
      case kUnsafeSlice:
      case kUnsafeString:
        Walk(Safe(n->x));
        if (n->y != nullptr) Walk(Safe(n->y));
        break;
      default:
        DoChildren(n, [this](Node* c) {
          Walk(c);
          return false;
        });
        break;
    }
    if (n->op == kConvIface && BoxesByAddress(n)) TakeAddress(n->x);
    if (n->op == kIndexMap && FastOf(n->x->type) == MapFast::kSlow) TakeAddress(n->y);
    if (n->op == kDelete && FastOf(n->list[0]->type) == MapFast::kSlow) TakeAddress(n->list[1]);
    if (n->op == kIndex && Elided(n)) {
      n->Set(kBounded);
      found_.push_back(n->pos);
    }
    return n;
  }

  void Closure(ir::Func* fn) {
    // A literal that may be initialised in two ways is walked twice, but compiled once.
    if (CapturesVariables(fn) && queued_.insert(fn).second) closures.push_back(fn);
  }

  void Compare(Node* n) {
    auto interface = [](const Node* x) { return x->type->IsInterface() && x->op != kNil; };
    auto text = [](const Node* x) { return x->op == kLiteral; };
    if (interface(n->x) && interface(n->y)) {
      n->y = Cheap(n->y);
      n->x = Cheap(n->x);
      return;
    }
    if (n->x->type->IsString() && text(n->x) != text(n->y)) {
      Node*& other = text(n->x) ? n->y : n->x;
      size_t length = (text(n->x) ? n->x : n->y)->value.StringVal().size();
      // Bytes of a short constant are compared one by one with bytes of the other string.
      bool bytes = (n->op == kEq || n->op == kNe) && length <= kMaxCompareLength;
      if (bytes && length > 0) other = Safe(other);
    }
    Walk(n->x);
    Walk(n->y);
  }

  Program& program_;
  ir::Func* fn_;
  std::vector<SrcPos>& found_;
  std::unordered_set<const ir::Func*>& direct_;  // literals called where they stand
  std::unordered_set<const ir::Func*> queued_;
  std::unordered_set<const Node*> taken_;  // variables whose address walk has taken so far
  bool called_directly_;
  bool has_defer_;
};

// Whether a body, its function literals included, has anything to report.
bool MayElide(ir::Func* fn) {
  bool found = false;
  std::vector<ir::Func*> todo{fn};
  while (!todo.empty() && !found) {
    ir::Func* next = todo.back();
    todo.pop_back();
    VisitList(next->body, [&](Node* n) {
      found = found || Elided(n);
      if (n->op == kClosure && CapturesVariables(n->func)) todo.push_back(n->func);
    });
  }
  return found;
}

}  // namespace

std::vector<SrcPos> ElidedBoundsChecks(Program& program, const std::vector<ir::Func*>& funcs) {
  std::vector<SrcPos> found;
  std::unordered_set<const ir::Func*> direct;
  for (ir::Func* fn : funcs) {
    // Closures come with their function.
    if (CapturesVariables(fn) || fn->Has(kFuncNoBody) || !MayElide(fn)) continue;
    std::vector<ir::Func*> todo{fn};
    while (!todo.empty()) {
      ir::Func* next = todo.back();
      todo.pop_back();
      // The function itself stays as it is: the walk works on a copy of its body.
      std::vector<Name*> dcl = next->dcl;
      std::vector<Node*> body;
      for (Node* n : next->body) body.push_back(n == nullptr ? n : DeepCopy(program.arena(), {}, n));
      BoundsWalk walk(program, next, found, direct);
      walk.Stmts(Orderer(program, next, true).Ordered(program.NewList(body)));
      todo.insert(todo.end(), walk.closures.begin(), walk.closures.end());
      next->dcl = std::move(dcl);
    }
  }
  return found;
}

}  // namespace escapement::lower
