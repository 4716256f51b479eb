// Specials: what hangs on a heap object beside its bytes: a finalizer, cleanups, a weak handle, the
// bubble of testing/synctest that it belongs to.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/memory/address_space.h"

namespace escapement::memory {

struct World;

enum class SpecialKind : uint8_t { kFinalizer, kWeakHandle, kCleanup, kBubble };

struct Special {
  Address object = 0;   // first byte of the object's slot
  Address pointer = 0;  // what the program handed in
  SpecialKind kind = SpecialKind::kFinalizer;
  uint32_t next = ~0u;   // in the span's list, by offset, then kind
  Address function = 0;  // finalizer: the closure; cleanup: what calls `cleanup`; weak: the handle
  Address cleanup = 0, argument = 0;  // cleanup: the closure and the box of its argument
  Address argument_type = 0;          // finalizer: the type of its parameter
  Address object_type = 0;            // finalizer: the type of the object's pointer
  uint64_t result_bytes = 0;
  uint64_t id = 0;  // cleanup, bubble
  bool operator==(const Special&) const = default;
};

// A finalizer or cleanup whose object died: what the finalizer goroutine is to call.
struct ReadySpecial {
  SpecialKind kind;
  Address function;
  Address pointer;  // finalizer: the object, alive again; cleanup: the closure
  Address argument;
  Address argument_type, object_type;
  uint64_t result_bytes;
  bool operator==(const ReadySpecial&) const = default;
};

struct Specials {
  std::vector<Special> all;
  std::vector<uint32_t> free;
  std::vector<ReadySpecial> ready;  // in the order the sweep found them
  uint64_t next_cleanup = 1;
  bool operator==(const Specials&) const = default;
};

struct Span;

// The object at `object` (a slot of `span`) has died: moves its specials to `ready`, or, when it is `kept`
// for its finalizer, only the finalizer and the weak handle.
void TriggerSpecials(World& world, Span& span, Address object, bool kept);

// Takes the next special whose function is to be called: finalizers first, the last queued first, then
// cleanups in the order in which they were queued. False when there is none.
bool TakeReady(World& world, ReadySpecial* ready);

// The first byte that a program can point to of the heap object around `pointer`; 0 if there is none.
Address ObjectStart(const World& world, Address pointer);

// Attaches a finalizer; false when the object already has one. `pointer` must be an object's first byte.
bool AddFinalizer(World& world, Address pointer, Address function, Address argument_type, Address object_type,
                  uint64_t result_bytes);
void RemoveFinalizer(World& world, Address pointer);
// Attaches a cleanup and returns its id; 0 when the address is not in the heap.
uint64_t AddCleanup(World& world, Address pointer, Address function, Address cleanup, Address argument);
// Removes a cleanup that has not run.
void StopCleanup(World& world, Address pointer, uint64_t id);
// The weak handle (an 8-byte indirection object) of the object at `pointer`, made at need; 0 when memory is
// out.
Address WeakHandle(World& world, Address pointer);
// What a weak handle points to now, or nil.
Address StrongFromWeak(World& world, Address handle);

// The bubble that the object at `pointer` belongs to, 0 for none.
uint64_t BubbleOfObject(World& world, Address pointer);
// Makes the object one of `bubble`'s, or (0) of none; nothing happens outside the heap.
void SetBubbleOfObject(World& world, Address pointer, uint64_t bubble);

}  // namespace escapement::memory
