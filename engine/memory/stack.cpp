#include "engine/memory/stack.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "engine/base/check.h"
#include "engine/memory/stack_pool.h"
#include "engine/memory/world.h"

namespace escapement::memory {

namespace {

// Stacks below this come from pool spans of this size, by order (2, 4, 8, 16 KiB).
constexpr uint64_t kPoolSpan = 32 << 10;

uint32_t Order(uint64_t size) {
  return static_cast<uint32_t>(std::countr_zero(size / kStackMin));
}
Address FullAddress(uint32_t low) {
  return kHeapHigh << 32 | low;
}

void Insert(World& world, StackPool::Order& order, uint32_t id) {
  Span& span = world.spans[id];
  span.prev = kNoSpan;
  span.next = order.spans;
  if (order.spans != kNoSpan) world.spans[order.spans].prev = id;
  order.spans = id;
}

void Remove(World& world, StackPool::Order& order, uint32_t id) {
  Span& span = world.spans[id];
  if (span.prev != kNoSpan)
    world.spans[span.prev].next = span.next;
  else
    order.spans = span.next;
  if (span.next != kNoSpan) world.spans[span.next].prev = span.prev;
  span.next = span.prev = kNoSpan;
}

// A stack from the pool; 0 when memory is out. Free stacks are linked through their first word.
uint32_t PoolTake(World& world, uint32_t order_number) {
  StackPool::Order& order = world.stack_pool.orders[order_number];
  uint32_t id = order.spans;
  if (id == kNoSpan) {
    id = AllocateManualSpan(world, kPoolSpan / kPageSize);
    if (id == kNoSpan) return 0;
    Span& span = world.spans[id];
    span.elem_size = uint64_t{kStackMin} << order_number;
    for (uint64_t at = 0; at < kPoolSpan; at += span.elem_size) {
      world.space.Store<uint64_t>(span.base + at, span.manual_free);
      span.manual_free = static_cast<uint32_t>(span.base + at);
    }
    Insert(world, order, id);
  }
  Span& span = world.spans[id];
  uint32_t stack = span.manual_free;
  span.manual_free = static_cast<uint32_t>(world.space.Load<uint64_t>(FullAddress(stack)));
  ++span.alloc_count;
  if (span.manual_free == 0) Remove(world, order, id);
  return stack;
}

void PoolGive(World& world, uint32_t order_number, uint32_t stack) {
  StackPool::Order& order = world.stack_pool.orders[order_number];
  uint32_t id = SpanOf(world, FullAddress(stack));
  Span& span = world.spans[id];
  if (span.manual_free == 0) Insert(world, order, id);
  world.space.Store<uint64_t>(FullAddress(stack), span.manual_free);
  span.manual_free = stack;
  --span.alloc_count;
  if (world.gc.phase == trace::Phase::kOff && span.alloc_count == 0) {
    Remove(world, order, id);
    FreeSpan(world, id);
  }
}

// The P's cache of an order: refilled to half of 32 KiB, cut back to half when it overflows.
uint32_t CacheTake(World& world, uint32_t order_number) {
  StackPool::Order& order = world.stack_pool.orders[order_number];
  uint32_t size = kStackMin << order_number;
  if (order.cached == 0) {
    while (order.cached_bytes < kPoolSpan / 2) {
      uint32_t stack = PoolTake(world, order_number);
      if (stack == 0) break;
      world.space.Store<uint64_t>(FullAddress(stack), order.cached);
      order.cached = stack;
      order.cached_bytes += size;
    }
    if (order.cached == 0) return 0;
  }
  uint32_t stack = order.cached;
  order.cached = static_cast<uint32_t>(world.space.Load<uint64_t>(FullAddress(stack)));
  order.cached_bytes -= size;
  return stack;
}

void CacheTrim(World& world, uint32_t order_number, uint64_t keep) {
  StackPool::Order& order = world.stack_pool.orders[order_number];
  while (order.cached_bytes > keep) {
    uint32_t stack = order.cached;
    order.cached = static_cast<uint32_t>(world.space.Load<uint64_t>(FullAddress(stack)));
    order.cached_bytes -= kStackMin << order_number;
    PoolGive(world, order_number, stack);
  }
}

Stack Take(World& world, uint64_t size) {
  ENSURE(std::has_single_bit(size) && size >= kStackMin, "stack sizes are powers of two");
  Address lo = 0;
  if (size < kPoolSpan) {
    uint32_t stack = CacheTake(world, Order(size));
    if (stack) lo = FullAddress(stack);
  } else {
    uint32_t pages = static_cast<uint32_t>(size >> kPageShift);
    auto& kept = world.stack_pool.large[static_cast<uint32_t>(std::countr_zero(pages))];
    uint32_t id;
    if (!kept.empty()) {
      id = kept.back();
      kept.pop_back();
    } else {
      id = AllocateManualSpan(world, pages);
      if (id != kNoSpan) world.spans[id].elem_size = size;
    }
    if (id != kNoSpan) lo = world.spans[id].base;
  }
  return lo ? Stack{lo, lo + size} : Stack{};
}

void Give(World& world, const Stack& stack) {
  if (stack.size() < kPoolSpan) {
    uint32_t order_number = Order(stack.size());
    StackPool::Order& order = world.stack_pool.orders[order_number];
    if (order.cached_bytes >= kPoolSpan) CacheTrim(world, order_number, kPoolSpan / 2);
    world.space.Store<uint64_t>(stack.lo, order.cached);
    order.cached = static_cast<uint32_t>(stack.lo);
    order.cached_bytes += static_cast<uint32_t>(stack.size());
    return;
  }
  uint32_t id = SpanOf(world, stack.lo);
  if (world.gc.phase == trace::Phase::kOff)
    FreeSpan(world, id);
  else
    world.stack_pool.large[static_cast<uint32_t>(std::countr_zero(world.spans[id].pages))].push_back(id);
}

// Gives back a stack that was left. In the stress mode whoever still has an address of it reads poison, and
// goes on to do so: two stacks that take turns would hide it.
void Leave(World& world, const Stack& stack) {
  if (!world.options.move_stack_at_every_call) return Give(world, stack);
  constexpr size_t kMostStacks = 61;
  constexpr uint64_t kMostBytes = 1 << 20;
  std::memset(world.space.Host(stack.lo), kStackPoison, stack.size());
  std::vector<Stack>& kept = world.stack_pool.quarantine;
  kept.push_back(stack);
  uint64_t bytes = 0;
  for (const Stack& s : kept) bytes += s.size();
  while (kept.size() > 1 && (kept.size() > kMostStacks || bytes > kMostBytes)) {
    bytes -= kept.front().size();
    Give(world, kept.front());
    kept.erase(kept.begin());
  }
}

// Moves the pointers into the old stack that a visit shows it.
class Adjuster final : public SlotVisitor {
 public:
  Adjuster(const Stack& old, const Stack& now) : old_(old), delta_(now.hi - old.hi) {}
  void Visit(uint64_t* slot) override {
    if (!old_.Contains(*slot)) return;
    *slot += delta_;
    ++adjusted;
  }
  uint32_t adjusted = 0;

