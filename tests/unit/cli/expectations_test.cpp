// The small syntax of expectations, each form holding and not holding.
#include "engine/driver/expectations.h"

#include "tests/unit/cli/traced_run.h"

namespace escapement::driver {

namespace {

constexpr char kProgram[] = R"(package main

import "fmt"

type point struct{ x, y, z int }

func make3() *point {
	p := point{1, 2, 3}
	return &p
}

func main() {
	var last *point
	for range 2 {
		last = make3()
	}
	fmt.Println(last.x)
}
)";

}  // namespace

TEST_CASE("each form of expectation holds where it is true, and says what was found where it is not") {
  TracedRun run(kProgram);
  auto holds = [&](const char* line) {
    Json answer = run.Expect(line);
    REQUIRE(answer["expectations"].size() == 1);
    return answer["expectations"][0]["ok"].get<bool>();
  };
  CHECK(holds("line 8: moved to heap: p"));
  CHECK_FALSE(holds("line 9: moved to heap: p"));
  CHECK(holds("line 13: no verdict"));
  CHECK_FALSE(holds("line 8: no verdict"));
  CHECK(holds("line 13: no heap"));
  CHECK(holds("output: 1"));
  CHECK_FALSE(holds("output: 2"));
  CHECK(holds("exit 0"));
  CHECK_FALSE(holds("exit 2"));
  CHECK(holds("cycles 0"));
  CHECK(holds("stack ≤ 8 KiB"));
  CHECK(holds("goroutines 1"));
  CHECK_FALSE(holds("goroutines ≥ 2"));
  CHECK_FALSE(holds("nonsense"));
}

TEST_CASE("empty lines are no expectations, and lines keep their numbers") {
  TracedRun run(kProgram);
  Json answer = run.Expect("\nexit 0\n\nexit 1\n");
  REQUIRE(answer["expectations"].size() == 2);
  CHECK(answer["expectations"][0]["line"] == 2);
  CHECK(answer["expectations"][1]["line"] == 4);
  CHECK(answer["expectations"][1]["got"].get<std::string>().find("0") != std::string::npos);
}

}  // namespace escapement::driver
