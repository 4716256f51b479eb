// Fusion: which instructions may be executed together (fusions.def).
#pragma once

#include <cstdint>
#include <span>

#include "engine/bytecode/opcode.h"

namespace escapement::bytecode {

// Puts fused opcodes into a function's finished code. Operands, lengths and positions stay as they are.
void Fuse(std::span<Word> code);

// The plain instruction that stands at a fused one's place; the opcode itself if it is plain.
Op FirstOf(Op op);

}  // namespace escapement::bytecode
