#include <algorithm>

#include "engine/bytecode/chunk.h"

namespace escapement::bytecode {
namespace {

int WidthOf(char format) {
  switch (format) {
    case 'd':
    case 's':
    case 'm':
      return 1;
    case 'e':
    case 't':
      return 2;
    case 'f':
    case 'v':
      return 3;
    default:
      return 0;
  }
}

bool NeedsSafepoint(Op op) {
  switch (op) {
    case Op::Call:
    case Op::CallClosure:
    case Op::CallIface:
    case Op::CallNative:
    case Op::New:
    case Op::MakeSlice:
    case Op::Go:
    case Op::Defer:
    case Op::DeferReturn:
    case Op::Panic:
    case Op::Steps:
    case Op::Loop:
    case Op::LoopBrTrue:
    case Op::LoopLtS:
    case Op::LoopLeS:
    case Op::LoopIncLeS:
    case Op::LoopIncGtSI:
    case Op::LoopIncLtS:
    case Op::LoopIncLtSI:
      return true;
    default:
      return false;
  }
}

// One pass over one chunk.
class Verifier {
 public:
  explicit Verifier(const Chunk& chunk) : chunk_(chunk) {}

  std::string Run() {
    if (chunk_.code.empty()) return Fault(0, "no code");
    if (chunk_.window_slots > kMaxSlots) return Fault(0, "window too large");
    if (chunk_.arg_slots > chunk_.window_slots || chunk_.result_slots > chunk_.window_slots)
      return Fault(0, "arguments or results outside the window");
    if (chunk_.frame_size % 8 != 0) return Fault(0, "frame size is not a multiple of 8");
    if (std::string fault = FindStarts(); !fault.empty()) return fault;
    if (std::string fault = CheckTables(); !fault.empty()) return fault;
    for (uint32_t word = 0; word < chunk_.code.size(); word += LengthOf(&chunk_.code[word]))
      if (std::string fault = CheckInstruction(word); !fault.empty()) return fault;
    return "";
  }

 private:
  std::string Fault(uint32_t word, const std::string& what) const {
    return chunk_.name + ": word " + std::to_string(word) + ": " + what;
  }

  std::string FindStarts() {
    starts_.assign(chunk_.code.size(), false);
    for (uint32_t word = 0; word < chunk_.code.size();) {
      Op op = OpOf(chunk_.code[word]);
      if (op >= Op::kCount) return Fault(word, "no such opcode");
      if (op >= Op::GoroutineExit) return Fault(word, "opcode of the machine");
      starts_[word] = true;
      uint32_t length = LengthOf(&chunk_.code[word]);
      if (length > chunk_.code.size() - word) return Fault(word, "instruction cut off");
      word += length;
    }
    return "";
  }

  template <typename T>
  bool Sorted(const std::vector<T>& table) const {
    return std::is_sorted(table.begin(), table.end(), [](const T& x, const T& y) { return x.word < y.word; });
  }

  std::string CheckTables() const {
    if (!Sorted(chunk_.safepoints) || !Sorted(chunk_.lines) || !Sorted(chunk_.sites))
      return Fault(0, "a table is not sorted");
    if (chunk_.safepoints.empty() || chunk_.safepoints[0].word != 0) return Fault(0, "no safepoint on entry");
    for (const Safepoint& point : chunk_.safepoints) {
      if (point.word >= starts_.size() || !starts_[point.word])
        return Fault(point.word, "safepoint inside an instruction");
      for (int32_t map : {point.live_slots, point.live_frame})
        if (map < kAllPointers || map >= static_cast<int32_t>(chunk_.bitmaps.size()))
          return Fault(point.word, "safepoint without bitmap");
      if (point.live_frame == kAllPointers) continue;
      const Bitmap& live = chunk_.bitmaps[static_cast<uint32_t>(point.live_frame)];
      for (size_t i = chunk_.frame_variables.size(); i < live.words.size() * 64; i++)
        if (live.Test(static_cast<uint32_t>(i)))
          return Fault(point.word, "an unknown frame variable is live");
    }
    for (const LineEntry& line : chunk_.lines)
      if (line.inline_node >= chunk_.inlines.size() || line.file >= chunk_.files.size())
        return Fault(line.word, "line entry outside its tables");
    if ((chunk_.flags & kHasDefer) != 0 &&
        (chunk_.recover_word >= starts_.size() || !starts_[chunk_.recover_word]))
      return Fault(chunk_.recover_word, "recover_word is no instruction");
    return "";
  }

