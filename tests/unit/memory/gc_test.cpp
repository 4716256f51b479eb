#include "engine/memory/gc_trace.h"
#include "tests/unit/memory/fixture.h"

namespace escapement::memory {

namespace {

uint64_t Live(TestWorld& t) {
  FinishSweep(t.world);
  return ReadMemStats(t.world).heap_objects;
}

}  // namespace

TEST_CASE("what globals and registers reach lives, the rest dies") {
  TestWorld t;
  Address head = 0;
  for (int i = 0; i < 1000; ++i) {
    Address node = t.New(t.node_type);
    t.world.space.Store<uint64_t>(node, head);
    head = node;
    t.New(t.node_type);  // garbage
  }
  t.Global(3, head);
  t.slots.push_back(t.New(t.wide_type));
  t.world.space.Store<uint64_t>(t.slots[0], t.NewBytes(100));
  CollectNow(t.world, t, trace::Trigger::kCall);
  CHECK(Live(t) == 1002);
  CHECK(Verify(t.world, t).empty());
  t.Global(3, 0);
  CollectNow(t.world, t, trace::Trigger::kCall);
  CHECK(Live(t) == 2);
  t.slots.clear();
  CollectNow(t.world, t, trace::Trigger::kCall);
  CHECK(Live(t) == 0);
  CHECK(t.world.counters.heap_spans_bytes == 0);
}

TEST_CASE("interior pointers keep an object, integers that look like pointers do not") {
  TestWorld t;
  Address inner = t.New(t.node_type), outer = t.New(t.mixed_type);
  t.world.space.Store<uint64_t>(outer + 8, inner + 16);
  t.world.space.Store<uint64_t>(outer + 16, t.New(t.node_type));  // word 2 is no pointer
  t.Global(0, outer + 31);
  CollectNow(t.world, t, trace::Trigger::kCall);
  CHECK(Live(t) == 2);
}

TEST_CASE("arrays of a type, in a bitmap, behind a header and large, are scanned to their end") {
  for (uint64_t count : {7, 20, 30, 2000}) {
    TestWorld t;
    Address array = t.New(t.node_type, 24 * count);
    for (uint64_t i = 0; i < count; ++i)
      t.world.space.Store<uint64_t>(array + 24 * i + 8, t.New(t.node_type));
    t.Global(1, array);
    CollectNow(t.world, t, trace::Trigger::kCall);
    CHECK(Live(t) == count + 1);
  }
}

TEST_CASE("freed slots are used again in address order") {
  TestWorld t;
  std::vector<Address> nodes;
  for (uint32_t i = 0; i < 10; ++i) nodes.push_back(t.New(t.node_type));
  for (uint32_t i = 0; i < 10; i += 2) t.Global(i, nodes[i]);
  CollectNow(t.world, t, trace::Trigger::kCall);
  for (uint32_t i = 1; i < 10; i += 2) {
    Address again = t.New(t.node_type);
    CHECK(again == nodes[i]);
    CHECK(t.world.space.LoadPointer(again) == 0);
  }
}

TEST_CASE("GOGC paces the cycles as Go does") {
  // 3,000 garbage slices of 10,000 bytes: measured 9 cycles at 100, 17 at 50, 3 at 200, none when off.
  auto cycles = [](int32_t percent) {
    Options options;
    options.gc_percent = percent;
    TestWorld t(options);
    for (int i = 0; i < 3000; ++i) {
      t.NewBytes(10000);
      if (t.world.gc.requested) Poll(t.world, t);
    }
    return t.world.counters.cycles;
  };
  // A cycle that stops the world starts later than one that has to race the program: a few less.
  CHECK(cycles(50) >= 15);
  CHECK(cycles(50) <= 17);
  CHECK(cycles(100) >= 7);
  CHECK(cycles(100) <= 9);
  CHECK(cycles(200) == 3);
  CHECK(cycles(-1) == 0);
}

TEST_CASE("a lower minimum heap makes more cycles") {
  Options options;
  options.heap_minimum = 64 << 10;
  TestWorld t(options);
  for (int i = 0; i < 1000; ++i) {
    t.NewBytes(1000);
    if (t.world.gc.requested) Poll(t.world, t);
  }
  CHECK(t.world.counters.cycles >= 15);
}

TEST_CASE("garbage does not fill the region while what lives fits") {
  Options options;
  options.region_limit = 64 << 20;
  TestWorld t(options);
  // 40 MiB live: GOGC alone would let the heap grow to 80.
  for (uint32_t i = 0; i < 40; ++i) t.Global(i, t.NewBytes(1 << 20));
  for (int i = 0; i < 5000; ++i) {
    REQUIRE(t.NewBytes(100000) != 0);
    if (t.world.gc.requested) Poll(t.world, t);
  }
  CHECK(t.world.counters.cycles < 200);
}

TEST_CASE("a concurrent cycle with its write barrier loses nothing") {
  Options options;
  options.concurrent_mark = true;
  options.verify = true;
  options.heap_minimum = 256 << 10;
  TestWorld t(options);
  uint32_t polls = 0;
  uint64_t random = 1;
  auto store = [&](Address slot, uint64_t value) {
    WriteBarrier(t.world, slot, value);
    t.world.space.Store<uint64_t>(slot, value);
  };
  // 64 lists hang on globals; nodes move from one to another while marking runs.
  for (int i = 0; i < 200000; ++i) {
    random = random * 6364136223846793005ull + 1442695040888963407ull;
    Address to = kData + (random >> 33) % 64 * 8, from = kData + (random >> 43) % 64 * 8;
    Address moved = t.world.space.LoadPointer(from);
    if (moved && i % 3 == 0) {
      store(from, t.world.space.LoadPointer(moved));
      store(moved, t.world.space.LoadPointer(to));
      store(to, moved);
    } else {
      Address node = t.New(t.node_type);
      store(node, i % 50 ? t.world.space.LoadPointer(to) : 0);
      store(to, node);
    }
    if (t.world.gc.requested) {
      Poll(t.world, t);
      ++polls;
      if (t.world.gc.phase == trace::Phase::kOff && polls % 8 == 0) REQUIRE(Verify(t.world, t).empty());
    }
  }
  CHECK(t.world.counters.cycles >= 3);
  CHECK(Verify(t.world, t).empty());
}

TEST_CASE("finalizers revive their object once, cleanups and weak handles do not") {
  TestWorld t;
  Address function = t.New(t.pointer_type);
  t.Global(0, function);
  Address object = t.New(t.node_type), held = t.New(t.node_type);
  t.world.space.Store<uint64_t>(object, held);
  CHECK(AddFinalizer(t.world, object, function, t.pointer_type, t.pointer_type, 0));
  CHECK_FALSE(AddFinalizer(t.world, object, function, t.pointer_type, t.pointer_type, 0));
  Address box = t.New(t.node_type);
  uint64_t id = AddCleanup(t.world, object, function, function, box);
  CHECK(id == 1);
  Address weak = WeakHandle(t.world, object);
  t.Global(1, weak);
  CHECK(WeakHandle(t.world, object) == weak);
  CHECK(StrongFromWeak(t.world, weak) == object);

  t.Global(2, object);
  CollectNow(t.world, t, trace::Trigger::kCall);
  CHECK(t.world.specials.ready.empty());
  t.Global(2, 0);
  CollectNow(t.world, t, trace::Trigger::kCall);
  REQUIRE(t.world.specials.ready.size() == 1);
  CHECK(t.world.specials.ready[0].kind == SpecialKind::kFinalizer);
  CHECK(t.world.specials.ready[0].pointer == object);
  CHECK(t.world.space.LoadPointer(object) == held);
  CHECK(FindObject(t.world, held));
  CHECK(StrongFromWeak(t.world, weak) == 0);
  t.world.specials.ready.clear();
  CollectNow(t.world, t, trace::Trigger::kCall);
  REQUIRE(t.world.specials.ready.size() == 1);
  CHECK(t.world.specials.ready[0].kind == SpecialKind::kCleanup);
  CHECK(t.world.specials.ready[0].argument == box);
  CHECK(FindObject(t.world, box));
  CHECK_FALSE(FindObject(t.world, object));
}

TEST_CASE("finalizers run last queued first, and before cleanups") {
  TestWorld t;
  Address function = t.New(t.pointer_type);
  t.Global(0, function);
  Address a = t.New(t.wide_type), b = t.New(t.wide_type);
  CHECK(ObjectStart(t.world, a + 9) == a);
  CHECK(ObjectStart(t.world, kData) == 0);
  AddCleanup(t.world, t.New(t.node_type), function, function, 0);
  AddFinalizer(t.world, a, function, 0, 0, 0);
  AddFinalizer(t.world, b, function, 0, 0, 0);
  CollectNow(t.world, t, trace::Trigger::kCall);
  ReadySpecial ready;
  REQUIRE(TakeReady(t.world, &ready));
  CHECK(ready.pointer == b);
  REQUIRE(TakeReady(t.world, &ready));
  CHECK(ready.pointer == a);
  REQUIRE(TakeReady(t.world, &ready));
  CHECK(ready.kind == SpecialKind::kCleanup);
  CHECK_FALSE(TakeReady(t.world, &ready));
}

TEST_CASE("a stopped cleanup and a removed finalizer never run") {
  TestWorld t;
  Address function = t.New(t.pointer_type), object = t.New(t.node_type);
  t.Global(0, function);
  AddFinalizer(t.world, object, function, 0, 0, 0);
  uint64_t id = AddCleanup(t.world, object, function, function, 0);
  StopCleanup(t.world, object, id);
  RemoveFinalizer(t.world, object);
  CollectNow(t.world, t, trace::Trigger::kCall);
  CHECK(t.world.specials.ready.empty());
  CHECK(Live(t) == 1);
}

TEST_CASE("the verifier sees a pointer to freed memory and one into a stack") {
  TestWorld t;
  t.stack = AllocateStack(t.world, kStackMin, 1);
  t.sp = t.stack.hi - 256;
  Address object = t.New(t.node_type);
  CollectNow(t.world, t, trace::Trigger::kCall);
  t.Global(0, object);
  CHECK(Verify(t.world, t).size() == 1);
  t.Global(0, t.sp + 8);
  CHECK(Verify(t.world, t).size() == 1);
  t.Global(0, 0);
  t.slots.push_back(t.sp + 8);
  CHECK(Verify(t.world, t).empty());
  t.slots[0] = t.sp - 8;
  CHECK(Verify(t.world, t).size() == 1);
}

TEST_CASE("the line of GODEBUG=gctrace=1 has the heap before, at the end of marking and after") {
  TestWorld t;
  t.NewBytes(3 << 20);
  t.Global(0, t.NewBytes(2 << 20));
  CollectNow(t.world, t, trace::Trigger::kCall);
  CHECK(GcTrace(t.world, {.started = 1234567890, .marking = 45600}) ==
        "gc 1 @1.234s 0%: 0+0.045+0 ms clock, 0+0/0/0+0 ms cpu, 5->5->2 MB, 5 MB goal, 0 MB stacks, 0 MB "
        "globals, "
        "1 P (forced)\n");
  CollectNow(t.world, t, trace::Trigger::kHeap);
  CHECK(GcTrace(t.world, {.started = 0, .marking = 12345678}) ==
        "gc 2 @0.000s 0%: 0+12+0 ms clock, 0+0/0/0+0 ms cpu, 2->2->2 MB, 4 MB goal, 0 MB stacks, 0 MB "
        "globals, 1 P\n");
}

}  // namespace escapement::memory
