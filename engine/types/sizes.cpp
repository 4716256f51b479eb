#include "engine/types/sizes.h"

#include <algorithm>
#include <limits>
#include <unordered_map>

#include "engine/types/predicates.h"

namespace escapement::types {

namespace {

constexpr int64_t kWordSize = 8;
constexpr int64_t kMaxAlign = 8;

// May overflow to a negative number, which means "too large".
int64_t AlignUp(int64_t x, int64_t a) {
  auto u = static_cast<uint64_t>(x), v = static_cast<uint64_t>(a);
  return static_cast<int64_t>((u + v - 1) & ~(v - 1));
}

int64_t Add(int64_t x, int64_t y) {
  return static_cast<int64_t>(static_cast<uint64_t>(x) + static_cast<uint64_t>(y));
}

// sync/atomic and internal/runtime/atomic align their 64-bit types with a marker field.
bool IsAtomicAlign64(Type* t) {
  Named* named = AsNamed(t);
  if (named == nullptr) return false;
  TypeName* object = Obj(named);
  return object->name.text() == "align64" && object->pkg != nullptr &&
         (object->pkg->path == "sync/atomic" || object->pkg->path == "internal/runtime/atomic");
}

int64_t BasicSize(const Basic* type) {
  switch (type->basic) {
    case BasicKind::kBool:
    case BasicKind::kInt8:
    case BasicKind::kUint8:
      return 1;
    case BasicKind::kInt16:
    case BasicKind::kUint16:
      return 2;
    case BasicKind::kInt32:
    case BasicKind::kUint32:
    case BasicKind::kFloat32:
      return 4;
    case BasicKind::kInt64:
    case BasicKind::kUint64:
    case BasicKind::kFloat64:
    case BasicKind::kComplex64:
      return 8;
    case BasicKind::kComplex128:
    case BasicKind::kString:
      return 16;
    default:
      return kWordSize;
  }
}

// Sizes and alignments of the structs that one question has met: types that nest share their parts.
class SizeMeasure {
 public:
  int64_t Align(Type* type);
  int64_t Size(Type* type);
  std::vector<int64_t> Offsets(std::span<Var* const> fields);

 private:
  std::unordered_map<const Struct*, int64_t> aligns_, sizes_;
};

int64_t SizeMeasure::Align(Type* type) {
  Type* u = Underlying(type);
  switch (u->kind) {
    case TypeKind::kArray:
      return Align(As<Array>(u)->elem);
    case TypeKind::kStruct: {
      auto* st = As<Struct>(u);
      if (st->fields.empty() && IsAtomicAlign64(type)) return 8;
      if (auto known = aligns_.find(st); known != aligns_.end()) return known->second;
      int64_t max = 1;
      for (Var* field : st->fields) max = std::max(max, Align(field->type));
      return aligns_[st] = max;
    }
    case TypeKind::kSlice:
    case TypeKind::kInterface:
      return kWordSize;
    case TypeKind::kBasic:
      if (As<Basic>(u)->info & kIsString) return kWordSize;
      break;
    default:
      break;
  }
  int64_t size = Size(type);
  if (size < 1) return 1;
  if (IsComplex(type)) size /= 2;
  return std::min(size, kMaxAlign);
}

std::vector<int64_t> SizeMeasure::Offsets(std::span<Var* const> fields) {
  std::vector<int64_t> offsets;
  int64_t at = 0;
  for (Var* field : fields) {
    if (at < 0) {
      offsets.push_back(-1);
      continue;
    }
    at = AlignUp(at, Align(field->type));
    offsets.push_back(at);
    int64_t size = Size(field->type);
    at = size >= 0 && at >= 0 ? Add(at, size) : -1;
  }
  return offsets;
}

int64_t SizeMeasure::Size(Type* type) {
  Type* u = Underlying(type);
  switch (u->kind) {
    case TypeKind::kBasic:
      return BasicSize(As<Basic>(u));
    case TypeKind::kArray: {
      auto* array = As<Array>(u);
      if (array->length <= 0) return 0;
      int64_t size = Size(array->elem);
      if (size <= 0) return size < 0 ? -1 : 0;
      if (size > std::numeric_limits<int64_t>::max() / array->length) return -1;
      return size * array->length;
    }
    case TypeKind::kSlice:
      return 3 * kWordSize;
    case TypeKind::kInterface:
      return 2 * kWordSize;
    case TypeKind::kStruct: {
      auto* st = As<Struct>(u);
      if (st->fields.empty()) return 0;
      if (auto known = sizes_.find(st); known != sizes_.end()) return known->second;
      int64_t last = Offsets(st->fields).back();
      int64_t size = Size(st->fields.back()->type);
      if (last < 0 || size < 0) return sizes_[st] = -1;
      // A final zero-size field is padded, so that its address stays inside.
      if (last > 0 && size == 0) size = 1;
      return sizes_[st] = AlignUp(Add(last, size), Align(u));
    }
    default:
      return kWordSize;
  }
}

}  // namespace

int64_t AlignOf(Type* type) {
  return SizeMeasure().Align(type);
}

int64_t SizeOf(Type* type) {
  return SizeMeasure().Size(type);
}

std::vector<int64_t> OffsetsOf(std::span<Var* const> fields) {
  return SizeMeasure().Offsets(fields);
}

}  // namespace escapement::types
