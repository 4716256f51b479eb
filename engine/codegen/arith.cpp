// Arithmetic, shifts and conversions on slots that hold integers extended by their type.
#include <utility>

#include "engine/codegen/generator.h"

namespace escapement::codegen {

using E = lower::Op;

namespace {

// The opcode of an operation that exists for every width: in the order 64, S32, U32, S16, U16, S8, U8.
Op Sized(Op first64, Scalar s) {
  int delta = 0;
  switch (s) {
    case Scalar::kS32:
      delta = 1;
      break;
    case Scalar::kU32:
      delta = 2;
      break;
    case Scalar::kS16:
      delta = 3;
      break;
    case Scalar::kU16:
      delta = 4;
      break;
    case Scalar::kS8:
      delta = 5;
      break;
    case Scalar::kU8:
      delta = 6;
      break;
    default:
      break;
  }
  return static_cast<Op>(static_cast<int>(first64) + delta);
}

}  // namespace

void Generator::Normalise(int slot, Scalar s) {
  switch (s) {
    case Scalar::kS8:
      as_.Emit(Op::Sext8, slot, slot);
      break;
    case Scalar::kU8:
      as_.Emit(Op::Zext8, slot, slot);
      break;
    case Scalar::kS16:
      as_.Emit(Op::Sext16, slot, slot);
      break;
    case Scalar::kU16:
      as_.Emit(Op::Zext16, slot, slot);
      break;
    case Scalar::kS32:
      as_.Emit(Op::Sext32, slot, slot);
      break;
    case Scalar::kU32:
      as_.Emit(Op::Zext32, slot, slot);
      break;
    default:
      break;
  }
}

int Generator::EvalUnary(Expr* e, int dst) {
  if (e->op == E::kNot) {
    switch (e->x->op) {
      case E::kEq:
      case E::kNe:
      case E::kAndAnd:
      case E::kOrOr:
        return EvalLogical(e, dst);
      default:
        break;
    }
    int x = Eval(e->x);
    dst = Dst(e->type, dst);
    as_.Emit(Op::BoolNot, dst, x);
    return dst;
  }
  int x = Eval(e->x);
  dst = Dst(e->type, dst);
  if (e->op == E::kNeg) {
    if (IsFloat64(e->type)) {
      as_.Emit(Op::NegF64, dst, x);
    } else if (IsFloat32(e->type)) {
      as_.Emit(Op::NegF32, dst, x);
    } else {
      as_.Emit(Op::Neg64, dst, x);
      Normalise(dst, lower::ScalarOf(e->type));
    }
  } else {
    as_.Emit(Op::Not, dst, x);
    if (e->type->IsUnsigned()) Normalise(dst, lower::ScalarOf(e->type));
  }
  return dst;
}

int Generator::EvalArith(Expr* e, int dst) {
  ir::Type* t = e->type;
  if (t->IsFloat()) {
    int x = Eval(e->x);
    int y = Eval(e->y);
    dst = Dst(t, dst);
    bool f64 = IsFloat64(t);
    Op op = Op::Nop;
    switch (e->op) {
      case E::kAdd:
        op = f64 ? Op::AddF64 : Op::AddF32;
        break;
      case E::kSub:
        op = f64 ? Op::SubF64 : Op::SubF32;
        break;
      case E::kMul:
        op = f64 ? Op::MulF64 : Op::MulF32;
        break;
      case E::kDiv:
        op = f64 ? Op::DivF64 : Op::DivF32;
        break;
      default:
        UNREACHABLE("operator on floats");
    }
    as_.Emit(op, dst, x, y);
    return dst;
  }
  Scalar s = lower::ScalarOf(t);
  bool full = s == Scalar::k64 || s == Scalar::kPtr;
  int64_t k;
  Expr* left = e->x;
  Expr* right = e->y;
  bool commutes =
      e->op == E::kAdd || e->op == E::kMul || e->op == E::kAnd || e->op == E::kOr || e->op == E::kXor;
  if (commutes && IsConst(left, &k)) std::swap(left, right);
  if (IsConst(right, &k)) {
    int64_t add = e->op == E::kSub ? -k : k;
    Op op = Op::Nop;
    int32_t imm = static_cast<int32_t>(k);
    if ((e->op == E::kAdd || e->op == E::kSub) && FitsShort(add)) {
      imm = static_cast<int32_t>(add);
      if (full) op = Op::AddI64;
      if (s == Scalar::kS32) op = Op::AddIS32;
      if (s == Scalar::kU32) op = Op::AddIU32;
      if (s == Scalar::kU8) op = Op::AddIU8;
    } else if (e->op == E::kMul && full && FitsShort(k)) {
      if (k > 0 && (k & (k - 1)) == 0) {
        op = Op::ShlI64;
        imm = __builtin_ctzll(static_cast<uint64_t>(k));
      } else {
        op = Op::MulI64;
      }
    } else if (k >= 0 && k <= 32767) {
      if (e->op == E::kAnd) op = Op::AndI;
      if (e->op == E::kOr) op = Op::OrI;
      if (e->op == E::kXor) op = Op::XorI;
    }
    if (t->IsUnsigned() && k > 0 && (k & (k - 1)) == 0) {
      if (e->op == E::kDiv) {
        op = Op::ShrIU;
        imm = __builtin_ctzll(static_cast<uint64_t>(k));
      } else if (e->op == E::kMod && k - 1 <= 32767) {
        op = Op::AndI;
        imm = static_cast<int32_t>(k - 1);
      }
    }
    if (op == Op::Nop && (e->op == E::kDiv || e->op == E::kMod) && k > 0 && k <= 32767 &&
        (t->IsSigned() || t->Size() < 8))
      op = e->op == E::kDiv ? Op::DivI : Op::RemI;
    if (op != Op::Nop) {
      int x = Eval(left);
      dst = Dst(t, dst);
      as_.Emit(op, dst, x, imm);
      return dst;
    }
  }
  if (e->op == E::kSub && full && IsConst(left, &k) && FitsShort(k)) {
    int y = Eval(right);
    dst = Dst(t, dst);
    as_.Emit(Op::RSubI64, dst, y, static_cast<int32_t>(k));
    return dst;
  }
  int x = Eval(left);
  int y = Eval(right);
  dst = Dst(t, dst);
  bool is_signed = t->IsSigned();
  Op op = Op::Nop;
  switch (e->op) {
    case E::kAdd:
      op = Sized(Op::Add64, s);
      break;
    case E::kSub:
      op = Sized(Op::Sub64, s);
      break;
    case E::kMul:
      op = Sized(Op::Mul64, s);
      break;
    case E::kAnd:
      op = Op::And;
      break;
    case E::kOr:
      op = Op::Or;
      break;
    case E::kXor:
      op = Op::Xor;
      break;
    case E::kAndNot:
      op = Op::AndNot;
      break;
    case E::kMod:
      op = is_signed ? Op::RemS : Op::RemU;
      break;
    case E::kDiv:
      op = !is_signed          ? Op::DivU
           : s == Scalar::kS32 ? Op::DivS32
           : s == Scalar::kS16 ? Op::DivS16
           : s == Scalar::kS8  ? Op::DivS8
                               : Op::DivS64;
      break;
    default:
      UNREACHABLE("operator");
  }
  uint32_t word = as_.Emit(op, dst, x, y);
  if (e->op == E::kDiv || e->op == E::kMod) Faults(word, e->pos);
  return dst;
}

int Generator::EvalShift(Expr* e, int dst) {
  Scalar s = lower::ScalarOf(e->type);
  bool left = e->op == E::kShl;
  bool is_signed = e->type->IsSigned();
  unsigned width = lower::ScalarSize(s) * 8;
  int64_t k;
  int x = Eval(e->x);
  if (IsConst(e->y, &k) && k >= 0) {
    dst = Dst(e->type, dst);
    if (static_cast<uint64_t>(k) >= width) {
      if (left || !is_signed) {
        Constant(dst, 0);
      } else {
        as_.Emit(Op::ShrIS, dst, x, 63);
      }
    } else if (!left) {
      as_.Emit(is_signed ? Op::ShrIS : Op::ShrIU, dst, x, static_cast<int32_t>(k));
    } else if (s == Scalar::kS32 || s == Scalar::kU32) {
      as_.Emit(s == Scalar::kS32 ? Op::ShlIS32 : Op::ShlIU32, dst, x, static_cast<int32_t>(k));
    } else {
      as_.Emit(Op::ShlI64, dst, x, static_cast<int32_t>(k));
      Normalise(dst, s);
    }
    return dst;
  }
  int y = Eval(e->y);
  if (e->offset) Faults(as_.Emit(Op::CheckShift, y), e->pos);
  dst = Dst(e->type, dst);
  as_.Emit(left ? Sized(Op::Shl64, s) : is_signed ? Op::ShrS : Op::ShrU, dst, x, y);
  return dst;
}

int Generator::EvalConvert(Expr* e, int dst) {
  ir::Type* from = e->x->type;
  ir::Type* to = e->type;
  Scalar s = lower::ScalarOf(to);
  if (from->IsFloat() && to->IsFloat()) {
    int x = Eval(e->x);
    dst = Dst(to, dst);
    as_.Emit(IsFloat64(from) ? Op::F64ToF32 : Op::F32ToF64, dst, x);
    return dst;
  }
  if (from->IsFloat()) {
    bool f64 = IsFloat64(from);
    int x = Eval(e->x);
    dst = Dst(to, dst);
    // amd64: 32-bit conversions for the small types, 64-bit ones for uint32.
    if (s == Scalar::k64) {
      bool is_signed = to->IsSigned();
      as_.Emit(is_signed ? (f64 ? Op::F64ToS64 : Op::F32ToS64) : (f64 ? Op::F64ToU64 : Op::F32ToU64), dst, x);
    } else if (s == Scalar::kU32) {
      as_.Emit(f64 ? Op::F64ToS64 : Op::F32ToS64, dst, x);
      Normalise(dst, s);
    } else {
      as_.Emit(f64 ? Op::F64ToS32 : Op::F32ToS32, dst, x);
      if (s != Scalar::kS32) Normalise(dst, s);
    }
    return dst;
  }
  if (to->IsFloat()) {
    int x = Eval(e->x);
    dst = Dst(to, dst);
    bool wide = from->IsUnsigned() && from->Size() == 8;
    as_.Emit(IsFloat64(to) ? (wide ? Op::U64ToF64 : Op::S64ToF64) : (wide ? Op::U64ToF32 : Op::S64ToF32), dst,
             x);
    return dst;
  }
  // Integers: slots are extended already, so widening often is nothing.
  bool to_signed = to->IsSigned();
  bool from_unsigned = !from->IsSigned();
  bool nothing = to->Size() == 8 || (from->Size() < to->Size() && (from_unsigned || to_signed)) ||
                 (from->Size() == to->Size() && from->IsSigned() == to_signed);
  if (nothing) return Eval(e->x, dst);
  int x = Eval(e->x);
  dst = Dst(to, dst);
  Op op = Op::Nop;
  switch (s) {
    case Scalar::kS8:
      op = Op::Sext8;
      break;
    case Scalar::kU8:
      op = Op::Zext8;
      break;
    case Scalar::kS16:
      op = Op::Sext16;
      break;
    case Scalar::kU16:
      op = Op::Zext16;
      break;
    case Scalar::kS32:
      op = Op::Sext32;
      break;
    default:
      op = Op::Zext32;
      break;
  }
  as_.Emit(op, dst, x);
  return dst;
}

}  // namespace escapement::codegen
