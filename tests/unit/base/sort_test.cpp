#include "engine/base/sort.h"

#include <doctest/doctest.h>

#include <random>
#include <string>

using namespace escapement::base;

TEST_CASE("sorting keeps the order of what is neither less nor more") {
  std::mt19937 random(1);
  for (size_t size : {0, 1, 2, 3, 7, 64, 1000}) {
    std::vector<std::pair<int, size_t>> items(size);
    for (size_t i = 0; i < size; ++i) items[i] = {static_cast<int>(random() % 10), i};
    auto wanted = items;
    std::stable_sort(wanted.begin(), wanted.end(), [](auto& a, auto& b) { return a.first < b.first; });
    Sort(items, [](auto& a, auto& b) { return a.first < b.first; });
    CHECK(items == wanted);
  }
}

TEST_CASE("sorting moves what cannot be copied cheaply") {
  std::vector<std::string> words = {"c", "a long word that is not kept in the string itself", "b"};
  Sort(words, std::less<>());
  CHECK(words == std::vector<std::string>{"a long word that is not kept in the string itself", "b", "c"});
}
