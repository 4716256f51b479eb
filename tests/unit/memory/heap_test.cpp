#include "tests/unit/memory/fixture.h"

namespace escapement::memory {

TEST_CASE("sizes round up to the runtime's classes") {
  CHECK(kSizeClassTable[SizeToClass(1)].size == 8);
  CHECK(kSizeClassTable[SizeToClass(9)].size == 16);
  CHECK(kSizeClassTable[SizeToClass(1016)].size == 1024);
  CHECK(kSizeClassTable[SizeToClass(1024)].size == 1024);
  CHECK(kSizeClassTable[SizeToClass(1025)].size == 1152);
  CHECK(kSizeClassTable[SizeToClass(32768)].size == 32768);
  for (uint64_t size = 1; size <= kMaxSmallSize; ++size) {
    uint32_t c = SizeToClass(size);
    REQUIRE(kSizeClassTable[c].size >= size);
    REQUIRE(kSizeClassTable[c - 1].size < size);
  }
  // Go: append to []*int doubles 128 pointers to 1,024 bytes, which with its header is 1,152 → 143 pointers.
  CHECK(RoundUpSize(1024, false) == 1144);
  CHECK(RoundUpSize(1024, true) == 1024);
  CHECK(RoundUpSize(512, false) == 512);
  CHECK(RoundUpSize(32769, true) == 40960);
  CHECK(RoundUpSize(32760, true) == 32768);
}

TEST_CASE("spans hold as many objects as in Go 1.26") {
  auto objects = [](uint64_t size, bool noscan) {
    return ObjectsPerSpan(MakeSpanClass(SizeToClass(size), noscan));
  };
  CHECK(objects(8, true) == 1024);
  CHECK(objects(8, false) == 1008);
  CHECK(objects(16, true) == 504);
  CHECK(objects(16, false) == 496);
  CHECK(objects(64, true) == 126);
  CHECK(objects(64, false) == 124);
  CHECK(objects(512, true) == 15);
  CHECK(objects(576, false) == 14);
}

TEST_CASE("objects of a span lie side by side and the next span follows") {
  TestWorld t;
  Address first = t.New(t.node_type);
  CHECK(first == kHeapBase);
  CHECK(t.New(t.node_type) == first + 24);
  for (int i = 2; i < 330; ++i) t.New(t.node_type);
  CHECK(t.New(t.node_type) == first + kPageSize);
  CHECK(FindObject(t.world, first + 25).base == first + 24);
  CHECK_FALSE(FindObject(t.world, first + 2 * kPageSize));
}

TEST_CASE("the tiny allocator packs pointer-free objects under 16 bytes") {
  TestWorld t;
  Address a = t.NewBytes(1);
  CHECK(t.NewBytes(1) == a + 1);
  CHECK(t.NewBytes(4) == a + 4);
  CHECK(t.NewBytes(2) == a + 8);
  CHECK(t.NewBytes(4) == a + 12);
  Address b = t.NewBytes(8);  // a is full
  CHECK(b != a);
  CHECK(t.NewBytes(8) == b + 8);
  MemStats m = ReadMemStats(t.world);
  CHECK(m.mallocs == 7);
  CHECK(m.heap_alloc == 32);
  CHECK(m.heap_objects == 2);
  // Of an old block and a new one, the one with more room stays current.
  Address c = t.NewBytes(12);
  Address d = t.NewBytes(8);
  CHECK(t.NewBytes(8) == d + 8);
  CHECK(c != d);
}

TEST_CASE("pointerful objects above 512 bytes carry a header, large ones are whole pages") {
  TestWorld t;
  Address wide = t.New(t.wide_type);
  CHECK(wide % 16 == 8);
  CHECK(t.world.space.LoadPointer(wide - 8) == t.wide_type);
  CHECK(FindObject(t.world, wide).size == 704);
  Address large = t.New(t.wide_type, 640 * 100);
  CHECK(large % kPageSize == 0);
  CHECK(FindObject(t.world, large + 63999).size == 65536);
  CHECK(t.NewBytes(0) == t.world.statics.zerobase);
  MemStats m = ReadMemStats(t.world);
  CHECK(m.mallocs == 2);
  CHECK(m.total_alloc == 704 + 65536);
}

TEST_CASE("memory runs out as an empty address") {
  Options options;
  options.region_limit = 8 << 20;
  TestWorld t(options);
  CHECK(t.NewBytes(uint64_t{1} << 40) == 0);
  CHECK(OutOfMemoryText(t.world, uint64_t{1} << 40) ==
        "runtime: out of memory: cannot allocate 1099511627776-byte block (0 in use)\n");
  CHECK(t.NewBytes(100 << 20) == 0);
  CHECK(t.NewBytes(1 << 20) != 0);
  int n = 0;
  while (t.NewBytes(1024) != 0) ++n;
  CHECK(n > 6 * 1024);
}

TEST_CASE("the n-th allocation fails on request") {
  Options options;
  options.fail_allocation = 3;
  TestWorld t(options);
  CHECK(t.NewBytes(64) != 0);
  CHECK(t.NewBytes(64) != 0);
  CHECK(t.NewBytes(64) == 0);
  CHECK(t.NewBytes(64) != 0);
}

TEST_CASE("a saved world goes on as the original does") {
  trace::Log log;
  TestWorld t({}, &log);
  for (int i = 0; i < 5000; ++i) t.Global(static_cast<uint32_t>(i % 64), t.New(t.node_type));
  t.world.steps = 10;
  Snapshot saved = Save(t.world);
  auto go_on = [&] {
    for (int i = 0; i < 20000; ++i) {
      ++t.world.steps;
      t.Global(static_cast<uint32_t>(i % 64), t.New(i % 3 ? t.node_type : t.wide_type));
      if (i % 1000 == 0) CollectNow(t.world, t, trace::Trigger::kCall);
    }
    return HashWorld(t.world);
  };
  uint64_t first = go_on(), first_log = log.Hash(), first_size = log.size();
  Restore(t.world, saved);
  CHECK(log.size() == saved.log.events);
  CHECK(go_on() == first);
  CHECK(log.size() == first_size);
  CHECK(log.Hash() == first_log);
}

TEST_CASE("the address space catches nil and wild pointers, and keeps rodata constant") {
  TestWorld t;
  const AddressSpace& space = t.world.space;
  CHECK_FALSE(space.CanLoad(0));
  CHECK_FALSE(space.CanLoad(4096));
  CHECK_FALSE(space.CanLoad(kTextBase));
  CHECK(space.CanLoad(kRodata));
  CHECK_FALSE(space.CanStore(kRodata));
  CHECK(space.CanStore(kData));
  Address object = t.NewBytes(64);
  CHECK(space.CanStore(object));
  CHECK_FALSE(space.CanLoad(space.heap_end()));
  CHECK(space.CanLoad(object, kHeapChunk));
  CHECK_FALSE(space.CanLoad(object, kHeapChunk + 1));
  CHECK_FALSE(space.CanLoad(uint32_t(object), 8));
}

}  // namespace escapement::memory
