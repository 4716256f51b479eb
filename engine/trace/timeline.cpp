#include "engine/trace/timeline.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "engine/base/check.h"
#include "engine/base/sort.h"

namespace escapement::trace {

namespace {

constexpr uint32_t kTinyAlign = 16;
// Of objects with pointers in slots above so many bytes the first word is the runtime's: their type.
constexpr uint32_t kMostWithoutHeader = 512;
constexpr uint32_t kHeader = 8;

bool IsTiny(const Record& r) {
  return r.flags & kTiny;
}

// Where the slot of an allocated object begins, which is what sweeps speak of.
uint32_t SlotAddress(const Record& r, uint32_t bytes) {
  if (IsTiny(r)) return r.a & ~(kTinyAlign - 1);
  bool header = !(r.flags & kNoscan) && r.small != 0 && bytes > kMostWithoutHeader;
  return header ? r.a - kHeader : r.a;
}

}  // namespace

// --- taking the log in ---

void Timeline::Update() {
  for (uint64_t kept = log_.kept(); taken_ < kept; ++taken_) Take(taken_, log_.at(taken_));
}

void Timeline::Take(uint32_t event, const Record& r) {
  step_ += r.delta;
  if (r.kind == Kind::Steps) step_ += r.a | uint64_t{r.b} << 32;
  if (event % kBlock == 0) {
    blocks_.emplace_back();
    blocks_.back().step = step_;
    blocks_.back().live = live_;
  }
  live_ += LiveChange(r);
  peak_ = std::max(peak_, live_);
  Block& block = blocks_.back();
  block.live_min = std::min(block.live_min, live_);
  block.live_max = std::max(block.live_max, live_);
  switch (r.kind) {
    case Kind::MainStart:
      main_event_ = event;
      main_step_ = step_;
      break;
    case Kind::StaticSegment:
      segments_.push_back({static_cast<Segment>(r.small), r.a, r.b, r.c});
      break;
    case Kind::GoStart: {
      goroutine_ids_[r.a] = static_cast<uint32_t>(goroutines_.size());
      StackId created{r.d};
      Owner owner = r.owner();
      if (created.valid() && log_.stacks()[r.d].frame.valid())
        owner = log_.frames()[log_.stacks()[r.d].frame.index].owner;
      goroutines_.push_back({r.a, r.b, StringId{r.c}, created, owner, event});
      break;
    }
    case Kind::GoExit:
      if (auto it = goroutine_ids_.find(r.a); it != goroutine_ids_.end()) goroutines_[it->second].end = event;
      break;
    case Kind::StackAlloc:
    case Kind::StackGrow:
    case Kind::StackShrink:
    case Kind::StackFree:
      TakeStack(event, r);
      break;
    case Kind::HeapAlloc:
      TakeAlloc(event, r);
      break;
    case Kind::SpanSweep:
      TakeSweep(event, r);
      break;
    case Kind::GCStart: {
      GCCycle cycle;
      cycle.cycle = r.a;
      cycle.start = event;
      cycle.trigger = static_cast<Trigger>(r.small);
      cycle.live = r.b;
      cycle.goal = r.d;
      cycles_.push_back(cycle);
      goals_.push_back({event, r.d});
      break;
    }
    case Kind::GCEnd:
      if (!cycles_.empty()) {
        cycles_.back().end = event;
        cycles_.back().marked = r.b;
      }
      goals_.push_back({event, r.c});
      break;
    default:
      break;
  }
}

void Timeline::TakeStack(uint32_t event, const Record& r) {
  StackChange change{r.kind, event, step_, r.a, 0, 0, 0};
  if (r.kind == Kind::StackAlloc || r.kind == Kind::StackFree) {
    change.size = r.c;
  } else {
    change.size = uint64_t{1} << r.small;
    change.copied = r.c;
    change.adjusted = r.d;
  }
  changes_of_[r.a].push_back(static_cast<uint32_t>(stack_changes_.size()));
  stack_changes_.push_back(change);
}

int64_t Timeline::LiveChange(const Record& r) const {
  if (r.kind == Kind::SpanSweep) return -static_cast<int64_t>(r.b);
  if (r.kind != Kind::HeapAlloc) return 0;
  return static_cast<int64_t>(log_.SlotBytes(r));
}

void Timeline::TakeAlloc(uint32_t event, const Record& r) {
  HeapObject object;
  object.event = event;
  object.bytes = IsTiny(r) ? r.b : static_cast<uint32_t>(LiveChange(r));
  object.row = RowOf(r);
  uint32_t index = static_cast<uint32_t>(objects_.size());
  uint32_t* slot = Slot(SlotAddress(r, object.bytes));
  if (IsTiny(r) && !(r.flags & kTinyBlock) && *slot) object.next = *slot - 1;
  *slot = index + 1;
  objects_.push_back(object);

  AllocationRow& row = rows_[object.row];
  if (row.objects == 0) row.first = event;
  row.last = event;
  ++row.objects;
  row.bytes += object.bytes;
  ++row.live;
  row.live_bytes += object.bytes;
  OwnerTotal& total = totals_[static_cast<size_t>(row.owner)];
  ++total.objects;
  total.bytes += object.bytes;
  Block& block = blocks_.back();
  ++block.objects;
  (row.mine() ? block.mine : block.others) += object.bytes;
  block.survived += object.bytes;
}

void Timeline::TakeSweep(uint32_t event, const Record& r) {
  freed_objects_ += r.small;
  freed_bytes_ += r.b;
  blocks_.back().freed += r.b;
  if (!cycles_.empty()) {
    cycles_.back().freed_objects += r.small;
    cycles_.back().freed_bytes += r.b;
  }
  if (r.small == 0) return;
  uint32_t size = r.b / r.small;
  for (uint32_t w = 0; w < r.d; ++w) {
    for (uint64_t bits = log_.bitmaps()[r.c + w]; bits; bits &= bits - 1) {
      uint32_t index = w * 64 + static_cast<uint32_t>(std::countr_zero(bits));
      uint32_t* slot = Slot(r.a + index * size);
      for (uint32_t object = *slot; object;) {
        uint32_t next = objects_[object - 1].next;
        Free(object - 1, event);
        object = next == HeapObject::kNever ? 0 : next + 1;
      }
      *slot = 0;
    }
  }
}

void Timeline::Free(uint32_t object, uint32_t event) {
  HeapObject& o = objects_[object];
  o.freed = event;
  AllocationRow& row = rows_[o.row];
  --row.live;
  row.live_bytes -= o.bytes;
  blocks_[o.event / kBlock].survived -= o.bytes;
}

uint32_t* Timeline::Slot(uint32_t address) {
  uint32_t page = address >> 13;
  if (page != last_page_) {
    auto& slots = pages_[page];
    if (!slots) slots = std::make_unique<std::array<uint32_t, 1024>>();
    last_page_ = page;
    last_slots_ = slots.get();
  }
  return &(*last_slots_)[(address >> 3) & 1023];
}

uint32_t Timeline::RowOf(const Record& r) {
  AllocationRow row;
  row.origin = OriginId{r.c};
  row.owner = r.owner();
  if (StackId stack{r.d}; stack.valid()) row.billed = log_.stacks()[r.d].billed;
  FrameId frame = row.billed.valid() ? log_.stacks()[row.billed.index].frame : FrameId();
  uint64_t key = (uint64_t{r.c} << 32 | frame.index) * 4 + static_cast<uint64_t>(row.owner);
  for (uint32_t id : row_ids_[key]) {
    const AllocationRow& other = rows_[id];
    FrameId its = other.billed.valid() ? log_.stacks()[other.billed.index].frame : FrameId();
    if (other.origin == row.origin && other.owner == row.owner && its == frame) return id;
  }
  row_ids_[key].push_back(static_cast<uint32_t>(rows_.size()));
  rows_.push_back(row);
  return static_cast<uint32_t>(rows_.size() - 1);
}

// --- places ---

uint64_t Timeline::StepOf(uint32_t event) const {
  if (event >= taken_) return step_;
  uint32_t first = event - event % kBlock;
  uint64_t step = blocks_[event / kBlock].step;
  for (uint32_t e = first + 1; e <= event; ++e) {
    const Record& r = log_.at(e);
    step += r.delta;
    if (r.kind == Kind::Steps) step += r.a | uint64_t{r.b} << 32;
  }
  return step;
}

uint32_t Timeline::EventAtStep(double step) const {
  auto after = std::partition_point(blocks_.begin(), blocks_.end(),
                                    [&](const Block& b) { return static_cast<double>(b.step) < step; });
  if (after == blocks_.begin()) return 0;
  uint32_t event = static_cast<uint32_t>(after - blocks_.begin() - 1) * kBlock;
  uint32_t end = std::min(taken_, event + kBlock);
  double at = static_cast<double>(blocks_[event / kBlock].step);
  while (++event < end) {
    const Record& r = log_.at(event);
    at += r.delta;
    if (r.kind == Kind::Steps) at += static_cast<double>(r.a | uint64_t{r.b} << 32);
    if (at >= step) break;
  }
  return event;
}

double Timeline::PlaceOf(Axis axis, uint32_t event) const {
  return axis == Axis::kEvents ? event : static_cast<double>(StepOf(event));
}

uint32_t Timeline::FirstEvent(Axis axis, double place) const {
  if (axis == Axis::kSteps) return EventAtStep(place);
  return static_cast<uint32_t>(std::clamp(std::ceil(place), 0.0, static_cast<double>(taken_)));
}

double Timeline::StepAt(Axis axis, double place) const {
  if (axis == Axis::kSteps) return place;
  double whole = std::floor(std::clamp(place, 0.0, static_cast<double>(taken_)));
  double at = static_cast<double>(StepOf(static_cast<uint32_t>(whole)));
  double fraction = place - whole;
  if (fraction <= 0) return at;
  return at + fraction * (static_cast<double>(StepOf(static_cast<uint32_t>(whole) + 1)) - at);
}

// --- tiles ---

uint64_t Timeline::LiveBefore(uint32_t event) const {
  if (event >= taken_) return live_;
  uint64_t live = blocks_[event / kBlock].live;
  for (uint32_t e = event - event % kBlock; e < event; ++e) live += LiveChange(log_.at(e));
  return live;
}

// The sums of events begin..end-1; whole blocks are not opened.
Timeline::Sums Timeline::SumOf(uint32_t begin, uint32_t end) const {
  uint64_t live = LiveBefore(begin);
  Sums sums{live, live, 0, 0, 0, 0, 0};
  auto object = std::partition_point(objects_.begin(), objects_.end(),
                                     [&](const HeapObject& o) { return o.event < begin; });
  for (uint32_t e = begin; e < end;) {
    if (e % kBlock == 0 && e + kBlock <= end) {
      const Block& b = blocks_[e / kBlock];
      sums.live_min = std::min(sums.live_min, b.live_min);
      sums.live_max = std::max(sums.live_max, b.live_max);
      sums.mine += b.mine;
      sums.others += b.others;
      sums.survived += b.survived;
      sums.objects += b.objects;
      sums.freed += b.freed;
      object += static_cast<ptrdiff_t>(b.objects);
      e += kBlock;
      if (e < end) live = e / kBlock < blocks_.size() ? blocks_[e / kBlock].live : live_;
      continue;
    }
    const Record& r = log_.at(e);
    live += LiveChange(r);
    sums.live_min = std::min(sums.live_min, live);
    sums.live_max = std::max(sums.live_max, live);
    if (r.kind == Kind::SpanSweep) sums.freed += r.b;
    if (r.kind == Kind::HeapAlloc) {
      ++sums.objects;
      (rows_[object->row].mine() ? sums.mine : sums.others) += object->bytes;
      if (object->freed == HeapObject::kNever) sums.survived += object->bytes;
      ++object;
    }
    ++e;
  }
  return sums;
}

void Timeline::HeapTiles(const TileRequest& q, std::vector<double>* out) const {
  size_t n = q.columns;
  double* series = out->data();
  double width = (q.end - q.begin) / static_cast<double>(n);
  uint32_t begin = FirstEvent(q.axis, q.begin);
  size_t goal = 0;
  for (size_t i = 0; i < n; ++i) {
    uint32_t end = std::min(taken_, FirstEvent(q.axis, q.begin + width * static_cast<double>(i + 1)));
    Sums s = SumOf(begin, std::max(begin, end));
    while (goal < goals_.size() && goals_[goal].event < std::max(begin, end)) ++goal;
    double figures[] = {double(s.live_min), double(s.live_max), goal ? double(goals_[goal - 1].bytes) : 0,
                        double(s.mine),     double(s.others),   double(s.survived),
                        double(s.objects),  double(s.freed)};
    for (size_t k = 0; k < std::size(figures); ++k) series[k * n + i] = figures[k];
    begin = std::max(begin, end);
  }
}

void Timeline::StackTiles(const TileRequest& q, uint32_t goroutine, std::vector<double>* out) const {
  size_t n = q.columns, base = out->size();
  out->resize(base + 3 * n, -1);
  double* used_min = out->data() + base;
  double* used_max = used_min + n;
  double* size = used_max + n;
  auto changes = changes_of_.find(goroutine);
  auto envelope = log_.envelopes().find(goroutine);
  if (changes == changes_of_.end()) return;
  const auto& mine = changes->second;
  double width = (q.end - q.begin) / static_cast<double>(n);
  size_t next = 0;
  uint32_t begin = FirstEvent(q.axis, q.begin);
  for (size_t i = 0; i < n; ++i) {
    double from = q.begin + width * static_cast<double>(i);
    uint32_t end = std::max(begin, FirstEvent(q.axis, from + width));
    double now = -1, most = -1;
    if (next > 0) {
      const StackChange& c = stack_changes_[mine[next - 1]];
      most = now = c.kind == Kind::StackFree ? -1 : static_cast<double>(c.size);
    }
    for (; next < mine.size() && stack_changes_[mine[next]].event < end; ++next) {
      const StackChange& c = stack_changes_[mine[next]];
      now = c.kind == Kind::StackFree ? -1 : static_cast<double>(c.size);
      most = std::max(most, now);
    }
    begin = end;
    if (most < 0) continue;
    size[i] = most;
    used_min[i] = used_max[i] = 0;
    if (envelope == log_.envelopes().end()) continue;
    const Envelope& e = *envelope->second;
    double step0 = StepAt(q.axis, from), step1 = std::max(step0, StepAt(q.axis, from + width));
    double first = static_cast<double>(e.first_step()), each = static_cast<double>(e.bucket_steps());
    if (e.buckets().empty()) continue;
    double last = static_cast<double>(e.buckets().size() - 1);
    size_t b0 = static_cast<size_t>(std::clamp(std::floor((step0 - first) / each), 0.0, last));
    size_t b1 = static_cast<size_t>(std::clamp(std::ceil((step1 - first) / each) - 1, double(b0), last));
    double least = -1, greatest = 0;
    for (size_t b = b0; b <= b1; ++b) {
      // An empty bucket lasts as the one before it ended.
      size_t filled = b;
      while (filled > 0 && e.buckets()[filled].empty()) --filled;
      const Envelope::Bucket& bucket = e.buckets()[filled];
      if (bucket.empty()) continue;
      least = least < 0 ? bucket.min_bytes : std::min(least, double(bucket.min_bytes));
      greatest = std::max(greatest, double(bucket.max_bytes));
    }
    used_min[i] = std::max(0.0, least);
    used_max[i] = greatest;
  }
}

std::pair<size_t, size_t> Timeline::ObjectsIn(Axis axis, double begin, double end) const {
  uint32_t first = FirstEvent(axis, begin), last = FirstEvent(axis, end);
  auto find = [&](uint32_t event) {
    return static_cast<size_t>(std::partition_point(objects_.begin(), objects_.end(),
                                                    [&](const HeapObject& o) { return o.event < event; }) -
                               objects_.begin());
  };
  size_t from = find(first);
  return {from, std::max(from, find(last))};
}

void Timeline::ObjectTiles(const TileRequest& q, std::vector<double>* out) const {
  auto [begin, end] = ObjectsIn(q.axis, q.begin, q.end);
  if (end - begin > kMostObjects) {
    out->push_back(-1);
    return;
  }
  out->push_back(static_cast<double>(end - begin));
  for (size_t i = begin; i < end; ++i) {
    const HeapObject& o = objects_[i];
    double freed = o.freed == HeapObject::kNever ? -1 : PlaceOf(q.axis, o.freed);
    for (double figure : {double(o.event), PlaceOf(q.axis, o.event), double(o.bytes), double(o.row),
                          rows_[o.row].mine() ? 1.0 : 0.0, freed})
      out->push_back(figure);
  }
}

std::vector<double> Timeline::Tiles(const TileRequest& q) const {
  ENSURE(q.columns > 0 && q.end > q.begin, "a window has columns and a length");
  std::vector<double> out(size_t{q.columns} * 8);
  HeapTiles(q, &out);
  for (uint32_t goroutine : q.goroutines) StackTiles(q, goroutine, &out);
  ObjectTiles(q, &out);
  return out;
}

// --- tables ---

std::vector<std::pair<AllocationRow, uint32_t>> Timeline::Allocations(Axis axis, double begin, double end,
                                                                      bool mine) const {
  std::vector<AllocationRow> counted(rows_.size());
  auto [from, to] = ObjectsIn(axis, begin, end);
  for (size_t i = from; i < to; ++i) {
    const HeapObject& o = objects_[i];
    AllocationRow& row = counted[o.row];
    if (row.objects == 0) {
      row = rows_[o.row];
      row.objects = row.bytes = row.live = row.live_bytes = 0;
      row.first = o.event;
    }
    row.last = o.event;
    ++row.objects;
    row.bytes += o.bytes;
    if (o.freed == HeapObject::kNever) {
      ++row.live;
      row.live_bytes += o.bytes;
    }
  }
  std::vector<std::pair<AllocationRow, uint32_t>> found;
  for (uint32_t i = 0; i < counted.size(); ++i)
    if (counted[i].objects && (!mine || counted[i].mine())) found.emplace_back(counted[i], i);
  base::Sort(found, [](const auto& a, const auto& b) { return a.first.bytes > b.first.bytes; });
  return found;
}

}  // namespace escapement::trace
