// Op: the operation of a Node, and what ops.def says about each.
#pragma once

#include <cstdint>
#include <string_view>

namespace escapement::ir {

// gc's ir.Op, and behind kGetCallerSP the operations of the `lower` room.
enum Op : uint8_t {
#define OP(name, text, prec, shape) k##name,
#include "engine/ir/ops.def"
};

// A field of Node that holds children.
enum class Part : uint8_t { kEnd, kInit, kX, kY, kZ, kW, kList, kRlist, kBody };

// The name without the k; upper-cased it is gc's: AddStr, ADDSTR.
std::string_view OpName(Op op);
// The operator as messages print it, or empty.
std::string_view OpText(Op op);
// gc's printing precedence: -1 for statements, 0 for operations without one.
int OpPrec(Op op);
// Where the children are, in visiting order, up to a kEnd; see ops.def.
const Part* OpParts(Op op);

inline bool IsComparison(Op op) {
  return op >= kEq && op <= kGt;
}

}  // namespace escapement::ir
