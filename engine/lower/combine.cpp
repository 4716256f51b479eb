// Facts are "constant indices below n are good for the slice whose length this variable holds". They hold
// along straight-line code: a label, a loop and an assignment to the variable end them, branches keep what
// both sides keep. Nodes may be shared between statements, so what changes is a copy.
//
//   uint32(b[0]) | uint32(b[1])<<8 | uint32(b[2])<<16 | uint32(b[3])<<24   →   load32(b)
//   b[0] = byte(v >> 24); b[1] = byte(v >> 16); …; b[3] = byte(v)          →   store32(b, bswap(v))
#include "engine/lower/combine.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "engine/base/sort.h"

namespace escapement::lower {

namespace {

// A slice's or string's length: the variable and the component that holds it.
using LengthKey = std::pair<uint32_t, uint64_t>;
using Facts = std::map<LengthKey, uint64_t>;

std::optional<LengthKey> KeyOf(const Expr* length) {
  if (length->op == Op::kPart && length->x->op == Op::kVar)
    return LengthKey{length->x->var->index, length->value};
  return std::nullopt;
}

bool SameBase(const Expr* x, const Expr* y) {
  if (x == y) return true;
  if (x->op != y->op) return false;
  switch (x->op) {
    case Op::kVar:
      return x->var == y->var;
    case Op::kPart:
      return x->value == y->value && SameBase(x->x, y->x);
    case Op::kRetype:
      return SameBase(x->x, y->x);
    case Op::kVarAddr:
      return x->var == y->var && x->offset == y->offset;
    default:
      return false;
  }
}

enum class Endian : uint8_t { kEither, kLittle, kBig };

// Bytes [offset, offset + size) at `base`, and where in a word their lowest byte goes or comes from.
struct Piece {
  Expr* base;
  int64_t offset;
  int64_t size;
  int64_t shift;
  Endian endian;
  Expr* word = nullptr;  // of a store: the variable that is stored
};

const Expr* ShiftedBy(const Expr* e, Op op, int64_t* shift) {
  if (e->op != op || e->y->op != Op::kConst) return e;
  if (e->y->value >= static_cast<uint64_t>(e->type->Size()) * 8) return nullptr;
  *shift += static_cast<int64_t>(e->y->value);
  return e->x;
}

class Combiner {
 public:
  Combiner(base::Arena& arena, ir::TypeTable& types) : arena_(arena), types_(types) {}

  void Run(Func& fn) {
    symbol_is_main_ = fn.symbol.text().substr(0, 5) == "main.";
    std::vector<Stmt*> body = Block(fn.body);
    fn.body = std::move(body);
  }

 private:
  // --- Statements -------------------------------------------------------------------
  std::vector<Stmt*> Block(std::span<Stmt* const> list) {
    std::vector<Stmt*> out;
    for (Stmt* s : list) {
      Statement(s);
      out.push_back(s);
      if (s->op == StmtOp::kStore) MergeStores(out);
    }
    return out;
  }
  std::span<Stmt*> List(std::span<Stmt*> list) {
    if (list.empty()) return list;
    return arena_.Copy(Block(list));
  }

  void Statement(Stmt* s) {
    if (s->op == StmtOp::kLoop) {
      facts_.clear();
      s->head = List(s->head);
      if (s->x) s->x = Visit(s->x);
      s->body = List(s->body);
      facts_.clear();
      s->post = List(s->post);
      facts_.clear();
      return;
    }
    if (s->op == StmtOp::kLabel) facts_.clear();
    if (s->addr) {
      // The value and the address are evaluated in either order: neither relies on the other's checks.
      Facts before = facts_;
      s->addr = Address(s->addr, &s->offset);
      std::swap(before, facts_);
      if (s->x) s->x = Visit(s->x);
      for (const auto& [length, good] : before) facts_[length] = std::max(facts_[length], good);
    } else if (s->x) {
      s->x = Visit(s->x);
    }
    for (Expr*& a : s->args) a = Visit(a);
    if (s->call) {
      if (s->call->target) s->call->target = Visit(s->call->target);
      for (Expr*& a : s->call->args) a = Visit(a);
      for (Var* v : s->call->results)
        if (v) Forget(v);
    }
    if (s->var) Forget(s->var);
    if (s->op == StmtOp::kIf) {
      Facts before = facts_;
      s->body = List(s->body);
      std::swap(before, facts_);
      s->otherwise = List(s->otherwise);
      for (auto it = facts_.begin(); it != facts_.end();) {
        auto other = before.find(it->first);
        if (other == before.end()) {
          it = facts_.erase(it);
          continue;
        }
        it->second = std::min(it->second, other->second);
        ++it;
      }
    }
  }

