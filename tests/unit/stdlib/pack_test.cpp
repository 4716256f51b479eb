#include "engine/stdlib/pack.h"

#include <doctest/doctest.h>

#include "engine/stdlib/strip_comments.h"

using namespace escapement::stdlib;

TEST_CASE("comments go, lines, directives and literals stay") {
  CHECK(StripComments("// doc\npackage p // tail\n") == "\npackage p\n");
  CHECK(StripComments("//go:noinline\nfunc f() {}\n") == "//go:noinline\nfunc f() {}\n");
  CHECK(StripComments("x := 1 //go:noinline\n") == "x := 1\n");
  CHECK(StripComments("a/* b\nc */d\n") == "a\nd\n");
  CHECK(StripComments("f(/* x */y)\n") == "f( y)\n");
  CHECK(StripComments("s := \"// no\" + `/* no */` + '/' + \"\\\"//\"\n") ==
        "s := \"// no\" + `/* no */` + '/' + \"\\\"//\"\n");
}

TEST_CASE("a pack reads back as written; anything else is refused whole") {
  Pack pack{"go1.26",
            "licence",
            {{"fmt", {{"print.go", "package fmt"}, {"scan.go", std::string(300, 'x')}}, "sum"}}};
  std::string bytes = WritePack(pack);
  PackSource source;
  REQUIRE(source.Add(bytes));
  CHECK(source.Packages() == std::vector<std::string>{"fmt"});
  CHECK(source.Files("fmt")[1].text.size() == 300);
  CHECK(source.Summaries("fmt") == "sum");
  CHECK(source.Files("os").empty());
  for (size_t cut = 0; cut < bytes.size(); ++cut) {
    Pack untouched;
    CHECK_FALSE(ReadPack(std::string_view(bytes).substr(0, cut), untouched));
    CHECK(untouched.packages.empty());
  }
  CHECK_FALSE(source.Add(bytes + "x"));
}
