// Sweep: what marking left white becomes free, span by span, as the allocator needs room.
#pragma once

#include <cstdint>

namespace escapement::memory {

struct World;

// Which of a Central's two sets holds swept spans in this cycle.
int SweptSet(const World& world);

// Sweeps one unswept span (which is in no list). Unless `preserve`, it is then put into its
// list, or freed when nothing is left in it. Returns whether it was freed.
bool SweepSpan(World& world, uint32_t span, bool preserve);

// Sweeps a span now if the last cycle left it unswept.
void EnsureSwept(World& world, uint32_t span);

// Sweeps the next unswept span; false when there is none.
bool SweepOne(World& world);

// Sweeps enough for a caller about to allocate `bytes` (proportional sweep).
void DeductSweepCredit(World& world, uint64_t bytes, uint64_t caller_pages);

// Sets the rate of proportional sweep so that it is done when the heap reaches `trigger`.
void PaceSweeper(World& world, uint64_t trigger);

// Sweeps every span that the last cycle left.
void FinishSweep(World& world);
bool SweepDone(const World& world);

}  // namespace escapement::memory
