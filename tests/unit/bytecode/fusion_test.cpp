#include "engine/bytecode/fusion.h"

#include <doctest/doctest.h>

#include <vector>

namespace escapement::bytecode {
namespace {

TEST_CASE("a run of instructions is fused at its first word, and the others stay") {
  std::vector<Word> code = {Encode(Op::Mov, 8, 16), Encode(Op::AddI64, 24, 8, 0xffff),
                            EncodeImm(Op::Call, 24, 7), Encode(Op::Ret)};
  const std::vector<Word> plain = code;
  Fuse(code);
  CHECK(OpOf(code[0]) == Op::Mov_AddI64_Call);
  CHECK(OpOf(code[1]) == Op::AddI64_Call);  // a branch may lead there
  CHECK(code[2] == plain[2]);
  CHECK(code[3] == plain[3]);
  for (size_t i = 0; i < code.size(); i++) {
    CHECK(FirstOf(OpOf(code[i])) == OpOf(plain[i]));
    CHECK((code[i] >> 16) == (plain[i] >> 16));
  }
}

TEST_CASE("extension words are no instructions") {
  // The second word is the constant; its bits are those of a Mov.
  std::vector<Word> code = {Encode(Op::LdI64, 8), Encode(Op::Mov, 8, 16), Encode(Op::Mov, 8, 16)};
  Fuse(code);
  CHECK(OpOf(code[1]) == Op::Mov);
  CHECK(OpOf(code[2]) == Op::Mov);
}

}  // namespace
}  // namespace escapement::bytecode