  std::string CheckTarget(uint32_t word, int64_t distance) const {
    int64_t target = word + distance;
    if (target < 0 || target >= static_cast<int64_t>(starts_.size()) || !starts_[target])
      return Fault(word, "branch to " + std::to_string(target));
    return "";
  }

  std::string CheckOperand(uint32_t word, char format, uint16_t value) const {
    if (format == 'j') return CheckTarget(word, static_cast<int16_t>(value));
    if (format == 'w') return CheckWindow(word, value / 8u);
    int width = WidthOf(format);
    if (width == 0) return "";
    if (value % 8 != 0) return Fault(word, "operand is not a slot");
    if (value / 8u + width > chunk_.window_slots) return Fault(word, "slot outside the window");
    return "";
  }

  std::string CheckWindow(uint32_t word, uint32_t start) const {
    if (start < kHeaderSlots || start > chunk_.window_slots)
      return Fault(word, "outgoing window outside the window");
    if (OpOf(chunk_.code[word]) == Op::CallNative) return "";
    const Safepoint* point = SafepointAt(chunk_, word);
    if (point == nullptr || point->word != word) return "";
    const Bitmap& live =
        point->live_slots == kAllPointers ? chunk_.pointer_slots : chunk_.bitmaps[point->live_slots];
    for (uint32_t slot = start - kHeaderSlots; slot < chunk_.window_slots; slot++)
      if (live.Test(slot) && chunk_.pointer_slots.Test(slot))
        return Fault(word, "slot " + std::to_string(slot) + " is live across a call that owns it");
    return "";
  }

  std::string CheckInstruction(uint32_t word) const {
    Word w = chunk_.code[word];
    Op op = OpOf(w);
    std::string_view format = FormatOf(op);
    if (std::string fault = CheckOperand(word, format[0], OperandA(w)); !fault.empty()) return fault;
    if (format[1] == 'J') {
      if (std::string fault = CheckTarget(word, static_cast<int32_t>(Imm32(w))); !fault.empty()) return fault;
    } else if (format[1] != 'I' && format[1] != 'U') {
      if (std::string fault = CheckOperand(word, format[1], OperandB(w)); !fault.empty()) return fault;
      if (std::string fault = CheckOperand(word, format[2], OperandC(w)); !fault.empty()) return fault;
    }
    if (op == Op::AddCarry || op == Op::SubBorrow)
      for (uint16_t carry : {CarryIn(chunk_.code[word + 1]), CarryOut(chunk_.code[word + 1])})
        if (std::string fault = CheckOperand(word, 's', carry); !fault.empty()) return fault;
    if (op == Op::JmpTable)
      for (uint32_t i = 0; i < Imm32(w); i++)
        if (std::string fault = CheckTarget(word, static_cast<int64_t>(chunk_.code[word + 1 + i]));
            !fault.empty())
          return fault;
    if (op == Op::DeferReturn &&
        (word + 1 >= chunk_.code.size() || OpOf(chunk_.code[word + 1]) != Op::DeferAgain))
      return Fault(word, "DeferReturn without DeferAgain");
    if (NeedsSafepoint(op)) {
      const Safepoint* point = SafepointAt(chunk_, word);
      if (point == nullptr || point->word != word) return Fault(word, "no safepoint");
    }
    if (op == Op::Ret && Imm32(w) != chunk_.frame_size + 8) return Fault(word, "Ret of another frame size");
    return "";
  }

  const Chunk& chunk_;
  std::vector<bool> starts_;
};

}  // namespace

std::string Verify(const Chunk& chunk) {
  return Verifier(chunk).Run();
}

}  // namespace escapement::bytecode
