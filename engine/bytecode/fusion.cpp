#include "engine/bytecode/fusion.h"

#include <algorithm>
#include <array>
#include <vector>

namespace escapement::bytecode {
namespace {

constexpr size_t kLongest = 4;

// One row of fusions.def; runs shorter than kLongest end with Op::kCount.
struct Fusion {
  Op op;
  std::array<Op, kLongest> run;
};

constexpr Fusion kFusions[] = {
#define FUSED2(x, y) {Op::x##_##y, {Op::x, Op::y, Op::kCount, Op::kCount}},
#define FUSED3(x, y, z) {Op::x##_##y##_##z, {Op::x, Op::y, Op::z, Op::kCount}},
#define FUSED4(x, y, z, w) {Op::x##_##y##_##z##_##w, {Op::x, Op::y, Op::z, Op::w}},
#include "engine/bytecode/fusions.def"
};

// Where the rows of each first instruction begin.
struct FirstRows {
  std::array<uint16_t, static_cast<size_t>(Op::kCount)> begin{}, end{};
  constexpr FirstRows() {
    for (uint16_t i = 0; i < std::size(kFusions); i++) {
      size_t first = static_cast<size_t>(kFusions[i].run[0]);
      if (end[first] == 0) begin[first] = i;
      end[first] = i + 1;
    }
  }
};
constexpr FirstRows kFirstRows;

constexpr uint16_t NumberOf(Op op) {
  return static_cast<uint16_t>(op);
}
static_assert(NumberOf(kFusions[0].op) == NumberOf(Op::kCount) + 1, "fused opcodes follow the plain ones");

}  // namespace

Op FirstOf(Op op) {
  if (op < Op::kCount) return op;
  return kFusions[NumberOf(op) - NumberOf(Op::kCount) - 1].run[0];
}

void Fuse(std::span<Word> code) {
  std::vector<uint32_t> starts;
  for (uint32_t at = 0; at < code.size(); at += LengthOf(&code[at])) starts.push_back(at);
  // Backwards from each word what follows is known plain: `next` holds the instructions from there on.
  std::array<Op, kLongest> next;
  next.fill(Op::kCount);
  for (size_t i = starts.size(); i-- > 0;) {
    Word& word = code[starts[i]];
    std::copy_backward(next.begin(), next.end() - 1, next.end());
    next[0] = OpOf(word);
    for (size_t row = kFirstRows.begin[NumberOf(next[0])]; row < kFirstRows.end[NumberOf(next[0])]; row++) {
      const Fusion& fusion = kFusions[row];
      bool same = true;
      for (size_t k = 0; k < kLongest && fusion.run[k] != Op::kCount; k++) same &= fusion.run[k] == next[k];
      if (!same) continue;
      word = (word & ~Word{0xffff}) | NumberOf(fusion.op);
      break;
    }
  }
}

}  // namespace escapement::bytecode
