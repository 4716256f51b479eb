// Timeline: a log read for pictures and tables. It answers a question about any window at the cost
// of the window's columns: live heap bytes, allocations and frees are summed up in blocks of
// 64 events, stacks come from the envelopes, and every heap object's fate is known.
//
// A place on the axis is an event's ordinal (Axis::kEvents) or a step count (Axis::kSteps).
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <unordered_map>
#include <vector>

#include "engine/trace/log.h"

namespace escapement::trace {

enum class Axis : uint8_t { kEvents, kSteps };

// One heap object, in the order of allocation.
struct HeapObject {
  static constexpr uint32_t kNever = ~0u;
  uint32_t event = 0;
  uint32_t freed = kNever;  // ordinal of the sweep that freed it
  uint32_t bytes = 0;       // its size class, or the size asked for in a shared 16-byte block
  uint32_t row = 0;         // index into Timeline::rows()
  uint32_t next = kNever;   // next object of the same tiny block
};

// The allocations of one site and type on behalf of one line of the user's.
struct AllocationRow {
  OriginId origin;
  StackId billed;  // the user's frame that caused them; invalid: none
  Owner owner = Owner::kRuntime;
  uint64_t objects = 0, bytes = 0;
  uint64_t live = 0, live_bytes = 0;  // at the end of the log
  uint32_t first = 0, last = 0;       // ordinals
  bool mine() const { return billed.valid(); }
};

struct GoroutineLife {
  static constexpr uint32_t kNever = ~0u;
  uint32_t id = 0, parent = 0;
  StringId function;
  StackId created;  // where its go statement is
  Owner owner = Owner::kRuntime;
  uint32_t start = 0, end = kNever;
};

struct StackChange {
  Kind kind = Kind::StackAlloc;
  uint32_t event = 0;
  uint64_t step = 0;
  uint32_t goroutine = 0;
  uint64_t size = 0;
  uint32_t copied = 0, adjusted = 0;
};

struct GCCycle {
  static constexpr uint32_t kNever = ~0u;
  uint32_t cycle = 0, start = 0, end = kNever;
  Trigger trigger = Trigger::kHeap;
  uint64_t live = 0, goal = 0, marked = 0;
  uint64_t freed_objects = 0, freed_bytes = 0;
};

struct StaticSegment {
  Segment segment = Segment::kText;
  uint32_t address = 0, size = 0, initialised = 0;
};

struct OwnerTotal {
  uint64_t objects = 0, bytes = 0;
};

// A window of an axis and what is asked of it.
struct TileRequest {
  Axis axis = Axis::kEvents;
  double begin = 0, end = 0;
  uint32_t columns = 0;
  std::vector<uint32_t> goroutines;
};

class Timeline {
 public:
  // The most objects that Tiles lists one by one.
  static constexpr size_t kMostObjects = 2048;

  // `log` outlives the timeline.
  explicit Timeline(const Log& log) : log_(log) {}

  // Takes in what was appended since the last call.
  void Update();

  // The figures of a window: for each series one number a column. Heap series: least and greatest
  // live bytes, the collector's goal, bytes allocated on the user's behalf and by others, those of
  // them that live at the end, objects allocated, bytes freed. Then for each goroutine: least and
  // greatest bytes of stack used, the stack's size (-1 where it has none). Then the number of
  // objects in the window (-1: more than kMostObjects) and for each: ordinal, place on the axis,
  // bytes, row, 1 if on the user's behalf, place where it was freed (-1: live at the end).
  std::vector<double> Tiles(const TileRequest& request) const;

  // The rows of a window, counted there; biggest first. The second is the row's index in rows().
  std::vector<std::pair<AllocationRow, uint32_t>> Allocations(Axis axis, double begin, double end,
                                                              bool mine) const;

  // Events taken in so far, and the step at which one of them happened.
  uint32_t taken() const { return taken_; }
  uint64_t StepOf(uint32_t event) const;

