#include "engine/base/constant.h"
#include "engine/escape/escape.h"

namespace escapement::escape {

using namespace ir;

namespace {

// Bytes of stack for a declared variable, and for the storage of an expression
// (ir.MaxStackVarSize, ir.MaxImplicitStackVarSize).
constexpr int64_t kMaxVariable = 128 * 1024;
constexpr int64_t kMaxVariableSmall = 64 * 1024;
constexpr int64_t kMaxImplicit = 64 * 1024;
constexpr int64_t kMaxImplicitSmall = 16 * 1024;
constexpr int64_t kPointerSize = 8;

constexpr char kTooLarge[] = "too large for stack";
constexpr char kTooAligned[] = "too aligned for stack";

int64_t RoundUp(int64_t x, int64_t align) {
  return (x + align - 1) / align * align;
}

// The size of a closure's record: the code pointer, then what it captures.
int64_t ClosureRecordSize(const Func* fn) {
  int64_t size = kPointerSize;
  int64_t align = kPointerSize;
  for (Name* captured : fn->closure_vars) {
    bool by_value = captured->Byval();
    int64_t field_align = by_value ? captured->type->Align() : kPointerSize;
    size = RoundUp(size, field_align) + (by_value ? captured->type->Size() : kPointerSize);
    if (field_align > align) align = field_align;
  }
  return RoundUp(size, align);
}

std::string_view SliceReason(Node* n, int64_t max_implicit) {
  int64_t element = n->type->elem->Size();
  if (element == 0) return "zero-sized element";
  Node* size = n->y != nullptr ? n->y : n->x;
  if (size->op != kLiteral) return {};
  base::ConstantPool pool;
  bool exact = false;
  int64_t count = pool.Int64Val(size->value, &exact);
  if (!exact || count != static_cast<int32_t>(count)) return {};
  return count > max_implicit / element ? std::string_view(kTooLarge) : std::string_view();
}

}  // namespace

std::string_view HeapAllocReason(Program&, Node* n, bool small_frames) {
  if (n == nullptr || n->type == nullptr) return {};
  if (n->op == kName && (n->AsName()->cls == Class::kParam || n->AsName()->cls == Class::kParamOut))
    return {};
  int64_t max_variable = small_frames ? kMaxVariableSmall : kMaxVariable;
  int64_t max_implicit = small_frames ? kMaxImplicitSmall : kMaxImplicit;
  if (n->type->Size() > max_variable) return kTooLarge;
  if (n->type->Align() > kPointerSize) return kTooAligned;
  switch (n->op) {
    case kNew:
    case kPtrLit:
      if (n->type->elem->Size() > max_implicit) return kTooLarge;
      return n->type->elem->Align() > kPointerSize ? kTooAligned : "";
    case kClosure:
      return ClosureRecordSize(n->func) > max_implicit ? kTooLarge : "";
    case kMethValue: {
      Type* receiver = n->x->type;
      int64_t size = RoundUp(RoundUp(kPointerSize, receiver->Align()) + receiver->Size(), kPointerSize);
      return size > max_implicit ? kTooLarge : "";
    }
    case kMakeSlice:
      return SliceReason(n, max_implicit);
    default:
      return {};
  }
}

}  // namespace escapement::escape
