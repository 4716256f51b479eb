// Slots of a statement's temporaries, and moves between slots.
#include <algorithm>

#include "engine/codegen/generator.h"

namespace escapement::codegen {

using E = lower::Op;

int Generator::SlotOf(Var* v) {
  Touch(v);
  const Place& p = places_[v->index];
  ENSURE(p.planned && v->home == lower::Home::kSlots, "variable without a slot");
  return p.slot;
}

int Generator::ScratchSlots(const std::string& pattern) {
  int count = static_cast<int>(pattern.size());
  int end = static_cast<int>(kinds_.size());
  for (int at = scratch_start_; at < end; at++) {
    bool fits = true;
    int i = 0;
    for (; i < count && at + i < end; i++)
      if (scratch_used_[static_cast<size_t>(at + i - scratch_start_)] ||
          kinds_[static_cast<size_t>(at + i)] != pattern[static_cast<size_t>(i)]) {
        fits = false;
        break;
      }
    if (!fits) continue;
    for (; i < count; i++) {
      kinds_ += pattern[static_cast<size_t>(i)];
      scratch_used_.push_back(false);
    }
    for (i = 0; i < count; i++) scratch_used_[static_cast<size_t>(at + i - scratch_start_)] = true;
    scratch_high_ = std::max(scratch_high_, at + count);
    top_slot_ = std::max(top_slot_, at + count);
    return at;
  }
  kinds_ += pattern;
  scratch_used_.resize(kinds_.size() - static_cast<size_t>(scratch_start_), true);
  scratch_high_ = std::max(scratch_high_, end + count);
  top_slot_ = std::max(top_slot_, end + count);
  return end;
}

int Generator::Scratch(ir::Type* type) {
  std::string p = Pattern(type);
  return ScratchSlots(p.empty() ? "s" : p);
}

int Generator::Dst(ir::Type* type, int dst) {
  return dst != kNone ? dst : Scratch(type);
}

void Generator::Move(int dst, int src, unsigned count) {
  if (dst == src) return;
  if (count == 1) {
    as_.Emit(Op::Mov, dst, src);
  } else if (count == 2) {
    as_.Emit(Op::Mov2, dst, src);
  } else if (count == 3) {
    as_.Emit(Op::Mov3, dst, src);
  } else if (count == 4) {
    if (dst < src) {
      as_.Emit(Op::Mov2, dst, src);
      as_.Emit(Op::Mov2, dst + 2, src + 2);
    } else {
      as_.Emit(Op::Mov2, dst + 2, src + 2);
      as_.Emit(Op::Mov2, dst, src);
    }
  }
}

void Generator::Constant(int dst, uint64_t value) {
  as_.EmitConstant(dst, value);
}

bool Generator::IsConst(Expr* e, int64_t* value) {
  while (e->op == E::kRetype) e = e->x;
  if (e->op != E::kConst) return false;
  *value = static_cast<int64_t>(e->value);
  return true;
}

}  // namespace escapement::codegen
