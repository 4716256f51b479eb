// A chunk: one function, ready to be linked. Plain data, no pointers into other
// structures. README.md holds the calling convention.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/bytecode/opcode.h"

namespace escapement::bytecode {

// Functions have modelled text addresses before they have code: id * kTextStride past kTextBase.
constexpr uint64_t kTextBase = 0x401000;
constexpr uint64_t kTextStride = 16;
constexpr uint64_t TextAddress(uint32_t function_id) {
  return kTextBase + function_id * kTextStride;
}
constexpr uint32_t FunctionAt(uint64_t address) {
  return static_cast<uint32_t>((address - kTextBase) / kTextStride);
}

// A bit a slot or frame word; empty means all clear.
struct Bitmap {
  std::vector<uint64_t> words;
  bool Test(uint32_t bit) const {
    return bit / 64 < words.size() && (words[bit / 64] >> (bit % 64) & 1) != 0;
  }
  void Set(uint32_t bit) {
    if (bit / 64 >= words.size()) words.resize(bit / 64 + 1);
    words[bit / 64] |= uint64_t{1} << (bit % 64);
  }
  // Calls visit(bit) for each bit of [first, end) that is set.
  template <typename Visit>
  void ForEachIn(uint32_t first, uint32_t end, Visit visit) const {
    for (uint32_t w = first / 64; w * 64 < end && w < words.size(); w++) {
      uint64_t bits = words[w];
      if (w == first / 64) bits &= ~uint64_t{0} << (first % 64);
      if (end - w * 64 < 64) bits &= (uint64_t{1} << (end % 64)) - 1;
      for (; bits != 0; bits &= bits - 1) visit(w * 64 + static_cast<uint32_t>(__builtin_ctzll(bits)));
    }
  }
  bool operator==(const Bitmap&) const = default;
};

// What link writes into a word once symbols have values.
enum class RelocKind : uint8_t {
  kAddress,   // whole extension word = address of the symbol + addend (a function's is its text address)
  kFunction,  // b:c of the word = id of the function symbol
};

struct Reloc {
  uint32_t word;  // index into Chunk::code
  RelocKind kind;
  uint32_t symbol;  // index into Chunk::symbols
  int64_t addend = 0;
};

// A word where the goroutine may stop: a call, an allocation, a native, a Steps or Loop form, and word 0
// (the prologue). Sorted by word. A frame that is not on top has stopped in the instruction before its
// return word.
struct Safepoint {
  uint32_t word;
  int32_t live_slots;  // index into Chunk::bitmaps of the pointer slots live here; kAllPointers = every one
  int32_t live_frame;  // likewise of the variables of the modelled frame (Chunk::frame_variables)
};
constexpr int32_t kAllPointers = -1;

// A variable of memory with pointers, at `offset` from sp: in the frame, or an incoming argument or result.
// One whose address is taken is a stack object: where no safepoint counts it live, a live pointer keeps it.
struct FrameVariable {
  uint32_t offset;
  uint32_t size;
};

// A call that was inlined. Node 0 of Chunk::inlines is the function itself.
struct InlineNode {
  uint32_t parent;       // index of the node it was inlined into
  std::string function;  // link name of the inlined function
  uint32_t file;         // position of the call, in the parent; of the declaration for the function itself
  uint32_t line;
  uint32_t column;
};

// Position of the instructions from `word` up to the next entry. Sorted by word.
struct LineEntry {
  uint32_t word;
  uint32_t inline_node;
  uint32_t file;  // index into Chunk::files
  uint32_t line;
  uint32_t column;
};

// Why an instruction allocates. Values are stable: they reach the trace.
enum class SiteKind : uint8_t {
  kNew,            // new(T), &T{}
  kMovedVariable,  // moved to heap: x
  kMakeSlice,
  kMakeMap,
  kMakeChan,
  kSliceLiteral,
  kMapLiteral,
  kAppend,
  kClosure,
  kMethodValue,
  kInterface,  // conversion to an interface
  kConcat,
  kStringConversion,
  kMapAssign,
  kGo,
  kDefer,
  kVariadic,  // ... argument
  kRuntime,
  kOther,
};

enum class VariableKind : uint8_t { kParameter, kResult, kLocal, kCaptured };

// A variable of the program and where its value is. It is there from `from` on; from `until` on nobody needs
// it any more, and what its place holds is what was left there.
struct Variable {
  std::string name;
  VariableKind kind;
  bool in_frame;  // `place` is an offset from sp; else a slot
  bool points;    // the place holds the variable's address
  uint32_t type;  // number of its type (lower::Data::shown_type)
  uint32_t place;
  uint32_t from, until;  // words
  uint32_t inline_node;
  uint32_t line;  // of its declaration
};

// A piece of what tracebacks print between a function's parentheses, as runtime.printArgs does.
struct TraceArg {
  enum Kind : uint8_t { kValue, kOpen, kClose, kDots, kUnknown };  // a number, `{`, `}`, `...`, `_`
  Kind kind = kValue;
  uint8_t size = 8;       // bytes of the value that count
  bool in_frame = false;  // `place` is an offset from sp; else a slot
  uint32_t place = 0;
  // Words [from, until); what is in the place elsewhere need not be the argument: `?`.
  uint32_t kept_from = 0, kept_until = ~uint32_t{0};
};

// An instruction that may allocate. Sorted by word.
struct Site {
  uint32_t word;
  SiteKind kind;
  uint32_t ordinal;        // among sites of this kind in the function: the n-th, in source order
  std::string expression;  // as the verdict line prints it: `new(T)`, `x`, `... argument`
  uint32_t inline_node;
  uint32_t file;
  uint32_t line;
  uint32_t column;
};

// One component of the signature: where reflection keeps it (a register, or an offset in the frame of
// arguments and results; signature.h), and where a call does (a slot, or an offset in the caller's outgoing
// area). A memory-class value on the stack is one component of kind kMemory.
enum class PartKind : uint8_t { kS8, kS16, kS32, kW64, kU8, kU16, kU32, kMemory };
struct SignaturePart {
  PartKind kind;
  uint32_t slot;      // index from the start of the window
  uint32_t outgoing;  // memory class: offset in the outgoing area
  uint32_t offset;    // on the stack: offset in the frame (arguments, then results aligned to 8)
  uint32_t size;      // bytes
  int8_t reg = -1;    // index in abi.RegArgs: integer registers, then floating-point ones; -1 is on the stack
  bool in_outgoing = false;  // a word of a memory-class value that comes in registers
  bool pointer = false;
};

enum ChunkFlags : uint32_t {
  kNoSplit = 1,       // no stack check: never grows the stack
  kWrapper = 2,       // transparent to recover and left out of tracebacks
  kNeedsContext = 4,  // a closure: uses GetCtx
  kHasDefer = 8,      // has Defer; `recover_word` is valid
  kNoPrint = 16,      // runtime function hidden from tracebacks
};

struct Chunk {
  std::string name;  // link name, as tracebacks print it
  uint32_t flags = 0;
  std::vector<Word> code;
  std::vector<Reloc> relocs;
  std::vector<std::string> symbols;

