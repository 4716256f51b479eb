// What tracebacks print of a function's arguments: the scalars they consist of, in braces where they are part
// of something, ten at most, five levels deep (cmd/compile's EmitArgInfo).
//
// gc keeps an argument that came in a register only where it has to: from the start of the last block on the
// way to every call that it survives, as far as there is no other way. Elsewhere its place on the stack holds
// something else, and the number has a question mark.
#include <algorithm>

#include "engine/codegen/generator.h"

namespace escapement::codegen {

namespace {

using bytecode::TraceArg;

constexpr int kMostArgs = 10;
constexpr int kMostLevels = 5;

// Lists one argument after the other.
class ArgLister {
 public:
  explicit ArgLister(bytecode::Chunk* chunk) : chunk_(*chunk) {}

  // The next argument is in slots from `slot` on, or else at `frame` from sp.
  void InSlots(int slot, const std::vector<WordRange>* kept) {
    in_frame_ = false;
    slot_ = static_cast<uint32_t>(slot);
    kept_ = kept;
  }
  void InFrame(int64_t frame) {
    in_frame_ = true;
    frame_ = frame;
  }

  // Whether there is room for more.
  bool Visit(ir::Type* t, int64_t offset, int level, bool blank = false) {
    if (count_ >= kMostArgs) return Put(TraceArg::kDots), false;
    std::vector<std::pair<int64_t, ir::Type*>> parts;
    const ir::Type* u = t->underlying;
    int words = 0;
    switch (t->kind) {
      case ir::Kind::kString:
      case ir::Kind::kInter:
        words = 2;
        break;
      case ir::Kind::kSlice:
        words = 3;
        break;
      case ir::Kind::kComplex64:
      case ir::Kind::kComplex128:
        words = 2;
        break;
      case ir::Kind::kArray:
      case ir::Kind::kStruct:
        break;
      default:
        Value(static_cast<unsigned>(t->Size()), offset, blank);
        return true;
    }
    Put(TraceArg::kOpen);
    if (++level >= kMostLevels) {
      Put(TraceArg::kDots);
      count_++;
    } else if (words != 0) {
      const unsigned size = t->Is(ir::Kind::kComplex64) ? 4 : 8;
      for (int i = 0; i < words; i++) {
        if (count_ >= kMostArgs) {
          Put(TraceArg::kDots);
          break;
        }
        Value(size, offset + static_cast<int64_t>(size) * i, blank);
      }
    } else if (t->Is(ir::Kind::kArray)) {
      if (u->length == 0) count_++;
      for (int64_t i = 0; i < u->length; i++)
        if (!Visit(u->elem, offset + i * u->elem->Size(), level, blank)) break;
    } else {
      if (u->fields.empty()) count_++;
      for (const ir::Field& f : u->fields)
        if (!Visit(f.type, offset + f.offset, level, blank)) break;
    }
    Put(TraceArg::kClose);
    return true;
  }

 private:
  void Put(TraceArg::Kind kind) {
    TraceArg piece;
    piece.kind = kind;
    chunk_.trace_args.push_back(piece);
  }
  void Value(unsigned size, int64_t offset, bool blank) {
    count_++;
    TraceArg piece;
    piece.size = static_cast<uint8_t>(size);
    piece.in_frame = in_frame_;
    if (in_frame_) {
      piece.place = static_cast<uint32_t>(frame_ + offset);
    } else if (blank) {
      piece.kind = TraceArg::kUnknown;
    } else {
      piece.place = slot_++;
      if (kept_ != nullptr) piece.kept_from = (*kept_)[piece.place].from;
      if (kept_ != nullptr) piece.kept_until = (*kept_)[piece.place].until;
    }
    chunk_.trace_args.push_back(piece);
  }

  bytecode::Chunk& chunk_;
  int count_ = 0;
  bool in_frame_ = false;
  int64_t frame_ = 0;
  uint32_t slot_ = 0;
  const std::vector<WordRange>* kept_ = nullptr;  // null: always
};

}  // namespace

void Generator::ListTraceArgs() {
  ArgLister lister(&chunk_);
  // The dictionary is nobody's argument.
  size_t i = chunk_.name.find('[') != std::string::npos && !fn_.params.empty() ? 1 : 0;
  for (; i < fn_.params.size(); i++) {
    const Var* v = fn_.params[i];
    const Place& p = places_[v->index];
    if (!lower::IsRegister(v->type)) {
      lister.InFrame(p.frame);
    } else if (v->copy != nullptr && places_[v->copy->index].planned) {
      lister.InFrame(places_[v->copy->index].frame);
    } else {
      const bool in_registers = std::any_of(chunk_.signature_args.begin(), chunk_.signature_args.end(),
                                            [&](const bytecode::SignaturePart& part) {
                                              return part.reg >= 0 && !part.in_outgoing &&
                                                     part.slot == static_cast<uint32_t>(p.slot);
                                            });
      lister.InSlots(p.slot, in_registers ? &kept_ : nullptr);
    }
    if (!lister.Visit(v->type, 0, 0)) break;
  }
}

}  // namespace escapement::codegen
