#include "engine/escape/walker.h"
#include "engine/ir/call_graph.h"

namespace escapement::escape {

using namespace ir;

namespace {
std::vector<Node*> ToVector(List list) {
  return {list.begin(), list.end()};
}
}  // namespace

void Walker::WalkFunc() {
  b_.analysis_.states[fn_] = FuncState::kStarted;
  FindLoopLabels();
  Block(fn_->body);
}

// A label is the head of a loop when a goto further down goes back to it.
void Walker::FindLoopLabels() {
  VisitList(fn_->body, [&](Node* n) {
    if (n->op == kLabel && n->label != nullptr) {
      labels_[n->label] = false;
    } else if (n->op == kGoto) {
      auto it = labels_.find(n->label);
      if (it != labels_.end()) it->second = true;
    }
  });
}

void Walker::Stmts(List list) {
  for (Node* n : list) Stmt(n);
}

void Walker::Block(List list) {
  int depth = loop_depth_;
  Stmts(list);
  loop_depth_ = depth;
}

Hole Walker::Declare(Name* name) {
  Location* loc = Batch::LocationOf(name);
  loc->loop_depth = loop_depth_;
  return Hole{loc};
}

void Walker::Stmt(Node* n) {
  if (n == nullptr) return;
  Stmts(n->init);
  switch (n->op) {
    case kFall:
    case kInlMark:
    case kBreak:
    case kContinue:
    case kGoto:
      break;
    case kBlock:
      Stmts(n->list);
      break;
    case kDcl:
      if (!IsBlank(n->x)) Declare(n->x->AsName());
      break;
    case kLabel:
      LabelStmt(n);
      break;
    case kIf:
      Discard(n->x);
      Block(n->body);
      Block(n->rlist);
      break;
    case kCheckNil:
      Discard(n->x);
      break;
    case kFor:
      For(n);
      break;
    case kRange:
      Range(n);
      break;
    case kSwitch:
      Switch(n);
      break;
    case kSelect:
      for (Node* clause : n->list) {
        Stmt(clause->x);
        Block(clause->body);
      }
      break;
    case kRecv:
      ExprSkipInit(DiscardHole(), n);
      break;
    case kSend:
      Discard(n->x);
      AssignHeap(n->y, "send", n);
      break;
    case kAs:
    case kAsOp:
      AssignList({n->x}, {n->y}, "assign", n);
      break;
    case kAs2:
      AssignList(ToVector(n->list), ToVector(n->rlist), "assign-pair", n);
      break;
    case kAs2DotType:
      AssignList(ToVector(n->list), ToVector(n->rlist), "assign-pair-dot-type", n);
      break;
    case kAs2MapR:
      AssignList(ToVector(n->list), ToVector(n->rlist), "assign-pair-mapr", n);
      break;
    case kAs2Recv:
    case kSelRecv2:
      AssignList(ToVector(n->list), ToVector(n->rlist), "assign-pair-receive", n);
      break;
    case kAs2Func:
      AssignCall(n);
      break;
    case kReturn:
      Return(n);
      break;
    case kCallFunc:
    case kCallMeth:
    case kCallInter:
    case kInlCall:
    case kClear:
    case kClose:
    case kCopy:
    case kDelete:
    case kPanic:
    case kPrint:
    case kPrintln:
    case kRecover:
      Call(nullptr, n);
      break;
    case kGo:
    case kDefer:
      GoDefer(n);
      break;
    case kTailCall:
      Call(nullptr, n->x);
      break;
    default:
      UNREACHABLE("escape: unexpected statement " + std::string(OpName(n->op)));
  }
}

void Walker::LabelStmt(Node* n) {
  auto it = labels_.find(n->label);
  if (it != labels_.end() && it->second) ++loop_depth_;
  labels_.erase(n->label);
}

void Walker::For(Node* n) {
  ++loop_depth_;
  Discard(n->x);
  Stmt(n->y);
  Block(n->body);
  --loop_depth_;
}

// The operand is evaluated outside the loop and lives until the loop ends.
void Walker::Range(Node* n) {
  Location* operand = NewLocation(nullptr, true);
  Expr(Hole{operand}, n->x);
  ++loop_depth_;
  Holes ks = Addrs({n->y, n->z});
  if (n->x->type->IsArray()) {
    b_.Flow(b_.WithNote(ks[1], n, "range"), operand);
  } else {
    b_.Flow(b_.Dereference(ks[1], n, "range-deref"), operand);
  }
  Reassigned(ks, n);
  Block(n->body);
  --loop_depth_;
}

void Walker::Switch(Node* n) {
  if (n->x != nullptr && n->x->op == kTypeSw) {
    TypeSwitchGuard(n);
  } else {
    Discard(n->x);
  }
  for (Node* clause : n->list) {
    Discards(clause->list);
    Block(clause->body);
  }
}

// Each case's own variable receives the operand, read out of its box where the case's
// type is not pointer-shaped.
void Walker::TypeSwitchGuard(Node* n) {
  Node* guard = n->x;
  Holes ks;
  if (guard->y != nullptr) {
    for (Node* clause : n->list) {
      if (clause->x == nullptr) continue;
      Name* name = clause->x->AsName();
      Hole k = Declare(name);
      if (!name->type->HasPointers()) continue;
      bool boxed = !name->type->IsInterface() && !name->type->IsDirectIface();
      ks.push_back(boxed ? b_.Dereference(k, clause, "switch case") : b_.WithNote(k, clause, "switch case"));
    }
  }
  Expr(Tee(std::move(ks)), guard->x);
}

void Walker::Return(Node* n) {
  std::vector<Node*> results;
  for (Name* result : fn_->results()) results.push_back(result);
  AssignList(results, ToVector(n->list), "return", n);
}

void Walker::AssignCall(Node* n) {
  Node* call = n->rlist[0];
  Stmts(call->init);
  Holes ks = Addrs(ToVector(n->list));
  Call(&ks, call);
  Reassigned(ks, n);
}

// A go statement's closure goes to the heap. A defer outside loops keeps its closure in
// the frame until the function ends; its record is never on the heap.
void Walker::GoDefer(Node* n) {
  Hole k = HeapHole();
  if (n->op == kDefer && loop_depth_ == 1 && n->y == nullptr) {
    k = Later(DiscardHole());
    n->esc = Esc::kNever;
  }
  Node* call = n->x;
  ENSURE(call->op == kCallFunc, "go or defer of something that is not a plain call");
  if (call->x->op == kClosure && n->op == kGo) call->x->Set(kIsGoWrap);
  Expr(k, call->x);
}

}  // namespace escapement::escape
