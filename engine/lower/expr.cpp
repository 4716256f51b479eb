// Expressions: variables, operators, selectors, indexing, slicing. Operands that need statements emit
// them first, left to right; what is returned is pure and is evaluated where it is used, as gc's order
// and walk leave it.
#include "engine/lower/func_lowerer.h"

namespace escapement::lower {

namespace {

Op ArithOp(ir::Op op) {
  switch (op) {
    case ir::kAdd:
      return Op::kAdd;
    case ir::kSub:
      return Op::kSub;
    case ir::kMul:
      return Op::kMul;
    case ir::kDiv:
      return Op::kDiv;
    case ir::kMod:
      return Op::kMod;
    case ir::kAnd:
      return Op::kAnd;
    case ir::kOr:
      return Op::kOr;
    case ir::kXor:
      return Op::kXor;
    case ir::kAndNot:
      return Op::kAndNot;
    default:
      UNREACHABLE("not an arithmetic operator");
  }
}

// Operations whose value is read from the place that they denote.
bool IsPlaceOp(ir::Op op) {
  return op == ir::kDeref || op == ir::kDot || op == ir::kDotPtr || op == ir::kIndex;
}

}  // namespace

Expr* FuncLowerer::Value(ir::Node* n) {
  ir::SrcPos saved = pos_;
  if (n->op != ir::kName && n->op != ir::kLiteral && n->pos.valid()) pos_ = n->pos;
  if (n->op != ir::kName && !n->init.empty() && !IsPlaceOp(n->op)) Block(n->init);
  Expr* e = Value1(n);
  pos_ = saved;
  return e;
}

Exprs FuncLowerer::Values(ir::List list) {
  Exprs out;
  for (ir::Node* n : list) out.push_back(Value(n));
  return out;
}

Expr* FuncLowerer::Value1(ir::Node* n) {
  switch (n->op) {
    case ir::kName:
      return VarPlace(n->AsName());
    case ir::kLiteral:
      return Literal(n->value, n->type);
    case ir::kNil:
      return Zero(n->type);
    case ir::kType:
      return TypeAddr(n->type);
    case ir::kParen:
      return Value(n->x);
    case ir::kAdd:
    case ir::kSub:
    case ir::kMul:
    case ir::kDiv:
    case ir::kMod:
    case ir::kAnd:
    case ir::kOr:
    case ir::kXor:
    case ir::kAndNot: {
      Expr* x = Value(n->x);
      return Arith(n, n->op, x, Value(n->y));
    }
    case ir::kLsh:
    case ir::kRsh: {
      Expr* x = Value(n->x);
      Expr* y = Value(n->y);
      return Shift(n, n->op, x, y, n->y->type, n->Has(ir::kBounded));
    }
    case ir::kAndAnd:
    case ir::kOrOr:
      return Logical(n);
    case ir::kNot:
      return Not(Value(n->x));
    case ir::kPlus:
      return Value(n->x);
    case ir::kBitNot:
      return Unary(Op::kCom, Value(n->x), n->type);
    case ir::kNeg: {
      Expr* x = Value(n->x);
      if (!n->type->IsComplex()) return Unary(Op::kNeg, x, n->type);
      ir::Type* part = Basic(n->type->Is(ir::Kind::kComplex64) ? ir::Kind::kFloat32 : ir::Kind::kFloat64);
      x = Cheap(x);
      return Make(n->type, {Unary(Op::kNeg, Part(x, 0, part)), Unary(Op::kNeg, Part(x, 1, part))});
    }
    case ir::kEq:
    case ir::kNe:
    case ir::kLt:
    case ir::kLe:
    case ir::kGt:
    case ir::kGe:
      return CompareNode(n);
    case ir::kAddr:
      return Retype(Address(n->x), n->type);
    case ir::kPtrLit:
      return PtrLit(n);
    case ir::kDeref:
    case ir::kDot:
    case ir::kDotPtr:
    case ir::kIndex:
      return Place(n);
    case ir::kIndexMap:
      return MapRead(n, nullptr);
    case ir::kSlice:
    case ir::kSliceArr:
    case ir::kSliceStr:
    case ir::kSlice3:
    case ir::kSlice3Arr:
      return SliceExpr(n);
    case ir::kSliceHeader: {
      Expr* p = Value(n->x);
      Expr* l = Value(n->y);
      return Make(n->type, {p, l, Value(n->z)});
    }
    case ir::kStringHeader: {
      Expr* p = Value(n->x);
      return Make(n->type, {p, Value(n->y)});
    }
    case ir::kConv:
    case ir::kConvNop:
    case ir::kConvIface:
    case ir::kBytes2Str:
    case ir::kBytes2StrTmp:
    case ir::kRunes2Str:
    case ir::kStr2Bytes:
    case ir::kStr2BytesTmp:
    case ir::kStr2Runes:
    case ir::kRuneStr:
    case ir::kSlice2Arr:
    case ir::kSlice2ArrPtr:
      return Convert(n);
    case ir::kAddStr:
      return ConcatStrings(n);
    case ir::kDotType:
      return DotType(n, nullptr);
    case ir::kDynamicDotType:
      return DynamicDotType(n, nullptr);
    case ir::kCallFunc:
    case ir::kCallInter:
    case ir::kInlCall:
      return CallValue(n);
    case ir::kClosure:
      return Closure(n);
    case ir::kMethValue:
      return MethodValue(n);
    case ir::kMethExpr:
      return Symbol(data().FuncValue(data().Intern(low_.MethodExpression(n)->link_name)), 0, n->type);
    case ir::kStructLit:
    case ir::kArrayLit:
    case ir::kSliceLit:
    case ir::kMapLit:
    case ir::kCompLit:
      return CompositeLit(n);
    case ir::kLen:
    case ir::kCap:
      return LenCap(n);
    case ir::kAppend:
      return Append(n, nullptr);
    case ir::kCopy:
      return CopyBuiltin(n);
    case ir::kMakeSlice:
      return MakeSlice(n);
    case ir::kMakeMap: {
      Expr* hint = n->x ? Value(n->x) : Int(0);
      return MakeMap(n, hint, hint->op == Op::kConst ? static_cast<int64_t>(hint->value) : -1);
    }
    case ir::kMakeChan:
      return MakeChan(n);
    case ir::kNew:
      return NewExpr(n);
    case ir::kMin:
    case ir::kMax:
      return MinMax(n);
    case ir::kReal:
    case ir::kImag: {
      return Part(Value(n->x), n->op == ir::kReal ? 0 : 1, n->type);
    }
    case ir::kComplex: {
      Expr* re = Value(n->x);
      return Make(n->type, {re, Value(n->y)});
    }
    case ir::kRecv:
      return Recv(n, nullptr);
    case ir::kRecover: {
      Stmt* s = NewStmt(StmtOp::kRecover);
      s->var = Temp(n->type);
      out_->has_recover = true;
      Emit(s);
      return Use(s->var);
    }
    case ir::kUnsafeAdd: {
      Expr* p = Value(n->x);
      Expr* d = Numeric(Value(n->y), types_.Uintptr());
      return Retype(Binary(Op::kAdd, Retype(p, types_.Uintptr()), d), n->type);
    }
    case ir::kUnsafeSlice:
      return UnsafeSlice(n);
    case ir::kUnsafeString:
      return UnsafeString(n);
    case ir::kUnsafeSliceData:
    case ir::kUnsafeStringData:
    case ir::kSPtr:
      return Retype(Part(Value(n->x), 0, types_.UnsafePointer()), n->type);
    case ir::kItab:
      return Tab(Value(n->x));
    case ir::kIData:
      return Retype(IData(Value(n->x)), n->type);
    case ir::kMakeFace: {
      Expr* t = Value(n->x);
      Expr* d = Value(n->y);
      return Make(n->type, {Retype(t, types_.Uintptr()), Retype(d, types_.UnsafePointer())});
    }
    case ir::kCFunc:
      return Symbol(low_.SymbolOf(n->x->AsName()));
    case ir::kLinkSymOffset:
      return Load(n->type, Symbol(n->sym->name, n->n));
    case ir::kMove2Heap:
      return Move2Heap(n);
    default:
      break;
  }
  UNREACHABLE("cannot lower the expression " + std::string(ir::OpName(n->op)));
}

Expr* FuncLowerer::Literal(base::Constant v, ir::Type* t) {
  if (t->IsString()) return StringConst(v.StringVal(), t);
  if (t->IsComplex()) {
    ir::Type* part = Basic(t->Is(ir::Kind::kComplex64) ? ir::Kind::kFloat32 : ir::Kind::kFloat64);
    Expr* re = New(Op::kConst, part);
    re->value = ScalarBits(constants(), part, constants().Real(constants().ToComplex(v)));
    Expr* im = New(Op::kConst, part);
    im->value = ScalarBits(constants(), part, constants().Imag(constants().ToComplex(v)));
    return Make(t, {re, im});
  }
  Expr* e = New(Op::kConst, t);
  e->value = ScalarBits(constants(), t, v);
  return e;
}

Expr* FuncLowerer::FuncValue(ir::Name* name) {
  return Symbol(data().FuncValue(low_.SymbolOf(name)), 0, name->type);
}

Expr* FuncLowerer::VarPlace(ir::Name* name) {
  switch (name->cls) {
    case ir::Class::kFunc:
      return FuncValue(name);
    case ir::Class::kExtern:
      return Load(name->type, Symbol(low_.GlobalSymbol(name)));
    default:
      break;
  }
  if (auto it = vars_.find(name); it != vars_.end()) return Use(it->second);
  if (auto it = heap_.find(name); it != heap_.end()) return Load(name->type, Use(it->second));
  if (IsHeap(name)) {
    // A variable whose declaration statement the tree does not have: it lives from here on.
    Declare(name);
    return VarPlace(name);
  }
  return Use(LocalVar(name));
}

Expr* FuncLowerer::DotPlace(Expr* x, const ir::Field* field) {
  if (x->op == Op::kRetype && x->x->op == Op::kLoad) x = x->x;
  if (x->op == Op::kLoad) return Load(field->type, x->x, x->offset + field->offset);
  if (field->type->Size() == 0) return New(Op::kZero, field->type);
  Components have = Flatten(x->type);
  unsigned first = 0;
  while (first < have.count && have.at[first].offset < field->offset) first++;
  return Part(x, first, field->type);
}

Expr* FuncLowerer::Place(ir::Node* n) {
  ir::SrcPos saved = pos_;
  if (n->op != ir::kName && n->pos.valid()) pos_ = n->pos;
  bool own = IsPlaceOp(n->op) || n->op == ir::kIndexMap || n->op == ir::kConvNop;
  if (own && !n->init.empty()) Block(n->init);
  Expr* place = nullptr;
  switch (n->op) {
    case ir::kName:
      place = VarPlace(n->AsName());
      break;
    case ir::kParen:
      place = Place(n->x);
      break;
    case ir::kDeref:
      if (ir::Name* name = PunnedVariable(n))
        place = Retype(VarPlace(name), n->type);
      else
        place = Load(n->type, CheckFar(Value(n->x), n->type->Size()));
      break;
    case ir::kDot: {
      n->x->type->Size();  // lays the fields out
      Expr* x =
          n->x->op == ir::kDot || n->x->op == ir::kIndex || n->x->op == ir::kName ? Place(n->x) : Value(n->x);
      if (n->x->op == ir::kStructLit) x = Cheap(x);  // the fields that are not asked for are evaluated too
      place = DotPlace(x, n->field);
      break;
    }
    case ir::kDotPtr:
      n->x->type->underlying->elem->Size();
      place = Load(n->type, CheckFar(Value(n->x), n->field->offset + n->type->Size()), n->field->offset);
      break;
    case ir::kIndex:
      place = IndexPlace(n);
      break;
    case ir::kIndexMap:
      place = MapElement(n);
      break;
    case ir::kLinkSymOffset:
      place = Load(n->type, Symbol(n->sym->name, n->n));
      break;
    case ir::kConvNop:
      place = Retype(Place(n->x), n->type);
      break;
    default:
      place = Value(n);
      break;
  }
  pos_ = saved;
  return place;
}

// A pointer through which places up to `reach` bytes away are accessed: where that leaves the addresses
// that no program has, a nil pointer must fault by itself.
Expr* FuncLowerer::CheckFar(Expr* pointer, int64_t reach) {
  constexpr int64_t kUnmapped = 4 << 20;
  if (reach < kUnmapped) return pointer;
  pointer = Cheap(pointer);
  NilCheck(pointer);
  return pointer;
}

Expr* FuncLowerer::IndexPlace(ir::Node* n) {
  ir::Type* t = n->x->type;
  if (t->IsArray()) {
    Expr* x =
        n->x->op == ir::kDot || n->x->op == ir::kIndex || n->x->op == ir::kName ? Place(n->x) : Value(n->x);
    Expr* i = Value(n->y);
    int64_t length = t->underlying->length;
    ir::Type* elem = t->underlying->elem;
    bool constant = i->op == Op::kConst && i->value < static_cast<uint64_t>(length);
    if (x->op == Op::kRetype && x->x->op == Op::kLoad) x = x->x;
    if (x->op != Op::kLoad) {  // an array of register class: at most one element
      if (!constant) {
        if (length == 0 || Flatten(elem).count == 0) {
          If(Not(Compare(Op::kLt, Numeric(Cheap(i), UInt()), Int(length, UInt()))), [&] {
            RuntimePanic("panicIndex", {i, Int(length)});
          });
          return Zero(elem);
        }
        Expr* check = New(Op::kElemAddr, types_.UnsafePointer());
        check->x = Nil();
        check->y = i;
        check->z = Int(length);
        check->value = 0;
        Eval(check);
      }
      return Part(x, 0, elem);
    }
    if (constant) return Load(elem, PtrAdd(x->x, x->offset + static_cast<int64_t>(i->value) * elem->Size()));
    Expr* at = New(Op::kElemAddr, types_.UnsafePointer());
    at->x = PtrAdd(x->x, x->offset);
    at->y = i;
    at->z = n->Has(ir::kBounded) ? nullptr : Int(length);
    at->value = static_cast<uint64_t>(elem->Size());
    return Load(elem, at);
  }
  if (t->IsPtr()) {  // pointer to array
    Expr* x = Value(n->x);
    Expr* i = Value(n->y);
    ir::Type* array = t->underlying->elem;
    ir::Type* elem = array->underlying->elem;
    x = CheckFar(x, array->Size());
    if (i->op == Op::kConst && i->value < static_cast<uint64_t>(array->underlying->length))
      return Load(elem, x, static_cast<int64_t>(i->value) * elem->Size());
    Expr* at = New(Op::kElemAddr, types_.UnsafePointer());
    at->x = x;
    at->y = i;
    at->z = n->Has(ir::kBounded) ? nullptr : Int(array->underlying->length);
    at->value = static_cast<uint64_t>(elem->Size());
    return Load(elem, at);
  }
  // A slice or a string: its header is read once.
  Expr* x = Value(n->x);
  if (x->op != Op::kVar && x->op != Op::kPart) x = Cheap(x);
  Expr* i = Value(n->y);
  ir::Type* elem = t->IsString() ? types_.ByteType() : t->underlying->elem;
  Expr* at = New(Op::kElemAddr, types_.UnsafePointer());
  at->x = Part(x, 0, types_.UnsafePointer());
  at->y = i;
  at->z = n->Has(ir::kBounded) ? nullptr : Part(x, 1, types_.Int());
  at->value = static_cast<uint64_t>(elem->Size());
  if (n->Has(ir::kBounded) && i->op == Op::kConst)
    return Load(elem, at->x, static_cast<int64_t>(i->value * at->value));
  return Load(elem, at);
}

Expr* FuncLowerer::Address(ir::Node* n) {
  if (n->op == ir::kStructLit || n->op == ir::kArrayLit || n->op == ir::kSliceLit || n->op == ir::kMapLit)
    return AddrOf(Addressable(Value(n)));
  Expr* place = Place(n);
  if (place->op == Op::kRetype) place = place->x;
  if (place->op != Op::kLoad) {
    // The zero-size part of a value in slots has no address of its own.
    if (place->type->Size() == 0) return Symbol(data().Intern("runtime.zerobase"), 0, types_.UnsafePointer());
    place = Addressable(place);
  }
  if (n->op == ir::kDotPtr || n->op == ir::kDeref || n->op == ir::kDot || n->op == ir::kIndex) {
    Expr* root = place->x;
    while (root->op == Op::kPtrAdd) root = root->x;
    // A nil base faults here, not when the address is used.
    bool checked = root->op == Op::kVarAddr || root->op == Op::kSymAddr || n->Has(ir::kBounded);
    if (root->op == Op::kElemAddr) {
      // An element of an array behind a pointer, or of a slice, whose pointer is good if the index is.
      if (!root->z || root->z->op == Op::kConst) NilCheck(root->x);
      Expr* fixed = Copy(root);
      return PtrAdd(fixed, AddrOf(place)->op == Op::kPtrAdd ? AddrOf(place)->offset : 0);
    }
    if (!checked) {
      Expr* base = Cheap(root);
      NilCheck(base);
      int64_t offset = place->offset;
      for (Expr* e = place->x; e->op == Op::kPtrAdd; e = e->x) offset += e->offset;
      return PtrAdd(base, offset);
    }
  }
  return AddrOf(place);
}

Expr* FuncLowerer::Arith(ir::Node* n, ir::Op op, Expr* x, Expr* y) {
  ir::Type* t = n->type;
  if (t->IsComplex()) return ComplexArith(op, x, y, t);
  Expr* e = Binary(ArithOp(op), x, y, t);
  e->bounded = n->Has(ir::kBounded);
  return e;
}

Expr* FuncLowerer::ComplexArith(ir::Op op, Expr* x, Expr* y, ir::Type* type) {
  bool small = type->Is(ir::Kind::kComplex64);
  ir::Type* part = Basic(small ? ir::Kind::kFloat32 : ir::Kind::kFloat64);
  ir::Type* wide = Basic(ir::Kind::kFloat64);
  x = Cheap(x);
  y = Cheap(y);
  auto at = [&](Expr* e, unsigned i) { return Part(e, i, part); };
  if (op == ir::kAdd || op == ir::kSub) {
    Op f = op == ir::kAdd ? Op::kAdd : Op::kSub;
    return Make(type, {Binary(f, at(x, 0), at(y, 0)), Binary(f, at(x, 1), at(y, 1))});
  }
  // Products and quotients of complex64 are computed in float64, as gc does.
  auto widened = [&](Expr* e, unsigned i) { return small ? Numeric(at(e, i), wide) : at(e, i); };
  auto narrowed = [&](Expr* e) { return small ? Numeric(e, part) : e; };
  if (op == ir::kMul) {
    Expr* re = Binary(Op::kSub, Binary(Op::kMul, widened(x, 0), widened(y, 0)),
                      Binary(Op::kMul, widened(x, 1), widened(y, 1)));
    Expr* im = Binary(Op::kAdd, Binary(Op::kMul, widened(x, 0), widened(y, 1)),
                      Binary(Op::kMul, widened(x, 1), widened(y, 0)));
    return Make(type, {narrowed(re), narrowed(im)});
  }
  ENSURE(op == ir::kDiv, "complex operator");
  Expr* q = RuntimeValue("complex128div", {widened(x, 0), widened(x, 1), widened(y, 0), widened(y, 1)},
                         Basic(ir::Kind::kComplex128));
  return Make(type, {narrowed(Part(q, 0, wide)), narrowed(Part(q, 1, wide))});
}

Expr* FuncLowerer::Logical(ir::Node* n) {
  Expr* x = Value(n->x);
  Expr* y = nullptr;
  std::span<Stmt*> needed = Collect([&] { y = Value(n->y); });
  Op op = n->op == ir::kAndAnd ? Op::kAndAnd : Op::kOrOr;
  if (needed.empty()) return Binary(op, x, y, n->type);
  Var* r = Temp(n->type);
  Set(r, x);
  auto right = [&] {
    for (Stmt* s : needed) Emit(s);
    Set(r, y);
  };
  If(op == Op::kAndAnd ? Use(r) : Not(Use(r)), right);
  return Use(r);
}

Expr* FuncLowerer::Shift(ir::Node* n, ir::Op op, Expr* x, Expr* y, ir::Type* count_type, bool bounded) {
  Expr* e = Binary(op == ir::kLsh ? Op::kShl : Op::kShr, x, y, n->type);
  e->bounded = bounded;
  // A signed count that may be negative is checked (offset 1).
  e->offset = !bounded && count_type->IsSigned() && y->op != Op::kConst;
  return e;
}

Expr* FuncLowerer::SliceExpr(ir::Node* n) {
  constexpr int kHasHigh = 1, kHasMax = 2, kString = 4, kArray = 8, kLowUnsigned = 16, kHighUnsigned = 32,
                kMaxUnsigned = 64;
  Expr* x = nullptr;
  int64_t flags = 0;
  int64_t elem_size = 1;
  bool array = n->op == ir::kSliceArr || n->op == ir::kSlice3Arr;
  if (array) {
    ir::Type* a = n->x->type->underlying->elem;
    Expr* p = Cheap(Value(n->x));
    if (!n->x->Has(ir::kNonNil)) NilCheck(p);
    int64_t length = a->underlying->length;
    x = Make(types_.Slice(a->underlying->elem), {p, Int(length), Int(length)});
    elem_size = a->underlying->elem->Size();
    flags |= kArray;
  } else {
    x = Value(n->x);
    if (n->op == ir::kSliceStr)
      flags |= kString;
    else
      elem_size = n->x->type->underlying->elem->Size();
  }
  auto index = [&](ir::Node* i, int64_t unsigned_flag) -> Expr* {
    if (i == nullptr) return nullptr;
    Expr* e = Cheap(Value(i));
    if (e->type->IsUnsigned()) flags |= unsigned_flag;
    return e;
  };
  Expr* low = index(n->y, kLowUnsigned);
  Expr* high = index(n->z, kHighUnsigned);
  Expr* max = index(n->w, kMaxUnsigned);
  if (high) flags |= kHasHigh;
  if (max) flags |= kHasMax;
  if (!low && !high && !max) return Retype(x, n->type);  // x[:]
  bool low_zero = !low || (low->op == Op::kConst && low->value == 0);
  if (low_zero && !max && n->Has(ir::kBounded)) {
    x = Cheap(x);
    if (n->op == ir::kSliceStr) return Make(n->type, {StringPtr(x), high});
    return Make(n->type, {SlicePtr(x), high, SliceCap(x)});
  }
  Expr* e = New(Op::kSlice, n->type);
  e->x = x;
  Exprs args{low ? low : Int(0), high ? high : Int(0), max ? max : Int(0)};
  e->args = arena_.Copy(args);
  e->value = static_cast<uint64_t>(elem_size);
  e->offset = flags;
  return Copy(e);
}

}  // namespace escapement::lower
