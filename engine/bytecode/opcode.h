// Opcodes, their formats, and the encoding of a word.
#pragma once

#include <cstdint>
#include <string_view>

namespace escapement::bytecode {

enum class Op : uint16_t {
#define OP(name, format) name,
#include "engine/bytecode/opcodes.def"
  kCount,
// The machine's own (fusion.h).
#define FUSED2(x, y) x##_##y,
#define FUSED3(x, y, z) x##_##y##_##z,
#define FUSED4(x, y, z, w) x##_##y##_##z##_##w,
#include "engine/bytecode/fusions.def"
};

// The four characters of the opcode's format in opcodes.def: a, b, c, extension words.
std::string_view FormatOf(Op op);

// The opcode's name in opcodes.def.
std::string_view NameOf(Op op);

// One code word. Extension words are raw 64-bit values in the same array.
using Word = uint64_t;

constexpr Word Encode(Op op, uint16_t a = 0, uint16_t b = 0, uint16_t c = 0) {
  return Word(static_cast<uint16_t>(op)) | Word(a) << 16 | Word(b) << 32 | Word(c) << 48;
}
constexpr Word EncodeImm(Op op, uint16_t a, uint32_t imm) {
  return Word(static_cast<uint16_t>(op)) | Word(a) << 16 | Word(imm) << 32;
}
constexpr Op OpOf(Word w) {
  return static_cast<Op>(static_cast<uint16_t>(w));
}
constexpr uint16_t OperandA(Word w) {
  return static_cast<uint16_t>(w >> 16);
}
constexpr uint16_t OperandB(Word w) {
  return static_cast<uint16_t>(w >> 32);
}
constexpr uint16_t OperandC(Word w) {
  return static_cast<uint16_t>(w >> 48);
}
constexpr uint32_t Imm32(Word w) {
  return static_cast<uint32_t>(w >> 32);
}

// Words the instruction at `at` occupies, its extension words included.
uint32_t LengthOf(const Word* at);

// Byte offset of window slot `index`, as operands hold it.
constexpr uint16_t SlotOperand(uint32_t index) {
  return static_cast<uint16_t>(index * 8);
}
constexpr uint32_t kMaxSlots = 8191;  // a window's limit: operands are 16 bits

// Slots between a caller's live slots and an outgoing window: [-2] closure context, [-1] return word.
constexpr uint32_t kHeaderSlots = 2;

// The extension word of AddCarry and SubBorrow.
constexpr Word EncodeCarries(uint32_t in_slot, uint32_t out_slot) {
  return Word(SlotOperand(in_slot)) | Word(SlotOperand(out_slot)) << 16;
}
constexpr uint16_t CarryIn(Word ext) {
  return static_cast<uint16_t>(ext);
}
constexpr uint16_t CarryOut(Word ext) {
  return static_cast<uint16_t>(ext >> 16);
}

// What Defer records: how gc would hold the record (only kHeap allocates).
enum class DeferKind : uint16_t { kOpenCoded, kStack, kHeap };

// Bits of the high half of Slice's extension word.
enum SliceFlags : uint32_t {
  kSliceHasHigh = 1,
  kSliceHasMax = 2,
  kSliceString = 4,        // operand is a string: b and a are two slots, capacity checks say "length"
  kSliceArray = 8,         // operand is an array or pointer to one: texts speak of length
  kSliceLowUnsigned = 16,  // index texts print as unsigned
  kSliceHighUnsigned = 32,
  kSliceMaxUnsigned = 64,
  kSliceNoLow = 128,  // low is 0
};

// Run-time errors raised by PanicFault.
enum class PanicCode : uint16_t { kNilDereference, kDivide, kShift, kUnreachable };

}  // namespace escapement::bytecode
