// Timers on the virtual clock, as PickNext uses them.
#pragma once

#include <cstdint>

#include "engine/sched/scheduler.h"

namespace escapement::sched {

constexpr uint64_t kNoTimer = ~uint64_t{0};

// Wakes the sleepers that are due and collects the timers whose functions are. True if there are such.
bool RunTimers(Scheduler& sched, World& world);

// When the next timer that somebody waits for is due; kNoTimer if there is none.
uint64_t NextTimer(const Scheduler& sched, const World& world);

}  // namespace escapement::sched
