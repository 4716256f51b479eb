#include "doctest/doctest.h"
#include "engine/bytecode/assembler.h"
#include "engine/vm/machine.h"

namespace escapement::vm {
namespace {

using bytecode::Assembler;
using bytecode::Bitmap;
using bytecode::Chunk;
using bytecode::Label;
using bytecode::Op;

constexpr Address kClosure = 0x500000;  // static closure of the function that goroutine 1 runs
constexpr Address kResult = 0x500100;

Bitmap Bits(std::initializer_list<uint32_t> bits) {
  Bitmap map;
  for (uint32_t bit : bits) map.Set(bit);
  return map;
}

NativeStatus ExitNative(Machine& m, uint64_t* w) {
  return m.Exit(static_cast<int>(w[0]));
}
constexpr Native kTestNatives[] = {{"runtime.exit", "i", "", ExitNative}};

// A machine with a small static segment whose first word is the closure of `entry`.
struct Fixture {
  Machine machine{Host{[this](int, std::string_view text) { output += text; }, "", {}, {}}};
  std::string output;

  Fixture() { machine.code().BindNatives(kTestNatives); }

  void Define(Chunk chunk) {
    REQUIRE(bytecode::Verify(chunk) == "");
    for (const bytecode::Reloc& reloc : chunk.relocs)
      if (reloc.kind == bytecode::RelocKind::kFunction)
        chunk.code[reloc.word] |= bytecode::Word(machine.code().Declare(chunk.symbols[reloc.symbol])) << 32;
    std::string name = chunk.name;
    machine.code().Define(machine.code().Declare(name), std::move(chunk));
  }

