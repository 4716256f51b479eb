#include "engine/memory/collector.h"

#include <algorithm>
#include <string>

#include "engine/base/check.h"
#include "engine/memory/pointers.h"
#include "engine/memory/stack_pool.h"
#include "engine/memory/sweep.h"
#include "engine/memory/verifier.h"
#include "engine/memory/world.h"

namespace escapement::memory {

namespace {

using trace::Phase;

// Makes the object around a pointer grey (black if it has no pointers), unless it is marked.
void Shade(World& world, uint64_t pointer) {
  if (!world.space.InHeapRange(pointer)) return;
  uint32_t id = world.page_span[(pointer - world.space.heap_start()) >> kPageShift];
  if (id == kNoSpan) return;
  Span& span = world.spans[id];
  if (span.state != SpanState::kInUse || pointer >= span.limit) return;
  uint32_t index = span.ObjectIndex(pointer);
  if (span.Marked(index) || !span.Allocated(index)) return;
  span.Mark(index);
  world.gc.bytes_marked += span.elem_size;
  if (!span.noscan()) world.gc.work.push_back(span.ObjectBase(index));
}

// Shades what the pointer words of an object point to.
void Scan(World& world, Address object) {
  const Span& span = world.spans[SpanOf(world, object)];
  world.gc.heap_scan_work += span.elem_size;
  ForEachPointerWord(world.space, span, object,
                     [&](Address word) { Shade(world, world.space.LoadPointer(word)); });
}

class Shader final : public SlotVisitor {
 public:
  explicit Shader(World& world) : world_(world) {}
  void Visit(uint64_t* slot) override { Shade(world_, *slot); }

