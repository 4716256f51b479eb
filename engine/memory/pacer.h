// Pacer: when the next collection starts. The goal is what is marked, plus as much again
// of heap, stacks and globals times GOGC/100; the trigger lies before it.
#pragma once

#include <array>
#include <cstdint>

namespace escapement::memory {

struct World;

struct Pacer {
  // Settings.
  int32_t gc_percent = 100;                // GOGC; negative is off
  int64_t memory_limit = INT64_MAX;        // GOMEMLIMIT
  uint64_t heap_minimum_at_100 = 4 << 20;  // an option of ours; Go fixes 4 MiB

  // Of the last cycle: what was marked and scanned.
  uint64_t heap_marked = 0;
  uint64_t last_heap_scan = 0, last_stack_scan = 0, globals_scan = 0;
  double cons_mark = 0;  // bytes allocated for each byte of mark work
  std::array<double, 4> last_cons_mark{};
  uint64_t triggered = ~uint64_t{0};  // live heap when the running cycle started

  // Derived by CommitPacer.
  uint64_t percent_goal = 4 << 20;
  uint64_t sweep_minimum_trigger = 0;
  uint64_t runway = 0;

  bool operator==(const Pacer&) const = default;
};

// Recomputes what depends on the settings and the last cycle; `sweep_done` as of now.
void CommitPacer(World& world, bool sweep_done);
// The heap size that the next (or running) cycle aims at: MemStats.NextGC.
uint64_t HeapGoal(const World& world);
// The heap size at which the next cycle starts.
uint64_t GCTrigger(const World& world);
// Learns from a finished mark phase how fast the program allocates against marking.
void EndCycle(World& world);

}  // namespace escapement::memory
