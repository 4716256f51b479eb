// Code of statements: branches, loops with fused back-edges, labels.
#include <algorithm>

#include "engine/codegen/generator.h"

namespace escapement::codegen {

using E = lower::Op;

bytecode::Label Generator::NewLabel() {
  bytecode::Label l = as_.NewLabel();
  if (label_words_.size() <= l.index) label_words_.resize(l.index + 1, ~0u);
  return l;
}

void Generator::Bind(bytecode::Label l) {
  label_words_[l.index] = last_bound_ = as_.next_word();
  as_.Bind(l);
}

uint32_t Generator::Jump(Op op, int a, int b, bytecode::Label to, uint64_t ext) {
  uint32_t word = as_.EmitBranch(op, a, b, to, ext);
  jumps_.push_back({word, to.index});
  return word;
}

bytecode::Label Generator::LabelOf(int label) {
  auto it = labels_.find(label);
  if (it == labels_.end()) it = labels_.emplace(label, NewLabel()).first;
  return it->second;
}

void Generator::Safepoint(uint32_t word, int window, uint32_t setup) {
  safepoints_.push_back({word, window, setup});
}

EntryNeeds Generator::Run() {
  chunk_.name = fn_.symbol.str();
  chunk_.inlines.push_back({0, chunk_.name, 0, 0, 0});
  if (fn_.origin && fn_.origin->pos.valid()) {
    auto [file, line] = PrintedLine(fn_.origin->pos.pos);
    chunk_.inlines[0].file = file;
    chunk_.inlines[0].line = line;
  }
  Plan();
  if (fn_.wrapper) chunk_.flags |= bytecode::kWrapper;
  if (fn_.needs_context) chunk_.flags |= bytecode::kNeedsContext;
  if (fn_.has_defer) chunk_.flags |= bytecode::kHasDefer;
  // Model: gc leaves the check out of leaves with frames under 128 bytes.
  if (fn_.nosplit || (!calls_ && frame_size_ < 128)) chunk_.flags |= bytecode::kNoSplit;
  chunk_.entry_steps = static_cast<uint32_t>(std::max(1, CountSteps(fn_.body)));
  if (fn_.origin) Position(fn_.origin->pos);
  Safepoint(0, kPrologue);
  Body();
  ListVariables();
  return Liveness();
}

int Generator::CountSteps(std::span<Stmt* const> list) {
  int n = 0;
  for (Stmt* s : list) {
    if (s->op == StmtOp::kLabel) continue;
    n++;
    if (s->op == StmtOp::kIf) n += CountSteps(s->body) + CountSteps(s->otherwise);
    if (s->op == StmtOp::kLoop) n += CountSteps(s->head);
  }
  return n;
}

void Generator::Gen(std::span<Stmt* const> list) {
  for (size_t i = 0; i < list.size(); i++) {
    Stmt* s = list[i];
    // The last return of an inlined function leads to where control goes anyway.
    if (s->op == StmtOp::kGoto && i + 1 < list.size() && list[i + 1]->op == StmtOp::kLabel &&
        list[i + 1]->label == s->label)
      continue;
    std::fill(scratch_used_.begin(), scratch_used_.end(), false);
    scratch_high_ = scratch_start_;
    Position(s->pos);
    GenStmt(s);
    Arrive();
  }
}

void Generator::GenStmt(Stmt* s) {
  switch (s->op) {
    case StmtOp::kAssign:
      GenAssign(s);
      break;
    case StmtOp::kStore:
      GenStore(s);
      break;
    case StmtOp::kMove:
      GenMove(s);
      break;
    case StmtOp::kZeroMem:
      GenZero(s);
      break;
    case StmtOp::kEval:
      Eval(s->x);
      break;
    case StmtOp::kNilCheck:
      as_.Emit(Op::NilCheck, Eval(s->x));
      break;
    case StmtOp::kKeepAlive:
      Eval(s->x, Scratch(s->x->type));
      break;
    case StmtOp::kCall:
      GenCall(s);
      break;
    case StmtOp::kIf: {
      // if c { goto L } is one branch.
      if (s->otherwise.empty() && s->body.size() == 1 && s->body[0]->op == StmtOp::kGoto) {
        bytecode::Label to = LabelOf(s->body[0]->label);
        if (label_words_[to.index] == ~0u) {
          Branch(s->x, true, to);
          break;
        }
      }
      bytecode::Label no = NewLabel();
      Branch(s->x, false, no);
      Gen(s->body);
      if (s->otherwise.empty()) {
        Bind(no);
        break;
      }
      bytecode::Label done = NewLabel();
      StmtOp last = s->body.empty() ? StmtOp::kEval : s->body.back()->op;
      if (last != StmtOp::kGoto && last != StmtOp::kReturn && last != StmtOp::kPanic &&
          last != StmtOp::kUnreachable)
        Jump(Op::Jmp, 0, 0, done);
      Bind(no);
      Gen(s->otherwise);
      Bind(done);
      break;
    }
    case StmtOp::kLoop:
      GenLoop(s);
      break;
    case StmtOp::kLabel:
      Bind(LabelOf(s->label));
      break;
    case StmtOp::kGoto: {
      bytecode::Label to = LabelOf(s->label);
      if (label_words_[to.index] != ~0u) {
        // A backward goto is a loop: one step a statement would need the label's block; one a round.
        Safepoint(Jump(Op::Loop, 1, 0, to));
      } else {
        Jump(Op::Jmp, 0, 0, to);
      }
      break;
    }
    case StmtOp::kSwitch: {
      int x = Eval(s->x);
      int64_t low = static_cast<int64_t>(s->value);
      if (low != 0) {
        int index = ScratchSlots("s");
        if (low > -32768 && low <= 32768) {
          as_.Emit(Op::AddI64, index, x, static_cast<int32_t>(-low));
        } else {
          int c = ScratchSlots("s");
          Constant(c, static_cast<uint64_t>(low));
          as_.Emit(Op::Sub64, index, x, c);
        }
        x = index;
      }
      std::vector<bytecode::Label> targets;
      for (int t : s->targets) targets.push_back(LabelOf(t));
      uint32_t word = as_.EmitJumpTable(x, targets);
      for (bytecode::Label t : targets) jumps_.push_back({word, t.index});
      break;
    }
    case StmtOp::kReturn:
      GenReturn(s);
      break;
    case StmtOp::kDefer: {
      int x = Eval(s->x);
      AddSite(s->site);
      Safepoint(as_.Emit(Op::Defer, x, static_cast<int>(s->defer_kind)));
      break;
    }
    case StmtOp::kGo: {
      int x = Eval(s->x);
      AddSite(s->site);
      Safepoint(as_.Emit(Op::Go, x));
      break;
    }
    case StmtOp::kPanic: {
      int x = Eval(s->x);
      int window = WindowBase();
      top_slot_ = std::max(top_slot_, window + 2);
      Safepoint(as_.Emit(Op::Panic, window, x), window);
      break;
    }
    case StmtOp::kRecover: {
      int at = places_[s->var->index].planned ? SlotOf(s->var) : Scratch(s->var->type);
      Safepoint(as_.Emit(Op::Recover, at));
      break;
    }
    case StmtOp::kUnreachable:
      as_.Emit(Op::PanicFault, 0, static_cast<int>(bytecode::PanicCode::kUnreachable));
      break;
  }
}

void Generator::GenAssign(Stmt* s) {
  int dst = SlotOf(s->var) + static_cast<int>(s->value);
  if (lower::SlotCount(s->type) == 0) {
    Eval(s->x);
    return;
  }
  Eval(s->x, dst);
}

bool Generator::FusedBackEdge(Stmt* s, bytecode::Label top, uint32_t steps) {
  Expr* cond = s->x;
  const E op = cond->op;
  if (op != E::kLt && op != E::kLe && op != E::kGt && op != E::kGe) return false;
  if (!cond->x->type->IsSigned() || cond->x->op != E::kVar || s->post.size() != 1 ||
      s->post[0]->op != StmtOp::kAssign || s->post[0]->var != cond->x->var)
    return false;
  Expr* inc = s->post[0]->x;
  if (inc->type->Size() != 8 || (inc->op != E::kAdd && inc->op != E::kSub) || inc->x->op != E::kVar ||
      inc->x->var != cond->x->var)
    return false;
  int64_t k, limit;
  if (!IsConst(inc->y, &k) || k <= -0x40000000 || k >= 0x40000000) return false;
  if (inc->op == E::kSub) k = -k;
  const uint64_t ext = static_cast<uint64_t>(k) << 32 | steps;
  const int i = SlotOf(cond->x->var);
  if (IsConst(cond->y, &limit)) {
    if (!FitsShort(limit)) return false;
    const bool less = op == E::kLt || op == E::kLe;
    if (op == E::kLe) limit++;
    if (op == E::kGe) limit--;
    if (!FitsShort(limit)) return false;
    Safepoint(Jump(less ? Op::LoopIncLtSI : Op::LoopIncGtSI, i, static_cast<int>(limit), top, ext));
    return true;
  }
  Expr* y = cond->y;
  while (y->op == E::kRetype) y = y->x;
  if ((op != E::kLt && op != E::kLe) || (y->op != E::kVar && (y->op != E::kPart || y->x->op != E::kVar)))
    return false;
  Safepoint(Jump(op == E::kLt ? Op::LoopIncLtS : Op::LoopIncLeS, i, Eval(y), top, ext));
  return true;
}

void Generator::GenLoop(Stmt* s) {
  uint32_t start = as_.next_word();
  GenLoopCode(s);
  loop_words_.push_back({start, as_.next_word()});
}

void Generator::GenLoopCode(Stmt* s) {
  bytecode::Label top = NewLabel();
  bytecode::Label next = LabelOf(s->label);
  bytecode::Label done = LabelOf(static_cast<int>(s->value));
  uint32_t steps = static_cast<uint32_t>(
      std::min(65535, 1 + CountSteps(s->head) + CountSteps(s->body) + CountSteps(s->post)));
  if (!s->x || !s->head.empty()) {
    // The test needs statements (or there is none): one copy of it at the top.
    Bind(top);
    Gen(s->head);
    std::fill(scratch_used_.begin(), scratch_used_.end(), false);
    if (s->x) Branch(s->x, false, done);
    Gen(s->body);
    Bind(next);
    Gen(s->post);
    Safepoint(Jump(Op::Loop, static_cast<int>(steps), 0, top));
    return;
  }
  Branch(s->x, false, done);
  Bind(top);
  Gen(s->body);
  Bind(next);
  std::fill(scratch_used_.begin(), scratch_used_.end(), false);
  Position(s->post.empty() ? s->pos : s->post[0]->pos);
  if (FusedBackEdge(s, top, steps)) return;
  Gen(s->post);
  std::fill(scratch_used_.begin(), scratch_used_.end(), false);
  Position(s->pos);
  Expr* cond = s->x;
  if ((cond->op == E::kLt || cond->op == E::kLe) && cond->x->type->IsSigned()) {
    int x = Eval(cond->x);
    int y = Eval(cond->y);
    Safepoint(Jump(cond->op == E::kLt ? Op::LoopLtS : Op::LoopLeS, x, y, top, steps));
    return;
  }
  // LoopBrTrue wants a bool; a fused branch over a Loop costs the same and needs no slot.
  bytecode::Label out = NewLabel();
  if (cond->op == E::kVar) {
    Safepoint(Jump(Op::LoopBrTrue, Eval(cond), 0, top, steps));
    return;
  }
  Branch(cond, false, out);
  Safepoint(Jump(Op::Loop, static_cast<int>(steps), 0, top));
  Bind(out);
}

}  // namespace escapement::codegen
