#include "engine/bytecode/opcode.h"

namespace escapement::bytecode {
namespace {

struct Row {
  std::string_view name;
  std::string_view format;
};

constexpr Row kRows[] = {
#define OP(name, format) {#name, format},
#include "engine/bytecode/opcodes.def"
};

}  // namespace

std::string_view FormatOf(Op op) {
  return kRows[static_cast<uint16_t>(op)].format;
}

std::string_view NameOf(Op op) {
  return kRows[static_cast<uint16_t>(op)].name;
}

uint32_t LengthOf(const Word* at) {
  Op op = OpOf(*at);
  if (op == Op::JmpTable) return 1 + Imm32(*at);
  return 1 + static_cast<uint32_t>(FormatOf(op)[3] - '0');
}

}  // namespace escapement::bytecode