  uint64_t main_event() const { return main_event_; }
  uint64_t main_step() const { return main_step_; }
  uint64_t heap_live() const { return live_; }
  uint64_t heap_peak() const { return peak_; }
  uint64_t freed_objects() const { return freed_objects_; }
  uint64_t freed_bytes() const { return freed_bytes_; }
  const std::array<OwnerTotal, 4>& totals() const { return totals_; }
  const std::vector<HeapObject>& objects() const { return objects_; }
  const std::vector<AllocationRow>& rows() const { return rows_; }
  const std::vector<GoroutineLife>& goroutines() const { return goroutines_; }
  const std::vector<StackChange>& stack_changes() const { return stack_changes_; }
  const std::vector<GCCycle>& cycles() const { return cycles_; }
  const std::vector<StaticSegment>& segments() const { return segments_; }

 private:
  static constexpr uint32_t kBlock = 64;

  // The sums of kBlock events.
  struct Block {
    uint64_t step = 0;  // at its first event
    uint64_t live = 0;  // before its first event
    uint64_t live_min = ~uint64_t{0}, live_max = 0;
    uint64_t mine = 0, others = 0, survived = 0, objects = 0, freed = 0;
  };
  // What one column of the heap lane holds.
  struct Sums {
    uint64_t live_min, live_max, mine, others, survived, objects, freed;
  };
  struct Goal {
    uint32_t event;
    uint64_t bytes;
  };

  void Take(uint32_t event, const Record& record);
  void TakeAlloc(uint32_t event, const Record& record);
  void TakeSweep(uint32_t event, const Record& record);
  void TakeStack(uint32_t event, const Record& record);
  void Free(uint32_t object, uint32_t event);
  uint32_t RowOf(const Record& record);
  // Bytes that the record adds to (or takes from) the live heap.
  int64_t LiveChange(const Record& record) const;
  uint32_t* Slot(uint32_t address);

  uint32_t EventAtStep(double step) const;  // the first event at or after it
  double PlaceOf(Axis axis, uint32_t event) const;
  uint32_t FirstEvent(Axis axis, double place) const;
  double StepAt(Axis axis, double place) const;
  Sums SumOf(uint32_t begin, uint32_t end) const;
  uint64_t LiveBefore(uint32_t event) const;
  void HeapTiles(const TileRequest& request, std::vector<double>* out) const;
  void StackTiles(const TileRequest& request, uint32_t goroutine, std::vector<double>* out) const;
  void ObjectTiles(const TileRequest& request, std::vector<double>* out) const;
  std::pair<size_t, size_t> ObjectsIn(Axis axis, double begin, double end) const;

  const Log& log_;
  uint32_t taken_ = 0;
  uint64_t step_ = 0;
  uint64_t main_event_ = 0, main_step_ = 0;
  uint64_t live_ = 0, peak_ = 0, freed_objects_ = 0, freed_bytes_ = 0;
  std::array<OwnerTotal, 4> totals_{};
  std::vector<Block> blocks_;
  std::vector<HeapObject> objects_;
  std::vector<AllocationRow> rows_;
  std::unordered_map<uint64_t, std::vector<uint32_t>> row_ids_;
  // For each 8 KiB page of heap seen: the object (index + 1) that lies at each 8-byte slot.
  std::unordered_map<uint32_t, std::unique_ptr<std::array<uint32_t, 1024>>> pages_;
  uint32_t last_page_ = ~0u;
  std::array<uint32_t, 1024>* last_slots_ = nullptr;
  std::vector<GoroutineLife> goroutines_;
  std::unordered_map<uint32_t, uint32_t> goroutine_ids_;
  std::vector<StackChange> stack_changes_;
  std::unordered_map<uint32_t, std::vector<uint32_t>> changes_of_;
  std::vector<GCCycle> cycles_;
  std::vector<StaticSegment> segments_;
  std::vector<Goal> goals_;
};

}  // namespace escapement::trace
