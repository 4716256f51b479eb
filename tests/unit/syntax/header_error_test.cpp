#include "engine/syntax/header_error.h"

#include <doctest/doctest.h>

#include <string>

using namespace escapement::syntax;

namespace {

// "line:column: text", or "" for a sound header; the texts are what `go build` prints.
std::string HeaderErrorOf(const std::string& text) {
  std::optional<HeaderError> error = FindHeaderError(text);
  if (!error) return "";
  return std::to_string(error->line) + ":" + std::to_string(error->column) + ": " + error->text;
}

}  // namespace

TEST_CASE("the go command's words for a package clause that is none") {
  CHECK(HeaderErrorOf("") == "1:1: expected 'package', found 'EOF'");
  CHECK(HeaderErrorOf("\n\n// hi\n") == "3:7: expected 'package', found 'EOF'");
  CHECK(HeaderErrorOf("package\n") == "1:9: expected 'IDENT', found 'EOF'");
  CHECK(HeaderErrorOf("Package main\n") == "1:1: expected 'package', found Package");
  CHECK(HeaderErrorOf("func main() {}\n") == "1:1: expected 'package', found 'func'");
  CHECK(HeaderErrorOf("package \"main\"\n") == "1:9: expected 'IDENT', found \"main\"");
  CHECK(HeaderErrorOf("#!/bin/sh\npackage main\n") == "1:1: illegal character U+0023 '#'");
  CHECK(HeaderErrorOf("/*\npackage main\n") == "1:1: comment not terminated");
  CHECK(HeaderErrorOf(std::string("package main\n\0\n", 15)) == "0:0: unexpected NUL in input");
}

TEST_CASE("the go command's words for imports that are none") {
  CHECK(HeaderErrorOf("package main\nimport fmt\n") == "2:11: missing import path");
  CHECK(HeaderErrorOf("package main\nimport 12\n") == "2:8: import path must be a string");
  CHECK(HeaderErrorOf("package main\nimport 'fmt'\n") == "2:8: illegal rune literal");
  CHECK(HeaderErrorOf("package main\nimport \"fmt\n") == "2:8: string literal not terminated");
  CHECK(HeaderErrorOf("package main\nimport `fmt\n") == "2:8: raw string literal not terminated");
  CHECK(HeaderErrorOf("package main\nimport “fmt”\n") == "2:8: curly quotation mark '“' (use neutral '\"')");
  CHECK(HeaderErrorOf("package main\nimport \"\"\n") == "2:8: invalid import path: ");
  CHECK(HeaderErrorOf("package main\nimport \"a b\"\n") == "2:8: invalid import path: a b");
  CHECK(HeaderErrorOf("package main\nimport (\n\t\"fmt\",\n)\n") == "3:7: expected ';', found ','");
  CHECK(HeaderErrorOf("package main\nimport (\"fmt\"; \"fm\\xt\")\n") ==
        "2:21: illegal character U+0074 't' in escape sequence");
}

TEST_CASE("what stands behind the imports is the compiler's to judge") {
  CHECK(HeaderErrorOf("package main\n\nimport (\n\t\"fmt\"\n\tx \"os\"\n)\n\nfunc ( {\n") == "");
  CHECK(HeaderErrorOf("package main.x\nimport \"fmt\"\n") == "");
  CHECK(HeaderErrorOf("package main\nimport \"fmt\" \"os\"\n") == "");
  CHECK(HeaderErrorOf("package main import \"fmt\"\n") == "1:14: expected ';', found 'import'");
}
