#include "engine/ir/op.h"

namespace escapement::ir {
namespace {

// The shapes of ops.def; the rest of each is kEnd.
struct Shape {
  Part parts[6];
};

namespace shapes {
using enum Part;
constexpr Shape None{};
constexpr Shape Leaf{kInit};
constexpr Shape X{kInit, kX};
constexpr Shape XY{kInit, kX, kY};
constexpr Shape XYZ{kInit, kX, kY, kZ};
constexpr Shape XYZW{kInit, kX, kY, kZ, kW};
constexpr Shape YX{kInit, kY, kX};
constexpr Shape List{kInit, kList};
constexpr Shape XList{kInit, kX, kList};
constexpr Shape XListY{kInit, kX, kList, kY};
constexpr Shape Lists{kInit, kList, kRlist};
constexpr Shape XLists{kInit, kX, kList, kRlist};
constexpr Shape XListBody{kInit, kX, kList, kRlist, kBody};
constexpr Shape XBody{kInit, kX, kBody};
constexpr Shape XYBody{kInit, kX, kY, kBody};
constexpr Shape XYZBody{kInit, kX, kY, kZ, kBody};
constexpr Shape XBodyR{kInit, kX, kBody, kRlist};
constexpr Shape BodyList{kInit, kBody, kList};
}  // namespace shapes

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
#define OP(name, text, prec, shape) {kCapitals##name.spelling, text, prec, shapes::shape},
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
const Part* OpParts(Op op) {
  return kOps[op].shape.parts;
}

}  // namespace escapement::ir
