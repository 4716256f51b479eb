// PairOrder: which operands of `a, b = x, y` are read before the first of the assignments, because it could
// change them; the others are read pair by pair (walk's ascompatee).
#pragma once

#include <unordered_set>

#include "engine/base/function_ref.h"
#include "engine/ir/node.h"

namespace escapement::lower {

// Whether a node that is no name reads memory which a store through a pointer may change.
bool OpReadsMemory(ir::Op op);

class PairOrder {
 public:
  // `reads_memory`: the same of any node, names too; it outlives the object. `has_defer`: of the function.
  PairOrder(base::FunctionRef<bool(ir::Node*)> reads_memory, bool has_defer)
      : reads_memory_(reads_memory), has_defer_(has_defer) {}

  // Whether the assignments noted so far could change the operand.
  bool Affected(ir::Node* operand) const;
  // Notes an assignment to the operand, or to a part of it: a variable, or what a pointer leads to.
  void Assigned(ir::Node* target);

 private:
  base::FunctionRef<bool(ir::Node*)> reads_memory_;
  bool has_defer_;
  std::unordered_set<const ir::Node*> variables_;
  bool memory_ = false;
  bool result_ = false;  // a deferred call would see it if a later operand panicked
};

}  // namespace escapement::lower
