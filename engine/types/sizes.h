// Sizes and alignments of gc on linux/amd64, for unsafe.Sizeof and constant array limits.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/types/object.h"
#include "engine/types/type.h"

namespace escapement::types {

// Bytes of a value; negative if too large for an int64. No type parameters inside.
int64_t SizeOf(Type* type);
int64_t AlignOf(Type* type);
// Offsets of the fields of a struct; negative from where they overflow.
std::vector<int64_t> OffsetsOf(std::span<Var* const> fields);

}  // namespace escapement::types
