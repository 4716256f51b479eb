#include "engine/syntax/snippet.h"

#include <doctest/doctest.h>

#include "tests/unit/syntax/parse.h"

using namespace escapement;
using namespace escapement::syntax;

namespace {

const PackageTable kPackages = {{"fmt", "fmt"}, {"os", "os"}, {"rand", "math/rand"}, {"strings", "strings"}};

// Completes a snippet; the result must parse.
std::string Complete(std::string_view source) {
  Snippet s = CompleteSnippet(source, kPackages);
  CAPTURE(s.text);
  CHECK(Parsed(s.text).Errors() == "");
  return s.text;
}

}  // namespace

TEST_CASE("snippets get what they lack") {
  CHECK(Complete("package main\n\nimport \"fmt\"\n\nfunc main() { fmt.Println() }\n") ==
        "package main\n\nimport \"fmt\"\n\nfunc main() { fmt.Println() }\n");
  CHECK(Complete("x := 1\nfmt.Println(x)") ==
        "package main; import \"fmt\"; func main() {\nx := 1\nfmt.Println(x)\n}\n");
  CHECK(Complete("func f() {}\n") == "package main\nfunc f() {}\n\nfunc main() {}\n");
  CHECK(Complete("func main() { os.Exit(rand.Int()) }") ==
        "package main; import \"os\"; import \"math/rand\"\nfunc main() { os.Exit(rand.Int()) }");
  CHECK(Complete("import \"fmt\" // printing\nfmt.Println()\n") ==
        "package main\nimport \"fmt\"; func main() { // printing\nfmt.Println()\n\n}\n");
  CHECK(Complete("package main\nx := 1\n_ = x\nfunc f() {}\n") ==
        "package main; func main() {\nx := 1\n_ = x; }\nfunc f() {}\n");
  CHECK(Complete("package lib\nfunc F() { fmt.Println() }\n") ==
        "package lib; import \"fmt\"\nfunc F() { fmt.Println() }\n");
  CHECK(Complete("") == "package main\n\nfunc main() {}\n");
}

TEST_CASE("declarations beside statements stay where they belong") {
  // Before a statement they are local, before a function they are not.
  CHECK(Complete("type T int\nfunc (t T) M() {}\nvar t T\nt.M()\n") ==
        "package main\ntype T int\nfunc (t T) M() {}; func main() {\nvar t T\nt.M()\n\n}\n");
  CHECK(Complete("type T struct{}\np := &T{}\n_ = p\n") ==
        "package main; func main() {\ntype T struct{}\np := &T{}\n_ = p\n\n}\n");
  CHECK(Complete("func() { fmt.Println() }()\n") ==
        "package main; import \"fmt\"; func main() {\nfunc() { fmt.Println() }()\n\n}\n");
}

TEST_CASE("names that the snippet declares are not imported") {
  CHECK(Complete("os := struct{ x int }{}\n_ = os.x\n") ==
        "package main; func main() {\nos := struct{ x int }{}\n_ = os.x\n\n}\n");
  CHECK(Complete("func f(rand interface{ Int() int }) { rand.Int() }\n") ==
        "package main\nfunc f(rand interface{ Int() int }) { rand.Int() }\n\nfunc main() {}\n");
  CHECK(Complete("import \"math/rand/v2\"\nrand.Int()\n") ==
        "package main\nimport \"math/rand/v2\"; func main() {\nrand.Int()\n\n}\n");
}

TEST_CASE("positions refer to what was typed") {
  Snippet s = CompleteSnippet("x := 1\ny := 2 +\n", kPackages);
  CHECK(s.synthetic_lines == 1);
  Parsed p("");
  diag::FileId id = p.files.Add({.name = "s.go", .text = s.text, .synthetic_lines = s.synthetic_lines});
  diag::Emitter errors;
  ParseFile({p.arena, p.names, p.files, errors}, id);
  REQUIRE(errors.errors() == 1);
  CHECK(p.files.Print(errors.diagnostics()[0].pos) == "s.go:4:1");
}

TEST_CASE("txtar archives") {
  Archive a = SplitArchive("hello\n-- a.go --\npackage a\n--  b/b.go  --\r\nno newline");
  CHECK(a.comment == "hello\n");
  REQUIRE(a.files.size() == 2);
  CHECK(a.files[0].name == "a.go");
  CHECK(a.files[0].text == "package a\n");
  CHECK(a.files[1].name == "b/b.go");
  CHECK(a.files[1].text == "no newline\n");
  CHECK(SplitArchive("-- --\nx\n").comment == "-- --\nx\n");
}
