#include "engine/bytecode/chunk.h"

#include <algorithm>

#include "engine/base/number_text.h"

namespace escapement::bytecode {
namespace {

template <typename T>
const T* LastAtOrBefore(const std::vector<T>& table, uint32_t word) {
  auto after = std::upper_bound(table.begin(), table.end(), word,
                                [](uint32_t w, const T& entry) { return w < entry.word; });
  return after == table.begin() ? nullptr : &*(after - 1);
}

std::string OperandText(char format, uint16_t value, uint32_t word) {
  switch (format) {
    case 'd':
    case 'e':
    case 'f':
    case 's':
    case 't':
    case 'v':
    case 'm':
    case 'w': {
      std::string text = (format == 'w' ? "w" : "r") + std::to_string(value / 8);
      int width = format == 'e' || format == 't' ? 2 : format == 'f' || format == 'v' ? 3 : 1;
      if (width > 1) text += ".." + std::to_string(value / 8 + width - 1);
      return text;
    }
    case 'i':
      return std::to_string(static_cast<int16_t>(value));
    case 'u':
      return std::to_string(value);
    case 'j':
      return "->" + std::to_string(static_cast<int64_t>(word) + static_cast<int16_t>(value));
    default:
      return "";
  }
}

std::string InstructionText(const Chunk& chunk, uint32_t word) {
  Word w = chunk.code[word];
  Op op = OpOf(w);
  std::string_view format = FormatOf(op);
  std::string text = std::to_string(word) + "\t" + std::string(NameOf(op));
  const char* separator = " ";
  auto add = [&](const std::string& operand) {
    if (operand.empty()) return;
    text += separator + operand;
    separator = ", ";
  };
  add(OperandText(format[0], OperandA(w), word));
  switch (format[1]) {
    case 'I':
      add(std::to_string(static_cast<int32_t>(Imm32(w))));
      break;
    case 'U':
      add(std::to_string(Imm32(w)));
      break;
    case 'J':
      add("->" + std::to_string(static_cast<int64_t>(word) + static_cast<int32_t>(Imm32(w))));
      break;
    default:
      add(OperandText(format[1], OperandB(w), word));
      add(OperandText(format[2], OperandC(w), word));
  }
  if (op == Op::JmpTable) {
    for (uint32_t i = 0; i < Imm32(w); i++)
      add("->" + std::to_string(static_cast<int64_t>(word) + static_cast<int64_t>(chunk.code[word + 1 + i])));
  } else if (format[3] == '1') {
    add("#" + base::HexText(chunk.code[word + 1]));
  }
  for (const Reloc& reloc : chunk.relocs)
    if (reloc.word >= word && reloc.word < word + LengthOf(&chunk.code[word])) {
      text += "  ; " + chunk.symbols[reloc.symbol];
      if (reloc.addend != 0) text += "+" + std::to_string(reloc.addend);
    }
  return text;
}

}  // namespace

const Safepoint* SafepointAt(const Chunk& chunk, uint32_t word) {
  return LastAtOrBefore(chunk.safepoints, word);
}

const LineEntry* FaultLineAt(const Chunk& chunk, uint32_t word) {
  const LineEntry* own = LastAtOrBefore(chunk.fault_lines, word);
  return own != nullptr && own->word == word ? own : LineAt(chunk, word);
}

const LineEntry* LineAt(const Chunk& chunk, uint32_t word) {
  return LastAtOrBefore(chunk.lines, word);
}

const Site* SiteAt(const Chunk& chunk, uint32_t word) {
  const Site* site = LastAtOrBefore(chunk.sites, word);
  return site != nullptr && site->word == word ? site : nullptr;
}

std::string Disassemble(const Chunk& chunk) {
  std::string text = chunk.name + ": window " + std::to_string(chunk.window_slots) + ", frame " +
                     std::to_string(chunk.frame_size) + "\n";
  for (uint32_t word = 0; word < chunk.code.size(); word += LengthOf(&chunk.code[word]))
    text += InstructionText(chunk, word) + "\n";
  return text;
}

}  // namespace escapement::bytecode
