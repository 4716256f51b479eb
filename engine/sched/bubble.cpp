#include "engine/sched/bubble.h"

#include "engine/base/check.h"
#include "engine/sched/timers.h"

namespace escapement::sched {

namespace {

// An idle bubble wakes somebody: the root for timers that are due, else who waits for it to be idle, else the
// root.
void WakeIfIdle(Scheduler& sched, World& world, Bubble& bubble) {
  if (bubble.running > 0 || bubble.active > 0) return;
  ++bubble.active;  // until the one that is woken runs
  uint64_t next = NextInBubble(sched, bubble);
  bool due = next != kNoTimer && next <= bubble.now;
  Ready(sched, world, due || bubble.waiter == kNoGoroutine ? bubble.root : bubble.waiter);
}

}  // namespace

bool IsDurable(WaitReason reason) {
  switch (reason) {
    case WaitReason::kChanReceiveNilChan:
    case WaitReason::kChanSendNilChan:
    case WaitReason::kSelectNoCases:
    case WaitReason::kSleep:
    case WaitReason::kSyncCondWait:
    case WaitReason::kCoroutine:
    case WaitReason::kSynctestRun:
    case WaitReason::kSynctestWait:
    case WaitReason::kSynctestChanReceive:
    case WaitReason::kSynctestChanSend:
    case WaitReason::kSynctestSelect:
    case WaitReason::kSynctestWaitGroupWait:
      return true;
    default:
      return false;
  }
}

Bubble* BubbleOf(Scheduler& sched, uint32_t goroutine) {
  uint32_t number = sched.at(goroutine).bubble;
  return number == 0 ? nullptr : &sched.bubbles[number - 1];
}

void EnterBubble(Scheduler& sched) {
  Bubble bubble;
  bubble.now = kBubbleStartNs;
  bubble.root = sched.current;
  sched.bubbles.push_back(bubble);
  sched.running().bubble = static_cast<uint32_t>(sched.bubbles.size());
}

bool TakeBubbleTimer(Scheduler& sched, World& world, FiredTimer* fired) {
  Bubble& bubble = *BubbleOf(sched, sched.current);
  while (NextInBubble(sched, bubble) <= bubble.now)
    if (Fire(sched, world, bubble.timer_heap.front(), bubble.now, fired)) return true;
  return false;
}

bool TakeIfDue(Scheduler& sched, World& world, uint32_t id, FiredTimer* fired) {
  const Bubble& bubble = *BubbleOf(sched, sched.current);
  const Timer& timer = sched.timers[id];
  if (!timer.active || sched.at(sched.current).bubble != timer.bubble || timer.when > bubble.now)
    return false;
  return Fire(sched, world, id, bubble.now, fired);
}

BubbleStep AwaitBubble(Scheduler& sched, World& world, bool resumed) {
  Bubble& bubble = *BubbleOf(sched, sched.current);
  if (!resumed) {
    Park(sched, world, WaitReason::kSynctestRun, 0);
    return BubbleStep::kBlocked;
  }
  --bubble.active;
  uint64_t next = NextInBubble(sched, bubble);
  if (next == kNoTimer || bubble.done) return BubbleStep::kOver;
  ENSURE(next >= bubble.now, "a bubble's clock goes forward");
  bubble.now = next;
  return BubbleStep::kTimers;
}

bool WaitInBubble(Scheduler& sched, World& world, bool resumed) {
  Bubble& bubble = *BubbleOf(sched, sched.current);
  if (resumed) {
    --bubble.active;
    bubble.waiter = kNoGoroutine;
    return true;
  }
  bubble.waiter = sched.current;
  Park(sched, world, WaitReason::kSynctestWait, 0);
  return false;
}

void HoldBubble(Scheduler& sched, World& world, uint32_t number, bool hold) {
  Bubble& bubble = sched.bubbles[number - 1];
  if (hold) {
    ++bubble.active;
    return;
  }
  --bubble.active;
  WakeIfIdle(sched, world, bubble);
}

void CountStart(Scheduler& sched, uint32_t goroutine) {
  Bubble* bubble = BubbleOf(sched, goroutine);
  if (bubble == nullptr) return;
  if (bubble->main == kNoGoroutine) bubble->main = goroutine;
  ++bubble->total;
  ++bubble->running;
}

void CountBlocked(Scheduler& sched, World& world, uint32_t goroutine) {
  Bubble* bubble = BubbleOf(sched, goroutine);
  if (bubble == nullptr || !IsDurable(sched.at(goroutine).reason)) return;
  --bubble->running;
  WakeIfIdle(sched, world, *bubble);
}

void CountReady(Scheduler& sched, uint32_t goroutine) {
  Bubble* bubble = BubbleOf(sched, goroutine);
  if (bubble != nullptr && IsDurable(sched.at(goroutine).reason)) ++bubble->running;
}

void CountExit(Scheduler& sched, World& world, uint32_t goroutine) {
  Bubble* bubble = BubbleOf(sched, goroutine);
  if (bubble == nullptr) return;
  sched.at(goroutine).bubble = 0;
  --bubble->total;
  --bubble->running;
  if (goroutine == bubble->main) bubble->done = true;
  WakeIfIdle(sched, world, *bubble);
}

}  // namespace escapement::sched