  Result Run(std::string_view entry, memory::Options options = {}) {
    std::vector<uint8_t> bytes(0x1000);
    uint64_t code = bytecode::TextAddress(machine.code().Declare(entry));
    __builtin_memcpy(bytes.data(), &code, 8);
    memory::StaticSegment segments[] = {{trace::Segment::kText, memory::kTextBase, 0x1000, {}, {}},
                                        {trace::Segment::kData, kClosure, bytes.size(), bytes, {}}};
    REQUIRE(memory::Boot(machine.world(), options, segments, kClosure + 0x800, nullptr));
    REQUIRE(machine.Start(kClosure, 1));
    Result result;
    do result = machine.Run(1000000);
    while (result.status == RunStatus::kSlice);
    return result;
  }
  uint64_t Word(Address address) { return machine.world().space.Load<uint64_t>(address); }
};

// func fib(n int) int { if n < 2 { return n }; return fib(n-1) + fib(n-2) }
Chunk Fib() {
  Chunk chunk;
  chunk.name = "main.fib";
  chunk.window_slots = 6;
  chunk.arg_slots = chunk.result_slots = 1;
  chunk.frame_size = 24;
  Assembler as(&chunk);
  Label recurse = as.NewLabel();
  as.AddSafepoint(as.EmitBranch(Op::BrGeSI, 0, 2, recurse), {}, {});
  as.EmitImm(Op::Ret, 0, 32);
  as.Bind(recurse);
  as.Emit(Op::AddI64, 4, 0, -1);
  as.AddSafepoint(as.EmitCall(4, "main.fib"), {}, {});
  as.Emit(Op::Mov, 1, 4);
  as.Emit(Op::AddI64, 4, 0, -2);
  as.AddSafepoint(as.EmitCall(4, "main.fib"), {}, {});
  as.Emit(Op::Add64, 0, 1, 4);
  as.EmitImm(Op::Ret, 0, 32);
  as.Finish();
  return chunk;
}

// Calls main.fib(n), stores the result at kResult, exits with 0.
Chunk Main(int64_t n) {
  Chunk chunk;
  chunk.name = "main.main";
  chunk.window_slots = 4;
  Assembler as(&chunk);
  as.AddSafepoint(as.EmitConstant(2, static_cast<uint64_t>(n)), {}, {});
  as.AddSafepoint(as.EmitCall(2, "main.fib"), {}, {});
  as.EmitExt(Op::GSt64, 2, 0, 0, kResult);
  as.EmitConstant(2, 0);
  as.AddSafepoint(as.EmitCall(2, "runtime.exit"), {}, {});
  as.EmitImm(Op::Ret, 0, 8);
  as.Finish();
  return chunk;
}

}  // namespace

TEST_CASE("recursive calls compute, grow the stack and end with a status") {
  Fixture fixture;
  fixture.Define(Fib());
  fixture.Define(Main(20));
  Result result = fixture.Run("main.main");
  CHECK(result.status == RunStatus::kExited);
  CHECK(result.exit_code == 0);
  CHECK(fixture.Word(kResult) == 6765);
}

TEST_CASE("a call of a function without code asks for it and then goes on") {
  Fixture fixture;
  fixture.Define(Main(10));
  Result result = fixture.Run("main.main");
  REQUIRE(result.status == RunStatus::kNeedsCode);
  CHECK(fixture.machine.code().name(result.function) == "main.fib");
  fixture.Define(Fib());
  result = fixture.machine.Run(1000000);
  CHECK(result.status == RunStatus::kExited);
  CHECK(fixture.Word(kResult) == 55);
}

TEST_CASE("pointers into the stack follow it when it moves") {
  // func walk(p *int, n int): a local, its address handed down; at the bottom the outermost is incremented.
  Chunk chunk;
  chunk.name = "main.walk";
  chunk.window_slots = 8;
  chunk.arg_slots = 2;
  chunk.frame_size = 200;
  chunk.pointer_slots = Bits({0});
  Assembler as(&chunk);
  Label bottom = as.NewLabel();
  as.AddSafepoint(as.EmitBranch(Op::BrEqI, 1, 0, bottom), Bits({0}), {});
  as.Emit(Op::Mov, 5, 0);
  as.Emit(Op::AddI64, 6, 1, -1);
  as.AddSafepoint(as.EmitCall(5, "main.walk"), Bits({0}), {});
  as.Bind(bottom);
  as.Emit(Op::Ld64, 2, 0, 0);
  as.Emit(Op::AddI64, 2, 2, 1);
  as.Emit(Op::St64, 0, 2, 0);
  as.EmitImm(Op::Ret, 0, 208);
  as.Finish();

  Chunk main;
  main.name = "main.main";
  main.window_slots = 6;
  main.frame_size = 16;
  main.pointer_slots = Bits({0});
  Assembler in_main(&main);
  in_main.AddSafepoint(in_main.EmitConstant(1, 7), {}, {});
  in_main.EmitImm(Op::FSt64, 1, 0);
  in_main.EmitImm(Op::Lea, 3, 0);
  in_main.EmitConstant(4, 500);
  in_main.AddSafepoint(in_main.EmitCall(3, "main.walk"), {}, {});
  in_main.EmitImm(Op::FLd64, 1, 0);
  in_main.EmitExt(Op::GSt64, 1, 0, 0, kResult);
  in_main.EmitConstant(3, 3);
  in_main.AddSafepoint(in_main.EmitCall(3, "runtime.exit"), {}, {});
  in_main.EmitImm(Op::Ret, 0, 24);
  in_main.Finish();

  for (bool stress : {false, true}) {
    Fixture fixture;
    fixture.Define(chunk);
    fixture.Define(main);
    memory::Options options;
    options.move_stack_at_every_call = stress;
    Result result = fixture.Run("main.main", options);
    CHECK(result.exit_code == 3);
    CHECK(fixture.Word(kResult) == 508);
  }
}

TEST_CASE("endless recursion ends with Go's words") {
  Chunk chunk = Fib();
  chunk.code.clear();
  chunk.relocs.clear();
  chunk.symbols.clear();
  chunk.safepoints.clear();
  chunk.bitmaps.clear();
  Assembler as(&chunk);
  as.AddSafepoint(as.Emit(Op::Mov, 4, 0), {}, {});
  as.AddSafepoint(as.EmitCall(4, "main.fib"), {}, {});
  as.EmitImm(Op::Ret, 0, 32);
  as.Finish();
  Fixture fixture;
  fixture.Define(chunk);
  fixture.Define(Main(1));
  memory::Options options;
  options.host_stack = 1 << 20;
  Result result = fixture.Run("main.main", options);
  CHECK(result.exit_code == 2);
  CHECK(fixture.output.find("runtime: goroutine stack exceeds 1000000000-byte limit\n") == 0);
  CHECK(fixture.output.find("fatal error: stack overflow\n") != std::string::npos);
}

}  // namespace escapement::vm
