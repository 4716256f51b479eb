// World: all of a running program's memory as one value. Copying it is Save; assigning
// the copy back is Restore: the run goes on as it would have.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/memory/address_space.h"
#include "engine/memory/collector.h"
#include "engine/memory/heap.h"
#include "engine/memory/mem_stats.h"
#include "engine/memory/pacer.h"
#include "engine/memory/page_allocator.h"
#include "engine/memory/span.h"
#include "engine/memory/specials.h"
#include "engine/memory/stack.h"
#include "engine/trace/log.h"

namespace escapement::memory {

// How a run's memory behaves. Everything here is part of the run's identity.
struct Options {
  int32_t gc_percent = 100;
  int64_t memory_limit = INT64_MAX;
  uint64_t heap_minimum = 4 << 20;
  uint64_t max_stack = 1000000000;
  uint64_t stack_start =
      2048;  // of a new goroutine; a power of two, Go's kStackMin unless a learner changes it
  // Model: what a stack may take in a host with less room than Go's limit; a program cannot tell.
  uint64_t host_stack = ~uint64_t{0};
  // Mark in slices between the program's own steps; every pointer store then needs its write barrier.
  bool concurrent_mark = false;
  uint64_t region_limit = 1 << 30;  // bytes of heap and stacks before "out of memory"
  bool shrink_stacks = true;
  bool adaptive_stack_start = true;
  // Stress modes.
  bool collect_at_every_allocation = false;
  bool move_stack_at_every_call = false;
  uint64_t fail_allocation = 0;  // the n-th allocation fails; 0 is never
  bool verify = false;           // run the verifier at each collection
  bool operator==(const Options&) const = default;
};

// A piece of the static region as the linker laid it out.
struct StaticSegment {
  trace::Segment kind = trace::Segment::kBss;
  Address start = 0;
  uint64_t size = 0;
  std::span<const uint8_t> bytes;        // initial contents; the rest is zero
  std::vector<uint64_t> pointer_bitmap;  // bit per word of the segment; empty: no pointers
};

// The static region after loading: where each segment is and which words are pointers.
struct StaticRegion {
  struct Part {
    trace::Segment kind;
    Address start;
    uint64_t size;
    std::vector<uint64_t> pointer_bitmap;
    bool operator==(const Part&) const = default;
  };
  std::vector<Part> parts;
  Address zerobase = 0;  // the address of every zero-size object
  bool operator==(const StaticRegion&) const = default;
};

struct StackPool {
  // Stacks of 2, 4, 8, 16 KiB: the P's cache (lists by low half) and the pool's spans.
  struct Order {
    uint32_t cached = 0;  // first stack of the P's cache
    uint32_t cached_bytes = 0;
    uint32_t spans = 0;  // first pool span with a free stack
    bool operator==(const Order&) const = default;
  };
  std::array<Order, 4> orders{};
  std::array<std::vector<uint32_t>, 20> large;  // by log2(pages): spans freed during a collection
  // Options::move_stack_at_every_call: left stacks, oldest first, full of kStackPoison. Nobody gets them
  // before many others were left.
  std::vector<Stack> quarantine;
  bool operator==(const StackPool&) const = default;
};

struct World {
  Options options;
  AddressSpace space;
  StaticRegion statics;
  PageAllocator pages;
  std::vector<Span> spans{1};        // by span id; 0 is the empty span
  std::vector<uint32_t> free_spans;  // ids to use again
  std::vector<uint32_t> page_span;   // page number → span id
  std::array<Central, kSpanClasses> central;
  Cache cache;
  Counters counters;
  Pacer pacer;
  GcState gc;
  StackPool stack_pool;
  Specials specials;
  uint32_t dirty_pages = 0;  // pages below this number may have been used before
  bool stress = false;       // some stress mode touches allocation
  // What reflect.addReflectOff was given: offset -1-i stands for the i-th address.
  std::vector<Address> reflect_offsets;

  // Steps run so far: the vm writes it before it calls anything here.
  uint64_t steps = 0;
  // Virtual time now, in nanoseconds since 1970; set by the scheduler.
  uint64_t now_ns = 0;

  // Where events go; not part of the value (null: not traced).
  trace::Log* log = nullptr;

  // Appends an event if there is a log.
  void Emit(trace::Kind kind, uint8_t flags, uint16_t small, uint32_t a, uint32_t b = 0, uint32_t c = 0,
            uint32_t d = 0) {
    if (log) log->Append(kind, steps, flags, small, a, b, c, d);
  }
};

// Makes the world of a fresh program: static segments in address order (text first, without bytes) and an
// empty heap. `zerobase` is the linker's symbol. False when the host has no room for it.
[[nodiscard]] bool Boot(World& world, const Options& options, std::span<const StaticSegment> segments,
                        Address zerobase, trace::Log* log);

// A saved world, with where its log stood.
struct Snapshot {
  World world;
  trace::LogPosition log;
};
Snapshot Save(const World& world);
// Brings a saved world back; the log of `world` is cut back to where it stood.
void Restore(World& world, const Snapshot& snapshot);

// What the runtime prints before "fatal error: out of memory" when a request of `size` bytes has failed
// (size 0: a stack or something small).
std::string OutOfMemoryText(const World& world, uint64_t size);

// A hash over everything a program can see, for tests of determinism.
uint64_t HashWorld(const World& world);

}  // namespace escapement::memory
