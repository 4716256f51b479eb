// The scheduler: goroutines on one P. The runtime's deterministic rules: `go` puts the new
// goroutine in runnext and kicks the old one to the local queue's tail; a wake-up does the same
// and hands on the rest of the time slice; every 61st tick looks at the global queue first; a local
// queue of 256 spills half of itself into the global one. Time is virtual.
//
//   go f() ─► runnext ─kicks─► local queue (256) ─spills─► global queue
//                  └───────── next ◄─┘        every 61st tick ◄─┘
//
// The Scheduler is a value, like the World: goroutines are known by index.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "engine/memory/world.h"
#include "engine/sched/random.h"
#include "engine/sched/record_pool.h"

namespace escapement::sched {

using memory::Address;
using memory::World;

// The low half of an address: what trace events hold.
constexpr uint32_t Low(uint64_t value) {
  return static_cast<uint32_t>(value);
}

enum class WaitReason : uint8_t {
#define WAIT_REASON(name, text) k##name,
#include "engine/sched/wait_reasons.def"
};
std::string_view Text(WaitReason reason);

enum class Status : uint8_t { kIdle, kRunnable, kRunning, kWaiting, kDead };

constexpr uint32_t kNoGoroutine = ~0u;
constexpr uint64_t kGBytes = 456;  // of the runtime's record of a goroutine
// Nanoseconds since 1970 of 2009-11-10 23:00 UTC, when every run starts.
constexpr uint64_t kStartTimeNs = 1257894000ull * 1000000000ull;
// Virtual time that a step takes. Model: a statement always takes as long as any other.
constexpr uint64_t kStepNs = 5;
// Steps of a time slice (10 ms of the runtime's clock).
constexpr uint64_t kSliceSteps = 10000000 / kStepNs;

// A goroutine as the scheduler sees it. The vm keeps its registers and frames by the same index.
struct Goroutine {
  uint64_t id = 0;  // Go's: main is 1
  Status status = Status::kIdle;
  WaitReason reason = WaitReason::kNone;
  bool system = false;       // the runtime's own: not counted, no deadlock, not in tracebacks
  bool select_done = false;  // a select's wake-up has been decided
  bool fresh = true;         // never ran on this stack before (not recycled)
  bool preempt = false;
  memory::Stack stack;
  Address sp = 0;        // modelled sp while not running, kept by the vm
  Address guard = 0;     // stack.lo + kStackGuard
  Address function = 0;  // closure it was started with
  uint64_t parent = 0;   // Go id of its creator
  uint64_t create_pc = 0;
  uint64_t start_pc = 0;
  uint64_t wait_since_ns = 0;
  Address record = 0;        // the runtime's g object (456 bytes on the heap)
  Address waiting = 0;       // first sudog it waits on, linked by waitlink in lock order
  Address param = 0;         // sudog that woke it (0 when a close or nothing did)
  uint32_t timer = ~0u;      // its sleep timer
  Address timer_record = 0;  // the runtime's timer object of that
  Address sema_sudog = 0;    // semaphore or notify list: held while it waits and until it has run again
  bool sema_woken = false, sema_ticket = false;
  uint32_t bubble = 0;  // testing/synctest's: its number, 0 for none
  bool operator==(const Goroutine&) const = default;
};

// A timer on the virtual clock.
struct Timer {
  uint64_t when = 0;
  uint64_t period = 0;
  uint64_t order = 0;  // breaks ties: first set, first fired (in a bubble: by chance)
  bool active = false;
  bool sleep = false;  // wakes `goroutine`
  uint32_t goroutine = kNoGoroutine;
  Address function = 0;  // func(arg any, seq uintptr, delta int64)
  Address arg_type = 0, arg = 0;
  uint64_t seq = 0;
  Address object = 0;   // the time.Timer's runtime part, kept alive while active
  Address channel = 0;  // channel timers: their hchan
  uint32_t heap_index = ~0u;
  uint32_t bubble = 0;  // it is on this bubble's clock
  bool operator==(const Timer&) const = default;
};

// A timer that the vm has to run the function of.
struct FiredTimer {
  uint32_t timer;
  Address function, arg_type, arg;
  uint64_t seq;
  int64_t delta;
  bool operator==(const FiredTimer&) const = default;
};

// One waiter in a semaphore's queue.
struct SemaWaiter {
  uint32_t goroutine = kNoGoroutine;
  Address sudog = 0;
  bool operator==(const SemaWaiter&) const = default;
};
struct SemaQueue {
  Address address = 0;
  std::vector<SemaWaiter> waiters;  // first is next
  bool operator==(const SemaQueue&) const = default;
};

// A queue of goroutine indices.
struct RunQueue {
  std::vector<uint32_t> items;
  size_t head = 0;
  size_t size() const { return items.size() - head; }
  bool empty() const { return head == items.size(); }
  void Push(uint32_t goroutine) { items.push_back(goroutine); }
  uint32_t Pop() {
    uint32_t first = items[head++];
    if (head * 2 > items.size() + 64) {
      items.erase(items.begin(), items.begin() + static_cast<std::ptrdiff_t>(head));
      head = 0;
    }
    return first;
  }
  bool operator==(const RunQueue& other) const {
    return std::equal(items.begin() + static_cast<std::ptrdiff_t>(head), items.end(),
                      other.items.begin() + static_cast<std::ptrdiff_t>(other.head), other.items.end());
  }
};

// A bubble of testing/synctest: goroutines on a clock of their own, which moves when all of them are durably
// blocked. See bubble.h.
struct Bubble {
  uint64_t now = 0;
  uint32_t root = kNoGoroutine, main = kNoGoroutine, waiter = kNoGoroutine;
  uint64_t total = 1, running = 1;  // its goroutines, and those that are not durably blocked
  uint64_t active = 0;              // wake-ups under way, and holds: the bubble is not idle
  bool done = false;                // main is over
  std::vector<uint32_t> timer_heap;
  bool operator==(const Bubble&) const = default;
};

struct Scheduler {
  explicit Scheduler(uint64_t seed = 1) : random(seed) {}

