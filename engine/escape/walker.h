// Walker: turns the body of one function into locations and edges of its Batch.
// Every expression is visited even when its value is dropped, for its side effects.
#pragma once

#include <functional>
#include <unordered_map>

#include "engine/escape/graph.h"

namespace escapement::escape {

class Walker {
 public:
  using Holes = std::vector<Hole>;

  Walker(Batch& batch, ir::Func* fn) : b_(batch), fn_(fn) {}
  void WalkFunc();

 private:
  // stmt.cpp
  void FindLoopLabels();
  void Stmt(ir::Node* n);
  void Stmts(ir::List list);
  void Block(ir::List list);  // like Stmts, keeps the loop depth
  void LabelStmt(ir::Node* n);
  void For(ir::Node* n);
  void Range(ir::Node* n);
  void Switch(ir::Node* n);
  void TypeSwitchGuard(ir::Node* n);
  void Return(ir::Node* n);
  void AssignCall(ir::Node* n);
  void GoDefer(ir::Node* n);
  Hole Declare(ir::Name* name);

  // expr.cpp
  void Expr(Hole k, ir::Node* n);
  void ExprSkipInit(Hole k, ir::Node* n);
  void ConversionToInterface(Hole k, ir::Node* n);
  void Conversion(Hole k, ir::Node* n);
  void MethodValue(Hole k, ir::Node* n);
  void ClosureLiteral(Hole k, ir::Node* n);
  void MapLiteral(Hole k, ir::Node* n);
  void Elements(Hole k, ir::Node* n, const char* why);
  void UnsafeValue(Hole k, ir::Node* n);
  void Discard(ir::Node* n) { Expr(DiscardHole(), n); }
  void Discards(ir::List list);
  // A new location for n's storage whose address flows to k; the hole that fills it.
  Hole Spill(Hole k, ir::Node* n);

  // assign.cpp
  Hole Addr(ir::Node* n);
  Holes Addrs(const std::vector<ir::Node*>& list);
  void Mutate(ir::Node* n);
  void AssignHeap(ir::Node* src, const char* why, ir::Node* where);
  void AssignList(const std::vector<ir::Node*>& dsts, const std::vector<ir::Node*>& srcs, const char* why,
                  ir::Node* where);
  void Reassigned(const Holes& ks, ir::Node* where);

  // call.cpp. `ks` are the holes of the call's results, null when they are dropped.
  void Call(const Holes* ks, ir::Node* call);
  void FunctionCall(const Holes* ks, ir::Node* call);
  void InlinedCall(const Holes* ks, ir::Node* call);
  void Append(const Holes& ks, ir::Node* call);
  void Copy(ir::Node* call);
  void Argument(Hole k, ir::Node* arg, ir::Node* call);
  void RewriteArgument(ir::Node* arg, ir::Node* call, ir::Name* fn);
  void KeepUintptr(ir::Node* arg, ir::Node* call, uint32_t pragma);
  ir::Name* CopyExpr(ir::SrcPos pos, ir::Node* expr, ir::List& init);
  // Where an argument goes that is passed to parameter `index` (the receiver first).
  Hole TagHole(const Holes* ks, ir::Name* fn, size_t index);
  Hole Tee(Holes ks);
  // A hole that flows into k some time later: what fills it cannot be reused at once.
  Hole Later(Hole k);

  Hole HeapHole() { return Hole{b_.Heap()}; }
  Hole MutatorHole() { return Hole{b_.Mutator()}; }
  Hole CalleeHole() { return Hole{b_.Callee()}; }
  Hole DiscardHole() { return Hole{b_.Blank()}; }
  Location* NewLocation(ir::Node* n, bool persists) { return b_.NewLocation(n, fn_, loop_depth_, persists); }

  Batch& b_;
  ir::Func* fn_;
  int loop_depth_ = 1;
  // Labels of the function; true: a later goto makes the label the head of a loop.
  std::unordered_map<const ir::Label*, bool> labels_;
};

}  // namespace escapement::escape
