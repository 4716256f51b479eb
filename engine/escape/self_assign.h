// Assignments that move nothing: `b.buf = b.buf[n:m]`, `v.x = v.y`, `v.x[i] = v.y[j]`.
// They store into an object only what is in it already, so they make no edge.
#pragma once

#include "engine/ir/name.h"

namespace escapement::escape {

// Whether dst = src can be left out of the flow graph.
bool IsSelfAssign(const ir::Node* dst, const ir::Node* src);

// Whether n is p.Data with p a reflect.SliceHeader or reflect.StringHeader.
bool IsReflectHeaderDataField(const ir::Node* n);

}  // namespace escapement::escape
