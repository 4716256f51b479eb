// Programs of several packages whose files are in memory.
#include "engine/driver/archive.h"

#include "tests/unit/cli/traced_run.h"

namespace escapement::driver {

TEST_CASE("an archive is one only with folders of Go files, or a go.mod") {
  CHECK_FALSE(Archive::IsOne({{"main.go", ""}, {"other.go", ""}}));
  CHECK_FALSE(Archive::IsOne({{"main.go", ""}, {"data/words.txt", ""}}));
  CHECK(Archive::IsOne({{"main.go", ""}, {"shape/circle.go", ""}}));
  CHECK(Archive::IsOne({{"main.go", ""}, {"go.mod", "module m\n"}}));
}

TEST_CASE("main and a package of its own are checked and run") {
  Json files = {
      {{"name", "main.go"},
       {"text", "package main\n\nimport \"play/shape\"\n\nfunc main() { println(shape.Area(3)) }\n"}},
      {{"name", "shape/shape.go"}, {"text", "package shape\n\nfunc Area(n int) int { return n * n }\n"}}};
  TracedRun run(files);
  CHECK(run.check["ok"] == true);
  CHECK(run.error_output == "9\n");
  CHECK(run.end["exitStatus"] == 0);
}

TEST_CASE("packages of the program are the user's code, and the library's are not") {
  TracedRun run(
      Json{{{"name", "main.go"},
            {"text",
             "package main\n\nimport (\n\t\"play/own.v1\"\n\t\"strings\"\n)\n\nvar kept any\n\n"
             "func main() {\n\tkept = own.New()\n\tprintln(strings.Repeat(\"ab\", 40))\n}\n"}},
           {{"name", "own.v1/own.go"},
            {"text", "package own\n\n//go:noinline\nfunc New() *[9]int { return new([9]int) }\n"}}});
  REQUIRE(run.check["ok"] == true);
  Json frames = run.Frames(0, run.end["steps"].get<uint64_t>());
  auto owner = [&](const std::string& function) -> Json {
    for (const Json& span : frames["frames"])
      if (span["function"] == function) return span["owner"];
    return nullptr;
  };
  CHECK(owner("main.main") == "mine");
  CHECK(owner("play/own%2ev1.New") == "mine");
  CHECK(owner("strings.Repeat") == "library");
}

TEST_CASE("an import that nothing provides, and the errors of the first package that has some") {
  auto messages = [](const char* imported, const char* shape) {
    TracedRun run(
        Json{{{"name", "main.go"},
              {"text", std::string("package main\n\nimport _ \"") + imported + "\"\n\nfunc main() {}\n"}},
             {{"name", "shape/shape.go"}, {"text", shape}}});
    CHECK(run.check["ok"] == false);
    std::string all;
    for (const Json& m : run.check["messages"]) all += m["text"].get<std::string>() + "\n";
    return all;
  };
  CHECK(messages("play/none", "package shape\n").find("package play/none is not in std") !=
        std::string::npos);
  CHECK(messages("play/shape", "package shape\n\nvar x int = \"\"\n").find("cannot use \"\"") !=
        std::string::npos);
}

}  // namespace escapement::driver