  void Forget(const Var* v) {
    facts_.erase(facts_.lower_bound({v->index, 0}), facts_.upper_bound({v->index, ~uint64_t{0}}));
  }

  // --- Expressions, in order of evaluation ---------------------------------------------
  Expr* Visit(Expr* e) {
    Expr changed = *e;
    if (e->x) changed.x = Visit(e->x);
    if (e->y && (e->op == Op::kAndAnd || e->op == Op::kOrOr)) {
      Facts before = facts_;
      changed.y = Visit(e->y);
      facts_ = std::move(before);
    } else if (e->y) {
      changed.y = Visit(e->y);
    }
    if (e->z) changed.z = Visit(e->z);
    bool arguments = false;
    std::vector<Expr*> args;
    for (Expr* a : e->args) {
      args.push_back(Visit(a));
      arguments |= args.back() != a;
    }
    if (arguments) changed.args = arena_.Copy(args);
    bool same = changed.x == e->x && changed.y == e->y && changed.z == e->z && !arguments;
    if (e->op == Op::kElemAddr && e->y->op == Op::kConst && e->z) {
      std::optional<LengthKey> key = KeyOf(e->z);
      if (!key) return same ? e : arena_.New<Expr>(changed);
      uint64_t index = e->y->value;
      uint64_t& good = facts_[*key];
      if (index >= good) {
        if (index < uint64_t{1} << 31) good = index + 1;
        return same ? e : arena_.New<Expr>(changed);
      }
      changed.op = Op::kPtrAdd;
      changed.offset = static_cast<int64_t>(index * e->value);
      changed.y = changed.z = nullptr;
      changed.value = 0;
      return arena_.New<Expr>(changed);
    }
    if (e->op == Op::kLoad && changed.x->op == Op::kPtrAdd) {
      changed.offset += changed.x->offset;
      changed.x = changed.x->x;
      same = false;
    }
    Expr* result = same ? e : arena_.New<Expr>(changed);
    if (e->op == Op::kOr || e->op == Op::kXor || e->op == Op::kAdd)
      if (Expr* load = WideLoad(result)) return load;
    return result;
  }

  // The address of a store: a constant offset joins the statement's.
  Expr* Address(Expr* e, int64_t* offset) {
    e = Visit(e);
    if (e->op != Op::kPtrAdd) return e;
    *offset += e->offset;
    return e->x;
  }

  // --- Loads ------------------------------------------------------------------------------
  bool Pieces(Expr* e, std::vector<Piece>& out, int depth = 0) {
    if (depth > 8 || out.size() > 8) return false;
    if (e->op == Op::kOr || e->op == Op::kXor || e->op == Op::kAdd)
      return e->type->IsInteger() && Pieces(e->x, out, depth + 1) && Pieces(e->y, out, depth + 1);
    Piece piece{nullptr, 0, 0, 0, Endian::kLittle};
    const Expr* at = ShiftedBy(e, Op::kShl, &piece.shift);
    if (!at) return false;
    while (at->op == Op::kConvert && at->x->type->IsInteger() && at->x->type->IsUnsigned() &&
           at->type->IsInteger() && at->x->type->Size() <= at->type->Size())
      at = at->x;
    if (at->op == Op::kIntrinsic && static_cast<Intrinsic>(at->value) == Intrinsic::kBswap32) {
      piece.endian = Endian::kBig;
      at = at->args[0];
    }
    if (at->op != Op::kLoad || !at->type->IsInteger() || !at->type->IsUnsigned() || at->type->Size() > 4)
      return false;
    if (piece.endian == Endian::kBig && at->type->Size() != 4) return false;
    if (at->type->Size() == 1) piece.endian = Endian::kEither;
    piece.base = at->x;
    piece.offset = at->offset;
    piece.size = at->type->Size();
    out.push_back(piece);
    return true;
  }

