// Codegen: a lowered function becomes a bytecode chunk.
#pragma once

#include "engine/bytecode/chunk.h"
#include "engine/diag/file_set.h"
#include "engine/lower/lowering.h"

namespace escapement::codegen {

// Generates the code of `fn`. Symbols stay names: link resolves them.
bytecode::Chunk Generate(lower::Lowering& lowering, const diag::FileSet& files, lower::Func& fn);

}  // namespace escapement::codegen
