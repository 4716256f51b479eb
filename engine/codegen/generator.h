// Generator: the state of generating one function. plan.cpp decides where variables live, a file a
// construct emits code, liveness.cpp finds what each safepoint must report.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "engine/base/check.h"
#include "engine/bytecode/assembler.h"
#include "engine/codegen/codegen.h"
#include "engine/lower/layout.h"
#include "engine/lower/tree.h"

namespace escapement::codegen {

using bytecode::Op;
using lower::Components;
using lower::Expr;
using lower::Flatten;
using lower::Scalar;
using lower::Stmt;
using lower::StmtOp;
using lower::Var;

constexpr int kNone = -1;
constexpr int kPrologue = -2;  // as a window: the safepoint of word 0

// Whether v fits the immediate operand of an instruction.
inline bool FitsShort(int64_t v) {
  return v >= -32768 && v <= 32767;
}
// Whether components [first, first + n) are whole words, one behind the other.
inline bool AreWords(const Components& c, unsigned first, unsigned n) {
  if (first + n > c.count) return false;
  for (unsigned i = first; i < first + n; i++)
    if (lower::ScalarSize(c.at[i].scalar) != 8 || c.at[i].offset != c.at[first].offset + 8 * (i - first))
      return false;
  return true;
}
inline bool IsFloat32(const ir::Type* t) {
  return t->Is(ir::Kind::kFloat32);
}
inline bool IsFloat64(const ir::Type* t) {
  return t->Is(ir::Kind::kFloat64);
}

// Words [from, until) of the code.
struct WordRange {
  uint32_t from = ~uint32_t{0}, until = ~uint32_t{0};
};

// What the entry of a function must do, known once its body is.
struct EntryNeeds {
  bool leading_nop = false;
  std::vector<int> zero;  // pointer slots that may be read before they are written
  bool again = false;     // the body has to be generated with these
};

class Generator {
 public:
  Generator(lower::Lowering& lowering, const diag::FileSet& files, lower::Func& fn, bytecode::Chunk* chunk,
            EntryNeeds entry)
      : low_(lowering), files_(files), fn_(fn), chunk_(*chunk), as_(chunk), entry_(std::move(entry)) {}
  EntryNeeds Run();

 private:
  // --- plan.cpp: the slots and frame offsets of variables -------------------------
  struct Place {
    int first = -1, last = -1;  // positions of the first and last mention
    int slot = kNone;
    int64_t frame = 0;
    bool planned = false;
    bool kept = false;               // nobody else gets its slots
    std::vector<int> written;        // positions
    int frame_variable = kNone;      // index in Chunk::frame_variables
    uint32_t from = ~0u, until = 0;  // words between which its variable is mentioned
  };
  struct Interval {
    int first, last;
  };
  // A line of the source in the function, or in a body that was inlined into it.
  using Line = std::pair<uint32_t, uint32_t>;
  static Line LineOf(const Stmt* s) { return {s->pos.inl, s->pos.pos.line}; }
  // An assignment of a whole variable to another.
  struct Copy {
    Var *to, *from;
    int at;
    Line line;
  };
  void Plan();
  void Number(std::span<Stmt* const> list);
  void NumberExpr(Expr* e);
  void Mention(Var* v);
  void Write(Var* v);
  bool NoteCopy(Stmt* s);
  void ShareSlots();
  bool MayShare(const Copy& copy);
  void AssignSlots();
  void LayOutFrame();
  void AddFrameVariable(Var* v);
  void MeasureCall(lower::Call* call);
  void Signature();
  int AllocateSlots(const std::string& pattern);
  static std::string Pattern(ir::Type* type);

  // --- slots.cpp --------------------------------------------------------------------
  int SlotOf(Var* v);
  int ScratchSlots(const std::string& pattern);
  int Scratch(ir::Type* type);
  int Dst(ir::Type* type, int dst);
  void Move(int dst, int src, unsigned count);
  void Constant(int dst, uint64_t value);
  static bool IsConst(Expr* e, int64_t* value);

  // --- expr.cpp ---------------------------------------------------------------------
  // The first slot of the value of e; in `dst` if given. So for all that follow.
  int Eval(Expr* e, int dst = kNone);
  int EvalIntrinsic(Expr* e, int dst);
  int EvalSlice(Expr* e, int dst);

  // --- address.cpp ------------------------------------------------------------------
  int EvalAddress(Expr* e, int64_t offset, int dst = kNone);
  // That of a place about to be written by the very next instruction, `size` bytes.
  int EvalTarget(Expr* e, int64_t offset, int64_t size);
  int EvalElemAddr(Expr* e, int dst);

  // --- load.cpp ---------------------------------------------------------------------
  int EvalLoad(Expr* e, int dst);
  int EvalElement(Expr* e, int dst);  // load through a kElemAddr
  void LoadComponents(ir::Type* type, int dst, int base, int64_t offset);

  // --- arith.cpp --------------------------------------------------------------------
  void Normalise(int slot, Scalar s);
  int EvalUnary(Expr* e, int dst);
  int EvalArith(Expr* e, int dst);
  int EvalShift(Expr* e, int dst);
  int EvalConvert(Expr* e, int dst);

  // --- compare.cpp ------------------------------------------------------------------
  int EvalCompare(Expr* e, int dst);
  int EvalLogical(Expr* e, int dst);
  // Jumps to `to` if e == sense.
  void Branch(Expr* e, bool sense, bytecode::Label to);
  bool BranchCompare(Expr* e, bool sense, bytecode::Label to);

