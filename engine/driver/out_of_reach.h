// Packages of the distribution that a program cannot use on the modelled machine: they need C code, code to
// load or files at build time. Importing them for a run fails with a sentence that says why. Checking and
// verdicts are not concerned. The network and processes are within reach: what needs more of them than the
// machine has fails while the program runs (docs/decisions/0009-a-network-of-its-own.md).
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "engine/diag/diagnostic.h"
#include "engine/syntax/ast.h"

namespace escapement::driver {

// Why a package as a whole cannot be used, as a sentence; empty if it can, or is not known.
std::string WhyOutOfReach(std::string_view import_path);

// Reports the imports of checked files that are out of reach; whether there are none.
bool AllInReach(std::span<syntax::File* const> files, bool has_embedded, diag::Emitter& errors);

}  // namespace escapement::driver
