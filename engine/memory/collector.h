// The collector: tri-colour mark and lazy sweep, non-moving.
//
//   white: not marked    grey: marked, on the work list    black: marked and scanned
//
// Invariant (the verifier's): when marking ends, no black object points to a white one. A cycle
// is sweep termination, mark (stacks, globals, specials, then the work list), mark termination,
// and a sweep that runs span by span as the allocator needs room.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/memory/address_space.h"
#include "engine/memory/size_classes.h"
#include "engine/memory/stack.h"
#include "engine/trace/event.h"

namespace escapement::memory {

struct World;

struct GcState {
  trace::Phase phase = trace::Phase::kOff;
  bool requested = false;  // a collection (or more of the running one) is due at the next safepoint
  bool barrier = false;    // marking: pointer stores must call WriteBarrier
  uint32_t cycle = 0;      // the runtime.GC calls wait for
  uint32_t sweep_gen = 0;  // goes up by 2 a cycle
  uint32_t sweep_index = 2 * kSpanClasses;  // next span set to sweep: class * 2 + (full ? 0 : 1)
  std::vector<Address> work;                // grey objects
  trace::Trigger trigger = trace::Trigger::kHeap;
  uint64_t bytes_marked = 0, heap_scan_work = 0, stack_scan_work = 0, globals_scan_work = 0;
  uint64_t live_at_start = 0, live_at_termination = 0, goal = 0;  // of the running or last cycle
  uint64_t stack_use_sum = 0, stacks_scanned = 0;
  uint64_t starting_stack_size = kStackMin;  // adaptive, for recycled goroutines
  // Proportional sweep: pages to sweep for each byte allocated.
  double sweep_pages_per_byte = 0;
  uint64_t pages_swept = 0, pages_swept_basis = 0, sweep_live_basis = 0, pages_in_use = 0;
  uint64_t allocations = 0;  // counted in stress modes only
  bool operator==(const GcState&) const = default;
};

// What the collector asks of the vm: its goroutines, their frames and its own roots.
class Mutator : public StackOwner {
 public:
  virtual uint32_t GoroutineCount() = 0;
  // The i-th goroutine that has a stack: where it is, its sp, ids, and whether it may move now
  // (not while parking on a channel or in a native). Null stack: skip.
  struct StackRef {
    Stack* stack = nullptr;
    Address sp = 0;
    uint32_t goroutine = 0;
    uint64_t goid = 0;
    bool movable = true;
  };
  virtual StackRef GoroutineStack(uint32_t i) = 0;
  // Each live pointer slot of that goroutine's frames and registers.
  virtual void VisitStack(uint32_t goroutine, SlotVisitor& visitor) = 0;
  // A cycle starts: the vm gives back the stacks of dead goroutines (sched::FreeDeadStacks).
  virtual void StartCycle() = 0;
  // It is over; the sweep goes on.
  virtual void CycleEnded() {}
  // Every other slot: the scheduler's objects, natives' handles, the vm's own references.
  virtual void VisitRoots(SlotVisitor& visitor) = 0;
  // Marking is over but for what the mutator holds weakly: visits that which something else keeps (IsMarked).
  virtual void VisitKept(SlotVisitor&) {}
  // The marks are final: lets go of what nobody kept.
  virtual void DropUnmarked() {}

 protected:
  ~Mutator() = default;
};

// Starts a collection if one is due, or carries the running one on. Called by the vm at safepoints
// where world.gc.requested is set.
void Poll(World& world, Mutator& mutator);

// runtime.GC(): a whole cycle, swept.
void CollectNow(World& world, Mutator& mutator, trace::Trigger trigger);

// Shades what somebody got hold of without a store or a root, while world.gc.barrier is set.
void KeepFound(World& world, uint64_t pointer);
// Whether the cycle that is about to end has marked the object around `pointer`; true outside the heap.
bool IsMarked(const World& world, Address pointer);

// Shades the old value of `slot` and the new one, while world.gc.barrier is set.
void WriteBarrier(World& world, Address slot, uint64_t value);
// The same for each pointer word of `size` bytes that are about to be overwritten with those at
// `from` (0: with zeros); `type` tells where the pointers are.
void BulkWriteBarrier(World& world, Address to, Address from, uint64_t size, Address type);

// debug.SetGCPercent and SetMemoryLimit; return the old setting.
int32_t SetGCPercent(World& world, int32_t percent);
int64_t SetMemoryLimit(World& world, int64_t limit);

}  // namespace escapement::memory