 private:
  World& world_;
};

void MarkGlobals(World& world) {
  for (const StaticRegion::Part& part : world.statics.parts) {
    if (part.pointer_bitmap.empty()) continue;
    world.gc.globals_scan_work += part.size;
    for (size_t w = 0; w < part.pointer_bitmap.size(); ++w)
      for (uint64_t bits = part.pointer_bitmap[w]; bits; bits &= bits - 1)
        Shade(world, world.space.LoadPointer(part.start +
                                             (w * 64 + static_cast<uint64_t>(std::countr_zero(bits))) * 8));
  }
}

// Finalizers keep what their object reaches (not the object itself); every special keeps its closure or
// handle.
void MarkSpecials(World& world) {
  for (const Special& special : world.specials.all) {
    if (special.object == 0) continue;
    Shade(world, special.function);
    Shade(world, special.cleanup);
    Shade(world, special.argument);
    if (special.kind == SpecialKind::kFinalizer) Scan(world, special.object);
  }
  for (const ReadySpecial& ready : world.specials.ready) {
    Shade(world, ready.function);
    Shade(world, ready.pointer);
    Shade(world, ready.argument);
  }
}

void MarkStacks(World& world, Mutator& mutator) {
  Shader shader(world);
  for (uint32_t i = 0; i < mutator.GoroutineCount(); ++i) {
    Mutator::StackRef ref = mutator.GoroutineStack(i);
    if (ref.stack == nullptr || ref.stack->lo == 0) continue;
    uint64_t used = ref.stack->hi - ref.sp;
    if (world.options.shrink_stacks && ref.movable)
      ShrinkStack(world, ref.stack, ref.sp, ref.goroutine, ref.goid, mutator);
    world.gc.stack_scan_work += used;
    world.gc.stack_use_sum += used;
    ++world.gc.stacks_scanned;
    mutator.VisitStack(ref.goroutine, shader);
  }
}

// Scans grey objects until none is left or `budget` bytes have been scanned.
bool Drain(World& world, uint64_t budget) {
  GcState& gc = world.gc;
  uint64_t end = gc.heap_scan_work + budget;
  if (end < budget) end = ~uint64_t{0};
  while (!gc.work.empty()) {
    if (gc.heap_scan_work >= end) return false;
    Address object = gc.work.back();
    gc.work.pop_back();
    Scan(world, object);
  }
  return true;
}

void EnterPhase(World& world, Phase phase) {
  world.gc.phase = phase;
  world.Emit(trace::Kind::GCPhase, 0, static_cast<uint16_t>(phase), world.gc.cycle,
             static_cast<uint32_t>(world.counters.heap_live));
}

// With options.verify a broken promise stops the engine at the collection that meets it.
void RequireNone(const std::vector<std::string>& problems) {
  ENSURE(problems.empty(), problems.empty() ? std::string() : problems.front());
}

// Sweep termination, then the roots: after this the stacks and globals are black.
void Start(World& world, Mutator& mutator, trace::Trigger trigger) {
  GcState& gc = world.gc;
  ++gc.cycle;
  gc.trigger = trigger;
  gc.live_at_start = world.counters.heap_live;
  world.Emit(trace::Kind::GCStart, 0, static_cast<uint16_t>(trigger), gc.cycle,
             static_cast<uint32_t>(world.counters.heap_live), static_cast<uint32_t>(GCTrigger(world)),
             static_cast<uint32_t>(std::min<uint64_t>(HeapGoal(world), 0xffffffffu)));
  EnterPhase(world, Phase::kSweepTermination);
  FinishSweep(world);
  if (world.options.verify) RequireNone(Verify(world, mutator));
  gc.bytes_marked = gc.heap_scan_work = gc.stack_scan_work = gc.globals_scan_work = 0;
  gc.stack_use_sum = gc.stacks_scanned = 0;
  gc.work.clear();
  world.pacer.triggered = world.counters.heap_live;
  EnterPhase(world, Phase::kMark);
  gc.barrier = true;
  mutator.StartCycle();
  MarkGlobals(world);
  MarkSpecials(world);
  Shader shader(world);
  mutator.VisitRoots(shader);
  MarkStacks(world, mutator);
}

// The average stack use decides what recycled goroutines start with.
void ComputeStartingStack(World& world) {
  GcState& gc = world.gc;
  uint64_t average = kStackMin;
  if (gc.stacks_scanned) average = gc.stack_use_sum / gc.stacks_scanned + kStackGuard;
  average = std::min(average, world.options.max_stack);
  gc.starting_stack_size = kStackMin;
  while (gc.starting_stack_size < average) gc.starting_stack_size *= 2;
}

// Mark termination: what is white now is garbage; the sweep generation goes on.
void Terminate(World& world, Mutator& mutator) {
  GcState& gc = world.gc;
  Shader shader(world);
  mutator.VisitKept(shader);
  Drain(world, ~uint64_t{0});
  mutator.DropUnmarked();
  EnterPhase(world, Phase::kMarkTermination);
  if (world.options.verify) RequireNone(VerifyTriColour(world));
  gc.barrier = false;
  gc.live_at_termination = world.counters.heap_live;
  gc.goal = HeapGoal(world);
  EndCycle(world);
  Pacer& p = world.pacer;
  p.heap_marked = gc.bytes_marked;
  p.last_heap_scan = gc.heap_scan_work;
  p.last_stack_scan = gc.stack_scan_work;
  p.triggered = ~uint64_t{0};
  world.counters.heap_live = gc.bytes_marked;
  ComputeStartingStack(world);

  gc.sweep_gen += 2;
  gc.sweep_index = 0;
  gc.pages_swept = 0;
  ++world.counters.cycles;
  world.counters.last_gc_ns = world.now_ns;
  CommitPacer(world, false);
  EnterPhase(world, Phase::kSweep);
  FlushCache(world);
  world.pages.FlushCache();
  gc.phase = Phase::kOff;
  FreeEmptyStackSpans(world);
  PaceSweeper(world, GCTrigger(world));
  world.Emit(trace::Kind::GCEnd, 0, 0, gc.cycle, static_cast<uint32_t>(p.heap_marked),
             static_cast<uint32_t>(std::min<uint64_t>(HeapGoal(world), 0xffffffffu)),
             static_cast<uint32_t>(std::min<uint64_t>(GCTrigger(world), 0xffffffffu)));
  mutator.CycleEnded();
}

// Runs the cycle to its end, whether it has started or not.
void Finish(World& world, Mutator& mutator) {
  Drain(world, ~uint64_t{0});
  Terminate(world, mutator);
}

// The share of marking that one poll of a concurrent cycle does: enough that marking ends
// before the heap reaches its goal.
uint64_t MarkBudget(const World& world) {
  uint64_t goal = HeapGoal(world), live = world.counters.heap_live;
  uint64_t left = goal > live ? goal - live : 1;
  uint64_t expected = world.pacer.last_heap_scan + (64 << 10);
  return std::max<uint64_t>(64 << 10, expected * kPageSize * 4 / left);
}

}  // namespace

void Poll(World& world, Mutator& mutator) {
  GcState& gc = world.gc;
  gc.requested = false;
  if (world.options.collect_at_every_allocation) {
    CollectNow(world, mutator, trace::Trigger::kStress);
    return;
  }
  if (gc.phase == Phase::kMark) {
    if (Drain(world, MarkBudget(world))) Terminate(world, mutator);
    return;
  }
  if (world.counters.heap_live < GCTrigger(world)) return;
  Start(world, mutator, trace::Trigger::kHeap);
  if (!world.options.concurrent_mark) Finish(world, mutator);
}

void CollectNow(World& world, Mutator& mutator, trace::Trigger trigger) {
  if (world.gc.phase == Phase::kMark) Finish(world, mutator);
  Start(world, mutator, trigger);
  Finish(world, mutator);
  if (trigger == trace::Trigger::kCall) ++world.counters.forced_cycles;
  FinishSweep(world);
}

void WriteBarrier(World& world, Address slot, uint64_t value) {
  if (!world.gc.barrier) return;
  Shade(world, world.space.LoadPointer(slot));
  Shade(world, value);
}

void KeepFound(World& world, uint64_t pointer) {
  if (world.gc.barrier) Shade(world, pointer);
}

bool IsMarked(const World& world, Address pointer) {
  ObjectRef object = FindObject(world, pointer);
  if (!object) return true;
  const Span& span = world.spans[object.span];
  return span.Marked(span.ObjectIndex(pointer));
}

void BulkWriteBarrier(World& world, Address to, Address from, uint64_t size, Address type) {
  if (!world.gc.barrier || TypePtrBytes(world.space, type) == 0) return;
  auto shade = [&](Address word) {
    Shade(world, world.space.LoadPointer(word));
    if (from) Shade(world, world.space.LoadPointer(from + (word - to)));
  };
  ForEachPointerInArray(world.space, type, to, to + size, shade);
}

int32_t SetGCPercent(World& world, int32_t percent) {
  int32_t old = world.pacer.gc_percent;
  world.pacer.gc_percent = percent < 0 ? -1 : percent;
  CommitPacer(world, SweepDone(world));
  PaceSweeper(world, GCTrigger(world));
  return old;
}

int64_t SetMemoryLimit(World& world, int64_t limit) {
  int64_t old = world.pacer.memory_limit;
  if (limit >= 0) world.pacer.memory_limit = limit;
  CommitPacer(world, SweepDone(world));
  PaceSweeper(world, GCTrigger(world));
  return old;
}

}  // namespace escapement::memory
