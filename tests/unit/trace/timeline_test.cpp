#include "engine/trace/timeline.h"

#include "doctest/doctest.h"

namespace escapement::trace {
namespace {

constexpr uint32_t kClass32 = 4;

// A log with a main of one goroutine that allocates `objects` 32-byte objects, ten steps apart, of
// which a sweep frees the first 64.
struct Sample {
  Log log;
  explicit Sample(uint32_t objects) {
    log.size_classes = {0, 8, 16, 24, 32};
    StringId name = log.Intern("main.f");
    SiteEntry site;
    site.function = name;
    site.kind = log.Intern("new");
    site.line = 7;
    site.owner = Owner::kMine;
    OriginId origin = log.Origin(log.AddSite(site), log.InternType("main.T", 32));
    FrameEntry frame;
    frame.function = name;
    frame.line = 7;
    frame.owner = Owner::kMine;
    StackId stack = log.Push(StackId(), log.AddFrame(frame));
    log.Append(Kind::GoStart, 0, 0, 0, 1, 0, name.index, stack.index);
    log.Append(Kind::StackAlloc, 0, 0, 0, 1, 0, 2048);
    log.Append(Kind::MainStart, 5, 0, 0, 1);
    log.set_owner(Owner::kMine);
    for (uint32_t i = 0; i < objects; ++i)
      log.Append(Kind::HeapAlloc, 10 + i * 10, 0, kClass32, 0x10000 + i * 32, 32, origin.index, stack.index);
    log.Append(Kind::StackGrow, 10 + objects * 10, 0, 12, 1, 0, 1500, 3);
    log.Append(Kind::GCStart, 20 + objects * 10, 0, 0, 1, objects * 32, 0, 4096);
    log.Append(Kind::GCEnd, 21 + objects * 10, 0, 0, 1, (objects - 64) * 32, 8192, 6000);
    uint64_t all = ~uint64_t{0};
    log.Append(Kind::SpanSweep, 22 + objects * 10, 0, 64, 0x10000, 64 * 32, log.AddBitmap(&all, 1), 1);
  }
};

TEST_CASE("a timeline adds up what a log says") {
  Sample sample(200);
  Timeline timeline(sample.log);
  timeline.Update();
  CHECK(timeline.main_event() == 2);
  CHECK(timeline.main_step() == 5);
  CHECK(timeline.heap_live() == 136 * 32);
  CHECK(timeline.heap_peak() == 200 * 32);
  CHECK(timeline.freed_objects() == 64);
  CHECK(timeline.totals()[static_cast<size_t>(Owner::kMine)].objects == 200);
  REQUIRE(timeline.rows().size() == 1);
  CHECK(timeline.rows()[0].live == 136);
  CHECK(timeline.rows()[0].mine());
  REQUIRE(timeline.cycles().size() == 1);
  CHECK(timeline.cycles()[0].freed_bytes == 64 * 32);
  CHECK(timeline.cycles()[0].marked == 136 * 32);
  CHECK(timeline.objects()[63].freed == 206);
  CHECK(timeline.objects()[64].freed == HeapObject::kNever);
}

TEST_CASE("the columns of any window add up to its events") {
  Sample sample(1000);
  Timeline timeline(sample.log);
  timeline.Update();
  for (Axis axis : {Axis::kEvents, Axis::kSteps}) {
    for (uint32_t columns : {1u, 7u, 100u, 3000u}) {
      double end = axis == Axis::kEvents ? 1007 : 10023;
      std::vector<double> tiles = timeline.Tiles({axis, 0, end, columns, {1, 99}});
      REQUIRE(tiles.size() >= columns * 14 + 1);
      double mine = 0, survived = 0, objects = 0, freed = 0, most = 0;
      for (uint32_t i = 0; i < columns; ++i) {
        most = std::max(most, tiles[columns + i]);
        mine += tiles[3 * columns + i];
        survived += tiles[5 * columns + i];
        objects += tiles[6 * columns + i];
        freed += tiles[7 * columns + i];
      }
      CHECK(most == 32000);
      CHECK(mine == 32000);
      CHECK(survived == (1000 - 64) * 32);
      CHECK(objects == 1000);
      CHECK(freed == 64 * 32);
      CHECK(tiles[columns * 10 + columns - 1] == 4096);  // goroutine 1's stack has grown
      CHECK(tiles[columns * 13] == -1);                  // goroutine 99 has none
      CHECK(tiles[columns * 14] == 1000);                // objects, one by one
    }
  }
}

TEST_CASE("a window's rows count only the window") {
  Sample sample(100);
  Timeline timeline(sample.log);
  timeline.Update();
  auto rows = timeline.Allocations(Axis::kEvents, 3, 13, true);
  REQUIRE(rows.size() == 1);
  CHECK(rows[0].first.objects == 10);
  CHECK(rows[0].first.live == 0);
  rows = timeline.Allocations(Axis::kSteps, 10 + 90 * 10, 5000, true);
  REQUIRE(rows.size() == 1);
  CHECK(rows[0].first.objects == 10);
  CHECK(rows[0].first.live == 10);
}

TEST_CASE("a timeline follows a log that grows") {
  Sample sample(100);
  Timeline at_once(sample.log), in_parts(sample.log);
  in_parts.Update();
  OriginId origin{0};
  for (uint32_t i = 0; i < 300; ++i)
    sample.log.Append(Kind::HeapAlloc, 5000 + i, 0, kClass32, 0x90000 + i * 32, 32, origin.index, 0);
  in_parts.Update();
  at_once.Update();
  CHECK(in_parts.heap_live() == at_once.heap_live());
  CHECK(in_parts.Tiles({Axis::kEvents, 0, 407, 50, {1}}) == at_once.Tiles({Axis::kEvents, 0, 407, 50, {1}}));
}

}  // namespace
}  // namespace escapement::trace
