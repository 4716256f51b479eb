// FunctionReader: what functions the files of a package declare, as far as their syntax says.
#pragma once

#include <vector>

#include "engine/base/arena.h"
#include "engine/base/interner.h"
#include "engine/diag/diagnostic.h"
#include "engine/diag/file_set.h"
#include "engine/modules/program.h"
#include "engine/syntax/ast.h"

namespace escapement::modules {

// Owns the trees that it gives.
class FunctionReader {
 public:
  // The file's functions in their order, methods left out and bodies not read; none where it does not parse.
  std::vector<syntax::FuncDecl*> Functions(const GoFile& file);

 private:
  base::Arena arena_;
  base::Interner names_;
  diag::FileSet set_;
  diag::Emitter errors_;
};

}  // namespace escapement::modules
