#include "tests/unit/memory/fixture.h"

namespace escapement::memory {

TEST_CASE("a stack doubles, is copied, and pointers into it follow") {
  trace::Log log;
  TestWorld t({}, &log);
  t.stack = AllocateStack(t.world, kStackMin, 1);
  t.sp = t.stack.hi - 1000;
  Address local = t.sp + 16;
  t.world.space.Store<uint64_t>(local, 42);
  t.world.space.Store<uint64_t>(t.sp + 8, local);
  t.stack_slots = {t.sp + 8};
  t.slots = {local, t.New(t.node_type), 0};
  Stack old = t.stack;
  uint64_t node = t.slots[1];
  CHECK(GrowStack(t.world, &t.stack, t.sp, 100, 0, 1, t) == GrowResult::kGrown);
  CHECK(t.stack.size() == 4096);
  CHECK(t.stack.hi - t.sp == 1000);
  CHECK(t.world.space.LoadPointer(t.sp + 8) == t.sp + 16);
  CHECK(t.world.space.Load<uint64_t>(t.sp + 16) == 42);
  CHECK(t.slots[0] == t.sp + 16);
  CHECK(t.slots[1] == node);
  CHECK_FALSE(old.Contains(t.sp));
  const trace::Record& last = log.at(log.size() - 1);
  CHECK(last.kind == trace::Kind::StackGrow);
  CHECK(last.small == 12);
  CHECK(last.c == 1000);
  CHECK(last.d == 2);
}

TEST_CASE("growth doubles until a big frame fits, and ends at the limit") {
  Options options;
  options.max_stack = 65536;
  TestWorld t(options);
  t.stack = AllocateStack(t.world, kStackMin, 1);
  t.sp = t.stack.hi - 100;
  CHECK(GrowStack(t.world, &t.stack, t.sp, 10000, 0, 1, t) == GrowResult::kGrown);
  CHECK(t.stack.size() == 16384);
  CHECK(GrowStack(t.world, &t.stack, t.sp, 100, 0, 1, t) == GrowResult::kGrown);
  CHECK(GrowStack(t.world, &t.stack, t.sp, 100, 0, 1, t) == GrowResult::kGrown);
  CHECK(GrowStack(t.world, &t.stack, t.sp, 100, 0, 1, t) == GrowResult::kOverflow);
  CHECK(t.stack.size() == 65536);
}

TEST_CASE("a prologue's check lets small frames reach below the guard") {
  Stack stack{0x10000, 0x10800};
  CHECK_FALSE(NeedsStack(stack, 0x10000 + 929, 128));
  CHECK(NeedsStack(stack, 0x10000 + 928, 8));
  CHECK_FALSE(NeedsStack(stack, 0x10000 + 800 + 500, 500));
  CHECK(NeedsStack(stack, 0x10000 + 800 + 499, 500));
}

TEST_CASE("a collection halves a stack that uses less than a quarter") {
  TestWorld t;
  t.stack = AllocateStack(t.world, 32768, 1);
  t.sp = t.stack.hi - 500;
  CollectNow(t.world, t, trace::Trigger::kCall);
  CHECK(t.stack.size() == 16384);
  CollectNow(t.world, t, trace::Trigger::kCall);
  CHECK(t.stack.size() == 8192);
  CollectNow(t.world, t, trace::Trigger::kCall);
  CHECK(t.stack.size() == 4096);
  CollectNow(t.world, t, trace::Trigger::kCall);
  CHECK(t.stack.size() == 4096);  // 500 + 800 is more than 1,024
  CHECK(StartingStackSize(t.world) == 2048);
  t.movable = false;
  t.sp = t.stack.hi - 3000;
  CollectNow(t.world, t, trace::Trigger::kCall);
  CHECK(StartingStackSize(t.world) == 4096);
  CHECK(t.world.counters.stack_spans_bytes == 32768);
}

TEST_CASE("freed stacks are used again, last freed first") {
  TestWorld t;
  Stack a = AllocateStack(t.world, kStackMin, 1), b = AllocateStack(t.world, kStackMin, 2);
  CHECK(a.lo != b.lo);
  FreeStack(t.world, a, 1);
  FreeStack(t.world, b, 2);
  CHECK(AllocateStack(t.world, kStackMin, 3) == b);
  CHECK(AllocateStack(t.world, kStackMin, 4) == a);
  Stack large = AllocateStack(t.world, 1 << 20, 5);
  uint64_t in_use = t.world.counters.stack_spans_bytes;
  FreeStack(t.world, large, 5);
  CHECK(t.world.counters.stack_spans_bytes == in_use - (1 << 20));
}

TEST_CASE("the stress move keeps the size and leaves no trace") {
  trace::Log log;
  TestWorld t({}, &log);
  t.stack = AllocateStack(t.world, kStackMin, 1);
  t.sp = t.stack.hi - 64;
  t.slots = {t.sp};
  Stack old = t.stack;
  uint64_t events = log.size();
  CHECK(MoveStackElsewhere(t.world, &t.stack, t.sp, 0, 1, t));
  CHECK(t.stack.size() == old.size());
  CHECK(t.stack.lo != old.lo);
  CHECK(t.slots[0] == t.sp);
  CHECK(log.size() == events);
}

}  // namespace escapement::memory
