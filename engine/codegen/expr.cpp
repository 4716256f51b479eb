// Code of expressions: one case an operation; the larger constructs have files of their own.
#include <utility>
#include <vector>

#include "engine/codegen/generator.h"

namespace escapement::codegen {

using lower::Intrinsic;
using E = lower::Op;

int Generator::Eval(Expr* e, int dst) {
  switch (e->op) {
    case E::kConst:
      dst = Dst(e->type, dst);
      Constant(dst, e->value);
      return dst;
    case E::kZero: {
      unsigned count = lower::SlotCount(e->type);
      dst = Dst(e->type, dst);
      if (count == 1) Constant(dst, 0);
      if (count == 2) as_.Emit(Op::Zero2, dst);
      if (count == 3) as_.Emit(Op::Zero3, dst);
      if (count == 4) as_.Emit(Op::ZeroSlots, dst, 4);
      return dst;
    }
    case E::kVar: {
      int slot = SlotOf(e->var);
      if (dst == kNone || dst == slot) return slot;
      Move(dst, slot, lower::SlotCount(e->type));
      return dst;
    }
    case E::kRetype: {
      unsigned count = lower::SlotCount(e->type);
      if (count == 0) {
        Eval(e->x);
        return Dst(e->type, dst);
      }
      return Eval(e->x, dst);
    }
    case E::kPart: {
      int x = Eval(e->x) + static_cast<int>(e->value);
      if (dst == kNone) return x;
      Move(dst, x, lower::SlotCount(e->type));
      return dst;
    }
    case E::kMake: {
      dst = Dst(e->type, dst);
      // Parts that read what earlier parts overwrite are evaluated aside first.
      int at = dst;
      std::vector<std::pair<int, Expr*>> parts;
      for (Expr* a : e->args) {
        unsigned count = lower::SlotCount(a->type);
        if (count)
          parts.push_back({at, a});
        else if (a->op != E::kZero)
          Eval(a);
        at += static_cast<int>(count);
      }
      auto reads = [&](auto&& self, Expr* x, int low, int high) -> bool {
        if (!x) return false;
        if (x->op == E::kVar) {
          int s = SlotOf(x->var);
          return s < high && s + static_cast<int>(lower::SlotCount(x->type)) > low;
        }
        if (self(self, x->x, low, high) || self(self, x->y, low, high) || self(self, x->z, low, high))
          return true;
        for (Expr* a : x->args)
          if (self(self, a, low, high)) return true;
        return false;
      };
      for (size_t i = 1; i < parts.size(); i++) {
        if (!reads(reads, parts[i].second, dst, parts[i].first)) continue;
        int temp = Scratch(e->type);
        int to = temp;
        for (auto& [where, a] : parts) {
          Eval(a, to + (where - dst));
        }
        Move(dst, temp, lower::SlotCount(e->type));
        return dst;
      }
      for (auto& [where, a] : parts) Eval(a, where);
      return dst;
    }
    case E::kSymAddr:
      dst = Dst(e->type, dst);
      as_.EmitSymbol(Op::LdI64, dst, 0, 0, e->symbol.text(), e->offset);
      return dst;
    case E::kVarAddr:
    case E::kPtrAdd:
      return EvalAddress(e, 0, dst);
    case E::kElemAddr:
      return EvalElemAddr(e, dst);
    case E::kLoad:
      return EvalLoad(e, dst);
    case E::kContext:
      dst = Dst(e->type, dst);
      as_.Emit(Op::GetCtx, dst);
      return dst;
    case E::kNeg:
    case E::kCom:
    case E::kNot:
      return EvalUnary(e, dst);
    case E::kEq:
    case E::kNe:
    case E::kLt:
    case E::kLe:
    case E::kGt:
    case E::kGe:
      return EvalCompare(e, dst);
    case E::kAndAnd:
    case E::kOrOr:
      return EvalLogical(e, dst);
    case E::kConvert:
      return EvalConvert(e, dst);
    case E::kIntrinsic:
      return EvalIntrinsic(e, dst);
    case E::kSlice:
      return EvalSlice(e, dst);
    case E::kMemEqual: {
      int x = EvalAddress(e->x, 0);
      int y = EvalAddress(e->y, 0);
      dst = Dst(e->type, dst);
      as_.EmitExt(Op::MemEq, dst, x, y, e->value);
      return dst;
    }
    case E::kShl:
    case E::kShr:
      return EvalShift(e, dst);
    default:
      return EvalArith(e, dst);
  }
}

int Generator::EvalIntrinsic(Expr* e, int dst) {
  std::vector<int> args;
  Intrinsic f = static_cast<Intrinsic>(e->value);
  if (f == Intrinsic::kFma) {
    // The third operand follows the second.
    int x = Eval(e->args[0]);
    int pair = ScratchSlots("ss");
    Eval(e->args[1], pair);
    Eval(e->args[2], pair + 1);
    dst = Dst(e->type, dst);
    as_.Emit(Op::FmaF64, dst, x, pair);
    return dst;
  }
  if (int64_t k;
      (f == Intrinsic::kRotateLeft64 || f == Intrinsic::kRotateLeft32) && IsConst(e->args[1], &k)) {
    const bool wide = f == Intrinsic::kRotateLeft64;
    int x = Eval(e->args[0]);
    dst = Dst(e->type, dst);
    as_.Emit(wide ? Op::RotLI64 : Op::RotLI32, dst, x, static_cast<int32_t>(k & (wide ? 63 : 31)));
    return dst;
  }
  for (Expr* a : e->args) args.push_back(Eval(a));
  dst = Dst(e->type, dst);
  switch (f) {
    case Intrinsic::kSqrt:
      as_.Emit(Op::SqrtF64, dst, args[0]);
      break;
    case Intrinsic::kFloor:
      as_.Emit(Op::FloorF64, dst, args[0]);
      break;
    case Intrinsic::kCeil:
      as_.Emit(Op::CeilF64, dst, args[0]);
      break;
    case Intrinsic::kTrunc:
      as_.Emit(Op::TruncF64, dst, args[0]);
      break;
    case Intrinsic::kRoundToEven:
      as_.Emit(Op::RoundEvenF64, dst, args[0]);
      break;
    case Intrinsic::kFabs:
      as_.Emit(Op::AbsF64, dst, args[0]);
      break;
    case Intrinsic::kCopysign:
      as_.Emit(Op::CopysignF64, dst, args[0], args[1]);
      break;
    case Intrinsic::kTrailingZeros64:
      as_.Emit(Op::Ctz64, dst, args[0]);
      break;
    case Intrinsic::kTrailingZeros32:
      as_.Emit(Op::Ctz32, dst, args[0]);
      break;
    case Intrinsic::kLen64:
      as_.Emit(Op::Len64, dst, args[0]);
      break;
    case Intrinsic::kOnesCount64:
      as_.Emit(Op::PopCount64, dst, args[0]);
      break;
    case Intrinsic::kBswap64:
      as_.Emit(Op::Bswap64, dst, args[0]);
      break;
    case Intrinsic::kBswap32:
      as_.Emit(Op::Bswap32, dst, args[0]);
      break;
    case Intrinsic::kRotateLeft64:
      as_.Emit(Op::RotL64, dst, args[0], args[1]);
      break;
    case Intrinsic::kRotateLeft32:
      as_.Emit(Op::RotL32, dst, args[0], args[1]);
      break;
    case Intrinsic::kMulHigh64:
      as_.Emit(Op::MulHiU, dst, args[0], args[1]);
      break;
    case Intrinsic::kFma:
    case Intrinsic::kAddCarry:
    case Intrinsic::kSubBorrow:
      break;
  }
  return dst;
}

int Generator::EvalSlice(Expr* e, int dst) {
  const bool string = (e->offset & bytecode::kSliceString) != 0;
  uint64_t flags = static_cast<uint64_t>(e->offset);
  const int base = Eval(e->x);
  int64_t k;
  int low = 0, high = 0;
  if (IsConst(e->args[0], &k) && k == 0) {
    flags |= bytecode::kSliceNoLow;
  } else {
    low = Eval(e->args[0]);
  }
  if ((flags & bytecode::kSliceHasMax) != 0) {
    high = ScratchSlots("ss");
    Eval(e->args[1], high);
    Eval(e->args[2], high + 1);
  } else if ((flags & bytecode::kSliceHasHigh) != 0) {
    high = Eval(e->args[1]);
  }
  dst = Dst(e->type, dst);
  const uint64_t ext =
      e->value | flags << 32 | uint64_t{bytecode::SlotOperand(static_cast<uint32_t>(high))} << 48;
  Faults(as_.EmitExt(string ? Op::SliceStr : Op::Slice, dst, base, low, ext), e->pos);
  return dst;
}

}  // namespace escapement::codegen