  // --- store.cpp --------------------------------------------------------------------
  void GenStore(Stmt* s);
  bool StoreElement(Stmt* s);
  void StoreComponents(ir::Type* type, int src, int base, int64_t offset, bool barrier);
  void StoreVariable(Var* v, int src);  // in its place in the frame
  void GenMove(Stmt* s);
  void GenZero(Stmt* s);
  void MemoryMove(int dst, int src, ir::Type* type, bool barrier);

  // --- call.cpp ---------------------------------------------------------------------
  void GenCall(Stmt* s);
  void GenInstruction(lower::Call* call);
  void GenReturn(Stmt* s);
  void Results(std::span<Expr* const> values);
  int WindowBase();
  // Evaluates into scratch slots; *word is the instruction alone that puts the value there, or ~0.
  int EvalAside(Expr* e, uint32_t* word);

  // --- stmt.cpp ---------------------------------------------------------------------
  void Gen(std::span<Stmt* const> list);
  void GenStmt(Stmt* s);
  void GenAssign(Stmt* s);
  void GenLoop(Stmt* s);
  void GenLoopCode(Stmt* s);
  bool FusedBackEdge(Stmt* s, bytecode::Label top, uint32_t steps);
  int CountSteps(std::span<Stmt* const> list);
  bytecode::Label NewLabel();
  bytecode::Label LabelOf(int label);
  void Bind(bytecode::Label label);
  uint32_t Jump(Op op, int a, int b, bytecode::Label to, uint64_t ext = 0);
  // Marks `word` as a safepoint; `setup` is the first word of its operands' evaluation for calls whose
  // arguments the caller must keep alive.
  void Safepoint(uint32_t word, int window = kNone, uint32_t setup = ~0u);

  // --- positions.cpp ----------------------------------------------------------------
  void Position(ir::SrcPos pos);
  // The instruction at `word`, the last one so far that may fault, does what stands at `pos`.
  void Faults(uint32_t word, ir::SrcPos pos);
  uint32_t FileIndex(diag::FileId file);
  // File and line as tracebacks print them, `//line` directives applied.
  std::pair<uint32_t, uint32_t> PrintedLine(diag::Pos pos);
  uint32_t InlineNode(uint32_t inl);
  void AddSite(int32_t site);

  // --- variables.cpp -----------------------------------------------------------------------
  // Code that is emitted now mentions v.
  void Touch(Var* v);
  // Variables that the last statement brought have their values now.
  void Arrive();
  void ListVariables();
  static bool IsShown(const Var* v);
  bool KeepsVariables() const;

  // --- trace_args.cpp ---------------------------------------------------------------------
  void ListTraceArgs();

  // --- liveness.cpp -----------------------------------------------------------------------
  void Body();
  EntryNeeds Liveness();
  // The instruction to be emitted next reads the variable in the frame, or takes its address: whoever has
  // that sees all that was written so far.
  void UseFrame(Var* v);
  // It writes bytes [offset, offset + size) of the variable; if that is all of it, what was there is dead.
  void DefineFrame(Var* v, int64_t offset, int64_t size);

  struct SafePointInfo {
    uint32_t word;
    int window;      // slots from here on belong to the callee
    uint32_t setup;  // ~0: none
  };
  struct JumpInfo {
    uint32_t word;
    uint32_t label;
  };
  struct FrameEffect {
    uint32_t word;
    int variable;
    bool define;
  };

  lower::Lowering& low_;
  const diag::FileSet& files_;
  lower::Func& fn_;
  bytecode::Chunk& chunk_;
  bytecode::Assembler as_;
  EntryNeeds entry_;

  std::vector<Place> places_;  // by Var::index
  std::vector<Interval> loops_;
  std::vector<Copy> copies_;
  std::set<Line> lines_;       // that have instructions beside copies
  std::vector<Var*> sharing_;  // by Var::index: whose slots the variable has, or null
  std::unordered_map<int, int> label_positions_;
  int position_ = 0;

  std::string kinds_;  // 'p' or 's' a slot
  std::vector<bool> scratch_used_;
  int scratch_start_ = 0;
  int scratch_high_ = 0;
  int top_slot_ = 0;  // highest slot touched + 1

  int64_t outgoing_ = 0;  // bytes of memory-class arguments and results of calls
  int64_t spill_ = 0;     // register arguments' spill space, as gc's callers keep it
  int64_t frame_size_ = 0;
  bool calls_ = false;

  std::unordered_map<int, bytecode::Label> labels_;
  uint32_t last_bound_ = ~0u;          // the word that a label was bound to last
  std::vector<uint32_t> label_words_;  // by bytecode label: bound word or ~0
  int recover_label_ = -1;             // of the code after a recovered panic
  std::vector<JumpInfo> jumps_;
  std::vector<SafePointInfo> safepoints_;
  std::vector<FrameEffect> frame_effects_;  // by word
  // Where gc keeps an argument that survives these calls.
  WordRange KeptRange(const std::vector<uint32_t>& calls) const;
  std::vector<WordRange> kept_;  // by argument slot: where gc has it on the stack
  std::unordered_map<uint16_t, uint32_t> file_index_;
  std::map<std::string_view, uint32_t> directive_files_;  // names in `//line` directives
  std::unordered_map<uint32_t, uint32_t> inline_index_;
  std::vector<uint32_t> site_ordinals_;
  std::vector<Var*> arriving_;
  std::vector<std::pair<uint32_t, uint32_t>> loop_words_;
  ir::SrcPos pos_;
};

}  // namespace escapement::codegen
