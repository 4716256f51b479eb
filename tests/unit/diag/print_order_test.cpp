#include "engine/diag/print_order.h"

#include <doctest/doctest.h>

using namespace escapement::diag;

namespace {
Diagnostic At(uint32_t line, uint16_t col, std::string text) {
  return {{FileId{1}, col, line}, Severity::kError, false, std::move(text)};
}
}  // namespace

TEST_CASE("errors are sorted; one syntax error a line; equal errors of a line once") {
  auto out = PrintOrder({At(3, 1, "b"), At(2, 9, "syntax error: x"), At(2, 4, "syntax error: y"),
                         At(1, 5, "a"), At(1, 2, "a")});
  REQUIRE(out.size() == 3);
  CHECK(out[0].pos.line == 1);
  CHECK(out[0].pos.col == 5);
  CHECK(out[1].text == "syntax error: x");
  CHECK(out[2].text == "b");
}

TEST_CASE("the tenth error is the last") {
  std::vector<Diagnostic> all;
  for (uint32_t i = 0; i < 20; ++i) all.push_back(At(20 - i, 1, "e" + std::to_string(i)));
  auto out = PrintOrder(all);
  REQUIRE(out.size() == 11);
  CHECK(out[0].pos.line == 11);
  CHECK(out[10].text == "too many errors");
  CHECK(out[10].pos.line == 11);
}
