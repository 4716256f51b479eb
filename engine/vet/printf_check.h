// The printf check of `go vet`.
#pragma once

#include <vector>

#include "engine/diag/diagnostic.h"
#include "engine/types/checker.h"

namespace escapement::vet {

// Warnings about calls of print-like functions in a package that `checker` has just checked whole, without
// errors, collecting implementations (CheckOptions). They come in go vet's order.
std::vector<diag::Diagnostic> CheckPrintf(types::Checker& checker, types::Package* package);

}  // namespace escapement::vet
