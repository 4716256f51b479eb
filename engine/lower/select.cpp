// Channel operations and select (walk/select.go).
#include "engine/lower/func_lowerer.h"

namespace escapement::lower {

void FuncLowerer::Send(ir::Node* n) {
  Expr* c = Value(n->x);
  c = Cheap(c);
  Expr* value = n->y->op == ir::kLiteral && n->y->type->Size() ? ReadOnly(n->y) : Value(n->y);
  Expr* at = value->type->Size() == 0 ? Symbol(data().Intern("runtime.zerobase"), 0, types_.UnsafePointer())
                                      : AddrOf(Addressable(value));
  RuntimeCall("chansend1", {c, at});
}

Expr* FuncLowerer::Recv(ir::Node* n, Expr** ok) {
  ir::Type* elem = n->x->type->underlying->elem;
  Expr* c = Value(n->x);
  Var* value = FrameTemp(elem);
  if (elem->Size()) ZeroPlace(Use(value));
  if (ok) {
    *ok = RuntimeValue("chanrecv2", {c, VarAddr(value)}, types_.Bool());
  } else {
    RuntimeCall("chanrecv1", {c, VarAddr(value)});
  }
  if (!IsRegister(elem)) return Use(value);
  return Copy(Use(value));
}

// One clause of a select, its operands evaluated.
struct FuncLowerer::SelectCase {
  ir::Node* clause;
  ir::Node* comm;  // kSend, kRecv or kSelRecv2; null: default
  int label = 0;
  Expr* channel = nullptr;
  Expr* element = nullptr;  // address of the value sent or received, or nil
  Var* received = nullptr;  // frame variable the value arrives in

