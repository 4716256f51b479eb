// Walking frames for the collector and the stack mover: which slots and frame words hold pointers now.
#include <algorithm>
#include <utility>
#include <vector>

#include "engine/base/check.h"
#include "engine/bytecode/fusion.h"
#include "engine/vm/machine.h"

namespace escapement::vm {

using bytecode::Bitmap;
using bytecode::Chunk;
using bytecode::FrameVariable;
using bytecode::Op;
using bytecode::Safepoint;
using bytecode::Word;
using memory::SlotVisitor;

namespace {

// Calls visit(index) for each bit of `all` that is also in `live` (null: every one).
template <typename Visit>
void ForEachBit(const Bitmap& all, const Bitmap* live, Visit visit) {
  for (uint32_t w = 0; w < all.words.size(); w++) {
    uint64_t bits = all.words[w];
    if (live != nullptr) bits &= w < live->words.size() ? live->words[w] : 0;
    for (; bits != 0; bits &= bits - 1) visit(w * 64 + static_cast<uint32_t>(__builtin_ctzll(bits)));
  }
}

// Hands slots on, and keeps those of their values that point into the stack itself.
class ObjectFinder final : public SlotVisitor {
 public:
  ObjectFinder(const memory::Stack& stack, SlotVisitor& visitor) : stack_(stack), visitor_(visitor) {}
  void Visit(uint64_t* slot) override {
    visitor_.Visit(slot);
    if (stack_.Contains(*slot)) pointers.push_back(*slot);
  }
  std::vector<Address> pointers;