  std::vector<Goroutine> goroutines;  // by index; dead ones are recycled
  std::vector<uint32_t> free;         // dead goroutines, last one first
  uint32_t current = kNoGoroutine;
  uint32_t runnext = kNoGoroutine;
  RunQueue local;  // the P's, at most 256
  RunQueue global;
  uint32_t last_run = kNoGoroutine;  // the goroutine that the trace saw run last
  uint32_t tick = 6;                 // schedules so far (the runtime has had its own before main)
  bool inherit_time = false;         // the one picked goes on with its predecessor's slice
  uint64_t slice_end = 0;            // step at which the running goroutine is preempted
  uint64_t next_id = 1;              // Go ids: main is 1, the runtime's own goroutines take some
  std::vector<Timer> timers;
  std::vector<uint32_t> free_timers;
  std::vector<uint32_t> timer_heap;  // active timers by when, then order; those of bubbles are theirs
  std::vector<Bubble> bubbles;       // by number - 1
  uint64_t timer_order = 0;
  std::vector<FiredTimer> fired;          // whose functions the vm has to run
  uint64_t clock_base_ns = kStartTimeNs;  // now = this + steps * kStepNs
  bool async_timers = false;              // GODEBUG=asynctimerchan: channels of timers are like others
  uint64_t wall_offset_ns = 0;            // by which the program's wall clock is ahead of that
  std::vector<SemaQueue> semaphores;
  RecordPool free_sudogs{128}, free_defers{32};
  Random random;
  uint32_t finalizer_goroutine = kNoGoroutine;  // readied at a pick while specials wait for it
  bool main_exited = false;                     // main called runtime.Goexit

