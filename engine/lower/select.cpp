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

void FuncLowerer::SelectStmt(ir::Node* n) {
  struct Case {
    ir::Node* node;
    bool send = false;
    Expr* channel = nullptr;
    Expr* element = nullptr;  // address, or nil
    Var* received = nullptr;  // frame variable the value arrives in
    ir::Node* comm = nullptr;
    int label = 0;
  };
  std::vector<Case> cases;
  Case* fallback = nullptr;
  cases.reserve(n->list.size());
  // Channels and values are evaluated in source order.
  const ir::SrcPos saved = pos_;
  for (ir::Node* clause : n->list) {
    if (clause->x && clause->x->pos.valid()) pos_ = clause->x->pos;
    Case c;
    c.node = clause;
    c.comm = clause->x;
    c.label = NewLabel();
    if (c.comm) {
      if (!c.comm->init.empty() && c.comm->op == ir::kSend) Block(c.comm->init);
      if (c.comm->op == ir::kSend) {
        c.send = true;
        c.channel = Copy(Value(c.comm->x));
        Expr* value = Value(c.comm->y);
        if (value->type->Size() == 0) {
          c.element = Symbol(data().Intern("runtime.zerobase"), 0, types_.UnsafePointer());
        } else {
          Var* v = FrameTemp(value->type);
          Set(v, value);
          c.element = VarAddr(v);
        }
      } else {
        ir::Node* recv = c.comm->op == ir::kSelRecv2 ? c.comm->rlist[0] : c.comm;
        c.channel = Copy(Value(recv->x));
        bool wants = c.comm->op == ir::kSelRecv2 && !IsBlankOrNull(c.comm->list[0]);
        ir::Type* elem = recv->x->type->underlying->elem;
        if (wants && elem->Size()) {
          c.received = FrameTemp(elem);
          ZeroPlace(Use(c.received));
          c.element = VarAddr(c.received);
        } else {
          c.element = Nil();
        }
      }
    }
    cases.push_back(c);
  }
  pos_ = saved;
  for (Case& c : cases)
    if (!c.comm) fallback = &c;
  int end = NewLabel();
  Expr* received_ok = nullptr;
  auto body = [&](Case& c) {
    if (c.comm && c.comm->op == ir::kSelRecv2) {
      for (ir::Node* d : c.comm->init)
        if (d && d->op == ir::kDcl) Declare(d->x->AsName());
      ir::Node* v = c.comm->list[0];
      ir::Node* ok = c.comm->list.size() > 1 ? c.comm->list[1] : nullptr;
      if (!IsBlankOrNull(v)) {
        if (v->op == ir::kName && c.comm->Has(ir::kDef)) Declare(v->AsName());
        Expr* value = c.received ? Use(c.received) : New(Op::kZero, v->type);
        AssignTo(v, Retype(value, v->type));
      }
      if (!IsBlankOrNull(ok)) {
        if (ok->op == ir::kName && c.comm->Has(ir::kDef)) Declare(ok->AsName());
        AssignTo(ok, received_ok ? received_ok : Bool(false));
      }
    }
    Block(c.node->body);
  };
  size_t communications = cases.size() - (fallback ? 1 : 0);
  targets_.push_back({n->label, false, end, -1});
  if (communications == 0) {
    if (fallback) {
      body(*fallback);
    } else {
      RuntimeCall("block", {}, {}, -1, true);
    }
  } else if (communications == 1 && !fallback) {
    // One case and nothing else is the operation itself.
    Case& c = cases[0];
    if (c.send) {
      RuntimeCall("chansend1", {c.channel, c.element});
    } else {
      received_ok = RuntimeValue("chanrecv2", {c.channel, c.element}, types_.Bool());
    }
    body(c);
  } else if (communications == 1) {
    Case& c = cases[0].comm ? cases[0] : cases[1];
    Expr* chosen;
    if (c.send) {
      chosen = RuntimeValue("selectnbsend", {c.channel, c.element}, types_.Bool());
    } else {
      std::vector<Var*> r =
          RuntimeCall("selectnbrecv", {c.element, c.channel}, {types_.Bool(), types_.Bool()});
      chosen = Use(r[0]);
      received_ok = Use(r[1]);
    }
    If(
        chosen, [&] { body(c); }, [&] { body(*fallback); });
  } else {
    // scase records: sends from the front, receives from the back.
    int64_t total = static_cast<int64_t>(communications);
    ir::Type* pointer = types_.UnsafePointer();
    ir::Type* scase = low_.StructOf({{"c", pointer}, {"elem", pointer}});
    ir::Type* array = types_.Array(scase, total);
    Var* records = FrameTemp(array);
    Var* order = FrameTemp(types_.Array(Basic(ir::Kind::kUint16), 2 * total));
    ZeroPlace(Load(array, VarAddr(records)));
    int64_t sends = 0, receives = 0;
    std::vector<Case*> by_index(communications);
    for (Case& c : cases) {
      if (!c.comm) continue;
      int64_t i = c.send ? sends++ : total - ++receives;
      by_index[static_cast<size_t>(i)] = &c;
      Assign(Load(pointer, VarAddr(records, i * 16)), Retype(c.channel, pointer));
      Assign(Load(pointer, VarAddr(records, i * 16 + 8)), c.element);
    }
    std::vector<Var*> r = RuntimeCall(
        "selectgo", {VarAddr(records), VarAddr(order), Nil(), Int(sends), Int(receives), Bool(!fallback)},
        {types_.Int(), types_.Bool()});
    received_ok = Use(r[1]);
    if (fallback) If(Compare(Op::kLt, Use(r[0]), Int(0)), [&] { Goto(fallback->label); });
    for (size_t i = 0; i + 1 < by_index.size(); i++)
      If(Compare(Op::kEq, Use(r[0]), Int(static_cast<int64_t>(i))), [&] { Goto(by_index[i]->label); });
    Goto(by_index.back()->label);
    for (Case& c : cases) {
      Label(c.label);
      body(c);
      Goto(end);
    }
  }
  targets_.pop_back();
  Label(end);
}

}  // namespace escapement::lower
