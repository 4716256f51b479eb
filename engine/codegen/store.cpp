// Stores with the write barrier's forms, moves and zeroing of memory.
#include <vector>

#include "engine/codegen/generator.h"

namespace escapement::codegen {

using E = lower::Op;

namespace {

Op StoreOp(Scalar s) {
  switch (lower::ScalarSize(s)) {
    case 1:
      return Op::St8;
    case 2:
      return Op::St16;
    case 4:
      return Op::St32;
    default:
      return Op::St64;
  }
}

Op GlobalStore(Op op) {
  switch (op) {
    case Op::St8:
      return Op::GSt8;
    case Op::St16:
      return Op::GSt16;
    case Op::St32:
      return Op::GSt32;
    case Op::St64:
      return Op::GSt64;
    case Op::StW2:
      return Op::GStW2;
    case Op::StPtr:
      return Op::GStPtr;
    case Op::StStr:
      return Op::GStStr;
    case Op::StIface:
      return Op::GStIface;
    case Op::StSlice:
      return Op::GStSlice;
    default:
      return Op::Nop;
  }
}

Op FrameStore(Op op) {
  switch (op) {
    case Op::St8:
      return Op::FSt8;
    case Op::St16:
      return Op::FSt16;
    case Op::St32:
      return Op::FSt32;
    case Op::St64:
      return Op::FSt64;
    case Op::StW2:
      return Op::FStW2;
    case Op::StW3:
      return Op::FStW3;
    default:
      return Op::Nop;
  }
}

// One store instruction covering components [first, first + count).
struct Piece {
  Op op;
  unsigned first, count;
};

// Splits a store into the widest instructions; with `barrier` pointers go through the barrier forms.
std::vector<Piece> Pieces(const Components& c, bool barrier) {
  std::vector<Piece> out;
  auto pointer = [&](unsigned i) { return c.at[i].scalar == Scalar::kPtr; };
  for (unsigned i = 0; i < c.count;) {
    if (AreWords(c, i, 3) && (!barrier || (!pointer(i + 1) && !pointer(i + 2)))) {
      bool plain = !barrier || !pointer(i);
      out.push_back({plain ? Op::StW3 : Op::StSlice, i, 3});
      i += 3;
    } else if (AreWords(c, i, 2) && !(barrier && pointer(i) && pointer(i + 1))) {
      Op op = Op::StW2;
      if (barrier && pointer(i)) op = Op::StStr;
      if (barrier && pointer(i + 1)) op = Op::StIface;
      out.push_back({op, i, 2});
      i += 2;
    } else {
      out.push_back({barrier && pointer(i) ? Op::StPtr : StoreOp(c.at[i].scalar), i, 1});
      i++;
    }
  }
  return out;
}

}  // namespace

bool Generator::StoreElement(Stmt* s) {
  Expr* at = s->addr;
  if (at->op != E::kElemAddr || s->offset != 0 || !at->z) return false;
  int64_t k;
  if (IsConst(at->z, &k)) return false;
  Components c = Flatten(s->type);
  if (at->value != static_cast<uint64_t>(s->type->Size()) || c.count == 0 || c.at[0].offset != 0)
    return false;
  std::vector<Piece> pieces = Pieces(c, s->write_barrier);
  if (pieces.size() != 1) return false;
  Op op;
  switch (pieces[0].op) {
    case Op::St8:
      op = Op::SetElem8;
      break;
    case Op::St16:
      op = Op::SetElem16;
      break;
    case Op::St32:
      op = Op::SetElem32;
      break;
    case Op::St64:
      op = Op::SetElem64;
      break;
    case Op::StPtr:
      op = Op::SetElemPtr;
      break;
    case Op::StStr:
      op = Op::SetElemStr;
      break;
    case Op::StIface:
      op = Op::SetElemIface;
      break;
    case Op::StSlice:
      op = Op::SetElemSlice;
      break;
    default:
      return false;
  }
  if (lower::ScalarSize(c.at[0].scalar) * c.count != at->value) return false;
  int value = Eval(s->x);
  int base = Eval(at->x);
  int length = Eval(at->z);
  if (length != base + 1) {
    int pair = ScratchSlots("ps");
    Move(pair, base, 1);
    Move(pair + 1, length, 1);
    base = pair;
  }
  int index = Eval(at->y);
  uint32_t word = as_.Emit(op, base, index, value);
  Faults(word, at->pos);
  if (at->y->type->IsUnsigned()) as_.MarkUnsignedIndex(word);
  return true;
}

void Generator::StoreComponents(ir::Type* type, int src, int base, int64_t offset, bool barrier) {
  Components c = Flatten(type);
  if (c.count == 2 && c.at[0].scalar == Scalar::kF32 && c.at[1].scalar == Scalar::kF32 &&
      c.at[1].offset == c.at[0].offset + 4) {
    as_.Emit(Op::StC64, base, src, static_cast<int32_t>(offset + c.at[0].offset));
    return;
  }
  for (const Piece& p : Pieces(c, barrier))
    as_.Emit(p.op, base, src + static_cast<int>(p.first),
             static_cast<int32_t>(offset + c.at[p.first].offset));
}

void Generator::StoreVariable(Var* v, int src) {
  Components c = Flatten(v->type);
  if (c.count != 0) DefineFrame(v, 0, v->type->Size());
  for (const Piece& p : Pieces(c, false))
    as_.EmitImm(FrameStore(p.op), src + static_cast<int>(p.first),
                places_[v->index].frame + c.at[p.first].offset);
}

void Generator::GenStore(Stmt* s) {
  Components c = Flatten(s->type);
  if (StoreElement(s)) return;
  Expr* at = s->addr;
  while (at->op == E::kRetype) at = at->x;
  // A single-slot source that is already a variable needs no move.
  int src = Eval(s->x);
  if (c.count == 0) {
    if (at->op != E::kVarAddr && at->op != E::kSymAddr) as_.Emit(Op::NilCheck, Eval(at));
    return;
  }
  if (at->op == E::kVarAddr || at->op == E::kSymAddr) {
    bool global = at->op == E::kSymAddr;
    if (!global) DefineFrame(at->var, at->offset + s->offset, s->type->Size());
    for (const Piece& p : Pieces(c, s->write_barrier)) {
      int64_t offset = at->offset + s->offset + c.at[p.first].offset;
      int from = src + static_cast<int>(p.first);
      if (!global) {
        Touch(at->var);
        as_.EmitImm(FrameStore(p.op), from, places_[at->var->index].frame + offset);
        continue;
      }
      Op op = GlobalStore(p.op);
      if (op == Op::Nop) {
        for (unsigned i = 0; i < p.count; i++)
          as_.EmitSymbol(Op::GSt64, from + static_cast<int>(i), 0, 0, at->symbol.text(), offset + 8 * i);
      } else {
        as_.EmitSymbol(op, from, 0, 0, at->symbol.text(), offset);
      }
    }
    return;
  }
  int64_t offset = s->offset;
  int base;
  if (offset < 0 || offset + 32 > 65535) {
    base = EvalAddress(at, offset);
    offset = 0;
  } else {
    base = Eval(at);
  }
  StoreComponents(s->type, src, base, offset, s->write_barrier);
}

void Generator::MemoryMove(int dst, int src, ir::Type* type, bool barrier) {
  if (barrier) {
    as_.EmitSymbol(Op::MemMoveTyped, dst, src, 0, low_.data().TypeDescriptor(type).text());
  } else {
    as_.EmitExt(Op::MemMove, dst, src, 0, static_cast<uint64_t>(type->Size()));
  }
}

void Generator::GenMove(Stmt* s) {
  int src = EvalAddress(s->x, 0);
  int dst = EvalTarget(s->addr, s->offset, s->type->Size());
  MemoryMove(dst, src, s->type, s->write_barrier);
}

void Generator::GenZero(Stmt* s) {
  Expr* at = s->addr;
  while (at->op == E::kRetype) at = at->x;
  if (at->op == E::kVarAddr) {
    Touch(at->var);
    DefineFrame(at->var, at->offset + s->offset, s->type->Size());
    as_.EmitExt(Op::FZero, 0, static_cast<int32_t>(places_[at->var->index].frame + at->offset + s->offset), 0,
                static_cast<uint64_t>(s->type->Size()));
    return;
  }
  int dst = EvalAddress(at, s->offset);
  if (s->write_barrier) {
    as_.EmitSymbol(Op::MemZeroTyped, dst, 0, 0, low_.data().TypeDescriptor(s->type).text());
  } else {
    as_.EmitExt(Op::MemZero, dst, 0, 0, static_cast<uint64_t>(s->type->Size()));
  }
}

}  // namespace escapement::codegen
