#include "engine/base/arena.h"

#include <doctest/doctest.h>

#include "engine/base/interner.h"

using namespace escapement::base;

TEST_CASE("arena objects keep their values across blocks") {
  Arena arena;
  std::vector<int*> all;
  for (int i = 0; i < 100000; ++i) all.push_back(arena.New<int>(i));
  for (int i = 0; i < 100000; ++i) REQUIRE(*all[i] == i);
  auto big = arena.Copy(std::vector<int>(100000, 7));
  CHECK_EQ(big[99999], 7);
}

TEST_CASE("names are equal when they spell the same") {
  Interner names;
  std::string a = "alpha", b = "alp";
  CHECK(names.Intern(a) == names.Intern(b + "ha"));
  CHECK(names.Intern(a) != names.Intern(b));
  CHECK(names.Intern("").empty());
}
