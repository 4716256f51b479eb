// Devirtualisation: x.M() with x an interface becomes x.(T).M() where the one concrete
// type T that x can hold is known.
#pragma once

#include "engine/inline/concrete_type.h"
#include "engine/inline/inline.h"

namespace escapement::inlining {

// Rewrites `call` in place where that is possible, and says so (-m).
void Devirtualize(Context& context, ConcreteTypes& types, ir::Node* call);

}  // namespace escapement::inlining
