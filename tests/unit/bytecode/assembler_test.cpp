#include "engine/bytecode/assembler.h"

#include "doctest/doctest.h"

namespace escapement::bytecode {

TEST_CASE("a loop assembles, verifies and prints") {
  Chunk chunk;
  chunk.name = "main.loop";
  chunk.window_slots = 3;
  Assembler as(&chunk);
  as.AddSafepoint(as.EmitConstant(0, 0), {}, {});
  as.EmitConstant(1, 10);
  Label head = as.NewLabel();
  as.Bind(head);
  as.Emit(Op::Add64, 2, 2, 0);
  as.AddSafepoint(as.EmitBranch(Op::LoopIncLtS, 0, 1, head, uint64_t{1} << 32 | 2), {}, {});
  as.EmitImm(Op::Ret, 0, 8);
  as.Finish();
  CHECK(Verify(chunk) == "");
  CHECK(Disassemble(chunk) ==
        "main.loop: window 3, frame 0\n0\tLdI r0, 0\n1\tLdI r1, 10\n2\tAdd64 r2, r2, r0\n"
        "3\tLoopIncLtS r0, r1, ->2, #0x100000002\n5\tRet 8\n");
}

TEST_CASE("branches that do not reach become long, and tables move along") {
  Chunk chunk;
  chunk.name = "main.far";
  chunk.window_slots = 2;
  Assembler as(&chunk);
  Label end = as.NewLabel();
  as.AddSafepoint(as.EmitBranch(Op::BrLtS, 0, 1, end), {}, {});
  as.EmitBranch(Op::BrEqI, 0, 7, end);
  for (int i = 0; i < 40000; i++) as.Emit(Op::Add64, 0, 0, 1);
  as.EmitJumpTable(0, {end, end});
  as.Bind(end);
  uint32_t last = as.EmitImm(Op::Ret, 0, 8);
  as.AddSafepoint(last, {}, {});
  as.Finish();
  CHECK(Verify(chunk) == "");
  CHECK(chunk.code.size() == 2 + 4 + 40000 + 3 + 1);
  CHECK(chunk.safepoints.back().word == chunk.code.size() - 1);
  CHECK(OpOf(chunk.code[2]) == Op::Jmp);
  CHECK(2 + static_cast<int32_t>(Imm32(chunk.code[2])) == static_cast<int32_t>(chunk.code.size() - 1));
}

TEST_CASE("the verifier rejects slots that a call would overwrite") {
  Chunk chunk;
  chunk.name = "main.bad";
  chunk.window_slots = 4;
  chunk.pointer_slots.Set(1);
  Assembler as(&chunk);
  Bitmap live;
  live.Set(1);
  as.AddSafepoint(0, {}, {});
  as.Emit(Op::Nop);
  as.AddSafepoint(as.EmitCall(3, "main.f"), live, {});
  as.EmitImm(Op::Ret, 0, 8);
  as.Finish();
  CHECK(Verify(chunk) == "main.bad: word 1: slot 1 is live across a call that owns it");
}

}  // namespace escapement::bytecode
