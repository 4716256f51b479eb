// The interpreter loop: one switch in one function, because that is what wasm engines compile best (measured:
// 2-5 times faster than tail calls on V8). pc, fp, sp and the bounds of memory live in locals; SAVE puts
// them back into the context before anything that may look at the goroutine, RELOAD reads what may
// have moved. An instruction that has to wait is executed again from its start: nothing is changed before
// it is certain to succeed.
#include <bit>
#include <cmath>
#include <cstring>
#include <utility>

#include "engine/base/bit_cast.h"
#include "engine/base/check.h"
#include "engine/bytecode/fusion.h"
#include "engine/memory/abi_type.h"
#include "engine/memory/heap.h"
#include "engine/vm/machine.h"

namespace escapement::vm {

using bytecode::Op;
using bytecode::Word;

namespace {

// A word, decoded by its loads.
struct __attribute__((may_alias)) Instruction {
  uint16_t op, a, b, c;
};

template <typename T>
T ReadAs(const void* from) {
  T value;
  __builtin_memcpy(&value, from, sizeof(T));
  return value;
}
template <typename T>
void PutAs(void* to, T value) {
  __builtin_memcpy(to, &value, sizeof(T));
}

double F64(uint64_t bits) {
  return base::BitCast<double>(bits);
}
uint64_t Bits(double value) {
  return base::BitCast<uint64_t>(value);
}
float F32(uint64_t bits) {
  return base::BitCast<float>(static_cast<uint32_t>(bits));
}
uint64_t Bits(float value) {
  return base::BitCast<uint32_t>(value);
}

// CVTTSD2SQ: what does not fit gives the smallest integer.
int64_t TruncateS64(double x) {
  return x >= -9223372036854775808.0 && x < 9223372036854775808.0 ? static_cast<int64_t>(x) : INT64_MIN;
}
int64_t TruncateS32(double x) {
  return x > -2147483649.0 && x < 2147483648.0 ? static_cast<int32_t>(x) : INT32_MIN;
}
// gc's sequence for unsigned targets: below 2^63 as signed, else subtract 2^63 and set the top bit.
uint64_t TruncateU64(double x) {
  if (x < 9223372036854775808.0) return static_cast<uint64_t>(TruncateS64(x));
  return static_cast<uint64_t>(TruncateS64(x - 9223372036854775808.0)) | uint64_t{1} << 63;
}

uint64_t MulHigh(uint64_t x, uint64_t y) {
  uint64_t xl = x & 0xffffffff, xh = x >> 32, yl = y & 0xffffffff, yh = y >> 32;
  uint64_t mid = xh * yl + (xl * yl >> 32);
  uint64_t mid2 = xl * yh + (mid & 0xffffffff);
  return xh * yh + (mid >> 32) + (mid2 >> 32);
}

int CompareBytes(const uint8_t* x, uint64_t x_length, const uint8_t* y, uint64_t y_length) {
  uint64_t shorter = x_length < y_length ? x_length : y_length;
  int order = shorter == 0 || x == y ? 0 : std::memcmp(x, y, shorter);
  if (order == 0) order = x_length < y_length ? -1 : x_length > y_length;
  return order < 0 ? -1 : order > 0;
}

}  // namespace

#define LIKELY(x) __builtin_expect(!!(x), 1)
#define UNLIKELY(x) __builtin_expect(!!(x), 0)

// Slots of the current window, by operand or byte offset.
#define SLOT(offset) (*reinterpret_cast<uint64_t*>(fp + (offset)))
#define A SLOT(pc->a)
#define B SLOT(pc->b)
#define C SLOT(pc->c)
#define SA static_cast<int64_t>(A)
#define SB static_cast<int64_t>(B)
#define SC static_cast<int64_t>(C)
#define IMM_B static_cast<int16_t>(pc->b)
#define IMM_C static_cast<int16_t>(pc->c)
#define IMM32 ReadAs<uint32_t>(&pc->b)
#define EXT ReadAs<uint64_t>(pc + 1)

#define NEXT(n) \
  do {          \
    pc += (n);  \
    goto next;  \
  } while (0)
#define JUMP16 NEXT(static_cast<int16_t>(pc->c))
#define JUMP32 NEXT(static_cast<int32_t>(IMM32))

#define SAVE()                                                      \
  do {                                                              \
    ctx->pc = static_cast<uint32_t>(pc - words);                    \
    ctx->fp = static_cast<uint32_t>((fp - registers) / 8);          \
    ctx->sp = sp;                                                   \
    state_.world.steps = steps_due_ - static_cast<uint64_t>(steps); \
  } while (0)
#define RELOAD_MEMORY()                           \
  do {                                            \
    base = state_.world.space.base();             \
    load_low = state_.world.space.load_low();     \
    load_span = state_.world.space.load_span();   \
    store_low = state_.world.space.store_low();   \
    store_span = state_.world.space.store_span(); \
  } while (0)
#define RELOAD()                                                                                   \
  do {                                                                                             \
    ctx = &context();                                                                              \
    registers = reinterpret_cast<uint8_t*>(ctx->registers.data());                                 \
    register_limit = registers + ctx->registers.size() * 8;                                        \
    pc = words + ctx->pc;                                                                          \
    fp = registers + uint64_t{ctx->fp} * 8;                                                        \
    sp = ctx->sp;                                                                                  \
    guard = state_.world.options.move_stack_at_every_call ? uint64_t{1} << 62 : goroutine().guard; \
    RELOAD_MEMORY();                                                                               \
  } while (0)

// Collects if it is time to: stacks and registers may move.
#define POLL()                                 \
  do {                                         \
    if (UNLIKELY(state_.world.gc.requested)) { \
      Poll();                                  \
      RELOAD();                                \
    }                                          \
  } while (0)

#define HOST(address) reinterpret_cast<uint8_t*>(base + static_cast<uint32_t>(address))
#define CHECK_LOAD(address)                                                 \
  do {                                                                      \
    if (UNLIKELY(static_cast<uint32_t>(address) - load_low >= load_span)) { \
      fault_x = (address);                                                  \
      goto fault_memory;                                                    \
    }                                                                       \
  } while (0)
#define CHECK_STORE(address)                                                  \
  do {                                                                        \
    if (UNLIKELY(static_cast<uint32_t>(address) - store_low >= store_span)) { \
      fault_x = (address);                                                    \
      goto fault_memory;                                                      \
    }                                                                         \
  } while (0)
#define READ(type, host) ReadAs<type>(host)
#define PUT(type, host, value) PutAs<type>((host), static_cast<type>(value))
#define BARRIER(address, value)                                                                    \
  do {                                                                                             \
    if (UNLIKELY(state_.world.gc.barrier)) memory::WriteBarrier(state_.world, (address), (value)); \
  } while (0)

// An instruction's label is where a fused one that ends with it goes on.
#define AT(name) \
  case Op::name: \
    at_##name : __attribute__((unused));
#define BINARY(name, expression) \
  AT(name) {                     \
    A = (expression);            \
    NEXT(1);                     \
  }
// The six widths of an operation that must be normalised.
#define WIDTHS(name, operation)                                                \
  BINARY(name##S32, static_cast<int64_t>(static_cast<int32_t>(B operation C))) \
  BINARY(name##U32, static_cast<uint32_t>(B operation C))                      \
  BINARY(name##S16, static_cast<int64_t>(static_cast<int16_t>(B operation C))) \
  BINARY(name##U16, static_cast<uint16_t>(B operation C))                      \
  BINARY(name##S8, static_cast<int64_t>(static_cast<int8_t>(B operation C)))   \
  BINARY(name##U8, static_cast<uint8_t>(B operation C))
#define SHIFTED (C < 64 ? B << C : 0)
#define BRANCH(name, condition) \
  AT(name) {                    \
    if (condition) JUMP16;      \
    NEXT(1);                    \
  }
#define LOAD(name, type)                                                        \
  case Op::Ld##name: {                                                          \
    uint64_t address = B + pc->c;                                               \
    CHECK_LOAD(address);                                                        \
    A = static_cast<uint64_t>(static_cast<int64_t>(READ(type, HOST(address)))); \
    NEXT(1);                                                                    \
  }                                                                             \
    LOAD_OWN(name, type)
#define LOAD_OWN(name, type)                                                       \
  case Op::GLd##name: {                                                            \
    A = static_cast<uint64_t>(static_cast<int64_t>(READ(type, HOST(EXT))));        \
    NEXT(2);                                                                       \
  }                                                                                \
  case Op::FLd##name: {                                                            \
    A = static_cast<uint64_t>(static_cast<int64_t>(READ(type, HOST(sp + IMM32)))); \
    NEXT(1);                                                                       \
  }
#define STORE(name, type)         \
  case Op::St##name: {            \
    uint64_t address = A + pc->c; \
    CHECK_STORE(address);         \
    PUT(type, HOST(address), B);  \
    NEXT(1);                      \
  }                               \
    STORE_OWN(name, type)
#define STORE_OWN(name, type)       \
  case Op::GSt##name: {             \
    PUT(type, HOST(EXT), A);        \
    NEXT(2);                        \
  }                                 \
  case Op::FSt##name: {             \
    PUT(type, HOST(sp + IMM32), A); \
    NEXT(1);                        \
  }
// An element's host address after the bounds check.
#define ELEMENT(slice, index, size)                   \
  uint64_t element_index = (index);                   \
  if (UNLIKELY(element_index >= SLOT((slice) + 8))) { \
    fault_x = element_index;                          \
    fault_y = SLOT((slice) + 8);                      \
    goto fault_index;                                 \
  }                                                   \
  uint64_t element = SLOT(slice) + element_index * (size);
#define ELEM(name, type, size)                                                  \
  AT(Elem##name) {                                                              \
    ELEMENT(pc->b, C, size)                                                     \
    A = static_cast<uint64_t>(static_cast<int64_t>(READ(type, HOST(element)))); \
    NEXT(1);                                                                    \
  }
#define SET_ELEM(name, type, size) \
  AT(SetElem##name) {              \
    ELEMENT(pc->a, B, size)        \
    CHECK_STORE(element);          \
    PUT(type, HOST(element), C);   \
    NEXT(1);                       \
  }

// What the instructions do that a fused one may begin with: all but going on to the next word.
#define DO_Mov A = B;
#define DO_Mov2                          \
  {                                      \
    uint64_t x = B, y = SLOT(pc->b + 8); \
    A = x;                               \
    SLOT(pc->a + 8) = y;                 \
  }
#define DO_LdI A = static_cast<uint64_t>(static_cast<int64_t>(static_cast<int32_t>(IMM32)));
#define DO_AddI64 A = B + static_cast<uint64_t>(int64_t{IMM_C});
#define DO_Add64 A = B + C;
#define DO_Mul64 A = B * C;
#define DO_AndI A = B & static_cast<uint64_t>(int64_t{IMM_C});
#define DO_ShrIU A = B >> pc->c;
#define DO_LtS A = SB < SC;
#define DO_AddF64 A = Bits(F64(B) + F64(C));
#define DO_SubF64 A = Bits(F64(B) - F64(C));
#define DO_MulF64 A = Bits(F64(B) * F64(C));
#define DO_BrFalse \
  if (A == 0) JUMP32;
#define DO_BrNeI \
  if (SA != IMM_B) JUMP16;
#define DO_BrGeSI \
  if (SA >= IMM_B) JUMP16;
#define DO_BrLtS \
  if (SA < SB) JUMP16;
#define DO_Lea A = sp + IMM32;
#define DO_GetCtx A = SLOT(-16);
#define DO_Ld64                        \
  {                                    \
    uint64_t address = B + pc->c;      \
    CHECK_LOAD(address);               \
    A = READ(uint64_t, HOST(address)); \
  }
#define DO_LdW3                                   \
  {                                               \
    uint64_t address = B + pc->c;                 \
    CHECK_LOAD(address);                          \
    const uint8_t* from = HOST(address);          \
    A = READ(uint64_t, from);                     \
    SLOT(pc->a + 8) = READ(uint64_t, from + 8);   \
    SLOT(pc->a + 16) = READ(uint64_t, from + 16); \
  }
#define DO_St64                      \
  {                                  \
    uint64_t address = A + pc->c;    \
    CHECK_STORE(address);            \
    PUT(uint64_t, HOST(address), B); \
  }
#define DO_StPtr                     \
  {                                  \
    uint64_t address = A + pc->c;    \
    CHECK_STORE(address);            \
    BARRIER(address, B);             \
    PUT(uint64_t, HOST(address), B); \
  }
#define DO_StStr                                       \
  {                                                    \
    uint64_t address = A + pc->c;                      \
    CHECK_STORE(address);                              \
    BARRIER(address, B);                               \
    PUT(uint64_t, HOST(address), B);                   \
    PUT(uint64_t, HOST(address) + 8, SLOT(pc->b + 8)); \
  }
#define DO_Elem64                      \
  {                                    \
    ELEMENT(pc->b, C, 8)               \
    A = READ(uint64_t, HOST(element)); \
  }
#define DO_Elem8U                     \
  {                                   \
    ELEMENT(pc->b, C, 1)              \
    A = READ(uint8_t, HOST(element)); \
  }
#define DO_ElemW2                               \
  {                                             \
    ELEMENT(pc->b, C, 16)                       \
    const uint8_t* from = HOST(element);        \
    A = READ(uint64_t, from);                   \
    SLOT(pc->a + 8) = READ(uint64_t, from + 8); \
  }
#define DO_ElemW3                                 \
  {                                               \
    ELEMENT(pc->b, C, 24)                         \
    const uint8_t* from = HOST(element);          \
    A = READ(uint64_t, from);                     \
    SLOT(pc->a + 8) = READ(uint64_t, from + 8);   \
    SLOT(pc->a + 16) = READ(uint64_t, from + 16); \
  }
#define DO_ElemAddr        \
  {                        \
    ELEMENT(pc->b, C, EXT) \
    A = element;           \
  }
#define DO_SetElem64                 \
  {                                  \
    ELEMENT(pc->a, B, 8)             \
    CHECK_STORE(element);            \
    PUT(uint64_t, HOST(element), C); \
  }
#define DO_SetElem8                 \
  {                                 \
    ELEMENT(pc->a, B, 1)            \
    CHECK_STORE(element);           \
    PUT(uint8_t, HOST(element), C); \
  }
// Words of each instruction, extension words included.
constexpr int kWords[] = {
#define OP(name, format) (format)[3] - '0' + 1,
#include "engine/bytecode/opcodes.def"
};
#define DO(name) DO_##name pc += kWords[static_cast<size_t>(Op::name)];
#define QUICK(name) \
  AT(name) {        \
    DO(name)        \
    goto next;      \
  }
#define TAKE_STEPS(n)                 \
  if (UNLIKELY((steps -= (n)) < 0)) { \
    steps += (n);                     \
    goto out_of_steps;                \
  }

// loop_watched.cpp makes the second copy of this function, which looks up at every instruction.
#ifndef LOOP_NAME
#define LOOP_NAME Loop
#define AT_INSTRUCTION()
#define OPERATION(op) static_cast<Op>(op)
#endif

// The frame that begins (or comes back) is counted in the stack's envelope.
#define ENTER_FRAME(bytes)                          \
  do {                                              \
    sp -= (bytes);                                  \
    if (UNLIKELY(sp < lowest_sp_)) lowest_sp_ = sp; \
  } while (0)

Machine::Stop Machine::LOOP_NAME() {
  const Instruction* words = reinterpret_cast<const Instruction*>(code_.words());
  const Entry* entries = code_.entries();
  Context* ctx;
  uint8_t *registers, *register_limit, *fp;
  const Instruction* pc;
  uint64_t sp, guard;
  uintptr_t base;
  uint32_t load_low, load_span, store_low, store_span;
  int64_t steps = steps_left_;
  uint64_t fault_x = 0, fault_y = 0;
  RuntimeFunction fault_function = RuntimeFunction::k_panicIndex;
  uint32_t target = 0;
  uint32_t window = 0;
  RELOAD();

next:
  AT_INSTRUCTION();
  switch (OPERATION(pc->op)) {
    // --- Moves and constants
    case Op::Nop:
      NEXT(1);
      QUICK(Mov)
      QUICK(Mov2)
    case Op::Mov3: {
      uint64_t x = B, y = SLOT(pc->b + 8), z = SLOT(pc->b + 16);
      A = x;
      SLOT(pc->a + 8) = y;
      SLOT(pc->a + 16) = z;
      NEXT(1);
    }
      QUICK(LdI)
    case Op::LdI64: {
      A = EXT;
      NEXT(2);
    }
    case Op::Zero2: {
      A = SLOT(pc->a + 8) = 0;
      NEXT(1);
    }
    case Op::Zero3: {
      A = SLOT(pc->a + 8) = SLOT(pc->a + 16) = 0;
      NEXT(1);
    }
    case Op::ZeroSlots: {
      std::memset(fp + pc->a, 0, pc->b * 8u);
      NEXT(1);
    }

      // --- Integers
      QUICK(Add64)
      WIDTHS(Add, +)
      BINARY(Sub64, B - C)
      WIDTHS(Sub, -)
      QUICK(Mul64)
      WIDTHS(Mul, *)
      BINARY(Shl64, SHIFTED)
      BINARY(ShlS32, static_cast<int64_t>(static_cast<int32_t>(SHIFTED)))
      BINARY(ShlU32, static_cast<uint32_t>(SHIFTED))
      BINARY(ShlS16, static_cast<int64_t>(static_cast<int16_t>(SHIFTED)))
      BINARY(ShlU16, static_cast<uint16_t>(SHIFTED))
      BINARY(ShlS8, static_cast<int64_t>(static_cast<int8_t>(SHIFTED)))
      BINARY(ShlU8, static_cast<uint8_t>(SHIFTED))
      BINARY(ShrS, static_cast<uint64_t>(SB >> (C < 64 ? C : 63)))
      BINARY(ShrU, C < 64 ? B >> C : 0)
      BINARY(And, B & C)
      BINARY(Or, B | C)
      BINARY(Xor, B ^ C)
      BINARY(AndNot, B & ~C)
#define DIVIDE(name, type)                                                                    \
  case Op::name: {                                                                            \
    int64_t divisor = SC;                                                                     \
    if (UNLIKELY(divisor == 0)) goto fault_divide;                                            \
    A = divisor == -1 ? static_cast<uint64_t>(static_cast<int64_t>(static_cast<type>(0 - B))) \
                      : static_cast<uint64_t>(SB / divisor);                                  \
    NEXT(1);                                                                                  \
  }
      DIVIDE(DivS64, int64_t)
      DIVIDE(DivS32, int32_t)
      DIVIDE(DivS16, int16_t)
      DIVIDE(DivS8, int8_t)
#undef DIVIDE
    case Op::DivU: {
      if (UNLIKELY(C == 0)) goto fault_divide;
      A = B / C;
      NEXT(1);
    }
      AT(RemS) {
        int64_t divisor = SC;
        if (UNLIKELY(divisor == 0)) goto fault_divide;
        A = divisor == -1 ? 0 : static_cast<uint64_t>(SB % divisor);
        NEXT(1);
      }
    case Op::RemU: {
      if (UNLIKELY(C == 0)) goto fault_divide;
      A = B % C;
      NEXT(1);
    }
      QUICK(AddI64)
      BINARY(AddIS32, static_cast<int64_t>(static_cast<int32_t>(B + static_cast<uint64_t>(int64_t{IMM_C}))))
      BINARY(AddIU32, static_cast<uint32_t>(B + static_cast<uint64_t>(int64_t{IMM_C})))
      BINARY(AddIU8, static_cast<uint8_t>(B + static_cast<uint64_t>(int64_t{IMM_C})))
      BINARY(MulI64, B * static_cast<uint64_t>(int64_t{IMM_C}))
      QUICK(AndI)
      BINARY(OrI, B | static_cast<uint64_t>(int64_t{IMM_C}))
      BINARY(XorI, B ^ static_cast<uint64_t>(int64_t{IMM_C}))
      BINARY(ShlI64, B << pc->c)
      BINARY(ShlIS32, static_cast<int64_t>(static_cast<int32_t>(B << pc->c)))
      BINARY(ShlIU32, static_cast<uint32_t>(B << pc->c))
      BINARY(ShrIS, static_cast<uint64_t>(SB >> pc->c))
      QUICK(ShrIU)
      BINARY(RSubI64, static_cast<uint64_t>(int64_t{IMM_C}) - B)
      BINARY(Neg64, 0 - B)
      BINARY(Not, ~B)
      BINARY(BoolNot, B ^ 1)
      BINARY(Sext8, static_cast<int64_t>(static_cast<int8_t>(B)))
      BINARY(Sext16, static_cast<int64_t>(static_cast<int16_t>(B)))
      BINARY(Sext32, static_cast<int64_t>(static_cast<int32_t>(B)))
      BINARY(Zext8, static_cast<uint8_t>(B))
      BINARY(Zext16, static_cast<uint16_t>(B))
      BINARY(Zext32, static_cast<uint32_t>(B))
    case Op::CheckShift: {
      if (UNLIKELY(SA < 0)) {
        fault_function = RuntimeFunction::k_panicshift;
        goto fault;
      }
      NEXT(1);
    }
      BINARY(Len64, 64 - std::countl_zero(B))
      BINARY(Ctz64, std::countr_zero(B))
      BINARY(Ctz32, std::countr_zero(static_cast<uint32_t>(B)))
      BINARY(PopCount64, std::popcount(B))
      BINARY(Bswap64, __builtin_bswap64(B))
      BINARY(Bswap32, __builtin_bswap32(static_cast<uint32_t>(B)))
      BINARY(RotL64, std::rotl(B, static_cast<int>(C & 63)))
      BINARY(RotL32, std::rotl(static_cast<uint32_t>(B), static_cast<int>(C & 31)))
      BINARY(MulHiU, MulHigh(B, C))

      // --- Floating point
      QUICK(AddF64)
      QUICK(SubF64)
      QUICK(MulF64)
      BINARY(DivF64, Bits(F64(B) / F64(C)))
      BINARY(AddF32, Bits(F32(B) + F32(C)))
      BINARY(SubF32, Bits(F32(B) - F32(C)))
      BINARY(MulF32, Bits(F32(B) * F32(C)))
      BINARY(DivF32, Bits(F32(B) / F32(C)))
      BINARY(NegF64, B ^ (uint64_t{1} << 63))
      BINARY(NegF32, B ^ 0x80000000u)
      BINARY(SqrtF64, Bits(std::sqrt(F64(B))))
      BINARY(AbsF64, B & ~(uint64_t{1} << 63))
      BINARY(FloorF64, Bits(std::floor(F64(B))))
      BINARY(CeilF64, Bits(std::ceil(F64(B))))
      BINARY(TruncF64, Bits(std::trunc(F64(B))))
      BINARY(RoundEvenF64, Bits(std::nearbyint(F64(B))))
      BINARY(FmaF64, Bits(std::fma(F64(B), F64(C), F64(SLOT(pc->c + 8)))))
      BINARY(CopysignF64, (B & ~(uint64_t{1} << 63)) | (C & (uint64_t{1} << 63)))
      BINARY(S64ToF64, Bits(static_cast<double>(SB)))
      BINARY(U64ToF64, Bits(static_cast<double>(B)))
      BINARY(S64ToF32, Bits(static_cast<float>(SB)))
      BINARY(U64ToF32, Bits(static_cast<float>(B)))
      BINARY(F64ToS64, static_cast<uint64_t>(TruncateS64(F64(B))))
      BINARY(F64ToU64, TruncateU64(F64(B)))
      BINARY(F64ToS32, static_cast<uint64_t>(TruncateS32(F64(B))))
      BINARY(F32ToS64, static_cast<uint64_t>(TruncateS64(F32(B))))
      BINARY(F32ToU64, TruncateU64(F32(B)))
      BINARY(F32ToS32, static_cast<uint64_t>(TruncateS32(F32(B))))
      BINARY(F64ToF32, Bits(static_cast<float>(F64(B))))
      BINARY(F32ToF64, Bits(static_cast<double>(F32(B))))

      // --- Comparisons
      BINARY(Eq, B == C)
      BINARY(Ne, B != C)
      QUICK(LtS)
      BINARY(LeS, SB <= SC)
      BINARY(LtU, B < C)
      BINARY(LeU, B <= C)
      BINARY(EqI, SB == IMM_C)
      BINARY(NeI, SB != IMM_C)
      BINARY(LtSI, SB < IMM_C)
      BINARY(GtSI, SB > IMM_C)
      BINARY(EqF64, F64(B) == F64(C))
      BINARY(NeF64, F64(B) != F64(C))
      BINARY(LtF64, F64(B) < F64(C))
      BINARY(LeF64, F64(B) <= F64(C))
      BINARY(EqF32, F32(B) == F32(C))
      BINARY(NeF32, F32(B) != F32(C))
      BINARY(LtF32, F32(B) < F32(C))
      BINARY(LeF32, F32(B) <= F32(C))

      // --- Branches
      AT(Jmp)
      JUMP32;
      AT(BrTrue) {
        if (A != 0) JUMP32;
        NEXT(1);
      }
      QUICK(BrFalse)
      BRANCH(BrEq, A == B)
      BRANCH(BrNe, A != B)
      QUICK(BrLtS)
      BRANCH(BrLeS, SA <= SB)
      BRANCH(BrLtU, A < B)
      BRANCH(BrLeU, A <= B)
      BRANCH(BrEqI, SA == IMM_B)
      QUICK(BrNeI)
      BRANCH(BrLtSI, SA < IMM_B)
      BRANCH(BrLeSI, SA <= IMM_B)
      BRANCH(BrGtSI, SA > IMM_B)
      QUICK(BrGeSI)
      BRANCH(BrLtUI, A < pc->b)
      BRANCH(BrGeUI, A >= pc->b)
      BRANCH(BrEqF64, F64(A) == F64(B))
      BRANCH(BrNeF64, F64(A) != F64(B))
      BRANCH(BrLtF64, F64(A) < F64(B))
      BRANCH(BrLeF64, F64(A) <= F64(B))
      BRANCH(BrNotLtF64, !(F64(A) < F64(B)))
      BRANCH(BrNotLeF64, !(F64(A) <= F64(B)))
    case Op::JmpTable: {
      uint64_t index = A;
      uint32_t count = IMM32;
      if (index >= count) NEXT(1 + count);
      NEXT(READ(int64_t, pc + 1 + index));
    }

    // --- Steps
    case Op::Steps: {
      TAKE_STEPS(IMM32)
      NEXT(1);
    }
      AT(Loop) {
        TAKE_STEPS(pc->a)
        JUMP32;
      }
    case Op::LoopBrTrue: {
      if (A == 0) NEXT(2);
      TAKE_STEPS(static_cast<uint32_t>(EXT))
      JUMP32;
    }
      AT(LoopLtS) {
        if (SA >= SB) NEXT(2);
        TAKE_STEPS(static_cast<uint32_t>(EXT))
        JUMP16;
      }
      AT(LoopIncLtS) {
        int64_t value = static_cast<int64_t>(A + static_cast<uint64_t>(static_cast<int64_t>(EXT) >> 32));
        if (value >= SB) {
          A = static_cast<uint64_t>(value);
          NEXT(2);
        }
        TAKE_STEPS(static_cast<uint32_t>(EXT))
        A = static_cast<uint64_t>(value);
        JUMP16;
      }
    case Op::LoopIncLtSI: {
      int64_t value = static_cast<int64_t>(A + static_cast<uint64_t>(static_cast<int64_t>(EXT) >> 32));
      if (value >= IMM_B) {
        A = static_cast<uint64_t>(value);
        NEXT(2);
      }
      TAKE_STEPS(static_cast<uint32_t>(EXT))
      A = static_cast<uint64_t>(value);
      JUMP16;
    }

      // --- Memory
      LOAD(8U, uint8_t)
      LOAD(8S, int8_t)
      LOAD(16U, uint16_t)
      LOAD(16S, int16_t)
      LOAD(32U, uint32_t)
      LOAD(32S, int32_t)
      QUICK(Ld64)
      LOAD_OWN(64, int64_t)
    case Op::LdW2: {
      uint64_t address = B + pc->c;
      CHECK_LOAD(address);
      const uint8_t* from = HOST(address);
      A = READ(uint64_t, from);
      SLOT(pc->a + 8) = READ(uint64_t, from + 8);
      NEXT(1);
    }
      QUICK(LdW3)
    case Op::LdC64: {
      uint64_t address = B + pc->c;
      CHECK_LOAD(address);
      const uint8_t* from = HOST(address);
      A = READ(uint32_t, from);
      SLOT(pc->a + 8) = READ(uint32_t, from + 4);
      NEXT(1);
    }
      STORE(8, uint8_t)
      STORE(16, uint16_t)
      STORE(32, uint32_t)
      QUICK(St64)
      STORE_OWN(64, uint64_t)
#define STORE_WORDS(name, first_barrier, second_barrier, words_count) \
  case Op::name: {                                                    \
    uint64_t address = A + pc->c;                                     \
    CHECK_STORE(address);                                             \
    if (first_barrier) BARRIER(address, B);                           \
    if (second_barrier) BARRIER(address + 8, SLOT(pc->b + 8));        \
    uint8_t* to = HOST(address);                                      \
    PUT(uint64_t, to, B);                                             \
    if ((words_count) > 1) PUT(uint64_t, to + 8, SLOT(pc->b + 8));    \
    if ((words_count) > 2) PUT(uint64_t, to + 16, SLOT(pc->b + 16));  \
    NEXT(1);                                                          \
  }
      STORE_WORDS(StW2, false, false, 2)
      STORE_WORDS(StW3, false, false, 3)
      QUICK(StPtr)
      QUICK(StStr)
      STORE_WORDS(StIface, false, true, 2)
      STORE_WORDS(StSlice, true, false, 3)
#undef STORE_WORDS
    case Op::StC64: {
      uint64_t address = A + pc->c;
      CHECK_STORE(address);
      uint8_t* to = HOST(address);
      PUT(uint32_t, to, B);
      PUT(uint32_t, to + 4, SLOT(pc->b + 8));
      NEXT(1);
    }
    case Op::GLdW2: {
      const uint8_t* from = HOST(EXT);
      A = READ(uint64_t, from);
      SLOT(pc->a + 8) = READ(uint64_t, from + 8);
      NEXT(2);
    }
    case Op::GLdW3: {
      const uint8_t* from = HOST(EXT);
      A = READ(uint64_t, from);
      SLOT(pc->a + 8) = READ(uint64_t, from + 8);
      SLOT(pc->a + 16) = READ(uint64_t, from + 16);
      NEXT(2);
    }
#define STORE_STATIC(name, first_barrier, second_barrier, words_count) \
  case Op::name: {                                                     \
    uint64_t address = EXT;                                            \
    if (first_barrier) BARRIER(address, A);                            \
    if (second_barrier) BARRIER(address + 8, SLOT(pc->a + 8));         \
    uint8_t* to = HOST(address);                                       \
    PUT(uint64_t, to, A);                                              \
    if ((words_count) > 1) PUT(uint64_t, to + 8, SLOT(pc->a + 8));     \
    if ((words_count) > 2) PUT(uint64_t, to + 16, SLOT(pc->a + 16));   \
    NEXT(2);                                                           \
  }
      STORE_STATIC(GStW2, false, false, 2)
      STORE_STATIC(GStPtr, true, false, 1)
      STORE_STATIC(GStStr, true, false, 2)
      STORE_STATIC(GStIface, false, true, 2)
      STORE_STATIC(GStSlice, true, false, 3)
#undef STORE_STATIC
      QUICK(Lea)
    case Op::FLdW2: {
      const uint8_t* from = HOST(sp + IMM32);
      A = READ(uint64_t, from);
      SLOT(pc->a + 8) = READ(uint64_t, from + 8);
      NEXT(1);
    }
    case Op::FLdW3: {
      const uint8_t* from = HOST(sp + IMM32);
      A = READ(uint64_t, from);
      SLOT(pc->a + 8) = READ(uint64_t, from + 8);
      SLOT(pc->a + 16) = READ(uint64_t, from + 16);
      NEXT(1);
    }
    case Op::FStW2: {
      uint8_t* to = HOST(sp + IMM32);
      PUT(uint64_t, to, A);
      PUT(uint64_t, to + 8, SLOT(pc->a + 8));
      NEXT(1);
    }
    case Op::FStW3: {
      uint8_t* to = HOST(sp + IMM32);
      PUT(uint64_t, to, A);
      PUT(uint64_t, to + 8, SLOT(pc->a + 8));
      PUT(uint64_t, to + 16, SLOT(pc->a + 16));
      NEXT(1);
    }
    case Op::FZero: {
      std::memset(HOST(sp + IMM32), 0, EXT);
      NEXT(2);
    }
    case Op::MemMove:
    case Op::MemMoveTyped: {
      uint64_t to = A, from = B;
      bool typed = static_cast<Op>(pc->op) == Op::MemMoveTyped;
      uint64_t size = typed ? memory::TypeSize(state_.world.space, EXT) : EXT;
      if (size == 0) NEXT(2);
      CHECK_LOAD(from);
      CHECK_STORE(to);
      if (typed && UNLIKELY(state_.world.gc.barrier) && to != from)
        memory::BulkWriteBarrier(state_.world, to, from, size, EXT);
      std::memmove(HOST(to), HOST(from), size);
      NEXT(2);
    }
    case Op::MemZero:
    case Op::MemZeroTyped: {
      uint64_t to = A;
      bool typed = static_cast<Op>(pc->op) == Op::MemZeroTyped;
      uint64_t size = typed ? memory::TypeSize(state_.world.space, EXT) : EXT;
      if (size == 0) NEXT(2);
      CHECK_STORE(to);
      if (typed && UNLIKELY(state_.world.gc.barrier))
        memory::BulkWriteBarrier(state_.world, to, 0, size, EXT);
      std::memset(HOST(to), 0, size);
      NEXT(2);
    }
    case Op::MemEq: {
      uint64_t x = B, y = C;
      if (EXT == 0) {
        A = 1;
        NEXT(2);
      }
      CHECK_LOAD(x);
      CHECK_LOAD(y);
      A = std::memcmp(HOST(x), HOST(y), EXT) == 0;
      NEXT(2);
    }
    case Op::NilCheck: {
      CHECK_LOAD(A);
      NEXT(1);
    }

      // --- Slices and strings
      QUICK(Elem8U)
      ELEM(8S, int8_t, 1)
      ELEM(16U, uint16_t, 2)
      ELEM(16S, int16_t, 2)
      ELEM(32U, uint32_t, 4)
      ELEM(32S, int32_t, 4)
      QUICK(Elem64)
      QUICK(ElemW2)
      QUICK(ElemW3)
      QUICK(SetElem8)
      SET_ELEM(16, uint16_t, 2)
      SET_ELEM(32, uint32_t, 4)
      QUICK(SetElem64)
    case Op::SetElemPtr: {
      ELEMENT(pc->a, B, 8)
      CHECK_STORE(element);
      BARRIER(element, C);
      PUT(uint64_t, HOST(element), C);
      NEXT(1);
    }
    case Op::SetElemStr: {
      ELEMENT(pc->a, B, 16)
      CHECK_STORE(element);
      BARRIER(element, C);
      PUT(uint64_t, HOST(element), C);
      PUT(uint64_t, HOST(element) + 8, SLOT(pc->c + 8));
      NEXT(1);
    }
    case Op::SetElemIface: {
      ELEMENT(pc->a, B, 16)
      CHECK_STORE(element);
      BARRIER(element + 8, SLOT(pc->c + 8));
      PUT(uint64_t, HOST(element), C);
      PUT(uint64_t, HOST(element) + 8, SLOT(pc->c + 8));
      NEXT(1);
    }
    case Op::SetElemSlice: {
      ELEMENT(pc->a, B, 24)
      CHECK_STORE(element);
      BARRIER(element, C);
      PUT(uint64_t, HOST(element), C);
      PUT(uint64_t, HOST(element) + 8, SLOT(pc->c + 8));
      PUT(uint64_t, HOST(element) + 16, SLOT(pc->c + 16));
      NEXT(1);
    }
      QUICK(ElemAddr)
    case Op::IndexAddr: {
      uint64_t index = C;
      if (UNLIKELY(index >= EXT >> 32)) {
        fault_x = index;
        fault_y = EXT >> 32;
        goto fault_index;
      }
      A = B + index * static_cast<uint32_t>(EXT);
      NEXT(2);
    }
    case Op::Bound: {
      if (UNLIKELY(A >= B)) {
        fault_x = A;
        fault_y = B;
        goto fault_index;
      }
      NEXT(1);
    }
    case Op::BoundI: {
      if (UNLIKELY(A >= IMM32)) {
        fault_x = A;
        fault_y = IMM32;
        goto fault_index;
      }
      NEXT(1);
    }
    case Op::Slice: {
      using namespace bytecode;
      uint64_t size = static_cast<uint32_t>(EXT);
      uint32_t flags = static_cast<uint32_t>(EXT >> 32);
      uint64_t pointer = B, length = SLOT(pc->b + 8);
      uint64_t capacity = (flags & kSliceString) != 0 ? length : SLOT(pc->b + 16);
      uint64_t low = C;
      uint64_t high = (flags & kSliceHasHigh) != 0 ? SLOT(pc->c + 8) : length;
      uint64_t max = (flags & kSliceHasMax) != 0 ? SLOT(pc->c + 16) : capacity;
      bool texts_say_length = (flags & (kSliceString | kSliceArray)) != 0;
#define SLICE_FAULT(condition, x, y, unsigned_flag, function)                                              \
  if (UNLIKELY(condition)) {                                                                               \
    fault_x = (x);                                                                                         \
    fault_y = (y);                                                                                         \
    fault_function =                                                                                       \
        (flags & (unsigned_flag)) != 0 ? RuntimeFunction::k_##function##U : RuntimeFunction::k_##function; \
    goto fault;                                                                                            \
  }
      if ((flags & kSliceHasMax) != 0) {
        SLICE_FAULT(max > capacity && texts_say_length, max, capacity, kSliceMaxUnsigned, panicSlice3Alen)
        SLICE_FAULT(max > capacity, max, capacity, kSliceMaxUnsigned, panicSlice3Acap)
        SLICE_FAULT(high > max, high, max, kSliceHighUnsigned, panicSlice3B)
        SLICE_FAULT(low > high, low, high, kSliceLowUnsigned, panicSlice3C)
      } else {
        SLICE_FAULT(high > capacity && texts_say_length, high, capacity, kSliceHighUnsigned, panicSliceAlen)
        SLICE_FAULT(high > capacity, high, capacity, kSliceHighUnsigned, panicSliceAcap)
        SLICE_FAULT(low > high, low, high, kSliceLowUnsigned, panicSliceB)
      }
#undef SLICE_FAULT
      // An empty result must not point past its object.
      A = max == low ? pointer : pointer + low * size;
      SLOT(pc->a + 8) = high - low;
      if ((flags & kSliceString) == 0) SLOT(pc->a + 16) = max - low;
      NEXT(2);
    }
    case Op::SliceToArray: {
      if (UNLIKELY(A < EXT)) {
        fault_x = EXT;
        fault_y = A;
        fault_function = RuntimeFunction::k_panicSliceConvert;
        goto fault;
      }
      NEXT(2);
    }
#define STRINGS_EQUAL                    \
  (SLOT(pc->b + 8) == SLOT(pc->c + 8) && \
   (B == C || SLOT(pc->b + 8) == 0 || std::memcmp(HOST(B), HOST(C), SLOT(pc->b + 8)) == 0))
      BINARY(StrEq, STRINGS_EQUAL)
      BINARY(StrNe, !STRINGS_EQUAL)
      BINARY(StrCmp, static_cast<uint64_t>(static_cast<int64_t>(
                         CompareBytes(HOST(B), SLOT(pc->b + 8), HOST(C), SLOT(pc->c + 8)))))

      // --- Allocation
      AT(New) {
        SAVE();
        POLL();
        uint64_t address = Allocate(memory::TypeSize(state_.world.space, EXT), EXT);
        RELOAD_MEMORY();
        if (UNLIKELY(address == 0)) return Stop::kExit;
        A = address;
        NEXT(2);
      }
    case Op::MakeSlice: {
      SAVE();
      POLL();
      uint64_t size = memory::TypeSize(state_.world.space, EXT);
      constexpr uint64_t kMaxAlloc = uint64_t{1} << 48;
      auto too_large = [size](uint64_t count) {
        return static_cast<int64_t>(count) < 0 || (size != 0 && count > kMaxAlloc / size);
      };
      if (UNLIKELY(too_large(C) || B > C)) {
        fault_function =
            too_large(B) ? RuntimeFunction::k_panicmakeslicelen : RuntimeFunction::k_panicmakeslicecap;
        goto fault;
      }
      uint64_t address = Allocate(size * C, EXT);
      RELOAD_MEMORY();
      if (UNLIKELY(address == 0)) return Stop::kExit;
      A = address;
      NEXT(2);
    }

      // --- Calls
      AT(Call) {
        target = IMM32;
        const Entry* entry = entries + target;
        uint8_t* callee = fp + pc->a;
        if (UNLIKELY(static_cast<int64_t>(sp - guard) <= entry->stack_need ||
                     callee + entry->window_bytes > register_limit)) {
          window = pc->a;
          goto enter_slow;
        }
        TAKE_STEPS(entry->entry_steps)
        *reinterpret_cast<uint64_t*>(callee - 8) =
            static_cast<uint64_t>(pc + 1 - words) | static_cast<uint64_t>(pc->a) << 32;
        fp = callee;
        ENTER_FRAME(entry->frame_total);
        pc = words + entry->start;
        goto next;
      }
      AT(CallClosure) {
        uint64_t closure = B;
        CHECK_LOAD(closure);
        target = bytecode::FunctionAt(READ(uint64_t, HOST(closure)));
        window = pc->a;
        if (UNLIKELY(target >= code_.size())) goto fault_code;
        SLOT(window - 16) = closure;
        goto enter;
      }
      AT(CallIface) {
        uint64_t itab = B;
        CHECK_LOAD(itab);
        target = bytecode::FunctionAt(READ(uint64_t, HOST(itab + 24 + 8 * pc->c)));
        window = pc->a;
        if (UNLIKELY(target >= code_.size())) goto fault_code;
        goto enter;
      }
      AT(CallNative) {
        SAVE();
        if (UNLIKELY(ctx->pending_call != kNoFunction)) {
          target = std::exchange(ctx->pending_call, kNoFunction);
          window = pc->a;
          if (window == 0) goto enter_from_stub;
          goto enter;
        }
        POLL();
        const Native& native = code_.native(IMM32);
        resumed_ = ctx->resumed;
        ctx->resumed = false;
        NativeStatus status = native.function(*this, reinterpret_cast<uint64_t*>(fp + pc->a));
        if (LIKELY(status == NativeStatus::kContinue)) {
          ctx = &context();
          RELOAD_MEMORY();
          NEXT(1);
        }
        switch (status) {
          case NativeStatus::kContinue:
            break;
          case NativeStatus::kCall: {
            if (code_moved_) {
              words = reinterpret_cast<const Instruction*>(code_.words());
              entries = code_.entries();
              code_moved_ = false;
            }
            RELOAD();
            target = tail_;
            window = pc->a;
            if (window == 0) goto enter_from_stub;
            goto enter;
          }
          case NativeStatus::kBlocked: {
            ctx = &context();
            ctx->resumed = true;
            steps_left_ = steps;
            return Stop::kReschedule;
          }
          case NativeStatus::kYield: {
            ctx = &context();
            ctx->pc++;
            steps_left_ = steps;
            return Stop::kReschedule;
          }
          case NativeStatus::kMoved: {
            ctx = &context();
            ctx->pc++;
            RELOAD();
            goto next;
          }
          case NativeStatus::kSwitched: {
            steps_left_ = steps;
            return Stop::kReschedule;
          }
          case NativeStatus::kUnwound: {
            RELOAD();
            goto next;
          }
          case NativeStatus::kRetry: {
            steps_left_ = steps;
            return Stop::kNeedsCode;
          }
          case NativeStatus::kExit: {
            steps_left_ = steps;
            return Stop::kExit;
          }
          case NativeStatus::kDead: {
            steps_left_ = steps;
            return Stop::kReschedule;
          }
        }
        UNREACHABLE("native status");
      }
      AT(Ret) {
        uint64_t word = SLOT(-8);
        sp += IMM32;
        if (UNLIKELY(sp > highest_sp_)) highest_sp_ = sp;
        fp -= static_cast<uint16_t>(word >>
                                    32);  // an operand's distance: faults, which go further, never return
        pc = words + static_cast<uint32_t>(word);
        goto next;
      }
      QUICK(GetCtx)
    case Op::Go: {
      SAVE();
      if (UNLIKELY(A == 0)) {
        Fatal("go of nil func value", false);
        return Stop::kExit;
      }
      uint32_t started = Go(A, false);
      RELOAD();
      if (UNLIKELY(started == sched::kNoGoroutine)) return Stop::kExit;
      NEXT(1);
    }
    case Op::Defer: {
      SAVE();
      PushDefer(A, static_cast<bytecode::DeferKind>(pc->b));
      RELOAD();
      NEXT(1);
    }
    case Op::DeferReturn: {
      uint32_t here = static_cast<uint32_t>((fp - registers) / 8);
      if (ctx->defers.empty() || ctx->defers.back().fp != here) NEXT(2);
      uint64_t closure = ctx->defers.back().closure;
      if (UNLIKELY(closure == 0)) {
        // The record stays until the panic drops it: this word may have to run again first.
        ctx->defers.back().faulted = true;
        fault_x = 0;
        goto fault_memory;
      }
      target = bytecode::FunctionAt(READ(uint64_t, HOST(closure)));
      window = pc->a;
      if (UNLIKELY(target >= code_.size())) goto fault_code;
      const Entry* entry = entries + target;
      if (UNLIKELY(static_cast<int64_t>(sp - guard) <= entry->stack_need ||
                   fp + window + entry->window_bytes > register_limit || steps < entry->entry_steps)) {
        SAVE();
        Slow slow = EnterSlow(target, window);
        if (slow == Slow::kStop) goto stopped;
        RELOAD();
        if (slow == Slow::kRetry) goto next;
        closure = ctx->defers.back().closure;
      }
      steps -= entry->entry_steps;
      if (ctx->defers.back().record != 0) ctx->heap_defers_free.push_back(ctx->defers.back().record);
      ctx->defers.pop_back();
      SLOT(window - 16) = closure;
      SLOT(window - 8) = static_cast<uint64_t>(pc + 1 - words) | uint64_t{window} << 32;
      fp += window;
      ENTER_FRAME(entry->frame_total);
      pc = words + entry->start;
      goto next;
    }
    case Op::DeferAgain:
      NEXT(-1);
    case Op::Panic: {
      uint64_t type = B, data = SLOT(pc->b + 8);
      window = pc->a;
      SLOT(window) = type;
      SLOT(window + 8) = data;
      target = runtime_[static_cast<size_t>(RuntimeFunction::k_gopanic)];
      goto enter;
    }
    case Op::Recover: {
      SAVE();
      std::array<uint64_t, 2> value = Recover();
      A = value[0];
      SLOT(pc->a + 8) = value[1];
      NEXT(1);
    }
    case Op::PanicFault: {
      switch (static_cast<bytecode::PanicCode>(pc->b)) {
        case bytecode::PanicCode::kNilDereference:
          fault_x = 0;
          goto fault_memory;
        case bytecode::PanicCode::kDivide:
          goto fault_divide;
        case bytecode::PanicCode::kShift:
          fault_function = RuntimeFunction::k_panicshift;
          goto fault;
        case bytecode::PanicCode::kUnreachable:
          UNREACHABLE("compiled code that cannot be reached");
      }
      UNREACHABLE("panic code");
    }
    case Op::GoroutineExit: {
      SAVE();
      steps_left_ = steps;
      ctx->defers.clear();
      ctx->panics.clear();
      sched::Exit(state_.scheduler, state_.world);
      return Stop::kReschedule;
    }

    // --- Fused
#ifndef LOOP_PLAIN
#define FUSED2(x, y) \
  case Op::x##_##y:  \
    DO(x)            \
    goto at_##y;
#define FUSED3(x, y, z)   \
  case Op::x##_##y##_##z: \
    DO(x)                 \
    DO(y)                 \
    goto at_##z;
#define FUSED4(x, y, z, w)      \
  case Op::x##_##y##_##z##_##w: \
    DO(x)                       \
    DO(y)                       \
    DO(z)                       \
    goto at_##w;
#else
#define FUSED2(x, y) case Op::x##_##y:
#define FUSED3(x, y, z) case Op::x##_##y##_##z:
#define FUSED4(x, y, z, w) case Op::x##_##y##_##z##_##w:
#endif
#include "engine/bytecode/fusions.def"

    case Op::Unreachable:
    case Op::kCount:
      UNREACHABLE("the machine ran into a word that is no code");
  }

// A call whose callee is `target` and whose window starts at byte `window`.
enter : {
  const Entry* entry = entries + target;
  if (UNLIKELY(static_cast<int64_t>(sp - guard) <= entry->stack_need ||
               fp + window + entry->window_bytes > register_limit))
    goto enter_slow;
  TAKE_STEPS(entry->entry_steps)
  SLOT(window - 8) = static_cast<uint64_t>(pc + 1 - words) | uint64_t{window} << 32;
  fp += window;
  ENTER_FRAME(entry->frame_total);
  pc = words + entry->start;
  goto next;
}

enter_slow : {
  SAVE();
  // A call that a native handed over waits with the arguments that the native has laid out.
  const bool handed_over = static_cast<Op>(pc->op) == Op::CallNative;
  if (handed_over) ctx->pending_call = target;
  Slow slow = EnterSlow(target, window);
  if (slow == Slow::kStop) goto stopped;
  RELOAD();
  if (slow == Slow::kRetry) goto next;
  if (handed_over) ctx->pending_call = kNoFunction;
  // The stack may have moved, and the closure with it.
  if (static_cast<Op>(pc->op) == Op::CallClosure) SLOT(window - 16) = B;
  const Entry* entry = entries + target;
  steps -= entry->entry_steps;
  SLOT(window - 8) = static_cast<uint64_t>(pc + 1 - words) | uint64_t{window} << 32;
  fp += window;
  ENTER_FRAME(entry->frame_total);
  pc = words + entry->start;
  goto next;
}

// A native that was called through a function value hands over: its stub's frame goes away.
enter_from_stub : {
  const Entry* entry = entries + target;
  if (static_cast<int64_t>(sp - guard) <= entry->stack_need || fp + entry->window_bytes > register_limit ||
      steps < entry->entry_steps) {
    ctx->pending_call = target;
    Slow slow = EnterSlow(target, 0);
    if (slow == Slow::kStop) goto stopped;
    RELOAD();
    if (slow == Slow::kRetry) goto next;
    ctx->pending_call = kNoFunction;
  }
  steps -= entry->entry_steps;
  sp += 8;
  ENTER_FRAME(entry->frame_total);
  pc = words + entry->start;
  goto next;
}

fault_index : {
  fault_function = RuntimeFunction::k_panicIndex;
  const uint32_t word = static_cast<uint32_t>(pc - words);
  const uint32_t function = code_.FunctionOf(word);
  for (uint32_t marked : code_.chunk(function).unsigned_index_words)
    if (marked == word - entries[function].start) fault_function = RuntimeFunction::k_panicIndexU;
  goto fault;
}

fault_divide : {
  fault_function = RuntimeFunction::k_panicdivide;
  goto fault;
}

fault_memory : {
  if (fault_x >= bytecode::kTextBase) {
    SAVE();
    UnexpectedFault(fault_x);
    return Stop::kExit;
  }
  // gc checks the pointer itself where a field or element lies behind the first page.
  if (fault_x >= 4096) fault_x = 0;
  fault_function = RuntimeFunction::k_panicmemAddr;
  goto fault;
}

// A function value whose code is none: only unsafe makes such.
fault_code : {
  SAVE();
  steps_left_ = steps;
  UnexpectedFault(bytecode::TextAddress(target));
  return Stop::kExit;
}

// Calls a function of package runtime that panics, above everything the interrupted function uses.
fault : {
  SAVE();
  uint32_t function = code_.FunctionOf(ctx->pc);
  window = entries[function].window_bytes + bytecode::kHeaderSlots * 8;
  target = runtime_[static_cast<size_t>(fault_function)];
  const Entry* entry = entries + target;
  faulted_ = true;
  Slow slow = Slow::kProceed;
  if (static_cast<int64_t>(sp - guard) <= entry->stack_need ||
      fp + window + 64 + entry->window_bytes > register_limit || steps < entry->entry_steps)
    slow = EnterSlow(target, window);
  faulted_ = false;
  if (slow == Slow::kStop) goto stopped;
  RELOAD();
  if (slow == Slow::kRetry) goto next;
  steps -= entry->entry_steps;
  SLOT(window) = fault_x;
  SLOT(window + 8) = fault_y;
  SLOT(window - 8) = static_cast<uint64_t>(pc + 1 - words) | uint64_t{window} << 32 | kFaulted;
  fp += window;
  ENTER_FRAME(entry->frame_total);
  pc = words + entry->start;
  goto next;
}

out_of_steps:
  SAVE();
  if (static_cast<Op>(pc->op) == Op::CallNative) ctx->pending_call = target;
  steps_left_ = steps;
  return Stop::kSteps;

stopped:
  steps_left_ = steps;
  return stop_;
}

}  // namespace escapement::vm
