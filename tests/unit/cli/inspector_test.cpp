// Time travel over a run: moments, moves, frames of a window, and what keeps an object alive.
#include "engine/driver/inspector.h"

#include "tests/unit/cli/traced_run.h"

namespace escapement::driver {

namespace {

constexpr char kList[] = R"(package main

type node struct {
	next  *node
	value int
}

var head *node

func push(v int) {
	head = &node{head, v}
}

func main() {
	sum := 0
	for i := 0; i < 5; i++ {
		push(i)
		sum += i
	}
	println(sum)
}
)";

Json AtLine(uint32_t line, uint64_t hit = 1) {
  return {{"at", {{"line", line}, {"hit", hit}}}};
}

}  // namespace

TEST_CASE("a line's n-th hit, with the variables of that moment") {
  TracedRun run(kList);
  REQUIRE(run.end["state"] == "exited");
  Json third = run.Inspect(AtLine(18, 3));
  CHECK(third["place"]["line"] == 18);
  CHECK(TracedRun::Variable(third, "i")["value"]["text"] == "2");
  CHECK(TracedRun::Variable(third, "sum")["value"]["text"] == "1");
  CHECK(run.Inspect(AtLine(18, 6)).is_null());
}

TEST_CASE("forward and back come to the same answer") {
  TracedRun run(kList);
  Json here = run.Inspect(AtLine(17, 2));
  REQUIRE(here.is_object());
  Json question{{"at", {{"moment", here["moment"]}}}, {"move", {{"by", "line"}}}};
  Json on = run.Inspect(question);
  REQUIRE(on.is_object());
  CHECK(on["moment"] != here["moment"]);
  question["at"]["moment"] = on["moment"];
  question["move"]["back"] = true;
  CHECK(run.Inspect(question) == here);
}

TEST_CASE("moves by allocation stop after each object of the user's") {
  TracedRun run(kList);
  Json question{{"at", {{"line", 15}}}, {"move", {{"by", "allocation"}}}};
  for (int i = 0; i < 5; ++i) {
    Json after = run.Inspect(question);
    REQUIRE(after.is_object());
    size_t nodes = 0;
    for (const Json& o : after["objects"]) nodes += o["type"] == "node";
    CHECK(nodes == static_cast<size_t>(i) + 1);
    question["at"] = {{"moment", after["moment"]}};
  }
  CHECK(run.Inspect(question).is_null());
}

TEST_CASE("why an object is alive: the shortest path from a root") {
  TracedRun run(kList);
  Json end = run.Inspect({{"at", {{"end", true}}}, {"mine", true}});
  uint64_t oldest = 0;
  for (const Json& o : end["objects"])
    if (o["type"] == "node" && o["pointers"].empty()) oldest = o["address"];
  REQUIRE(oldest != 0);
  Json alive = run.Alive({{"at", {{"end", true}}}, {"address", oldest}});
  CHECK(alive["alive"] == true);
  REQUIRE(alive["path"].size() == 6);  // main.head and five nodes
  CHECK(alive["path"][0]["kind"] == "static");
  CHECK(alive["path"][0]["name"] == "main.head");
  CHECK(alive["path"][2]["name"] == "next");
  CHECK(run.Alive({{"at", {{"end", true}}}, {"address", 1}})["alive"] == false);
}

TEST_CASE("the frames of a window nest, and a window too wide says so") {
  TracedRun run(R"(package main

//go:noinline
func fall(n int) int {
	if n == 0 {
		return 0
	}
	return 1 + fall(n-1)
}

func main() { println(fall(10)) }
)");
  uint64_t steps = run.end["steps"];
  Json window = run.Frames(0, steps + 1);
  CHECK(window["complete"] == true);
  size_t falls = 0;
  uint64_t inner_begin = 0, inner_end = ~uint64_t{0};
  for (const Json& f : window["frames"]) {
    CHECK(f["beginStep"] <= f["endStep"]);
    if (f["function"] != "main.fall") continue;
    ++falls;
    CHECK(f["beginStep"] >= inner_begin);
    CHECK(f["endStep"] <= inner_end);
    inner_begin = f["beginStep"];
    inner_end = f["endStep"];
  }
  CHECK(falls == 11);
  CHECK(run.Frames(0, uint64_t{1} << 40)["complete"] == false);
}

TEST_CASE("a program in pieces: positions are those of what was typed") {
  TracedRun run("x := 1\np := &x\nprintln(*p)\n");
  REQUIRE(run.end["state"] == "exited");
  Json at = run.Inspect(AtLine(3));
  REQUIRE(at.is_object());
  CHECK(at["place"]["line"] == 3);
  CHECK(TracedRun::Variable(at, "p")["line"] == 2);
}

TEST_CASE("tiny objects that share a block are objects of their own, and of their own size") {
  TracedRun run(R"(package main

var a, b, c *int32

func keep(n int32) *int32 { return &n }

func main() {
	a, b, c = keep(7), keep(8), keep(9)
	println(*a + *b + *c)
}
)");
  Json here = run.Inspect({{"at", {{"line", 9}}}, {"mine", true}});
  REQUIRE(here["objects"].size() == 3);
  for (int i = 0; i < 3; ++i) {
    const Json& object = here["objects"][static_cast<size_t>(i)];
    CHECK(object["size"] == 4);
    CHECK(object["value"]["text"] == std::to_string(7 + i));
    Json alive = run.Alive({{"at", {{"moment", here["moment"]}}}, {"address", object["address"]}});
    CHECK(alive["path"].back()["address"] == object["address"]);
  }
}

TEST_CASE("a channel is shown with what is in its buffer, wherever that lies") {
  TracedRun run(R"(package main

func main() {
	numbers, texts := make(chan int, 3), make(chan string, 2)
	numbers <- 5
	numbers <- 6
	<-numbers
	texts <- "a"
	println(len(numbers), len(texts))
}
)");
  Json objects = run.Inspect({{"at", {{"line", 9}}}, {"mine", true}})["objects"];
  REQUIRE(objects.size() == 3);
  size_t seen = 0;
  for (const Json& object : objects) {
    const Json& parts = object["value"]["parts"];
    if (object["type"] == "chan int") {
      seen |= 1;
      CHECK(object["elements"] == 1);
      CHECK(object["value"]["text"] == "chan int len 1 cap 3");
      CHECK(parts.back()["value"]["text"] == "6");
    } else if (object["type"] == "chan string") {
      seen |= 2;
      CHECK(parts.back()["name"] == "buffer");
    } else if (object["type"] == "string") {
      seen |= 4;
      CHECK(object["elements"] == 2);
      CHECK(parts[0]["value"]["text"] == "\"a\"");
    }
  }
  CHECK(seen == 7);
}

TEST_CASE("a site is called by its expression, also where a part of it was computed before") {
  TracedRun run(R"(package main

//go:noinline
func word(n int) string {
	if n == 0 {
		return "."
	}
	return word(n - 1)
}

func main() {
	s := word(3) + word(2) + "!"
	var all []int
	for i := range 9 {
		all = append(all, i)
	}
	keep = any(s)
	println(len(all))
}

var keep any
)");
  Json objects = run.Inspect({{"at", {{"line", 18}}}, {"mine", true}})["objects"];
  bool whole = false, grown = false;
  for (const Json& object : objects) {
    whole = whole || object["site"]["symbol"] == "word(3) + word(2) + \"!\"";
    grown = grown || (object["type"] == "int" && object["elements"] == 16);
  }
  CHECK(whole);
  CHECK(grown);
}

}  // namespace escapement::driver
