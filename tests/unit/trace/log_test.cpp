#include "engine/trace/log.h"

#include <doctest/doctest.h>

namespace escapement::trace {

TEST_CASE("records keep what was appended, with steps as deltas") {
  Log log;
  log.set_owner(Owner::kMine);
  log.Append(Kind::HeapAlloc, 10, kNoscan, 5, 1, 2, 3, 4);
  log.Append(Kind::Steps, 15, 0, 0, 7);
  REQUIRE(log.size() == 2);
  CHECK(log.at(0).delta == 10);
  CHECK(log.at(1).delta == 5);
  CHECK(log.at(0).owner() == Owner::kMine);
  CHECK(Value(log.at(0), Slot::d) == 4);
  CHECK(Value(log.at(0), Slot::ab) == (uint64_t{2} << 32 | 1));
  CHECK(Info(Kind::HeapAlloc).name == "heap.alloc");
  CHECK(Info(Kind::HeapAlloc).fields.size() == 5);
  CHECK(Info(Kind::GCStart).pair == Kind::GCEnd);
}

TEST_CASE("a long pause becomes an event of its own") {
  Log log;
  log.Append(Kind::GoRun, 1, 0, 0, 1);
  log.Append(Kind::GoRun, uint64_t{1} << 40, 0, 0, 2);
  REQUIRE(log.size() == 3);
  CHECK(log.at(1).kind == Kind::Steps);
  CHECK(Value(log.at(1), Slot::ab) == (uint64_t{1} << 40) - 1);
  CHECK(log.at(2).delta == 0);
}

TEST_CASE("a full log counts on and can be rewound") {
  Log log(Log::kChunkRecords);
  for (uint32_t i = 0; i < 2 * Log::kChunkRecords; ++i) {
    if (i == 100) {
      CHECK(log.position().events == 100);
    }
    log.Append(Kind::GoRun, i, 0, 0, i);
  }
  CHECK(log.size() == 2 * Log::kChunkRecords);
  CHECK(log.kept() == Log::kChunkRecords);
  uint64_t hash = log.Hash();
  LogPosition position{100, 99, 0, log.owner(), log.stack, {}};
  log.Rewind(position);
  CHECK(log.size() == 100);
  CHECK(log.Hash() != hash);
  for (uint32_t i = 100; i < 2 * Log::kChunkRecords; ++i) log.Append(Kind::GoRun, i, 0, 0, i);
  CHECK(log.Hash() == hash);
}

TEST_CASE("tables intern, and stacks know the line they are billed to") {
  Log log;
  CHECK(log.Intern("a") == log.Intern("a"));
  CHECK(log.text(log.Intern("b")) == "b");
  TypeId type = log.InternType("*T", 8);
  SiteId site = log.AddSite({});
  OriginId origin = log.Origin(site, type);
  CHECK(log.Origin(site, log.InternType("int", 8)) != origin);
  CHECK(log.Origin(site, type) == origin);
  FrameEntry mine, library;
  mine.owner = Owner::kMine;
  library.owner = Owner::kLibrary;
  FrameId user = log.AddFrame(mine), print = log.AddFrame(library);
  StackId main = log.Push(StackId(), user), call = log.Push(main, print);
  CHECK(log.Push(main, print) == call);
  CHECK(log.stacks()[call.index].billed == main);
  CHECK(log.stacks()[call.index].depth == 2);
}

TEST_CASE("an envelope keeps at most 4,096 buckets and the exact peaks") {
  Envelope envelope;
  for (uint64_t step = 1000; step < 3000000; ++step)
    envelope.Add(step, static_cast<uint32_t>(step % 97), static_cast<uint32_t>(step % 1013));
  CHECK(envelope.buckets().size() <= Envelope::kMaxBuckets);
  CHECK(envelope.buckets().size() > Envelope::kMaxBuckets / 2 - 2);
  CHECK(envelope.first_step() == 1000);
  CHECK(envelope.peak_bytes() == 1012);
  CHECK(envelope.buckets()[1].min_bytes == 0);
}

}  // namespace escapement::trace
