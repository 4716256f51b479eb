#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "tests/unit/syntax/parse.h"

using namespace escapement;

namespace {

std::string ReadFile(const std::string& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

void ReplaceAll(std::string& text, std::string_view from, std::string_view to) {
  for (size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
    text.replace(at, from.size(), to);
}

// Errors as the compiler prints them: by position, repetitions once, without the file's name.
std::string Printed(const Parsed& parsed) {
  std::vector<diag::Diagnostic> sorted = parsed.errors.diagnostics();
  std::stable_sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return a.pos < b.pos; });
  std::string out, last;
  for (const auto& d : sorted) {
    std::string line = parsed.files.Print(d.pos) + ": " + d.text + "\n";
    if (line != last) out += line;
    last = line;
  }
  ReplaceAll(out, "x.go:", "");
  return out;
}

}  // namespace

TEST_CASE("syntax errors are gc's") {
  std::string all = "\n" + ReadFile(ESCAPEMENT_SOURCE_DIR "/tests/unit/syntax/testdata/errors.txt");
  int cases = 0;
  for (size_t at = all.find("\n== "); at != std::string::npos;) {
    size_t next = all.find("\n== ", at + 1);
    std::string text = all.substr(at + 1, next == std::string::npos ? next : next - at);
    at = next;
    ++cases;
    size_t name_end = text.find('\n'), errors = text.find("-- errors --\n");
    std::string name = text.substr(3, name_end - 3);
    CAPTURE(name);
    std::string source = text.substr(name_end + 1, errors - name_end - 1);
    ReplaceAll(source, "<NUL>", std::string_view("\0", 1));
    ReplaceAll(source, "<FF>", "\xff");
    ReplaceAll(source, "<BOM>", "\xEF\xBB\xBF");
    ReplaceAll(source, "<CR>", "\r");
    CHECK(Printed(Parsed(source)) == text.substr(errors + 13));
  }
  CHECK(cases > 30);
}

TEST_CASE("nesting is capped with one error") {
  auto repeat = [](std::string_view s, int n) {
    std::string out;
    for (int i = 0; i < n; ++i) out += s;
    return out;
  };
  const int n = 100000;
  const std::string sources[] = {
      "package p\nvar x = " + repeat("(", n),
      "package p\nvar x = " + repeat("- ", n) + "1",
      "package p\nvar x " + repeat("[]", n) + "int",
      "package p\nvar x " + repeat("*", n) + "int",
      "package p\nvar x = a" + repeat("[", n),
      "package p\nvar x = " + repeat("[]int{", n),
      "package p\nvar x = T{" + repeat("{", n),
      "package p\nfunc f() {" + repeat("{", n),
      "package p\nfunc f() {" + repeat("if true {", n),
      "package p\nfunc f() {" + repeat("func() {", n),
      "package p\nvar x func" + repeat("(func", n),
      "package p\nvar x = f" + repeat("()", n),
      "package p\nvar x = 1" + repeat(" + 1", n) + "\n",
      "package p\nfunc f() { if true {}" + repeat(" else if true {}", n) + "}\n",
      "package p\nfunc f() {" + repeat("L: ", n) + "}\n",
      "package p\ntype T interface { int" + repeat(" | int", n) + "}\n",
      "package p\nvar x = " + repeat("<-", n) + "c",
      "package p\nvar x " + repeat("struct { a ", n) + "int",
  };
  for (const std::string& source : sources) {
    CAPTURE(source.substr(0, 40));
    Parsed p(source);
    REQUIRE(p.errors.errors() >= 1);
    CHECK(p.errors.diagnostics()[0].text == "exceeded max nesting depth");
    CHECK(p.errors.errors() == 1);
  }
}
