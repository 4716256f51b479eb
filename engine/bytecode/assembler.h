// Assembler: appends instructions to a chunk, binds labels, and turns branches that do not reach into
// long ones. Tables that name words (lines, safepoints, sites, relocations) go through it, because long
// branches move code.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/bytecode/chunk.h"

namespace escapement::bytecode {

// A branch target; made by Assembler::NewLabel.
struct Label {
  uint32_t index = ~uint32_t{0};
};

// Builds one chunk. Slot operands are given as slot *indices*, the assembler scales them.
class Assembler {
 public:
  explicit Assembler(Chunk* chunk) : chunk_(chunk) {}

  Label NewLabel();
  // The label's target is the next instruction.
  void Bind(Label label);

  // Appends an instruction; operands by the opcode's format: slot letters are slot indices, i and u raw
  // values. Returns its word index *before* relaxation (use it only with the calls below).
  uint32_t Emit(Op op, int32_t a = 0, int32_t b = 0, int32_t c = 0);
  // Formats with I or U.
  uint32_t EmitImm(Op op, int32_t a, int64_t imm);
  // Appends an instruction with one extension word.
  uint32_t EmitExt(Op op, int32_t a, int32_t b, int32_t c, uint64_t ext);
  // Instructions with one extension word that is the address of `symbol` + `addend`.
  uint32_t EmitSymbol(Op op, int32_t a, int32_t b, int32_t c, std::string_view symbol, int64_t addend = 0);
  // LdI or LdI64, whichever fits.
  uint32_t EmitConstant(int32_t a, uint64_t value);
  // Static call of the function named `symbol` with its window at slot `a`.
  uint32_t EmitCall(int32_t a, std::string_view symbol);
  // Branches: j or J operand comes from `target`. `c` is unused for J formats; ext only where the format has
  // it.
  uint32_t EmitBranch(Op op, int32_t a, int32_t b, Label target, uint64_t ext = 0);
  // JmpTable over `targets`.
  uint32_t EmitJumpTable(int32_t a, const std::vector<Label>& targets);

  // Table entries for the *next* instruction.
  void SetLine(uint32_t inline_node, uint32_t file, uint32_t line, uint32_t column);
  void AddSite(Site site);
  // Entry for the instruction at `word` (an index that an Emit returned). Equal bitmaps are shared.
  void AddSafepoint(uint32_t word, const Bitmap& live_slots, const Bitmap& live_frame);
  void MarkUnsignedIndex(uint32_t word) { chunk_->unsigned_index_words.push_back(word); }
  // recover_word = the word `label` is bound to.
  void SetRecover(Label label) { recover_ = label; }

  uint32_t next_word() const { return static_cast<uint32_t>(chunk_->code.size()); }
  // The last instruction's first word.
  uint32_t last_word() const { return last_; }
  // Sends the result of the instruction at `word` to slot `a`.
  void Redirect(uint32_t word, int32_t a);

  // Resolves labels, relaxes branches, rewrites the tables. Call once, at the end.
  void Finish();

 private:
  struct Fixup {  // a distance to be filled in
    uint32_t word;
    uint32_t label;
    bool table_entry;  // an extension word of a JmpTable: distance from `origin`
    uint32_t origin;
  };
  uint32_t SymbolIndex(std::string_view name);
  int32_t BitmapIndex(const Bitmap& bitmap);
  void Widen(const std::vector<bool>& widen);

  Chunk* chunk_;
  std::vector<uint32_t> labels_;
  std::vector<Fixup> fixups_;
  Label recover_;
  uint32_t last_ = ~uint32_t{0};
  std::unordered_map<std::string, uint32_t> symbols_;
};

}  // namespace escapement::bytecode
