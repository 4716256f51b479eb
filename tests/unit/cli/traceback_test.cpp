// The form of tracebacks: names, argument words, lines.
#include <string>

#include "tests/unit/cli/traced_run.h"

namespace escapement::driver {

namespace {

// The text with each number written as 0x: addresses, offsets and what a question mark stands behind.
std::string Masked(const std::string& text) {
  std::string out;
  for (size_t i = 0; i < text.size(); i++) {
    out += text[i];
    if (!out.ends_with("0x")) continue;
    size_t end = text.find_first_not_of("0123456789abcdef", i + 1);
    if (end == std::string::npos) end = text.size();
    const bool sure = end >= text.size() || text[end] != '?';
    if (sure && end - i < 4) out += text.substr(i + 1, end - i - 1);  // a small number that is known
    i = end - 1;
  }
  return out;
}

// Without the offsets in the code.
std::string Traceback(const TracedRun& run) {
  std::string out;
  std::string text = Masked(run.error_output);
  for (size_t at = 0; at < text.size();) {
    size_t end = text.find('\n', at);
    std::string line = text.substr(at, end - at);
    out += line.substr(0, line.find(" +0x")) + "\n";
    at = end + 1;
  }
  return out;
}

}  // namespace

TEST_CASE("a traceback has the words of arguments, with question marks where they are not kept") {
  TracedRun run(R"(package main

type wide struct {
	a, b, c, d, e int
	s             string
}

//go:noinline
func leaf(n int) int {
	var p *int
	return n + *p
}

//go:noinline
func kept(n int, s []int8) int { return leaf(n) + n }

//go:noinline
func (w wide) method(f float32, c complex64) int { return kept(w.a, nil) }

//go:noinline
func many(a, b int8, t struct{ x, y int8 }, g, h, i, j, k, l, m, n int) int {
	return wide{a: 3}.method(1, 2) + n
}

func small() int { return many(1, 2, struct{ x, y int8 }{}, 3, 4, 5, 6, 7, 8, 9, 10) }

//go:noinline
func generic[T any](x T) int { return small() }

func main() {
	defer func() {
		panic(recover())
	}()
	generic("x")
}
)");
  CHECK(
      Traceback(run) ==
      "panic: runtime error: invalid memory address or nil pointer dereference [recovered, repanicked]\n"
      "[signal SIGSEGV: segmentation violation code=0x1 addr=0x0 pc=0x]\n"
      "\n"
      "goroutine 1 [running]:\n"
      "main.main.func1()\n\t/tmp/sandbox/main.go:32\n"
      "panic({0x?, 0x?})\n\t/usr/local/go/src/runtime/panic.go:860\n"
      "main.leaf(0x?)\n\t/tmp/sandbox/main.go:11\n"
      "main.kept(0x3, {0x?, 0x?, 0x?})\n\t/tmp/sandbox/main.go:15\n"
      "main.wide.method({0x3, 0x0, 0x0, 0x0, 0x0, {0x0, 0x0}}, 0x?, {0x?, 0x?})\n\t/tmp/sandbox/main.go:18\n"
      "main.many(0x?, 0x?, {0x?, 0x?}, 0x?, 0x?, 0x?, 0x?, 0x?, 0x8, ...)\n\t/tmp/sandbox/main.go:22\n"
      "main.small(...)\n\t/tmp/sandbox/main.go:25\n"
      "main.generic[...]({0x?, 0x?})\n\t/tmp/sandbox/main.go:28\n"
      "main.main()\n\t/tmp/sandbox/main.go:34\n");
}

TEST_CASE("a fault is on the line of its operator; what was inlined into a wrapper is shown") {
  TracedRun run(R"(package main

func worker(xs []int, c chan bool) {
	c <- xs[0]+
		xs[1] >
		xs[5]
}

func main() {
	c := make(chan bool, 1)
	go worker([]int{1, 2}, c)
	<-c
}
)");
  CHECK(Traceback(run) ==
        "panic: runtime error: index out of range [5] with length 2\n"
        "\n"
        "goroutine 6 [running]:\n"
        "main.worker(...)\n\t/tmp/sandbox/main.go:6\n"
        "created by main.main in goroutine 1\n\t/tmp/sandbox/main.go:11\n");
}

TEST_CASE("GOTRACEBACK says whose tracebacks a crash prints") {
  constexpr const char* kProgram = R"(package main

import "runtime/debug"

var level string

func main() {
	go func() { select {} }()
	for i := 0; i < 2; i++ {
		yield()
	}
	if level != "-" {
		debug.SetTraceback(level)
	}
	panic("boom")
}

func yield() {
	c := make(chan int)
	go close(c)
	<-c
}
)";
  auto goroutines = [&](const char* environment, const char* level = "-") {
    std::string text = kProgram;
    text.replace(text.find("level string"), 12, std::string("level = \"") + level + '"');
    TracedRun run(Json::array({{{"name", "main.go"}, {"text", text}}}),
                  Json{{"environment", Json::array({std::string("GOTRACEBACK=") + environment})}});
    CHECK(run.end["exitStatus"] == 2);
    CHECK(run.error_output.starts_with("panic: boom\n"));
    int count = 0;
    for (size_t at = 0; (at = run.error_output.find("\ngoroutine ", at)) != std::string::npos; ++at) ++count;
    return count;
  };
  CHECK(goroutines("") == 1);
  CHECK(goroutines("single") == 1);
  CHECK(goroutines("none") == 0);
  CHECK(goroutines("0") == 0);
  CHECK(goroutines("all") == 2);
  CHECK(goroutines("1") == 2);
  CHECK(goroutines("none", "single") == 1);
  CHECK(goroutines("all", "none") == 2);  // the environment's is the least
}