 private:
  const memory::Stack stack_;
  SlotVisitor& visitor_;
};

const Bitmap* LiveMap(const Chunk& chunk, int32_t index) {
  return index == bytecode::kAllPointers ? nullptr : &chunk.bitmaps[static_cast<uint32_t>(index)];
}

}  // namespace

// Arguments that the top frame is about to hand over are in nobody's maps but the callee's.
void Machine::VisitTopWindow(const Context& context, const Frame& frame, SlotVisitor& visitor) {
  World& world = state_.world;
  const Word w = code_.words()[context.pc];
  uint64_t* registers = const_cast<uint64_t*>(context.registers.data()) + frame.fp;
  uint64_t* window = registers + bytecode::OperandA(w) / 8;
  uint32_t callee = kNoFunction;
  switch (bytecode::OpOf(w)) {
    case Op::Call:
      callee = bytecode::Imm32(w);
      break;
    case Op::CallClosure: {
      // The closure may lie in a scratch slot that no map has; visiting a slot twice does no harm.
      uint64_t& closure = registers[bytecode::OperandB(w) / 8];
      if (closure == 0) return;
      visitor.Visit(&closure);
      callee = bytecode::FunctionAt(world.space.LoadPointer(closure));
      break;
    }
    case Op::CallIface: {
      uint64_t itab = registers[bytecode::OperandB(w) / 8];
      if (itab == 0) return;
      callee = bytecode::FunctionAt(world.space.LoadPointer(itab + 24 + 8 * bytecode::OperandC(w)));
      break;
    }
    case Op::CallNative: {
      if (context.pending_call != kNoFunction) {  // the native is over: these are its successor's arguments
        callee = context.pending_call;
        break;
      }
      const Native& native = code_.native(bytecode::Imm32(w));
      if (bytecode::OperandA(w) == 0) return;  // a stub's own window: its frame's map has it
      for (uint32_t i = 0; i < native.arguments.size(); i++)
        if (native.arguments[i] == 'p') visitor.Visit(&window[i]);
      return;
    }
    default:
      return;
  }
  if (callee >= code_.size() || !code_.defined(callee)) return;
  const Chunk& chunk = code_.chunk(callee);
  const Safepoint& entry = chunk.safepoints[0];
  ForEachBit(chunk.pointer_slots, LiveMap(chunk, entry.live_slots), [&](uint32_t slot) {
    if (slot < chunk.arg_slots) visitor.Visit(&window[slot]);
  });
  ForEachBit(chunk.incoming_pointers, nullptr, [&](uint32_t word) {
    visitor.Visit(reinterpret_cast<uint64_t*>(world.space.Host(frame.sp + word * 8)));
  });
}

const Safepoint* Machine::LivePoint(const Frame& frame) const {
  const Chunk& chunk = code_.chunk(frame.function);
  uint32_t word = frame.word;
  if (frame.faulted || (frame.top && faulted_)) {
    // Interrupted by a fault: only its deferred calls can still see it.
    if ((chunk.flags & bytecode::kHasDefer) == 0) return nullptr;
    word = chunk.recover_word;
  }
  const Safepoint* point = bytecode::SafepointAt(chunk, word);
  ENSURE(point != nullptr, "frame of " + chunk.name + " stopped where no safepoint is");
  return point;
}

void Machine::VisitFrame(Context& context, const Frame& frame, bool whole, SlotVisitor& visitor) {
  const Safepoint* point = LivePoint(frame);
  if (point == nullptr) return;
  const Chunk& chunk = code_.chunk(frame.function);
  ForEachBit(chunk.pointer_slots, LiveMap(chunk, point->live_slots),
             [&](uint32_t slot) { visitor.Visit(&context.registers[frame.fp + slot]); });
  auto visit = [&](uint32_t at) {
    visitor.Visit(reinterpret_cast<uint64_t*>(state_.world.space.Host(frame.sp + at * 8)));
  };
  const Bitmap* live = LiveMap(chunk, point->live_frame);
  // On entry nothing but the arguments has been written yet.
  if (live == nullptr || (whole && point->word != 0)) return ForEachBit(chunk.frame_pointers, nullptr, visit);
  for (uint32_t i = 0; i < chunk.frame_variables.size(); i++) {
    if (!live->Test(i)) continue;
    const FrameVariable& v = chunk.frame_variables[i];
    chunk.frame_pointers.ForEachIn(v.offset / 8, (v.offset + v.size) / 8, visit);
  }
}

void Machine::VisitFrames(uint32_t goroutine, bool whole, SlotVisitor& visitor) {
  Context& context = state_.contexts[goroutine];
  for (DeferRecord& defer : context.defers) {
    visitor.Visit(&defer.closure);
    if (defer.record != 0) visitor.Visit(&defer.record);
  }
  for (PanicRecord& panic : context.panics) visitor.Visit(&panic.panic);
  if (context.argument != 0) visitor.Visit(&context.argument);
  bool first = true;
  WalkFrames(goroutine, [&](const Frame& frame) {
    const Chunk& chunk = code_.chunk(frame.function);
    // The closure of a function that has not read it yet lies in the header.
    if (frame.top && frame.word == 0 && (chunk.flags & bytecode::kNeedsContext) != 0)
      visitor.Visit(&context.registers[frame.fp - 2]);
    VisitFrame(context, frame, whole, visitor);
    if (first && !faulted_) VisitTopWindow(context, frame, visitor);
    first = false;
    return true;
  });
}

void Machine::VisitStack(uint32_t goroutine, SlotVisitor& visitor) {
  FindObjects(goroutine, visitor);
}

// What is live of a stack: the slots and variables that the safepoints of its frames say, and then the stack
// objects that live pointers lead to (runtime/mgcstack.go).
std::vector<Machine::StackObject> Machine::FindObjects(uint32_t goroutine, SlotVisitor& visitor) {
  const memory::Stack& stack = state_.scheduler.at(goroutine).stack;
  ObjectFinder finder(stack, visitor);
  VisitFrames(goroutine, false, finder);
  std::vector<StackObject> objects;
  if (finder.pointers.empty() && !state_.world.options.move_stack_at_every_call) return objects;
  WalkFrames(goroutine, [&](const Frame& frame) {
    const Chunk& chunk = code_.chunk(frame.function);
    const Safepoint* point = LivePoint(frame);
    if (point != nullptr && point->word == 0 && frame.top) return true;
    const Bitmap* live = point == nullptr ? nullptr : LiveMap(chunk, point->live_frame);
    for (uint32_t i = 0; i < chunk.frame_variables.size(); i++) {
      const FrameVariable& v = chunk.frame_variables[i];
      const Address start = frame.sp + v.offset;
      objects.push_back({start, start + v.size, frame.sp, &chunk, live != nullptr && live->Test(i)});
    }
    return true;
  });
  while (!finder.pointers.empty()) {
    const Address pointer = finder.pointers.back();
    finder.pointers.pop_back();
    auto after =
        std::upper_bound(objects.begin(), objects.end(), pointer,
                         [](Address address, const StackObject& object) { return address < object.start; });
    if (after == objects.begin()) continue;
    StackObject& object = *(after - 1);
    if (pointer < object.end && !std::exchange(object.live, true))
      VisitObject(object, [&](uint64_t* word) { finder.Visit(word); });
  }
  return objects;
}

void Machine::MoveStack(uint32_t goroutine, const memory::Stack& old, const memory::Stack& now,
                        SlotVisitor& visitor) {
  Context& context = state_.contexts[goroutine];
  uint64_t delta = now.hi - old.hi;
  context.sp += delta;
  if (goroutine == state_.scheduler.current && sampled_high_ != 0) {
    lowest_sp_ += delta;
    highest_sp_ += delta;
    sampled_high_ = now.hi;
  }
  for (DeferRecord& defer : context.defers) defer.sp += delta;
  for (PanicRecord& panic : context.panics) {
    panic.sp += delta;
    panic.running.sp += delta;
  }
  sched::MoveSudogs(state_.scheduler, state_.world, goroutine, old, now, visitor);
  // Dead variables' words are moved as well: what points to a stack object that is written later keeps it.
  VisitFrames(goroutine, true, visitor);
}

// A system call's arguments are numbers: what they were made of must stay where it is from the call of the
// function without stack check that leads there until it is over.
bool Machine::MayMove(uint32_t goroutine) const {
  const uint32_t pc = state_.contexts[goroutine].pc;
  if ((code_.entry(code_.FunctionOf(pc)).flags & bytecode::kNoSplit) != 0) return false;
  const Word w = code_.words()[pc];
  if (bytecode::FirstOf(bytecode::OpOf(w)) != Op::Call) return true;
  const uint32_t callee = bytecode::Imm32(w);
  return !code_.defined(callee) || (code_.entry(callee).flags & bytecode::kNoSplit) == 0;
}

uint32_t Machine::GoroutineCount() {
  return static_cast<uint32_t>(state_.scheduler.goroutines.size());
}

memory::Mutator::StackRef Machine::GoroutineStack(uint32_t i) {
  sched::Goroutine& goroutine = state_.scheduler.at(i);
  StackRef ref;
  if (goroutine.stack.lo == 0 || goroutine.status == sched::Status::kDead ||
      goroutine.status == sched::Status::kIdle)
    return ref;
  ref.stack = &goroutine.stack;
  ref.sp = state_.contexts[i].sp;
  ref.goroutine = i;
  ref.goid = goroutine.id;
  ref.movable = MayMove(i);
  return ref;
}

void Machine::VisitKept(SlotVisitor& visitor) {
  sched::VisitKeptTimers(state_.scheduler, state_.world, visitor);
}

void Machine::DropUnmarked() {
  sched::DropUnmarkedTimers(state_.scheduler, state_.world);
}

void Machine::VisitRoots(SlotVisitor& visitor) {
  sched::VisitRoots(state_.scheduler, state_.world, visitor);
  for (Address& object : state_.world.reflect_offsets) visitor.Visit(&object);
  if (extra_roots) extra_roots(visitor);
}

}  // namespace escapement::vm
