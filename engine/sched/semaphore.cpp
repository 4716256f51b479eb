// Semaphores and notify lists: what sync.Mutex, WaitGroup, Cond and the rest sleep on.

#include "engine/sched/channel.h"
#include "engine/sched/scheduler.h"

namespace escapement::sched {

namespace {

// Takes one from the count if there is one.
bool TryAcquire(World& world, Address address) {
  uint32_t count = world.space.Load<uint32_t>(address);
  if (count == 0) return false;
  world.space.Store<uint32_t>(address, count - 1);
  return true;
}

SemaQueue* FindQueue(Scheduler& sched, Address address) {
  for (SemaQueue& queue : sched.semaphores)
    if (queue.address == address) return &queue;
  return nullptr;
}

// Offsets of sync.notifyList.
constexpr uint32_t kWait = 0, kNotify = 4, kHead = 16, kTail = 24;

}  // namespace

bool SemAcquire(Scheduler& sched, World& world, Address address, bool lifo, WaitReason reason) {
  Goroutine& g = sched.running();
  bool ticket = g.sema_woken && g.sema_ticket;
  g.sema_woken = g.sema_ticket = false;
  if (ticket || TryAcquire(world, address)) {
    if (g.sema_sudog) ReleaseSudog(sched, world, g.sema_sudog);
    g.sema_sudog = 0;
    return true;
  }
  if (g.sema_sudog == 0) g.sema_sudog = AcquireSudog(sched, world);
  SemaQueue* queue = FindQueue(sched, address);
  if (queue == nullptr) {
    sched.semaphores.push_back({address, {}});
    queue = &sched.semaphores.back();
  }
  SemaWaiter waiter{sched.current, g.sema_sudog};
  queue->waiters.insert(lifo ? queue->waiters.begin() : queue->waiters.end(), waiter);
  Park(sched, world, reason, address);
  return false;
}

bool SemRelease(Scheduler& sched, World& world, Address address, bool handoff) {
  world.space.Store<uint32_t>(address, world.space.Load<uint32_t>(address) + 1);
  SemaQueue* queue = FindQueue(sched, address);
  if (queue == nullptr) return false;
  uint32_t index = queue->waiters.front().goroutine;
  queue->waiters.erase(queue->waiters.begin());
  if (queue->waiters.empty()) {
    *queue = std::move(sched.semaphores.back());
    sched.semaphores.pop_back();
  }
  Goroutine& g = sched.at(index);
  g.sema_woken = true;
  g.sema_ticket = handoff && TryAcquire(world, address);
  Ready(sched, world, index);
  return g.sema_ticket;
}

uint32_t NotifyListAdd(World& world, Address list) {
  uint32_t ticket = world.space.Load<uint32_t>(list + kWait);
  world.space.Store<uint32_t>(list + kWait, ticket + 1);
  return ticket;
}

bool NotifyListWait(Scheduler& sched, World& world, Address list, uint32_t ticket) {
  Goroutine& g = sched.running();
  if (g.sema_woken) {
    g.sema_woken = false;
    ReleaseSudog(sched, world, g.sema_sudog);
    g.sema_sudog = 0;
    return true;
  }
  // Tickets wrap around: compare by distance.
  if (static_cast<int32_t>(ticket - world.space.Load<uint32_t>(list + kNotify)) < 0) return true;
  Address sudog = AcquireSudog(sched, world);
  g.sema_sudog = sudog;
  world.space.Store<uint64_t>(sudog + Sudog::kG, sched.current + 1);
  world.space.Store<uint32_t>(sudog + Sudog::kTicket, ticket);
  Address tail = world.space.LoadPointer(list + kTail);
  Address link = tail ? tail + Sudog::kNext : list + kHead;
  WriteBarrier(world, link, sudog);
  world.space.Store<uint64_t>(link, sudog);
  WriteBarrier(world, list + kTail, sudog);
  world.space.Store<uint64_t>(list + kTail, sudog);
  Park(sched, world, WaitReason::kSyncCondWait, list);
  return false;
}

namespace {

uint32_t Waiter(const World& world, Address sudog) {
  return static_cast<uint32_t>(world.space.Load<uint64_t>(sudog + Sudog::kG)) - 1;
}

// Whether the goroutine in the list belongs to a bubble that the running one is not in.
bool IsForeign(Scheduler& sched, const World& world, Address sudog) {
  uint32_t bubble = sched.at(Waiter(world, sudog)).bubble;
  return bubble != 0 && bubble != sched.running().bubble;
}

void Wake(Scheduler& sched, World& world, Address sudog) {
  world.space.Store<uint64_t>(sudog + Sudog::kNext, 0);
  uint32_t index = Waiter(world, sudog);
  sched.at(index).sema_woken = true;
  Ready(sched, world, index);
}

}  // namespace

uint32_t NotifyListNotifyAll(Scheduler& sched, World& world, Address list) {
  uint32_t wait = world.space.Load<uint32_t>(list + kWait);
  if (wait == world.space.Load<uint32_t>(list + kNotify)) return kNoGoroutine;
  Address sudog = world.space.LoadPointer(list + kHead);
  world.space.Store<uint64_t>(list + kHead, 0);
  world.space.Store<uint64_t>(list + kTail, 0);
  world.space.Store<uint32_t>(list + kNotify, wait);
  while (sudog) {
    Address next = world.space.LoadPointer(sudog + Sudog::kNext);
    if (IsForeign(sched, world, sudog)) return Waiter(world, sudog);
    Wake(sched, world, sudog);
    sudog = next;
  }
  return kNoGoroutine;
}

uint32_t NotifyListNotifyOne(Scheduler& sched, World& world, Address list) {
  uint32_t ticket = world.space.Load<uint32_t>(list + kNotify);
  if (ticket == world.space.Load<uint32_t>(list + kWait)) return kNoGoroutine;
  world.space.Store<uint32_t>(list + kNotify, ticket + 1);
  Address previous = 0;
  for (Address sudog = world.space.LoadPointer(list + kHead); sudog;
       previous = sudog, sudog = world.space.LoadPointer(sudog + Sudog::kNext)) {
    if (world.space.Load<uint32_t>(sudog + Sudog::kTicket) != ticket) continue;
    Address next = world.space.LoadPointer(sudog + Sudog::kNext);
    world.space.Store<uint64_t>(previous ? previous + Sudog::kNext : list + kHead, next);
    if (next == 0) world.space.Store<uint64_t>(list + kTail, previous);
    if (IsForeign(sched, world, sudog)) return Waiter(world, sudog);
    Wake(sched, world, sudog);
    return kNoGoroutine;
  }
  return kNoGoroutine;
}

}  // namespace escapement::sched
