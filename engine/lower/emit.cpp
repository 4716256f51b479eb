// The vocabulary of FuncLowerer: making expressions and statements, with the simplifications that keep
// the tree small (a part of a load is a smaller load, the address of a place is its address operand).
#include "engine/lower/func_lowerer.h"

namespace escapement::lower {

Expr* FuncLowerer::New(Op op, ir::Type* type) {
  Expr* e = arena_.New<Expr>();
  e->op = op;
  e->type = type;
  e->pos = pos_;
  return e;
}

Expr* FuncLowerer::Int(int64_t value, ir::Type* type) {
  Expr* e = New(Op::kConst, type ? type : types_.Int());
  e->value = static_cast<uint64_t>(value);
  return e;
}

Expr* FuncLowerer::Zero(ir::Type* type) {
  Components c = Flatten(type);
  if (!c.in_memory && c.count == 1 && c.at[0].offset == 0) return Int(0, type);
  return New(Op::kZero, type);
}

Expr* FuncLowerer::Use(Var* var) {
  if (var->home == Home::kFrame) return Load(var->type, VarAddr(var));
  Expr* e = New(Op::kVar, var->type);
  e->var = var;
  return e;
}

Expr* FuncLowerer::Symbol(base::Name symbol, int64_t offset, ir::Type* type) {
  Expr* e = New(Op::kSymAddr, type ? type : types_.Uintptr());
  e->symbol = symbol;
  e->offset = offset;
  return e;
}

Expr* FuncLowerer::VarAddr(Var* var, int64_t offset) {
  ENSURE(var->home == Home::kFrame, "address of a variable in slots");
  Expr* e = New(Op::kVarAddr, types_.UnsafePointer());
  e->var = var;
  e->offset = offset;
  return e;
}

Expr* FuncLowerer::PtrAdd(Expr* x, int64_t offset) {
  if (offset == 0) return x;
  if (x->op == Op::kVarAddr) return VarAddr(x->var, x->offset + offset);
  if (x->op == Op::kSymAddr) return Symbol(x->symbol, x->offset + offset, x->type);
  if (x->op == Op::kPtrAdd) {
    offset += x->offset;
    x = x->x;
    if (offset == 0) return x;
  }
  Expr* e = New(Op::kPtrAdd, types_.UnsafePointer());
  e->x = x;
  e->offset = offset;
  return e;
}

Expr* FuncLowerer::PtrIndex(Expr* base, Expr* index, int64_t scale) {
  if (scale == 0) return base;
  if (index->op == Op::kConst) return PtrAdd(base, static_cast<int64_t>(index->value) * scale);
  Expr* e = New(Op::kElemAddr, types_.UnsafePointer());
  e->x = base;
  e->y = index;
  e->value = static_cast<uint64_t>(scale);
  return e;
}

Expr* FuncLowerer::Load(ir::Type* type, Expr* addr, int64_t offset) {
  if (addr->op == Op::kPtrAdd) {
    offset += addr->offset;
    addr = addr->x;
  } else if (offset != 0 && (addr->op == Op::kVarAddr || addr->op == Op::kSymAddr)) {
    addr = PtrAdd(addr, offset);
    offset = 0;
  }
  Expr* e = New(Op::kLoad, type);
  e->x = addr;
  e->offset = offset;
  return e;
}

Expr* FuncLowerer::Part(Expr* x, unsigned first, ir::Type* type) {
  Components want = Flatten(type);
  ENSURE(!want.in_memory, "part of memory class");
  if (want.count == 0) return New(Op::kZero, type);
  switch (x->op) {
    case Op::kZero:
      return Zero(type);
    case Op::kRetype:
      return Part(x->x, first, type);
    case Op::kPart:
      return Part(x->x, first + static_cast<unsigned>(x->value), type);
    case Op::kMake: {
      unsigned start = 0;
      for (Expr* arg : x->args) {
        unsigned count = SlotCount(arg->type);
        if (first >= start && first + want.count <= start + count) {
          if (first == start && count == want.count) return Retype(arg, type);
          return Part(arg, first - start, type);
        }
        start += count;
      }
      break;
    }
    case Op::kLoad: {
      Components have = Flatten(x->type);
      ENSURE(!have.in_memory && first + want.count <= have.count, "part outside a value");
      return Load(type, x->x, x->offset + have.at[first].offset - want.at[0].offset);
    }
    default:
      break;
  }
  if (first == 0 && SlotCount(x->type) == want.count) return Retype(x, type);
  Expr* e = New(Op::kPart, type);
  e->x = x;
  e->value = first;
  return e;
}

Expr* FuncLowerer::Make(ir::Type* type, std::initializer_list<Expr*> parts) {
  return Make(type, Exprs(parts));
}

Expr* FuncLowerer::Make(ir::Type* type, const Exprs& parts) {
  bool all_zero = true;
  for (Expr* p : parts) all_zero &= p->op == Op::kZero || (p->op == Op::kConst && p->value == 0);
  if (all_zero) return Zero(type);
  if (parts.size() == 1 && SlotCount(parts[0]->type) == SlotCount(type)) return Retype(parts[0], type);
  Expr* e = New(Op::kMake, type);
  e->args = arena_.Copy(parts);
  return e;
}

Expr* FuncLowerer::Unary(Op op, Expr* x, ir::Type* type) {
  if (op == Op::kNot && x->op == Op::kConst) return Bool(x->value == 0);
  if (op == Op::kNot && x->op == Op::kNot) return x->x;
  Expr* e = New(op, type ? type : x->type);
  e->x = x;
  return e;
}

Expr* FuncLowerer::Binary(Op op, Expr* x, Expr* y, ir::Type* type) {
  Expr* e = New(op, type ? type : x->type);
  e->x = x;
  e->y = y;
  return e;
}

Expr* FuncLowerer::Retype(Expr* x, ir::Type* type) {
  if (x->type == type) return x;
  if (x->op == Op::kConst || x->op == Op::kSymAddr || x->op == Op::kLoad || x->op == Op::kMake) {
    if (x->op == Op::kLoad && Flatten(x->type).in_memory != Flatten(type).in_memory)
      UNREACHABLE("conversion changes the class of a value");
    // A load keeps how it reads memory only if the components agree (uintptr read as pointer does).
    Expr* e = arena_.New<Expr>(*x);
    e->type = type;
    return e;
  }
  if (x->op == Op::kZero) return Zero(type);
  if (x->op == Op::kRetype) x = x->x;
  Expr* e = New(Op::kRetype, type);
  e->x = x;
  return e;
}

Expr* FuncLowerer::RType(ir::Node* hidden, ir::Type* type) {
  if (hidden != nullptr) return Value(hidden);
  return TypeAddr(type);
}

Expr* FuncLowerer::AddrOf(Expr* place) {
  if (place->op == Op::kRetype) return AddrOf(place->x);
  ENSURE(place->op == Op::kLoad, "address of something that is not in memory");
  return PtrAdd(place->x, place->offset);
}

Expr* FuncLowerer::StringConst(std::string_view text, ir::Type* type) {
  if (text.empty()) return Zero(type);
  return Make(type, {Symbol(data().StringBytes(text), 0, types_.UnsafePointer()),
                     Int(static_cast<int64_t>(text.size()))});
}

Var* FuncLowerer::NewVar(ir::Type* type, Home home) {
  Var* v = arena_.New<Var>();
  v->type = type;
  v->home = home;
  v->index = static_cast<uint32_t>(out_->vars.size());
  out_->vars.push_back(v);
  return v;
}

Var* FuncLowerer::CopyToVar(Expr* x) {
  Var* v = Temp(x->type);
  Set(v, x);
  return v;
}

namespace {

bool IsCheap(Expr* x) {
  switch (x->op) {
    case Op::kConst:
    case Op::kZero:
    case Op::kVar:
    case Op::kSymAddr:
    case Op::kVarAddr:
    case Op::kContext:
      return true;
    case Op::kPart:
    case Op::kRetype:
    case Op::kPtrAdd:
      return IsCheap(x->x);
    case Op::kMake:
      for (Expr* a : x->args)
        if (!IsCheap(a)) return false;
      return true;
    default:
      return false;
  }
}

bool IsConstant(Expr* x) {
  switch (x->op) {
    case Op::kConst:
    case Op::kZero:
    case Op::kSymAddr:
    case Op::kVarAddr:
    case Op::kContext:
      return true;
    case Op::kVar:
      return x->var->origin == nullptr;
    case Op::kPart:
    case Op::kRetype:
    case Op::kPtrAdd:
      return IsConstant(x->x);
    case Op::kMake:
      for (Expr* a : x->args)
        if (!IsConstant(a)) return false;
      return true;
    default:
      return false;
  }
}

}  // namespace

Expr* FuncLowerer::Cheap(Expr* x) {
  if (IsCheap(x)) return x;
  if (Flatten(x->type).in_memory && x->op == Op::kLoad && IsCheap(x->x)) return x;
  return Copy(x);
}

Expr* FuncLowerer::Snapshot(Expr* x) {
  return IsConstant(x) ? x : Copy(x);
}

Expr* FuncLowerer::Addressable(Expr* x) {
  if (x->op == Op::kRetype && x->x->op == Op::kLoad) x = x->x;
  if (x->op == Op::kLoad) {
    // Who gets the address does not check it: a nil pointer faults here.
    Expr* root = x->x;
    while (root->op == Op::kPtrAdd) root = root->x;
    if (root->op == Op::kVarAddr || root->op == Op::kSymAddr || root->op == Op::kElemAddr) {
      Expr* base = root->op == Op::kElemAddr && root->z && root->z->op == Op::kConst ? root->x : nullptr;
      if (base) NilCheck(base);
      return x;
    }
    int64_t offset = x->offset;
    for (Expr* e = x->x; e->op == Op::kPtrAdd; e = e->x) offset += e->offset;
    root = Cheap(root);
    NilCheck(root);
    return Load(x->type, root, offset);
  }
  Var* v = FrameTemp(x->type);
  Set(v, x);
  return Use(v);
}

Stmt* FuncLowerer::NewStmt(StmtOp op) {
  Stmt* s = arena_.New<Stmt>();
  s->op = op;
  s->pos = pos_;
  return s;
}

namespace {

// Whether an address is inside the function's own frame.
bool OnStack(Expr* addr) {
  for (;;) {
    switch (addr->op) {
      case Op::kVarAddr:
        return true;
      case Op::kPtrAdd:
      case Op::kElemAddr:
      case Op::kRetype:
        addr = addr->x;
        break;
      default:
        return false;
    }
  }
}

}  // namespace

void FuncLowerer::Assign(Expr* place, Expr* x) {
  if (place->op == Op::kRetype) place = place->x;
  if (place->type->Size() == 0) return Eval(x);
  unsigned first = 0;
  Expr* base = place;
  while (base->op == Op::kPart || base->op == Op::kRetype) {
    if (base->op == Op::kPart) first += static_cast<unsigned>(base->value);
    base = base->x;
  }
  if (base->op == Op::kVar) {
    if (x->op == Op::kVar && x->var == base->var && base == place) return;
    Stmt* s = NewStmt(StmtOp::kAssign);
    s->var = base->var;
    s->value = first;
    s->type = place->type;
    s->x = x;
    Emit(s);
    return;
  }
  ENSURE(place->op == Op::kLoad, "assignment to a value");
  bool in_memory = Flatten(place->type).in_memory;
  if (x->op == Op::kZero && in_memory) return ZeroPlace(place);
  Stmt* s = NewStmt(in_memory ? StmtOp::kMove : StmtOp::kStore);
  s->addr = place->x;
  s->offset = place->offset;
  s->type = place->type;
  s->x = in_memory ? AddrOf(x) : x;
  s->write_barrier = place->type->HasPointers() && !OnStack(place->x);
  Emit(s);
}

void FuncLowerer::ZeroPlace(Expr* place) {
  if (place->op != Op::kLoad || !Flatten(place->type).in_memory) return Assign(place, Zero(place->type));
  Stmt* s = NewStmt(StmtOp::kZeroMem);
  s->addr = place->x;
  s->offset = place->offset;
  s->type = place->type;
  s->write_barrier = place->type->HasPointers() && !OnStack(place->x);
  Emit(s);
}

void FuncLowerer::Eval(Expr* x) {
  if (IsCheap(x)) return;
  if (x->op == Op::kLoad && Flatten(x->type).in_memory) return NilCheck(x->x);
  Stmt* s = NewStmt(StmtOp::kEval);
  s->x = x;
  Emit(s);
}

void FuncLowerer::NilCheck(Expr* x) {
  while (x->op == Op::kPtrAdd) x = x->x;
  if (x->op == Op::kSymAddr || x->op == Op::kVarAddr) return;
  if (x->op == Op::kElemAddr) return Eval(x);
  Stmt* s = NewStmt(StmtOp::kNilCheck);
  s->x = x;
  Emit(s);
}

void FuncLowerer::Label(int label) {
  Stmt* s = NewStmt(StmtOp::kLabel);
  s->label = label;
  Emit(s);
}

void FuncLowerer::Goto(int label) {
  Stmt* s = NewStmt(StmtOp::kGoto);
  s->label = label;
  Emit(s);
}

int32_t FuncLowerer::AddSite(Site::Kind kind, ir::Type* type, ir::Node* node) {
  out_->sites.push_back({kind, type, node, pos_});
  return static_cast<int32_t>(out_->sites.size()) - 1;
}

std::vector<Var*> FuncLowerer::RuntimeCall(std::string_view name, const Exprs& args,
                                           const std::vector<ir::Type*>& results, int32_t site,
                                           bool noreturn) {
  Call* call = arena_.New<Call>();
  call->symbol = data().Intern("runtime." + std::string(name));
  call->args = arena_.Copy(args);
  std::vector<Var*> vars;
  for (ir::Type* t : results) vars.push_back(Temp(t));
  call->results = arena_.Copy(vars);
  call->result_types = arena_.Copy(results);
  call->site = site;
  call->noreturn = noreturn;
  Stmt* s = NewStmt(StmtOp::kCall);
  s->call = call;
  Emit(s);
  if (noreturn) Emit(NewStmt(StmtOp::kUnreachable));
  return vars;
}

Expr* FuncLowerer::NewObject(ir::Type* type, Expr* rtype, int32_t site) {
  if (type->Size() == 0) return Symbol(data().Intern("runtime.zerobase"), 0, types_.UnsafePointer());
  std::vector<Var*> r = RuntimeCall("newobject", {rtype}, {types_.UnsafePointer()}, site);
  if (rtype->op == Op::kSymAddr) list_->back()->call->new_type = type;
  return Use(r[0]);
}

}  // namespace escapement::lower
