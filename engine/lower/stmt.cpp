// Statements: assignments in all forms, control flow, returns.
#include "engine/ir/static_value.h"
#include "engine/lower/func_lowerer.h"
#include "engine/lower/pair_order.h"

namespace escapement::lower {

namespace {

// Whether evaluating n calls something of the program's or receives: gc's order does that before the
// statement.
bool HasEffects(ir::Node* n) {
  return ir::Any(n, [](ir::Node* e) {
    if (e->op != ir::kName && !e->init.empty()) return true;
    return e->op == ir::kCallFunc || e->op == ir::kCallInter || e->op == ir::kInlCall || e->op == ir::kRecv;
  });
}

// Whether evaluating n may run statements of its own.
bool NeedsStatements(ir::Node* n) {
  return HasEffects(n) || ir::Any(n, [](ir::Node* e) { return e->op == ir::kIndexMap; });
}

// Whether x reads variable v (any variable of the frame if v is null) or, with memory, anything stored.
bool Reads(Expr* x, const std::vector<Var*>& assigned, bool memory) {
  if (!x) return false;
  if (x->op == Op::kVar || x->op == Op::kVarAddr) {
    for (Var* v : assigned)
      if (v == x->var) return true;
    return false;
  }
  if (x->op == Op::kLoad && memory) return true;
  if (Reads(x->x, assigned, memory) || Reads(x->y, assigned, memory) || Reads(x->z, assigned, memory))
    return true;
  for (Expr* a : x->args)
    if (Reads(a, assigned, memory)) return true;
  return false;
}

}  // namespace

void FuncLowerer::Block(ir::List list) {
  for (ir::Node* n : list)
    if (n) Statement(n);
}

void FuncLowerer::Statement(ir::Node* n) {
  ir::SrcPos saved = pos_;
  if (n->op == ir::kName) return;
  if (n->pos.valid()) pos_ = n->pos;
  bool own_init = n->op == ir::kCallFunc || n->op == ir::kCallInter || n->op == ir::kInlCall;
  if (!own_init && !n->init.empty()) Block(n->init);
  switch (n->op) {
    case ir::kDcl:
      Declare(n->x->AsName());
      break;
    case ir::kDclFunc:
    case ir::kInlMark:
      break;
    case ir::kAs:
      AssignNode(n);
      break;
    case ir::kAs2:
      AssignParallel(std::vector<ir::Node*>(n->list.begin(), n->list.end()),
                     std::vector<ir::Node*>(n->rlist.begin(), n->rlist.end()));
      break;
    case ir::kAs2Func:
      AssignCall(n);
      break;
    case ir::kAs2DotType:
    case ir::kAs2MapR:
    case ir::kAs2Recv:
      AssignCommaOk(n);
      break;
    case ir::kAsOp:
      AssignOp(n);
      break;
    case ir::kBlock:
      Block(n->list);
      break;
    case ir::kCallFunc:
    case ir::kCallInter:
    case ir::kInlCall:
      if (!n->init.empty()) Block(n->init);
      if (n->op == ir::kInlCall)
        Block(n->body);
      else
        CallValue(n);
      break;
    case ir::kIf:
      IfStmt(n);
      break;
    case ir::kFor:
      ForStmt(n);
      break;
    case ir::kRange:
      RangeStmt(n);
      break;
    case ir::kSwitch:
      if (n->x && n->x->op == ir::kTypeSw)
        TypeSwitch(n);
      else
        SwitchStmt(n);
      break;
    case ir::kSelect:
      SelectStmt(n);
      break;
    case ir::kReturn:
      ReturnStmt(n);
      break;
    case ir::kTailCall: {
      std::vector<Var*> r = CallMany(n->x);
      Stmt* s = NewStmt(StmtOp::kReturn);
      Exprs args;
      for (Var* v : r) args.push_back(Use(v));
      s->args = arena_.Copy(args);
      Emit(s);
      break;
    }
    case ir::kGo:
      Go(n);
      break;
    case ir::kDefer:
      Defer(n);
      break;
    case ir::kLabel:
      Label(LabelOf(n->label));
      break;
    case ir::kGoto:
      Goto(LabelOf(n->label));
      break;
    case ir::kBreak:
    case ir::kContinue:
      for (size_t i = targets_.size(); i-- > 0;) {
        const Target& t = targets_[i];
        if (n->label ? t.label != n->label : (n->op == ir::kContinue && !t.is_loop)) continue;
        Goto(n->op == ir::kBreak ? t.break_label : t.continue_label);
        break;
      }
      break;
    case ir::kFall:
      ENSURE(fallthrough_ >= 0, "fallthrough outside a switch");
      Goto(fallthrough_);
      break;
    case ir::kSend:
      Send(n);
      break;
    case ir::kClose:
      RuntimeCall("closechan", {Value(n->x)});
      break;
    case ir::kPanic: {
      Stmt* s = NewStmt(StmtOp::kPanic);
      s->x = Cheap(Value(n->x));
      Emit(s);
      break;
    }
    case ir::kPrint:
    case ir::kPrintln:
      Print(n);
      break;
    case ir::kDelete:
      MapDelete(n);
      break;
    case ir::kClear:
      Clear(n);
      break;
    case ir::kCheckNil:
      NilCheck(Value(n->x));
      break;
    default:
      Eval(Value1(n));
      break;
  }
  pos_ = saved;
}

void FuncLowerer::Declare(ir::Name* name) {
  if (!IsHeap(name)) return;
  Var*& p = heap_[name];
  if (!p) p = Temp(types_.UnsafePointer());
  p->shown = name;
  p->points = true;
  Expr* object = NewObject(name->type, TypeAddr(name->type), AddSite(Site::kMovedVariable, name->type, name));
  Set(p, object);
}

void FuncLowerer::AssignTo(ir::Node* lhs, Expr* value) {
  if (IsBlankOrNull(lhs)) return Eval(value);
  Expr* place = Place(lhs);
  Assign(place, Retype(value, place->type));
}

void FuncLowerer::AssignNode(ir::Node* n) {
  ir::Node* x = n->x;
  ir::Node* y = n->y;
  if (IsBlankOrNull(x)) {
    if (y) Eval(Value(y));
    return;
  }
  if (!y) return ZeroPlace(Place(x));
  if (x->op == ir::kIndexMap) {
    if (!x->init.empty()) Block(x->init);
    ir::Type* map = x->x->type;
    Expr* m = Cheap(Value(x->x));
    Expr* key = MapKeyArg(map, x->y, true);
    if (key->op != Op::kVarAddr) key = Cheap(key);
    Expr* value = Value(y);
    if (IsRegister(value->type)) value = Snapshot(value);
    Expr* rtype = RType(x->hidden ? x->hidden->rtype : nullptr, map);
    Expr* at = MapElementAddress(map, rtype, m, key, x);
    if (map->underlying->elem->Size() != 0) Assign(Load(map->underlying->elem, at), Retype(value, x->type));
    return;
  }
  if (x->op == ir::kName && (y->op == ir::kCallFunc || y->op == ir::kCallInter) && y->init.empty()) {
    // The result goes to the variable directly.
    ir::Name* name = x->AsName();
    if (name->IsLocal() && !IsHeap(name) && IsRegister(name->type) && !in_frame_.contains(name)) {
      ir::Name* callee = ir::StaticCalleeName(y->x);
      bool plain =
          y->op == ir::kCallInter || !callee || !callee->fn || (!TryIntrinsicName(callee->fn->link_name));
      Var* v = LocalVar(name);
      if (plain && v->home == Home::kSlots && SlotCount(y->type) == SlotCount(v->type)) {
        ir::SrcPos saved = pos_;
        if (y->pos.valid()) pos_ = y->pos;
        EmitCall(y, {v});
        pos_ = saved;
        return;
      }
    }
  }
  bool literal = (y->op == ir::kStructLit || y->op == ir::kArrayLit) && !IsRegister(y->type);
  if (literal && x->op == ir::kName && x->AsName()->IsLocal() && !IsStaticLiteral(y) &&
      (n->Has(ir::kDef) || !in_frame_.contains(x->AsName())) &&
      !ir::Any(y, [&](ir::Node* e) { return e == x || e->op == ir::kClosure; })) {
    return CompositeInto(y, Place(x), false);
  }
  Expr* place = nullptr;
  bool place_first = NeedsStatements(x);
  if (place_first) place = Place(x);
  Expr* value;
  if (y->op == ir::kAppend) {
    ir::SrcPos saved = pos_;
    if (y->pos.valid()) pos_ = y->pos;
    if (!y->init.empty()) Block(y->init);
    value = Append(y, x);
    pos_ = saved;
  } else {
    value = Value(y);
  }
  if (!place) place = Place(x);
  Assign(place, Retype(value, place->type));
}

void FuncLowerer::AssignOp(ir::Node* n) {
  ir::Node* x = n->x;
  ir::Type* t = x->type;
  Expr* place;
  Expr* y = nullptr;
  Exprs strings;  // x += a + b joins three strings at once, m[k] += a + b two and two
  if (x->op == ir::kIndexMap) {
    if (!x->init.empty()) Block(x->init);
    ir::Type* map = x->x->type;
    Expr* m = Cheap(Value(x->x));
    Expr* key = MapKeyArg(map, x->y, true);
    if (key->op != Op::kVarAddr) key = Cheap(key);
    y = Snapshot(Value(n->y));
    strings = {y};
    if ((n->sub_op == ir::kDiv || n->sub_op == ir::kMod) && t->IsInteger()) {
      // A zero divisor panics before the element exists.
      If(Compare(Op::kEq, y, Int(0, t)), [&] { RuntimePanic("panicdivide"); });
    }
    place = Load(t, MapElementAddress(map, RType(x->hidden ? x->hidden->rtype : nullptr, map), m, key, x));
  } else {
    place = Place(x);
    if (place->op == Op::kRetype) place = place->x;
    if (place->op == Op::kLoad) {
      Expr* at = place->x;
      bool simple = at->op == Op::kElemAddr && Cheap(at->y) == at->y && Cheap(at->x) == at->x;
      if (!simple) place = Load(place->type, Cheap(at), place->offset);
    }
    if (t->IsString())
      strings = StringParts(n->y);
    else
      y = Value(n->y);
  }
  Expr* result;
  if (n->sub_op == ir::kLsh || n->sub_op == ir::kRsh) {
    result = Shift(n, n->sub_op, Retype(place, t), y, n->y->type, n->Has(ir::kBounded));
    result->type = t;
  } else if (t->IsString()) {
    strings.insert(strings.begin(), place);
    result = Concat(Nil(), strings, t, AddSite(Site::kConcat, t, n));
  } else if (t->IsComplex()) {
    result = ComplexArith(n->sub_op, place, y, t);
  } else {
    result = Arith(x, n->sub_op, place, y);
    result->type = t;
  }
  Assign(place, result);
}

void FuncLowerer::AssignParallel(const std::vector<ir::Node*>& lhs, const std::vector<ir::Node*>& rhs) {
  std::vector<ir::Node*> nodes = rhs;
  for (size_t i = 0; i < nodes.size(); i++) {
    if (IsBlankOrNull(lhs[i]) || !lhs[i]->type->IsInterface() || nodes[i]->type->IsInterface()) continue;
    if (nodes[i]->op == ir::kNil) continue;
    ir::Node* conversion = low_.program().NewNode(ir::kConvIface, nodes[i]->pos, lhs[i]->type);
    conversion->x = nodes[i];
    nodes[i] = conversion;
  }
  auto reads_memory = [this](ir::Node* n) {
    if (n->op != ir::kName) return OpReadsMemory(n->op);
    ir::Name* name = n->AsName();
    if (name->cls == ir::Class::kFunc) return false;
    return !name->IsLocal() || name->Is(ir::kNameAddrtaken) || IsHeap(name);
  };
  PairOrder order(reads_memory, out_->has_defer);
  std::vector<bool> early;
  for (size_t i = 0; i < nodes.size(); i++) {
    early.push_back(order.Affected(nodes[i]));
    if (lhs[i] == nullptr) continue;
    ir::Node* target = lhs[i];
    while (target->op == ir::kDot || target->op == ir::kParen ||
           (target->op == ir::kIndex && target->x->type->IsArray()))
      target = target->x;
    order.Assigned(target);
  }
  AssignAll(lhs, [&] {
    std::vector<RightSide> values;
    for (size_t i = 0; i < nodes.size(); i++) {
      RightSide& made = values.emplace_back();
      auto make = [&] { made.value = Value(nodes[i]); };
      if (HasEffects(nodes[i])) {
        make();
      } else {
        made.statements = Collect(make);
      }
      made.early = early[i];
    }
    return values;
  });
}

void FuncLowerer::AssignAll(const std::vector<ir::Node*>& lhs,
                            const std::function<std::vector<RightSide>()>& values) {
  struct Pair {
    Expr* place;
    RightSide right;
    ir::Node* map_target;
  };
  std::vector<Pair> pairs;
  std::vector<Var*> assigned;
  bool memory_written = false;
  std::vector<std::pair<Expr*, Expr*>> maps(lhs.size());
  for (size_t i = 0; i < lhs.size(); i++) {
    ir::Node* l = lhs[i];
    Pair p{nullptr, {}, nullptr};
    if (!IsBlankOrNull(l)) {
      if (l->op == ir::kIndexMap) {
        p.map_target = l;
        maps[i].first = Snapshot(Value(l->x));
        maps[i].second = MapKeyArg(l->x->type, l->y, true);
        if (maps[i].second->op != Op::kVarAddr) maps[i].second = Snapshot(maps[i].second);
      } else {
        p.place = Place(l);
      }
    }
    pairs.push_back(p);
  }
  std::vector<RightSide> made = values();
  for (size_t i = 0; i < lhs.size(); i++) pairs[i].right = made[i];
  for (size_t i = 0; i < lhs.size(); i++) {
    Pair& p = pairs[i];
    if (p.right.early || Reads(p.right.value, assigned, memory_written)) {
      EmitAll(p.right.statements);
      p.right.statements = {};
      p.right.value = Copy(p.right.value);
    }
    if (!p.place) {
      if (p.map_target) memory_written = true;
      continue;
    }
    Expr* base = p.place;
    while (base->op == Op::kPart || base->op == Op::kRetype) base = base->x;
    if (base->op == Op::kVar) {
      assigned.push_back(base->var);
    } else {
      if (Reads(base->x, assigned, memory_written)) {
        if (base->x->op == Op::kElemAddr) {
          // Keep the check at the store: only what it reads is saved.
          Expr* at = arena_.New<Expr>(*base->x);
          at->x = Snapshot(at->x);
          at->y = Snapshot(at->y);
          if (at->z) at->z = Snapshot(at->z);
          p.place = Load(p.place->type, at, p.place->offset);
        } else {
          p.place = Load(p.place->type, Copy(base->x), p.place->offset);
        }
      }
      Expr* root = base->x;
      while (root->op == Op::kPtrAdd) root = root->x;
      if (root->op == Op::kVarAddr) assigned.push_back(root->var);
      memory_written = true;
    }
  }
  for (size_t i = 0; i < lhs.size(); i++) {
    Pair& p = pairs[i];
    EmitAll(p.right.statements);
    if (p.map_target) {
      ir::Node* l = p.map_target;
      Expr* rtype = RType(l->hidden ? l->hidden->rtype : nullptr, l->x->type);
      Expr* at = MapElementAddress(l->x->type, rtype, maps[i].first, maps[i].second, l);
      if (l->type->Size() != 0) Assign(Load(l->type, at), Retype(p.right.value, l->type));
    } else if (p.place) {
      Assign(p.place, Retype(p.right.value, p.place->type));
    } else {
      Eval(p.right.value);
    }
  }
}

void FuncLowerer::AssignCall(ir::Node* n) {
  ir::Node* call = n->rlist[0];
  if (call->op == ir::kInlCall) {
    if (!call->init.empty()) Block(call->init);
    Block(call->body);
    return AssignParallel(std::vector<ir::Node*>(n->list.begin(), n->list.end()),
                          std::vector<ir::Node*>(call->list.begin(), call->list.end()));
  }
  AssignAll(std::vector<ir::Node*>(n->list.begin(), n->list.end()), [&] {
    std::vector<RightSide> values;
    for (Var* v : CallMany(call)) values.push_back({Use(v)});
    return values;
  });
}

void FuncLowerer::AssignCommaOk(ir::Node* n) {
  ir::Node* r = n->rlist[0];
  AssignAll({n->list[0], n->list[1]}, [&] {
    ir::SrcPos saved = pos_;
    if (r->pos.valid()) pos_ = r->pos;
    if (!r->init.empty()) Block(r->init);
    Expr* ok = nullptr;
    Expr* value = nullptr;
    switch (r->op) {
      case ir::kDotType:
      case ir::kDotType2:
        value = DotType(r, &ok);
        break;
      case ir::kDynamicDotType:
      case ir::kDynamicDotType2:
        value = DynamicDotType(r, &ok);
        break;
      case ir::kIndexMap:
        value = MapRead(r, &ok);
        break;
      case ir::kRecv:
        value = Recv(r, &ok);
        break;
      default:
        UNREACHABLE("comma-ok form");
    }
    pos_ = saved;
    return std::vector<RightSide>{{value}, {ok}};
  });
}

void FuncLowerer::IfStmt(ir::Node* n) {
  Expr* cond = Value(n->x);
  if (cond->op == Op::kConst) return Block(cond->value ? n->body : n->rlist);
  If(
      cond, [&] { Block(n->body); }, [&] { Block(n->rlist); });
}

void FuncLowerer::Loop(ir::Node*, Expr* cond, std::span<Stmt*> head, std::span<Stmt*> body,
                       std::span<Stmt*> post, int break_label, int continue_label) {
  Stmt* s = NewStmt(StmtOp::kLoop);
  s->head = head;
  s->x = cond;
  s->body = body;
  s->post = post;
  s->label = continue_label;
  s->value = static_cast<uint64_t>(break_label);
  Emit(s);
  Label(break_label);
}

void FuncLowerer::ForStmt(ir::Node* n) {
  int done = NewLabel(), next = NewLabel();
  Expr* cond = nullptr;
  std::span<Stmt*> head = Collect([&] {
    if (n->x) cond = Value(n->x);
  });
  if (cond && cond->op == Op::kConst && cond->value != 0) cond = nullptr;
  targets_.push_back({n->label, true, done, next});
  std::span<Stmt*> body = Collect([&] { Block(n->body); });
  targets_.pop_back();
  std::span<Stmt*> post = Collect([&] {
    if (n->y) Statement(n->y);
  });
  Loop(n, cond, head, body, post, done, next);
}

int FuncLowerer::LabelOf(ir::Label* label) {
  auto [it, fresh] = labels_.emplace(label, 0);
  if (fresh) it->second = NewLabel();
  return it->second;
}

void FuncLowerer::ReturnStmt(ir::Node* n) {
  std::span<ir::Name* const> names = fn_->results();
  Exprs args;
  bool homes = out_->has_defer;
  if (n->list.empty()) {
    for (ir::Name* r : names) args.push_back(VarPlace(r));
  } else if (n->list.size() == 1 && names.size() > 1) {
    std::vector<Var*> r = CallMany(n->list[0]);
    for (size_t i = 0; i < names.size(); i++) args.push_back(Use(r[i]));
    if (homes)
      for (size_t i = 0; i < names.size(); i++) Assign(VarPlace(names[i]), args[i]);
  } else if (homes) {
    Exprs values;
    for (ir::Node* r : n->list) values.push_back(Value(r));
    if (values.size() > 1)
      for (Expr*& v : values) v = IsRegister(v->type) ? Snapshot(v) : (v->op == Op::kLoad ? Copy(v) : v);
    for (size_t i = 0; i < names.size(); i++) {
      Expr* place = VarPlace(names[i]);
      Assign(place, Retype(values[i], place->type));
    }
  } else {
    for (size_t i = 0; i < n->list.size(); i++) args.push_back(Retype(Value(n->list[i]), names[i]->type));
  }
  if (homes) {
    args.clear();
    for (ir::Name* r : names) args.push_back(VarPlace(r));
  }
  Stmt* s = NewStmt(StmtOp::kReturn);
  s->args = arena_.Copy(args);
  Emit(s);
}

}  // namespace escapement::lower
