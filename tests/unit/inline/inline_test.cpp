// What may be inlined and what is, in the compiler's sentences, and what became of the calls.
#include "engine/inline/inline.h"

#include <doctest/doctest.h>

#include "tests/unit/ir/front_end.h"

namespace escapement::inlining {

namespace {

struct Inlined {
  explicit Inlined(std::string text, Options options = {.remarks = 1}) {
    types::Package* package = front.Check("./a.go", std::move(text));
    REQUIRE(package != nullptr);
    ir::Unit unit = front.builder.BuildPackage(package);
    Context context{front.program, front.builder, front.errors, options, [](ir::Func*) {}, nullptr};
    DevirtualizeAndInline(context, unit);
    for (const diag::Diagnostic& d : front.errors.diagnostics())
      said += std::to_string(d.pos.line) + ": " + d.text + "\n";
  }
  bool Says(const std::string& line) const { return said.find(line + "\n") != std::string::npos; }

  ir::FrontEnd front;
  std::string said;
};

}  // namespace

TEST_CASE("a leaf is inlined into its callers, a chain of calls into the last") {
  Inlined p(R"(package p

func one(x int) int { return x + 1 }
func two(x int) int { return one(one(x)) }
func three(x int) int { return two(x) }
)");
  CHECK(p.Says("3: can inline one"));
  CHECK(p.Says("4: can inline two"));
  CHECK(p.Says("4: inlining call to one"));
  CHECK(p.Says("5: inlining call to two"));
  CHECK(p.Says("5: inlining call to one"));
}

TEST_CASE("what keeps a body from being inlined") {
  Inlined p(R"(package p

//go:noinline
func kept(x int) int { return x }
func deferring() { defer func() { recover() }() }
func itself(n int) int { if n == 0 { return 0 }; return itself(n - 1) }
func large(x int) int {
	for i := 0; i < x; i++ { x += i*i*i*i + i*i*i + i*i + i }
	for i := 0; i < x; i++ { x += i*i*i*i + i*i*i + i*i + i }
	for i := 0; i < x; i++ { x += i*i*i*i + i*i*i + i*i + i }
	return x
}
)",
            {.remarks = 2});
  CHECK(p.Says("4: cannot inline kept: marked go:noinline"));
  CHECK(p.Says("5: cannot inline deferring: unhandled op DEFER"));
  CHECK(p.Says("6: inlining call to itself"));  // once: a function may be inlined into itself
  CHECK(p.said.find("7: cannot inline large: function too complex: cost ") != std::string::npos);
}

TEST_CASE("a method behind an interface is found when the concrete type is known") {
  const char* text = R"(package p

type named interface{ Name() int }
type point struct{ x int }

func (p *point) Name() int { return p.x }
func make1() named { return &point{1} }
func f() int { return make1().Name() }
)";
  Inlined p(text);
  CHECK(p.Says("8: inlining call to make1"));
  CHECK(p.said.find("8: devirtualizing ") != std::string::npos);
  CHECK(p.said.find(".Name to *point\n") != std::string::npos);
  CHECK(p.Says("8: inlining call to (*point).Name"));
  Inlined off(text, {.remarks = 1, .disabled = true});
  CHECK(off.said.find("inlin") == std::string::npos);
}

}  // namespace escapement::inlining
