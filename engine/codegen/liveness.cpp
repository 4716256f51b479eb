// Liveness of pointer slots and of variables in the frame, by backward data flow over the code, and the entry
// code that needs it.
//
//   live-in(i)  = (live-out(i) - defined(i)) + used(i)
//   live-out(i) = union of live-in over the successors of i
//
// A safepoint reports what is live after its instruction (while the callee runs), less what the instruction
// defines; calls of natives also what lived before their arguments were set up.
//
// A variable in the frame is used where it is read or its address is taken, and defined where all of it is
// written; a store into a part of it is neither. What pointers do to it later is not seen here: while such a
// pointer lives, the collector finds the variable through it (a stack object).
#include <algorithm>

#include "engine/codegen/generator.h"

namespace escapement::codegen {

namespace {

using Set = std::vector<uint64_t>;

struct Effect {
  int def = kNone, def_count = 0;
  int use[3] = {kNone, kNone, kNone};
  int use_count[3] = {0, 0, 0};
  int window = kNone;
};

Effect EffectOf(bytecode::Word w) {
  Op op = bytecode::OpOf(w);
  std::string_view format = bytecode::FormatOf(op);
  uint16_t operands[3] = {bytecode::OperandA(w), bytecode::OperandB(w), bytecode::OperandC(w)};
  Effect e;
  int uses = 0;
  for (int i = 0; i < 3; i++) {
    char f = format[static_cast<size_t>(i)];
    if (f == 'I' || f == 'U' || f == 'J') break;
    int slot = operands[i] / 8;
    auto use = [&](int count) {
      e.use[uses] = slot;
      e.use_count[uses++] = count;
    };
    switch (f) {
      case 'd':
        e.def = slot, e.def_count = 1;
        break;
      case 'e':
        e.def = slot, e.def_count = 2;
        break;
      case 'f':
        e.def = slot, e.def_count = 3;
        break;
      case 's':
        use(1);
        break;
      case 't':
        use(2);
        break;
      case 'v':
        use(3);
        break;
      case 'm':
        use(1);
        e.def = slot, e.def_count = 1;
        break;
      case 'w':
        e.window = slot;
        break;
      default:
        break;
    }
  }
  if (op == Op::ZeroSlots) e.def_count = operands[1];
  return e;
}

// Whether gc has a branch in this operation's place, to a call that panics: its block ends there.
bool EndsBlock(Op op) {
  const bool checks_element = op >= Op::Elem8U && op <= Op::BoundI;
  return checks_element || op == Op::Slice || op == Op::SliceStr || op == Op::SliceToArray ||
         op == Op::CheckShift || op == Op::Defer || op == Op::DeferReturn;
}

}  // namespace

WordRange Generator::KeptRange(const std::vector<uint32_t>& calls) const {
  // The code that a jump forwards passes over: what is behind it is not reached through it alone.
  auto skipped = [&](const JumpInfo& j) {
    return WordRange{j.word + bytecode::LengthOf(&chunk_.code[j.word]), label_words_[j.label]};
  };
  const auto [first, last] = std::minmax_element(calls.begin(), calls.end());
  uint32_t at = *first;
  for (bool moved = true; moved;) {
    moved = false;
    for (const JumpInfo& j : jumps_) {
      const WordRange r = skipped(j);
      // Not in a loop: before the outermost one around the first call.
      const bool in_loop = r.until <= at && at <= j.word && r.until != 0;
      // Not where the other calls are not.
      const bool aside = r.from <= at && at < r.until && *last >= r.until;
      if (!in_loop && !aside) continue;
      const uint32_t before = in_loop ? r.until - 1 : j.word;
      moved = moved || before < at;
      at = std::min(at, before);
    }
  }
  WordRange kept{0, ~uint32_t{0}};
  for (const JumpInfo& j : jumps_) {
    const WordRange r = skipped(j);
    for (uint32_t w : {r.from, r.until})
      if (w <= at) kept.from = std::max(kept.from, w);
    if (r.from <= at && at < r.until) kept.until = std::min(kept.until, r.until);
  }
  for (uint32_t w = kept.from; w < at;) {
    const Op op = bytecode::OpOf(chunk_.code[w]);
    w += bytecode::LengthOf(&chunk_.code[w]);
    if (EndsBlock(op) && w <= at) kept.from = w;
  }
  return kept;
}

void Generator::UseFrame(Var* v) {
  if (int i = places_[v->index].frame_variable; i != kNone)
    frame_effects_.push_back({as_.next_word(), i, false});
}

void Generator::DefineFrame(Var* v, int64_t offset, int64_t size) {
  int i = places_[v->index].frame_variable;
  if (i != kNone && offset == 0 && size == v->type->Size())
    frame_effects_.push_back({as_.next_word(), i, true});
}

void Generator::Body() {
  // A call may not be word 0, which is the prologue's safepoint.
  if (entry_.leading_nop) as_.Emit(Op::Nop);
  // A variable may be live before it is written (a part at a time, say): frame words with pointers start as
  // zero.
  int64_t low = -1, high = -1;
  for (uint32_t i = 0; i < frame_size_ / 8; i++)
    if (chunk_.frame_pointers.Test(i)) {
      if (low < 0) low = i * 8;
      high = i * 8 + 8;
    }
  if (low >= 0) as_.EmitExt(Op::FZero, 0, static_cast<int32_t>(low), 0, static_cast<uint64_t>(high - low));
  for (Var* r : fn_.results)
    if (!lower::IsRegister(r->type) && r->type->HasPointers())
      as_.EmitExt(Op::FZero, 0, static_cast<int32_t>(places_[r->index].frame), 0,
                  static_cast<uint64_t>(r->type->Size()));
  for (int slot : entry_.zero) as_.Emit(Op::ZeroSlots, slot, 1);
  Gen(fn_.body);
  if (!fn_.has_defer) return;
  bytecode::Label recover = NewLabel();
  Bind(recover);
  as_.SetRecover(recover);
  recover_label_ = static_cast<int>(recover.index);
  std::fill(scratch_used_.begin(), scratch_used_.end(), false);
  int window = WindowBase();
  top_slot_ = std::max(top_slot_, window + 1);
  Safepoint(as_.Emit(Op::DeferReturn, window), window);
  as_.Emit(Op::DeferAgain);
  Results(fn_.homes);
  as_.EmitImm(Op::Ret, 0, frame_size_ + 8);
}

EntryNeeds Generator::Liveness() {
  const std::vector<bytecode::Word>& code = chunk_.code;
  size_t slots = kinds_.size();
  // Bits [slots, bits) stand for the variables in the frame.
  const size_t variables = chunk_.frame_variables.size(), bits = slots + variables;
  size_t words = (bits + 63) / 64;
  auto set = [](Set& s, size_t i) { s[i / 64] |= uint64_t{1} << (i % 64); };
  auto clear = [](Set& s, size_t i) { s[i / 64] &= ~(uint64_t{1} << (i % 64)); };
  std::vector<uint32_t> starts;
  for (uint32_t w = 0; w < code.size(); w += bytecode::LengthOf(&code[w])) starts.push_back(w);
  std::unordered_map<uint32_t, std::vector<uint32_t>> targets;
  for (const JumpInfo& j : jumps_) targets[j.word].push_back(label_words_[j.label]);
  std::vector<Set> live(code.size() + 1);
  auto test = [&](const Set& s, int i) {
    return !s.empty() && (s[static_cast<size_t>(i) / 64] >> (i % 64) & 1);
  };
  auto pointer = [&](int i) {
    return i >= 0 && static_cast<size_t>(i) < slots && kinds_[static_cast<size_t>(i)] == 'p';
  };
  std::vector<Set> after_at(code.size());
  std::vector<bool> is_safepoint(code.size()), unwinds(code.size());
  for (const SafePointInfo& s : safepoints_) {
    if (s.word >= code.size()) continue;
    is_safepoint[s.word] = true;
    unwinds[s.word] = s.window != kPrologue && recover_label_ >= 0;
  }
  std::vector<size_t> returned;
  for (const Var* r : fn_.results)
    if (!lower::IsRegister(r->type) && places_[r->index].frame_variable != kNone)
      returned.push_back(slots + static_cast<size_t>(places_[r->index].frame_variable));
  bool changed = true;
  while (changed) {
    size_t effect = frame_effects_.size();
    changed = false;
    for (size_t k = starts.size(); k-- > 0;) {
      uint32_t w = starts[k];
      Op op = bytecode::OpOf(code[w]);
      Set out(words);
      auto join = [&](uint32_t to) {
        if (to < live.size() && !live[to].empty())
          for (size_t i = 0; i < words; i++) out[i] |= live[to][i];
      };
      bool stops =
          op == Op::Ret || op == Op::Jmp || op == Op::Loop || op == Op::Panic || op == Op::PanicFault;
      if (!stops) join(w + bytecode::LengthOf(&code[w]));
      if (auto it = targets.find(w); it != targets.end())
        for (uint32_t t : it->second) join(t);
      Effect e = EffectOf(code[w]);
      for (int i = 0; i < e.def_count; i++)
        if (static_cast<size_t>(e.def + i) < slots) clear(out, static_cast<size_t>(e.def + i));
      if (e.window != kNone)
        for (size_t i = static_cast<size_t>(std::max(0, e.window - 2)); i < slots; i++) clear(out, i);
      // A call may also go on where the function returns after a recovered panic.
      if (unwinds[w]) join(label_words_[static_cast<size_t>(recover_label_)]);
      if (is_safepoint[w]) after_at[w] = out;
      while (effect > 0 && frame_effects_[effect - 1].word > w) effect--;
      size_t first = effect;
      for (; first > 0 && frame_effects_[first - 1].word == w; first--)
        if (frame_effects_[first - 1].define)
          clear(out, slots + static_cast<size_t>(frame_effects_[first - 1].variable));
      for (size_t i = first; i < effect; i++)
        if (!frame_effects_[i].define) set(out, slots + static_cast<size_t>(frame_effects_[i].variable));
      effect = first;
      for (int u = 0; u < 3; u++)
        for (int i = 0; i < e.use_count[u]; i++) {
          int slot = e.use[u] + i;
          if (pointer(slot) || (slot >= 0 && static_cast<uint32_t>(slot) < chunk_.arg_slots))
            set(out, static_cast<size_t>(slot));
        }
      // A parameter that is returned may be in its result's slot from the start.
      if (op == Op::Ret) {
        for (uint32_t i = 0; i < chunk_.result_slots; i++)
          if (pointer(static_cast<int>(i))) set(out, i);
        for (size_t i : returned) set(out, i);
      }
      if (out != live[w]) {
        live[w] = std::move(out);
        changed = true;
      }
    }
  }
  EntryNeeds needs = entry_;
  bool again = false;
  for (size_t i = chunk_.arg_slots; i < slots; i++) {
    if (!live.empty() && pointer(static_cast<int>(i)) && test(live[0], static_cast<int>(i))) {
      needs.zero.push_back(static_cast<int>(i));
      again = true;
    }
  }
  // What a recovered panic may find unassigned.
  for (const SafePointInfo& s : safepoints_)
    if (s.word == 0 && s.window != kPrologue && !needs.leading_nop) needs.leading_nop = again = true;
  needs.again = again;
  if (again) return needs;

  std::vector<std::vector<uint32_t>> survived(chunk_.arg_slots);  // calls, by argument slot
  for (size_t i = 0; i < slots; i++)
    if (kinds_[i] == 'p') chunk_.pointer_slots.Set(static_cast<uint32_t>(i));
  for (const SafePointInfo& s : safepoints_) {
    bytecode::Bitmap live_slots, live_frame;
    if (s.window == kPrologue) {
      for (uint32_t i = 0; i < chunk_.arg_slots; i++)
        if (pointer(static_cast<int>(i))) live_slots.Set(i);
      for (const Var* p : fn_.params)
        if (!lower::IsRegister(p->type) && places_[p->index].frame_variable != kNone)
          live_frame.Set(static_cast<uint32_t>(places_[p->index].frame_variable));
      as_.AddSafepoint(0, live_slots, live_frame);
      continue;
    }
    const Set& after = after_at[s.word];
    if (s.window != kNone)
      for (uint32_t i = 0; i < chunk_.arg_slots; i++)
        if (test(after, static_cast<int>(i))) survived[i].push_back(s.word);
    for (size_t i = 0; i < slots; i++) {
      int slot = static_cast<int>(i);
      if (!pointer(slot)) continue;
      bool is_live = test(after, slot);
      if (s.setup != ~0u && test(live[s.setup], slot)) is_live = true;
      if (s.window != kNone && slot >= s.window - static_cast<int>(bytecode::kHeaderSlots)) is_live = false;
      if (is_live) live_slots.Set(static_cast<uint32_t>(i));
    }
    for (size_t i = 0; i < variables; i++) {
      int bit = static_cast<int>(slots + i);
      if (test(after, bit) || (s.setup != ~0u && test(live[s.setup], bit)))
        live_frame.Set(static_cast<uint32_t>(i));
    }
    as_.AddSafepoint(s.word, live_slots, live_frame);
  }
  kept_.assign(chunk_.arg_slots, {});
  for (size_t i = 0; i < survived.size(); i++)
    if (!survived[i].empty()) kept_[i] = KeptRange(survived[i]);
  chunk_.window_slots = std::max({static_cast<uint32_t>(top_slot_), static_cast<uint32_t>(kinds_.size()),
                                  chunk_.arg_slots, chunk_.result_slots});
  ListTraceArgs();
  as_.Finish();
  return needs;
}

bytecode::Chunk Generate(lower::Lowering& lowering, const diag::FileSet& files, lower::Func& fn) {
  EntryNeeds entry;
  for (;;) {
    bytecode::Chunk chunk;
    EntryNeeds needs = Generator(lowering, files, fn, &chunk, entry).Run();
    if (!needs.again) return chunk;
    entry = needs;
  }
}

}  // namespace escapement::codegen