  bool IsDefault() const { return comm == nullptr; }
  bool IsSend() const { return comm != nullptr && comm->op == ir::kSend; }
};

void FuncLowerer::SelectStmt(ir::Node* n) {
  std::vector<SelectCase> cases = SelectCases(n);
  size_t communications = 0;
  SelectCase* fallback = nullptr;
  SelectCase* only = nullptr;
  for (SelectCase& c : cases) {
    if (c.IsDefault()) {
      fallback = &c;
    } else {
      only = &c;
      ++communications;
    }
  }
  const int end = NewLabel();
  targets_.push_back({n->label, false, end, -1});
  if (communications > 1) {
    SelectAmong(cases, fallback, end);
  } else if (only != nullptr && fallback != nullptr) {
    TryOrElse(*only, *fallback);
  } else if (only != nullptr) {
    // One case and nothing else is the operation itself.
    if (only->IsSend()) {
      RuntimeCall("chansend1", {only->channel, only->element});
      SelectBody(*only, nullptr);
    } else {
      SelectBody(*only, RuntimeValue("chanrecv2", {only->channel, only->element}, types_.Bool()));
    }
  } else if (fallback != nullptr) {
    SelectBody(*fallback, nullptr);
  } else {
    RuntimeCall("block", {}, {}, -1, true);
  }
  targets_.pop_back();
  Label(end);
}

// The clauses in source order; channels and values to send are evaluated in that order too.
std::vector<FuncLowerer::SelectCase> FuncLowerer::SelectCases(ir::Node* n) {
  std::vector<SelectCase> cases;
  cases.reserve(n->list.size());
  const ir::SrcPos saved = pos_;
  for (ir::Node* clause : n->list) {
    SelectCase& c = cases.emplace_back(SelectCase{clause, clause->x});
    c.label = NewLabel();
    if (c.IsDefault()) continue;
    if (c.comm->pos.valid()) pos_ = c.comm->pos;
    if (c.IsSend())
      SendOperands(c);
    else
      ReceiveOperands(c);
  }
  pos_ = saved;
  return cases;
}

void FuncLowerer::SendOperands(SelectCase& c) {
  if (!c.comm->init.empty()) Block(c.comm->init);
  c.channel = Copy(Value(c.comm->x));
  Expr* value = Value(c.comm->y);
  if (value->type->Size() == 0) {
    c.element = Symbol(data().Intern("runtime.zerobase"), 0, types_.UnsafePointer());
    return;
  }
  Var* v = FrameTemp(value->type);
  Set(v, value);
  c.element = VarAddr(v);
}

void FuncLowerer::ReceiveOperands(SelectCase& c) {
  const bool assigns = c.comm->op == ir::kSelRecv2;
  ir::Node* recv = assigns ? c.comm->rlist[0] : c.comm;
  c.channel = Copy(Value(recv->x));
  ir::Type* elem = recv->x->type->underlying->elem;
  if (!assigns || IsBlankOrNull(c.comm->list[0]) || elem->Size() == 0) {
    c.element = Nil();
    return;
  }
  c.received = FrameTemp(elem);
  ZeroPlace(Use(c.received));
  c.element = VarAddr(c.received);
}

// The assignments of `v, ok := <-c` and the clause's statements; `ok` is null where nothing was received.
void FuncLowerer::SelectBody(const SelectCase& c, Expr* received_ok) {
  if (c.comm != nullptr && c.comm->op == ir::kSelRecv2) {
    const bool defines = c.comm->Has(ir::kDef);
    for (ir::Node* d : c.comm->init)
      if (d != nullptr && d->op == ir::kDcl) Declare(d->x->AsName());
    ir::Node* v = c.comm->list[0];
    ir::Node* ok = c.comm->list.size() > 1 ? c.comm->list[1] : nullptr;
    if (!IsBlankOrNull(v)) {
      if (v->op == ir::kName && defines) Declare(v->AsName());
      Expr* value = c.received != nullptr ? Use(c.received) : New(Op::kZero, v->type);
      AssignTo(v, Retype(value, v->type));
    }
    if (!IsBlankOrNull(ok)) {
      if (ok->op == ir::kName && defines) Declare(ok->AsName());
      AssignTo(ok, received_ok != nullptr ? received_ok : Bool(false));
    }
  }
  Block(c.clause->body);
}

// A single communication beside default: tried without waiting.
void FuncLowerer::TryOrElse(const SelectCase& c, const SelectCase& fallback) {
  Expr* chosen;
  Expr* received_ok = nullptr;
  if (c.IsSend()) {
    chosen = RuntimeValue("selectnbsend", {c.channel, c.element}, types_.Bool());
  } else {
    std::vector<Var*> r = RuntimeCall("selectnbrecv", {c.element, c.channel}, {types_.Bool(), types_.Bool()});
    chosen = Use(r[0]);
    received_ok = Use(r[1]);
  }
  If(
      chosen, [&] { SelectBody(c, received_ok); }, [&] { SelectBody(fallback, nullptr); });
}

// Several communications: runtime.selectgo chooses among scase records, sends from the front of the array and
// receives from its back.
void FuncLowerer::SelectAmong(const std::vector<SelectCase>& cases, const SelectCase* fallback, int end) {
  const int64_t total = static_cast<int64_t>(cases.size()) - (fallback != nullptr ? 1 : 0);
  ir::Type* pointer = types_.UnsafePointer();
  ir::Type* scase = low_.StructOf({{"c", pointer}, {"elem", pointer}});
  ir::Type* array = types_.Array(scase, total);
  Var* records = FrameTemp(array);
  Var* order = FrameTemp(types_.Array(Basic(ir::Kind::kUint16), 2 * total));
  ZeroPlace(Load(array, VarAddr(records)));
  int64_t sends = 0, receives = 0;
  std::vector<int> label_of(static_cast<size_t>(total));
  for (const SelectCase& c : cases) {
    if (c.IsDefault()) continue;
    const int64_t i = c.IsSend() ? sends++ : total - ++receives;
    label_of[static_cast<size_t>(i)] = c.label;
    Assign(Load(pointer, VarAddr(records, i * 16)), Retype(c.channel, pointer));
    Assign(Load(pointer, VarAddr(records, i * 16 + 8)), c.element);
  }
  const bool waits = fallback == nullptr;
  std::vector<Var*> r = RuntimeCall(
      "selectgo", {VarAddr(records), VarAddr(order), Nil(), Int(sends), Int(receives), Bool(waits)},
      {types_.Int(), types_.Bool()});
  if (!waits) If(Compare(Op::kLt, Use(r[0]), Int(0)), [&] { Goto(fallback->label); });
  for (size_t i = 0; i + 1 < label_of.size(); i++)
    If(Compare(Op::kEq, Use(r[0]), Int(static_cast<int64_t>(i))), [&] { Goto(label_of[i]); });
  Goto(label_of.back());
  for (const SelectCase& c : cases) {
    Label(c.label);
    SelectBody(c, Use(r[1]));
    Goto(end);
  }
}

}  // namespace escapement::lower
