// Machine: runs a program's goroutines on the modelled memory. One interpreter loop (loop.cpp) executes the
// current goroutine until something outside its straight path is due; the machine then deals with it
// and comes back. Nothing of the Go program lives on the C++ stack.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/memory/collector.h"
#include "engine/memory/world.h"
#include "engine/sched/channel.h"
#include "engine/sched/scheduler.h"
#include "engine/vm/code.h"
#include "engine/vm/context.h"
#include "engine/vm/file_system.h"
#include "engine/vm/native.h"
#include "engine/vm/network.h"
#include "engine/vm/runtime_settings.h"
#include "engine/vm/watch.h"

namespace escapement::vm {

using memory::World;
using sched::Scheduler;

// Go functions of package runtime that the machine calls (overlay runtime/*.go).
enum class RuntimeFunction : uint8_t {
#define RUNTIME_FUNCTION(name) k_##name,
#include "engine/vm/runtime_functions.def"
  kCount
};

enum class RunStatus : uint8_t {
  kSlice,      // the budget of steps is used up; call Run again
  kNeedsCode,  // Result::function has no code: define it and call Run again
  kExited,     // Result::exit_code
  kWatch,      // the watcher said stop (RunWatched)
};

struct Result {
  RunStatus status = RunStatus::kSlice;
  uint32_t function = kNoFunction;
  int exit_code = 0;
};

// A frame on a goroutine's stack, as walks see it.
struct Frame {
  uint32_t function = 0;
  uint32_t word = 0;     // inside the function: the instruction it is in (its last word for calls)
  uint32_t fp = 0;       // slot index of its window
  Address sp = 0;        // low end of its modelled frame
  bool top = false;      // about to execute `word`, not in a call
  bool faulted = false;  // interrupted at an instruction that is no safepoint
};

// What the world outside the machine provides.
struct Host {
  // Bytes written to descriptor 1 or 2.
  std::function<void(int descriptor, std::string_view bytes)> write;
  std::string stdin_text;
  // Asked when the program reads past stdin_text, "" at the end. Not set: that text is all there is.
  std::function<std::string()> more_input;
  std::vector<std::string> arguments;    // os.Args
  std::vector<std::string> environment;  // "K=V"
  RuntimeSettings settings;              // what the runtime reads there
  HostFiles files;                       // behind the modelled ones
  std::string directory = "/";           // where the program starts
  std::vector<std::string>
      own_symbols;  // how link names of the user's packages begin; main's "main." is known
};

// Which limit of ours, not of Go's, ended a program.
enum class HostLimit : uint8_t { kNone, kStack, kMemory };

// What the poller knows of a descriptor: when its operations fail (0: never), and that it is being closed.
struct PollRecord {
  uint64_t read_until = 0, write_until = 0;
  bool closing = false;
};
// A goroutine that waits until a descriptor is ready.
struct PollWaiter {
  uint32_t goroutine = 0, descriptor = 0;
  bool write = false;
};

// Signals, a bit each: what os/signal asked for, what it has not heard of yet.
struct Signals {
  uint64_t wanted = 0, ignored = 0, pending = 0;
  uint32_t receiver = sched::kNoGoroutine;  // waits for one
  int interrupts = 0;                       // sent because everything waited
  int killer = 0;                           // which ended the program
};

// Everything that changes while a program runs.
struct State {
  World world;
  Scheduler scheduler;
  std::vector<Context> contexts;  // by goroutine index
  uint64_t stdin_offset = 0;
  FileSystem files;
  Network network;
  std::vector<PollRecord> polls;  // by descriptor
  std::vector<PollWaiter> poll_waiters;
  Signals signals;
  bool asked_processes = false;  // the program tried to start another
  uint64_t output_bytes = 0;
  bool exited = false;
  int exit_code = 0;
  HostLimit host_limit = HostLimit::kNone;
  uint32_t types_asked = 0;  // questions to types_by_string so far
  uint32_t linked = 0;       // how much of the code and data that came while running (driver/executable.h)
  bool in_main = false;      // main.main has started: what came before is "before main"
  uint32_t timer_goroutine = sched::kNoGoroutine;  // runs the functions of timers
  Address fault_address = 0;                       // of the last nil dereference
  // Itabs that were made at run time (0: the type does not implement the interface), by interface and type.
  std::map<std::pair<Address, Address>, Address> itabs;
  Address persistent_next = 0, persistent_end = 0;  // room outside the heap: itabs
  TracebackMode traceback;                          // GOTRACEBACK and what debug.SetTraceback added
  uint64_t cycle_started_ns = 0;                    // the collector's last cycle, by the program's clock
};

class Machine final : public memory::Mutator {
 public:
  explicit Machine(Host host);

