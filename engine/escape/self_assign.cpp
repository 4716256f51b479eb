#include "engine/escape/self_assign.h"

#include "engine/ir/static_value.h"

namespace escapement::escape {

using namespace ir;

namespace {

// The variable p of *p or p.f, or null.
const Node* DereferencedName(const Node* n) {
  if (n->op != kDeref && n->op != kDotPtr) return nullptr;
  return n->x->op == kName ? n->x : nullptr;
}

// p.f = p.g[i:j]. Slicing an array by value would make a new pointer into *p, so that
// does not count.
bool IsSliceSelfAssign(const Node* dst, const Node* src) {
  const Node* base = DereferencedName(dst);
  if (base == nullptr) return false;
  switch (src->op) {
    case kSlice:
    case kSlice3:
    case kSliceStr:
      break;
    case kSliceArr:
    case kSlice3Arr:
      if (src->x->op == kAddr) return false;
      break;
    default:
      return false;
  }
  return DereferencedName(src->x) == base;
}

// Whether evaluating n could change memory; calls and whatever is not known could.
bool MayAffectMemory(const Node* n) {
  switch (n->op) {
    case kName:
    case kLiteral:
    case kNil:
      return false;
    case kAdd:
    case kSub:
    case kOr:
    case kXor:
    case kMul:
    case kLsh:
    case kRsh:
    case kAnd:
    case kAndNot:
    case kDiv:
    case kMod:
    case kIndex:
      return MayAffectMemory(n->x) || MayAffectMemory(n->y);
    case kConvNop:
    case kConv:
    case kLen:
    case kCap:
    case kNot:
    case kBitNot:
    case kPlus:
    case kNeg:
    case kDot:
    case kDotPtr:
    case kDeref:
      return MayAffectMemory(n->x);
    default:
      return true;
  }
}

}  // namespace

bool IsSelfAssign(const Node* dst, const Node* src) {
  if (IsSliceSelfAssign(dst, src)) return true;
  if (dst->op != src->op) return false;
  switch (dst->op) {
    case kDot:
    case kDotPtr:
      return SameSafeExpr(dst->x, src->x);
    case kIndex:
      return !MayAffectMemory(dst->y) && !MayAffectMemory(src->y) && SameSafeExpr(dst->x, src->x);
    default:
      return false;
  }
}

bool IsReflectHeaderDataField(const Node* n) {
  if (n->type == nullptr || !n->type->Is(Kind::kUintptr) || n->type->underlying != n->type) return false;
  const Sym* owner = nullptr;
  if (n->op == kDot) owner = n->x->type->sym;
  if (n->op == kDotPtr && n->x->type->elem != nullptr) owner = n->x->type->elem->sym;
  if (owner == nullptr || owner->pkg == nullptr || owner->pkg->path != "reflect") return false;
  return n->sym != nullptr && n->sym->text() == "Data" &&
         (owner->text() == "SliceHeader" || owner->text() == "StringHeader");
}

}  // namespace escapement::escape
