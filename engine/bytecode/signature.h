// How reflection passes a function's values: Go's internal ABI (cmd/compile/abi-internal.md). A value whose
// words all find registers travels in them, the others in a frame of arguments, then results.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/bytecode/chunk.h"

namespace escapement::bytecode {

constexpr uint32_t kIntRegisters = 9, kFloatRegisters = 15;
// abi.RegArgs: the integer registers, the floating-point ones, the integer ones again as pointers, and a bit
// set.
constexpr uint32_t kRegArgsPointers = (kIntRegisters + kFloatRegisters) * 8;
constexpr uint32_t kRegArgsBytes = kRegArgsPointers + kIntRegisters * 8 + 8;

// One word of a value, in memory order.
struct ValueWord {
  PartKind kind;
  uint32_t offset;  // in the value
  bool is_float;
  bool pointer;
};

// A value to pass.
struct PassedValue {
  std::vector<ValueWord> words;
  bool assignable = true;  // to registers, if there are enough
  bool in_slots = true;    // register class (ARCHITECTURE.md, "Value classes")
  uint32_t size = 0, align = 1;
};

// Places one value after the other: arguments, then results.
class SignatureBuilder {
 public:
  void Add(const PassedValue& value, std::vector<SignaturePart>* parts);
  // The next values are results.
  void BeginResults();

  uint32_t slots() const { return slots_; }        // of the arguments, or of the results
  uint32_t outgoing() const { return outgoing_; }  // bytes of memory-class values
  uint32_t stack() const { return stack_; }        // bytes of the frame of arguments and results

 private:
  uint32_t slots_ = 0, outgoing_ = 0, stack_ = 0;
  uint32_t ints_ = 0, floats_ = 0;
};

inline uint32_t AlignUp(uint32_t value, uint32_t align) {
  return align == 0 ? value : (value + align - 1) / align * align;
}

}  // namespace escapement::bytecode
