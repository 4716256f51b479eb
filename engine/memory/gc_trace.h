// The line that GODEBUG=gctrace=1 prints when a collector cycle ends.
#pragma once

#include <cstdint>
#include <string>

namespace escapement::memory {

struct World;

// When the cycle ran, in nanoseconds of the program's clock.
struct CycleTimes {
  uint64_t started = 0;  // since the program's start
  uint64_t marking = 0;  // how long
};

// The line for the cycle that has just ended, in the form of package runtime's documentation.
// Model: only marking that goes on beside the program takes time on the program's clock, and no processor
// time is billed to the collector: stops of the world and shares of processor time are 0.
std::string GcTrace(const World& world, const CycleTimes& times);

}  // namespace escapement::memory
