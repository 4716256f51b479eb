// What the compiler checks between types2 and the back end (cmd/compile/internal/noder):
// cycles of anonymous interfaces, directives in wrong places, functions without body.
#pragma once

#include <string>

#include "engine/types/context.h"

namespace escapement::types {

// Checks a package that types2's rules accepted.
void NoderChecks(Context& c, Package* pkg);

// What the noder appends to a message at `pos` that asks for another language version:
// which setting chose the version. Empty for other messages.
std::string VersionHint(const Context& c, diag::Pos pos, const std::string& message);

}  // namespace escapement::types
