// Code of expressions: typed operations on slots, loads with the address forms the instruction set has,
// comparisons fused into branches.
#include <algorithm>

#include "engine/codegen/generator.h"

namespace escapement::codegen {

using lower::Intrinsic;
using E = lower::Op;

namespace {

Scalar KindOf(ir::Type* t) {
  return lower::ScalarOf(t);
}

bool FitsShort(int64_t v) {
  return v >= -32768 && v <= 32767;
}

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

bool IsFloat32(ir::Type* t) {
  return t->Is(ir::Kind::kFloat32);
}
bool IsFloat64(ir::Type* t) {
  return t->Is(ir::Kind::kFloat64);
}

}  // namespace

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

int Generator::EvalAddress(Expr* e, int64_t offset, int dst) {
  while (e->op == E::kPtrAdd || e->op == E::kRetype) {
    if (e->op == E::kPtrAdd) offset += e->offset;
    e = e->x;
  }
  ir::Type* pointer = low_.types().UnsafePointer();
  if (e->op == E::kVarAddr) {
    dst = Dst(pointer, dst);
    Touch(e->var);
    as_.EmitImm(Op::Lea, dst, places_[e->var->index].frame + e->offset + offset);
    return dst;
  }
  if (e->op == E::kSymAddr) {
    dst = Dst(pointer, dst);
    as_.EmitSymbol(Op::LdI64, dst, 0, 0, e->symbol.text(), e->offset + offset);
    return dst;
  }
  if (offset == 0) return Eval(e, dst);
  int base = Eval(e);
  dst = Dst(pointer, dst);
  if (FitsShort(offset)) {
    as_.Emit(Op::AddI64, dst, base, static_cast<int32_t>(offset));
  } else {
    int k = ScratchSlots("s");
    Constant(k, static_cast<uint64_t>(offset));
    as_.Emit(Op::Add64, dst, base, k);
  }
  return dst;
}

int Generator::EvalElemAddr(Expr* e, int dst) {
  ir::Type* pointer = low_.types().UnsafePointer();
  int64_t k;
  bool array = e->z && IsConst(e->z, &k);
  bool is_unsigned = e->y->type->IsUnsigned();
  if (array) {
    int base = EvalAddress(e->x, 0);
    int index = Eval(e->y);
    dst = Dst(pointer, dst);
    uint32_t word = as_.EmitExt(Op::IndexAddr, dst, base, index, e->value | static_cast<uint64_t>(k) << 32);
    if (is_unsigned) as_.MarkUnsignedIndex(word);
    return dst;
  }
  // A slice or string in slots: pointer and length side by side.
  if (e->z) {
    int base = Eval(e->x);
    int length = Eval(e->z);
    if (length != base + 1) {
      int pair = ScratchSlots("ps");
      Move(pair, base, 1);
      Move(pair + 1, length, 1);
      base = pair;
    }
    int index = Eval(e->y);
    dst = Dst(pointer, dst);
    uint32_t word = as_.EmitExt(Op::ElemAddr, dst, base, index, e->value);
    if (is_unsigned) as_.MarkUnsignedIndex(word);
    return dst;
  }
  int base = EvalAddress(e->x, 0);
  int index = Eval(e->y);
  int scaled = index;
  if (e->value != 1) {
    scaled = ScratchSlots("s");
    if ((e->value & (e->value - 1)) == 0) {
      as_.Emit(Op::ShlI64, scaled, index, __builtin_ctzll(e->value));
    } else if (FitsShort(static_cast<int64_t>(e->value))) {
      as_.Emit(Op::MulI64, scaled, index, static_cast<int32_t>(e->value));
    } else {
      int c = ScratchSlots("s");
      Constant(c, e->value);
      as_.Emit(Op::Mul64, scaled, index, c);
    }
  }
  dst = Dst(pointer, dst);
  as_.Emit(Op::Add64, dst, base, scaled);
  return dst;
}

int Generator::EvalElement(Expr* e, int dst) {
  // A load of a whole element of a slice or string held in slots.
  Expr* at = e->x;
  Components c = Flatten(e->type);
  bool words = c.count >= 2 && c.count <= 3;
  for (unsigned i = 0; words && i < c.count; i++)
    words = lower::ScalarSize(c.at[i].scalar) == 8 && c.at[i].offset == 8 * i;
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
  auto wide = [&](unsigned i, unsigned n) {
    if (i + n > c.count) return false;
    for (unsigned j = 0; j < n; j++)
      if (lower::ScalarSize(c.at[i + j].scalar) != 8 || c.at[i + j].offset != c.at[i].offset + 8 * j)
        return false;
    return true;
  };
  for (unsigned i = 0; i < c.count;) {
    int32_t at = static_cast<int32_t>(offset + c.at[i].offset);
    if (wide(i, 3)) {
      as_.Emit(Op::LdW3, dst + static_cast<int>(i), base, at);
      i += 3;
    } else if (wide(i, 2)) {
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
    if (e->x->op != E::kVarAddr && e->x->op != E::kSymAddr) as_.Emit(Op::NilCheck, Eval(e->x));
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
    bool words = c.count == 2 || c.count == 3;
    for (unsigned i = 0; words && i < c.count; i++)
      words = lower::ScalarSize(c.at[i].scalar) == 8 && c.at[i].offset == c.at[0].offset + 8 * i;
    auto emit = [&](Op plain, int to, int64_t offset) {
      if (global) {
        as_.EmitSymbol(GlobalForm(plain), to, 0, 0, at->symbol.text(), at->offset + offset);
      } else {
        Touch(at->var);
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
    LoadComponents(e->type, temp, base, offset);
    Move(dst, temp, c.count);
    return dst;
  }
  LoadComponents(e->type, dst, base, offset);
  return dst;
}

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
      Normalise(dst, KindOf(e->type));
    }
  } else {
    as_.Emit(Op::Not, dst, x);
    if (e->type->IsUnsigned()) Normalise(dst, KindOf(e->type));
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
  Scalar s = KindOf(t);
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
  as_.Emit(op, dst, x, y);
  return dst;
}

int Generator::EvalShift(Expr* e, int dst) {
  Scalar s = KindOf(e->type);
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
  if (e->offset) as_.Emit(Op::CheckShift, y);
  dst = Dst(e->type, dst);
  as_.Emit(left ? Sized(Op::Shl64, s) : is_signed ? Op::ShrS : Op::ShrU, dst, x, y);
  return dst;
}

int Generator::EvalCompare(Expr* e, int dst) {
  ir::Type* t = e->x->type;
  E op = e->op;
  if (t->IsString()) {
    int x = Eval(e->x);
    int y = Eval(e->y);
    dst = Dst(e->type, dst);
    if (op == E::kEq || op == E::kNe) {
      as_.Emit(op == E::kEq ? Op::StrEq : Op::StrNe, dst, x, y);
      return dst;
    }
    int r = ScratchSlots("s");
    as_.Emit(Op::StrCmp, r, x, y);
    if (op == E::kLt) as_.Emit(Op::LtSI, dst, r, 0);
    if (op == E::kLe) as_.Emit(Op::LtSI, dst, r, 1);
    if (op == E::kGt) as_.Emit(Op::GtSI, dst, r, 0);
    if (op == E::kGe) as_.Emit(Op::GtSI, dst, r, -1);
    return dst;
  }
  int64_t k;
  if (!t->IsFloat() && IsConst(e->y, &k) && FitsShort(k)) {
    Op fused = Op::Nop;
    bool is_signed = t->IsSigned();
    int64_t imm = k;
    if (op == E::kEq) fused = Op::EqI;
    if (op == E::kNe) fused = Op::NeI;
    if (is_signed && op == E::kLt) fused = Op::LtSI;
    if (is_signed && op == E::kGt) fused = Op::GtSI;
    if (is_signed && op == E::kLe && FitsShort(k + 1)) fused = Op::LtSI, imm = k + 1;
    if (is_signed && op == E::kGe && FitsShort(k - 1)) fused = Op::GtSI, imm = k - 1;
    if (fused != Op::Nop) {
      int x = Eval(e->x);
      dst = Dst(e->type, dst);
      as_.Emit(fused, dst, x, static_cast<int32_t>(imm));
      return dst;
    }
  }
  int x = Eval(e->x);
  int y = Eval(e->y);
  dst = Dst(e->type, dst);
  if (op == E::kGt || op == E::kGe) {
    std::swap(x, y);
    op = op == E::kGt ? E::kLt : E::kLe;
  }
  Op code = Op::Nop;
  if (IsFloat64(t) || IsFloat32(t)) {
    bool f64 = IsFloat64(t);
    if (op == E::kEq) code = f64 ? Op::EqF64 : Op::EqF32;
    if (op == E::kNe) code = f64 ? Op::NeF64 : Op::NeF32;
    if (op == E::kLt) code = f64 ? Op::LtF64 : Op::LtF32;
    if (op == E::kLe) code = f64 ? Op::LeF64 : Op::LeF32;
  } else {
    bool is_signed = t->IsSigned();
    if (op == E::kEq) code = Op::Eq;
    if (op == E::kNe) code = Op::Ne;
    if (op == E::kLt) code = is_signed ? Op::LtS : Op::LtU;
    if (op == E::kLe) code = is_signed ? Op::LeS : Op::LeU;
  }
  as_.Emit(code, dst, x, y);
  return dst;
}

int Generator::EvalLogical(Expr* e, int dst) {
  // The destination may be read by the operands: decide first, write then.
  dst = Dst(e->type, dst);
  bytecode::Label no = NewLabel(), done = NewLabel();
  Branch(e, false, no);
  Constant(dst, 1);
  Jump(Op::Jmp, 0, 0, done);
  Bind(no);
  Constant(dst, 0);
  Bind(done);
  return dst;
}

bool Generator::BranchCompare(Expr* e, bool sense, bytecode::Label to) {
  ir::Type* t = e->x->type;
  E op = e->op;
  if (t->IsString() || IsFloat32(t)) return false;
  if (IsFloat64(t)) {
    int x = Eval(e->x);
    int y = Eval(e->y);
    if (op == E::kGt || op == E::kGe) {
      std::swap(x, y);
      op = op == E::kGt ? E::kLt : E::kLe;
    }
    Op code = Op::Nop;
    if (op == E::kEq) code = sense ? Op::BrEqF64 : Op::BrNeF64;
    if (op == E::kNe) code = sense ? Op::BrNeF64 : Op::BrEqF64;
    if (op == E::kLt) code = sense ? Op::BrLtF64 : Op::BrNotLtF64;
    if (op == E::kLe) code = sense ? Op::BrLeF64 : Op::BrNotLeF64;
    Jump(code, x, y, to);
    return true;
  }
  if (!sense) {
    switch (op) {
      case E::kEq:
        op = E::kNe;
        break;
      case E::kNe:
        op = E::kEq;
        break;
      case E::kLt:
        op = E::kGe;
        break;
      case E::kLe:
        op = E::kGt;
        break;
      case E::kGt:
        op = E::kLe;
        break;
      default:
        op = E::kLt;
        break;
    }
  }
  bool is_signed = t->IsSigned();
  Expr* left = e->x;
  Expr* right = e->y;
  int64_t k;
  if (IsConst(left, &k) && !IsConst(right, &k)) {
    std::swap(left, right);
    if (op == E::kLt)
      op = E::kGt;
    else if (op == E::kLe)
      op = E::kGe;
    else if (op == E::kGt)
      op = E::kLt;
    else if (op == E::kGe)
      op = E::kLe;
  }
  if (IsConst(right, &k)) {
    Op code = Op::Nop;
    int64_t imm = k;
    if (FitsShort(k)) {
      if (op == E::kEq) code = Op::BrEqI;
      if (op == E::kNe) code = Op::BrNeI;
      if (is_signed && op == E::kLt) code = Op::BrLtSI;
      if (is_signed && op == E::kLe) code = Op::BrLeSI;
      if (is_signed && op == E::kGt) code = Op::BrGtSI;
      if (is_signed && op == E::kGe) code = Op::BrGeSI;
    }
    if (!is_signed && k >= 0 && k < 65535) {
      if (op == E::kLt) code = Op::BrLtUI;
      if (op == E::kGe) code = Op::BrGeUI;
      if (op == E::kLe) code = Op::BrLtUI, imm = k + 1;
      if (op == E::kGt) code = Op::BrGeUI, imm = k + 1;
    }
    if (code != Op::Nop) {
      Jump(code, Eval(left), static_cast<int>(imm), to);
      return true;
    }
  }
  int x = Eval(left);
  int y = Eval(right);
  if (op == E::kGt || op == E::kGe) {
    std::swap(x, y);
    op = op == E::kGt ? E::kLt : E::kLe;
  }
  Op code = Op::BrEq;
  if (op == E::kNe) code = Op::BrNe;
  if (op == E::kLt) code = is_signed ? Op::BrLtS : Op::BrLtU;
  if (op == E::kLe) code = is_signed ? Op::BrLeS : Op::BrLeU;
  Jump(code, x, y, to);
  return true;
}

void Generator::Branch(Expr* e, bool sense, bytecode::Label to) {
  while (e->op == E::kRetype) e = e->x;
  switch (e->op) {
    case E::kConst:
      if ((e->value != 0) == sense) Jump(Op::Jmp, 0, 0, to);
      return;
    case E::kNot:
      return Branch(e->x, !sense, to);
    case E::kAndAnd:
    case E::kOrOr: {
      // Both must hold for && to be true and for || to be false.
      bool both = (e->op == E::kAndAnd) == sense;
      if (!both) {
        Branch(e->x, sense, to);
        Branch(e->y, sense, to);
        return;
      }
      bytecode::Label skip = NewLabel();
      Branch(e->x, !sense, skip);
      Branch(e->y, sense, to);
      Bind(skip);
      return;
    }
    case E::kEq:
    case E::kNe:
    case E::kLt:
    case E::kLe:
    case E::kGt:
    case E::kGe:
      if (BranchCompare(e, sense, to)) return;
      break;
    default:
      break;
  }
  Jump(sense ? Op::BrTrue : Op::BrFalse, Eval(e), 0, to);
}

int Generator::EvalConvert(Expr* e, int dst) {
  ir::Type* from = e->x->type;
  ir::Type* to = e->type;
  Scalar s = KindOf(to);
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
      break;
  }
  return dst;
}

int Generator::EvalSlice(Expr* e, int dst) {
  bool string = (e->offset & bytecode::kSliceString) != 0;
  int base = ScratchSlots(string ? "pss" : "pss");
  Eval(e->x, base);
  int indices = ScratchSlots("sss");
  for (int i = 0; i < 3; i++) Eval(e->args[static_cast<size_t>(i)], indices + i);
  int result = string ? ScratchSlots("pss") : Dst(e->type, dst);
  as_.EmitExt(Op::Slice, result, base, indices, e->value | static_cast<uint64_t>(e->offset) << 32);
  if (string) {
    if (dst == kNone) return result;
    Move(dst, result, 2);
    return dst;
  }
  return result;
}

}  // namespace escapement::codegen
