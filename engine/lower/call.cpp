// Calls, go and defer.
#include "engine/lower/func_lowerer.h"

namespace escapement::lower {

namespace {

ir::Node* StripConversions(ir::Node* n) {
  while ((n->op == ir::kConvNop || n->op == ir::kParen) && n->init.empty()) n = n->x;
  return n;
}

}  // namespace

ir::Func* Lowering::MethodExpression(ir::Node* n) {
  ir::Func* fn = builder_.MethodFor(n->x->type, n->sym);
  if (fn == nullptr && n->field->nname != nullptr) fn = n->field->nname->fn;
  ENSURE(fn != nullptr, "method expression without a method");
  return fn;
}

// The function a call names statically, or null.
ir::Func* FuncLowerer::StaticCallee(ir::Node* fun) {
  fun = StripConversions(fun);
  if (fun->op == ir::kMethExpr) return low_.MethodExpression(fun);
  if (fun->op == ir::kName && fun->AsName()->cls == ir::Class::kFunc) return fun->AsName()->fn;
  return nullptr;
}

std::vector<Var*> FuncLowerer::EmitCall(ir::Node* n, const std::vector<Var*>& into) {
  Call* call = arena_.New<Call>();
  ir::Type* signature = n->x->type;
  if (n->op == ir::kCallInter) {
    ir::Node* dot = n->x;
    call->kind = CallKind::kInterface;
    call->target = Cheap(Value(dot->x));
    call->method = static_cast<int>(dot->field->offset / 8);
    signature = dot->type;
  } else if (ir::Func* callee = StaticCallee(n->x)) {
    call->symbol = data().Intern(callee->link_name);
    call->func = callee;
    signature = callee->type;
  } else {
    call->kind = CallKind::kClosure;
    call->target = Value(n->x);
  }
  Exprs args = Values(n->list);
  call->args = arena_.Copy(args);
  std::vector<ir::Type*> result_types;
  for (const ir::Field& f : signature->underlying->results) result_types.push_back(f.type);
  std::vector<Var*> results = into;
  if (results.empty())
    for (ir::Type* t : result_types) results.push_back(Temp(t));
  call->results = arena_.Copy(results);
  call->result_types = arena_.Copy(result_types);
  call->noreturn = call->func && call->func->Has(ir::kFuncNeverReturns);
  if (call->kind == CallKind::kStatic && call->func && call->func->Has(ir::kFuncNoBody))
    call->site = AddSite(Site::kRuntime, nullptr, n);
  Stmt* s = NewStmt(StmtOp::kCall);
  s->call = call;
  Emit(s);
  for (ir::Node* kept : n->rlist) {
    Stmt* alive = NewStmt(StmtOp::kKeepAlive);
    alive->x = Copy(Use(LocalVar(kept->AsName())));
    Emit(alive);
  }
  return results;
}

std::vector<Var*> FuncLowerer::CallMany(ir::Node* n) {
  ir::SrcPos saved = pos_;
  if (n->pos.valid()) pos_ = n->pos;
  if (!n->init.empty()) Block(n->init);
  std::vector<Var*> results;
  if (n->op == ir::kInlCall) {
    Block(n->body);
    for (ir::Node* r : n->list) results.push_back(CopyToVar(Value(r)));
  } else {
    ir::Func* callee = n->op == ir::kCallFunc ? StaticCallee(n->x) : nullptr;
    if (!callee || !TryIntrinsicMany(n, callee, &results)) results = EmitCall(n, {});
  }
  pos_ = saved;
  return results;
}

Expr* FuncLowerer::CallValue(ir::Node* n) {
  if (n->op == ir::kInlCall) {
    Block(n->body);
    if (n->list.empty()) return Zero(types_.Bool());
    return Value(n->list[0]);
  }
  ir::Func* callee = n->op == ir::kCallFunc ? StaticCallee(n->x) : nullptr;
  if (callee) {
    if (callee->link_name == "runtime.KeepAlive") {
      Stmt* s = NewStmt(StmtOp::kKeepAlive);
      s->x = Cheap(Value(n->list[0]));
      Emit(s);
      return Zero(types_.Bool());
    }
    // It exists for escape analysis only; its operands are still evaluated.
    if (std::string_view(callee->link_name).starts_with("internal/abi.EscapeNonString[")) {
      for (ir::Node* argument : n->list) Cheap(Value(argument));
      return Zero(types_.Bool());
    }
    if (Expr* e = TryIntrinsic(n, callee)) return e;
  }
  std::vector<Var*> results = EmitCall(n, {});
  return results.empty() ? Zero(types_.Bool()) : Use(results[0]);
}

void FuncLowerer::Defer(ir::Node* n) {
  ir::Node* call = n->x;
  if (!call->init.empty()) Block(call->init);
  ENSURE(call->op == ir::kCallFunc && call->list.empty(), "deferred calls are closures without arguments");
  Expr* closure = Value(call->x);
  ir::Node* at = n->y ? n->y : call->y;
  if (at) {
    // A range-over-func body defers on behalf of the function around the loop.
    Expr* token = Value(at);
    RuntimeCall("deferprocat", {Retype(closure, types_.UnsafePointer()), token}, {},
                AddSite(Site::kDefer, nullptr, n));
    return;
  }
  Stmt* s = NewStmt(StmtOp::kDefer);
  s->x = closure;
  s->defer_kind = out_->open_defers           ? DeferKind::kOpen
                  : n->esc == ir::Esc::kNever ? DeferKind::kStack
                                              : DeferKind::kHeap;
  s->site = AddSite(Site::kDefer, nullptr, n);
  Emit(s);
}

void FuncLowerer::Go(ir::Node* n) {
  ir::Node* call = n->x;
  if (!call->init.empty()) Block(call->init);
  ENSURE(call->op == ir::kCallFunc && call->list.empty(), "go statements call closures without arguments");
  Stmt* s = NewStmt(StmtOp::kGo);
  s->x = Value(call->x);
  s->site = AddSite(Site::kGo, nullptr, n);
  Emit(s);
}

}  // namespace escapement::lower
