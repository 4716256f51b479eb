#include "engine/vm/machine.h"

#include <algorithm>
#include <cstring>

#include "engine/base/check.h"
#include "engine/base/number_text.h"
#include "engine/memory/gc_trace.h"
#include "engine/memory/heap.h"

namespace escapement::vm {
namespace {

constexpr uint64_t kLeastSlice = 65536;
constexpr uint32_t kFirstRegisters = 64;
// Register slots a goroutine may have. Model: a host limit, met only by stacks near the largest.
constexpr uint64_t kMaxRegisters = uint64_t{1} << 27;
constexpr uint64_t kStackBytesPerRegister = 4;  // windows are seldom twice as large as frames
constexpr uint32_t kStubWindow = 2;             // slot index of the bottom frame's window

}  // namespace

Machine::Machine(Host host) : host_(std::move(host)) {}

bool Machine::Start(Address closure, uint64_t seed) {
  static constexpr std::string_view kNames[] = {
#define RUNTIME_FUNCTION(name) "runtime." #name,
#include "engine/vm/runtime_functions.def"
  };
  for (size_t i = 0; i < runtime_.size(); i++) runtime_[i] = code_.Declare(kNames[i]);
  state_.scheduler = Scheduler(seed);
  state_.traceback = host_.settings.traceback;
  if (const std::string& limit = host_.settings.malformed_limit; !limit.empty()) {
    Write(2, "GOMEMLIMIT=" + limit + "\n");
    Fatal("malformed GOMEMLIMIT; see `go doc runtime/debug.SetMemoryLimit`");
    return true;
  }
  int error = 0;
  if (uint32_t directory =
          state_.files.Find(host_.files, host_.directory, state_.files.directory, true, &error))
    state_.files.directory = directory;
  return Go(closure, false) != sched::kNoGoroutine;
}

uint32_t Machine::Go(Address closure, bool system) {
  uint64_t create_pc = 0;
  uint32_t creator = state_.scheduler.current;
  if (creator != sched::kNoGoroutine) {
    WalkFrames(creator, [&](const Frame& frame) {
      create_pc = EncodePc(frame.function, frame.word);
      return false;
    });
  }
  Locate();
  trace::OriginId origin;
  if (state_.scheduler.free.empty() && !system)
    origin = RecordOrigin("runtime.g", sched::kGBytes, "runtime.malg");
  trace::StringId name;
  if (state_.world.log != nullptr)
    name =
        state_.world.log->Intern(code_.name(bytecode::FunctionAt(state_.world.space.LoadPointer(closure))));
  uint32_t index = sched::Start(state_.scheduler, state_.world, closure, create_pc, system, origin, name);
  if (index == sched::kNoGoroutine) {
    OutOfMemory(0);
    return index;
  }
  if (index >= state_.contexts.size()) state_.contexts.resize(index + 1);
  Context& context = state_.contexts[index];
  context.registers.resize(kFirstRegisters);
  context.registers[kStubWindow] = closure;
  context.fp = kStubWindow;
  context.pc = code_.entry(kStubGoroutine).start;
  context.sp = state_.scheduler.at(index).stack.hi - memory::kStackTopReserve;
  context.resumed = false;
  context.panic_on_fault = false;
  context.pending_call = kNoFunction;
  context.argument = 0;
  context.defers.clear();
  context.panics.clear();
  return index;
}

void Machine::SetBudget() {
  uint64_t now = state_.world.steps;
  uint64_t due = std::min(budget_end_, state_.scheduler.slice_end);
  if (sampled_high_ != 0) due = std::min(due, SampleEnd());
  steps_due_ = std::max(now, due);
  steps_left_ = static_cast<int64_t>(steps_due_ - now);
}

Result Machine::Run(uint64_t max_steps) {
  budget_end_ = state_.world.steps + std::max(max_steps, kLeastSlice);
  watch_ = WatchState();
  return RunUntilBudget();
}

Result Machine::RunTo(uint64_t step) {
  budget_end_ = std::max(step, state_.world.steps);
  watch_ = WatchState();
  return RunUntilBudget();
}

Result Machine::RunUntilBudget() {
  while (!state_.exited) {
    Scheduler& scheduler = state_.scheduler;
    if (scheduler.current == sched::kNoGoroutine || scheduler.running().status != sched::Status::kRunning) {
      switch (sched::PickNext(scheduler, state_.world)) {
        case sched::Picked::kGoroutine:
          if (state_.world.options.move_stack_at_every_call) StressStack(scheduler.current);
          break;
        case sched::Picked::kTimers: {
          // Model: the runtime runs timer functions on the scheduler's stack; here a goroutine of the
          // runtime's own runs them, at once and outside the queues.
          ENSURE(state_.timer_goroutine != sched::kNoGoroutine,
                 "a timer fired without a goroutine for timers");
          scheduler.current = state_.timer_goroutine;
          scheduler.running().status = sched::Status::kRunning;
          scheduler.slice_end = state_.world.steps + sched::kSliceSteps;
          break;
        }
        case sched::Picked::kDeadlock:
          if (Interrupt()) continue;
          Fatal(sched::DeadlockText(sched::Picked::kDeadlock));
          continue;
        case sched::Picked::kMainGone:
          Fatal(sched::DeadlockText(sched::Picked::kMainGone));
          continue;
      }
    }
    BeginSample();
    SetBudget();
    Stop stop = watcher_ != nullptr ? LoopWatched() : Loop();
    EndSample();
    switch (stop) {
      case Stop::kSteps:
        if (steps_due_ == budget_end_) return {RunStatus::kSlice, kNoFunction, 0};
        if (steps_due_ >= scheduler.slice_end) sched::Preempt(scheduler, state_.world);
        break;
      case Stop::kWatch:
        return {RunStatus::kWatch, kNoFunction, 0};
      case Stop::kNone:
      case Stop::kReschedule:
        break;
      case Stop::kNeedsCode:
        return {RunStatus::kNeedsCode, needed_, 0};
      case Stop::kExit:
        break;
    }
  }
  return {RunStatus::kExited, kNoFunction, state_.exit_code};
}

Machine::Slow Machine::EnterSlow(uint32_t function, uint32_t window_bytes) {
  if (function >= code_.size()) {
    UnexpectedFault(bytecode::TextAddress(function));
    stop_ = Stop::kExit;
    return Slow::kStop;
  }
  if (!code_.defined(function)) {
    needed_ = function;
    stop_ = Stop::kNeedsCode;
    return Slow::kStop;
  }
  const Entry& entry = code_.entry(function);
  Context& context = this->context();
  uint64_t slots = uint64_t{context.fp} + window_bytes / 8 + entry.window_bytes / 8 + 8;
  if (slots > context.registers.size()) {
    const uint64_t host_stack = state_.world.options.host_stack;
    if (slots > std::min(kMaxRegisters, host_stack / kStackBytesPerRegister)) {
      state_.host_limit = HostLimit::kStack;
      PrintStackOverflow(function, context.fp + window_bytes / 8);
      stop_ = Stop::kExit;
      return Slow::kStop;
    }
    context.registers.resize(std::max<uint64_t>(slots, context.registers.size() * 2));
  }
  World& world = state_.world;
  sched::Goroutine& goroutine = this->goroutine();
  uint32_t index = state_.scheduler.current;
  bool split = (entry.flags & bytecode::kNoSplit) == 0;
  uint32_t frame_size = entry.frame_total - 8;
  if (split && memory::NeedsStack(goroutine.stack, context.sp - 8, frame_size)) {
    switch (memory::GrowStack(world, &goroutine.stack, context.sp, entry.frame_total, index, goroutine.id,
                              *this)) {
      case memory::GrowResult::kGrown:
        break;
      case memory::GrowResult::kOverflow:
        PrintStackOverflow(function, context.fp + window_bytes / 8);
        stop_ = Stop::kExit;
        return Slow::kStop;
      case memory::GrowResult::kOutOfMemory:
        // Model: the host's room ends before Go's limit of 1 GB; the program sees the limit.
        state_.host_limit = HostLimit::kStack;
        PrintStackOverflow(function, context.fp + window_bytes / 8);
        stop_ = Stop::kExit;
        return Slow::kStop;
    }
    goroutine.guard = goroutine.stack.lo + memory::kStackGuard;
  } else if (split && world.options.move_stack_at_every_call) {
    StressStack(index);
  }
  if (steps_due_ - world.steps < entry.entry_steps) {
    stop_ = Stop::kSteps;
    return Slow::kStop;
  }
  return Slow::kProceed;
}

void Machine::DefineDuringRun(uint32_t id, bytecode::Chunk chunk) {
  code_.Define(id, std::move(chunk));
}

// What sync.Pool registers to be done when a collection starts: pools become victims, old victims go.
void Machine::StartCycle() {
  state_.cycle_started_ns = sched::Now(state_.scheduler, state_.world);
  sched::FreeDeadStacks(state_.scheduler, state_.world);
  state_.scheduler.free_sudogs.DropShared();
  state_.scheduler.free_defers.DropShared();
  constexpr uint64_t kLocal = 0, kLocalSize = 8, kVictim = 16, kVictimSize = 24;
  if (!symbol_address) return;
  Address all = symbol_address("sync.allPools"), old = symbol_address("sync.oldPools");
  if (all == 0 || old == 0) return;
  memory::AddressSpace& space = state_.world.space;
  for (uint64_t i = 0; i < space.Load<uint64_t>(old + 8); i++) {
    Address pool = space.LoadPointer(space.LoadPointer(old) + 8 * i);
    space.Store<uint64_t>(pool + kVictim, 0);
    space.Store<uint64_t>(pool + kVictimSize, 0);
  }
  for (uint64_t i = 0; i < space.Load<uint64_t>(all + 8); i++) {
    Address pool = space.LoadPointer(space.LoadPointer(all) + 8 * i);
    space.Store<uint64_t>(pool + kVictim, space.LoadPointer(pool + kLocal));
    space.Store<uint64_t>(pool + kVictimSize, space.Load<uint64_t>(pool + kLocalSize));
    space.Store<uint64_t>(pool + kLocal, 0);
    space.Store<uint64_t>(pool + kLocalSize, 0);
  }
  for (uint64_t word = 0; word < 24; word += 8) {
    space.Store<uint64_t>(old + word, space.LoadPointer(all + word));
    space.Store<uint64_t>(all + word, 0);
  }
}

void Machine::CycleEnded() {
  if (!host_.settings.gc_trace) return;
  const uint64_t now = sched::Now(state_.scheduler, state_.world);
  Write(2, memory::GcTrace(state_.world, {.started = state_.cycle_started_ns - sched::kStartTimeNs,
                                          .marking = now - state_.cycle_started_ns}));
}

void Machine::Collect() {
  if (state_.world.options.move_stack_at_every_call) StressStack(state_.scheduler.current);
  memory::CollectNow(state_.world, *this, trace::Trigger::kCall);
  AfterCollection();
}

void Machine::Poll() {
  World& world = state_.world;
  if (world.options.move_stack_at_every_call) StressStack(state_.scheduler.current);
  memory::Poll(world, *this);
  world.gc.requested = world.gc.requested || world.options.move_stack_at_every_call;
  AfterCollection();
}

// Stacks may have moved.
void Machine::AfterCollection() {
  sched::Goroutine& goroutine = this->goroutine();
  goroutine.guard = goroutine.stack.lo + memory::kStackGuard;
}

Address Machine::Allocate(uint64_t size, Address type, bool zero) {
  World& world = state_.world;
  trace::OriginId origin;
  if (world.log != nullptr) origin = OriginHere(type);
  Address address = memory::Allocate(world, size, type, zero ? uint32_t{memory::kNeedZero} : 0, origin);
  if (address == 0) OutOfMemory(size);
  return address;
}

// Model: the modelled machine has Options::region_limit bytes; Go would go on to the real machine's limit.
NativeStatus Machine::OutOfMemory(uint64_t size) {
  if (size <= state_.world.options.region_limit) state_.host_limit = HostLimit::kMemory;
  Write(2, memory::OutOfMemoryText(state_.world, size));
  return Fatal("out of memory");
}

std::array<uint64_t, 2> Machine::NewString(std::string_view text) {
  if (text.empty()) return {0, 0};
  Address address = Allocate(text.size(), 0, false);
  if (address != 0) state_.world.space.Write(address, text.data(), text.size());
  return {address, text.size()};
}

std::string_view Machine::StringAt(Address data, uint64_t length) const {
  if (length == 0) return {};
  return {reinterpret_cast<const char*>(state_.world.space.Host(data)), static_cast<size_t>(length)};
}

void Machine::Write(int descriptor, std::string_view bytes) {
  World& world = state_.world;
  if (world.log != nullptr) {
    Locate();
    world.Emit(trace::Kind::Output, 0, static_cast<uint16_t>(descriptor),
               static_cast<uint32_t>(state_.output_bytes), static_cast<uint32_t>(bytes.size()), 0,
               world.log->stack.index);
  }
  state_.output_bytes += bytes.size();
  if (host_.write) host_.write(descriptor, bytes);
}

NativeStatus Machine::PanicPlain(uint64_t* window, std::string_view text) {
  std::array<uint64_t, 2> value = NewString(text);
  window[0] = value[0];
  window[1] = value[1];
  return Call(RuntimeFunction::k_panicPlain);
}

NativeStatus Machine::PanicError(uint64_t* window, std::string_view text) {
  std::array<uint64_t, 2> value = NewString(text);
  window[0] = value[0];
  window[1] = value[1];
  return Call(RuntimeFunction::k_panicErrorString);
}

NativeStatus Machine::Exit(int code) {
  state_.exited = true;
  state_.exit_code = code;
  state_.world.Emit(trace::Kind::ProgramExit, 0, 0, static_cast<uint32_t>(code));
  return NativeStatus::kExit;
}

NativeStatus Machine::Fatal(std::string_view text, bool all_goroutines, std::string_view signal) {
  Write(2,
        "fatal error: " + std::string(text) + "\n" + std::string(signal) + CrashTracebacks(all_goroutines));
  return Exit(2);
}

NativeStatus Machine::Fault(uint64_t* window, Address address) {
  window[0] = address;
  if (address < bytecode::kTextBase) return Call(RuntimeFunction::k_panicmemAddr);
  if (context().panic_on_fault) return Call(RuntimeFunction::k_panicfault);
  UnexpectedFault(address);
  return NativeStatus::kExit;
}

void Machine::UnexpectedFault(Address address) {
  Write(2, "unexpected fault address " + base::HexText(address) + "\n");
  Fatal("fault", false, SignalText(address));
}

std::string Machine::SignalText(Address address) {
  const std::string code = state_.world.space.IsMapped(address) ? "2" : "1";
  return "[signal SIGSEGV: segmentation violation code=0x" + code + " addr=" + base::HexText(address) +
         " pc=" + base::HexText(bytecode::TextAddress(code_.FunctionOf(context().pc))) + "]\n";
}

}  // namespace escapement::vm
