// The stress mode of stacks. A stack moves at every call, native, allocation and resumption, never to a place
// that it has just left, and leaves poison behind; what the safepoints of its frames say is dead becomes
// poison as well. So a slot that is read after it was said to be dead, and a pointer that a move has not
// followed, end the program at their first use.
#include <cstring>

#include "engine/bytecode/fusion.h"
#include "engine/vm/machine.h"

namespace escapement::vm {

using bytecode::Bitmap;
using bytecode::Chunk;
using bytecode::Op;
using bytecode::Safepoint;

namespace {

constexpr uint64_t kPoison = uint64_t{0x0101010101010101} * memory::kStackPoison;

class NoVisitor final : public memory::SlotVisitor {
 public:
  void Visit(uint64_t*) override {}
};

// The slots that the instruction at hand still reads.
Bitmap Operands(bytecode::Word w) {
  constexpr std::string_view kWidths = "stv";
  Bitmap out;
  std::string_view format = bytecode::FormatOf(bytecode::FirstOf(bytecode::OpOf(w)));
  const uint16_t operands[3] = {bytecode::OperandA(w), bytecode::OperandB(w), bytecode::OperandC(w)};
  for (size_t i = 0; i < 3 && format[i] != 'I' && format[i] != 'U' && format[i] != 'J'; i++) {
    const size_t width = format[i] == 'm' ? 1 : kWidths.find(format[i]) + 1;  // 0: no operand that is read
    for (size_t slot = 0; slot < width; slot++) out.Set(static_cast<uint32_t>(operands[i] / 8u + slot));
  }
  return out;
}

}  // namespace

void Machine::PoisonDead(uint32_t goroutine) {
  Context& context = state_.contexts[goroutine];
  NoVisitor none;
  for (const StackObject& object : FindObjects(goroutine, none))
    if (!object.live) VisitObject(object, [](uint64_t* word) { *word = kPoison; });
  uint32_t above = 0;
  WalkFrames(goroutine, [&](const Frame& frame) {
    const Chunk& chunk = code_.chunk(frame.function);
    // Slots from `end` on belong to the frame above, or to the call at hand.
    uint32_t end = chunk.window_slots;
    Bitmap read;
    if (!frame.top) {
      end = above - frame.fp - bytecode::kHeaderSlots;
    } else {
      const bytecode::Word w = code_.words()[context.pc];
      if (bytecode::FormatOf(bytecode::FirstOf(bytecode::OpOf(w)))[0] == 'w') {
        const uint32_t window = bytecode::OperandA(w) / 8;
        end = window < bytecode::kHeaderSlots ? 0 : window - bytecode::kHeaderSlots;
      }
      read = Operands(w);
    }
    above = frame.fp;
    const Safepoint* point = LivePoint(frame);
    if (point == nullptr || point->live_slots == bytecode::kAllPointers || (frame.top && faulted_))
      return true;
    const Bitmap& live = chunk.bitmaps[static_cast<uint32_t>(point->live_slots)];
    for (uint32_t slot = 0; slot < end; slot++)
      if (chunk.pointer_slots.Test(slot) && !live.Test(slot) && !read.Test(slot))
        context.registers[frame.fp + slot] = kPoison;
    return true;
  });
}

void Machine::StressStack(uint32_t index) {
  sched::Goroutine& goroutine = state_.scheduler.at(index);
  // Moving costs what the stack holds: a deep one moves less often.
  constexpr uint64_t kDeep = 32 << 10;
  const uint64_t used = goroutine.stack.hi - state_.contexts[index].sp;
  if (state_.world.steps % (used / kDeep + 1) != 0) return;
  if (!MayMove(index) || !memory::MoveStackElsewhere(state_.world, &goroutine.stack,
                                                     state_.contexts[index].sp, index, goroutine.id, *this))
    return;
  goroutine.guard = goroutine.stack.lo + memory::kStackGuard;
  PoisonDead(index);
}

}  // namespace escapement::vm
