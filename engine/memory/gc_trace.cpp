#include "engine/memory/gc_trace.h"

#include <cinttypes>
#include <cstdio>

#include "engine/memory/world.h"

namespace escapement::memory {

namespace {

// Milliseconds with two or three digits that count; whole ones from 10 on.
std::string Milliseconds(uint64_t ns) {
  char text[32];
  if (ns >= 10000000) {
    std::snprintf(text, sizeof text, "%" PRIu64, ns / 1000000);
    return text;
  }
  uint64_t digits = ns / 1000, scale = 1000;
  int decimals = 3;
  if (digits == 0) return "0";
  for (; digits >= 100; digits /= 10, scale /= 10) --decimals;
  std::snprintf(text, sizeof text, "%" PRIu64 ".%0*" PRIu64, digits / scale, decimals, digits % scale);
  return text;
}

uint64_t MiB(uint64_t bytes) {
  return bytes >> 20;
}

}  // namespace

std::string GcTrace(const World& world, const CycleTimes& times) {
  const GcState& gc = world.gc;
  const uint64_t ms = times.started / 1000000;
  char text[256];
  std::snprintf(text, sizeof text,
                "gc %" PRIu32 " @%" PRIu64 ".%03" PRIu64 "s 0%%: 0+%s+0 ms clock, 0+0/0/0+0 ms cpu, %" PRIu64
                "->%" PRIu64 "->%" PRIu64 " MB, %" PRIu64 " MB goal, %" PRIu64 " MB stacks, %" PRIu64
                " MB globals, 1 P%s\n",
                gc.cycle, ms / 1000, ms % 1000, Milliseconds(times.marking).c_str(), MiB(gc.live_at_start),
                MiB(gc.live_at_termination), MiB(world.pacer.heap_marked), MiB(gc.goal),
                MiB(gc.stack_scan_work), MiB(gc.globals_scan_work),
                gc.trigger == trace::Trigger::kCall ? " (forced)" : "");
  return text;
}

}  // namespace escapement::memory
