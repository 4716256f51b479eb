#include "engine/lower/layout.h"

#include "engine/base/check.h"

namespace escapement::lower {

namespace {

void Add(ir::Type* type, int64_t offset, Components* out) {
  if (out->in_memory || type->Size() == 0) return;
  auto put = [&](int64_t at, Scalar s) {
    if (out->count == kMaxComponents) {
      out->in_memory = true;
      return;
    }
    out->at[out->count++] = {static_cast<uint32_t>(at), s};
  };
  switch (type->kind) {
    case ir::Kind::kString:
      put(offset, Scalar::kPtr);
      put(offset + 8, Scalar::k64);
      break;
    case ir::Kind::kSlice:
      put(offset, Scalar::kPtr);
      put(offset + 8, Scalar::k64);
      put(offset + 16, Scalar::k64);
      break;
    case ir::Kind::kInter:
      put(offset, Scalar::k64);
      put(offset + 8, Scalar::kPtr);
      break;
    case ir::Kind::kComplex64:
      put(offset, Scalar::kF32);
      put(offset + 4, Scalar::kF32);
      break;
    case ir::Kind::kComplex128:
      put(offset, Scalar::kF64);
      put(offset + 8, Scalar::kF64);
      break;
    case ir::Kind::kArray:
      if (type->underlying->length > 1)
        out->in_memory = true;
      else if (type->underlying->length == 1)
        Add(type->underlying->elem, offset, out);
      break;
    case ir::Kind::kStruct:
      if (type->underlying->fields.size() > 4) out->in_memory = true;
      for (const ir::Field& f : type->underlying->fields) Add(f.type, offset + f.offset, out);
      break;
    default:
      put(offset, ScalarOf(type));
      break;
  }
}

}  // namespace

Scalar ScalarOf(ir::Type* type) {
  switch (type->kind) {
    case ir::Kind::kInt8:
      return Scalar::kS8;
    case ir::Kind::kBool:
    case ir::Kind::kUint8:
      return Scalar::kU8;
    case ir::Kind::kInt16:
      return Scalar::kS16;
    case ir::Kind::kUint16:
      return Scalar::kU16;
    case ir::Kind::kInt32:
      return Scalar::kS32;
    case ir::Kind::kUint32:
      return Scalar::kU32;
    case ir::Kind::kFloat32:
      return Scalar::kF32;
    case ir::Kind::kFloat64:
      return Scalar::kF64;
    case ir::Kind::kPtr:
    case ir::Kind::kUnsafePtr:
    case ir::Kind::kFunc:
    case ir::Kind::kChan:
    case ir::Kind::kMap:
    case ir::Kind::kNil:
      return Scalar::kPtr;
    default:
      return Scalar::k64;
  }
}

ir::Type* SoleComponent(ir::Type* t) {
  for (;;) {
    if (t->IsStruct()) {
      if (t->underlying->fields.size() != 1) return nullptr;
      t = t->underlying->fields[0].type;
    } else if (t->IsArray()) {
      if (t->underlying->length != 1) return nullptr;
      t = t->underlying->elem;
    } else {
      return t;
    }
  }
}

bool IsBoxedStatically(ir::Type* t) {
  const ir::Type* sole = SoleComponent(t);
  return sole != nullptr && (sole->IsBoolean() || (t->Size() == 1 && sole->IsInteger()));
}

Components Flatten(ir::Type* type) {
  Components out;
  if (type->Size() > 32) {
    out.in_memory = true;
    return out;
  }
  Add(type, 0, &out);
  if (out.in_memory) out.count = 0;
  return out;
}

}  // namespace escapement::lower
