#include "engine/memory/gc_trace.h"

#include <algorithm>

#include "engine/memory/world.h"

namespace escapement::memory {

namespace {

// With zeros in front up to `width` digits.
std::string Padded(uint64_t number, size_t width) {
  const std::string digits = std::to_string(number);
  return std::string(width - std::min(width, digits.size()), '0') + digits;
}

// Milliseconds with two or three digits that count; whole ones from 10 on.
std::string Milliseconds(uint64_t ns) {
  if (ns >= 10000000) return std::to_string(ns / 1000000);
  uint64_t digits = ns / 1000, scale = 1000;
  size_t decimals = 3;
  if (digits == 0) return "0";
  for (; digits >= 100; digits /= 10, scale /= 10) --decimals;
  return std::to_string(digits / scale) + "." + Padded(digits % scale, decimals);
}

std::string MiB(uint64_t bytes) {
  return std::to_string(bytes >> 20);
}

}  // namespace

std::string GcTrace(const World& world, const CycleTimes& times) {
  const GcState& gc = world.gc;
  const uint64_t ms = times.started / 1000000;
  return "gc " + std::to_string(gc.cycle) + " @" + std::to_string(ms / 1000) + "." + Padded(ms % 1000, 3) +
         "s 0%: 0+" + Milliseconds(times.marking) + "+0 ms clock, 0+0/0/0+0 ms cpu, " +
         MiB(gc.live_at_start) + "->" + MiB(gc.live_at_termination) + "->" + MiB(world.pacer.heap_marked) +
         " MB, " + MiB(gc.goal) + " MB goal, " + MiB(gc.stack_scan_work) + " MB stacks, " +
         MiB(gc.globals_scan_work) + " MB globals, 1 P" +
         (gc.trigger == trace::Trigger::kCall ? " (forced)" : "") + "\n";
}

}  // namespace escapement::memory
