// Method selection: what x.M means for a concrete x, through embedded fields, implicit
// dereferences and addresses (the selector rules of the language, on laid-out types).
#pragma once

#include "engine/inline/inline.h"

namespace escapement::inlining {

// x.sym as a kDotMeth, or as a kDotInter where the method comes from an embedded
// interface; null if x's type has no such method.
ir::Node* SelectMethod(Context& context, ir::SrcPos pos, ir::Node* x, const ir::Sym* sym);
// Whether type t has every method of the interface, with the same signatures.
bool Implements(Context& context, ir::Type* t, ir::Type* interface);
// Turns a call of a kDotMeth into a call of a method expression with the receiver as its
// first argument, the one form that later passes know.
void FixMethodCall(Context& context, ir::Node* call);

}  // namespace escapement::inlining
