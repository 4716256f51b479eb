#include "engine/memory/sweep.h"

#include <bit>

#include "engine/base/check.h"
#include "engine/memory/world.h"

namespace escapement::memory {

namespace {

// Hands the specials of dead objects to those who wait for them. An object with a finalizer
// lives on for one more cycle: it is marked again.
void SweepSpecials(World& world, Span& span) {
  Specials& specials = world.specials;
  for (uint32_t id = span.specials; id != ~0u;) {
    Address object = specials.all[id].object;
    uint32_t index = span.ObjectIndex(object);
    bool dead = !span.Marked(index), finalizer = false;
    uint32_t end = id;
    for (; end != ~0u && specials.all[end].object == object; end = specials.all[end].next)
      finalizer |= specials.all[end].kind == SpecialKind::kFinalizer;
    if (dead) {
      if (finalizer) span.Mark(index);
      TriggerSpecials(world, span, object, finalizer);
    }
    id = end;
  }
}

}  // namespace

int SweptSet(const World& world) {
  return world.gc.sweep_gen / 2 % 2;
}

bool SweepSpan(World& world, uint32_t id, bool preserve) {
  ENSURE(world.spans[id].state == SpanState::kInUse && world.spans[id].sweep_gen == world.gc.sweep_gen - 2,
         "only an unswept span in use is swept");
  if (world.spans[id].specials != ~0u) SweepSpecials(world, world.spans[id]);
  Span& span = world.spans[id];
  world.gc.pages_swept += span.pages;

  uint32_t words = (span.objects + 63u) / 64, survivors = 0, freed_bits = 0;
  std::array<uint64_t, 16> freed;
  for (uint32_t w = 0; w < words; ++w) {
    uint64_t allocated = span.alloc_bits[w];
    if (span.free_index >= (w + 1) * 64)
      allocated = ~uint64_t{0};
    else if (span.free_index > w * 64)
      allocated |= (uint64_t{1} << (span.free_index % 64)) - 1;
    if (w == words - 1 && span.objects % 64) allocated &= (uint64_t{1} << (span.objects % 64)) - 1;
    freed[w] = allocated & ~span.mark_bits[w];
    freed_bits += static_cast<uint32_t>(std::popcount(freed[w]));
    survivors += static_cast<uint32_t>(std::popcount(span.mark_bits[w]));
  }
  ENSURE(survivors <= span.alloc_count, "sweeping cannot raise the number of objects");
  uint32_t dead = span.alloc_count - survivors;
  ENSURE(dead == freed_bits, "allocation bits and count agree");
  if (dead && world.log)
    world.Emit(trace::Kind::SpanSweep, 0, static_cast<uint16_t>(dead), static_cast<uint32_t>(span.base),
               static_cast<uint32_t>(dead * span.elem_size), world.log->AddBitmap(freed.data(), words),
               words);

  span.alloc_count = static_cast<uint16_t>(survivors);
  span.free_index = 0;
  span.alloc_bits = span.mark_bits;
  span.mark_bits.fill(0);
  span.alloc_cache = ~span.alloc_bits[0];
  span.sweep_gen = world.gc.sweep_gen;

  world.counters.total_free += dead * span.elem_size;
  Central& central = world.central[span.span_class];
  if (span.size_class() != 0) {
    if (dead) span.needs_zero = true;
    world.counters.small_frees[span.size_class()] += dead;
    if (preserve) return false;
    if (survivors == 0) {
      FreeSpan(world, id);
      return true;
    }
    (survivors == span.objects ? central.full : central.partial)[SweptSet(world)].push_back(id);
    return false;
  }
  if (dead) {
    world.counters.large_frees += 1;
    world.counters.large_free_bytes += span.elem_size;
    FreeSpan(world, id);
    return true;
  }
  central.full[SweptSet(world)].push_back(id);
  return false;
}

void EnsureSwept(World& world, uint32_t id) {
  Span& span = world.spans[id];
  if (span.state != SpanState::kInUse || span.sweep_gen != world.gc.sweep_gen - 2) return;
  Central& central = world.central[span.span_class];
  for (auto* sets : {&central.partial, &central.full}) std::erase((*sets)[1 - SweptSet(world)], id);
  SweepSpan(world, id, false);
}

bool SweepDone(const World& world) {
  return world.gc.sweep_index >= 2 * kSpanClasses;
}

bool SweepOne(World& world) {
  int unswept = 1 - SweptSet(world);
  for (uint32_t& i = world.gc.sweep_index; i < 2 * kSpanClasses; ++i) {
    Central& central = world.central[i / 2];
    auto& set = (i % 2 == 0 ? central.full : central.partial)[unswept];
    if (set.empty()) continue;
    uint32_t id = set.back();
    set.pop_back();
    SweepSpan(world, id, false);
    return true;
  }
  world.gc.sweep_pages_per_byte = 0;
  return false;
}

void DeductSweepCredit(World& world, uint64_t bytes, uint64_t caller_pages) {
  GcState& gc = world.gc;
  if (gc.sweep_pages_per_byte == 0) return;
  uint64_t live = world.counters.heap_live;
  uint64_t grown = bytes + (live > gc.sweep_live_basis ? live - gc.sweep_live_basis : 0);
  int64_t target = static_cast<int64_t>(gc.sweep_pages_per_byte * static_cast<double>(grown)) -
                   static_cast<int64_t>(caller_pages);
  while (target > static_cast<int64_t>(gc.pages_swept - gc.pages_swept_basis))
    if (!SweepOne(world)) break;
}

void PaceSweeper(World& world, uint64_t trigger) {
  GcState& gc = world.gc;
  gc.sweep_pages_per_byte = 0;
  if (SweepDone(world)) return;
  // The last MiB before the trigger is slack.
  int64_t distance =
      static_cast<int64_t>(trigger) - static_cast<int64_t>(world.counters.heap_live) - (1 << 20);
  if (distance < static_cast<int64_t>(kPageSize)) distance = kPageSize;
  int64_t pages = static_cast<int64_t>(gc.pages_in_use) - static_cast<int64_t>(gc.pages_swept);
  if (pages <= 0) return;
  gc.sweep_pages_per_byte = static_cast<double>(pages) / static_cast<double>(distance);
  gc.sweep_live_basis = world.counters.heap_live;
  gc.pages_swept_basis = gc.pages_swept;
}

void FinishSweep(World& world) {
  while (SweepOne(world)) {
  }
}

}  // namespace escapement::memory
