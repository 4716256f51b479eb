// Timers: a binary heap by time, first set first among equals. A timer with a channel counts as
// waited for only while a goroutine is blocked on that channel, so that a forgotten ticker
// does not hide a deadlock.

#include "engine/sched/timers.h"

#include "engine/base/check.h"
#include "engine/memory/collector.h"
#include "engine/sched/bubble.h"
#include "engine/sched/channel.h"

namespace escapement::sched {

namespace {

constexpr uint64_t kShortestPeriod = 1000 * kStepNs;

bool Before(const Scheduler& sched, uint32_t a, uint32_t b) {
  const Timer &x = sched.timers[a], &y = sched.timers[b];
  return x.when != y.when ? x.when < y.when : x.order < y.order;
}

// The heap that a timer is in: the scheduler's, or its bubble's.
std::vector<uint32_t>& HeapOf(Scheduler& sched, uint32_t timer) {
  uint32_t bubble = sched.timers[timer].bubble;
  return bubble == 0 ? sched.timer_heap : sched.bubbles[bubble - 1].timer_heap;
}

void Place(Scheduler& sched, std::vector<uint32_t>& heap, size_t at, uint32_t timer) {
  heap[at] = timer;
  sched.timers[timer].heap_index = static_cast<uint32_t>(at);
}

// Moves the timer at `at` to where it belongs.
void Sift(Scheduler& sched, std::vector<uint32_t>& heap, size_t at) {
  uint32_t timer = heap[at];
  while (at > 0 && Before(sched, timer, heap[(at - 1) / 2])) {
    Place(sched, heap, at, heap[(at - 1) / 2]);
    at = (at - 1) / 2;
  }
  for (;;) {
    size_t child = at * 2 + 1;
    if (child >= heap.size()) break;
    if (child + 1 < heap.size() && Before(sched, heap[child + 1], heap[child])) ++child;
    if (!Before(sched, heap[child], timer)) break;
    Place(sched, heap, at, heap[child]);
    at = child;
  }
  Place(sched, heap, at, timer);
}

void Insert(Scheduler& sched, uint32_t timer) {
  sched.timers[timer].active = true;
  // In a bubble, where many timers are due at one time, which of them is first is left to chance.
  sched.timers[timer].order = sched.timers[timer].bubble != 0 ? sched.random.Next() : sched.timer_order++;
  std::vector<uint32_t>& heap = HeapOf(sched, timer);
  heap.push_back(timer);
  Sift(sched, heap, heap.size() - 1);
}

void Remove(Scheduler& sched, uint32_t timer) {
  size_t at = sched.timers[timer].heap_index;
  std::vector<uint32_t>& heap = HeapOf(sched, timer);
  uint32_t last = heap.back();
  heap.pop_back();
  sched.timers[timer].active = false;
  sched.timers[timer].heap_index = ~0u;
  if (last == timer) return;
  Place(sched, heap, at, last);
  Sift(sched, heap, at);
}

// Whether somebody waits for the timer: a timer with a channel that nobody receives from is left alone.
bool Awaited(const World& world, const Timer& timer) {
  return timer.channel == 0 || world.space.LoadPointer(timer.channel + Hchan::kRecvFirst) != 0;
}

// Takes a value that the timer sent and nobody received out of its channel.
bool Drain(World& world, const Timer& timer) {
  if (timer.channel == 0 || world.space.Load<uint64_t>(timer.channel + Hchan::kCount) == 0) return false;
  world.space.Store<uint64_t>(timer.channel + Hchan::kCount, 0);
  world.space.Store<uint64_t>(timer.channel + Hchan::kRecvX,
                              world.space.Load<uint64_t>(timer.channel + Hchan::kSendX));
  return true;
}

// Drops what the timer was about to run.
bool DropFired(Scheduler& sched, uint32_t timer) {
  return std::erase_if(sched.fired, [&](const FiredTimer& f) { return f.timer == timer; }) != 0;
}

// Sets the running goroutine's own timer, which wakes it.
void WakeAt(Scheduler& sched, uint64_t when, uint32_t bubble) {
  Goroutine& g = sched.running();
  if (g.timer == ~0u) {
    g.timer = NewTimer(sched);
    sched.timers[g.timer].sleep = true;
    sched.timers[g.timer].goroutine = sched.current;
  }
  sched.timers[g.timer].bubble = bubble;
  sched.timers[g.timer].when = when;
  Insert(sched, g.timer);
}

}  // namespace

bool Fire(Scheduler& sched, World& world, uint32_t id, uint64_t now, FiredTimer* fired) {
  Timer& timer = sched.timers[id];
  int64_t late = static_cast<int64_t>(now - timer.when);
  Remove(sched, id);
  if (timer.sleep) {
    Ready(sched, world, timer.goroutine);
    return false;
  }
  *fired = {id, timer.function, timer.arg_type, timer.arg, timer.seq, late};
  for (Address found : {timer.function, timer.arg, timer.object, timer.channel})
    memory::KeepFound(world, found);
  if (timer.period) {
    timer.when += timer.period * (1 + static_cast<uint64_t>(late) / timer.period);
    // Model: a step takes longer than a nanosecond; a period shorter than what firing takes would leave no
    // time for anything else. A bubble's clock stands still meanwhile.
    if (timer.bubble == 0) timer.when = std::max(timer.when, now + kShortestPeriod);
    Insert(sched, id);
  }
  return true;
}

bool IsWeak(const World& world, const Timer& timer) {
  return timer.bubble == 0 && timer.channel != 0 && !Awaited(world, timer);
}

void VisitKeptTimers(Scheduler& sched, World& world, memory::SlotVisitor& visitor) {
  for (Timer& timer : sched.timers) {
    if (timer.object == 0) continue;
    bool kept =
        memory::IsMarked(world, timer.object) || (timer.channel && memory::IsMarked(world, timer.channel));
    if (!kept) continue;
    for (Address* slot : {&timer.function, &timer.arg, &timer.object, &timer.channel}) visitor.Visit(slot);
  }
}

void DropUnmarkedTimers(Scheduler& sched, World& world) {
  for (uint32_t id = 0; id < sched.timers.size(); ++id)
    if (sched.timers[id].object != 0 && !memory::IsMarked(world, sched.timers[id].object))
      FreeTimer(sched, id);
}

bool RunTimers(Scheduler& sched, World& world) {
  uint64_t now = Now(sched, world);
  while (!sched.timer_heap.empty() && sched.timers[sched.timer_heap.front()].when <= now) {
    FiredTimer fired;
    if (Fire(sched, world, sched.timer_heap.front(), now, &fired)) sched.fired.push_back(fired);
  }
  return !sched.fired.empty();
}

uint64_t NextInBubble(const Scheduler& sched, const Bubble& bubble) {
  return bubble.timer_heap.empty() ? kNoTimer : sched.timers[bubble.timer_heap.front()].when;
}

uint64_t NowInGoroutine(Scheduler& sched, const World& world) {
  const Bubble* bubble = BubbleOf(sched, sched.current);
  return bubble ? bubble->now : Now(sched, world);
}

uint64_t NextTimer(const Scheduler& sched, const World& world) {
  uint64_t when = kNoTimer;
  if (sched.timer_heap.empty()) return when;
  if (Awaited(world, sched.timers[sched.timer_heap.front()]))
    return sched.timers[sched.timer_heap.front()].when;
  for (uint32_t id : sched.timer_heap)
    if (Awaited(world, sched.timers[id])) when = std::min(when, sched.timers[id].when);
  return when;
}

bool TakeFired(Scheduler& sched, World&, FiredTimer* fired) {
  if (sched.fired.empty()) return false;
  *fired = sched.fired.front();
  sched.fired.erase(sched.fired.begin());
  return true;
}

bool Sleep(Scheduler& sched, World& world, int64_t ns) {
  if (ns <= 0) return false;
  uint64_t latest = static_cast<uint64_t>(INT64_MAX);
  uint64_t when = std::min(NowInGoroutine(sched, world) + static_cast<uint64_t>(ns), latest);
  WakeAt(sched, when, sched.running().bubble);
  Park(sched, world, WaitReason::kSleep, 0);
  return true;
}

void ParkUntil(Scheduler& sched, World& world, WaitReason reason, uint64_t when) {
  // Model: in a bubble, too, this is a time of the clock outside.
  if (when != 0) WakeAt(sched, when, /*bubble=*/0);
  Park(sched, world, reason, 0);
}

void ReadyEarly(Scheduler& sched, World& world, uint32_t goroutine) {
  Goroutine& g = sched.at(goroutine);
  if (g.status != Status::kWaiting) return;
  if (g.timer != ~0u) StopTimer(sched, world, g.timer);
  Ready(sched, world, goroutine);
}

uint32_t NewTimer(Scheduler& sched) {
  if (sched.free_timers.empty()) {
    sched.timers.emplace_back();
    return static_cast<uint32_t>(sched.timers.size() - 1);
  }
  uint32_t id = sched.free_timers.back();
  sched.free_timers.pop_back();
  sched.timers[id] = Timer();
  return id;
}

void FreeTimer(Scheduler& sched, uint32_t timer) {
  if (sched.timers[timer].active) Remove(sched, timer);
  sched.timers[timer] = Timer();
  sched.free_timers.push_back(timer);
}

bool ResetTimer(Scheduler& sched, World& world, uint32_t timer, uint64_t when, uint64_t period) {
  bool pending = StopTimer(sched, world, timer);
  sched.timers[timer].when = when;
  sched.timers[timer].period = period;
  ++sched.timers[timer].seq;
  Insert(sched, timer);
  return pending;
}

bool StopTimer(Scheduler& sched, World& world, uint32_t timer) {
  Timer& t = sched.timers[timer];
  bool pending = t.active;
  if (t.active) Remove(sched, timer);
  // A timer with a channel leaves no stale value behind; a function that has not started does not start.
  if (t.channel) {
    pending |= DropFired(sched, timer);
    pending |= Drain(world, t);
  }
  return pending;
}

}  // namespace escapement::sched
