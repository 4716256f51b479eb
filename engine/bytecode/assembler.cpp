#include "engine/bytecode/assembler.h"

#include <algorithm>

#include "engine/base/check.h"
#include "engine/base/sort.h"

namespace escapement::bytecode {
namespace {

constexpr uint32_t kUnbound = ~uint32_t{0};

bool IsSlot(char format) {
  return std::string_view("defstvmw").find(format) != std::string_view::npos;
}

uint16_t Scale(char format, int32_t value) {
  if (IsSlot(format)) {
    ENSURE(value >= 0 && value <= static_cast<int32_t>(kMaxSlots), "slot out of range");
    return SlotOperand(static_cast<uint32_t>(value));
  }
  if (format == 'i') {
    ENSURE(value >= -32768 && value <= 32767, "immediate out of range");
  } else if (format == 'u') {
    ENSURE(value >= 0 && value <= 65535, "unsigned immediate out of range");
  }
  return static_cast<uint16_t>(value);
}

}  // namespace

Label Assembler::NewLabel() {
  labels_.push_back(kUnbound);
  return Label{static_cast<uint32_t>(labels_.size() - 1)};
}

void Assembler::Bind(Label label) {
  ENSURE(labels_[label.index] == kUnbound, "label bound twice");
  labels_[label.index] = next_word();
}

uint32_t Assembler::Emit(Op op, int32_t a, int32_t b, int32_t c) {
  std::string_view format = FormatOf(op);
  uint32_t word = last_ = next_word();
  chunk_->code.push_back(Encode(op, Scale(format[0], a), Scale(format[1], b), Scale(format[2], c)));
  return word;
}

void Assembler::Redirect(uint32_t word, int32_t a) {
  Word& instruction = chunk_->code[word];
  instruction = (instruction & ~(Word{0xffff} << 16)) | Word{Scale(FormatOf(OpOf(instruction))[0], a)} << 16;
}

uint32_t Assembler::EmitImm(Op op, int32_t a, int64_t imm) {
  std::string_view format = FormatOf(op);
  if (format[1] == 'I') {
    ENSURE(imm >= INT32_MIN && imm <= INT32_MAX, "immediate out of range");
  } else {
    ENSURE(format[1] == 'U' && imm >= 0 && imm <= UINT32_MAX, "opcode has no such immediate");
  }
  uint32_t word = last_ = next_word();
  chunk_->code.push_back(EncodeImm(op, Scale(format[0], a), static_cast<uint32_t>(imm)));
  return word;
}

uint32_t Assembler::EmitExt(Op op, int32_t a, int32_t b, int32_t c, uint64_t ext) {
  ENSURE(FormatOf(op)[3] == '1', "opcode has no extension word");
  bool wide = FormatOf(op)[1] == 'U';
  uint32_t word = wide ? EmitImm(op, a, static_cast<uint32_t>(b)) : Emit(op, a, b, c);
  chunk_->code.push_back(ext);
  return word;
}

uint32_t Assembler::EmitSymbol(Op op, int32_t a, int32_t b, int32_t c, std::string_view symbol,
                               int64_t addend) {
  uint32_t word = EmitExt(op, a, b, c, 0);
  chunk_->relocs.push_back({word + 1, RelocKind::kAddress, SymbolIndex(symbol), addend});
  return word;
}

uint32_t Assembler::EmitConstant(int32_t a, uint64_t value) {
  int64_t number = static_cast<int64_t>(value);
  if (number >= INT32_MIN && number <= INT32_MAX) return EmitImm(Op::LdI, a, number);
  return EmitExt(Op::LdI64, a, 0, 0, value);
}

uint32_t Assembler::EmitCall(int32_t a, std::string_view symbol) {
  uint32_t word = EmitImm(Op::Call, a, 0);
  chunk_->relocs.push_back({word, RelocKind::kFunction, SymbolIndex(symbol), 0});
  return word;
}

uint32_t Assembler::EmitBranch(Op op, int32_t a, int32_t b, Label target, uint64_t ext) {
  std::string_view format = FormatOf(op);
  ENSURE(format[1] == 'J' || format[2] == 'j', "opcode is no branch");
  uint32_t word = last_ = next_word();
  chunk_->code.push_back(
      Encode(op, Scale(format[0], a), format[1] == 'J' ? uint16_t{0} : Scale(format[1], b)));
  if (format[3] == '1') chunk_->code.push_back(ext);
  fixups_.push_back({word, target.index, false, word});
  return word;
}

uint32_t Assembler::EmitJumpTable(int32_t a, const std::vector<Label>& targets) {
  uint32_t word = EmitImm(Op::JmpTable, a, static_cast<int64_t>(targets.size()));
  for (Label target : targets) {
    fixups_.push_back({next_word(), target.index, true, word});
    chunk_->code.push_back(0);
  }
  return word;
}

void Assembler::SetLine(uint32_t inline_node, uint32_t file, uint32_t line, uint32_t column) {
  if (!chunk_->lines.empty()) {
    LineEntry& last = chunk_->lines.back();
    if (last.inline_node == inline_node && last.file == file && last.line == line && last.column == column)
      return;
    if (last.word == next_word()) {
      last = {next_word(), inline_node, file, line, column};
      return;
    }
  }
  chunk_->lines.push_back({next_word(), inline_node, file, line, column});
}

void Assembler::AddSite(Site site) {
  site.word = next_word();
  chunk_->sites.push_back(std::move(site));
}

void Assembler::AddSafepoint(uint32_t word, const Bitmap& live_slots, const Bitmap& live_frame) {
  chunk_->safepoints.push_back({word, BitmapIndex(live_slots), BitmapIndex(live_frame)});
}

uint32_t Assembler::SymbolIndex(std::string_view name) {
  auto [entry, added] =
      symbols_.try_emplace(std::string(name), static_cast<uint32_t>(chunk_->symbols.size()));
  if (added) chunk_->symbols.emplace_back(name);
  return entry->second;
}

int32_t Assembler::BitmapIndex(const Bitmap& bitmap) {
  auto found = std::find(chunk_->bitmaps.rbegin(), chunk_->bitmaps.rend(), bitmap);
  if (found != chunk_->bitmaps.rend()) return static_cast<int32_t>(chunk_->bitmaps.rend() - found - 1);
  chunk_->bitmaps.push_back(bitmap);
  return static_cast<int32_t>(chunk_->bitmaps.size() - 1);
}

// A short branch that does not reach, `B -> L`, becomes `B -> +k; Jmp +2; Jmp L` with k past the first Jmp
// (the branch's extension word stays with it). Two words are inserted behind the instruction.
void Assembler::Widen(const std::vector<bool>& widen) {
  std::vector<uint32_t> moved(chunk_->code.size() + 1);
  std::vector<Word> code;
  code.reserve(chunk_->code.size() + 64);
  std::vector<uint32_t> fixup_at(chunk_->code.size(), kUnbound);
  for (uint32_t i = 0; i < fixups_.size(); i++)
    if (!fixups_[i].table_entry) fixup_at[fixups_[i].word] = i;
  for (uint32_t word = 0; word < chunk_->code.size();) {
    uint32_t length = LengthOf(&chunk_->code[word]);
    for (uint32_t i = 0; i < length; i++) {
      moved[word + i] = static_cast<uint32_t>(code.size());
      code.push_back(chunk_->code[word + i]);
    }
    if (fixup_at[word] != kUnbound && widen[fixup_at[word]]) {
      uint32_t start = moved[word];
      code[start] = (code[start] & 0x0000ffffffffffff) | Word(length + 1) << 48;
      code.push_back(EncodeImm(Op::Jmp, 0, 2));
      fixups_[fixup_at[word]].word = kUnbound - static_cast<uint32_t>(code.size());  // marks: already moved
      code.push_back(EncodeImm(Op::Jmp, 0, 0));
    }
    word += length;
  }
  moved[chunk_->code.size()] = static_cast<uint32_t>(code.size());
  chunk_->code = std::move(code);
  for (uint32_t i = 0; i < fixups_.size(); i++) {
    Fixup& fixup = fixups_[i];
    if (!fixup.table_entry && widen[i]) {
      fixup.word = fixup.origin = kUnbound - fixup.word;
    } else {
      fixup.word = moved[fixup.word];
      fixup.origin = moved[fixup.origin];
    }
  }
  for (uint32_t& target : labels_)
    if (target != kUnbound) target = moved[target];
  for (Reloc& reloc : chunk_->relocs) reloc.word = moved[reloc.word];
  for (Safepoint& point : chunk_->safepoints) point.word = moved[point.word];
  for (LineEntry& line : chunk_->lines) line.word = moved[line.word];
  for (LineEntry& line : chunk_->fault_lines) line.word = moved[line.word];
  for (Site& site : chunk_->sites) site.word = moved[site.word];
  for (Variable& variable : chunk_->variables) {
    variable.from = moved[variable.from];
    variable.until = moved[variable.until];
  }
  for (TraceArg& arg : chunk_->trace_args)
    for (uint32_t* word : {&arg.kept_from, &arg.kept_until})
      if (*word < moved.size()) *word = moved[*word];
  for (uint32_t& word : chunk_->unsigned_index_words) word = moved[word];
}

void Assembler::Finish() {
  for (;;) {
    std::vector<bool> widen(fixups_.size());
    bool any = false;
    for (uint32_t i = 0; i < fixups_.size(); i++) {
      const Fixup& fixup = fixups_[i];
      ENSURE(labels_[fixup.label] != kUnbound, chunk_->name + ": branch to a label that was never bound");
      if (fixup.table_entry || FormatOf(OpOf(chunk_->code[fixup.word]))[1] == 'J') continue;
      int64_t distance = static_cast<int64_t>(labels_[fixup.label]) - fixup.word;
      if (distance < -32768 || distance > 32767) widen[i] = any = true;
    }
    if (!any) break;
    Widen(widen);
  }
  for (const Fixup& fixup : fixups_) {
    int64_t distance = static_cast<int64_t>(labels_[fixup.label]) - fixup.origin;
    Word& word = chunk_->code[fixup.word];
    if (fixup.table_entry) {
      word = static_cast<uint64_t>(distance);
    } else if (FormatOf(OpOf(word))[1] == 'J') {
      word = (word & 0xffffffff) | Word(static_cast<uint32_t>(distance)) << 32;
    } else {
      word = (word & 0x0000ffffffffffff) | Word(static_cast<uint16_t>(distance)) << 48;
    }
  }
  if (recover_.index != kUnbound) chunk_->recover_word = labels_[recover_.index];
  base::Sort(chunk_->safepoints, [](const Safepoint& x, const Safepoint& y) { return x.word < y.word; });
}

}  // namespace escapement::bytecode
