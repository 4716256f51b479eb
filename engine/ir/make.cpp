// Node constructors that do what gc's typecheck does to a fresh node: implicit
// dereferences and addresses, conversions, temporaries of calls.
#include "engine/base/check.h"
#include "engine/ir/body.h"

namespace escapement::ir {

bool HasUniquePos(const Node* n) {
  switch (n->op) {
    case kName:
      return false;
    case kType:
      if (n->type != nullptr && n->type->sym != nullptr) return false;
      break;
    default:
      break;
  }
  return n->pos.valid();
}

bool IsCallOrChan(const Node* n) {
  switch (n->op) {
    case kAppend:
    case kCall:
    case kCallFunc:
    case kCallInter:
    case kCallMeth:
    case kCap:
    case kClear:
    case kClose:
    case kComplex:
    case kCopy:
    case kDelete:
    case kImag:
    case kLen:
    case kMake:
    case kMax:
    case kMin:
    case kNew:
    case kPanic:
    case kPrint:
    case kPrintln:
    case kReal:
    case kRecover:
    case kRecv:
    case kUnsafeAdd:
    case kUnsafeSlice:
    case kUnsafeSliceData:
    case kUnsafeString:
    case kUnsafeStringData:
      return true;
    default:
      return false;
  }
}

Node* Body::Unary(Op op, SrcPos pos, Type* type, Node* x) {
  Node* n = New(op, pos, type);
  n->x = x;
  return n;
}

Node* Body::Binary(Op op, SrcPos pos, Type* type, Node* x, Node* y) {
  Node* n = New(op, pos, type);
  n->x = x;
  n->y = y;
  return n;
}

Node* Body::Literal(SrcPos pos, Type* type, base::Constant value) {
  Node* n = New(kLiteral, pos, type);
  n->value = value;
  return n;
}

Node* Body::IntLiteral(SrcPos pos, int64_t value, Type* type) {
  return Literal(pos, type != nullptr ? type : t.Int(), p.constants().MakeInt64(value));
}

base::Constant Body::FixValue(Type* type, base::Constant v) {
  base::ConstantPool& pool = p.constants();
  if (type->IsInteger()) {
    if (v.kind() == base::ConstantKind::kComplex) v = pool.Real(v);
    return pool.ToInt(v);
  }
  auto round = [&](base::Constant c, bool narrow) {
    c = pool.ToFloat(c);
    return pool.MakeFloat64(narrow ? static_cast<double>(pool.Float32Val(c)) : pool.Float64Val(c));
  };
  if (type->IsFloat()) {
    if (v.kind() == base::ConstantKind::kComplex) v = pool.Real(v);
    return round(v, type->kind == Kind::kFloat32);
  }
  if (type->IsComplex()) {
    v = pool.ToComplex(v);
    bool narrow = type->kind == Kind::kComplex64;
    return pool.MakeComplex(round(pool.Real(v), narrow), round(pool.Imag(v), narrow));
  }
  return v;
}

Node* Body::Zero(SrcPos pos, Type* type) {
  base::ConstantPool& pool = p.constants();
  if (type->HasNil()) return Nil(pos, type);
  if (type->IsInteger()) return IntLiteral(pos, 0, type);
  if (type->IsFloat()) return Literal(pos, type, pool.ToFloat(pool.MakeInt64(0)));
  if (type->IsComplex()) return Literal(pos, type, pool.ToComplex(pool.MakeInt64(0)));
  if (type->IsBoolean()) return Literal(pos, type, base::Constant::Bool(false));
  if (type->IsString()) return Literal(pos, type, pool.MakeString(""));
  ENSURE(type->IsArray() || type->IsStruct(), "zero value of " + t.Print(type));
  return New(type->IsArray() ? kArrayLit : kStructLit, pos, type);
}

Node* Body::TypeNode(SrcPos, Type* type) {
  Node* n = New(kType, {}, type);
  return n;
}

Node* Body::Addr(SrcPos pos, Node* x) {
  switch (x->op) {
    case kArrayLit:
    case kMapLit:
    case kSliceLit:
    case kStructLit:
      return Unary(kPtrLit, pos, t.Pointer(x->type), x);
    default:
      break;
  }
  if (Node* outer_value = OuterValue(x); outer_value->op == kName) {
    Name* name = outer_value->AsName();
    name->Mark(kNameAddrtaken);
    // Closures then capture the variable by reference.
    if (name->IsClosureVar() && !name->Byval()) name->Canonical()->Mark(kNameAddrtaken);
  }
  return Unary(kAddr, pos, t.Pointer(x->type), x);
}

Node* Body::Deref(SrcPos pos, Node* x) {
  return Unary(kDeref, pos, x->type->elem, x);
}

Node* Body::Decl(SrcPos pos, Name* name) {
  return Unary(kDcl, pos, nullptr, name);
}

Node* Body::DotField(SrcPos pos, Node* x, int index) {
  Op op = kDot;
  Type* type = x->type;
  if (type->IsPtr()) {
    op = kDotPtr;
    type = type->elem;
  }
  ENSURE(type->IsStruct(), "field of a type that is not a struct");
  type->Laid();
  Field& field = type->fields[static_cast<size_t>(index)];
  Node* n = Unary(op, pos, field.type, x);
  n->sym = field.sym;
  n->field = &field;
  return n;
}

Node* Body::ImplicitDots(SrcPos pos, Node* x, const Sym* sym, Field** found) {
  std::vector<Field*> path;
  bool ok = b.DotPath(sym, x->type, &path, found);
  ENSURE(ok, "no field or method " + std::string(sym->text()) + " in " + t.Print(x->type) + " in " +
                 fn->link_name);
  for (Field* step : path) {
    Type* type = x->type;
    bool pointer = type->IsPtr();
    if (pointer) type = type->elem;
    type->Laid();
    Node* dot = Unary(pointer ? kDotPtr : kDot, pos, step->type, x);
    dot->sym = step->sym;
    dot->field = step;
    dot->Set(kImplicit);
    x = dot;
  }
  return x;
}

Node* Body::Dot(SrcPos pos, Node* x, const Sym* sym) {
  Field* field = nullptr;
  x = ImplicitDots(pos, x, sym, &field);
  Type* type = x->type;
  bool pointer = type->IsPtr();
  if (pointer) type = type->elem;
  type->Laid();
  Node* n = Unary(pointer ? kDotPtr : kDot, pos, field->type, x);
  n->sym = sym;
  n->field = field;
  return n;
}

Type* Body::MethodType(Type* sig, Type* recv) {
  std::vector<Field> params;
  if (recv != nullptr) {
    Field f;
    f.type = recv;
    params.push_back(f);
  }
  for (const Field& param : sig->params) {
    Field f;
    f.type = param.type;
    params.push_back(f);
  }
  std::vector<Field> results;
  for (const Field& result : sig->results) {
    Field f;
    f.type = result.type;
    results.push_back(f);
  }
  return t.Func(nullptr, params, results, sig->variadic);
}

Node* Body::DotMethod(SrcPos pos, Node* x, const Sym* sym, bool callee) {
  Field* method = nullptr;
  x = ImplicitDots(pos, x, sym, &method);
  Node* n = New(kDotMeth, pos, method->type);
  n->sym = sym;
  n->field = method;
  Type* type = x->type;
  Type* base = type->IsPtr() ? type->elem : type;
  if (base->IsInterface()) {
    n->op = kDotInter;
    if (type->IsPtr()) x = Implicit(Deref(x->pos, x));
  } else {
    Type* recv = method->type->recv->type;
    if (!Identical(recv, type)) {
      if (recv->IsPtr() && Identical(recv->elem, type))
        x = Implicit(Addr(pos, x));
      else if (type->IsPtr() && Identical(type->elem, recv))
        x = Implicit(Deref(pos, x));
      else
        UNREACHABLE("receiver " + t.Print(type) + " of a method on " + t.Print(recv));
    }
  }
  n->x = x;
  if (!callee) {
    n->op = kMethValue;
    b.MentionMethodValue(x->type, sym);
    n->type = MethodType(method->type, nullptr);
  }
  return n;
}

Node* Body::MethodExprNode(SrcPos pos, Type* recv, const Sym* sym) {
  Field* method = b.LookupMethod(recv, sym);
  ENSURE(method != nullptr,
         "no method " + std::string(sym->text()) + " of " + t.Print(recv) + " in " + fn->link_name);
  Node* n = New(kMethExpr, pos, MethodType(method->type, recv));
  n->x = TypeNode({}, recv);
  n->sym = sym;
  n->field = method;
  return n;
}

namespace {

bool SameSimpleKind(Kind a, Kind b) {
  auto simple = [](Kind k) {
    if (k == Kind::kInt) return Kind::kInt64;
    if (k == Kind::kUint || k == Kind::kUintptr) return Kind::kUint64;
    return k;
  };
  return simple(a) == simple(b);
}

}  // namespace

Op Body::AssignOpFor(Type* src, Type* dst) {
  if (src == dst || Identical(src, dst)) return kConvNop;
  if (Identical(src->underlying, dst->underlying)) {
    if (src->IsEmptyInterface()) return kConvNop;
    if ((src->sym == nullptr || dst->sym == nullptr) && !src->IsInterface()) return kConvNop;
    if (src->IsShape() || dst->IsShape()) return kConvNop;
  }
  if (dst->IsInterface() && src->kind != Kind::kNil)
    return kConvIface;  // the checker has seen that it is one
  if (src->IsInterface()) return kXxx;
  if (src->IsChan() && src->dir == ChanDir::kBoth && dst->IsChan() && Identical(src->elem, dst->elem) &&
      (src->sym == nullptr || dst->sym == nullptr))
    return kConvNop;
  if (src->kind == Kind::kNil && dst->HasNil() && dst->kind != Kind::kUnsafePtr) return kConvNop;
  return kXxx;
}

Op Body::ConvertOpFor(bool, Type* src, Type* dst) {
  if (Op op = AssignOpFor(src, dst); op != kXxx) return op;
  if (src->IsInterface() || dst->IsInterface()) return kXxx;
  if (IdenticalIgnoreTags(src->underlying, dst->underlying)) return kConvNop;
  if (src->IsPtr() && dst->IsPtr() && src->sym == nullptr && dst->sym == nullptr &&
      IdenticalIgnoreTags(src->elem->underlying, dst->elem->underlying))
    return kConvNop;
  auto numeric = [](Type* x) { return x->IsInteger() || x->IsFloat(); };
  if (numeric(src) && numeric(dst)) return SameSimpleKind(src->kind, dst->kind) ? kConvNop : kConv;
  if (src->IsComplex() && dst->IsComplex()) return src->kind == dst->kind ? kConvNop : kConv;
  if ((numeric(src) || src->IsComplex()) && (numeric(dst) || dst->IsComplex())) return kConv;
  if (src->IsInteger() && dst->IsString()) return kRuneStr;
  if (src->IsSlice() && dst->IsString()) {
    if (src->elem->kind == Kind::kUint8) return kBytes2Str;
    if (src->elem->kind == Kind::kInt32) return kRunes2Str;
  }
  if (src->IsString() && dst->IsSlice()) {
    if (dst->elem->kind == Kind::kUint8) return kStr2Bytes;
    if (dst->elem->kind == Kind::kInt32) return kStr2Runes;
  }
  if ((src->IsPtr() || src->kind == Kind::kUintptr) && dst->IsUnsafePtr()) return kConvNop;
  if (src->IsUnsafePtr() && (dst->IsPtr() || dst->kind == Kind::kUintptr)) return kConvNop;
  if (src->IsSlice()) {
    if (dst->IsArray() && Identical(src->elem, dst->elem)) return kSlice2Arr;
    if (dst->IsPtr() && dst->elem->IsArray() && Identical(src->elem, dst->elem->elem)) return kSlice2ArrPtr;
  }
  return kXxx;
}

Node* Body::Conv(SrcPos pos, Type* type, Node* x, bool implicit) {
  Op op = ConvertOpFor(x->op == kLiteral, x->type, type);
  ENSURE(op != kXxx, "cannot convert " + t.Print(x->type) + " to " + t.Print(type) + " in " + fn->link_name);
  Node* n = Unary(op, pos, type, x);
  if (implicit) n->Set(kImplicit);
  Type* from = x->type;
  switch (op) {
    case kConvNop:
      // Conversions of floating point values round, so they stay.
      if (from->kind == type->kind && (from->IsFloat() || from->IsComplex())) n->op = kConv;
      break;
    case kStr2Runes:
      if (x->op == kLiteral) return RunesLiteral(n);
      break;
    case kBytes2Str:
      if (from->elem->canon != t.Basic(Kind::kUint8))
        n->x = Unary(kConvNop, x->pos, t.Slice(t.ByteType()), x);
      break;
    case kRunes2Str:
      if (from->elem->canon != t.Basic(Kind::kInt32))
        n->x = Unary(kConvNop, x->pos, t.Slice(t.RuneType()), x);
      break;
    default:
      break;
  }
  return n;
}

namespace {

// Decodes the rune at text[i], moving i behind it; invalid bytes give U+FFFD.
int64_t NextRune(std::string_view s, size_t& i) {
  auto byte = [&](size_t k) { return k < s.size() ? static_cast<unsigned char>(s[k]) : 0u; };
  unsigned c = byte(i);
  auto cont = [&](size_t k) { return (byte(k) & 0xC0) == 0x80; };
  if (c < 0x80) return ++i, c;
  if (c >= 0xC2 && c < 0xE0 && cont(i + 1)) {
    int64_t r = (c & 0x1F) << 6 | (byte(i + 1) & 0x3F);
    return i += 2, r;
  }
  if (c >= 0xE0 && c < 0xF0 && cont(i + 1) && cont(i + 2)) {
    int64_t r = (c & 0x0F) << 12 | (byte(i + 1) & 0x3F) << 6 | (byte(i + 2) & 0x3F);
    if (r >= 0x800 && (r < 0xD800 || r > 0xDFFF)) return i += 3, r;
  }
  if (c >= 0xF0 && c < 0xF5 && cont(i + 1) && cont(i + 2) && cont(i + 3)) {
    int64_t r =
        (c & 0x07) << 18 | (byte(i + 1) & 0x3F) << 12 | (byte(i + 2) & 0x3F) << 6 | (byte(i + 3) & 0x3F);
    if (r >= 0x10000 && r <= 0x10FFFF) return i += 4, r;
  }
  return ++i, 0xFFFD;
}

}  // namespace

Node* Body::RunesLiteral(Node* conv) {
  std::string_view text = conv->x->value.StringVal();
  NodeVec list;
  for (size_t i = 0; i < text.size();) {
    Node* key = New(kKey, conv->pos);
    key->x = IntLiteral(conv->pos, static_cast<int64_t>(list.size()));
    key->y = IntLiteral(conv->pos, NextRune(text, i), conv->type->elem);
    list.push_back(key);
  }
  Node* lit = New(kSliceLit, conv->pos, conv->type);
  lit->list = ToList(list);
  lit->n = static_cast<int64_t>(list.size());
  return lit;
}

Node* Body::AssignConv(Node* x, Type* type) {
  if (x == nullptr || x->type == nullptr || type == nullptr || type->kind == Kind::kBlank) return x;
  if (x->op == kNil && x->type->kind == Kind::kNil) {
    Node* n = ShallowCopy(p.arena(), x);
    n->type = type;
    return n;
  }
  if (Identical(x->type, type)) return x;
  Op op = AssignOpFor(x->type, type);
  ENSURE(op != kXxx, "cannot assign " + t.Print(x->type) + " to " + t.Print(type) + " in " + fn->link_name);
  return Implicit(Unary(op, x->pos, type, x));
}

Node* Body::Index(SrcPos pos, Node* x, Node* index) {
  if (x->type->IsPtr() && x->type->elem->IsArray()) x = Implicit(Deref(pos, x));
  Node* n = Binary(kIndex, pos, nullptr, x, index);
  if (x->type->IsMap()) {
    n->op = kIndexMap;
    n->y = AssignConv(index, x->type->key);
    n->type = x->type->elem;
  } else {
    n->type = x->type->IsString() ? t.ByteType() : x->type->elem;
  }
  return n;
}

Node* Body::AddString(SrcPos pos, Type* type, Node* x, Node* y) {
  NodeVec list;
  Node* add = x;
  if (x->op == kAddStr) {
    list.assign(x->list.begin(), x->list.end());
    x->pos = pos;
  } else {
    add = New(kAddStr, pos);
    list.push_back(x);
  }
  if (y->op == kAddStr)
    list.insert(list.end(), y->list.begin(), y->list.end());
  else
    list.push_back(y);
  add->list = ToList(list);
  add->type = type;
  return add;
}

Node* Body::WithInit(const NodeVec& init, Node* n) {
  if (init.empty()) return n;
  switch (n->op) {
    case kName:
    case kType:
    case kLiteral:
    case kNil:
      n = Unary(kConvNop, n->op == kName ? init.front()->pos : n->pos, n->type, n);
      break;
    default:
      break;
  }
  NodeVec all = init;
  all.insert(all.end(), n->init.begin(), n->init.end());
  n->init = ToList(all);
  return n;
}

void Body::AppendInit(Node* n, Node* stmt) {
  NodeVec all(n->init.begin(), n->init.end());
  all.push_back(stmt);
  n->init = ToList(all);
}

Name* Body::TempCopy(SrcPos pos, Node* expr, NodeVec& init) {
  Name* tmp = Temp(pos, expr->type);
  init.push_back(Decl(pos, tmp));
  init.push_back(Binary(kAs, pos, nullptr, tmp, expr));
  // gc's definition is an assignment of its own, so that the one in the tree counts as a reassignment.
  Node* defn = Binary(kAs, pos, nullptr, tmp, expr);
  defn->Set(kDef);
  tmp->defn = defn;
  return tmp;
}

void Body::FixVariadic(Node* call) {
  Type* type = call->x->type;
  if (!type->variadic || call->Has(kIsDDD)) return;
  size_t first = type->params.size() - 1;
  Type* slice = type->params[first].type;
  NodeVec args_list(call->list.begin(), call->list.end());
  NodeVec extra(args_list.begin() + static_cast<long>(first), args_list.end());
  args_list.resize(first);
  if (extra.empty()) {
    args_list.push_back(Nil(call->pos, slice));
  } else {
    Node* lit = New(kSliceLit, call->pos, slice);
    lit->Set(kImplicit);
    lit->n = static_cast<int64_t>(extra.size());
    for (Node*& e : extra) e = AssignConv(e, slice->elem);
    lit->list = ToList(extra);
    args_list.push_back(lit);
  }
  call->list = ToList(args_list);
  call->Set(kIsDDD);
}

void Body::FixMethod(Node* call) {
  if (call->x->op != kDotMeth) return;
  Node* dot = call->x;
  NodeVec args_list{dot->x};
  args_list.insert(args_list.end(), call->list.begin(), call->list.end());
  call->op = kCallFunc;
  call->x = MethodExprNode(dot->pos, dot->x->type, dot->field->sym);
  call->list = ToList(args_list);
}

void Body::RewriteNonName(Node* call) {
  Node** at = &call->x;
  if ((*at)->op == kDotMeth || (*at)->op == kDotInter || (*at)->op == kMethValue) at = &(*at)->x;
  if (!Any(*at, [](Node* n) { return n->op != kNew && IsCallOrChan(n); })) return;
  Name* tmp = Temp(call->pos, (*at)->type);
  Node* as = Binary(kAs, call->pos, nullptr, tmp, *at);
  as->init = p.NewList({Decl(call->pos, tmp)});
  tmp->defn = as;
  *at = tmp;
  AppendInit(call, as);
}

Node* Body::Call(SrcPos pos, Node* fun, NodeVec call_args, bool dots) {
  Node* call = New(kCallFunc, pos);
  call->x = fun;
  call->Set(kIsDDD, dots);
  RewriteNonName(call);
  fun = call->x;
  Type* type = fun->type;
  if (fun->op == kDotInter) call->op = kCallInter;
  for (size_t i = 0; i < call_args.size(); ++i) {
    bool ddd = type->variadic && i + 1 >= type->params.size();
    ENSURE(ddd || i < type->params.size(), "too many arguments in " + this->fn->link_name);
    Type* want = ddd && !dots ? type->params.back().type->elem : type->params[i].type;
    call_args[i] = AssignConv(call_args[i], want);
  }
  call->list = ToList(call_args);
  FixVariadic(call);
  FixMethod(call);
  if (type->results.size() == 1) {
    call->type = type->results[0].type;
    if (call->x->op == kName && call->x->AsName()->cls == Class::kFunc) {
      const Sym* sym = call->x->AsName()->name_sym;
      if (sym->text() == "getg" && sym->pkg != nullptr && sym->pkg->path == "runtime") call->op = kGetG;
    }
  } else if (type->results.size() > 1) {
    call->type = t.Results(type->results);
  }
  return call;
}

}  // namespace escapement::ir
