// Closures and method values: an object of the code pointer and what it captures.
#include "engine/lower/func_lowerer.h"

namespace escapement::lower {

Expr* FuncLowerer::ClosureObject(base::Name code, const Exprs& captures, const std::vector<ir::Type*>& types,
                                 ir::Node* n, Site::Kind kind, ir::Type* type) {
  std::vector<ir::Field> fields;
  ir::Package* local = types_.local_package();
  fields.push_back({types_.Lookup(local, "F"), types_.Uintptr()});
  for (size_t i = 0; i < types.size(); i++)
    fields.push_back({types_.Lookup(local, "X" + std::to_string(i)), types[i]});
  ir::Type* object_type = types_.Struct(fields);
  Expr* p;
  if (n->esc == ir::Esc::kNone) {
    p = VarAddr(FrameTemp(object_type));
  } else {
    p = Cheap(NewObject(object_type, TypeAddr(object_type), AddSite(kind, object_type, n)));
  }
  object_type->Size();
  Assign(Load(types_.Uintptr(), p), Symbol(code));
  for (size_t i = 0; i < captures.size(); i++) {
    const ir::Field& f = object_type->underlying->fields[i + 1];
    Assign(Load(f.type, p, f.offset), Retype(captures[i], f.type));
  }
  return Retype(p, type);
}

Expr* FuncLowerer::Closure(ir::Node* n) {
  ir::Func* f = n->func;
  base::Name code = data().Intern(f->link_name);
  if (f->closure_vars.empty()) return Symbol(data().FuncValue(code), 0, n->type);
  Exprs captures;
  std::vector<ir::Type*> types;
  for (ir::Name* v : f->closure_vars) {
    if (v->Byval()) {
      captures.push_back(VarPlace(v->outer));
      types.push_back(v->type);
    } else {
      captures.push_back(AddrOf(VarPlace(v->outer)));
      types.push_back(PtrTo(v->type));
    }
  }
  return ClosureObject(code, captures, types, n, Site::kClosure, n->type);
}

Expr* FuncLowerer::MethodValue(ir::Node* n) {
  Expr* x = Value(n->x);
  ir::Type* recv = n->x->type;
  if (recv->IsInterface()) {
    x = Cheap(x);
    If(Compare(Op::kEq, Tab(x), Int(0, types_.Uintptr())), [&] { NilCheck(Nil()); });
  }
  ir::Func* wrapper = low_.builder().MethodValueWrapper(recv, n->sym);
  ENSURE(wrapper != nullptr, "method value without a method");
  return ClosureObject(data().Intern(wrapper->link_name), {x}, {recv}, n, Site::kMethodValue, n->type);
}

void FuncLowerer::OpenClosureVars(ir::Func* fn) {
  if (fn->closure_vars.empty()) return;
  out_->needs_context = true;
  Expr* context = New(Op::kContext, types_.UnsafePointer());
  Expr* closure = Copy(context);
  int64_t offset = 8;
  for (ir::Name* v : fn->closure_vars) {
    ir::Type* t = v->Byval() ? v->type : PtrTo(v->type);
    offset = (offset + t->Align() - 1) / t->Align() * t->Align();
    if (!v->Byval()) {
      Var* p = Temp(types_.UnsafePointer());
      Set(p, Load(types_.UnsafePointer(), closure, offset));
      heap_[v] = p;
      p->shown = v;
      p->points = true;
    } else if (IsRegister(t) && !in_frame_.contains(v)) {
      Var* value = Temp(t);
      Set(value, Load(t, closure, offset));
      vars_[v] = value;
      value->shown = v;
    } else {
      Var* p = Temp(types_.UnsafePointer());
      Set(p, PtrAdd(closure, offset));
      heap_[v] = p;
      p->shown = v;
      p->points = true;
    }
    offset += t->Size();
  }
}

}  // namespace escapement::lower
