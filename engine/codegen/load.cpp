// Loads, with the address forms the instruction set has.
#include "engine/codegen/generator.h"

namespace escapement::codegen {

using E = lower::Op;

namespace {

Op LoadOp(Scalar s) {
  switch (s) {
    case Scalar::kS8:
      return Op::Ld8S;
    case Scalar::kU8:
      return Op::Ld8U;
    case Scalar::kS16:
      return Op::Ld16S;
    case Scalar::kU16:
      return Op::Ld16U;
    case Scalar::kS32:
      return Op::Ld32S;
    case Scalar::kU32:
    case Scalar::kF32:
      return Op::Ld32U;
    default:
      return Op::Ld64;
  }
}

Op ElemOp(Scalar s) {
  switch (s) {
    case Scalar::kS8:
      return Op::Elem8S;
    case Scalar::kU8:
      return Op::Elem8U;
    case Scalar::kS16:
      return Op::Elem16S;
    case Scalar::kU16:
      return Op::Elem16U;
    case Scalar::kS32:
      return Op::Elem32S;
    case Scalar::kU32:
    case Scalar::kF32:
      return Op::Elem32U;
    default:
      return Op::Elem64;
  }
}

// The static-data or frame form of a plain load.
Op GlobalForm(Op op) {
  switch (op) {
    case Op::Ld8U:
      return Op::GLd8U;
    case Op::Ld8S:
      return Op::GLd8S;
    case Op::Ld16U:
      return Op::GLd16U;
    case Op::Ld16S:
      return Op::GLd16S;
    case Op::Ld32U:
      return Op::GLd32U;
    case Op::Ld32S:
      return Op::GLd32S;
    case Op::Ld64:
      return Op::GLd64;
    case Op::LdW2:
      return Op::GLdW2;
    case Op::LdW3:
      return Op::GLdW3;
    default:
      return Op::Nop;
  }
}

Op FrameForm(Op op) {
  switch (op) {
    case Op::Ld8U:
      return Op::FLd8U;
    case Op::Ld8S:
      return Op::FLd8S;
    case Op::Ld16U:
      return Op::FLd16U;
    case Op::Ld16S:
      return Op::FLd16S;
    case Op::Ld32U:
      return Op::FLd32U;
    case Op::Ld32S:
      return Op::FLd32S;
    case Op::Ld64:
      return Op::FLd64;
    case Op::LdW2:
      return Op::FLdW2;
    case Op::LdW3:
      return Op::FLdW3;
    default:
      return Op::Nop;
  }
}

}  // namespace

int Generator::EvalElement(Expr* e, int dst) {
  // A load of a whole element of a slice or string held in slots.
  Expr* at = e->x;
  Components c = Flatten(e->type);
  bool words = (c.count == 2 || c.count == 3) && c.at[0].offset == 0 && AreWords(c, 0, c.count);
  bool whole =
      e->offset == 0 && at->value == static_cast<uint64_t>(e->type->Size()) &&
      ((c.count == 1 && c.at[0].offset == 0 && lower::ScalarSize(c.at[0].scalar) == at->value) || words);
  int64_t k;
  if (!whole || (at->z && IsConst(at->z, &k))) return kNone;
  Expr* base = at->x;
  while (base->op == E::kRetype) base = base->x;
  bool slice_var =
      (base->op == E::kPart || base->op == E::kVar) &&
      (base->op == E::kVar ? lower::SlotCount(base->var->type) >= 2
                           : base->x->op == E::kVar && base->value + 1 < lower::SlotCount(base->x->type));
  int p;
  if (at->z) {
    p = Eval(base);
    int length = Eval(at->z);
    if (length != p + 1) {
      int pair = ScratchSlots("ps");
      Move(pair, p, 1);
      Move(pair + 1, length, 1);
      p = pair;
    }
  } else {
    // An unchecked access is a checked one that cannot fail, if the length is at hand.
    if (!slice_var) return kNone;
    p = Eval(base);
    ir::Type* whole_type = base->op == E::kVar ? base->var->type : base->x->type;
    if (!whole_type->IsSlice() && !whole_type->IsString()) return kNone;
    if (base->op == E::kPart && base->value != 0) return kNone;
  }
  int index = Eval(at->y);
  dst = Dst(e->type, dst);
  Op op = c.count == 1 ? ElemOp(c.at[0].scalar) : c.count == 2 ? Op::ElemW2 : Op::ElemW3;
  uint32_t word = as_.Emit(op, dst, p, index);
  Faults(word, at->pos);
  if (at->y->type->IsUnsigned()) as_.MarkUnsignedIndex(word);
  return dst;
}

void Generator::LoadComponents(ir::Type* type, int dst, int base, int64_t offset) {
  Components c = Flatten(type);
  if (c.count == 2 && c.at[0].scalar == Scalar::kF32 && c.at[1].scalar == Scalar::kF32 &&
      c.at[1].offset == c.at[0].offset + 4) {
    as_.Emit(Op::LdC64, dst, base, static_cast<int32_t>(offset + c.at[0].offset));
    return;
  }
  for (unsigned i = 0; i < c.count;) {
    int32_t at = static_cast<int32_t>(offset + c.at[i].offset);
    if (AreWords(c, i, 3)) {
      as_.Emit(Op::LdW3, dst + static_cast<int>(i), base, at);
      i += 3;
    } else if (AreWords(c, i, 2)) {
      as_.Emit(Op::LdW2, dst + static_cast<int>(i), base, at);
      i += 2;
    } else {
      as_.Emit(LoadOp(c.at[i].scalar), dst + static_cast<int>(i), base, at);
      i++;
    }
  }
}

int Generator::EvalLoad(Expr* e, int dst) {
  Components c = Flatten(e->type);
  if (c.count == 0) {
    // Only the fault matters.
    if (e->x->op != E::kVarAddr && e->x->op != E::kSymAddr)
      Faults(as_.Emit(Op::NilCheck, Eval(e->x)), e->pos);
    return Dst(e->type, dst);
  }
  Expr* at = e->x;
  if (at->op == E::kRetype && (at->x->op == E::kSymAddr || at->x->op == E::kVarAddr)) at = at->x;
  if (at->op == E::kElemAddr) {
    int r = EvalElement(e, dst);
    if (r != kNone) return r;
  }
  if (at->op == E::kSymAddr || at->op == E::kVarAddr) {
    bool global = at->op == E::kSymAddr;
    bool words = (c.count == 2 || c.count == 3) && AreWords(c, 0, c.count);
    auto emit = [&](Op plain, int to, int64_t offset) {
      if (global) {
        as_.EmitSymbol(GlobalForm(plain), to, 0, 0, at->symbol.text(), at->offset + offset);
      } else {
        Touch(at->var);
        UseFrame(at->var);
        as_.EmitImm(FrameForm(plain), to, places_[at->var->index].frame + at->offset + offset);
      }
    };
    dst = Dst(e->type, dst);
    if (words) {
      emit(c.count == 2 ? Op::LdW2 : Op::LdW3, dst, e->offset + c.at[0].offset);
    } else {
      for (unsigned i = 0; i < c.count; i++)
        emit(LoadOp(c.at[i].scalar), dst + static_cast<int>(i), e->offset + c.at[i].offset);
    }
    return dst;
  }
  int64_t offset = e->offset;
  int base;
  if (offset < 0 || offset + 32 > 65535) {
    base = EvalAddress(at, offset);
    offset = 0;
  } else {
    base = Eval(at);
  }
  dst = Dst(e->type, dst);
  if (c.count > 1 && base >= dst && base < dst + static_cast<int>(c.count)) {
    // The address is overwritten by the first component: load aside.
    int temp = Scratch(e->type);
    Faults(as_.next_word(), e->pos);
    LoadComponents(e->type, temp, base, offset);
    Move(dst, temp, c.count);
    return dst;
  }
  Faults(as_.next_word(), e->pos);
  LoadComponents(e->type, dst, base, offset);
  return dst;
}

}  // namespace escapement::codegen
