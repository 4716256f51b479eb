// How a type's values are held: the scalar components of a register-class type (ARCHITECTURE.md,
// "Value classes"), and which words of a type's memory are pointers.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/ir/type.h"

namespace escapement::lower {

// A scalar as memory holds it.
enum class Scalar : uint8_t { kS8, kU8, kS16, kU16, kS32, kU32, k64, kF32, kF64, kPtr };

struct Component {
  uint32_t offset;  // bytes from the start of the value
  Scalar scalar;
};

constexpr unsigned kMaxComponents = 4;

inline unsigned ScalarSize(Scalar s) {
  switch (s) {
    case Scalar::kS8:
    case Scalar::kU8:
      return 1;
    case Scalar::kS16:
    case Scalar::kU16:
      return 2;
    case Scalar::kS32:
    case Scalar::kU32:
    case Scalar::kF32:
      return 4;
    default:
      return 8;
  }
}

// The components of a register-class type in memory order; at most kMaxComponents.
struct Components {
  Component at[kMaxComponents];
  unsigned count = 0;
  bool in_memory = false;  // the type is of memory class; `at` means nothing
};

// Splits a type. Blank fields and zero-size parts have no component.
Components Flatten(ir::Type* type);
// The one component a struct or array type consists of, or null (types.SoleComponent).
ir::Type* SoleComponent(ir::Type* t);
constexpr int64_t kZeroValSize = 1024;  // abi.ZeroValSize
// Whether an interface with such a value points into runtime.staticuint64s: booleans and single bytes.
bool IsBoxedStatically(ir::Type* t);
inline bool IsRegister(ir::Type* type) {
  return !Flatten(type).in_memory;
}
// Slots of a register-class type.
inline unsigned SlotCount(ir::Type* type) {
  return Flatten(type).count;
}

// The scalar of an integer, float, boolean or pointer-shaped type.
Scalar ScalarOf(ir::Type* type);

// Calls mark(byte offset) for each pointer word of a value of `type` at `base`.
template <typename F>
void ForEachPointer(ir::Type* type, int64_t base, F&& mark) {
  if (!type->HasPointers()) return;
  switch (type->kind) {
    case ir::Kind::kPtr:
    case ir::Kind::kUnsafePtr:
    case ir::Kind::kFunc:
    case ir::Kind::kChan:
    case ir::Kind::kMap:
    case ir::Kind::kString:
    case ir::Kind::kSlice:
      mark(base);
      break;
    case ir::Kind::kInter:
      mark(base + 8);
      break;
    case ir::Kind::kArray: {
      ir::Type* elem = type->underlying->elem;
      for (int64_t i = 0; i < type->underlying->length; i++)
        ForEachPointer(elem, base + i * elem->Size(), mark);
      break;
    }
    case ir::Kind::kStruct:
      for (const ir::Field& f : type->underlying->fields) ForEachPointer(f.type, base + f.offset, mark);
      break;
    default:
      break;
  }
}

}  // namespace escapement::lower
