// What is said about a program does not depend on whether the library's summaries were computed just now,
// by an earlier check, or when a pack was made.
#include "engine/driver/summaries.h"

#include <doctest/doctest.h>

#include <map>

#include "engine/driver/session.h"

namespace escapement::driver {

namespace {

constexpr char kLibrary[] = R"(package box

var kept *int

func Keep(p *int)              { kept = p }
func Pass(p *int) *int         { return p }
func Loop(n int, p *int) int   { if n == 0 { return *p }; return Pool(n-1, p) }
func Pool(n int, p *int) int   { return Loop(n, p) }
func Each(xs []int, f func(*int)) { for i := range xs { f(&xs[i]) } }
type Box struct{ p *int }
func (b *Box) Put(p *int)      { b.p = p }
func (b Box) Get() *int        { return b.p }
func Sum(seq func(func(int) bool)) (n int) { for x := range seq { n += x }; return n }
)";

constexpr char kProgram[] = R"(package main

import "box"

func count(yield func(int) bool) { _ = yield(1) && yield(2) }

func main() {
	a, b, c, d := 1, 2, 3, 4
	box.Keep(&a)
	println(*box.Pass(&b), box.Loop(3, &c))
	var x box.Box
	x.Put(&d)
	println(*x.Get(), box.Sum(count))
	box.Each([]int{1}, func(p *int) { println(*p) })
}
)";

// A package between: what it inlines itself can be inlined by those who import it alone.
constexpr char kLid[] = R"(package lid

import "box"

func Lift(p *int) *int { return box.Pass(p) }
)";

constexpr char kThroughLid[] = R"(package main

import "lid"

func main() {
	a := 1
	println(*lid.Lift(&a))
}
)";

// What rewritten loops call.
constexpr char kRuntime[] = "package runtime\n\nfunc panicrangestate(state int) { panic(state) }\n";

// Packages in memory, with or without their summaries.
struct MemoryLibrary : stdlib::LibrarySource {
  std::map<std::string, std::string, std::less<>> summaries;
  std::vector<stdlib::LibraryFile> Files(std::string_view path) override {
    if (path == "runtime") return {{"runtime/panic.go", kRuntime}};
    if (path == "box") return {{"box/box.go", kLibrary}};
    if (path == "lid") return {{"lid/lid.go", kLid}};
    return {};
  }
  std::vector<std::string> Packages() override { return {"box", "lid"}; }
  std::string Summaries(std::string_view path) override {
    auto it = summaries.find(path);
    return it != summaries.end() ? it->second : "";
  }
};

std::string Check(Session& session, const char* program = kProgram) {
  CompileFlags flags;
  flags.remarks = 2;
  CheckResult result = session.Check({{.name = "./main.go", .text = program}}, flags);
  CHECK(result.ok);
  return Print(result.messages);
}

}  // namespace

TEST_CASE("summaries: computed, kept and read say the same") {
  MemoryLibrary plain;
  Session session(plain);
  const std::string first = Check(session);
  CHECK(first.find("moved to heap: a") != std::string::npos);
  CHECK(first.find("moved to heap: b") == std::string::npos);
  CHECK(first.find("moved to heap: c") == std::string::npos);
  CHECK(first.find("inlining call to box.Box.Get") != std::string::npos);
  CHECK(Check(session) == first);

  Session maker(plain);
  MemoryLibrary packed;
  std::string& box = packed.summaries["box"];
  box = maker.LibrarySummaries("box");
  // Loop and Pool call each other: one kind, in group 1.
  CHECK(box.find(" 1\n") != std::string::npos);
  Session reader(packed);
  CHECK(Check(reader) == first);
  CHECK(reader.LibrarySummaries("box") == box);
}

TEST_CASE("summaries: what a package inlines of another stays known") {
  MemoryLibrary plain;
  Session session(plain);
  const std::string first = Check(session, kThroughLid);
  CHECK(first.find("inlining call to box.Pass") != std::string::npos);

  Session maker(plain);
  MemoryLibrary packed;
  for (std::string path : {"box", "lid"}) packed.summaries[path] = maker.LibrarySummaries(path);
  CHECK(packed.summaries["lid"].starts_with("box 3\n\n"));  // kept, Keep, Pass
  Session reader(packed);
  CHECK(Check(reader, kThroughLid) == first);
  CHECK(reader.LibrarySummaries("lid") == packed.summaries["lid"]);
  // Without that line the body is out of reach.
  packed.summaries["lid"].erase(0, packed.summaries["lid"].find('\n') + 1);
  Session without(packed);
  CHECK(Check(without, kThroughLid).find("inlining call to box.Pass") == std::string::npos);
}

}  // namespace escapement::driver
