// One instruction, whichever it is: the loop's way through whatever needs more than its registers
// (allocation, natives, goroutines, deferred calls, faults, code that is missing, a full stack, steps that
// are used up), and time travel's through everything. SAVE puts the registers back into the context before
// anything that may look at the goroutine, RELOAD reads what may have moved. An instruction that has to wait
// is executed again from its start: nothing is changed before it is certain to succeed.
#include <algorithm>
#include <utility>

#include "engine/memory/heap.h"
#include "engine/vm/instructions.h"

namespace escapement::vm {

using bytecode::Word;

#define NEXT(n) \
  do {          \
    pc += (n);  \
    goto next;  \
  } while (0)
#define ENTER() goto enter
#define TAKE_STEPS(n)                 \
  if (UNLIKELY((steps -= (n)) < 0)) { \
    steps += (n);                     \
    goto out_of_steps;                \
  }
#define FAULT_MEMORY(address) \
  do {                        \
    fault_x = (address);      \
    goto fault_memory;        \
  } while (0)
#define CHECK_LOAD(address) \
  if (UNLIKELY(!space.CanLoad(address))) FAULT_MEMORY(address)
#define CHECK_STORE(address) \
  if (UNLIKELY(!space.CanStore(address))) FAULT_MEMORY(address)
#define CHECK_ELEMENT(address) \
  if (UNLIKELY(space.Denied(address, 1, false) != 0)) FAULT_MEMORY(address)
// A range of which the first byte has been checked.
#define CHECK_RANGE(address, size, write) \
  if (uint64_t denied = space.Denied(address, size, write); UNLIKELY(denied != 0)) FAULT_MEMORY(denied)
#define FAULT_INDEX(index, length) \
  fault_x = (index);               \
  fault_y = (length);              \
  goto fault_index;
#define FAULT_DIVIDE() goto fault_divide
#define FAULT_CODE() goto fault_code
#define FAULT(function, x, y)    \
  do {                           \
    fault_function = (function); \
    fault_x = (x);               \
    fault_y = (y);               \
    goto fault;                  \
  } while (0)
#define SAVE()                                                      \
  do {                                                              \
    ctx->pc = static_cast<uint32_t>(pc - words);                    \
    ctx->fp = static_cast<uint32_t>((fp - registers) / 8);          \
    ctx->sp = sp;                                                   \
    state_.world.steps = steps_due_ - static_cast<uint64_t>(steps); \
  } while (0)
#define RELOAD()                                                                                   \
  do {                                                                                             \
    ctx = &context();                                                                              \
    registers = reinterpret_cast<uint8_t*>(ctx->registers.data());                                 \
    register_limit = registers + ctx->registers.size() * 8;                                        \
    pc = words + ctx->pc;                                                                          \
    fp = registers + uint64_t{ctx->fp} * 8;                                                        \
    sp = ctx->sp;                                                                                  \
    guard = state_.world.options.move_stack_at_every_call ? uint64_t{1} << 62 : goroutine().guard; \
    base = space.base();                                                                           \
  } while (0)

// Collects if it is time to: stacks and registers may move.
#define POLL()                                 \
  do {                                         \
    if (UNLIKELY(state_.world.gc.requested)) { \
      Poll();                                  \
      RELOAD();                                \
    }                                          \
  } while (0)

#define BARRIER(address, value)                                                                    \
  do {                                                                                             \
    if (UNLIKELY(state_.world.gc.barrier)) memory::WriteBarrier(state_.world, (address), (value)); \
  } while (0)
// The frame that begins is counted in the stack's envelope.
#define ENTER_FRAME(bytes)                          \
  do {                                              \
    sp -= (bytes);                                  \
    if (UNLIKELY(sp < lowest_sp_)) lowest_sp_ = sp; \
  } while (0)

Machine::Stop Machine::Single() {
  const Instruction* words = reinterpret_cast<const Instruction*>(code_.words());
  const Entry* entries = code_.entries();
  const memory::AddressSpace& space = state_.world.space;
  Context* ctx;
  uint8_t *registers, *register_limit, *fp;
  const Instruction* pc;
  uint64_t sp, guard;
  uintptr_t base;
  int64_t steps = steps_left_;
  uint64_t fault_x = 0, fault_y = 0;
  RuntimeFunction fault_function = RuntimeFunction::k_panicIndex;
  uint32_t target = 0;
  uint32_t window = 0;
  RELOAD();

  const Op op = bytecode::FirstOf(static_cast<Op>(pc->op));
  switch (op) {
#include "engine/vm/quick_instructions.def"
    case Op::ZeroSlots: {
      std::memset(fp + pc->a, 0, pc->b * 8u);
      NEXT(1);
    }
      BINARY(FmaF64, Bits(std::fma(F64(B), F64(C), F64(SLOT(pc->c + 8)))))
    case Op::FZero: {
      std::memset(HOST(sp + IMM32), 0, EXT);
      NEXT(2);
    }
    case Op::MemMove:
    case Op::MemMoveTyped: {
      uint64_t to = A, from = B;
      bool typed = op == Op::MemMoveTyped;
      uint64_t size = typed ? memory::TypeSize(state_.world.space, EXT) : EXT;
      if (size == 0) NEXT(2);
      CHECK_LOAD(from);
      CHECK_STORE(to);
      CHECK_RANGE(from, size, false);
      CHECK_RANGE(to, size, true);
      if (typed && UNLIKELY(state_.world.gc.barrier) && to != from)
        memory::BulkWriteBarrier(state_.world, to, from, size, EXT);
      std::memmove(HOST(to), HOST(from), size);
      NEXT(2);
    }
    case Op::MemZero:
    case Op::MemZeroTyped: {
      uint64_t to = A;
      bool typed = op == Op::MemZeroTyped;
      uint64_t size = typed ? memory::TypeSize(state_.world.space, EXT) : EXT;
      if (size == 0) NEXT(2);
      CHECK_STORE(to);
      CHECK_RANGE(to, size, true);
      if (typed && UNLIKELY(state_.world.gc.barrier))
        memory::BulkWriteBarrier(state_.world, to, 0, size, EXT);
      std::memset(HOST(to), 0, size);
      NEXT(2);
    }
    case Op::MemEq: {
      uint64_t x = B, y = C;
      if (EXT == 0) {
        A = 1;
        NEXT(2);
      }
      CHECK_LOAD(x);
      CHECK_LOAD(y);
      CHECK_RANGE(x, EXT, false);
      CHECK_RANGE(y, EXT, false);
      A = std::memcmp(HOST(x), HOST(y), EXT) == 0;
      NEXT(2);
    }
    case Op::Slice:
    case Op::SliceStr: {
      using namespace bytecode;
      uint64_t size = static_cast<uint32_t>(EXT);
      uint32_t flags = static_cast<uint8_t>(EXT >> 32), high_at = EXT >> 48;
      uint64_t pointer = B, length = SLOT(pc->b + 8);
      uint64_t capacity = (flags & kSliceString) != 0 ? length : SLOT(pc->b + 16);
      uint64_t low = (flags & kSliceNoLow) != 0 ? 0 : C;
      uint64_t high = (flags & kSliceHasHigh) != 0 ? SLOT(high_at) : length;
      uint64_t max = (flags & kSliceHasMax) != 0 ? SLOT(high_at + 8) : capacity;
      bool texts_say_length = (flags & (kSliceString | kSliceArray)) != 0;
#define SLICE_FAULT(condition, x, y, unsigned_flag, function)                                                \
  if (UNLIKELY(condition)) {                                                                                 \
    FAULT((flags & (unsigned_flag)) != 0 ? RuntimeFunction::k_##function##U : RuntimeFunction::k_##function, \
          (x), (y));                                                                                         \
  }
      if ((flags & kSliceHasMax) != 0) {
        SLICE_FAULT(max > capacity && texts_say_length, max, capacity, kSliceMaxUnsigned, panicSlice3Alen)
        SLICE_FAULT(max > capacity, max, capacity, kSliceMaxUnsigned, panicSlice3Acap)
        SLICE_FAULT(high > max, high, max, kSliceHighUnsigned, panicSlice3B)
        SLICE_FAULT(low > high, low, high, kSliceLowUnsigned, panicSlice3C)
      } else {
        SLICE_FAULT(high > capacity && texts_say_length, high, capacity, kSliceHighUnsigned, panicSliceAlen)
        SLICE_FAULT(high > capacity, high, capacity, kSliceHighUnsigned, panicSliceAcap)
        SLICE_FAULT(low > high, low, high, kSliceLowUnsigned, panicSliceB)
      }
#undef SLICE_FAULT
      // An empty result must not point past its object.
      A = max == low ? pointer : pointer + low * size;
      SLOT(pc->a + 8) = high - low;
      if ((flags & kSliceString) == 0) SLOT(pc->a + 16) = max - low;
      NEXT(2);
    }
#define STRINGS_EQUAL                    \
  (SLOT(pc->b + 8) == SLOT(pc->c + 8) && \
   (B == C || SLOT(pc->b + 8) == 0 || std::memcmp(HOST(B), HOST(C), SLOT(pc->b + 8)) == 0))
    case Op::StrEq:
    case Op::StrNe:
    case Op::StrCmp: {
      const uint64_t x_length = SLOT(pc->b + 8), y_length = SLOT(pc->c + 8);
      if (B != C && (op == Op::StrCmp || x_length == y_length)) {
        CHECK_RANGE(B, std::min(x_length, y_length), false);
        CHECK_RANGE(C, std::min(x_length, y_length), false);
      }
      if (op == Op::StrCmp)
        A = static_cast<uint64_t>(int64_t{CompareBytes(HOST(B), x_length, HOST(C), y_length)});
      else
        A = STRINGS_EQUAL == (op == Op::StrEq);
      NEXT(1);
    }

      // --- Allocation
    case Op::New:
      return New();
    case Op::MakeSlice: {
      SAVE();
      POLL();
      uint64_t size = memory::TypeSize(state_.world.space, EXT);
      constexpr uint64_t kMaxAlloc = uint64_t{1} << 48;
      auto too_large = [size](uint64_t count) {
        return static_cast<int64_t>(count) < 0 || (size != 0 && count > kMaxAlloc / size);
      };
      if (UNLIKELY(too_large(C) || B > C)) {
        FAULT(too_large(B) ? RuntimeFunction::k_panicmakeslicelen : RuntimeFunction::k_panicmakeslicecap, 0,
              0);
      }
      uint64_t address = Allocate(size * C, EXT);
      base = space.base();
      if (UNLIKELY(address == 0)) return Stop::kExit;
      A = address;
      NEXT(2);
    }

    case Op::CallNative: {
      if (LIKELY(ctx->pending_call == kNoFunction)) return CallNative();
      target = std::exchange(ctx->pending_call, kNoFunction);
      window = pc->a;
      if (window == 0) goto enter_from_stub;
      goto enter;
    }
    case Op::Go: {
      SAVE();
      if (UNLIKELY(A == 0)) {
        Fatal("go of nil func value", false);
        return Stop::kExit;
      }
      uint32_t started = Go(A, false);
      RELOAD();
      if (UNLIKELY(started == sched::kNoGoroutine)) return Stop::kExit;
      NEXT(1);
    }
    case Op::Defer: {
      SAVE();
      PushDefer(A, static_cast<bytecode::DeferKind>(pc->b));
      RELOAD();
      NEXT(1);
    }
    case Op::DeferReturn: {
      uint32_t here = static_cast<uint32_t>((fp - registers) / 8);
      if (ctx->defers.empty() || ctx->defers.back().fp != here) NEXT(2);
      uint64_t closure = ctx->defers.back().closure;
      if (UNLIKELY(closure == 0)) {
        if (ctx->defers.back().range_mark) {
          PopDefer();
          goto next;
        }
        // The record stays until the panic drops it: this word may have to run again first.
        ctx->defers.back().faulted = true;
        fault_x = 0;
        goto fault_memory;
      }
      target = bytecode::FunctionAt(READ(uint64_t, HOST(closure)));
      window = pc->a;
      if (UNLIKELY(target >= code_.size())) goto fault_code;
      const Entry* entry = entries + target;
      if (UNLIKELY(static_cast<int64_t>(sp - guard) <= entry->stack_need ||
                   fp + window + entry->window_bytes > register_limit || steps < entry->entry_steps)) {
        SAVE();
        Slow slow = EnterSlow(target, window);
        if (slow == Slow::kStop) goto stopped;
        RELOAD();
        if (slow == Slow::kRetry) goto next;
        closure = ctx->defers.back().closure;
      }
      steps -= entry->entry_steps;
      PopDefer();
      SLOT(window - 16) = closure;
      SLOT(window - 8) = static_cast<uint64_t>(pc + 1 - words) | uint64_t{window} << 32;
      fp += window;
      ENTER_FRAME(entry->frame_total);
      pc = words + entry->start;
      goto next;
    }
    case Op::DeferAgain:
      NEXT(-1);
    case Op::Panic: {
      uint64_t type = B, data = SLOT(pc->b + 8);
      window = pc->a;
      SLOT(window) = type;
      SLOT(window + 8) = data;
      target = runtime_[static_cast<size_t>(RuntimeFunction::k_gopanic)];
      goto enter;
    }
    case Op::Recover: {
      SAVE();
      std::array<uint64_t, 2> value = Recover();
      A = value[0];
      SLOT(pc->a + 8) = value[1];
      NEXT(1);
    }
    case Op::PanicFault: {
      switch (static_cast<bytecode::PanicCode>(pc->b)) {
        case bytecode::PanicCode::kNilDereference:
          fault_x = 0;
          goto fault_memory;
        case bytecode::PanicCode::kDivide:
          goto fault_divide;
        case bytecode::PanicCode::kShift:
          FAULT(RuntimeFunction::k_panicshift, 0, 0);
        case bytecode::PanicCode::kUnreachable:
          UNREACHABLE("compiled code that cannot be reached");
      }
      UNREACHABLE("panic code");
    }
    case Op::GoroutineExit: {
      SAVE();
      steps_left_ = steps;
      ctx->defers.clear();
      ctx->panics.clear();
      sched::Exit(state_.scheduler, state_.world);
      return Stop::kReschedule;
    }

    default:
      UNREACHABLE("the machine ran into a word that is no code");
  }

// A call whose callee is `target` and whose window starts at byte `window`.
enter : {
  const Entry* entry = entries + target;
  if (UNLIKELY(static_cast<int64_t>(sp - guard) <= entry->stack_need ||
               fp + window + entry->window_bytes > register_limit))
    goto enter_slow;
  TAKE_STEPS(entry->entry_steps)
  SLOT(window - 8) = static_cast<uint64_t>(pc + 1 - words) | uint64_t{window} << 32;
  fp += window;
  ENTER_FRAME(entry->frame_total);
  pc = words + entry->start;
  goto next;
}

enter_slow : {
  SAVE();
  // A call that a native handed over waits with the arguments that the native has laid out.
  const bool handed_over = op == Op::CallNative;
  if (handed_over) ctx->pending_call = target;
  Slow slow = EnterSlow(target, window);
  if (slow == Slow::kStop) goto stopped;
  RELOAD();
  if (slow == Slow::kRetry) goto next;
  if (handed_over) ctx->pending_call = kNoFunction;
  // The stack may have moved, and the closure with it.
  if (op == Op::CallClosure) SLOT(window - 16) = B;
  const Entry* entry = entries + target;
  steps -= entry->entry_steps;
  SLOT(window - 8) = static_cast<uint64_t>(pc + 1 - words) | uint64_t{window} << 32;
  fp += window;
  ENTER_FRAME(entry->frame_total);
  pc = words + entry->start;
  goto next;
}

// A native that was called through a function value hands over: its stub's frame goes away.
enter_from_stub : {
  const Entry* entry = entries + target;
  if (static_cast<int64_t>(sp - guard) <= entry->stack_need || fp + entry->window_bytes > register_limit ||
      steps < entry->entry_steps) {
    ctx->pending_call = target;
    Slow slow = EnterSlow(target, 0);
    if (slow == Slow::kStop) goto stopped;
    RELOAD();
    if (slow == Slow::kRetry) goto next;
    ctx->pending_call = kNoFunction;
  }
  steps -= entry->entry_steps;
  sp += 8;
  ENTER_FRAME(entry->frame_total);
  pc = words + entry->start;
  goto next;
}

fault_index : {
  fault_function = RuntimeFunction::k_panicIndex;
  const uint32_t word = static_cast<uint32_t>(pc - words);
  const uint32_t function = code_.FunctionOf(word);
  for (uint32_t marked : code_.chunk(function).unsigned_index_words)
    if (marked == word - entries[function].start) fault_function = RuntimeFunction::k_panicIndexU;
  goto fault;
}

fault_divide : {
  fault_function = RuntimeFunction::k_panicdivide;
  goto fault;
}

fault_memory : {
  if (fault_x >= bytecode::kTextBase) {
    if (ctx->panic_on_fault) {
      fault_function = RuntimeFunction::k_panicfault;
      goto fault;
    }
    SAVE();
    steps_left_ = steps;
    UnexpectedFault(fault_x);
    return Stop::kExit;
  }
  // gc checks the pointer itself where a field or element lies behind the first page.
  if (fault_x >= 4096) fault_x = 0;
  fault_function = RuntimeFunction::k_panicmemAddr;
  goto fault;
}

// A function value whose code is none: only unsafe makes such.
fault_code : {
  SAVE();
  steps_left_ = steps;
  UnexpectedFault(bytecode::TextAddress(target));
  return Stop::kExit;
}

// Calls a function of package runtime that panics, above everything the interrupted function uses.
fault : {
  SAVE();
  uint32_t function = code_.FunctionOf(ctx->pc);
  window = entries[function].window_bytes + bytecode::kHeaderSlots * 8;
  target = runtime_[static_cast<size_t>(fault_function)];
  const Entry* entry = entries + target;
  faulted_ = true;
  Slow slow = Slow::kProceed;
  if (static_cast<int64_t>(sp - guard) <= entry->stack_need ||
      fp + window + 64 + entry->window_bytes > register_limit || steps < entry->entry_steps)
    slow = EnterSlow(target, window);
  faulted_ = false;
  if (slow == Slow::kStop) goto stopped;
  RELOAD();
  if (slow == Slow::kRetry) goto next;
  steps -= entry->entry_steps;
  SLOT(window) = fault_x;
  SLOT(window + 8) = fault_y;
  SLOT(window - 8) = static_cast<uint64_t>(pc + 1 - words) | uint64_t{window} << 32 | kFaulted;
  fp += window;
  ENTER_FRAME(entry->frame_total);
  pc = words + entry->start;
  goto next;
}

next:
  SAVE();
  steps_left_ = steps;
  return Stop::kNone;

out_of_steps:
  SAVE();
  if (op == Op::CallNative) ctx->pending_call = target;
  steps_left_ = steps;
  return Stop::kSteps;

stopped:
  steps_left_ = steps;
  return stop_;
}

// The native at the goroutine's pc, which has not chosen a function to take its place.
Machine::Stop Machine::CallNative() {
  if (UNLIKELY(state_.world.gc.requested)) Poll();
  Context& caller = context();
  const Instruction* pc = reinterpret_cast<const Instruction*>(code_.words()) + caller.pc;
  resumed_ = caller.resumed;
  caller.resumed = false;
  NativeStatus status =
      code_.native(IMM32).function(*this, caller.registers.data() + caller.fp + pc->a / sizeof(uint64_t));
  switch (status) {
    case NativeStatus::kContinue:
    case NativeStatus::kMoved:
      context().pc++;
      return Stop::kNone;
    case NativeStatus::kCall:
      context().pending_call = tail_;
      return Stop::kNone;
    case NativeStatus::kBlocked:
      context().resumed = true;
      return Stop::kReschedule;
    case NativeStatus::kYield:
      context().pc++;
      return Stop::kReschedule;
    case NativeStatus::kSwitched:
    case NativeStatus::kDead:
      return Stop::kReschedule;
    case NativeStatus::kUnwound:
      return Stop::kNone;
    case NativeStatus::kRetry:
      return Stop::kNeedsCode;
    case NativeStatus::kExit:
      return Stop::kExit;
  }
  UNREACHABLE("native status");
}

Machine::Stop Machine::New() {
  if (UNLIKELY(state_.world.gc.requested)) Poll();
  const Instruction* pc = reinterpret_cast<const Instruction*>(code_.words()) + context().pc;
  Address type = EXT;
  Address address = Allocate(memory::TypeSize(state_.world.space, type), type);
  if (UNLIKELY(address == 0)) return Stop::kExit;
  Context& ctx = context();
  ctx.registers[ctx.fp + pc->a / sizeof(uint64_t)] = address;
  ctx.pc += 2;
  return Stop::kNone;
}

Machine::Stop Machine::Loop() {
  const memory::Mappings& mappings = state_.world.space.mappings;
  for (;;) {
    if (LIKELY(mappings.guard() != memory::Guard::kEverything)) Quick();
    const Context& ctx = context();
    const Op op = bytecode::OpOf(code_.words()[ctx.pc]);
    Stop stop;
    if (op == Op::CallNative && ctx.pending_call == kNoFunction)
      stop = CallNative();
    else if (op == Op::New)
      stop = New();
    else
      stop = Single();
    if (stop != Stop::kNone) return stop;
  }
}

Machine::Stop Machine::LoopWatched() {
  for (;;) {
    const Context& c = context();
    if (AtInstruction(c.pc, state_.world.steps, c.fp, c.sp)) return Stop::kWatch;
    Stop stop = Single();
    if (stop != Stop::kNone) return stop;
  }
}

}  // namespace escapement::vm
