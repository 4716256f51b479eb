#include "engine/bytecode/signature.h"

namespace escapement::bytecode {

namespace {

uint32_t BytesOf(PartKind kind) {
  switch (kind) {
    case PartKind::kS8:
    case PartKind::kU8:
      return 1;
    case PartKind::kS16:
    case PartKind::kU16:
      return 2;
    case PartKind::kS32:
    case PartKind::kU32:
      return 4;
    default:
      return 8;
  }
}

}  // namespace

void SignatureBuilder::Add(const PassedValue& value, std::vector<SignaturePart>* parts) {
  uint32_t ints = 0, floats = 0;
  for (const ValueWord& word : value.words) ++(word.is_float ? floats : ints);
  bool registers = value.size != 0 && value.assignable && ints_ + ints <= kIntRegisters &&
                   floats_ + floats <= kFloatRegisters;
  if (!registers) stack_ = AlignUp(stack_, value.align);
  if (!value.in_slots) outgoing_ = AlignUp(outgoing_, value.align);
  if (!registers && !value.in_slots) parts->push_back({PartKind::kMemory, 0, outgoing_, stack_, value.size});
  if (registers || value.in_slots)
    for (const ValueWord& word : value.words) {
      SignaturePart part{word.kind, 0, 0, 0, BytesOf(word.kind)};
      part.pointer = word.pointer;
      if (registers) part.reg = static_cast<int8_t>(word.is_float ? kIntRegisters + floats_++ : ints_++);
      if (!registers) part.offset = stack_ + word.offset;
      part.in_outgoing = !value.in_slots;
      if (value.in_slots)
        part.slot = slots_++;
      else
        part.outgoing = outgoing_ + word.offset;
      parts->push_back(part);
    }
  if (!registers) stack_ += value.size;
  if (!value.in_slots) outgoing_ += value.size;
}

void SignatureBuilder::BeginResults() {
  slots_ = ints_ = floats_ = 0;
  outgoing_ = AlignUp(outgoing_, 8);
  stack_ = AlignUp(stack_, 8);
}

}  // namespace escapement::bytecode