  Code& code() { return code_; }
  const Code& code() const { return code_; }
  State& state() { return state_; }
  const State& state() const { return state_; }
  World& world() { return state_.world; }
  Scheduler& scheduler() { return state_.scheduler; }
  Host& host() { return host_; }

  // Whose code a function is, by its link name.
  trace::Owner OwnerOf(std::string_view function) const;

  // Starts goroutine 1 with `closure` (a func()) after the world was booted. False when memory is out.
  [[nodiscard]] bool Start(Address closure, uint64_t seed);

  // Sends the program a signal: os/signal gets it if it was asked to, else it is ignored, or the end.
  void Raise(int signal);

  // Runs for at most about `max_steps` steps (at least 65,536 are granted).
  Result Run(uint64_t max_steps);

  // Runs up to the last place where the program can stop with at most `step` steps counted.
  Result RunTo(uint64_t step);
  // Runs instruction by instruction, for at most about `max_steps` steps; `watcher` is asked before each
  // instruction where something it may care about begins. The instruction at which the last RunWatched
  // stopped is not asked about again.
  Result RunWatched(const Watcher& watcher, uint64_t max_steps);
  // Says that the program stands at its very start, where the statements of a step are counted from.
  void WatchFromStart();

  // A copy of all state; Restore brings it back.
  State Save() const { return state_; }
  void Restore(const State& state) {
    state_ = state;
    watch_ = WatchState();
  }

  // --- for natives -------------------------------------------------------------------------
  // The running goroutine.
  Context& context() { return state_.contexts[state_.scheduler.current]; }
  sched::Goroutine& goroutine() { return state_.scheduler.running(); }
  // Whether this call of the native is the second one, after it parked the goroutine.
  bool resumed() const { return resumed_; }
  // The function `id` takes the native's place; its arguments are in the native's window.
  NativeStatus TailCall(uint32_t id) {
    tail_ = id;
    return NativeStatus::kCall;
  }
  // The native needs the code of `id`; it is called again once that is defined.
  NativeStatus Need(uint32_t id) {
    needed_ = id;
    return NativeStatus::kRetry;
  }
  // Defines a function while the loop runs (adapters that natives make).
  void DefineDuringRun(uint32_t id, bytecode::Chunk chunk);
  // runtime.GC(): a whole collection.
  void Collect();
  // Calls a function of the overlay's package runtime in the native's place, usually to panic.
  NativeStatus Call(RuntimeFunction function) { return TailCall(runtime_[static_cast<size_t>(function)]); }
  // Panics with plainError or errorString (the text gets "runtime error: " in front).
  NativeStatus PanicPlain(uint64_t* window, std::string_view text);
  NativeStatus PanicError(uint64_t* window, std::string_view text);
  // What Go says of a fault at the address, a line.
  std::string SignalText(Address address);
  // "fatal error: TEXT", all goroutines' stacks, exit status 2.
  // `signal`: the line that names a signal, printed behind the message.
  NativeStatus Fatal(std::string_view text, bool all_goroutines = true, std::string_view signal = "");
  // Go's text for a request of `size` bytes (0: a stack or something small) that there is no room for.
  NativeStatus OutOfMemory(uint64_t size);
  NativeStatus Exit(int code);
  // What a native's access to memory that it may not touch comes to.
  NativeStatus Fault(uint64_t* window, Address address);
  // The closure that the current native was called through: only for natives that are called through a
  // func value, whose stub keeps it below the window.
  Address NativeContext(const uint64_t* window) const { return window[-2]; }

  // Allocates for the current instruction's site; on 0 the program is out of memory and Fatal was called.
  Address Allocate(uint64_t size, Address type, bool zero = true);
  // Copies text into a new heap string; {0, 0} for the empty one.
  std::array<uint64_t, 2> NewString(std::string_view text);
  std::string_view StringAt(Address data, uint64_t length) const;
  // The origin and call stack of events that the current instruction causes (none without a log).
  trace::OriginId OriginHere(Address type);
  trace::StackId StackHere();
  // The events that follow happen at the current instruction.
  void Locate();
  // The origin of a record of the runtime's own (`type`, "runtime.g") that it makes for the current
  // statement.
  trace::OriginId RecordOrigin(std::string_view type, uint64_t size, std::string_view through);
  // Writes to descriptor 1 or 2, traced.
  void Write(int descriptor, std::string_view bytes);

  // Defer machinery (panic.cpp).
  void PushDefer(Address closure, bytecode::DeferKind kind);
  void PushDeferAt(uint32_t fp, Address closure);
  // Marks where the current frame's defers in range-over-func loops begin.
  void PushRangeMark();
  // Drops the newest deferred call of the running goroutine; its record is free again.
  void PopDefer();
  NativeStatus PanicStart(Address panic, bool goexit, uint64_t* window);
  NativeStatus PanicNext(uint64_t* window);
  std::array<uint64_t, 2> Recover();

