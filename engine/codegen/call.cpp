// Calls and returns.
#include <algorithm>

#include "engine/codegen/generator.h"

namespace escapement::codegen {

using E = lower::Op;

namespace {

// A value that one instruction puts into a slot.
bool IsDirect(const Expr* e) {
  return e->op == E::kConst || e->op == E::kZero || e->op == E::kVar || e->op == E::kSymAddr ||
         e->op == E::kVarAddr || (e->op == E::kPart && e->x->op == E::kVar);
}

// Whether e can be computed in its place of the callee's window, without scratch slots.
bool NeedsNoScratch(const Expr* e) {
  switch (e->op) {
    case E::kMake:
      return std::all_of(e->args.begin(), e->args.end(), IsDirect);
    case E::kAdd:
    case E::kSub:
      return e->x->op == E::kVar && e->y->op == E::kConst && !e->type->IsFloat() && e->type->Size() == 8 &&
             static_cast<int64_t>(e->y->value) >= -32767 && static_cast<int64_t>(e->y->value) <= 32767;
    case E::kLoad:
      return (e->x->op == E::kVar || e->x->op == E::kVarAddr || e->x->op == E::kSymAddr) && e->offset >= 0 &&
             e->offset < 60000;
    default:
      return IsDirect(e);
  }
}

}  // namespace

int Generator::WindowBase() {
  int top = scratch_start_;
  for (size_t i = 0; i < scratch_used_.size(); i++)
    if (scratch_used_[i]) top = scratch_start_ + static_cast<int>(i) + 1;
  int base = top + static_cast<int>(bytecode::kHeaderSlots);
  return base;
}

int Generator::EvalAside(Expr* e, uint32_t* word) {
  const uint32_t start = as_.next_word();
  const int slot = Eval(e);
  *word = ~0u;
  if (as_.next_word() == start || slot < scratch_start_ || last_bound_ == as_.next_word()) return slot;
  const bytecode::Word last = chunk_.code[as_.last_word()];
  const char result = bytecode::FormatOf(bytecode::OpOf(last))[0];
  const unsigned count = result == 'd' ? 1 : result == 'e' ? 2 : result == 'f' ? 3 : 0;
  if (count == lower::SlotCount(e->type) &&
      bytecode::OperandA(last) == bytecode::SlotOperand(static_cast<uint32_t>(slot)) &&
      bytecode::OpOf(last) != Op::ZeroSlots)
    *word = as_.last_word();
  return slot;
}

// A sum or difference with its carry; the results are temporaries.
void Generator::GenInstruction(lower::Call* call) {
  int x = Eval(call->args[0]);
  int y = Eval(call->args[1]);
  int carry_in = Eval(call->args[2]);
  auto place = [&](Var* v) { return places_[v->index].planned ? SlotOf(v) : Scratch(v->type); };
  int dst = place(call->results[0]);
  int carry_out = place(call->results[1]);
  bool add = call->instruction == lower::Intrinsic::kAddCarry;
  as_.EmitExt(add ? Op::AddCarry : Op::SubBorrow, dst, x, y,
              bytecode::EncodeCarries(static_cast<uint32_t>(carry_in), static_cast<uint32_t>(carry_out)));
}

void Generator::GenCall(Stmt* s) {
  lower::Call* call = s->call;
  if (call->kind == lower::CallKind::kInstruction) return GenInstruction(call);
  uint32_t setup = as_.next_word();
  ir::Type* pointer = low_.types().UnsafePointer();
  if (call->new_type) {
    Var* r = call->results[0];
    AddSite(call->site);
    int dst = places_[r->index].planned ? SlotOf(r) : Scratch(pointer);
    Safepoint(as_.EmitSymbol(Op::New, dst, 0, 0, low_.data().TypeDescriptor(call->new_type).text()));
    return;
  }
  int target = kNone;
  int receiver = kNone;
  if (call->kind == lower::CallKind::kClosure) {
    target = Eval(call->target);
  } else if (call->kind == lower::CallKind::kInterface) {
    target = Eval(call->target);
    receiver = target + 1;
  }
  int window = WindowBase();
  // Evaluating an argument may take scratch slots: they must stay below the window, so evaluate the
  // arguments that need any before the window is fixed.
  std::vector<int> ready(call->args.size(), kNone);
  std::vector<uint32_t> made(call->args.size(), ~0u);
  for (size_t i = 0; i < call->args.size(); i++) {
    Expr* a = call->args[i];
    if (!lower::IsRegister(a->type)) continue;
    if (!NeedsNoScratch(a)) ready[i] = EvalAside(a, &made[i]);
  }
  int64_t out = 0;
  std::vector<std::pair<int64_t, size_t>> memory_results;
  for (size_t i = 0; i < call->args.size(); i++) {
    Expr* a = call->args[i];
    ir::Type* t = a->type;
    if (lower::IsRegister(t)) continue;
    out = (out + t->Align() - 1) / t->Align() * t->Align();
    int dst = ScratchSlots("p");
    as_.EmitImm(Op::Lea, dst, out);
    if (a->op == E::kZero) {
      as_.EmitExt(Op::FZero, 0, static_cast<int32_t>(out), 0, static_cast<uint64_t>(t->Size()));
    } else {
      Expr* place = a;
      while (place->op == E::kRetype) place = place->x;
      int src = EvalAddress(place->x, place->offset);
      as_.EmitExt(Op::MemMove, dst, src, 0, static_cast<uint64_t>(t->Size()));
    }
    out += t->Size();
  }
  out = (out + 7) / 8 * 8;
  window = WindowBase();
  int at = window;
  if (receiver != kNone) Move(at++, receiver, 1);
  for (size_t i = 0; i < call->args.size(); i++) {
    Expr* a = call->args[i];
    if (!lower::IsRegister(a->type)) continue;
    unsigned count = lower::SlotCount(a->type);
    if (count == 0) {
      if (ready[i] == kNone && a->op != E::kZero) Eval(a);
      continue;
    }
    if (made[i] != ~0u)
      as_.Redirect(made[i], at);
    else if (ready[i] != kNone)
      Move(at, ready[i], count);
    else
      Eval(a, at);
    at += static_cast<int>(count);
  }
  int results = window;
  for (ir::Type* t : call->result_types)
    if (lower::IsRegister(t)) results += static_cast<int>(lower::SlotCount(t));
  top_slot_ = std::max({top_slot_, at, results, window + 1});
  AddSite(call->site);
  uint32_t word;
  bool native = call->kind == lower::CallKind::kStatic && (!call->func || call->func->Has(ir::kFuncNoBody));
  switch (call->kind) {
    case lower::CallKind::kStatic:
      word = as_.EmitCall(window, call->symbol.text());
      break;
    case lower::CallKind::kClosure:
      word = as_.Emit(Op::CallClosure, window, target);
      break;
    default:
      word = as_.Emit(Op::CallIface, window, target, call->method);
      break;
  }
  Safepoint(word, window, native ? setup : ~0u);
  // Results: registers first (the window is scratch), then memory before the next safepoint.
  int from = window;
  for (size_t i = 0; i < call->result_types.size(); i++) {
    ir::Type* t = call->result_types[i];
    Var* v = i < call->results.size() ? call->results[i] : nullptr;
    if (lower::IsRegister(t)) {
      unsigned count = lower::SlotCount(t);
      if (v && count) {
        if (v->home == lower::Home::kSlots) {
          if (places_[v->index].planned) Move(SlotOf(v), from, count);
        } else {
          StoreVariable(v, from);
        }
      }
      from += static_cast<int>(count);
      continue;
    }
    out = (out + t->Align() - 1) / t->Align() * t->Align();
    if (v && places_[v->index].planned) memory_results.push_back({out, i});
    out += t->Size();
  }
  for (auto& [offset, i] : memory_results) {
    Var* v = call->results[i];
    int src = ScratchSlots("p");
    int dst = ScratchSlots("p");
    as_.EmitImm(Op::Lea, src, offset);
    as_.EmitImm(Op::Lea, dst, places_[v->index].frame);
    DefineFrame(v, 0, v->type->Size());
    as_.EmitExt(Op::MemMove, dst, src, 0, static_cast<uint64_t>(v->type->Size()));
  }
}

void Generator::Results(std::span<Expr* const> values) {
  unsigned total = chunk_.result_slots;
  // Memory-class results first: they need no slots below.
  for (size_t i = 0; i < values.size(); i++) {
    Expr* v = values[i];
    Var* r = fn_.results[i];
    if (lower::IsRegister(r->type)) continue;
    while (v->op == E::kRetype) v = v->x;
    if (v->op == E::kLoad && v->x->op == E::kVarAddr && v->x->var == r) continue;
    if (v->op == E::kZero) {
      DefineFrame(r, 0, r->type->Size());
      as_.EmitExt(Op::FZero, 0, static_cast<int32_t>(places_[r->index].frame), 0,
                  static_cast<uint64_t>(r->type->Size()));
      continue;
    }
    int src = EvalAddress(v->x, v->offset);
    int dst = ScratchSlots("p");
    as_.EmitImm(Op::Lea, dst, places_[r->index].frame);
    DefineFrame(r, 0, r->type->Size());
    as_.EmitExt(Op::MemMove, dst, src, 0, static_cast<uint64_t>(r->type->Size()));
  }
  auto reads = [&](auto&& self, Expr* x) -> bool {
    if (!x) return false;
    if (x->op == E::kVar) return SlotOf(x->var) < static_cast<int>(total);
    if (self(self, x->x) || self(self, x->y) || self(self, x->z)) return true;
    for (Expr* a : x->args)
      if (self(self, a)) return true;
    return false;
  };
  std::vector<size_t> registers;
  for (size_t i = 0; i < values.size(); i++)
    if (lower::IsRegister(fn_.results[i]->type) && lower::SlotCount(fn_.results[i]->type))
      registers.push_back(i);
  bool conflict = false;
  for (size_t k = 1; k < registers.size(); k++) conflict = conflict || reads(reads, values[registers[k]]);
  if (registers.size() > 1 && conflict) {
    std::vector<int> at;
    for (size_t i : registers) {
      // A variable in the result slots is copied aside, other values are computed aside.
      int s = Scratch(fn_.results[i]->type);
      at.push_back(Eval(values[i], s));
    }
    int to = 0;
    for (size_t k = 0; k < registers.size(); k++) {
      unsigned count = lower::SlotCount(fn_.results[registers[k]]->type);
      Move(to, at[k], count);
      to += static_cast<int>(count);
    }
    return;
  }
  int to = 0;
  for (size_t i : registers) {
    Eval(values[i], to);
    to += static_cast<int>(lower::SlotCount(fn_.results[i]->type));
  }
}

void Generator::GenReturn(Stmt* s) {
  if (fn_.has_defer) {
    int window = WindowBase();
    top_slot_ = std::max(top_slot_, window + 1);
    Safepoint(as_.Emit(Op::DeferReturn, window), window);
    as_.Emit(Op::DeferAgain);
  }
  Results(s->args);
  as_.EmitImm(Op::Ret, 0, frame_size_ + 8);
}

}  // namespace escapement::codegen