 private:
  Stack old_;
  uint64_t delta_;
};

// Copies the used part to a new stack of `size` bytes and has every pointer follow.
bool Copy(World& world, Stack* stack, Address sp, uint64_t size, uint32_t goroutine, uint64_t goid,
          StackOwner& owner, trace::Kind kind) {
  Stack old = *stack, now = Take(world, size);
  if (now.lo == 0) return false;
  uint64_t used = old.hi - sp;
  world.space.Move(now.hi - used, sp, used);
  *stack = now;
  Adjuster adjuster(old, now);
  owner.MoveStack(goroutine, old, now, adjuster);
  world.Emit(kind, 0, static_cast<uint16_t>(std::countr_zero(size)), static_cast<uint32_t>(goid),
             static_cast<uint32_t>(now.lo), static_cast<uint32_t>(used), adjuster.adjusted);
  Leave(world, old);
  return true;
}

}  // namespace

Stack AllocateStack(World& world, uint64_t size, uint64_t goid) {
  Stack stack = Take(world, size);
  if (stack.lo)
    world.Emit(trace::Kind::StackAlloc, 0, 0, static_cast<uint32_t>(goid), static_cast<uint32_t>(stack.lo),
               static_cast<uint32_t>(size));
  return stack;
}

void FreeStack(World& world, Stack stack, uint64_t goid) {
  world.Emit(trace::Kind::StackFree, 0, 0, static_cast<uint32_t>(goid), static_cast<uint32_t>(stack.lo),
             static_cast<uint32_t>(stack.size()));
  Give(world, stack);
}

GrowResult GrowStack(World& world, Stack* stack, Address sp, uint64_t frame, uint32_t goroutine,
                     uint64_t goid, StackOwner& owner) {
  uint64_t size = stack->size() * 2, used = stack->hi - sp;
  const uint64_t most = std::min(world.options.max_stack, world.options.host_stack);
  while (size - used < frame + kStackGuard && size <= most) size *= 2;
  if (size > world.options.max_stack) return GrowResult::kOverflow;
  if (size > most) return GrowResult::kOutOfMemory;
  bool copied = Copy(world, stack, sp, size, goroutine, goid, owner, trace::Kind::StackGrow);
  return copied ? GrowResult::kGrown : GrowResult::kOutOfMemory;
}

bool ShrinkStack(World& world, Stack* stack, Address sp, uint32_t goroutine, uint64_t goid,
                 StackOwner& owner) {
  uint64_t size = stack->size();
  if (size / 2 < world.options.stack_start || stack->hi - sp + kStackNosplit >= size / 4) return false;
  return Copy(world, stack, sp, size / 2, goroutine, goid, owner, trace::Kind::StackShrink);
}

bool MoveStackElsewhere(World& world, Stack* stack, Address sp, uint32_t goroutine, uint64_t goid,
                        StackOwner& owner) {
  trace::Log* log = world.log;
  world.log = nullptr;  // a stress mode leaves the program's trace as it is
  bool moved = Copy(world, stack, sp, stack->size(), goroutine, goid, owner, trace::Kind::StackGrow);
  world.log = log;
  return moved;
}

uint64_t StartingStackSize(const World& world) {
  const uint64_t least = world.options.stack_start;
  return world.options.adaptive_stack_start ? std::max(least, world.gc.starting_stack_size) : least;
}

void FreeEmptyStackSpans(World& world) {
  for (uint32_t i = 0; i < world.stack_pool.orders.size(); ++i) {
    CacheTrim(world, i, 0);
    StackPool::Order& order = world.stack_pool.orders[i];
    for (uint32_t id = order.spans; id != kNoSpan;) {
      uint32_t next = world.spans[id].next;
      if (world.spans[id].alloc_count == 0) {
        Remove(world, order, id);
        FreeSpan(world, id);
      }
      id = next;
    }
  }
  for (auto& kept : world.stack_pool.large) {
    for (uint32_t id : kept) FreeSpan(world, id);
    kept.clear();
  }
}

}  // namespace escapement::memory
