// What `go build` says of a package besides the compiler: before it, and after it.
#include <doctest/doctest.h>

#include "engine/driver/session.h"

namespace escapement::driver {

namespace {

struct EmptyLibrary : stdlib::LibrarySource {
  std::vector<stdlib::LibraryFile> Files(std::string_view) override { return {}; }
  std::vector<std::string> Packages() override { return {}; }
};

// The messages of a check as the command line prints them.
std::string Say(const char* text, bool link = false, bool compiler_alone = false) {
  EmptyLibrary library;
  Session session(library);
  CompileFlags flags;
  flags.link = link;
  flags.bodies_may_miss = compiler_alone;
  return Print(session.Check({{"./a.go", text, "/src/a.go"}}, flags).messages);
}

}  // namespace

TEST_CASE("a broken header is the go command's to report") {
  CHECK(Say("func main() {}\n") == "a.go:1:1: expected 'package', found 'func'\n");
  CHECK(Say("package main\n\nimport \"a b\"\n") == "/src/a.go:3:8: invalid import path: a b\n");
  CHECK(Say("func main() {}\n", false, /*compiler_alone=*/true) ==
        "./a.go:1:1: syntax error: package statement must be first\n");
}

TEST_CASE("a program without main is the linker's to report") {
  CHECK(Say("package main\n\nfunc f() {}\n") == "");
  CHECK(Say("package main\n\nfunc f() {}\n", /*link=*/true) ==
        "runtime.main_main·f: function main is undeclared in the main package\n");
  CHECK(Say("package main\n\nfunc main() {}\n", /*link=*/true) == "");
}

}  // namespace escapement::driver
