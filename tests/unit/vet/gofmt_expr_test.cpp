#include "engine/vet/gofmt_expr.h"

#include <doctest/doctest.h>

#include "tests/unit/syntax/parse.h"

using namespace escapement;

namespace {

std::string Laid(const std::string& expr) {
  Parsed parsed("package p\n\nvar _ = " + expr + "\n");
  REQUIRE(parsed.Errors() == "");
  auto* var = syntax::To<syntax::VarDecl>(static_cast<syntax::Node*>(parsed.file->decls[0]));
  return vet::GofmtExpr(var->values, parsed.files);
}

}  // namespace

// What go/format makes of each, alone.
TEST_CASE("an expression is laid out as gofmt does") {
  const struct {
    const char *typed, *laid;
  } kCases[] = {
      {"a+b", "a + b"},
      {"a+b*c", "a + b*c"},
      {"(a+b)*c", "(a + b) * c"},
      {"a*b", "a * b"},
      {"a*b/ *p", "a * b / *p"},
      {"a<b&&c+d==e*f", "a < b && c+d == e*f"},
      {"x<<1|y", "x<<1 | y"},
      {"-a- -b", "-a - -b"},
      {"f(a+b)", "f(a + b)"},
      {"f(a+b, c*d)", "f(a+b, c*d)"},
      {"s[i+1]", "s[i+1]"},
      {"map[string]int{\"a\":1+2*3,}", "map[string]int{\"a\": 1 + 2*3}"},
      {"&T[int]{x , y}", "&T[int]{x, y}"},
      {"f( a... )", "f(a...)"},
      {"x.( error ).Error()", "x.(error).Error()"},
      {"s[ 1 : ]", "s[1:]"},
      {"s[a+1:b]", "s[a+1 : b]"},
      {"s[a+1:]", "s[a+1:]"},
      {"s[1:n-1]", "s[1 : n-1]"},
      {"f(s[a+1:b], 2)", "f(s[a+1:b], 2)"},
      {"(a+b)", "(a + b)"},
      {"f((a+b)*c, 1)", "f((a+b)*c, 1)"},
      {"s[f(a+b)]", "s[f(a+b)]"},
      {"T{a+b, c}", "T{a + b, c}"},
      {"[]int{a+b*c}", "[]int{a + b*c}"},
      {"a+b+c*d-e", "a + b + c*d - e"},
      {"!a&&b||c", "!a && b || c"},
      {"g(f(a*b+c, 1)+2)", "g(f(a*b+c, 1) + 2)"},
      {"a[i*2+1]+b", "a[i*2+1] + b"},
      {"struct{ a []string }{}", "struct{ a []string }{}"},
      {"x&^y|z", "x&^y | z"},
      {"interface{ M() }(nil)", "interface{ M() }(nil)"},
      {"m[a+b][c]", "m[a+b][c]"},
      {"1+2<<3", "1 + 2<<3"},
      {"len(s)-1", "len(s) - 1"},
      {"f(len(s)-1, 2)", "f(len(s)-1, 2)"},
      {"n%2==0", "n%2 == 0"},
      {"f(n%2==0, 1)", "f(n%2 == 0, 1)"},
      {"a[1:2:3]", "a[1:2:3]"},
      {"a[i+1:j+2:k]", "a[i+1 : j+2 : k]"},
  };
  for (const auto& c : kCases) CHECK(Laid(c.typed) == c.laid);
}

TEST_CASE("a function literal stands as it was typed") {
  CHECK(Laid("func() int { return 1 }") == "func() int { return 1 }");
}
