// Comparisons, and the equality and hash functions of types (walk/compare.go, reflectdata/alg.go).
#include <algorithm>

#include "engine/lower/func_lowerer.h"

namespace escapement::lower {

namespace {

Op CompareOp(ir::Op op) {
  switch (op) {
    case ir::kEq:
      return Op::kEq;
    case ir::kNe:
      return Op::kNe;
    case ir::kLt:
      return Op::kLt;
    case ir::kLe:
      return Op::kLe;
    case ir::kGt:
      return Op::kGt;
    case ir::kGe:
      return Op::kGe;
    default:
      UNREACHABLE("not a comparison");
  }
}

std::string MemFunction(std::string_view prefix, int64_t size) {
  switch (size) {
    case 0:
      return std::string(prefix) + "0";
    case 1:
      return std::string(prefix) + "8";
    case 2:
      return std::string(prefix) + "16";
    case 4:
      return std::string(prefix) + "32";
    case 8:
      return std::string(prefix) + "64";
    case 16:
      return std::string(prefix) + "128";
    default:
      return {};
  }
}

// The suffix of the runtime functions that implement an alg: strequal, strhash.
const char* AlgPrefix(ir::Alg alg) {
  switch (alg) {
    case ir::Alg::kString:
      return "str";
    case ir::Alg::kInter:
      return "inter";
    case ir::Alg::kNilInter:
      return "nilinter";
    case ir::Alg::kFloat32:
      return "f32";
    case ir::Alg::kFloat64:
      return "f64";
    case ir::Alg::kComplex64:
      return "c64";
    case ir::Alg::kComplex128:
      return "c128";
    default:
      return nullptr;
  }
}

// Whether == may meet an interface that holds what cannot be compared.
bool EqualityCanPanic(ir::Type* type) {
  if (type->IsInterface()) return true;
  if (type->IsArray()) return EqualityCanPanic(type->underlying->elem);
  if (!type->IsStruct()) return false;
  std::span<ir::Field> fields = type->underlying->fields;
  return std::any_of(fields.begin(), fields.end(), [](const ir::Field& f) {
    return !(f.sym && f.sym->text() == "_") && EqualityCanPanic(f.type);
  });
}

}  // namespace

Expr* FuncLowerer::CompareNode(ir::Node* n) {
  Op op = CompareOp(n->op);
  ir::Type* xt = n->x->type;
  ir::Type* yt = n->y->type;
  bool negate = n->op == ir::kNe;
  auto result = [&](Expr* equal) { return Retype(negate ? Not(equal) : equal, n->type); };
  // An interface against a concrete value: the types, then the values.
  if (xt->IsInterface() != yt->IsInterface() && n->x->op != ir::kNil && n->y->op != ir::kNil) {
    Expr* x = Value(n->x);
    Expr* y = Value(n->y);
    Expr* iface = Cheap(xt->IsInterface() ? x : y);
    Expr* concrete = Cheap(xt->IsInterface() ? y : x);
    ir::Type* it = xt->IsInterface() ? xt : yt;
    Expr* want = RType(n->hidden ? n->hidden->rtype : nullptr, concrete->type);
    Var* r = Temp(types_.Bool());
    Set(r, Compare(Op::kEq, TypeOfInterface(iface, it->IsEmptyInterface()), want));
    If(Use(r), [&] { Set(r, Equal(FromData(IData(iface), concrete->type), concrete, concrete->type)); });
    return result(Use(r));
  }
  auto operand = [&](ir::Node* e) {
    if (e->op == ir::kBytes2Str && xt->IsString()) {
      if (!e->init.empty()) Block(e->init);
      return BytesToString(e, true);
    }
    return Value(e);
  };
  Expr* x = operand(n->x);
  Expr* y = operand(n->y);
  if (n->op != ir::kEq && n->op != ir::kNe) return Binary(op, x, y, n->type);
  if (xt->IsInterface() && (n->x->op == ir::kNil || n->y->op == ir::kNil)) {
    // Only the types matter, but a value made into an interface here may fault.
    for (Expr* made : {x, y})
      if (made->op == Op::kMake) Eval(IData(made));
    return Binary(op, Tab(x), Tab(y), n->type);
  }
  if (xt->IsSlice() || xt->IsMap() || xt->IsFunc())  // against nil
    return Binary(op, Part(x, 0, types_.UnsafePointer()), Part(y, 0, types_.UnsafePointer()), n->type);
  if (xt->IsInterface() || xt->IsStruct() || xt->IsArray() || xt->IsComplex()) return result(Equal(x, y, xt));
  return Binary(op, x, y, n->type);
}

Expr* FuncLowerer::EqualInterfaces(Expr* x, Expr* y, bool empty) {
  x = Cheap(x);
  y = Cheap(y);
  Var* r = Temp(types_.Bool());
  Set(r, Compare(Op::kEq, Tab(x), Tab(y)));
  If(Use(r), [&] {
    Set(r, RuntimeValue(empty ? "efaceeq" : "ifaceeq", {Tab(x), IData(x), IData(y)}, types_.Bool()));
  });
  return Use(r);
}

Expr* FuncLowerer::Equal(Expr* x, Expr* y, ir::Type* type) {
  if (type->Size() == 0 && !type->IsInterface()) {
    Eval(x);
    Eval(y);
    return Bool(true);
  }
  if (type->IsInterface()) return EqualInterfaces(x, y, type->IsEmptyInterface());
  if (type->IsComplex()) {
    ir::Type* part = Basic(type->Is(ir::Kind::kComplex64) ? ir::Kind::kFloat32 : ir::Kind::kFloat64);
    x = Cheap(x);
    y = Cheap(y);
    return Binary(Op::kAndAnd, Compare(Op::kEq, Part(x, 0, part), Part(y, 0, part)),
                  Compare(Op::kEq, Part(x, 1, part), Part(y, 1, part)), types_.Bool());
  }
  if (!type->IsStruct() && !type->IsArray()) return Compare(Op::kEq, x, y);
  if (!IsRegister(type)) return EqualMemory(AddrOf(x), AddrOf(y), type);
  x = Cheap(x);
  y = Cheap(y);
  if (type->IsArray())
    return Equal(Part(x, 0, type->underlying->elem), Part(y, 0, type->underlying->elem),
                 type->underlying->elem);
  Expr* all = nullptr;
  for (const ir::Field& f : type->underlying->fields) {
    if ((f.sym && f.sym->text() == "_") || f.type->Size() == 0) continue;
    Expr* one = nullptr;
    if (!all) {
      all = Equal(DotPlace(x, &f), DotPlace(y, &f), f.type);
      continue;
    }
    std::span<Stmt*> needed = Collect([&] { one = Equal(DotPlace(x, &f), DotPlace(y, &f), f.type); });
    if (needed.empty()) {
      all = Binary(Op::kAndAnd, all, one, types_.Bool());
      continue;
    }
    Var* r = Temp(types_.Bool());
    Set(r, all);
    If(Use(r), [&] {
      for (Stmt* s : needed) Emit(s);
      Set(r, one);
    });
    all = Use(r);
  }
  return all ? all : Bool(true);
}

Expr* FuncLowerer::EqualMemory(Expr* px, Expr* py, ir::Type* type) {
  if (type->AlgKind() == ir::Alg::kMem) {
    Expr* e = New(Op::kMemEqual, types_.Bool());
    e->x = px;
    e->y = py;
    e->value = static_cast<uint64_t>(type->Size());
    return e;
  }
  base::Name symbol = data().Intern("type:.eq." + types_.LinkString(type->canon));
  low_.equals_.emplace(symbol, type->canon);
  Call* call = arena_.New<Call>();
  call->symbol = symbol;
  Exprs args{px, py};
  call->args = arena_.Copy(args);
  std::vector<Var*> results{Temp(types_.Bool())};
  call->results = arena_.Copy(results);
  std::vector<ir::Type*> result_types{types_.Bool()};
  call->result_types = arena_.Copy(result_types);
  Stmt* s = NewStmt(StmtOp::kCall);
  s->call = call;
  Emit(s);
  return Use(results[0]);
}

// Body of type:.eq.T(p, q *T) bool.
void FuncLowerer::RunEqual(ir::Type* type) {
  type->Size();
  Var* p = Temp(types_.UnsafePointer());
  Var* q = Temp(types_.UnsafePointer());
  p->is_param = q->is_param = true;
  out_->params = {p, q};
  Var* r = Temp(types_.Bool());
  r->is_result = true;
  out_->results = {r};
  auto give = [&](Expr* value) {
    Stmt* s = NewStmt(StmtOp::kReturn);
    Exprs args{value};
    s->args = arena_.Copy(args);
    Emit(s);
  };
  auto require = [&](Expr* equal) { If(Not(equal), [&] { give(Bool(false)); }); };
  if (type->IsArray()) {
    ir::Type* elem = type->underlying->elem;
    CountedLoop(type->underlying->length, [&](Var* i) {
      Expr* x = Load(elem, PtrIndex(Use(p), Use(i), elem->Size()));
      Expr* y = Load(elem, PtrIndex(Use(q), Use(i), elem->Size()));
      require(Equal(x, y, elem));
    });
  } else {
    // Cheap fields first, but none is moved across one that can panic (compare.EqStruct).
    auto costly = [](ir::Type* t) {
      return !(t->AlgKind() == ir::Alg::kMem || t->IsFloat() || t->IsComplex());
    };
    auto length = [&](Var* of, const ir::Field* f) { return Load(types_.Int(), Use(of), f->offset + 8); };
    std::vector<const ir::Field*> group;
    auto flush = [&] {
      auto strings = std::stable_partition(group.begin(), group.end(),
                                           [&](const ir::Field* f) { return !costly(f->type); });
      // Of several strings, the lengths first: other bytes than those of equals may not be readable.
      auto text = [](const ir::Field* f) { return f->type->IsString(); };
      const bool several = std::count_if(strings, group.end(), text) > 1;
      for (auto f = group.begin(); f != group.end(); ++f) {
        if (f == strings && several)
          for (auto s = f; s != group.end(); ++s)
            if (text(*s)) require(Compare(Op::kEq, length(p, *s), length(q, *s)));
        require(Equal(Load((*f)->type, Use(p), (*f)->offset), Load((*f)->type, Use(q), (*f)->offset),
                      (*f)->type));
      }
      group.clear();
    };
    for (const ir::Field& f : type->underlying->fields) {
      if ((f.sym && f.sym->text() == "_") || f.type->Size() == 0) continue;
      bool panics = EqualityCanPanic(f.type);
      if (panics) flush();
      group.push_back(&f);
      if (panics) flush();
    }
    flush();
  }
  give(Bool(true));
}

void FuncLowerer::HashValue(Expr* p, ir::Type* type, Var* h) {
  ir::Alg alg = type->AlgKind();
  ir::Type* word = types_.Uintptr();
  if (alg == ir::Alg::kMem) {
    if (type->Size() == 0) return;
    Set(h, RuntimeValue("memhash", {p, Use(h), Int(type->Size(), word)}, word));
    return;
  }
  if (const char* prefix = AlgPrefix(alg)) {
    Set(h, RuntimeValue(std::string(prefix) + "hash", {p, Use(h)}, word));
    return;
  }
  if (type->IsArray()) {
    ir::Type* elem = type->underlying->elem;
    CountedLoop(type->underlying->length,
                [&](Var* i) { HashValue(Copy(PtrIndex(p, Use(i), elem->Size())), elem, h); });
    return;
  }
  for (const ir::Field& f : type->underlying->fields) {
    if (f.sym && f.sym->text() == "_") continue;
    HashValue(PtrAdd(p, f.offset), f.type, h);
  }
}

// Body of type:.hash.T(p *T, h uintptr) uintptr.
void FuncLowerer::RunHash(ir::Type* type) {
  type->Size();
  Var* p = Temp(types_.UnsafePointer());
  Var* h = Temp(types_.Uintptr());
  p->is_param = h->is_param = true;
  out_->params = {p, h};
  Var* r = Temp(types_.Uintptr());
  r->is_result = true;
  out_->results = {r};
  HashValue(Use(p), type, h);
  Stmt* s = NewStmt(StmtOp::kReturn);
  Exprs args{Use(h)};
  s->args = arena_.Copy(args);
  Emit(s);
}

base::Name Lowering::EqClosure(ir::Type* type) {
  type = type->canon;
  ir::Alg alg = type->AlgKind();
  if (alg == ir::Alg::kNoEq || alg == ir::Alg::kNoAlg) return {};
  if (const char* prefix = AlgPrefix(alg))
    return data_.FuncValue(data_.Intern("runtime." + std::string(prefix) + "equal"));
  if (alg == ir::Alg::kMem) {
    std::string sized = MemFunction("memequal", type->Size());
    if (!sized.empty()) return data_.FuncValue(data_.Intern("runtime." + sized));
    base::Name name = data_.Intern("type:.eqfunc" + std::to_string(type->Size()));
    if (!data_.Find(name)) {
      DataSymbol* s = data_.Define(name, Section::kRodata, 16, 8);
      s->PutAddress(0, data_.Intern("runtime.memequal_varlen"));
      s->Put(8, static_cast<uint64_t>(type->Size()), 8);
    }
    return name;
  }
  base::Name code = data_.Intern("type:.eq." + types().LinkString(type));
  equals_.emplace(code, type);
  base::Name name = data_.Intern("type:.eqfunc." + types().LinkString(type));
  if (!data_.Find(name)) data_.Define(name, Section::kRodata, 8, 8)->PutAddress(0, code);
  return name;
}

base::Name Lowering::HashClosure(ir::Type* type) {
  type = type->canon;
  ir::Alg alg = type->AlgKind();
  if (alg == ir::Alg::kNoEq || alg == ir::Alg::kNoAlg) return {};
  if (const char* prefix = AlgPrefix(alg))
    return data_.FuncValue(data_.Intern("runtime." + std::string(prefix) + "hash"));
  if (alg == ir::Alg::kMem) {
    std::string sized = MemFunction("memhash", type->Size());
    if (!sized.empty()) return data_.FuncValue(data_.Intern("runtime." + sized));
    base::Name name = data_.Intern("type:.hashfunc" + std::to_string(type->Size()));
    if (!data_.Find(name)) {
      DataSymbol* s = data_.Define(name, Section::kRodata, 16, 8);
      s->PutAddress(0, data_.Intern("runtime.memhash_varlen"));
      s->Put(8, static_cast<uint64_t>(type->Size()), 8);
    }
    return name;
  }
  base::Name code = data_.Intern("type:.hash." + types().LinkString(type));
  hashes_.emplace(code, type);
  base::Name name = data_.Intern("type:.hashfunc." + types().LinkString(type));
  if (!data_.Find(name)) data_.Define(name, Section::kRodata, 8, 8)->PutAddress(0, code);
  return name;
}

bool Lowering::LowerGenerated(base::Name symbol, base::Arena& arena, Func* out) {
  out->symbol = symbol;
  out->wrapper = false;
  if (auto it = equals_.find(symbol); it != equals_.end()) {
    FuncLowerer(*this, arena, out).RunEqual(it->second);
    return true;
  }
  if (auto it = hashes_.find(symbol); it != hashes_.end()) {
    FuncLowerer(*this, arena, out).RunHash(it->second);
    return true;
  }
  return false;
}

}  // namespace escapement::lower
