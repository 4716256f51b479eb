#include "engine/types/noder_checks.h"

#include <doctest/doctest.h>

#include <string>

#include "engine/types/checker.h"

using namespace escapement;

namespace {

// The errors of a package of one file, "LINE:COL: text\n" each; imports give empty packages.
std::string Errors(std::string text, const types::CheckOptions& options = {}) {
  base::Arena arena;
  base::Interner names;
  diag::FileSet files;
  diag::Emitter errors;
  types::Checker* self = nullptr;
  types::Importer importer = [&](std::string_view path) -> types::Import {
    if (path == "unsafe") return {self->Unsafe(), ""};
    types::Package* pkg = self->NewPackage(path, true);
    pkg->name = names.Intern(path);
    pkg->complete = true;
    return {pkg, ""};
  };
  types::Checker checker(arena, names, files, importer);
  self = &checker;
  diag::FileId id = files.Add({.name = "x.go", .text = std::move(text)});
  syntax::File* file = syntax::ParseFile({arena, names, files, errors}, id);
  REQUIRE(file != nullptr);
  checker.CheckPackage(checker.NewPackage("p", false), {&file, 1}, options, errors);
  std::string out;
  for (const diag::Diagnostic& d : errors.diagnostics())
    out += std::to_string(d.pos.line) + ":" + std::to_string(d.pos.col) + ": " + d.text + "\n";
  return out;
}

}  // namespace

TEST_CASE("anonymous interfaces may not contain themselves") {
  CHECK(
      Errors("package p\ntype I interface { m() interface { I } }\n") ==
      "2:8: invalid recursive type: anonymous interface refers to itself (see https://go.dev/issue/56103)\n");
  CHECK(Errors("package p\ntype J interface { m() J }\ntype K interface { m() interface { n() K } }\n") ==
        "");
}

TEST_CASE("directives belong before what they are about") {
  CHECK(
      Errors("package p\n//go:noinline\nvar x int\n//go:noinline\nfunc f() {}\n//go:nosplit\ntype T int\n") ==
      "2:3: misplaced compiler directive\n6:3: misplaced compiler directive\n");
  CHECK(Errors("package p\n//go:noescape\nfunc f() {}\n") ==
        "3:6: can only use //go:noescape with external func implementations\n");
  CHECK(Errors("package p\n//go:embed a\nvar x string\n") ==
        "2:3: go:embed requires import \"embed\" (or import _ \"embed\", if package is not used)\n");
  CHECK(
      Errors(
          "package p\nimport _ \"embed\"\n//go:embed a\nvar x string = \"\"\nfunc f() {\n//go:embed a\nvar y "
          "string\n_ = y\n}\n") ==
      "3:3: go:embed cannot apply to var with initializer\n6:3: go:embed cannot apply to var inside func\n");
}

TEST_CASE("linknames") {
  CHECK(Errors("package p\n//go:linkname f g\nfunc f() {}\n") ==
        "2:3: //go:linkname only allowed in Go files that import \"unsafe\"\n");
  CHECK(
      Errors("package p\nimport _ \"unsafe\"\n//go:linkname f g\nfunc f()\n//go:linkname f h\n//go:linkname "
             "x y\n") ==
      "5:3: duplicate //go:linkname for f\n6:3: //go:linkname must refer to declared function or variable\n");
}

TEST_CASE("functions have bodies") {
  CHECK(Errors("package p\nfunc f()\n") == "2:6: missing function body\n");
  CHECK(Errors("package p\nfunc f()\n", {.bodies_may_miss = true}) == "");
  CHECK(Errors("package p\nfunc _()\n") == "");
}

TEST_CASE("version errors name the setting") {
  const std::string range = "package p\nfunc f() { for range 3 {} }\n";
  const std::string message = "cannot range over 3 (untyped int constant): requires go1.22 or later";
  CHECK(Errors(range, {.lang = 21}) == "2:22: " + message + " (-lang was set to go1.21; check go.mod)\n");
  CHECK(Errors("//go:build go1.21\n\n" + range) ==
        "4:22: " + message + " (file declares //go:build go1.21)\n");
}

TEST_CASE("imported packages show only exported names") {
  CHECK(Errors("package p\nimport \"q\"\nvar x = q.y\n") == "3:11: undefined: q.y\n");
}

TEST_CASE("types too large are refused at the name that was read last") {
  const std::string text = "type [1152921504606846976]int larger than address space\n";
  CHECK(Errors("package p\nvar a [1 << 60]int\n") == "2:5: " + text);
  CHECK(Errors("package p\ntype S struct { a int; b [1 << 60]int }\n") == "2:6: " + text);
  CHECK(Errors("package p\ntype T struct{}\nfunc (t T) M(x *[1 << 60]int) {}\n") == "2:6: " + text);
  CHECK(Errors("package p\nfunc f() {\n\tx, y := 1, new([1 << 60]int)\n\t_, _ = x, y\n}\n") ==
        "3:5: " + text);
  CHECK(Errors("package p\nfunc f() {\n\ty := 2\n\tprintln(y, new([1 << 60]int) == nil)\n}\n") ==
        "3:2: " + text);
  CHECK(Errors("package p\nfunc f() { type L [1 << 60]int; var l *L; _ = l }\n") == "2:17: " + text);
  CHECK(Errors("package p\nvar c chan [1 << 17]byte\n") == "2:5: channel element type too large (>64kB)\n");
  // What gc does not read: constants, unused local types, blank local variables.
  CHECK(Errors("package p\nconst c = len([1 << 60]int{})\n") == "");
  CHECK(Errors("package p\nfunc f() { type L [1 << 60]int; var _ [1 << 60]int }\n") == "");
}
