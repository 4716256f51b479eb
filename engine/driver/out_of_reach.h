// Packages of the distribution that a program cannot use on the modelled machine: they need a network,
// processes, C code or files at build time. Importing them for a run fails with a sentence that says why; so
// does using the part of net and net/http that needs the network. Checking and verdicts are not concerned.
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
