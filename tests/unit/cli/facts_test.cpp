// What a run says of the compiler's verdicts, and to which statement the runtime's work is billed.
#include "engine/driver/facts.h"

#include "tests/unit/cli/traced_run.h"

namespace escapement::driver {

namespace {

// The fact of the verdict on a line that has these words; null where there is none.
Json FactAt(const Json& facts, uint32_t line, const std::string& words) {
  for (const Json& f : facts["verdicts"])
    if (f["line"] == line && f["text"].get<std::string>().find(words) != std::string::npos) return f;
  return nullptr;
}

uint64_t OtherObjects(const Json& facts, uint32_t line) {
  uint64_t objects = 0;
  for (const Json& f : facts["others"])
    if (f["line"] == line) objects += f["objects"].get<uint64_t>();
  return objects;
}

}  // namespace

TEST_CASE("verdicts carry what they allocated, and surprises are marked") {
  TracedRun run(R"(package main

var sink any
var kept *int

func main() {
	for i := range 3 {
		kept = new(int)
		*kept = i
	}
	sink = "constant"
	never := len(*new(string)) > 0
	if never {
		kept = &[]int{1}[0]
	}
	n := 100
	b := make([]byte, n)
	println(len(b))
}
)");
  Json facts = run.Facts();
  Json made = FactAt(facts, 8, "new(int) escapes to heap");
  CHECK(made["objects"] == 3);
  CHECK(made["bytes"] == 24);
  CHECK(made["ran"] == "yes");
  CHECK(made["surprise"] == "");
  CHECK(FactAt(facts, 11, "escapes to heap")["surprise"] == "no allocation");
  CHECK(FactAt(facts, 14, "escapes to heap")["ran"] == "no");
  CHECK(FactAt(facts, 14, "escapes to heap")["surprise"] == "");
}

TEST_CASE("what the runtime allocates is billed to the statement that made it do so") {
  TracedRun run(R"(package main

func main() {
	m := make(map[int]int)
	for i := range 9 {
		m[i] = i
	}
	done := make(chan bool)
	go func() { done <- true }()
	<-done
	println(len(m))
}
)");
  Json facts = run.Facts();
  CHECK(OtherObjects(facts, 6) > 0);  // the map grows
  bool record = false;
  for (const Json& f : facts["others"]) record = record || (f["line"] == 9 && f["type"] == "runtime.g");
  CHECK(record);
}

}  // namespace escapement::driver
