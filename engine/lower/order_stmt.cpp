// Order of evaluation: statements.
#include <algorithm>

#include "engine/ir/static_value.h"
#include "engine/lower/order.h"

namespace escapement::lower {

void Orderer::Run() {
  if (fn_->Has(ir::kFuncOrdered)) return;
  fn_->Set(ir::kFuncOrdered);
  fn_->body = Ordered(fn_->body);
}

ir::List Orderer::Ordered(ir::List body) {
  pos_ = fn_->pos;
  FindStaticValues(body);
  return Block(body);
}

ir::List Orderer::Block(ir::List list) {
  Nodes out = Collect([&] { Statements(list); });
  return program_.NewList(out);
}

void Orderer::Statements(ir::List list) {
  for (ir::Node* n : list)
    if (n) Statement(n);
}

void Orderer::Statement(ir::Node* n) {
  if (n->op == ir::kName) return;
  ir::SrcPos saved_pos = pos_;
  int saved_pending = pending_;
  bool saved_delayed = delayed_;
  if (n->pos.valid()) pos_ = n->pos;
  bool keeps_init = n->op == ir::kSelRecv2;
  if (!keeps_init) Init(n);
  StatementOf(n);
  pos_ = saved_pos;
  pending_ = saved_pending;
  delayed_ = saved_delayed;
}

void Orderer::StatementOf(ir::Node* n) {
  delayed_ = false;
  switch (n->op) {
    case ir::kAs:
      return Assign(n);
    case ir::kAs2:
      pending_ = Count(n->list) + Count(n->rlist);
      Exprs(n->list);
      Exprs(n->rlist);
      return Emit(n);
    case ir::kAs2Func:
      return AssignResults(n);
    case ir::kAs2DotType:
    case ir::kAs2Recv:
    case ir::kAs2MapR:
      return AssignCommaOk(n);
    case ir::kAsOp:
      pending_ = Count(n->x) + Count(n->y);
      n->x = Expr(n->x);
      n->y = Expr(n->y);
      if (copy_all_ && n->x->op == ir::kIndexMap) {
        if (n->sub_op == ir::kDiv || n->sub_op == ir::kMod) return AssignDivided(n);
        n->y = SafeMapValue(n->y);
      }
      return Emit(n);
    case ir::kBlock:
      return Statements(n->list);
    case ir::kBreak:
    case ir::kContinue:
    case ir::kDcl:
    case ir::kDclFunc:
    case ir::kFall:
    case ir::kGoto:
    case ir::kInlMark:
    case ir::kLabel:
    case ir::kTailCall:
      return Emit(n);
    case ir::kInlCall:
      return Statements(n->body);
    case ir::kDefer:
    case ir::kGo:
      Init(n->x);
      pending_ = CountBelow(n->x);
      Call(n->x);
      return Emit(n);
    case ir::kDelete:
      pending_ = Count(n->list);
      n->list[0] = Expr(n->list[0]);
      n->list[1] = Expr(n->list[1]);
      n->list[1] = MapKey(n->list[0], n->list[1]);
      return Emit(n);
    case ir::kFor: {
      n->x = InPlace(n->x);
      n->body = Block(n->body);
      if (n->y) {
        Nodes post = Collect([&] { Statement(n->y); });
        n->y = program_.NewNode(ir::kBlock, pos_);
        n->y->list = program_.NewList(post);
      }
      return Emit(n);
    }
    case ir::kIf:
      n->x = InPlace(n->x);
      n->body = Block(n->body);
      n->rlist = Block(n->rlist);
      return Emit(n);
    case ir::kRange:
      pending_ = Count(n->x);
      n->x = Expr(n->x);
      if (copy_all_ && !n->x->type->IsInteger() && !n->x->type->IsPtr()) {
        bool only_length = (n->x->type->IsSlice() || n->x->type->IsArray()) && (!n->z || ir::IsBlank(n->z));
        if (!only_length) n->x = ForceCopy(n->x);
      }
      n->y = InPlace(n->y);
      n->z = InPlace(n->z);
      n->body = Block(n->body);
      return Emit(n);
    case ir::kReturn:
      if (n->list.size() == 1 && fn_->results().size() > 1) {
        pending_ = CountBelow(n->list[0]);
        Init(n->list[0]);
        if (n->list[0]->op == ir::kInlCall) {
          n->list[0]->body = Block(n->list[0]->body);
        } else {
          Call(n->list[0]);
        }
      } else {
        pending_ = Count(n->list);
        Exprs(n->list);
      }
      return Emit(n);
    case ir::kSelect:
      return Select(n);
    case ir::kSwitch:
      if (n->x && n->x->op == ir::kTypeSw) {
        pending_ = Count(n->x->x);
        n->x->x = Expr(n->x->x);
      } else if (n->x) {
        pending_ = Count(n->x);
        n->x = Expr(n->x);
      }
      for (ir::Node* c : n->list) {
        for (ir::Node*& v : c->list) v = InPlace(v);
        c->body = Block(c->body);
      }
      return Emit(n);
    case ir::kSend:
      pending_ = Count(n->x) + Count(n->y);
      n->x = Expr(n->x);
      n->y = Expr(n->y);
      n->y = AddrTemp(n->y);
      return Emit(n);
    default:
      // Calls and other expressions as statements: what they need first, then they themselves.
      pending_ = CountBelow(n);
      Call(n);
      return Emit(n);
  }
}

void Orderer::Assign(ir::Node* n) {
  pending_ = Count(n->x) + Count(n->y);
  bool append_in_map = n->x && n->y && n->x->op == ir::kIndexMap && n->y->op == ir::kAppend &&
                       ir::SameSafeExpr(n->x, n->y->list[0]);
  n->x = Expr(n->x);
  if (append_in_map) {
    n->x->x = Cheap(n->x->x);
    n->x->y = Cheap(n->x->y);
    ir::Node* old = n->y->list[0];
    while (old->op == ir::kConvNop) old = old->x;
    old->x = n->x->x;
    old->y = n->x->y;
    Exprs(n->y->list.subspan(1));
  } else if (n->y) {
    n->y = Expr(n->y, n->x);
  }
  if (copy_all_ && n->x->op == ir::kIndexMap) n->y = SafeMapValue(n->y);
  Emit(n);
}

ir::Node* Orderer::SafeMapValue(ir::Node* value) {
  if (value == nullptr || value->op != ir::kAppend) return Cheap(value);
  for (ir::Node*& n : value->list.subspan(1)) n = Cheap(n);
  return value;
}

void Orderer::AssignDivided(ir::Node* n) {
  n->x->x = Cheap(n->x->x);
  n->x->y = Cheap(n->x->y);
  ir::Node* quotient = program_.NewNode(n->sub_op, n->pos, n->x->type);
  quotient->x = ForceCopy(ir::DeepCopy(program_.arena(), {}, n->x));
  quotient->y = n->y;
  n->op = ir::kAs;
  n->y = ForceCopy(quotient);
  Emit(n);
}

void Orderer::AssignFromTemps(ir::Node* n, const std::vector<ir::Type*>& types) {
  if (std::all_of(n->list.begin(), n->list.end(), [](ir::Node* l) { return ir::IsName(l); })) return Emit(n);
  Nodes targets, temps;
  for (size_t i = 0; i < n->list.size(); i++) {
    if (ir::IsBlank(n->list[i])) continue;
    ir::Node* temp = program_.NewTemp(fn_, pos_, types[i]);
    targets.push_back(n->list[i]);
    temps.push_back(temp);
    n->list[i] = temp;
  }
  Emit(n);
  ir::Node* rest = program_.NewNode(ir::kAs2, n->pos);
  rest->list = program_.NewList(targets);
  rest->rlist = program_.NewList(temps);
  Emit(rest);
}

void Orderer::AssignResults(ir::Node* n) {
  ir::Node* call = n->rlist[0];
  pending_ = Count(n->list) + Count(call);
  Exprs(n->list);
  Init(call);
  if (call->op == ir::kInlCall) {
    Statements(call->body);
    n->op = ir::kAs2;
    n->rlist = call->list;
    return Emit(n);
  }
  pending_ = CountBelow(call);
  Call(call);
  std::vector<ir::Type*> types;
  for (const ir::Field& f : call->x->type->underlying->results) types.push_back(f.type);
  AssignFromTemps(n, types);
}

void Orderer::AssignCommaOk(ir::Node* n) {
  ir::Node* r = n->rlist[0];
  pending_ = Count(n->list) + Count(r);
  Exprs(n->list);
  Init(r);
  pending_ = CountBelow(r);
  r->x = Expr(r->x);
  if (r->op == ir::kIndexMap) {
    r->y = Expr(r->y);
    r->y = MapKey(r->x, r->y);
  }
  AssignFromTemps(n, {r->type, n->list[1]->type});
}

// All channels and values are evaluated before one case is chosen, in the order of the source.
void Orderer::Select(ir::Node* n) {
  auto copy = [&](ir::Node* x) {
    pending_ = Count(x);
    delayed_ = false;
    return ForceCopy(Expr(x));
  };
  for (ir::Node* c : n->list) {
    ir::Node* comm = c->x;
    if (comm == nullptr) continue;
    if (comm->op == ir::kSend) {
      Init(comm);
      comm->x = copy(comm->x);
      comm->y = copy(comm->y);
      continue;
    }
    ir::Node* receive = comm->op == ir::kSelRecv2 ? comm->rlist[0] : comm;
    receive->x = copy(receive->x);
    if (comm->op == ir::kSelRecv2)
      for (ir::Node*& target : comm->list) target = InPlace(target);
  }
  for (ir::Node* c : n->list) c->body = Block(c->body);
  Emit(n);
}

}  // namespace escapement::lower
