#include "engine/sched/scheduler.h"

#include <algorithm>
#include <utility>

#include "engine/base/check.h"
#include "engine/memory/sweep.h"
#include "engine/sched/bubble.h"
#include "engine/sched/channel.h"
#include "engine/sched/timers.h"

namespace escapement::sched {

namespace {

using trace::Kind;

constexpr size_t kLocalQueue = 256;
// Every so many schedules the global queue is looked at first.
constexpr uint32_t kGlobalTick = 61;
// The runtime's g object, and the one word of it that this model fills.
constexpr uint64_t kGMask = 1 << 4;

constexpr std::string_view kReasons[] = {
#define WAIT_REASON(name, text) text,
#include "engine/sched/wait_reasons.def"
};

// Puts a runnable goroutine into runnext, or at the local queue's tail; half of a full local queue moves on.
void RunQueuePut(Scheduler& sched, uint32_t goroutine, bool next) {
  if (next) {
    std::swap(goroutine, sched.runnext);
    if (goroutine == kNoGoroutine) return;
  }
  if (sched.local.size() < kLocalQueue) {
    sched.local.Push(goroutine);
    return;
  }
  for (size_t i = 0; i < kLocalQueue / 2; ++i) sched.global.Push(sched.local.Pop());
  sched.global.Push(goroutine);
}

// The next runnable goroutine; kNoGoroutine if there is none.
uint32_t Find(Scheduler& sched, World& world, bool* inherit) {
  *inherit = false;
  if (sched.tick % kGlobalTick == 0 && !sched.global.empty()) return sched.global.Pop();
  uint32_t finalizers = sched.finalizer_goroutine;
  if (finalizers != kNoGoroutine && !world.specials.ready.empty() &&
      sched.at(finalizers).status == Status::kWaiting)
    Ready(sched, world, finalizers);
  if (sched.runnext != kNoGoroutine) {
    *inherit = true;
    return std::exchange(sched.runnext, kNoGoroutine);
  }
  if (!sched.local.empty()) return sched.local.Pop();
  if (sched.global.empty()) return kNoGoroutine;
  uint32_t first = sched.global.Pop();
  for (size_t n = std::min(kLocalQueue / 2 - 1, sched.global.size()); n > 0; --n)
    sched.local.Push(sched.global.Pop());
  return first;
}

// Gives a new goroutine its stack: a recycled one gets the adaptive size, a fresh one the smallest.
bool GiveStack(Goroutine& g, World& world) {
  if (g.stack.lo != 0 && g.stack.size() != StartingStackSize(world)) {
    FreeStack(world, g.stack, g.id);
    g.stack = {};
  }
  if (g.stack.lo == 0)
    g.stack = AllocateStack(world, g.fresh ? world.options.stack_start : StartingStackSize(world), g.id);
  g.guard = g.stack.lo + memory::kStackGuard;
  return g.stack.lo != 0;
}

void Switch(Scheduler& sched, World& world, uint32_t index, bool inherit) {
  Goroutine& g = sched.at(index);
  ENSURE(g.status == Status::kRunnable, "only a runnable goroutine can run");
  g.status = Status::kRunning;
  g.reason = WaitReason::kNone;
  g.preempt = false;
  sched.current = index;
  sched.inherit_time = inherit;
  if (!inherit) ++sched.tick;
  if (!inherit || world.steps >= sched.slice_end) sched.slice_end = world.steps + kSliceSteps;
  if (sched.last_run != index) {
    sched.last_run = index;
    world.Emit(Kind::GoRun, 0, 0, Low(g.id));
  }
}

}  // namespace

std::string_view Text(WaitReason reason) {
  return kReasons[static_cast<size_t>(reason)];
}

uint32_t Start(Scheduler& sched, World& world, Address function, uint64_t create_pc, bool system,
               trace::OriginId origin, trace::StringId name) {
  uint32_t index;
  if (sched.free.empty()) {
    Address record = AllocateMasked(world, kGBytes, kGMask, memory::kRuntimeObject, origin);
    if (record == 0) return kNoGoroutine;
    index = static_cast<uint32_t>(sched.goroutines.size());
    sched.goroutines.emplace_back();
    sched.goroutines.back().record = record;
  } else {
    index = sched.free.back();
    sched.free.pop_back();
    Goroutine recycled;
    recycled.fresh = false;
    recycled.stack = sched.at(index).stack;
    recycled.record = sched.at(index).record;
    sched.at(index) = recycled;
  }
  Goroutine& g = sched.at(index);
  g.id = sched.next_id++;
  uint64_t parent = sched.current == kNoGoroutine ? 0 : sched.running().id;
  world.Emit(Kind::GoStart, 0, 0, Low(g.id), Low(parent), name.index,
             world.log ? world.log->stack.index : trace::StackId::kNone);
  if (!GiveStack(g, world)) {
    g.status = Status::kDead;
    sched.free.push_back(index);
    return kNoGoroutine;
  }
  g.sp = g.stack.hi - memory::kStackTopReserve;
  g.function = function;
  g.create_pc = create_pc;
  g.parent = parent;
  g.system = system;
  g.status = Status::kRunnable;
  if (!system && sched.current != kNoGoroutine) g.bubble = sched.running().bubble;
  CountStart(sched, index);
  RunQueuePut(sched, index, true);
  return index;
}

void Exit(Scheduler& sched, World& world) {
  Goroutine& g = sched.running();
  if (g.id == 1) sched.main_exited = true;
  g.status = Status::kDead;
  g.function = g.param = g.waiting = 0;
  if (g.timer != ~0u) {
    FreeTimer(sched, g.timer);
    g.timer = ~0u;
    g.timer_record = 0;
  }
  world.Emit(Kind::GoExit, 0, 0, Low(g.id));
  if (g.stack.size() != StartingStackSize(world)) {
    FreeStack(world, g.stack, g.id);
    g.stack = {};
  }
  // Model: one list of dead goroutines; the runtime moves halves of 64 between its P and a shared one.
  sched.free.push_back(sched.current);
  CountExit(sched, world, sched.current);
  sched.current = kNoGoroutine;
}

void Park(Scheduler& sched, World& world, WaitReason reason, Address object) {
  Goroutine& g = sched.running();
  g.status = Status::kWaiting;
  g.reason = reason;
  g.wait_since_ns = Now(sched, world);
  world.Emit(Kind::GoBlock, 0, static_cast<uint16_t>(reason), Low(g.id), Low(object), 0,
             world.log ? world.log->stack.index : trace::StackId::kNone);
  CountBlocked(sched, world, sched.current);
}

void Ready(Scheduler& sched, World& world, uint32_t index) {
  Goroutine& g = sched.at(index);
  ENSURE(g.status == Status::kWaiting, "only a waiting goroutine can be readied");
  g.status = Status::kRunnable;
  CountReady(sched, index);
  bool by_goroutine = sched.current != kNoGoroutine && sched.running().status == Status::kRunning;
  world.Emit(Kind::GoUnblock, 0, 0, Low(g.id), by_goroutine ? Low(sched.running().id) : 0);
  RunQueuePut(sched, index, true);
}

void HandOver(Scheduler& sched, World& world, uint32_t target) {
  uint32_t from = sched.current;
  CountReady(sched, target);
  sched.at(target).status = Status::kRunning;
  sched.at(from).status = Status::kWaiting;
  sched.at(from).reason = WaitReason::kCoroutine;
  CountBlocked(sched, world, from);
  sched.current = target;
}

void ExitTo(Scheduler& sched, World& world, uint32_t target) {
  CountReady(sched, target);
  sched.at(target).status = Status::kRunning;
  Exit(sched, world);
  sched.current = target;
}

void YieldLocal(Scheduler& sched, World&) {
  sched.running().status = Status::kRunnable;
  RunQueuePut(sched, sched.current, false);
}

void Yield(Scheduler& sched, World&) {
  sched.running().status = Status::kRunnable;
  sched.global.Push(sched.current);
}

void Preempt(Scheduler& sched, World& world) {
  Yield(sched, world);
}

Picked PickNext(Scheduler& sched, World& world) {
  for (;;) {
    world.now_ns = Now(sched, world);
    if (RunTimers(sched, world)) return Picked::kTimers;
    bool inherit;
    uint32_t next = Find(sched, world, &inherit);
    if (next != kNoGoroutine) {
      Switch(sched, world, next, inherit);
      return Picked::kGoroutine;
    }
    // The runtime sweeps in the background when nothing else runs; finalizers may come of it.
    if (!memory::SweepDone(world)) {
      memory::FinishSweep(world);
      continue;
    }
    uint64_t when = NextTimer(sched, world);
    if (when == kNoTimer) {
      for (const Goroutine& g : sched.goroutines)
        if (!g.system && g.status == Status::kWaiting) return Picked::kDeadlock;
      return Picked::kMainGone;
    }
    // All sleep: the clock jumps.
    uint64_t now = Now(sched, world);
    if (when > now) {
      sched.clock_base_ns += when - now;
      world.Emit(Kind::ClockAdvance, 0, 0, Low(when), Low(when >> 32));
    }
  }
}

uint64_t NumGoroutine(const Scheduler& sched) {
  uint64_t n = 0;
  for (const Goroutine& g : sched.goroutines)
    n += !g.system && g.status != Status::kDead && g.status != Status::kIdle;
  return n;
}

std::string_view DeadlockText(Picked picked) {
  return picked == Picked::kMainGone ? "no goroutines (main called runtime.Goexit) - deadlock!"
                                     : "all goroutines are asleep - deadlock!";
}

void FreeDeadStacks(Scheduler& sched, World& world) {
  for (uint32_t index : sched.free) {
    Goroutine& g = sched.at(index);
    if (g.stack.lo == 0) continue;
    FreeStack(world, g.stack, g.id);
    g.stack = {};
  }
}

void VisitRoots(Scheduler& sched, World& world, memory::SlotVisitor& visitor) {
  for (Goroutine& g : sched.goroutines)
    for (Address* slot : {&g.record, &g.function, &g.waiting, &g.param, &g.sema_sudog, &g.timer_record})
      visitor.Visit(slot);
  sched.free_sudogs.Visit(visitor);
  sched.free_defers.Visit(visitor);
  for (Timer& timer : sched.timers) {
    if (!timer.active || IsWeak(world, timer)) continue;
    for (Address* slot : {&timer.function, &timer.arg, &timer.object, &timer.channel}) visitor.Visit(slot);
  }
  for (uint32_t i = 0; i < sched.fired.size(); ++i)
    for (Address* slot : {&sched.fired[i].function, &sched.fired[i].arg}) visitor.Visit(slot);
  for (SemaQueue& queue : sched.semaphores)
    for (SemaWaiter& waiter : queue.waiters) visitor.Visit(&waiter.sudog);
}

void MoveSudogs(Scheduler& sched, World& world, uint32_t goroutine, const memory::Stack& old,
                const memory::Stack& now, memory::SlotVisitor& visitor) {
  Goroutine& g = sched.at(goroutine);
  if (old.Contains(g.sp)) g.sp += now.hi - old.hi;
  g.guard = now.lo + memory::kStackGuard;
  for (Address sudog = g.waiting; sudog; sudog = world.space.LoadPointer(sudog + Sudog::kWaitLink))
    visitor.Visit(reinterpret_cast<uint64_t*>(world.space.Host(sudog + Sudog::kElem)));
}

}  // namespace escapement::sched