  // Walks the frames of a goroutine from the top; `visit` returns false to stop.
  template <typename Visit>
  void WalkFrames(uint32_t goroutine, Visit visit) const;
  // The modelled pc of a word, as runtime.Callers gives it, and back.
  static uint64_t EncodePc(uint32_t function, uint32_t word);
  static bool DecodePc(uint64_t pc, uint32_t* function, uint32_t* word);
  // "goroutine N [state]:" and frames, as Go prints them.
  std::string Traceback(uint32_t goroutine, const Frame* entered = nullptr) const;
  // What a crash of the running goroutine prints: its traceback, others as GOTRACEBACK or `all` ask for
  // them, or those of a bubble.
  std::string CrashTracebacks(bool all = false, uint32_t bubble = 0) const;
  // Those of every goroutine of the user (of a bubble, if one is given) but `except`, each after an empty
  // line.
  std::string OtherTracebacks(uint32_t except, uint32_t bubble = 0) const;
  // The types of traced objects by the addresses of their descriptors.
  const std::unordered_map<Address, trace::TypeId>& traced_types() const { return type_ids_; }
  // Starts a goroutine running the closure.
  uint32_t Go(Address closure, bool system);

  // --- memory::Mutator -----------------------------------------------------------------------
  void MoveStack(uint32_t goroutine, const memory::Stack& old, const memory::Stack& now,
                 memory::SlotVisitor& visitor) override;
  uint32_t GoroutineCount() override;
  StackRef GoroutineStack(uint32_t i) override;
  void VisitStack(uint32_t goroutine, memory::SlotVisitor& visitor) override;
  void VisitRoots(memory::SlotVisitor& visitor) override;
  void VisitKept(memory::SlotVisitor& visitor) override;
  void DropUnmarked() override;
  void StartCycle() override;
  void CycleEnded() override;

  // The address of a data symbol of the program (`runtime.staticuint64s`), 0 if it has none.
  std::function<Address(std::string_view)> symbol_address;
  // The address of the type descriptor that a TypeOff stands for, 0 if there is none.
  std::function<Address(uint32_t)> resolve_type;
  // The address of a text that stays, as the bytes of a string literal do.
  std::function<Address(std::string_view text)> static_string;
  // The descriptors of the types that print as a string.
  std::function<std::vector<Address>(std::string_view text)> types_by_string;
  // The name of the abi.Type at an address, for events.
  std::function<std::string(Address)> type_name;
  // More roots, visited with the machine's own (natives' tables).
  std::function<void(memory::SlotVisitor&)> extra_roots;

 private:
  enum class Stop : uint8_t { kNone, kSteps, kReschedule, kNeedsCode, kExit, kWatch };
  enum class Slow : uint8_t { kProceed, kRetry, kStop };

  Stop Loop();
  Stop LoopWatched();
  // Runs as far as registers and memory alone allow; the next instruction needs Single.
  void Quick();
  // Executes one instruction; kNone: go on.
  Stop Single();
  // Those of a native that has not been called yet, and of an allocation, by a shorter way.
  Stop CallNative();
  Stop New();
  Result RunUntilBudget();
  // Envelopes: the running goroutine's stack use between two calls of the loop.
  void BeginSample();
  void EndSample();
  uint64_t SampleEnd();
  // The watched loop's question at every instruction; `word` is an index in Code.
  bool AtInstruction(uint32_t word, uint64_t now, uint32_t fp, Address sp);
  void MarkWords();
  // The slow path of a call: code missing, register file full, stack too small, steps used up.
  Slow EnterSlow(uint32_t function, uint32_t window_bytes);
  Address NewDeferRecord();
  void SetBudget();
  void UnexpectedFault(Address address);
  // The stack has no room for a call of the function, whose window is at slot `fp`.
  void PrintStackOverflow(uint32_t function, uint32_t fp);
  // The words of a call's arguments, as tracebacks print them.
  std::string Arguments(uint32_t goroutine, const Frame& frame) const;
  static bool IsHidden(std::string_view function, bool first);
  void VisitTopWindow(const Context& context, const Frame& frame, memory::SlotVisitor& visitor);
  // A variable with pointers in a frame at `sp`. It is live if a safepoint says so or a live pointer leads
  // there.
  struct StackObject {
    Address start, end, sp;
    const bytecode::Chunk* chunk;
    bool live;
  };
  // The safepoint that says what of a frame is live; null: nothing is.
  const bytecode::Safepoint* LivePoint(const Frame& frame) const;
  // Visits what is live; the objects by address (perhaps none, if no live pointer leads into the stack).
  std::vector<StackObject> FindObjects(uint32_t goroutine, memory::SlotVisitor& visitor);
  // Calls visit(word) for each pointer word of the object.
  template <typename Visit>
  void VisitObject(const StackObject& object, Visit visit) {
    object.chunk->frame_pointers.ForEachIn(
        static_cast<uint32_t>((object.start - object.sp) / 8),
        static_cast<uint32_t>((object.end - object.sp) / 8), [&](uint32_t at) {
          visit(reinterpret_cast<uint64_t*>(state_.world.space.Host(object.sp + at * 8)));
        });
  }
  // Pointer slots and words of one frame, of all: live ones, or (`whole`) every word of the modelled frame.
  void VisitFrame(Context& context, const Frame& frame, bool whole, memory::SlotVisitor& visitor);
  void VisitFrames(uint32_t goroutine, bool whole, memory::SlotVisitor& visitor);
  // Whether the goroutine's stack may be moved where it stands.
  bool MayMove(uint32_t goroutine) const;
  // The stress mode of stacks: moves that of a goroutine, and makes what is dead in its frames unusable.
  void StressStack(uint32_t goroutine);
  void PoisonDead(uint32_t goroutine);
  void Poll();
  void AfterCollection();
  // Everything waits, and something of it for the world outside: what a user would do then. False: it is a
  // deadlock.
  bool Interrupt();