  // Whether the pieces, sorted by offset, are one word in this order.
  static bool InOrder(const std::vector<Piece>& pieces, Endian endian, int64_t total) {
    Endian other = endian == Endian::kLittle ? Endian::kBig : Endian::kLittle;
    const Piece& first = pieces[0];
    int64_t low = endian == Endian::kLittle ? first.shift : pieces.back().shift;
    int64_t at = first.offset;
    for (const Piece& p : pieces) {
      if (p.endian == other || p.offset != at || !SameBase(p.base, first.base)) return false;
      int64_t from = p.offset - first.offset;
      if (p.shift - low != 8 * (endian == Endian::kLittle ? from : total - from - p.size)) return false;
      at += p.size;
    }
    return true;
  }

  Expr* WideLoad(Expr* e) {
    // A narrow signed result would need its sign extended.
    if (!e->type->IsInteger() || (e->type->IsSigned() && e->type->Size() != 8)) return nullptr;
    std::vector<Piece> pieces;
    if (!Pieces(e, pieces) || pieces.size() < 2) return nullptr;
    base::Sort(pieces, [](const Piece& x, const Piece& y) { return x.offset < y.offset; });
    int64_t total = 0, low = pieces[0].shift;
    for (const Piece& p : pieces) {
      total += p.size;
      low = std::min(low, p.shift);
    }
    if ((total != 2 && total != 4 && total != 8) || low + 8 * total > 8 * e->type->Size()) return nullptr;
    bool little = InOrder(pieces, Endian::kLittle, total);
    if (!little && (total == 2 || !InOrder(pieces, Endian::kBig, total))) return nullptr;
    Expr* value = New(e, Op::kLoad, Unsigned(total));
    value->x = pieces[0].base;
    value->offset = pieces[0].offset;
    if (!little) value = Swapped(value, total);
    value = Converted(value, e->type);
    if (low == 0) return value;
    Expr* shifted = New(e, Op::kShl, e->type);
    shifted->x = value;
    shifted->y = New(e, Op::kConst, Unsigned(8));
    shifted->y->value = static_cast<uint64_t>(low);
    shifted->bounded = true;
    return shifted;
  }

  // --- Stores ------------------------------------------------------------------------------
  // What an unchecked store of a part of a variable writes.
  std::optional<Piece> Stored(const Stmt* s) {
    if (s->op != StmtOp::kStore || s->addr->op == Op::kElemAddr || !s->type->IsInteger()) return std::nullopt;
    int64_t size = s->type->Size();
    Piece piece{s->addr, s->offset, size, 0, size == 1 ? Endian::kEither : Endian::kLittle};
    const Expr* x = s->x;
    if (x->op == Op::kIntrinsic && static_cast<Intrinsic>(x->value) == Intrinsic::kBswap32 && size == 4) {
      piece.endian = Endian::kBig;
      x = x->args[0];
    }
    while (x->op == Op::kRetype) x = x->x;
    if (x->op == Op::kConvert) {
      if (!x->type->IsInteger() || !x->x->type->IsInteger() || x->type->Size() < size) return std::nullopt;
      x = x->x;
    }
    x = ShiftedBy(x, Op::kShr, &piece.shift);
    if (!x || x->op != Op::kVar || !x->type->IsInteger() || !x->type->IsUnsigned()) return std::nullopt;
    piece.word = const_cast<Expr*>(x);
    return piece;
  }

