// Type assertions and type switches: comparison of type words, method tables looked up by the runtime.
#include "engine/lower/func_lowerer.h"

namespace escapement::lower {

Expr* FuncLowerer::FromData(Expr* word, ir::Type* type) {
  if (type->Size() == 0) return New(Op::kZero, type);
  if (type->IsDirectIface()) return Retype(word, type);
  return Load(type, word);
}

Expr* FuncLowerer::AssertInterface(Expr* x, ir::Type* from, ir::Type* to, Expr* inter, Expr** ok) {
  Expr* none = Int(0, types_.Uintptr());
  Expr* type = Cheap(TypeOfInterface(x, from->IsEmptyInterface()));
  if (to->IsEmptyInterface()) {
    if (ok) {
      *ok = Copy(Compare(Op::kNe, type, none));
    } else {
      If(Compare(Op::kEq, type, none), [&] { RuntimePanic("panicnildottype", {inter}); });
    }
    return Make(to, {type, IData(x)});
  }
  Var* itab = Temp(types_.Uintptr());
  if (!ok) {
    If(Compare(Op::kEq, type, none), [&] { RuntimePanic("panicnildottype", {inter}); });
    Set(itab, RuntimeValue("assertE2I", {inter, type}, types_.Uintptr()));
    return Make(to, {Use(itab), IData(x)});
  }
  Set(itab, type);
  If(Compare(Op::kNe, type, none), [&] {
    Set(itab, RuntimeValue("assertE2I2", {inter, type}, types_.Uintptr()));
  });
  *ok = Copy(Compare(Op::kNe, Use(itab), none));
  Var* r = Temp(to);
  Set(r, Zero(to));
  If(*ok, [&] { Set(r, Make(to, {Use(itab), IData(x)})); });
  return Use(r);
}

Expr* FuncLowerer::DotType(ir::Node* n, Expr** ok) {
  ir::Type* from = n->x->type;
  ir::Type* to = n->type;
  Expr* x = Cheap(Value(n->x));
  if (to->IsInterface()) return AssertInterface(x, from, to, TypeAddr(to), ok);
  if (n->Has(ir::kUseNilPanic)) {
    If(Compare(Op::kEq, Tab(x), Int(0, types_.Uintptr())), [&] { NilCheck(Nil()); });
  }
  Expr* type = Cheap(TypeOfInterface(x, from->IsEmptyInterface()));
  Expr* holds = Compare(Op::kEq, type, TypeAddr(to));
  Var* r = Temp(to);
  if (!ok) {
    If(Not(holds), [&] {
      // panicdottypeI finds the dynamic type in the itab.
      RuntimePanic(from->IsEmptyInterface() ? "panicdottypeE" : "panicdottypeI",
                   {Tab(x), TypeAddr(to), TypeAddr(from)});
    });
    if (!IsRegister(to)) {
      Set(r, FromData(IData(x), to));
      return Use(r);
    }
    return Copy(FromData(IData(x), to));
  }
  *ok = Copy(holds);
  If(
      *ok, [&] { Set(r, FromData(IData(x), to)); }, [&] { ZeroPlace(Use(r)); });
  return Use(r);
}

Expr* FuncLowerer::WantedType(ir::Node* rtype, ir::Node* itab) {
  ir::Type* word = types_.Uintptr();
  if (rtype) return Cheap(Retype(Value(rtype), word));
  return Copy(Load(word, Retype(Value(itab), word), 8));
}

Expr* FuncLowerer::DynamicDotType(ir::Node* n, Expr** ok) {
  ir::Type* from = n->x->type;
  ir::Type* to = n->type;
  Expr* x = Cheap(Value(n->x));
  Expr* want = WantedType(n->z, n->w);
  if (to->IsInterface()) return AssertInterface(x, from, to, want, ok);
  Expr* type = Cheap(TypeOfInterface(x, from->IsEmptyInterface()));
  Expr* holds = Compare(Op::kEq, type, want);
  Var* r = Temp(to);
  if (!ok) {
    Expr* source = n->y ? Retype(Value(n->y), types_.Uintptr()) : TypeAddr(from);
    If(Not(holds), [&] {
      RuntimePanic(from->IsEmptyInterface() ? "panicdottypeE" : "panicdottypeI", {Tab(x), want, source});
    });
    Set(r, FromData(IData(x), to));
    return Use(r);
  }
  *ok = Copy(holds);
  If(
      *ok, [&] { Set(r, FromData(IData(x), to)); }, [&] { ZeroPlace(Use(r)); });
  return Use(r);
}

void FuncLowerer::TypeSwitch(ir::Node* n) {
  ir::Node* guard = n->x;
  ir::Type* from = guard->x->type;
  Expr* x = Copy(Value(guard->x));
  Expr* type = Copy(TypeOfInterface(x, from->IsEmptyInterface()));
  Expr* none = Int(0, types_.Uintptr());
  int end = NewLabel();
  int default_label = end;
  struct Clause {
    int label;
    ir::Node* node;
    Expr* value;  // what the clause's variable is bound to
  };
  std::vector<Clause> clauses;
  for (ir::Node* c : n->list) {
    Clause clause{NewLabel(), c, x};
    if (c->list.empty()) default_label = clause.label;
    for (ir::Node* t : c->list) {
      Expr* holds = nullptr;
      Expr* value = nullptr;  // x as a `t`
      if (t->op == ir::kNil) {
        holds = Compare(Op::kEq, type, none);
      } else {
        Expr* want = t->op == ir::kDynamicType ? WantedType(t->x, t->y) : TypeAddr(t->type);
        if (t->type->IsInterface()) {
          value = AssertInterface(x, from, t->type, want, &holds);
        } else {
          value = FromData(IData(x), t->type);
          holds = Compare(Op::kEq, type, want);
        }
      }
      // A clause of several types binds the operand itself, as the default clause does.
      if (c->list.size() == 1 && value != nullptr) clause.value = value;
      If(holds, [&] { Goto(clause.label); });
    }
    clauses.push_back(clause);
  }
  Goto(default_label);
  targets_.push_back({n->label, false, end, -1});
  for (const Clause& c : clauses) {
    Label(c.label);
    // Not before the jump: a variable begins where its clause does.
    if (ir::Node* bound = c.node->x; !IsBlankOrNull(bound)) {
      ir::Name* var = bound->AsName();
      Declare(var);
      Assign(VarPlace(var), Retype(c.value, var->type));
    }
    Block(c.node->body);
    Goto(end);
  }
  targets_.pop_back();
  Label(end);
}

}  // namespace escapement::lower
