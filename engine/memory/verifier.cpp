#include "engine/memory/verifier.h"

#include "engine/base/number_text.h"
#include "engine/memory/pointers.h"

namespace escapement::memory {

namespace {

// Collects complaints about pointers; `where` says what holds them.
class Checker final : public SlotVisitor {
 public:
  Checker(const World& world, std::vector<std::string>* problems) : world_(world), problems_(problems) {}

  std::string where;
  Stack own;  // the stack that the holder may point into
  Address sp = 0;

  void Visit(uint64_t* slot) override { Check(*slot, 0); }

  void Check(uint64_t pointer, Address at) {
    if (pointer == 0) return;
    const AddressSpace& space = world_.space;
    if (!space.InHeapRange(pointer)) {
      if (pointer >> 32 == kHeapHigh) Complain(pointer, at, "a heap address beyond the heap");
      return;  // static data, or a runtime value that is no address of ours
    }
    uint32_t id = SpanOf(world_, pointer);
    if (id == kNoSpan) return Complain(pointer, at, "free pages");
    const Span& span = world_.spans[id];
    if (span.state == SpanState::kManual) {
      if (!own.Contains(pointer)) return Complain(pointer, at, own.lo ? "another stack" : "a stack");
      if (pointer < sp) Complain(pointer, at, "a dead part of its stack");
      return;
    }
    if (pointer >= span.limit) return Complain(pointer, at, "the end of a span");
    if (!span.Allocated(span.ObjectIndex(pointer))) Complain(pointer, at, "a free object");
  }

 private:
  void Complain(uint64_t pointer, Address at, const char* what) {
    if (problems_->size() >= 100) return;
    problems_->push_back(where + (at ? " at " + base::HexText(at) : "") + " holds " + base::HexText(pointer) +
                         ", which points into " + what);
  }

  const World& world_;
  std::vector<std::string>* problems_;
};

// Spans: the page table leads to them, and counts agree with bits.
void CheckSpans(const World& world, std::vector<std::string>* problems) {
  for (uint32_t id = 1; id < world.spans.size(); ++id) {
    const Span& span = world.spans[id];
    if (span.state == SpanState::kFree) continue;
    for (uint32_t p = 0; p < span.pages; ++p)
      if (SpanOf(world, span.base + p * kPageSize) != id)
        problems->push_back("the page table does not lead to span " + base::HexText(span.base));
    if (span.state != SpanState::kInUse) continue;
    uint32_t allocated = 0;
    for (uint32_t i = 0; i < span.objects; ++i) allocated += span.Allocated(i);
    if (allocated != span.alloc_count)
      problems->push_back("span " + base::HexText(span.base) + " counts " + std::to_string(span.alloc_count) +
                          " objects, has " + std::to_string(allocated));
  }
}

}  // namespace

std::vector<std::string> Verify(World& world, Mutator& mutator) {
  std::vector<std::string> problems;
  CheckSpans(world, &problems);
  Checker checker(world, &problems);
  checker.where = "a global";
  for (const StaticRegion::Part& part : world.statics.parts)
    for (size_t w = 0; w < part.pointer_bitmap.size(); ++w)
      for (uint64_t bits = part.pointer_bitmap[w]; bits; bits &= bits - 1) {
        Address at = part.start + (w * 64 + static_cast<uint64_t>(std::countr_zero(bits))) * 8;
        checker.Check(world.space.LoadPointer(at), at);
      }
  checker.where = "a heap object";
  for (const Span& span : world.spans) {
    if (span.state != SpanState::kInUse || span.noscan()) continue;
    bool unswept = span.sweep_gen == world.gc.sweep_gen - 2 || span.sweep_gen == world.gc.sweep_gen + 1;
    for (uint32_t i = 0; i < span.objects; ++i) {
      // Garbage that has not been swept yet may point at garbage that has.
      if (!span.Allocated(i) || (unswept && !span.Marked(i))) continue;
      ForEachPointerWord(world.space, span, span.ObjectBase(i),
                         [&](Address at) { checker.Check(world.space.LoadPointer(at), at); });
    }
  }
  for (uint32_t i = 0; i < mutator.GoroutineCount(); ++i) {
    Mutator::StackRef ref = mutator.GoroutineStack(i);
    if (ref.stack == nullptr || ref.stack->lo == 0) continue;
    checker.where = "goroutine " + std::to_string(ref.goid) + "'s stack";
    checker.own = *ref.stack;
    checker.sp = ref.sp;
    mutator.VisitStack(ref.goroutine, checker);
  }
  return problems;
}

std::vector<std::string> VerifyTriColour(const World& world) {
  std::vector<std::string> problems;
  if (!world.gc.work.empty())
    return problems;  // grey objects left: the invariant is about the end of marking
  for (const Span& span : world.spans) {
    if (span.state != SpanState::kInUse || span.noscan()) continue;
    for (uint32_t i = 0; i < span.objects; ++i) {
      if (!span.Marked(i)) continue;
      ForEachPointerWord(world.space, span, span.ObjectBase(i), [&](Address at) {
        Address pointer = world.space.LoadPointer(at);
        ObjectRef object = FindObject(world, pointer);
        if (object && !world.spans[object.span].Marked(object.index))
          problems.push_back("black object at " + base::HexText(span.ObjectBase(i)) + " points to white " +
                             base::HexText(pointer));
      });
    }
  }
  return problems;
}

}  // namespace escapement::memory
