#include "engine/escape/leaks.h"

#include <doctest/doctest.h>

using escapement::escape::Leaks;

TEST_CASE("a fresh leak set has no flows and an explicit tag") {
  Leaks leaks;
  CHECK_FALSE(leaks.Any());
  CHECK(leaks.Encode() == "esc:");
  CHECK(Leaks::Parse("esc:") == leaks);
}

TEST_CASE("a plain leak to the heap is the empty tag, which is also what no tag means") {
  Leaks leaks;
  leaks.AddHeap(0);
  CHECK(leaks.Encode().empty());
  CHECK(Leaks::Parse("").heap() == 0);
  CHECK(Leaks::Parse("nonsense").heap() == 0);
}

TEST_CASE("the shortest flow wins and trailing zeros are cut") {
  Leaks leaks;
  leaks.AddResult(1, 3);
  leaks.AddResult(1, 1);
  leaks.AddResult(1, 2);
  leaks.AddMutator(0);
  CHECK(leaks.result(1) == 1);
  CHECK(leaks.Encode() == std::string("esc:\0\1\0\0\2", 9));
  CHECK(Leaks::Parse(leaks.Encode()) == leaks);
}

TEST_CASE("Optimize drops what is no shorter than the way to the heap") {
  Leaks leaks;
  leaks.AddHeap(1);
  leaks.AddResult(0, 1);
  leaks.AddResult(2, 0);
  leaks.Optimize();
  CHECK(leaks.result(0) == -1);
  CHECK(leaks.result(2) == 0);
  CHECK(leaks.heap() == 1);
}

TEST_CASE("dereference counts saturate at one byte") {
  Leaks leaks;
  leaks.AddHeap(1000);
  CHECK(leaks.heap() == 254);
}
