// Pacer: when the next collection starts. The goal is what is marked, plus as much again
// of heap, stacks and globals times GOGC/100; the trigger lies before it.
#pragma once

#include <cstdint>

namespace escapement::memory {

struct Pacer {
  // Settings.
  int32_t gc_percent = 100;                // GOGC; negative is off
  int64_t memory_limit = INT64_MAX;        // GOMEMLIMIT
  uint64_t heap_minimum_at_100 = 4 << 20;  // an option of ours; Go fixes 4 MiB

  // Of the last cycle.
  uint64_t heap_marked = 0;
  uint64_t last_heap_scan = 0;
  uint64_t last_stack_scan = 0;
  uint64_t max_stack_scan = 0;
  uint64_t globals_scan = 0;
  double cons_mark = 0;
  uint64_t triggered = ~uint64_t{0};

  // Derived.
  uint64_t heap_minimum = 4 << 20;
  uint64_t gc_percent_goal = 0;
  uint64_t runway = 0;

  // Recomputes what depends on the settings and the last cycle (gcControllerCommit).
  void Commit(bool sweep_done);
  // The heap size that this cycle aims at; `mapped` figures for the memory limit.
  uint64_t HeapGoal() const;
  // The heap size at which the next cycle starts.
  uint64_t Trigger() const;

  // For the memory limit's goal: what is not heap.
  uint64_t total_mapped = 0, heap_free = 0, heap_alloc = 0, overage = 0;
  uint64_t heap_live_at_commit = 0;
  bool sweep_done = true;

  bool operator==(const Pacer&) const = default;
};

}  // namespace escapement::memory