TEST_CASE("a stack that overflows: the call that had no room is on top, at its declaration") {
  TracedRun run(R"(package main

func f(n int, s string) int {
	var a [10]int
	a[n%10] = n
	return f(n+1, s) + a[0]
}

func main() { println(f(0, "x")) }
)");
  std::string text = Traceback(run);
  size_t at = text.find("goroutine 1 [running]:\n");
  REQUIRE(at != std::string::npos);
  CHECK(text.substr(at).starts_with(
      "goroutine 1 [running]:\nmain.f(0x?, {0x?, "
      "0x?})\n\t/tmp/sandbox/main.go:3\nmain.f(...)\n\t/tmp/sandbox/main.go:6\n"));
}

TEST_CASE("nobody created the goroutine of a timer's function, and Goexit runs calls at its line") {
  TracedRun timer(R"(package main

import "time"

func main() {
	time.AfterFunc(1, func() { panic("timer") })
	select {}
}
)");
  CHECK(Traceback(timer).ends_with("created by time.goFunc\n\t/usr/local/go/src/time/sleep.go:215\n"));
  TracedRun leave(R"(package main

import "runtime"

func main() {
	defer func() { panic("escapes") }()
	runtime.Goexit()
}
)");
  CHECK(Traceback(leave) ==
        "panic: escapes\n\ngoroutine 1 "
        "[running]:\nmain.main.func1()\n\t/tmp/sandbox/main.go:6\nruntime.Goexit()\n"
        "\t/usr/local/go/src/runtime/panic.go:694\nmain.main()\n\t/tmp/sandbox/main.go:7\n");
}

TEST_CASE("an argument is kept from the start of its block; a wrapper that panicked itself is shown") {
  TracedRun run(R"(package main

type node struct {
	v    int
	next *node
}

func (n *node) sum() int { return n.v + n.next.sum() }

func main() {
	defer func() {
		defer panic("inner")
		n := &node{1, nil}
		n.sum()
	}()
	panic("first")
}
)");
  std::string text = Traceback(run);
  CHECK(text.substr(text.find("goroutine 1 ")) ==
        "goroutine 1 [running]:\nmain.main.func1.deferwrap1()\n\t/tmp/sandbox/main.go:12\n"
        "panic({0x?, 0x?})\n\t/usr/local/go/src/runtime/panic.go:860\nmain.(*node).sum(0x0)\n"
        "\t/tmp/sandbox/main.go:8\nmain.(*node).sum(...)\n\t/tmp/sandbox/main.go:8\n"
        "main.main.func1()\n\t/tmp/sandbox/main.go:14\npanic({0x?, 0x?})\n"
        "\t/usr/local/go/src/runtime/panic.go:860\nmain.main()\n\t/tmp/sandbox/main.go:16\n");
}

}  // namespace escapement::driver