  Goroutine& at(uint32_t index) { return goroutines[index]; }
  const Goroutine& at(uint32_t index) const { return goroutines[index]; }
  Goroutine& running() { return goroutines[current]; }
  bool operator==(const Scheduler&) const = default;
};

// --- life of a goroutine ---

// `go`: makes a goroutine that will run `function` and puts it in runnext; kNoGoroutine when memory is
// out. `system` goroutines do not count for deadlocks; `origin` is that of a new record.
uint32_t Start(Scheduler& sched, World& world, Address function, uint64_t create_pc, bool system,
               trace::OriginId origin = {}, trace::StringId name = {});
// The running goroutine has returned from its function or called Goexit: frees its stack as the
// runtime does (one that grew is given back, a standard one stays with the dead goroutine).
void Exit(Scheduler& sched, World& world);
// The running goroutine waits for `reason`; `object` is what it waits on, for the trace.
void Park(Scheduler& sched, World& world, WaitReason reason, Address object);
// The same, at most until a time of the virtual clock (0: no end).
void ParkUntil(Scheduler& sched, World& world, WaitReason reason, uint64_t when);
// Makes a waiting goroutine runnable, in runnext.
void Ready(Scheduler& sched, World& world, uint32_t goroutine);
// Ready for one that ParkUntil put to rest, if it still rests.
void ReadyEarly(Scheduler& sched, World& world, uint32_t goroutine);
// The running goroutine waits in a coroutine's place; `target`, which did, runs now.
void HandOver(Scheduler& sched, World& world, uint32_t target);
// The running goroutine is over; `target`, which waited in a coroutine's place, runs now.
void ExitTo(Scheduler& sched, World& world, uint32_t target);
// runtime.goyield: to the local queue's tail (after a semaphore was handed over).
void YieldLocal(Scheduler& sched, World& world);
// runtime.Gosched: to the global queue's tail.
void Yield(Scheduler& sched, World& world);
// End of the time slice: to the global queue's tail.
void Preempt(Scheduler& sched, World& world);

enum class Picked : uint8_t {
  kGoroutine,  // sched.current runs now
  kTimers,     // timers fired: run them (TakeFired), then pick again
  kDeadlock,   // "all goroutines are asleep - deadlock!"
  kMainGone,   // "no goroutines (main called runtime.Goexit) - deadlock!"
};
// Chooses what runs next; when all sleep, moves the clock to the next timer.
Picked PickNext(Scheduler& sched, World& world);
// The next timer due whose function the vm has to run, if any (sleeps are handled inside).
bool TakeFired(Scheduler& sched, World& world, FiredTimer* fired);

// Goroutines that a program can count (runtime.NumGoroutine).
uint64_t NumGoroutine(const Scheduler& sched);
// "fatal error" text of a deadlock.
std::string_view DeadlockText(Picked picked);

// --- time ---

// Nanoseconds since 1970 of the virtual clock.
inline uint64_t Now(const Scheduler& sched, const World& world) {
  return sched.clock_base_ns + world.steps * kStepNs;
}
// time.Sleep of the running goroutine; false: it does not block (ns ≤ 0).
bool Sleep(Scheduler& sched, World& world, int64_t ns);
// A timer slot for the runtime part of a time.Timer.
uint32_t NewTimer(Scheduler& sched);
// Gives the slot back (its time.Timer died).
void FreeTimer(Scheduler& sched, uint32_t timer);
// Arms or re-arms; returns whether it was active.
bool ResetTimer(Scheduler& sched, World& world, uint32_t timer, uint64_t when, uint64_t period);
// Disarms; returns whether it was active.
bool StopTimer(Scheduler& sched, World& world, uint32_t timer);

// --- semaphores (sync) ---

// Takes one from the count at `address` (true), or parks behind the other waiters, or before them if `lifo`
// (false): the vm calls it again when the goroutine runs again.
bool SemAcquire(Scheduler& sched, World& world, Address address, bool lifo, WaitReason reason);
// Adds one and readies the first waiter. With `handoff` that waiter gets the count, and the result true says
// that the caller must yield to it now (YieldLocal).
bool SemRelease(Scheduler& sched, World& world, Address address, bool handoff);
// sync.Cond's notifyList at its modelled address: wait uint32 0, notify uint32 4, lock 8, head 16, tail 24.
uint32_t NotifyListAdd(World& world, Address list);
// False: parked; to be called again when the goroutine runs again.
bool NotifyListWait(Scheduler& sched, World& world, Address list, uint32_t ticket);
// These stop at a goroutine of a bubble that the running one is not in, and return it (else kNoGoroutine).
uint32_t NotifyListNotifyAll(Scheduler& sched, World& world, Address list);
uint32_t NotifyListNotifyOne(Scheduler& sched, World& world, Address list);

// --- what the collector and the stack mover need ---

// A cycle starts: the stacks of dead goroutines are given back.
void FreeDeadStacks(Scheduler& sched, World& world);
// Every slot of the scheduler that points into the heap.
void VisitRoots(Scheduler& sched, World& world, memory::SlotVisitor& visitor);
// When marking is over: visits what timers need that the program still has, or its channel.
void VisitKeptTimers(Scheduler& sched, World& world, memory::SlotVisitor& visitor);
// Frees the timers that the program can reach no more.
void DropUnmarkedTimers(Scheduler& sched, World& world);
// Moves the sudog elements of a goroutine whose stack moved from `old` to `now`.
void MoveSudogs(Scheduler& sched, World& world, uint32_t goroutine, const memory::Stack& old,
                const memory::Stack& now, memory::SlotVisitor& visitor);

}  // namespace escapement::sched
