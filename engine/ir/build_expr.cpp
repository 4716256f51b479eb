// Expressions.
#include "engine/base/check.h"
#include "engine/ir/body.h"
#include "engine/types/operand.h"
#include "engine/types/predicates.h"
#include "engine/types/typeset.h"

namespace escapement::ir {

using syntax::As;
using syntax::To;
using NodeKind = syntax::NodeKind;

bool Builder::Impl::Assignable(types::Type* from, types::Type* to) {
  if (types::Identical(from, to)) return true;
  types::Operand x;
  x.mode = types::Mode::kValue;
  x.type = from;
  return types::AssignableTo(context(), x, to, nullptr);
}

namespace {

// The type gc gives a constant: untyped ones that no context typed get one (noder's idealType).
types::Type* IdealType(base::ConstantPool& pool, types::Type* type, base::Constant value) {
  auto* basic = types::As<types::Basic>(types::Unalias(type));
  if (basic == nullptr || (basic->info & types::kIsUntyped) == 0) return type;
  switch (basic->basic) {
    case types::BasicKind::kUntypedInt:
    case types::BasicKind::kUntypedFloat:
    case types::BasicKind::kUntypedComplex:
      return types::Typ(pool.Sign(pool.ToInt(value)) < 0 ? types::BasicKind::kInt : types::BasicKind::kUint);
    case types::BasicKind::kUntypedBool:
      return types::Typ(types::BasicKind::kBool);
    case types::BasicKind::kUntypedString:
      return types::Typ(types::BasicKind::kString);
    case types::BasicKind::kUntypedRune:
      return types::Typ(types::BasicKind::kInt32);
    default:
      return type;
  }
}

}  // namespace

Node* Body::Constant(syntax::Expr* expr) {
  Type* type = TypeOf(IdealType(p.constants(), TypeOfExpr(expr), expr->value));
  base::Constant value = FixValue(type, expr->value);
  return Literal(Pos(expr->pos), type, value);
}

Name* Body::Variable(diag::Pos pos, types::Var* var) {
  if (auto it = locals.find(var); it != locals.end()) return it->second;
  if (auto it = captured.find(var); it != captured.end()) return it->second;
  ENSURE(outer != nullptr, "variable " + var->name.str() + " is not in scope in " + fn->link_name);
  Name* around = outer->Variable(pos, var);
  Name* name = p.NewClosureVar(fn, outer->Pos(pos), around);
  source->captured.push_back(var);
  captured[var] = name;
  return name;
}

Node* Body::Expr(syntax::Expr* expr) {
  expr = Unparen(expr);
  if (expr->value.has_value()) return Constant(expr);
  if (auto* name = As<syntax::Name>(static_cast<syntax::Node*>(expr)))
    if (types::As<types::Nil>(name->object) != nullptr) return Zero(Pos(expr->pos), TypeOf(TypeOfExpr(expr)));
  // gc reads an expression's type before the expression: the order shows in the methods of instances.
  types::Type* type = TypeOfExpr(expr);
  bool valued = type != nullptr && expr->mode != syntax::ExprMode::kBuiltin &&
                expr->mode != syntax::ExprMode::kNoValue && types::As<types::Tuple>(type) == nullptr;
  Type* want = valued && !IsUntypedBasic(type) ? TypeOf(type) : nullptr;
  Node* n = Expr0(expr);
  if (want == nullptr) {
    // Comparisons in conditions: gc defaults them where they are used.
    if (valued && n->type == nullptr) n->type = t.Bool();
    return n;
  }
  // With shape types an expression may have another spelling of the wanted type.
  if (n->type == nullptr) {
    n->type = want;
  } else if (!IdenticalStrict(n->type, want) && n->op != kName) {
    n->type = want;
  }
  return n;
}

Node* Body::Expr0(syntax::Expr* expr) {
  ObjectUse use = LookupObject(expr);
  if (use.object != nullptr) {
    if (use.instance != nullptr && !use.instance->targs.empty()) {
      auto* func = types::As<types::Func>(use.object);
      ENSURE(func != nullptr, "instance of something that is not a function");
      FuncRef ref = FuncInst(Pos(expr->pos), func, use.instance->targs);
      if (ref.wrapper != nullptr) return ref.wrapper;
      return Curry(expr->pos, false, ref.base, ref.dictionary, nullptr);
    }
    if (auto* func = types::As<types::Func>(use.object)) return b.DeclaredFunc(func)->nname;
    auto* var = types::As<types::Var>(use.object);
    ENSURE(var != nullptr, "expression of an object that is neither variable nor function");
    if (IsGlobal(var)) return b.GlobalName(var);
    return Variable(expr->pos, var);
  }
  switch (expr->kind) {
    case NodeKind::kCompositeLit:
      return CompositeLit(To<syntax::CompositeLit>(expr));
    case NodeKind::kFuncLit:
      return FuncLit(To<syntax::FuncLit>(expr));
    case NodeKind::kSelectorExpr:
      return Selector(To<syntax::SelectorExpr>(expr));
    case NodeKind::kIndexExpr:
      return IndexExpr(To<syntax::IndexExpr>(expr));
    case NodeKind::kSliceExpr:
      return SliceExpr(To<syntax::SliceExpr>(expr));
    case NodeKind::kAssertExpr:
      return AssertExpr(To<syntax::AssertExpr>(expr));
    case NodeKind::kOperation:
      return Operation(To<syntax::Operation>(expr));
    case NodeKind::kCallExpr:
      return CallExpr(To<syntax::CallExpr>(expr));
    default:
      UNREACHABLE("kind of expression " + std::string(KindName(expr->kind)));
  }
}

// ---- selectors

Node* Body::Selector(syntax::SelectorExpr* expr) {
  const types::Selection* sel = expr->selection;
  ENSURE(sel != nullptr, "selector without selection");
  switch (sel->kind) {
    case types::SelectionKind::kFieldVal: {
      Node* x = Expr(expr->x);
      return Dot(Pos(expr->pos), x, b.SelectorOf(sel->object));
    }
    case types::SelectionKind::kMethodVal:
      return MethodValue(expr);
    case types::SelectionKind::kMethodExpr:
      return MethodExpr(expr);
  }
  UNREACHABLE("kind of selection");
}

namespace {

bool IsPointerTo(types::Type* from, types::Type* to) {
  auto* pointer = types::As<types::Pointer>(types::Unalias(from));
  return pointer != nullptr && types::Identical(pointer->base, to);
}

types::Type* FieldType(types::Type* type, int index) {
  auto* s = types::Under<types::Struct>(types::Deref(type));
  return s->fields[static_cast<size_t>(index)]->type;
}

}  // namespace

Node* Body::ReceiverExpr(syntax::SelectorExpr* expr, types::Type** out) {
  const types::Selection* sel = expr->selection;
  SrcPos pos = Pos(expr->pos);
  Node* x = Expr(expr->x);
  types::Type* type = TypeOfExpr(expr->x);
  for (int index : sel->index.first(sel->index.size() - 1)) {
    type = FieldType(type, index);
    x = Implicit(DotField(pos, x, index));
  }
  auto* func = static_cast<types::Func*>(sel->object);
  b.Resolve(func);
  types::Var* recv_var = func->signature()->recv;
  if (recv_var != nullptr) {
    types::Type* recv = recv_var->type;
    if (IsPointerTo(type, recv)) {
      x = Implicit(Deref(pos, x));
      type = recv;
    } else if (IsPointerTo(recv, type)) {
      x = Implicit(Addr(pos, x));
      type = recv;
    }
  }
  *out = type;
  return x;
}

types::Type* Body::ReceiverType(syntax::SelectorExpr* expr) {
  const types::Selection* sel = expr->selection;
  types::Type* type = TypeOfExpr(expr->x);
  for (int index : sel->index.first(sel->index.size() - 1)) type = FieldType(type, index);
  auto* func = static_cast<types::Func*>(sel->object);
  b.Resolve(func);
  if (types::Var* var = func->signature()->recv)
    if (IsPointerTo(type, var->type) || IsPointerTo(var->type, type)) return var->type;
  return type;
}

Node* Body::MethodValue(syntax::SelectorExpr* expr) {
  types::Type* type = nullptr;
  Node* recv = ReceiverExpr(expr, &type);
  SrcPos pos = Pos(expr->pos);
  FuncRef ref = MethodRef(pos, type, expr->selection);
  if (ref.wrapper != nullptr && ref.wrapper->op == kMethExpr) {
    if (recv->type->HasShape()) {
      Type* plain = ref.wrapper->type->params[0].type;
      recv = Unary(kConvNop, recv->pos, plain, recv);
    }
    return DotMethod(pos, recv, ref.wrapper->sym, false);
  }
  return Curry(expr->pos, true, ref.base, recv, ref.dictionary);
}

Node* Body::MethodExpr(syntax::SelectorExpr* expr) {
  const types::Selection* sel = expr->selection;
  types::Type* type = TypeOfExpr(expr->x);
  Type* recv = TypeOf(type);
  std::span<const int> implicits = sel->index.first(sel->index.size() - 1);
  for (int index : implicits) type = FieldType(type, index);
  auto* func = static_cast<types::Func*>(sel->object);
  b.Resolve(func);
  bool deref = false, addr = false;
  if (types::Var* var = func->signature()->recv) {
    if (IsPointerTo(type, var->type)) {
      deref = true;
      type = var->type;
    } else if (IsPointerTo(var->type, type)) {
      addr = true;
      type = var->type;
    }
  }
  SrcPos pos = Pos(expr->pos);
  FuncRef ref = MethodRef(pos, type, sel);
  if (ref.wrapper != nullptr && implicits.empty() && !deref && !addr) return ref.wrapper;
  if (ref.wrapper != nullptr && ref.wrapper->op == kMethExpr && !recv->HasShape())
    return MethodExprNode(pos, recv, ref.wrapper->sym);
  return MethodExprWrap(expr->pos, recv, implicits, deref, addr, ref.base, ref.dictionary);
}

// ---- index, slice, assertion

Node* Body::IndexExpr(syntax::IndexExpr* expr) {
  types::Type* xtype = TypeOfExpr(expr->x);
  auto* map = types::As<types::Map>(Core(xtype));
  Node* x = Expr(expr->x);
  SrcPos pos = Pos(expr->pos);
  Node* index = ImplicitConv(map != nullptr ? map->key : nullptr, expr->index);
  Node* n = Index(pos, x, index);
  if (n->op == kIndexMap)
    if (Node* rtype = DerivedRtype(pos, xtype)) Hidden(n)->rtype = rtype;
  return n;
}

Node* Body::SliceExpr(syntax::SliceExpr* expr) {
  Node* n = New(kSlice, Pos(expr->pos));
  Node* x = Expr(expr->x);
  n->y = OptExpr(expr->index[0]);
  n->z = OptExpr(expr->index[1]);
  n->w = OptExpr(expr->index[2]);
  bool full = n->w != nullptr;
  if (x->type->IsArray()) x = Implicit(Addr(n->pos, x));
  n->x = x;
  if (x->type->IsString()) {
    n->op = kSliceStr;
    n->type = x->type;
  } else if (x->type->IsPtr() && x->type->elem->IsArray()) {
    n->op = full ? kSlice3Arr : kSliceArr;
    n->type = t.Slice(x->type->elem->elem);
  } else {
    n->op = full ? kSlice3 : kSlice;
    n->type = x->type;
  }
  return n;
}

Node* Body::AssertExpr(syntax::AssertExpr* expr) {
  types::Type* iface = TypeOfExpr(expr->x);
  Node* x = Expr(expr->x);
  SrcPos pos = Pos(expr->pos);
  Node* type = ExprType(iface, expr->type_expr);
  if (type->op == kDynamicType) {
    Node* n = Unary(kDynamicDotType, pos, type->type, x);
    n->y = Rtype(pos, iface);
    n->z = type->x;
    n->w = type->y;
    return n;
  }
  DerivedRtype(pos, iface);
  return Unary(kDotType, pos, type->type, x);
}

// ---- operators

Op BinaryOpOf(syntax::Operator op) {
  using O = syntax::Operator;
  switch (op) {
    case O::kOrOr:
      return kOrOr;
    case O::kAndAnd:
      return kAndAnd;
    case O::kEql:
      return kEq;
    case O::kNeq:
      return kNe;
    case O::kLss:
      return kLt;
    case O::kLeq:
      return kLe;
    case O::kGtr:
      return kGt;
    case O::kGeq:
      return kGe;
    case O::kAdd:
      return kAdd;
    case O::kSub:
      return kSub;
    case O::kOr:
      return kOr;
    case O::kXor:
      return kXor;
    case O::kMul:
      return kMul;
    case O::kDiv:
      return kDiv;
    case O::kRem:
      return kMod;
    case O::kAnd:
      return kAnd;
    case O::kAndNot:
      return kAndNot;
    case O::kShl:
      return kLsh;
    case O::kShr:
      return kRsh;
    default:
      UNREACHABLE("binary operator");
  }
}

Node* Body::Operation(syntax::Operation* expr) {
  using O = syntax::Operator;
  SrcPos pos = Pos(expr->pos);
  if (expr->y == nullptr) {
    Node* x = Expr(expr->x);
    switch (expr->op) {
      case O::kAnd:
        return Addr(pos, x);
      case O::kMul:
        return Deref(pos, x);
      case O::kRecv:
        return Unary(kRecv, pos, x->type->elem, x);
      case O::kNot:
        return Unary(kNot, pos, x->type, x);
      case O::kXor:
        return Unary(kBitNot, pos, x->type, x);
      case O::kAdd:
        return Unary(kPlus, pos, x->type, x);
      case O::kSub:
        return Unary(kNeg, pos, x->type, x);
      default:
        UNREACHABLE("unary operator");
    }
  }
  types::Type* common = nullptr;
  if (!IsShift(expr->op)) {
    types::Type *x = TypeOfExpr(expr->x), *y = TypeOfExpr(expr->y);
    common = b.Assignable(x, y) ? y : x;
  }
  Op op = BinaryOpOf(expr->op);
  Node* x = ImplicitConv(common, expr->x);
  Node* y = ImplicitConv(common, expr->y);
  if (IsComparison(op)) return Binary(op, pos, nullptr, x, y);
  if (op == kAdd && x->type->IsString()) return AddString(pos, x->type, x, y);
  return Binary(op, pos, x->type, x, y);
}

// ---- conversions

Node* Body::ConvertTo(types::Type* dst, syntax::Expr* expr, bool implicit) {
  types::Type* src = TypeOfExpr(expr);
  bool identical = dst == nullptr || src == nullptr || types::Identical(src, dst);
  if (implicit && identical) return Expr(expr);
  SrcPos pos = Pos(Unparen(expr)->pos);
  pos = Pos(expr->pos);
  Type* type = TypeOf(dst);
  Node *word = nullptr, *source_type = nullptr;
  if (args != nullptr || b.mentioned.recording)
    ConvRtti(pos, types::Default(src), types::Default(dst), &word, &source_type);
  Node* x = Expr(expr);
  if (x->op == kNil && x->type->kind == Kind::kNil) x->type = type;
  if (x->op == kLiteral && !types::IsTyped(src)) x = LiteralAs(x, type);
  Node* n = Conv(pos, type, x, implicit);
  if (word != nullptr || source_type != nullptr) {
    Hidden(n)->type_word = word;
    Hidden(n)->src_rtype = source_type;
  }
  // Conversions between non-empty interfaces make another itab, also where shapes hide the difference.
  if (!identical && n->op == kConvNop && n->type->IsInterface() && !n->type->IsEmptyInterface() &&
      (n->type->HasShape() || n->x->type->HasShape()))
    n->op = kConvIface;
  return n;
}

// gc's convlit for an untyped constant, then its folding of conversions of constants.
Node* Body::LiteralAs(Node* x, Type* type) {
  if (type->IsString() && x->type->IsInteger()) return x;
  if (!type->IsInterface() &&
      (type->IsInteger() || type->IsFloat() || type->IsComplex() || type->IsBoolean() || type->IsString()))
    return Literal(x->pos, type, FixValue(type, x->value));
  return x;
}

NodeVec Body::MultiExpr(SrcPos pos, const std::function<types::Type*(size_t)>& dst,
                        std::span<syntax::Expr* const> exprs) {
  NodeVec out;
  if (exprs.size() == 1) {
    if (auto* tuple = types::As<types::Tuple>(TypeOfExpr(exprs[0]))) {
      Node* call = Expr(exprs[0]);
      NodeVec temps, init;
      for (size_t i = 0; i < tuple->vars.size(); ++i) {
        types::Type* src = tuple->vars[i]->type;
        Name* tmp = Temp(pos, TypeOf(src));
        temps.push_back(tmp);
        init.push_back(Decl(pos, tmp));
        Node* result = tmp;
        types::Type* want = dst(i);
        if (want != nullptr && !types::Identical(src, want)) {
          Type* type = TypeOf(want);
          Node *word = nullptr, *source_type = nullptr;
          ConvRtti(pos, src, want, &word, &source_type);
          result = Conv(pos, type, tmp, true);
          if (word != nullptr || source_type != nullptr) {
            Hidden(result)->type_word = word;
            Hidden(result)->src_rtype = source_type;
          }
        }
        out.push_back(result);
      }
      Node* as = NewAssignList(pos, temps, {call});
      as->Set(kDef);
      as->init = ToList(init);
      for (Node* tmp : temps) tmp->AsName()->defn = as;
      out[0] = WithInit({as}, out[0]);
      return out;
    }
  }
  for (size_t i = 0; i < exprs.size(); ++i) out.push_back(ImplicitConv(dst(i), exprs[i]));
  return out;
}

}  // namespace escapement::ir
