// Deferred calls, panics, recover and Goexit.
//
// A panic is a Go function, runtime.gopanic of the overlay: its frame holds the _panic and asks PanicNext
// again and again for the next deferred call, newest first, whichever frame made it. A deferred call that
// recovers marks the _panic; PanicNext then drops every frame above the one that deferred it and goes on at
// that function's recover_word. Panics whose frames were dropped are gone; a dropped Goexit goes on instead.
#include "engine/base/check.h"
#include "engine/memory/heap.h"
#include "engine/vm/machine.h"

namespace escapement::vm {
namespace {

// The overlay's _panic: arg any, link *_panic, recovered, repanicked, goexit bool.
constexpr uint32_t kPanicArg = 0, kPanicLink = 16, kPanicRecovered = 24, kPanicGoexit = 26;
constexpr uint64_t kDeferRecordBytes = 48;
// Words of runtime._defer that are pointers: fn, link, head.
constexpr uint64_t kDeferRecordMask = 0b111000;

}  // namespace

Address Machine::NewDeferRecord() {
  if (Address record = state_.scheduler.free_defers.Take()) return record;
  return memory::AllocateMasked(state_.world, kDeferRecordBytes, kDeferRecordMask, memory::kRuntimeObject,
                                RecordOrigin("runtime._defer", kDeferRecordBytes, "runtime.newdefer"));
}

void Machine::PopDefer() {
  std::vector<DeferRecord>& defers = context().defers;
  if (defers.back().record != 0) state_.scheduler.free_defers.Give(defers.back().record);
  defers.pop_back();
}

void Machine::PushRangeMark() {
  Context& context = this->context();
  DeferRecord mark;
  mark.fp = context.fp;
  mark.sp = context.sp;
  mark.function = code_.FunctionOf(context.pc);
  mark.record = NewDeferRecord();
  mark.range_mark = true;
  context.defers.push_back(mark);
}

void Machine::PushDefer(Address closure, bytecode::DeferKind kind) {
  Context& context = this->context();
  DeferRecord record;
  record.fp = context.fp;
  record.sp = context.sp;
  record.closure = closure;
  record.function = code_.FunctionOf(context.pc);
  if (kind == bytecode::DeferKind::kHeap) record.record = NewDeferRecord();
  context.defers.push_back(record);
  if (state_.world.log != nullptr)
    state_.world.Emit(trace::Kind::Defer, 0, static_cast<uint16_t>(kind),
                      static_cast<uint32_t>(goroutine().id), 0, 0, StackHere().index);
}

void Machine::PushDeferAt(uint32_t fp, Address closure) {
  Context& context = this->context();
  DeferRecord record;
  WalkFrames(state_.scheduler.current, [&](const Frame& frame) {
    if (frame.fp != fp) return true;
    record.fp = fp;
    record.sp = frame.sp;
    record.function = frame.function;
    return false;
  });
  ENSURE(record.fp == fp, "defer for a frame that is gone");
  record.closure = closure;
  record.record = NewDeferRecord();
  auto at = context.defers.end();
  while (at != context.defers.begin() && (at - 1)->fp > fp) --at;
  context.defers.insert(at, record);
}

NativeStatus Machine::PanicStart(Address panic, bool goexit, uint64_t*) {
  Context& context = this->context();
  PanicRecord record;
  record.panic = panic;
  record.fp = context.fp;
  record.sp = context.sp;
  record.goexit = goexit;
  Address link = context.panics.empty() ? 0 : context.panics.back().panic;
  state_.world.space.Store<uint64_t>(panic + kPanicLink, link);
  state_.world.space.Store<uint8_t>(panic + kPanicGoexit, goexit);
  context.panics.push_back(record);
  if (!goexit && state_.world.log != nullptr)
    state_.world.Emit(trace::Kind::Panic, 0, 0, static_cast<uint32_t>(goroutine().id), 0, 0,
                      StackHere().index);
  return NativeStatus::kContinue;
}

NativeStatus Machine::PanicNext(uint64_t* window) {
  Context& context = this->context();
  ENSURE(!context.panics.empty() && context.panics.back().fp == context.fp, "PanicNext outside a panic");
  PanicRecord& panic = context.panics.back();
  panic.pc = context.pc;
  if (state_.world.space.Load<uint8_t>(panic.panic + kPanicRecovered) != 0) {
    DeferRecord frame = panic.running;
    bool goexit = false;
    PanicRecord exiting;
    while (!context.panics.empty() && context.panics.back().fp > frame.fp) {
      if (context.panics.back().goexit) {
        goexit = true;
        exiting = context.panics.back();
        break;
      }
      context.panics.pop_back();
    }
    if (state_.world.log != nullptr)
      state_.world.Emit(trace::Kind::Recover, 0, 0, static_cast<uint32_t>(goroutine().id), 0, 0,
                        StackHere().index);
    if (goexit) {
      context.fp = exiting.fp;
      context.sp = exiting.sp;
      context.pc = exiting.pc;
    } else {
      context.fp = frame.fp;
      context.sp = frame.sp;
      context.pc = code_.entry(frame.function).start + code_.chunk(frame.function).recover_word;
    }
    return NativeStatus::kUnwound;
  }
  while (!context.defers.empty() && (context.defers.back().faulted || context.defers.back().range_mark))
    PopDefer();
  if (context.defers.empty()) {
    window[0] = 0;
    window[1] = 0;
    return NativeStatus::kContinue;
  }
  panic.running = context.defers.back();
  PopDefer();
  window[0] = panic.running.closure;
  window[1] = 1;
  return NativeStatus::kContinue;
}

std::array<uint64_t, 2> Machine::Recover() {
  Context& context = this->context();
  if (context.panics.empty() || context.panics.back().goexit) return {0, 0};
  const PanicRecord& panic = context.panics.back();
  memory::AddressSpace& space = state_.world.space;
  if (space.Load<uint8_t>(panic.panic + kPanicRecovered) != 0) return {0, 0};
  // Exactly one function that is no wrapper may lie between gopanic and here.
  int functions = 0;
  bool reached = false;
  WalkFrames(state_.scheduler.current, [&](const Frame& frame) {
    if (frame.fp == panic.fp) {
      reached = true;
      return false;
    }
    const bytecode::Chunk& chunk = code_.chunk(frame.function);
    if (const bytecode::LineEntry* line = bytecode::LineAt(chunk, frame.word))
      for (uint32_t node = line->inline_node; node != 0; node = chunk.inlines[node].parent) functions++;
    if ((chunk.flags & bytecode::kWrapper) == 0) functions++;
    return functions <= 1;
  });
  if (!reached || functions != 1) return {0, 0};
  space.Store<uint8_t>(panic.panic + kPanicRecovered, 1);
  return {space.Load<uint64_t>(panic.panic + kPanicArg), space.Load<uint64_t>(panic.panic + kPanicArg + 8)};
}

}  // namespace escapement::vm