  // Whether a learner who steps through the program would miss one of the two statements.
  bool SteppedApart(const Stmt* s, const Stmt* t) const {
    return symbol_is_main_ && (s->pos.inl == 0 || t->pos.inl == 0) && s->pos.pos.line != t->pos.pos.line;
  }

  // Makes one store of the last of a list while they join.
  void MergeStores(std::vector<Stmt*>& list) {
    for (;;) {
      if (Merge(list, 2) || Merge(list, 4)) continue;
      return;
    }
  }

  bool Merge(std::vector<Stmt*>& list, size_t count) {
    if (list.size() < count) return false;
    std::vector<Piece> pieces;
    int64_t total = 0;
    for (size_t i = list.size() - count; i < list.size(); i++) {
      std::optional<Piece> p = Stored(list[i]);
      if (!p || SteppedApart(list[list.size() - count], list[i])) return false;
      if (!pieces.empty() && (p->size != pieces[0].size || p->word->var != pieces[0].word->var)) return false;
      pieces.push_back(*p);
      total += p->size;
    }
    if (total > 8 || total > pieces[0].word->type->Size()) return false;
    base::Sort(pieces, [](const Piece& x, const Piece& y) { return x.offset < y.offset; });
    int64_t low = pieces[0].shift;
    for (const Piece& p : pieces) low = std::min(low, p.shift);
    bool little = InOrder(pieces, Endian::kLittle, total);
    if (!little && (total == 2 || !InOrder(pieces, Endian::kBig, total))) return false;
    const Expr* at = list.back()->x;
    Expr* value = pieces[0].word;
    if (low != 0) {
      Expr* shifted = New(at, Op::kShr, value->type);
      shifted->x = value;
      shifted->y = New(at, Op::kConst, Unsigned(8));
      shifted->y->value = static_cast<uint64_t>(low);
      shifted->bounded = true;
      value = shifted;
    }
    value = Converted(value, Unsigned(total));
    if (!little) value = Swapped(value, total);
    Stmt* s = arena_.New<Stmt>(*list[list.size() - count]);
    s->addr = pieces[0].base;
    s->offset = pieces[0].offset;
    s->type = Unsigned(total);
    s->x = value;
    list.resize(list.size() - count);
    list.push_back(s);
    return true;
  }

  // --- Nodes --------------------------------------------------------------------------------
  Expr* New(const Expr* at, Op op, ir::Type* type) {
    Expr* e = arena_.New<Expr>();
    e->op = op;
    e->type = type;
    e->pos = at->pos;
    return e;
  }
  ir::Type* Unsigned(int64_t size) {
    return types_.Basic(size == 1   ? ir::Kind::kUint8
                        : size == 2 ? ir::Kind::kUint16
                        : size == 4 ? ir::Kind::kUint32
                                    : ir::Kind::kUint64);
  }
  Expr* Swapped(Expr* x, int64_t size) {
    Expr* e = New(x, Op::kIntrinsic, Unsigned(size));
    e->value = static_cast<uint64_t>(size == 4 ? Intrinsic::kBswap32 : Intrinsic::kBswap64);
    e->args = arena_.Copy(std::vector<Expr*>{x});
    return e;
  }
  Expr* Converted(Expr* x, ir::Type* to) {
    if (x->type == to) return x;
    Expr* e = New(x, x->type->Size() == to->Size() ? Op::kRetype : Op::kConvert, to);
    e->x = x;
    return e;
  }

  base::Arena& arena_;
  ir::TypeTable& types_;
  Facts facts_;
  bool symbol_is_main_ = false;
};

}  // namespace

void CombineAccesses(Func& fn, base::Arena& arena, ir::TypeTable& types) {
  Combiner(arena, types).Run(fn);
}

}  // namespace escapement::lower