  Host host_;
  Code code_;
  State state_;
  std::array<uint32_t, static_cast<size_t>(RuntimeFunction::kCount)> runtime_{};

  // Of the run in progress.
  int64_t steps_left_ = 0;   // until something is due
  uint64_t steps_due_ = 0;   // world.steps when steps_left_ reaches 0
  uint64_t budget_end_ = 0;  // world.steps when Run returns
  uint32_t needed_ = kNoFunction;
  uint32_t tail_ = kNoFunction;
  Stop stop_ = Stop::kSteps;
  // Of the stretch since BeginSample; never crossed while nothing is recorded.
  Address lowest_sp_ = 0, highest_sp_ = ~Address{0};
  Address sampled_high_ = 0;  // end of the stack
  uint64_t sampled_id_ = 0;   // Go's id of the goroutine
  uint64_t sample_start_ = ~uint64_t{0}, sample_grain_ = 0;
  const Watcher* watcher_ = nullptr;
  WatchState watch_;
  std::vector<uint8_t> word_marks_;  // WordMark bits by word index in Code
  bool resumed_ = false;
  bool faulted_ = false;  // EnterSlow is called for a fault: the top frame is at no safepoint

  // Of the trace (trace_sites.cpp): what a word index in Code stands for in the log's tables.
  struct KnownOrigin {
    uint32_t pc = ~uint32_t{0};
    uint32_t statement = 0;  // the word that the work is done for: pc, or a caller of the runtime
    Address type = 0;
    trace::OriginId origin;
    trace::Owner owner = trace::Owner::kRuntime;
    bool runtime = false;  // pc is in the runtime
  };
  struct OpenFrame {
    uint32_t fp, word;
  };
  const KnownOrigin& FindOrigin(uint32_t pc, Address type);
  // The innermost instruction on the stack that is not the runtime's; the current one if all are.
  uint32_t Statement();
  trace::SiteEntry DescribeSite(uint32_t pc, uint32_t statement);
  // The stack that an instruction makes of its callers'; each stack has a short list of these.
  struct KnownCall {
    uint32_t word;
    trace::StackId stack;
    uint32_t next;
  };
  trace::StackId ExtendStack(trace::StackId callers, uint32_t word);
  trace::StackId NewStack(trace::StackId callers, uint32_t word);
  std::array<KnownOrigin, 256> known_origins_;              // by the low bits of pc; the last one stays
  std::unordered_map<uint64_t, trace::SiteId> site_ids_;    // by statement and pc
  std::unordered_map<uint64_t, trace::FrameId> frame_ids_;  // by word index and inline node
  std::unordered_map<Address, trace::TypeId> type_ids_;
  std::vector<KnownCall> known_calls_;
  std::vector<uint32_t> first_calls_;   // into known_calls_, by callers' StackId + 1
  std::vector<OpenFrame> open_frames_;  // StackHere's
};

template <typename Visit>
void Machine::WalkFrames(uint32_t goroutine, Visit visit) const {
  const Context& context = state_.contexts[goroutine];
  Frame frame;
  uint32_t pc = context.pc;
  frame.fp = context.fp;
  frame.sp = context.sp;
  frame.top = true;
  for (;;) {
    frame.function = code_.FunctionOf(pc);
    const Entry& entry = code_.entry(frame.function);
    frame.word = pc - entry.start;
    if (!frame.top) frame.word--;
    if (!visit(frame)) return;
    if (frame.function == kStubGoroutine) return;
    uint64_t word = context.registers[frame.fp - 1];
    pc = ReturnPc(word);
    frame.fp -= ReturnDistance(word) / 8;
    frame.sp += entry.frame_total;
    frame.faulted = (word & kFaulted) != 0;
    frame.top = false;
  }
}

}  // namespace escapement::vm
