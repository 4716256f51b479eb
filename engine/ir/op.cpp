#include "engine/ir/op.h"

namespace escapement::ir {
namespace {

struct OpInfo {
  std::string_view name;
  std::string_view text;
  int8_t prec;
  Shape shape;
};

constexpr OpInfo kOps[] = {
#define OP(name, text, prec, shape) {#name, text, prec, Shape::k##shape},
#include "engine/ir/ops.def"
};

}  // namespace

std::string_view OpName(Op op) {
  return kOps[op].name;
}
std::string_view OpText(Op op) {
  return kOps[op].text;
}
int OpPrec(Op op) {
  return kOps[op].prec;
}
Shape OpShape(Op op) {
  return kOps[op].shape;
}

}  // namespace escapement::ir
