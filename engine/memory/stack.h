// Stacks: each goroutine's modelled stack starts at 2 KiB, doubles by being copied with every
// pointer into it adjusted, and is halved by the collector when less than a quarter is used.
//
//   lo            lo+928 (guard)                        sp            hi
//   |  reserve     |   free                              |  frames     |
//
// A prologue compares sp with the guard: frames of up to 128 bytes may reach below it.
#pragma once

#include <cstdint>

#include "engine/memory/address_space.h"

namespace escapement::memory {

struct World;

constexpr uint32_t kStackMin = 2048;
constexpr uint32_t kStackGuard = 928;
constexpr uint32_t kStackNosplit = 800;
constexpr uint32_t kStackSmall = 128;
// A fresh goroutine's sp is this far below hi (padding and goexit's return address).
constexpr uint32_t kStackTopReserve = 40;

struct Stack {
  Address lo = 0;
  Address hi = 0;
  uint64_t size() const { return hi - lo; }
  bool Contains(Address address) const { return address - lo < hi - lo; }
  bool operator==(const Stack&) const = default;
};

// What is in memory that nobody may read: an address of nothing, and no address at all in a scalar's place.
constexpr uint8_t kStackPoison = 0xdb;

// Whether a function with a frame of `frame` bytes must grow the stack before it runs at `sp`.
inline bool NeedsStack(const Stack& stack, Address sp, uint64_t frame) {
  if (frame <= kStackSmall) return sp <= stack.lo + kStackGuard;
  return sp < stack.lo + kStackGuard - kStackSmall + frame;
}

// Called for each live slot that may hold a pointer: a word of a modelled frame or a register
// of the vm. The host address is valid for the call only.
class SlotVisitor {
 public:
  virtual void Visit(uint64_t* slot) = 0;

 protected:
  ~SlotVisitor() = default;
};

// Who knows a goroutine's frames: the vm.
class StackOwner {
 public:
  // The stack's bytes are at their new place. Moves every own record of an address in
  // [old.lo, old.hi) by now.hi - old.hi (frame bases, sp, defer and panic records, sudog elements), then
  // visits each live pointer slot of the frames and registers; the visitor adjusts those that point into
  // `old`.
  virtual void MoveStack(uint32_t goroutine, const Stack& old, const Stack& now, SlotVisitor& visitor) = 0;

 protected:
  ~StackOwner() = default;
};

enum class GrowResult : uint8_t { kGrown, kOverflow, kOutOfMemory };

// A stack of `size` bytes (a power of two); lo == 0 when memory is out. `goroutine` is the index of its owner
// and `goid` its Go id for the trace.
Stack AllocateStack(World& world, uint64_t size, uint64_t goid);
void FreeStack(World& world, Stack stack, uint64_t goid);

// Doubles the stack until `frame` more bytes fit below `sp`. On kGrown *stack is the new one.
// kOverflow: the limit would be passed (the vm prints Go's stack overflow text).
GrowResult GrowStack(World& world, Stack* stack, Address sp, uint64_t frame, uint32_t goroutine,
                     uint64_t goid, StackOwner& owner);

// Halves the stack if less than a quarter is in use. Returns whether it moved.
bool ShrinkStack(World& world, Stack* stack, Address sp, uint32_t goroutine, uint64_t goid,
                 StackOwner& owner);

// Moves the stack to another place of the same size (stress mode). False when memory is out.
bool MoveStackElsewhere(World& world, Stack* stack, Address sp, uint32_t goroutine, uint64_t goid,
                        StackOwner& owner);

// What a recycled goroutine's stack should be: adaptive, from the average use the last collection saw.
uint64_t StartingStackSize(const World& world);

}  // namespace escapement::memory
