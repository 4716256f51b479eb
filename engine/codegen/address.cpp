// Addresses of variables, static data and elements.
#include "engine/codegen/generator.h"

namespace escapement::codegen {

using E = lower::Op;

namespace {

// The innermost address of which e is one inside the same object; adds the distance to *offset.
Expr* BaseOf(Expr* e, int64_t* offset) {
  while (e->op == E::kPtrAdd || e->op == E::kRetype) {
    if (e->op == E::kPtrAdd) *offset += e->offset;
    e = e->x;
  }
  return e;
}

}  // namespace

int Generator::EvalTarget(Expr* e, int64_t offset, int64_t size) {
  int64_t at = offset;
  Expr* base = BaseOf(e, &at);
  if (base->op != E::kVarAddr) return EvalAddress(e, offset);
  Touch(base->var);
  int dst = ScratchSlots("p");
  as_.EmitImm(Op::Lea, dst, places_[base->var->index].frame + base->offset + at);
  DefineFrame(base->var, base->offset + at, size);
  return dst;
}

int Generator::EvalAddress(Expr* e, int64_t offset, int dst) {
  e = BaseOf(e, &offset);
  ir::Type* pointer = low_.types().UnsafePointer();
  if (e->op == E::kVarAddr) {
    dst = Dst(pointer, dst);
    Touch(e->var);
    UseFrame(e->var);
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
  // What cannot fail is checked all the same: one instruction is less than two.
  if (array || (!e->z && e->value >> 32 == 0)) {
    // The base beside its use, where one instruction makes it.
    const bool late = e->x->op == E::kSymAddr || e->x->op == E::kVarAddr;
    int base = late ? kNone : EvalAddress(e->x, 0);
    int index = Eval(e->y);
    if (late) base = EvalAddress(e->x, 0);
    dst = Dst(pointer, dst);
    const uint64_t length = array ? static_cast<uint64_t>(k) : ~uint32_t{0};
    uint32_t word = as_.EmitExt(Op::IndexAddr, dst, base, index, e->value | length << 32);
    Faults(word, e->pos);
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
    Faults(word, e->pos);
    if (is_unsigned) as_.MarkUnsignedIndex(word);
    return dst;
  }
  int base = EvalAddress(e->x, 0);
  int index = Eval(e->y);
  int size = ScratchSlots("s"), scaled = ScratchSlots("s");
  Constant(size, e->value);
  as_.Emit(Op::Mul64, scaled, index, size);
  dst = Dst(pointer, dst);
  as_.Emit(Op::Add64, dst, base, scaled);
  return dst;
}

}  // namespace escapement::codegen
