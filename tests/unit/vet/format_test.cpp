#include "engine/vet/format.h"

#include <doctest/doctest.h>

using namespace escapement::vet;

namespace {

// "TEXT@ARGUMENT/WIDTH/PRECISION" for each directive, "!" where an index was given, or the error.
std::string Parsed(std::string_view format) {
  std::string error, out;
  for (const Directive& d : ParseFormat(format, 1, &error)) {
    out += std::string(out.empty() ? "" : " ") + std::string(d.text) + "@" + std::to_string(d.argument);
    if (d.width != kNoArgument || d.precision != kNoArgument)
      out += "/" + std::to_string(d.width) + "/" + std::to_string(d.precision);
    if (d.indexed) out += "!";
  }
  return error.empty() ? out : error;
}

}  // namespace

TEST_CASE("a format's directives take arguments in turn") {
  CHECK(Parsed("%d and %-5s") == "%d@1 %-5s@2");
  CHECK(Parsed("%d%% %v") == "%d@1 %%@2 %v@2");
  CHECK(Parsed("%*.*f %c") == "%*.*f@3/1/2 %c@4");
  CHECK(Parsed("%08.3f") == "%08.3f@1");
  CHECK(Parsed("%世") == "%世@1");
}

TEST_CASE("an index chooses the argument, and what follows goes on from there") {
  CHECK(Parsed("%[2]d %d") == "%[2]d@2! %d@3");
  CHECK(Parsed("%[3]*.[2]*[1]f") == "%[3]*.[2]*[1]f@1/3/2!");
  CHECK(Parsed("%[2]*d") == "%[2]*d@3/2/-1!");
}

TEST_CASE("a malformed directive is the format's one error") {
  CHECK(Parsed("%d %") == "format % is missing verb at end of string");
  CHECK(Parsed("%d %-5") == "format %-5 is missing verb at end of string");
  CHECK(Parsed("%[2") == "format %[2 is missing closing ]");
  CHECK(Parsed("%[x]d") == "format has invalid argument index [x]");
  CHECK(Parsed("%[]d") == "format has invalid argument index []");
  CHECK(Parsed("%[0]d") == "format has invalid argument index [0]");
  CHECK(Parsed("%[99999999999]d") == "format has invalid argument index [99999999999]");
}

TEST_CASE("a text that looks like a format is told from percentages and URLs") {
  CHECK(FindDirective("a %d b") == "%d");
  CHECK(FindDirective("%+.3[2]f") == "%+.3[2]f");
  CHECK(FindDirective("%[1]*d") == "%[1]*d");
  CHECK(FindDirective("50% of %x") == "%x");
  CHECK(FindDirective("/a%20c") == "");
  CHECK(FindDirective("/a%20c?%s") == "%s");
  CHECK(FindDirective("100%") == "");
  CHECK(FindDirective("%!") == "");
}
