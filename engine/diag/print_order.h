// PrintOrder: which diagnostics the compiler shows and in what order. Errors are
// filtered as they come (one syntax error a line; of equal others on a line, one),
// stop at the tenth with `too many errors`, and are printed sorted by position;
// remarks keep the order of emission. Rules: cmd/compile/internal/base/print.go.
#pragma once

#include <vector>

#include "engine/diag/diagnostic.h"

namespace escapement::diag {

// `diagnostics` as gc prints them. The sentence `too many errors`, if due, is the last
// one and stands at the position of the tenth error.
// `all_errors` (-e): none is left out.
std::vector<Diagnostic> PrintOrder(const std::vector<Diagnostic>& diagnostics, bool all_errors = false);

}  // namespace escapement::diag
