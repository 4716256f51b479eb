// Calls, go and defer.
#include "engine/lower/func_lowerer.h"

namespace escapement::lower {

namespace {

ir::Node* StripConversions(ir::Node* n) {
  while ((n->op == ir::kConvNop || n->op == ir::kParen) && n->init.empty()) n = n->x;
  return n;
}

struct IntrinsicEntry {
  std::string_view name;
  Intrinsic op;
};

// One result, operands as they are.
constexpr IntrinsicEntry kIntrinsics[] = {
    {"math.sqrt", Intrinsic::kSqrt},
    {"math.Sqrt", Intrinsic::kSqrt},
    {"math.Floor", Intrinsic::kFloor},
    {"math.Ceil", Intrinsic::kCeil},
    {"math.Trunc", Intrinsic::kTrunc},
    {"math.RoundToEven", Intrinsic::kRoundToEven},
    {"math.Abs", Intrinsic::kFabs},
    {"math.Copysign", Intrinsic::kCopysign},
    {"math.FMA", Intrinsic::kFma},
    {"math/bits.TrailingZeros64", Intrinsic::kTrailingZeros64},
    {"math/bits.TrailingZeros", Intrinsic::kTrailingZeros64},
    {"math/bits.TrailingZeros32", Intrinsic::kTrailingZeros32},
    {"internal/runtime/sys.TrailingZeros64", Intrinsic::kTrailingZeros64},
    {"internal/runtime/sys.TrailingZeros32", Intrinsic::kTrailingZeros32},
    {"math/bits.Len64", Intrinsic::kLen64},
    {"math/bits.Len", Intrinsic::kLen64},
    {"math/bits.Len32", Intrinsic::kLen64},
    {"math/bits.Len16", Intrinsic::kLen64},
    {"math/bits.Len8", Intrinsic::kLen64},
    {"internal/runtime/sys.Len64", Intrinsic::kLen64},
    {"internal/runtime/sys.Len8", Intrinsic::kLen64},
    {"math/bits.OnesCount64", Intrinsic::kOnesCount64},
    {"math/bits.OnesCount32", Intrinsic::kOnesCount64},
    {"math/bits.OnesCount", Intrinsic::kOnesCount64},
    {"internal/runtime/sys.OnesCount64", Intrinsic::kOnesCount64},
    {"math/bits.ReverseBytes64", Intrinsic::kBswap64},
    {"math/bits.ReverseBytes32", Intrinsic::kBswap32},
    {"internal/runtime/sys.Bswap64", Intrinsic::kBswap64},
    {"internal/runtime/sys.Bswap32", Intrinsic::kBswap32},
    {"math/bits.RotateLeft64", Intrinsic::kRotateLeft64},
    {"math/bits.RotateLeft", Intrinsic::kRotateLeft64},
    {"math/bits.RotateLeft32", Intrinsic::kRotateLeft32},
};

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

bool FuncLowerer::TryIntrinsicName(std::string_view name) {
  if (name == "internal/abi.FuncPCABI0" || name == "internal/abi.FuncPCABIInternal") return true;
  for (const IntrinsicEntry& e : kIntrinsics)
    if (e.name == name) return true;
  return false;
}

Expr* FuncLowerer::TryIntrinsic(ir::Node* n, ir::Func* callee) {
  std::string_view name = callee->link_name;
  if (name == "internal/abi.FuncPCABI0" || name == "internal/abi.FuncPCABIInternal") {
    ir::Node* f = n->list[0];
    if (f->op == ir::kConvIface) f = f->x;
    if (ir::Func* target = StaticCallee(f)) return Symbol(data().Intern(target->link_name), 0, n->type);
    Expr* value = Value(n->list[0]);
    Expr* closure = value->type->IsInterface() ? IData(value) : Retype(value, types_.UnsafePointer());
    return Copy(Load(n->type, closure));
  }
  for (const IntrinsicEntry& e : kIntrinsics) {
    if (e.name != name) continue;
    Exprs args = Values(n->list);
    Expr* x = New(Op::kIntrinsic, n->type);
    x->value = static_cast<uint64_t>(e.op);
    x->args = arena_.Copy(args);
    return x;
  }
  return nullptr;
}

bool FuncLowerer::TryIntrinsicMany(ir::Node* n, ir::Func* callee, std::vector<Var*>* results) {
  std::string_view name = callee->link_name;
  if (name != "math/bits.Mul64" && name != "math/bits.Mul" && name != "internal/runtime/math.Mul64")
    return false;
  Exprs args = Values(n->list);
  Expr* x = Cheap(args[0]);
  Expr* y = Cheap(args[1]);
  Expr* high = New(Op::kIntrinsic, x->type);
  high->value = static_cast<uint64_t>(Intrinsic::kMulHigh64);
  Exprs operands{x, y};
  high->args = arena_.Copy(operands);
  *results = {CopyToVar(high), CopyToVar(Binary(Op::kMul, x, y))};
  return true;
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
