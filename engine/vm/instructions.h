// What the interpreter's two functions are written in: Quick (loop.cpp) runs the program, Single (single.cpp)
// any one instruction. Each says for itself where NEXT, ENTER, FAULT_… and the other words in capitals lead
// that are not defined here. pc, fp, sp and the bounds of memory are their locals.
#pragma once

#include <bit>
#include <cmath>
#include <cstring>

#include "engine/base/bit_cast.h"
#include "engine/base/check.h"
#include "engine/bytecode/fusion.h"
#include "engine/memory/abi_type.h"
#include "engine/vm/machine.h"

namespace escapement::vm {

using bytecode::Op;
// A word, decoded by its loads.
struct __attribute__((may_alias)) Instruction {
  uint16_t op, a, b, c;
};

template <typename T>
inline T ReadAs(const void* from) {
  T value;
  __builtin_memcpy(&value, from, sizeof(T));
  return value;
}
template <typename T>
inline void PutAs(void* to, T value) {
  __builtin_memcpy(to, &value, sizeof(T));
}

inline double F64(uint64_t bits) {
  return base::BitCast<double>(bits);
}
inline uint64_t Bits(double value) {
  return base::BitCast<uint64_t>(value);
}
inline float F32(uint64_t bits) {
  return base::BitCast<float>(static_cast<uint32_t>(bits));
}
inline uint64_t Bits(float value) {
  return base::BitCast<uint32_t>(value);
}

// CVTTSD2SQ: what does not fit gives the smallest integer.
inline int64_t TruncateS64(double x) {
  return x >= -9223372036854775808.0 && x < 9223372036854775808.0 ? static_cast<int64_t>(x) : INT64_MIN;
}
inline int64_t TruncateS32(double x) {
  return x > -2147483649.0 && x < 2147483648.0 ? static_cast<int32_t>(x) : INT32_MIN;
}
// gc's sequence for unsigned targets: below 2^63 as signed, else subtract 2^63 and set the top bit.
inline uint64_t TruncateU64(double x) {
  if (x < 9223372036854775808.0) return static_cast<uint64_t>(TruncateS64(x));
  return static_cast<uint64_t>(TruncateS64(x - 9223372036854775808.0)) | uint64_t{1} << 63;
}

inline uint64_t MulHigh(uint64_t x, uint64_t y) {
#if defined(__SIZEOF_INT128__) && !defined(__wasm__)
  __extension__ using Wide = unsigned __int128;
  return static_cast<uint64_t>(static_cast<Wide>(x) * y >> 64);
#else
  uint64_t xl = x & 0xffffffff, xh = x >> 32, yl = y & 0xffffffff, yh = y >> 32;
  uint64_t mid = xh * yl + (xl * yl >> 32);
  uint64_t mid2 = xl * yh + (mid & 0xffffffff);
  return xh * yh + (mid >> 32) + (mid2 >> 32);
#endif
}

// Whether two short texts are the same, without a call.
inline bool SameBytes(const uint8_t* x, const uint8_t* y, uint64_t length) {
  uint64_t at = 0;
  for (; at + 8 <= length; at += 8)
    if (ReadAs<uint64_t>(x + at) != ReadAs<uint64_t>(y + at)) return false;
  for (; at < length; at++)
    if (x[at] != y[at]) return false;
  return true;
}

inline int CompareBytes(const uint8_t* x, uint64_t x_length, const uint8_t* y, uint64_t y_length) {
  uint64_t shorter = x_length < y_length ? x_length : y_length;
  int order = shorter == 0 || x == y ? 0 : std::memcmp(x, y, shorter);
  if (order == 0) order = x_length < y_length ? -1 : x_length > y_length;
  return order < 0 ? -1 : order > 0;
}

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

#define JUMP16 NEXT(static_cast<int16_t>(pc->c))
#define JUMP32 NEXT(static_cast<int32_t>(IMM32))

#define HOST(address) reinterpret_cast<uint8_t*>(base + static_cast<uint32_t>(address))
#define READ(type, host) ReadAs<type>(host)
#define PUT(type, host, value) PutAs<type>((host), static_cast<type>(value))

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
  AT(Ld##name) {                                                                \
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
// An element's address after the bounds check.
#define ELEMENT(slice, index, size)                   \
  uint64_t element_index = (index);                   \
  if (UNLIKELY(element_index >= SLOT((slice) + 8))) { \
    FAULT_INDEX(element_index, SLOT((slice) + 8))     \
  }                                                   \
  uint64_t element = SLOT(slice) + element_index * (size);
#define ELEM(name, type, size)                                                  \
  AT(Elem##name) {                                                              \
    ELEMENT(pc->b, C, size)                                                     \
    CHECK_ELEMENT(element);                                                     \
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
#define DO_LdI64 A = EXT;
#define DO_RemI A = static_cast<uint64_t>(SB % IMM_C);
#define DO_ShlI64 A = B << pc->c;
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
#define DO_BrEqI \
  if (SA == IMM_B) JUMP16;
#define DO_BrEq \
  if (A == B) JUMP16;
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
    CHECK_ELEMENT(element);            \
    A = READ(uint64_t, HOST(element)); \
  }
#define DO_Elem8U                     \
  {                                   \
    ELEMENT(pc->b, C, 1)              \
    CHECK_ELEMENT(element);           \
    A = READ(uint8_t, HOST(element)); \
  }
#define DO_ElemW2                               \
  {                                             \
    ELEMENT(pc->b, C, 16)                       \
    CHECK_ELEMENT(element);                     \
    const uint8_t* from = HOST(element);        \
    A = READ(uint64_t, from);                   \
    SLOT(pc->a + 8) = READ(uint64_t, from + 8); \
  }
#define DO_ElemW3                                 \
  {                                               \
    ELEMENT(pc->b, C, 24)                         \
    CHECK_ELEMENT(element);                       \
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
// A nil pointer to the array faults before its index; an array in slots has none, and no stride.
#define DO_IndexAddr                            \
  {                                             \
    uint64_t index = C;                         \
    if (UNLIKELY(index >= EXT >> 32)) {         \
      if (static_cast<uint32_t>(EXT) != 0) {    \
        CHECK_LOAD(B);                          \
      }                                         \
      FAULT_INDEX(index, EXT >> 32)             \
    }                                           \
    A = B + index * static_cast<uint32_t>(EXT); \
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

}  // namespace escapement::vm
