// Liveness of pointer slots, by backward data flow over the code, and the entry code that needs it.
//
//   live-in(i)  = (live-out(i) - defined(i)) + used(i)
//   live-out(i) = union of live-in over the successors of i
//
// A safepoint reports the pointer slots that are live after its instruction (while the callee runs),
// less what the instruction defines; calls of natives also what lived before their arguments were set up.
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
      case 'd': e.def = slot, e.def_count = 1; break;
      case 'e': e.def = slot, e.def_count = 2; break;
      case 'f': e.def = slot, e.def_count = 3; break;
      case 's': use(1); break;
      case 't': use(2); break;
      case 'v': use(3); break;
      case 'm':
        use(1);
        e.def = slot, e.def_count = 1;
        break;
      case 'w': e.window = slot; break;
      default: break;
    }
  }
  if (op == Op::ZeroSlots) e.def_count = operands[1];
  return e;
}

}  // namespace

void Generator::Liveness() {
  // The entry code goes first but depends on the body: room for one ZeroSlots a pointer run would move
  // words, so zeroing happens through variables known by the plan: the body is generated twice when
  // slots turn out to be live on entry.
  std::vector<int> zero_on_entry;
  auto emit_body = [&] {
    // Frame words with pointers are scanned at every safepoint: they start as zero.
    int64_t low = -1, high = -1;
    for (uint32_t i = 0; i < frame_size_ / 8; i++)
      if (chunk_.frame_pointers.Test(i)) {
        if (low < 0) low = i * 8;
        high = i * 8 + 8;
      }
    if (fn_.needs_context) {
      // GetCtx comes before anything that may stop: it is the first statement of the body.
    }
    if (low >= 0) as_.EmitExt(Op::FZero, 0, static_cast<int32_t>(low), 0, static_cast<uint64_t>(high - low));
    if (chunk_.incoming_size) {
      for (Var* r : fn_.results)
        if (!lower::IsRegister(r->type) && r->type->HasPointers() && places_[r->index].planned)
          as_.EmitExt(Op::FZero, 0, static_cast<int32_t>(places_[r->index].frame), 0, static_cast<uint64_t>(r->type->Size()));
    }
    for (int slot : zero_on_entry) as_.Emit(Op::ZeroSlots, slot, 1);
    Gen(fn_.body);
    if (fn_.has_defer) {
      bytecode::Label recover = NewLabel();
      Bind(recover);
      as_.SetRecover(recover);
      std::fill(scratch_used_.begin(), scratch_used_.end(), false);
      int window = WindowBase();
      top_slot_ = std::max(top_slot_, window + 1);
      Safepoint(as_.Emit(Op::DeferReturn, window), window);
      as_.Emit(Op::DeferAgain);
      Results(fn_.homes);
      as_.EmitImm(Op::Ret, 0, frame_size_ + 8);
    }
  };
  emit_body();

  const std::vector<bytecode::Word>& code = chunk_.code;
  size_t slots = kinds_.size();
  size_t words = (slots + 63) / 64;
  std::vector<uint32_t> starts;
  for (uint32_t w = 0; w < code.size(); w += bytecode::LengthOf(&code[w])) starts.push_back(w);
  std::unordered_map<uint32_t, std::vector<uint32_t>> targets;
  for (const JumpInfo& j : jumps_) targets[j.word].push_back(label_words_[j.label]);
  std::vector<Set> live(code.size() + 1);
  auto test = [&](const Set& s, int i) { return !s.empty() && (s[static_cast<size_t>(i) / 64] >> (i % 64) & 1); };
  auto pointer = [&](int i) { return i >= 0 && static_cast<size_t>(i) < slots && kinds_[static_cast<size_t>(i)] == 'p'; };
  std::vector<Set> after_at(code.size());
  std::vector<bool> is_safepoint(code.size());
  for (const SafePointInfo& s : safepoints_)
    if (s.word < code.size()) is_safepoint[s.word] = true;
  bool changed = true;
  while (changed) {
    changed = false;
    for (size_t k = starts.size(); k-- > 0;) {
      uint32_t w = starts[k];
      Op op = bytecode::OpOf(code[w]);
      Set out(words);
      auto join = [&](uint32_t to) {
        if (to < live.size() && !live[to].empty())
          for (size_t i = 0; i < words; i++) out[i] |= live[to][i];
      };
      bool stops = op == Op::Ret || op == Op::Jmp || op == Op::Loop || op == Op::Panic || op == Op::PanicFault;
      if (!stops) join(w + bytecode::LengthOf(&code[w]));
      if (auto it = targets.find(w); it != targets.end())
        for (uint32_t t : it->second) join(t);
      Effect e = EffectOf(code[w]);
      for (int i = 0; i < e.def_count; i++)
        if (static_cast<size_t>(e.def + i) < slots) out[static_cast<size_t>(e.def + i) / 64] &= ~(uint64_t{1} << ((e.def + i) % 64));
      if (e.window != kNone)
        for (size_t i = static_cast<size_t>(std::max(0, e.window - 2)); i < slots; i++) out[i / 64] &= ~(uint64_t{1} << (i % 64));
      if (is_safepoint[w]) after_at[w] = out;
      for (int u = 0; u < 3; u++)
        for (int i = 0; i < e.use_count[u]; i++) {
          int slot = e.use[u] + i;
          if (pointer(slot) && slot < scratch_start_ + static_cast<int>(scratch_used_.size())) out[static_cast<size_t>(slot) / 64] |= uint64_t{1} << (slot % 64);
        }
      if (op == Op::Ret)
        for (uint32_t i = 0; i < 0; i++) out[i / 64] |= 0;
      if (out != live[w]) {
        live[w] = std::move(out);
        changed = true;
      }
    }
  }
  bytecode::Bitmap frame = chunk_.frame_pointers;
  for (size_t i = 0; i < slots; i++)
    if (kinds_[i] == 'p') chunk_.pointer_slots.Set(static_cast<uint32_t>(i));
  for (const SafePointInfo& s : safepoints_) {
    bytecode::Bitmap bits;
    if (s.word == 0) {
      // The prologue: the arguments.
      for (uint32_t i = 0; i < chunk_.arg_slots; i++)
        if (pointer(static_cast<int>(i))) bits.Set(i);
      as_.AddSafepoint(0, bits, bytecode::Bitmap{});
      if (bytecode::OpOf(code[0]) != Op::Call) continue;
    }
    const Set& after = after_at[s.word];
    for (size_t i = 0; i < slots; i++) {
      int slot = static_cast<int>(i);
      if (!pointer(slot)) continue;
      bool is_live = test(after, slot);
      if (s.setup != ~0u && s.setup < live.size() && test(live[s.setup], slot)) is_live = true;
      if (s.window != kNone && slot >= s.window - 2) is_live = false;
      if (is_live) bits.Set(static_cast<uint32_t>(i));
    }
    if (s.word != 0) as_.AddSafepoint(s.word, bits, frame);
  }
  chunk_.window_slots = static_cast<uint32_t>(std::max(top_slot_, static_cast<int>(kinds_.size())));
  if (chunk_.window_slots < std::max(chunk_.arg_slots, chunk_.result_slots)) chunk_.window_slots = std::max(chunk_.arg_slots, chunk_.result_slots);
  as_.Finish();
}

bytecode::Chunk Generate(lower::Lowering& lowering, const diag::FileSet& files, lower::Func& fn) {
  bytecode::Chunk chunk;
  Generator(lowering, files, fn, &chunk).Run();
  return chunk;
}

}  // namespace escapement::codegen
