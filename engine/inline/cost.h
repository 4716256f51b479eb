// Cost: the price of a body in nodes, by gc's hairy visitor.
#pragma once

#include <string>

#include "engine/inline/candidate.h"

namespace escapement::inlining {

// Visits a body and counts its budget down.
class CostVisitor {
 public:
  CostVisitor(Candidates& candidates, ir::Func* fn, int budget);

  // Whether the body is inlinable; reason() says why not, cost() what it costs.
  bool Fits();
  const std::string& reason() const { return reason_; }
  int cost() const { return max_budget_ - budget_; }

 private:
  // These return true when the function turns out not to be inlinable.
  bool Visit(ir::Node* n);
  bool VisitList(ir::List list);
  bool Price(ir::Node* n, bool& children_done);
  bool PriceCall(ir::Node* n);
  bool IsCheapCall(ir::Node* n, bool& hairy);
  void RefundAddress(ir::Node* n);
  void RefundTuple(const ir::Node* n);
  void RefundSlice(const ir::Node* n);
  bool Hairy(std::string reason) {
    reason_ = std::move(reason);
    return true;
  }

  Candidates& candidates_;
  ir::Func* fn_;
  bool is_big_;
  int budget_;
  int max_budget_;
  bool stop_early_;
  std::string reason_;
};

// Nodes that the unified front end adds to every `a, b = f()`; they are not charged.
int TupleRefund(const ir::Node* n);

}  // namespace escapement::inlining
