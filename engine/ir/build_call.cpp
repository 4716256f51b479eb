// Calls: functions, methods, conversions, built-ins.
#include "engine/base/check.h"
#include "engine/ir/body.h"
#include "engine/types/predicates.h"

namespace escapement::ir {

using syntax::As;
using syntax::To;

NodeVec Body::CallArgs(syntax::CallExpr* expr) {
  auto* sig_type = types::As<types::Signature>(Core(TypeOfExpr(expr->fun)));
  ENSURE(sig_type != nullptr, "call of something without signature");
  std::span<types::Var*> params = sig_type->param_vars();
  auto param_type = [&](size_t i) -> types::Type* {
    if (sig_type->variadic && !expr->has_dots && i + 1 >= params.size()) {
      types::Type* last = params.back()->type;
      if (auto* slice = types::As<types::Slice>(types::Unalias(last))) return slice->elem;
      return types::As<types::Slice>(Core(last))->elem;
    }
    return params[i]->type;
  };
  return MultiExpr(Pos(expr->pos), param_type, expr->args);
}

Node* Body::CallExpr(syntax::CallExpr* expr) {
  syntax::Expr* fun = Unparen(expr->fun);
  SrcPos pos = Pos(expr->pos);
  if (fun->mode == syntax::ExprMode::kTypeExpr) return ConvertTo(TypeOfExpr(fun), expr->args[0], false);
  ObjectUse use = LookupObject(fun);
  if (auto* builtin = types::As<types::Builtin>(use.object)) return BuiltinCall(expr, builtin);

  Node* callee = nullptr;
  NodeVec list;
  auto* selector = As<syntax::SelectorExpr>(static_cast<syntax::Node*>(fun));
  if (selector != nullptr && selector->selection != nullptr &&
      selector->selection->kind == types::SelectionKind::kMethodVal) {
    types::Type* type = nullptr;
    Node* recv = ReceiverExpr(selector, &type);
    FuncRef ref = MethodRef(Pos(selector->pos), type, selector->selection);
    if (recv->type->IsInterface() && ref.base->op == kMethExpr) {
      callee = DotMethod(ref.base->pos, recv, ref.base->sym, true);
    } else {
      if (recv->type->IsInterface() && b.mentioned.recording && b.on_imprecise_call)
        b.on_imprecise_call(ref.base->pos);
      callee = ref.base;
      list.push_back(recv);
    }
    if (ref.dictionary != nullptr) list.push_back(ref.dictionary);
  } else if (use.instance != nullptr && !use.instance->targs.empty()) {
    FuncRef ref = FuncInst(Pos(fun->pos), static_cast<types::Func*>(use.object), use.instance->targs);
    callee = ref.base;
    list.push_back(ref.dictionary);
  } else {
    callee = Expr(fun);
  }
  NodeVec rest = CallArgs(expr);
  list.insert(list.end(), rest.begin(), rest.end());
  return Call(pos, callee, list, expr->has_dots);
}

Node* Body::MakeCall(syntax::CallExpr* expr) {
  SrcPos pos = Pos(expr->pos);
  Node* type_node = ExprType(nullptr, expr->args[0]);
  Type* type = type_node->type;
  NodeVec extra;
  for (syntax::Expr* e : expr->args.subspan(1)) extra.push_back(Expr(e));
  Node* n = New(kMakeSlice, pos, type);
  types::Type* source_type = TypeOfExpr(expr);
  types::Type* described = source_type;
  if (type->IsSlice()) {
    n->x = extra[0];
    n->y = extra.size() > 1 ? extra[1] : nullptr;
    described = types::As<types::Slice>(Core(source_type))->elem;
  } else {
    n->op = type->IsMap() ? kMakeMap : kMakeChan;
    n->x = extra.empty() ? IntLiteral(pos, 0) : extra[0];
    if (extra.empty()) n->x->Set(kImplicit);  // messages do not show it
  }
  if (Node* rtype = DerivedRtype(pos, described)) Hidden(n)->rtype = rtype;
  return n;
}

Node* Body::NewCall(syntax::CallExpr* expr) {
  SrcPos pos = Pos(expr->pos);
  syntax::Expr* arg = expr->args[0];
  if (arg->mode == syntax::ExprMode::kTypeExpr) {
    Node* type = ExprType(nullptr, arg);
    return Unary(kNew, pos, t.Pointer(type->type), type);
  }
  // new(expr): tmp := expr; &tmp
  Node* x = Expr(arg);
  NodeVec init;
  Name* tmp = TempCopy(pos, x, init);
  Node* addr = Addr(pos, tmp);
  addr->init = ToList(init);
  return addr;
}

Node* Body::UnsafeConstant(syntax::CallExpr* expr, types::Builtin* builtin) {
  SrcPos pos = Pos(expr->pos);
  if (builtin->id == types::BuiltinId::kUnsafeOffsetof) {
    auto* selector = To<syntax::SelectorExpr>(Unparen(expr->args[0]));
    Type* type = TypeOf(types::Deref(TypeOfExpr(selector->x)));
    int64_t offset = 0;
    for (int index : selector->selection->index) {
      if (type->IsPtr()) type = type->elem;
      type->Laid();
      const Field& f = type->fields[static_cast<size_t>(index)];
      offset += f.offset;
      type = f.type;
    }
    return IntLiteral(pos, offset, t.Uintptr());
  }
  Type* type = TypeOf(TypeOfExpr(expr->args[0]));
  int64_t value = builtin->id == types::BuiltinId::kUnsafeSizeof ? type->Size() : type->Align();
  return IntLiteral(pos, value, t.Uintptr());
}

Node* Body::BuiltinCall(syntax::CallExpr* expr, types::Builtin* builtin) {
  using B = types::BuiltinId;
  SrcPos pos = Pos(expr->pos);
  switch (builtin->id) {
    case B::kMake:
      return MakeCall(expr);
    case B::kNew:
      return NewCall(expr);
    case B::kUnsafeSizeof:
    case B::kUnsafeAlignof:
    case B::kUnsafeOffsetof:
      return UnsafeConstant(expr, builtin);
    default:
      break;
  }
  NodeVec list = CallArgs(expr);
  auto slice_elem = [&](types::Type* type) -> types::Type* {
    if (auto* tuple = types::As<types::Tuple>(type)) type = tuple->vars[0]->type;
    auto* slice = types::As<types::Slice>(Core(type));
    return slice != nullptr ? slice->elem : nullptr;
  };
  // Statements of a multi-valued argument run before the operation.
  auto spread = [&](Node* n) { return n; };
  auto call_node = [&](Op op, Type* type) {
    Node* n = New(op, pos, type);
    n->list = ToList(list);
    return n;
  };
  auto hidden = [&](Node* n, types::Type* type) {
    if (type == nullptr) return n;
    if (Node* rtype = DerivedRtype(pos, type)) Hidden(n)->rtype = rtype;
    return n;
  };
  switch (builtin->id) {
    case B::kAppend: {
      Node* n = call_node(kAppend, list[0]->type);
      n->Set(kIsDDD, expr->has_dots);
      if (expr->has_dots) {
        Node* last = list[1];
        if (last->op == kConvNop && last->Has(kImplicit)) n->list[1] = last->x;
      } else {
        for (Node*& arg : n->list.subspan(1)) arg = AssignConv(arg, n->type->elem);
      }
      return hidden(n, slice_elem(TypeOfExpr(expr)));
    }
    case B::kCap:
      return spread(Unary(kCap, pos, t.Int(), list[0]));
    case B::kLen:
      return spread(Unary(kLen, pos, t.Int(), list[0]));
    case B::kClear:
      return Unary(kClear, pos, nullptr, list[0]);
    case B::kClose:
      return Unary(kClose, pos, nullptr, list[0]);
    case B::kPanic:
      return Unary(kPanic, pos, nullptr, AssignConv(list[0], t.EmptyInterface()));
    case B::kComplex: {
      Type* type = t.Basic(list[0]->type->kind == Kind::kFloat32 ? Kind::kComplex64 : Kind::kComplex128);
      return Binary(kComplex, pos, type, list[0], list[1]);
    }
    case B::kReal:
    case B::kImag: {
      Type* type = t.Basic(list[0]->type->kind == Kind::kComplex64 ? Kind::kFloat32 : Kind::kFloat64);
      return Unary(builtin->id == B::kReal ? kReal : kImag, pos, type, list[0]);
    }
    case B::kCopy:
      return hidden(Binary(kCopy, pos, t.Int(), list[0], list[1]), slice_elem(TypeOfExpr(expr->args[0])));
    case B::kDelete: {
      types::Type* type = TypeOfExpr(expr->args[0]);
      if (auto* tuple = types::As<types::Tuple>(type)) type = tuple->vars[0]->type;
      list[1] = AssignConv(list[1], list[0]->type->key);
      return hidden(call_node(kDelete, nullptr), type);
    }
    case B::kMax:
      return call_node(kMax, list[0]->type);
    case B::kMin:
      return call_node(kMin, list[0]->type);
    case B::kPrint:
      return call_node(kPrint, nullptr);
    case B::kPrintln:
      return call_node(kPrintln, nullptr);
    case B::kRecover:
      return call_node(kRecover, t.EmptyInterface());
    case B::kUnsafeAdd:
      return Binary(kUnsafeAdd, pos, list[0]->type, list[0], list[1]);
    case B::kUnsafeSlice:
      return hidden(Binary(kUnsafeSlice, pos, t.Slice(list[0]->type->elem), list[0], list[1]),
                    slice_elem(TypeOfExpr(expr)));
    case B::kUnsafeSliceData:
      return Unary(kUnsafeSliceData, pos, t.Pointer(list[0]->type->elem), list[0]);
    case B::kUnsafeString:
      return Binary(kUnsafeString, pos, t.String(), list[0], list[1]);
    case B::kUnsafeStringData:
      return Unary(kUnsafeStringData, pos, t.Pointer(t.ByteType()), list[0]);
    default:
      UNREACHABLE("built-in function");
  }
}

}  // namespace escapement::ir
