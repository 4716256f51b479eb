// Bubbles of testing/synctest. The root goroutine (the caller of Run) starts a main one; what those start is
// in the bubble too. When every goroutine in it waits for something that only the bubble itself can bring
// about, the one in Wait goes on, or the root does, which runs timers or moves the bubble's clock.
#pragma once

#include <cstdint>

#include "engine/sched/scheduler.h"

namespace escapement::sched {

// Midnight UTC 2000-01-01, when a bubble's clock starts.
constexpr uint64_t kBubbleStartNs = 946684800ull * 1000000000ull;

// Whether a goroutine of a bubble that waits for `reason` is durably blocked.
bool IsDurable(WaitReason reason);

// The bubble of a goroutine; null if it is in none.
Bubble* BubbleOf(Scheduler& sched, uint32_t goroutine);

// The running goroutine becomes the root of a new bubble.
void EnterBubble(Scheduler& sched);
// The next of the bubble's timers that is due and has a function to run (sleepers are woken inside).
bool TakeBubbleTimer(Scheduler& sched, World& world, FiredTimer* fired);
// The same for one timer of the running goroutine's bubble, if it is due.
bool TakeIfDue(Scheduler& sched, World& world, uint32_t timer, FiredTimer* fired);
// The root waits until the bubble is idle; called again when it runs again (`resumed`), it moves the clock to
// the next timer. kBlocked parks; kOver when nothing is left to wait for.
enum class BubbleStep : uint8_t { kBlocked, kTimers, kOver };
BubbleStep AwaitBubble(Scheduler& sched, World& world, bool resumed);
// The running goroutine waits until all others are durably blocked. False: it is parked, and this is to be
// called again (`resumed`).
bool WaitInBubble(Scheduler& sched, World& world, bool resumed);
// Takes or gives back a hold that keeps the bubble from being idle.
void HoldBubble(Scheduler& sched, World& world, uint32_t bubble, bool hold);

// What the scheduler tells a goroutine's bubble: it starts or stops to be running, is born, is over.
void CountStart(Scheduler& sched, uint32_t goroutine);
void CountBlocked(Scheduler& sched, World& world, uint32_t goroutine);
void CountReady(Scheduler& sched, uint32_t goroutine);
void CountExit(Scheduler& sched, World& world, uint32_t goroutine);

}  // namespace escapement::sched
