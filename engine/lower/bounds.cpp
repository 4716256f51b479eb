#include "engine/lower/bounds.h"

#include "engine/base/constant.h"

namespace escapement::lower {

using namespace ir;

namespace {

bool SmallInt(const Node* n, int64_t* value) {
  if (n == nullptr || n->op != kLiteral || n->value.kind() != base::ConstantKind::kInt) return false;
  base::ConstantPool pool;
  bool exact = false;
  *value = pool.Int64Val(n->value, &exact);
  return exact && *value == static_cast<int32_t>(*value);
}

bool MaskBounded(const Node* n, int64_t limit, bool is_signed, int bits) {
  int64_t v = -1;
  if (!SmallInt(n->x, &v) && SmallInt(n->y, &v) && n->op == kAndNot) {
    v = ~v;
    if (!is_signed && bits < 64) v &= (int64_t{1} << bits) - 1;
  }
  return 0 <= v && v < limit;
}

}  // namespace

bool Bounded(const Node* n, int64_t limit) {
  if (n->type == nullptr || !n->type->IsInteger()) return false;
  bool is_signed = n->type->IsSigned();
  int bits = static_cast<int>(8 * n->type->Size());
  int64_t v;
  if (SmallInt(n, &v)) return 0 <= v && v < limit;
  switch (n->op) {
    case kAnd:
    case kAndNot:
      if (MaskBounded(n, limit, is_signed, bits)) return true;
      break;
    case kMod:
      if (!is_signed && SmallInt(n->y, &v) && 0 <= v && v <= limit) return true;
      break;
    case kDiv:
      if (!is_signed && SmallInt(n->y, &v))
        for (; bits > 0 && v >= 2; v >>= 1) --bits;
      break;
    case kRsh:
      if (!is_signed && SmallInt(n->y, &v)) {
        if (v > bits) return true;
        bits -= static_cast<int>(v);
      }
      break;
    default:
      break;
  }
  return !is_signed && bits <= 62 && (int64_t{1} << bits) <= limit;
}

}  // namespace escapement::lower
