// Code of whole functions: it verifies, and hot loops come out as few instructions.
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "doctest/doctest.h"
#include "tests/unit/codegen/compile.h"

namespace escapement::codegen {

namespace {

std::string Code(const Compiled& c, std::string_view name) {
  const bytecode::Chunk* chunk = c.Find(name);
  REQUIRE(chunk != nullptr);
  return bytecode::Disassemble(*chunk);
}

void Verified(const Compiled& c) {
  for (const diag::Diagnostic& d : c.errors.diagnostics()) FAIL_CHECK(d.text);
  for (const bytecode::Chunk& chunk : c.chunks) {
    std::string fault = bytecode::Verify(chunk);
    if (!fault.empty()) FAIL_CHECK(chunk.name << ": " << fault << "\n" << bytecode::Disassemble(chunk));
  }
}

size_t Count(const std::string& text, std::string_view word) {
  size_t n = 0;
  for (size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) n++;
  return n;
}

}  // namespace

TEST_CASE("a counting loop is one instruction beside its body") {
  Compiled c(R"(package main
func sum(xs []int) int {
	s := 0
	for i := 0; i < len(xs); i++ {
		s += xs[i]
	}
	return s
}
func main() { println(sum([]int{1, 2, 3})) }
)");
  Verified(c);
  std::string code = Code(c, "main.sum");
  CHECK(Count(code, "LoopIncLtS") == 1);
  CHECK(Count(code, "Elem64") == 1);
  CHECK(Count(code, "Mov ") <= 1);
}

TEST_CASE("fib compares and branches in one instruction") {
  Compiled c(R"(package main
func fib(n int) int {
	if n < 2 {
		return n
	}
	return fib(n-1) + fib(n-2)
}
func main() { println(fib(10)) }
)");
  Verified(c);
  std::string code = Code(c, "main.fib");
  CHECK(Count(code, "BrGeSI") == 1);
  CHECK(Count(code, "Call ") == 2);
  CHECK(Count(code, "\n") <= 12);
}

TEST_CASE("a file given by name verifies") {
  // ESCAPEMENT_GO_FILE=FILE prints its code: for looking at what a program becomes.
  const char* path = std::getenv("ESCAPEMENT_GO_FILE");
  if (!path) return;
  std::ifstream in(path);
  std::stringstream text;
  text << in.rdbuf();
  Compiled c(text.str());
  for (const bytecode::Chunk& chunk : c.chunks) MESSAGE(chunk.name << "\n" << bytecode::Disassemble(chunk));
  Verified(c);
}

}  // namespace escapement::codegen
