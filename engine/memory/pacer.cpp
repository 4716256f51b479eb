#include "engine/memory/pacer.h"

#include <algorithm>

#include "engine/memory/world.h"

namespace escapement::memory {

namespace {

// The runtime's constants: a quarter of the processor marks in the background; the trigger lies
// between 45/64 and 61/64 of the way from the marked heap to the goal.
constexpr double kGoalUtilization = 0.25;
constexpr uint64_t kRatioDen = 64, kMinRatioNum = 45, kMaxRatioNum = 61;
constexpr uint64_t kMinRunway = 64 << 10;
constexpr uint64_t kDefaultHeapMinimum = 4 << 20;
constexpr uint64_t kLimitHeadroomPercent = 3, kLimitMinHeadroom = 1 << 20;

// The goal that keeps the whole process within GOMEMLIMIT.
uint64_t MemoryLimitGoal(const World& world) {
  const Pacer& p = world.pacer;
  const Counters& c = world.counters;
  uint64_t limit = static_cast<uint64_t>(p.memory_limit);
  // Model: what is mapped is heap, stacks and static data; the runtime's own tables are not counted.
  uint64_t mapped = c.heap_sys + (world.space.static_high() - world.space.static_low());
  uint64_t heap_free = c.heap_sys - c.heap_spans_bytes - c.stack_spans_bytes;
  uint64_t heap_alloc = c.total_alloc - c.total_free;
  uint64_t non_heap = mapped - heap_free - std::min(heap_alloc, mapped - heap_free);
  uint64_t overage = mapped > limit ? mapped - limit : 0;
  if (non_heap + overage >= limit) return p.heap_marked;
  uint64_t goal = limit - (non_heap + overage);
  uint64_t headroom = std::max(goal / 100 * kLimitHeadroomPercent, kLimitMinHeadroom);
  goal = goal < headroom || goal - headroom < headroom ? headroom : goal - headroom;
  return std::max(goal, p.heap_marked);
}

// The goal that keeps the heap within the session's region, which is smaller than a machine's memory.
// Model: Go would go on to the machine's limit. It leaves room to grow by a sixteenth, so that a heap that
// truly does not fit runs out of memory instead of collecting for ever.
uint64_t RegionGoal(const World& world) {
  uint64_t room = world.options.region_limit / 16 * 14;
  uint64_t stacks = world.counters.stack_spans_bytes;
  uint64_t goal = room > stacks ? room - stacks : 0;
  return std::max(goal, world.pacer.heap_marked + world.pacer.heap_marked / 16);
}

uint64_t Goal(const World& world, uint64_t* min_trigger) {
  const Pacer& p = world.pacer;
  *min_trigger = 0;
  uint64_t goal = p.percent_goal;
  if (p.memory_limit != INT64_MAX) {
    uint64_t limit_goal = MemoryLimitGoal(world);
    if (limit_goal < goal) return limit_goal;
  }
  if (world.counters.heap_sys > world.options.region_limit / 2) {
    uint64_t region_goal = RegionGoal(world);
    if (region_goal < goal) return region_goal;
  }
  goal = std::max(goal, p.sweep_minimum_trigger);
  *min_trigger = p.sweep_minimum_trigger;
  if (p.triggered != ~uint64_t{0}) goal = std::max(goal, p.triggered + kMinRunway);
  return goal;
}

}  // namespace

uint64_t HeapGoal(const World& world) {
  uint64_t min_trigger;
  return Goal(world, &min_trigger);
}

uint64_t GCTrigger(const World& world) {
  const Pacer& p = world.pacer;
  uint64_t low, goal = Goal(world, &low);
  if (p.heap_marked >= goal) return goal;
  uint64_t distance = goal - p.heap_marked;
  low = std::max({low, p.heap_marked, distance / kRatioDen * kMinRatioNum + p.heap_marked});
  uint64_t high = distance / kRatioDen * kMaxRatioNum + p.heap_marked;
  if (goal > kDefaultHeapMinimum) high = std::max(high, goal - kDefaultHeapMinimum);
  high = std::max(high, low);
  uint64_t trigger = p.runway > goal ? low : goal - p.runway;
  return std::min(std::max(trigger, low), high);
}

void CommitPacer(World& world, bool sweep_done) {
  Pacer& p = world.pacer;
  // Go's distance is 1 MiB, a quarter of its minimum heap; a lower minimum lowers it too.
  uint64_t distance = std::min<uint64_t>(1 << 20, p.heap_minimum_at_100 / 4);
  p.sweep_minimum_trigger = sweep_done ? 0 : world.counters.heap_live + distance;
  p.percent_goal = ~uint64_t{0};
  if (p.gc_percent >= 0) {
    uint64_t percent = static_cast<uint64_t>(p.gc_percent);
    uint64_t base = p.heap_marked + p.last_stack_scan + p.globals_scan;
    p.percent_goal = std::max(p.heap_marked + base * percent / 100, p.heap_minimum_at_100 * percent / 100);
  }
  p.runway =
      static_cast<uint64_t>(p.cons_mark * (1 - kGoalUtilization) / kGoalUtilization *
                            static_cast<double>(p.last_heap_scan + p.last_stack_scan + p.globals_scan));
}

void EndCycle(World& world) {
  Pacer& p = world.pacer;
  const GcState& gc = world.gc;
  // Without allocation during the cycle there is nothing to learn.
  if (world.counters.heap_live <= p.triggered) return;
  double work = static_cast<double>(gc.heap_scan_work + gc.stack_scan_work + gc.globals_scan_work);
  if (work == 0) return;
  // Model: marking always gets its quarter; assists are part of it.
  double current = static_cast<double>(world.counters.heap_live - p.triggered) * kGoalUtilization /
                   (work * (1 - kGoalUtilization));
  p.cons_mark = current;
  for (double last : p.last_cons_mark) p.cons_mark = std::max(p.cons_mark, last);
  std::rotate(p.last_cons_mark.begin(), p.last_cons_mark.begin() + 1, p.last_cons_mark.end());
  p.last_cons_mark.back() = current;
}

}  // namespace escapement::memory
