// The universe: predeclared identifiers and package unsafe.
#pragma once

#include "engine/types/context.h"

namespace escapement::types {

// Fills c.universe.
void DefineUniverse(Context& c);
// Declares the test built-ins assert and trace.
void DefineTestBuiltins(Context& c);

}  // namespace escapement::types
