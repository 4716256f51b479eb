// Comparisons and conditions, fused into branches where they decide one.
#include <utility>

#include "engine/codegen/generator.h"

namespace escapement::codegen {

using E = lower::Op;

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

}  // namespace escapement::codegen
