#include "engine/memory/world.h"

#include <algorithm>

#include "engine/base/check.h"

namespace escapement::memory {

bool Boot(World& world, const Options& options, std::span<const StaticSegment> segments, Address zerobase,
          trace::Log* log) {
  world = World();
  world.options = options;
  world.log = log;
  world.gc.requested = options.move_stack_at_every_call;
  world.stress = options.collect_at_every_allocation || options.fail_allocation != 0;
  Address low = 0, writable = 0, high = kTextBase;
  for (const StaticSegment& segment : segments) {
    ENSURE(segment.start >= high || segment.size == 0, "static segments come in address order");
    high = segment.start + segment.size;
    if (segment.kind == trace::Segment::kText) continue;
    if (low == 0) low = segment.start;
    bool constant = segment.kind == trace::Segment::kRodata;
    if (writable == 0 && !constant) writable = segment.start;
  }
  if (low == 0) low = high;
  if (writable == 0) writable = high;
  if (high > 0xffff0000u || !world.space.Map(low, writable, high, options.region_limit)) return false;
  if (log) log->heap_low = static_cast<uint32_t>(world.space.heap_start());
  for (const StaticSegment& segment : segments) {
    ENSURE(segment.bytes.size() <= segment.size, "a segment holds its bytes");
    if (segment.kind != trace::Segment::kText)
      world.space.Write(segment.start, segment.bytes.data(), segment.bytes.size());
    world.statics.parts.push_back({segment.kind, segment.start, segment.size, segment.pointer_bitmap});
    if (!segment.pointer_bitmap.empty()) world.pacer.globals_scan += segment.size;
    world.Emit(trace::Kind::StaticSegment, 0, static_cast<uint16_t>(segment.kind),
               static_cast<uint32_t>(segment.start), static_cast<uint32_t>(segment.size),
               static_cast<uint32_t>(segment.bytes.size()));
  }
  world.statics.zerobase = zerobase;
  world.pacer.gc_percent = options.gc_percent < 0 ? -1 : options.gc_percent;
  world.pacer.memory_limit = options.memory_limit;
  world.pacer.heap_minimum_at_100 = options.heap_minimum;
  CommitPacer(world, true);
  if (log && log->size_classes.empty())
    for (const SizeClass& c : kSizeClassTable) log->size_classes.push_back(c.size);
  return true;
}

Snapshot Save(const World& world) {
  return {world, world.log ? world.log->position() : trace::LogPosition()};
}

void Restore(World& world, const Snapshot& snapshot) {
  trace::Log* log = world.log;
  world = snapshot.world;
  world.log = log;
  if (log) log->Rewind(snapshot.log);
}

std::string OutOfMemoryText(const World& world, uint64_t size) {
  // What was asked of the system: whole chunks of 4 MiB.
  uint64_t chunks = std::max<uint64_t>(size / kHeapChunk + (size % kHeapChunk != 0), 1);
  uint64_t in_use = world.counters.heap_sys - world.counters.stack_spans_bytes;
  return "runtime: out of memory: cannot allocate " + std::to_string(chunks * kHeapChunk) + "-byte block (" +
         std::to_string(in_use) + " in use)\n";
}

namespace {

constexpr uint64_t kFnvPrime = 1099511628211ull;

void Mix(uint64_t* hash, uint64_t value) {
  *hash = (*hash ^ value) * kFnvPrime;
  *hash ^= *hash >> 31;
}

void MixBytes(uint64_t* hash, const AddressSpace& space, Address from, Address to) {
  for (Address at = from; at + 8 <= to; at += 8) Mix(hash, space.Load<uint64_t>(at));
}

}  // namespace

uint64_t HashWorld(const World& world) {
  uint64_t hash = 14695981039346656037ull;
  MixBytes(&hash, world.space, world.space.static_low(), world.space.static_high());
  MixBytes(&hash, world.space, world.space.heap_start(), world.space.heap_end());
  for (const Span& span : world.spans) {
    Mix(&hash, span.base);
    Mix(&hash, span.elem_size);
    Mix(&hash, span.alloc_count | uint64_t{span.free_index} << 16 | uint64_t{span.span_class} << 32 |
                   uint64_t{span.sweep_gen} << 40);
  }
  Mix(&hash, world.counters.heap_live);
  Mix(&hash, world.counters.total_alloc);
  Mix(&hash, world.steps);
  Mix(&hash, world.gc.cycle);
  return hash;
}

}  // namespace escapement::memory
