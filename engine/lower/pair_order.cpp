#include "engine/lower/pair_order.h"

#include "engine/ir/name.h"
#include "engine/ir/node_visit.h"
#include "engine/ir/static_value.h"

namespace escapement::lower {

using namespace ir;

bool OpReadsMemory(ir::Op op) {
  switch (op) {
    case kAdd:
    case kAnd:
    case kAndAnd:
    case kAndNot:
    case kBitNot:
    case kConv:
    case kConvIface:
    case kConvNop:
    case kDiv:
    case kDot:
    case kDotType:
    case kLiteral:
    case kLsh:
    case kMod:
    case kMul:
    case kNeg:
    case kNil:
    case kOr:
    case kOrOr:
    case kParen:
    case kPlus:
    case kRsh:
    case kSub:
    case kXor:
      return false;
    default:
      return true;
  }
}

bool PairOrder::Affected(Node* operand) const {
  return result_ ||
         Any(operand, [this](Node* n) { return variables_.count(n) != 0 || (memory_ && reads_memory_(n)); });
}

void PairOrder::Assigned(Node* target) {
  if (target->op != kName) {
    memory_ = true;
  } else if (target->AsName()->cls == Class::kParamOut && has_defer_) {
    result_ = true;
  } else if (!IsBlank(target)) {
    if (reads_memory_(target)) {
      memory_ = true;
    } else {
      variables_.insert(target);
    }
  }
}

}  // namespace escapement::lower
