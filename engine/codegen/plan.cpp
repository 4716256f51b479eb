// Where variables live: slots of the window by linear scan over statement numbers, offsets in the
// modelled frame for the rest.
#include <algorithm>

#include "engine/base/sort.h"
#include "engine/bytecode/signature.h"
#include "engine/codegen/generator.h"

namespace escapement::codegen {

std::string Generator::Pattern(ir::Type* type) {
  Components c = Flatten(type);
  std::string p;
  for (unsigned i = 0; i < c.count; i++) p += c.at[i].scalar == Scalar::kPtr ? 'p' : 's';
  return p;
}

void Generator::Mention(Var* v) {
  Place& p = places_[v->index];
  if (p.first < 0) p.first = position_;
  p.last = position_;
}

void Generator::Write(Var* v) {
  Mention(v);
  places_[v->index].written.push_back(position_);
}

void Generator::NumberExpr(Expr* e) {
  if (!e) return;
  if (e->var) Mention(e->var);
  NumberExpr(e->x);
  NumberExpr(e->y);
  NumberExpr(e->z);
  for (Expr* a : e->args) NumberExpr(a);
}

void Generator::MeasureCall(lower::Call* call) {
  if (call->kind == lower::CallKind::kInstruction) return;
  int64_t at = 0;
  auto add = [&](ir::Type* t) {
    if (lower::IsRegister(t)) return;
    at = (at + t->Align() - 1) / t->Align() * t->Align();
    at += t->Size();
  };
  int64_t words = 0;
  for (Expr* a : call->args) {
    add(a->type);
    if (lower::IsRegister(a->type)) words += lower::SlotCount(a->type);
  }
  at = (at + 7) / 8 * 8;
  for (ir::Type* t : call->result_types) add(t);
  outgoing_ = std::max(outgoing_, (at + 7) / 8 * 8);
  if (call->func && !call->new_type) spill_ = std::max(spill_, std::min<int64_t>(words, 9) * 8);
  calls_ = true;
}

void Generator::Number(std::span<Stmt* const> list) {
  for (Stmt* s : list) {
    position_++;
    if (s->op == StmtOp::kLoop) {
      lines_.insert(LineOf(s));
      int start = position_;
      Number(s->head);
      position_++;
      NumberExpr(s->x);
      Number(s->body);
      Number(s->post);
      position_++;
      NumberExpr(s->x);
      loops_.push_back({start, position_});
      continue;
    }
    NumberExpr(s->x);
    NumberExpr(s->addr);
    for (Expr* a : s->args) NumberExpr(a);
    if (s->call) {
      NumberExpr(s->call->target);
      for (Expr* a : s->call->args) NumberExpr(a);
      position_++;
      for (Var* v : s->call->results)
        if (v) Write(v);
      MeasureCall(s->call);
    }
    if (s->var) Write(s->var);
    const bool is_copy = s->op == StmtOp::kAssign && NoteCopy(s);
    if (!is_copy && s->op != StmtOp::kLabel && s->op != StmtOp::kGoto) lines_.insert(LineOf(s));
    if (s->op == StmtOp::kLabel) label_positions_[s->label] = position_;
    if (s->op == StmtOp::kGoto) {
      auto it = label_positions_.find(s->label);
      if (it != label_positions_.end()) loops_.push_back({it->second, position_});
    }
    if (s->op == StmtOp::kDefer || s->op == StmtOp::kGo || s->op == StmtOp::kPanic ||
        s->op == StmtOp::kRecover)
      calls_ = true;
    Number(s->body);
    Number(s->otherwise);
  }
}

int Generator::AllocateSlots(const std::string& pattern) {
  int at = static_cast<int>(kinds_.size());
  kinds_ += pattern;
  return at;
}

bool Generator::NoteCopy(Stmt* s) {
  Expr* x = s->x;
  while (x->op == lower::Op::kRetype) x = x->x;
  if (x->op != lower::Op::kVar || s->var == x->var || s->value != 0) return false;
  Var *to = s->var, *from = x->var;
  if (to->home != lower::Home::kSlots || from->home != lower::Home::kSlots) return false;
  if (to->is_param || to->is_result || from->is_result) return false;
  std::string pattern = Pattern(to->type);
  if (pattern != Pattern(from->type) || lower::SlotCount(s->type) != pattern.size()) return false;
  copies_.push_back({to, from, position_, LineOf(s)});
  return true;
}

// Whether nobody can tell that a copy is the original: it is the only value that its variable ever has, and
// the original keeps its own for as long as the variable lives.
bool Generator::MayShare(const Copy& copy) {
  const Place& to = places_[copy.to->index];
  if (to.written.size() != 1) return false;
  // A learner sees both.
  if (KeepsVariables() && IsShown(copy.to) && IsShown(copy.from) &&
      copy.to->shown->pos.inl == copy.from->shown->pos.inl)
    return false;
  const std::vector<int>& written = places_[copy.from->index].written;
  return std::none_of(written.begin(), written.end(), [&](int at) { return at > copy.at && at <= to.last; });
}

// Gives copies the slots of what they copy, but for one on each line of the user's that only copies: it is a
// line of the program all the same, where a learner can stop.
void Generator::ShareSlots() {
  sharing_.assign(fn_.vars.size(), nullptr);
  for (Copy& copy : copies_) {
    while (sharing_[copy.from->index] != nullptr) copy.from = sharing_[copy.from->index];
    const bool stays = copy.from == copy.to || !MayShare(copy);
    const bool alone = lines_.insert(copy.line).second;
    if (stays || (alone && KeepsVariables())) continue;
    sharing_[copy.to->index] = copy.from;
    Place &to = places_[copy.to->index], &from = places_[copy.from->index];
    from.last = std::max(from.last, to.last);
    from.kept = from.kept || to.kept;
  }
}

void Generator::AssignSlots() {
  // Register-class parameters come in slots 0…; results leave from slots 0….
  for (Var* v : fn_.params) {
    if (!lower::IsRegister(v->type)) continue;
    Place& p = places_[v->index];
    p.planned = true;
    p.slot = AllocateSlots(Pattern(v->type));
  }
  chunk_.arg_slots = static_cast<uint32_t>(kinds_.size());
  unsigned results = 0;
  for (Var* v : fn_.results) results += lower::IsRegister(v->type) ? lower::SlotCount(v->type) : 0;
  chunk_.result_slots = results;
  while (kinds_.size() < results) kinds_ += 's';

  const bool keep = KeepsVariables();
  for (Var* v : fn_.vars) {
    Place& p = places_[v->index];
    if (v->home != lower::Home::kSlots || p.planned || p.first < 0) continue;
    for (const Interval& loop : loops_)
      if (p.first < loop.first && p.last >= loop.first) p.last = std::max(p.last, loop.last);
    if (keep && IsShown(v)) p.kept = true;
    // Results that leave from their homes after deferred calls live to the end.
    if (v->is_result && fn_.has_defer) p.last = position_ + 1;
  }
  ShareSlots();
  std::vector<Var*> order;
  for (Var* v : fn_.vars) {
    const Place& p = places_[v->index];
    if (v->home == lower::Home::kSlots && !p.planned && p.first >= 0 && sharing_[v->index] == nullptr)
      order.push_back(v);
  }
  for (Expr* e : fn_.homes)
    for (Expr* x = e; x; x = x->x)
      if (x->var) places_[x->var->index].last = position_ + 1;
  base::Sort(order, [&](Var* a, Var* b) { return places_[a->index].first < places_[b->index].first; });
  std::unordered_map<std::string, std::vector<int>> free;
  std::vector<Var*> active;
  for (Var* v : order) {
    Place& p = places_[v->index];
    for (size_t i = 0; i < active.size();) {
      Place& q = places_[active[i]->index];
      if (q.last < p.first && !q.kept) {
        free[Pattern(active[i]->type)].push_back(q.slot);
        active[i] = active.back();
        active.pop_back();
      } else {
        i++;
      }
    }
    std::string pattern = Pattern(v->type);
    std::vector<int>& pool = free[pattern];
    if (!pool.empty()) {
      auto lowest = std::min_element(pool.begin(), pool.end());
      p.slot = *lowest;
      pool.erase(lowest);
    } else {
      p.slot = AllocateSlots(pattern);
    }
    p.planned = true;
    active.push_back(v);
  }
  for (Var* v : fn_.vars) {
    Var* root = sharing_[v->index];
    if (root == nullptr) continue;
    while (sharing_[root->index] != nullptr) root = sharing_[root->index];
    places_[v->index].slot = places_[root->index].slot;
    places_[v->index].planned = true;
  }
  scratch_start_ = static_cast<int>(kinds_.size());
  top_slot_ = scratch_start_;
}

void Generator::LayOutFrame() {
  // Incoming memory-class arguments, then results, above the return PC.
  int64_t at = 0;
  auto incoming = [&](Var* v) {
    if (lower::IsRegister(v->type)) return;
    at = (at + v->type->Align() - 1) / v->type->Align() * v->type->Align();
    Place& p = places_[v->index];
    p.planned = true;
    p.frame = at;  // made absolute below
    at += v->type->Size();
  };
  for (Var* v : fn_.params) incoming(v);
  at = (at + 7) / 8 * 8;
  for (Var* v : fn_.results) incoming(v);
  chunk_.incoming_size = static_cast<uint32_t>((at + 7) / 8 * 8);

  // Model: gc's frame is outgoing area (with the spill space of register arguments), locals with
  // pointers before those without, spilled registers, saved frame pointer; the spills are an estimate.
  int64_t offset = outgoing_ + spill_;
  for (bool pointers : {true, false}) {
    for (Var* v : fn_.vars) {
      Place& p = places_[v->index];
      if (v->home != lower::Home::kFrame || p.planned || p.first < 0 || v->type->HasPointers() != pointers)
        continue;
      offset = (offset + v->type->Align() - 1) / v->type->Align() * v->type->Align();
      p.frame = offset;
      p.planned = true;
      AddFrameVariable(v);
      offset += v->type->Size();
    }
    offset = (offset + 7) / 8 * 8;
  }
  int64_t spilled = 0;
  if (calls_) {
    // Register values that live across a call are spilled; parameters have spill space in the caller.
    for (Var* v : fn_.vars) {
      const Place& p = places_[v->index];
      if (v->home == lower::Home::kSlots && !v->is_param && p.first >= 0 && p.last > p.first + 2)
        spilled += static_cast<int64_t>(lower::SlotCount(v->type)) * 8;
    }
    spilled = std::min<int64_t>(spilled, 80);
  }
  bool frameless = !calls_ && offset == 0;
  frame_size_ = frameless ? 8 : offset + spilled + 8;
  chunk_.frame_size = static_cast<uint32_t>(frame_size_);
  auto lift = [&](Var* v) {
    if (lower::IsRegister(v->type)) return;
    Place& p = places_[v->index];
    if (v->is_param)
      lower::ForEachPointer(v->type, p.frame,
                            [&](int64_t o) { chunk_.incoming_pointers.Set(static_cast<uint32_t>(o / 8)); });
    p.frame += frame_size_ + 8;
    AddFrameVariable(v);
  };
  for (Var* v : fn_.params) lift(v);
  for (Var* v : fn_.results) lift(v);
}

void Generator::AddFrameVariable(Var* v) {
  if (!v->type->HasPointers()) return;
  Place& p = places_[v->index];
  p.frame_variable = static_cast<int>(chunk_.frame_variables.size());
  chunk_.frame_variables.push_back({static_cast<uint32_t>(p.frame), static_cast<uint32_t>(v->type->Size())});
  lower::ForEachPointer(v->type, p.frame,
                        [&](int64_t o) { chunk_.frame_pointers.Set(static_cast<uint32_t>(o / 8)); });
}

void Generator::Plan() {
  places_.resize(fn_.vars.size());
  Number(fn_.body);
  position_++;
  for (Expr* e : fn_.homes) NumberExpr(e);
  AssignSlots();
  LayOutFrame();
  Signature();
}

namespace {

using bytecode::PartKind;

PartKind PartOf(Scalar scalar) {
  switch (scalar) {
    case Scalar::kS8:
      return PartKind::kS8;
    case Scalar::kU8:
      return PartKind::kU8;
    case Scalar::kS16:
      return PartKind::kS16;
    case Scalar::kU16:
      return PartKind::kU16;
    case Scalar::kS32:
      return PartKind::kS32;
    case Scalar::kU32:
    case Scalar::kF32:
      return PartKind::kU32;
    default:
      return PartKind::kW64;
  }
}

// Appends the words of a value of type `t` at `offset`.
void AppendWords(ir::Type* t, int64_t offset, bytecode::PassedValue* value) {
  auto add = [&](int64_t at, Scalar scalar) {
    bool is_float = scalar == Scalar::kF32 || scalar == Scalar::kF64;
    value->words.push_back(
        {PartOf(scalar), static_cast<uint32_t>(offset + at), is_float, scalar == Scalar::kPtr});
  };
  // More words than there are registers are of memory class.
  if (value->words.size() > bytecode::kIntRegisters + bytecode::kFloatRegisters) return;
  switch (t->kind) {
    case ir::Kind::kString:
    case ir::Kind::kSlice:
      add(0, Scalar::kPtr);
      add(8, Scalar::k64);
      if (t->kind == ir::Kind::kSlice) add(16, Scalar::k64);
      break;
    case ir::Kind::kInter:
      add(0, Scalar::k64);
      add(8, Scalar::kPtr);
      break;
    case ir::Kind::kComplex64:
      add(0, Scalar::kF32);
      add(4, Scalar::kF32);
      break;
    case ir::Kind::kComplex128:
      add(0, Scalar::kF64);
      add(8, Scalar::kF64);
      break;
    case ir::Kind::kArray:
      if (t->underlying->length > 1) value->assignable = false;
      if (t->underlying->length == 1) AppendWords(t->underlying->elem, offset, value);
      break;
    case ir::Kind::kStruct:
      for (const ir::Field& f : t->underlying->fields) AppendWords(f.type, offset + f.offset, value);
      break;
    default:
      add(0, lower::ScalarOf(t));
      break;
  }
}

}  // namespace

void Generator::Signature() {
  bytecode::SignatureBuilder builder;
  auto add = [&](Var* v, std::vector<bytecode::SignaturePart>* parts) {
    bytecode::PassedValue value;
    value.size = static_cast<uint32_t>(v->type->Size());
    value.align = static_cast<uint32_t>(v->type->Align());
    value.in_slots = lower::IsRegister(v->type);
    AppendWords(v->type, 0, &value);
    builder.Add(value, parts);
  };
  for (Var* v : fn_.params) add(v, &chunk_.signature_args);
  builder.BeginResults();
  for (Var* v : fn_.results) add(v, &chunk_.signature_results);
}

}  // namespace escapement::codegen
