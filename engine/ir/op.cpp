#include "engine/ir/op.h"

namespace escapement::ir {
namespace {

struct OpInfo {
  std::string_view name;
  std::string_view text;
  int8_t prec;
  Shape shape;
};

// gc spells its operations in capitals.
template <size_t N>
struct Capitals {
  char spelling[N];
  constexpr explicit Capitals(const char (&name)[N]) : spelling() {
    for (size_t i = 0; i < N; ++i) {
      bool small = name[i] >= 'a' && name[i] <= 'z';
      spelling[i] = small ? static_cast<char>(name[i] - 'a' + 'A') : name[i];
    }
  }
};

#define OP(name, text, prec, shape) constexpr Capitals kCapitals##name(#name);
#include "engine/ir/ops.def"

constexpr OpInfo kOps[] = {
#define OP(name, text, prec, shape) {kCapitals##name.spelling, text, prec, Shape::k##shape},
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
