// Timers on the virtual clock, as PickNext uses them.
#pragma once

#include <cstdint>

#include "engine/sched/scheduler.h"

namespace escapement::sched {

constexpr uint64_t kNoTimer = ~uint64_t{0};

// Wakes the sleepers that are due and collects the timers whose functions are. True if there are such.
bool RunTimers(Scheduler& sched, World& world);

// Whether a pending timer does not keep itself alive: it has a channel, and nobody is blocked on that (since
// Go 1.23). A bubble's timers all do.
bool IsWeak(const World& world, const Timer& timer);

// When the next timer that somebody waits for is due; kNoTimer if there is none.
uint64_t NextTimer(const Scheduler& sched, const World& world);

// When the first of a bubble's timers is due; kNoTimer if it has none.
uint64_t NextInBubble(const Scheduler& sched, const Bubble& bubble);

// Takes a timer that is due at `now` or before off its heap: wakes its sleeper, or puts into *fired what is
// to be run (true).
bool Fire(Scheduler& sched, World& world, uint32_t timer, uint64_t now, FiredTimer* fired);

// The clock that the running goroutine sees: its bubble's, or Now.
uint64_t NowInGoroutine(Scheduler& sched, const World& world);

}  // namespace escapement::sched