  uint32_t window_slots = 0;  // slots the function touches, outgoing windows' arguments and results included
  uint32_t arg_slots = 0;     // register-class arguments, slots 0 ... arg_slots-1
  uint32_t result_slots = 0;  // register-class results, slots 0 ... at Ret
  uint32_t entry_steps = 1;   // charged on entry: the statements before the first account

  // Modelled frame: bytes at [sp, sp + frame_size), outgoing area lowest, saved frame pointer highest;
  // the return PC lies at sp + frame_size, incoming memory-class arguments and results above it.
  uint32_t frame_size = 0;     // multiple of 8
  uint32_t incoming_size = 0;  // bytes of memory-class arguments and results
  // Words from sp on that hold pointers: of the frame (outgoing area excluded) and of the incoming area.
  Bitmap frame_pointers;
  Bitmap incoming_pointers;                    // those of memory-class arguments, from their start on
  std::vector<FrameVariable> frame_variables;  // by offset

  Bitmap pointer_slots;  // slots that hold pointers for life
  std::vector<Bitmap> bitmaps;
  std::vector<Safepoint> safepoints;
  uint32_t recover_word = 0;  // where a recovered panic resumes: DeferReturn, load results, Ret

  std::vector<std::string> files;
  std::vector<InlineNode> inlines;
  std::vector<LineEntry> lines;
  std::vector<LineEntry> fault_lines;  // of single words: instructions on another line than their statement
  std::vector<Site> sites;
  std::vector<Variable> variables;  // in order of declaration
  std::vector<TraceArg> trace_args;
  std::vector<SignaturePart> signature_args;
  std::vector<SignaturePart> signature_results;
  std::vector<uint32_t> unsigned_index_words;  // Elem*, SetElem*, Bound*, Index* whose index type is unsigned
};

// The safepoint that covers `word` (the last one at or before it), or null.
const Safepoint* SafepointAt(const Chunk& chunk, uint32_t word);

// The line entry that covers `word`, or null.
const LineEntry* LineAt(const Chunk& chunk, uint32_t word);

// The same, but if exactly this instruction is on another line of its statement, that one: where a fault is.
const LineEntry* FaultLineAt(const Chunk& chunk, uint32_t word);

// The site of the instruction at exactly `word`, or null.
const Site* SiteAt(const Chunk& chunk, uint32_t word);

// One instruction a line: word index, name, operands; jumps show their target.
std::string Disassemble(const Chunk& chunk);

// Checks what the loop relies on: operands inside the window, branch targets on instructions, tables sorted,
// outgoing windows clear of live slots, DeferReturn pairs. Returns the first fault found, or "".
[[nodiscard]] std::string Verify(const Chunk& chunk);

}  // namespace escapement::bytecode
