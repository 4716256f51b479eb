// Conversions: numeric, strings and bytes, and to interfaces (the data-word rules of walk/convert.go).
#include "engine/lower/func_lowerer.h"

namespace escapement::lower {

namespace {

constexpr int64_t kTmpStringBuf = 32;  // runtime.tmpStringBufSize

uint64_t Extend(uint64_t v, ir::Type* t) {
  switch (ScalarOf(t)) {
    case Scalar::kS8:
      return static_cast<uint64_t>(static_cast<int64_t>(static_cast<int8_t>(v)));
    case Scalar::kU8:
      return v & 0xff;
    case Scalar::kS16:
      return static_cast<uint64_t>(static_cast<int64_t>(static_cast<int16_t>(v)));
    case Scalar::kU16:
      return v & 0xffff;
    case Scalar::kS32:
      return static_cast<uint64_t>(static_cast<int64_t>(static_cast<int32_t>(v)));
    case Scalar::kU32:
      return v & 0xffffffff;
    default:
      return v;
  }
}

}  // namespace

Expr* FuncLowerer::Numeric(Expr* x, ir::Type* to) {
  ir::Type* from = x->type;
  if (from->underlying == to->underlying || from->kind == to->kind) return Retype(x, to);
  bool integers = (from->IsInteger() || from->IsPtrShaped()) && (to->IsInteger() || to->IsPtrShaped());
  if (x->op == Op::kConst && integers) {
    Expr* e = New(Op::kConst, to);
    e->value = Extend(x->value, to);
    return e;
  }
  if (integers && from->Size() == 8 && to->Size() == 8) return Retype(x, to);
  return Unary(Op::kConvert, x, to);
}

Expr* FuncLowerer::Convert(ir::Node* n) {
  ir::Type* to = n->type;
  switch (n->op) {
    case ir::kConvNop:
      return Retype(Value(n->x), to);
    case ir::kConv: {
      ir::Type* from = n->x->type;
      Expr* x = Value(n->x);
      if (to->IsComplex() && from->IsComplex()) {
        if (to->kind == from->kind) return Retype(x, to);
        ir::Type* a = Basic(from->Is(ir::Kind::kComplex64) ? ir::Kind::kFloat32 : ir::Kind::kFloat64);
        ir::Type* b = Basic(to->Is(ir::Kind::kComplex64) ? ir::Kind::kFloat32 : ir::Kind::kFloat64);
        x = Cheap(x);
        return Make(to, {Numeric(Part(x, 0, a), b), Numeric(Part(x, 1, a), b)});
      }
      if (to->IsComplex() && n->x->op == ir::kLiteral)
        return Literal(n->x->value, to);  // T(1) of a type parameter
      bool from_number = from->IsInteger() || from->IsFloat();
      bool to_number = to->IsInteger() || to->IsFloat();
      if (from_number && to_number) return Numeric(x, to);
      return Retype(x, to);
    }
    case ir::kConvIface:
      return ToInterface(n);
    case ir::kBytes2Str:
      return BytesToString(n, false);
    case ir::kBytes2StrTmp:
      return BytesToString(n, true);
    case ir::kRunes2Str: {
      Expr* x = Value(n->x);
      return RuntimeValue("slicerunetostring", {StackBuffer(n, kTmpStringBuf, types_.ByteType()), x}, to,
                          AddSite(Site::kStringConversion, to, n));
    }
    case ir::kRuneStr: {
      Expr* x = Numeric(Value(n->x), Basic(ir::Kind::kInt64));
      return RuntimeValue("intstring", {StackBuffer(n, 4, types_.ByteType()), x}, to,
                          AddSite(Site::kStringConversion, to, n));
    }
    case ir::kStr2Bytes:
      return StringToBytes(n);
    case ir::kStr2BytesTmp: {
      Expr* s = Cheap(Value(n->x));
      // The empty string may have no bytes to point to, but the slice is not nil.
      Expr* zero = Symbol(data().Intern("runtime.zerobase"), 0, types_.UnsafePointer());
      if (s->op == Op::kZero) return Make(to, {zero, StringLen(s), StringLen(s)});
      if (n->x->op == ir::kLiteral) return Make(to, {StringPtr(s), StringLen(s), StringLen(s)});
      Var* p = CopyToVar(StringPtr(s));
      If(Compare(Op::kEq, Use(p), Nil()), [&] { Set(p, zero); });
      return Make(to, {Use(p), StringLen(s), StringLen(s)});
    }
    case ir::kStr2Runes: {
      Expr* x = Value(n->x);
      return RuntimeValue("stringtoslicerune", {StackBuffer(n, kTmpStringBuf, types_.RuneType()), x}, to,
                          AddSite(Site::kStringConversion, to, n));
    }
    case ir::kSlice2ArrPtr:
    case ir::kSlice2Arr: {
      Expr* s = Cheap(Value(n->x));
      ir::Type* array = n->op == ir::kSlice2Arr ? to : to->underlying->elem;
      int64_t length = array->underlying->length;
      if (length > 0)
        If(Compare(Op::kLt, SliceLen(s), Int(length)), [&] {
          RuntimePanic("panicSliceConvert", {Int(length), SliceLen(s)});
        });
      if (n->op == ir::kSlice2ArrPtr) return Retype(SlicePtr(s), to);
      if (length == 0) return Zero(to);
      return Copy(Load(to, SlicePtr(s)));
    }
    default:
      break;
  }
  UNREACHABLE("conversion");
}

Expr* FuncLowerer::StackBuffer(ir::Node* n, int64_t size, ir::Type* elem) {
  if (n->esc != ir::Esc::kNone) return Nil();
  return VarAddr(FrameTemp(types_.Array(elem, size)));
}

Expr* FuncLowerer::BytesToString(ir::Node* n, bool temporary) {
  Expr* s = Cheap(Value(n->x));
  if (temporary) return Make(n->type, {SlicePtr(s), SliceLen(s)});
  return RuntimeValue("slicebytetostring",
                      {StackBuffer(n, kTmpStringBuf, types_.ByteType()), SlicePtr(s), SliceLen(s)}, n->type,
                      AddSite(Site::kStringConversion, n->type, n));
}

Expr* FuncLowerer::StringToBytes(ir::Node* n) {
  if (n->x->op == ir::kAddStr) {
    // []byte(s + t) concatenates into the slice at once.
    Exprs strings = Values(n->x->list);
    Exprs args{StackBuffer(n, kTmpStringBuf, types_.ByteType())};
    int32_t site = AddSite(Site::kStringConversion, n->type, n);
    if (strings.size() <= 5) {
      args.insert(args.end(), strings.begin(), strings.end());
      return RuntimeValue("concatbyte" + std::to_string(strings.size()), args, n->type, site);
    }
    int64_t count = static_cast<int64_t>(strings.size());
    Var* array = FrameTemp(types_.Array(types_.String(), count));
    for (int64_t i = 0; i < count; i++) Assign(Load(types_.String(), VarAddr(array, i * 16)), strings[i]);
    args.push_back(Make(types_.Slice(types_.String()), {VarAddr(array), Int(count), Int(count)}));
    return RuntimeValue("concatbytes", args, n->type, site);
  }
  if (n->x->op == ir::kLiteral) {
    std::string_view text = n->x->value.StringVal();
    ir::Type* array = types_.Array(types_.ByteType(), static_cast<int64_t>(text.size()));
    Expr* p;
    if (n->esc == ir::Esc::kNone && text.size() <= 64 * 1024) {
      p = VarAddr(FrameTemp(array));
    } else {
      p = Cheap(NewObject(array, TypeAddr(array), AddSite(Site::kStringConversion, array, n)));
    }
    if (!text.empty()) {
      Stmt* s = NewStmt(StmtOp::kMove);
      s->addr = p;
      s->type = array;
      s->x = Symbol(data().StringBytes(text), 0, types_.UnsafePointer());
      if (IsRegister(array)) {
        Assign(Load(array, p), Load(array, s->x));
      } else {
        Emit(s);
      }
    }
    if (text.empty()) p = Symbol(data().Intern("runtime.zerobase"), 0, types_.UnsafePointer());
    Expr* len = Int(static_cast<int64_t>(text.size()));
    return Make(n->type, {p, len, len});
  }
  Expr* x = Value(n->x);
  return RuntimeValue("stringtoslicebyte", {StackBuffer(n, kTmpStringBuf, types_.ByteType()), x}, n->type,
                      AddSite(Site::kStringConversion, n->type, n));
}

Exprs FuncLowerer::StringParts(ir::Node* n) {
  if (n->op != ir::kAddStr) return {Value(n)};
  bool has_literal = false;
  for (ir::Node* e : n->list) has_literal |= e->op == ir::kLiteral && !e->value.StringVal().empty();
  Exprs strings;
  for (ir::Node* e : n->list) {
    if (e->op == ir::kBytes2Str && has_literal) {
      if (!e->init.empty()) Block(e->init);
      strings.push_back(BytesToString(e, true));
    } else {
      strings.push_back(Value(e));
    }
  }
  return strings;
}

Expr* FuncLowerer::ConcatStrings(ir::Node* n) {
  int64_t constant_bytes = 0;
  for (ir::Node* e : n->list)
    if (e->op == ir::kLiteral) constant_bytes += static_cast<int64_t>(e->value.StringVal().size());
  Exprs strings = StringParts(n);
  // A stack buffer cannot help when the constant parts alone do not fit.
  Expr* buffer = constant_bytes < kTmpStringBuf ? StackBuffer(n, kTmpStringBuf, types_.ByteType()) : Nil();
  return Concat(buffer, strings, n->type, AddSite(Site::kConcat, n->type, n));
}

Expr* FuncLowerer::Concat(Expr* buffer, const Exprs& strings, ir::Type* type, int32_t site) {
  Exprs args{buffer};
  if (strings.size() <= 5) {
    args.insert(args.end(), strings.begin(), strings.end());
    return RuntimeValue("concatstring" + std::to_string(strings.size()), args, type, site);
  }
  int64_t count = static_cast<int64_t>(strings.size());
  Var* array = FrameTemp(types_.Array(types_.String(), count));
  for (int64_t i = 0; i < count; i++)
    Assign(Load(types_.String(), VarAddr(array, i * 16)), strings[static_cast<size_t>(i)]);
  args.push_back(Make(types_.Slice(types_.String()), {VarAddr(array), Int(count), Int(count)}));
  return RuntimeValue("concatstrings", args, type, site);
}

Expr* FuncLowerer::TypeOfInterface(Expr* iface, bool empty) {
  if (empty) return Tab(iface);
  Var* t = Temp(types_.Uintptr());
  Set(t, Tab(iface));
  If(Compare(Op::kNe, Use(t), Int(0, types_.Uintptr())), [&] { Set(t, Load(types_.Uintptr(), Use(t), 8)); });
  return Use(t);
}

Expr* FuncLowerer::TypeWordOf(ir::Node* conv, ir::Type* from, ir::Type* to) {
  if (conv->hidden && conv->hidden->type_word)
    return Retype(Value(conv->hidden->type_word), types_.Uintptr());
  if (to->IsEmptyInterface()) return TypeAddr(from);
  return Symbol(data().Itab(from, to));
}

Expr* FuncLowerer::ToInterface(ir::Node* n) {
  ir::Type* from = n->x->type;
  ir::Type* to = n->type;
  if (!from->IsInterface()) {
    Expr* word = DataWord(n, n->x);
    Expr* type = TypeWordOf(n, from, to);
    return Make(to, {type, word});
  }
  Expr* x = Cheap(Value(n->x));
  bool same = ir::Identical(from, to) && !(n->hidden && n->hidden->type_word);
  if (same || (from->IsEmptyInterface() && to->IsEmptyInterface())) return Retype(x, to);
  if (to->IsEmptyInterface()) return Make(to, {TypeOfInterface(x, false), IData(x)});
  // Only the method table changes; a nil interface stays nil.
  Expr* type = Cheap(TypeOfInterface(x, from->IsEmptyInterface()));
  Var* itab = Temp(types_.Uintptr());
  Set(itab, type);
  Expr* inter = n->hidden && n->hidden->type_word ? Retype(Value(n->hidden->type_word), types_.Uintptr())
                                                  : TypeAddr(to);
  If(Compare(Op::kNe, type, Int(0, types_.Uintptr())), [&] {
    Set(itab, RuntimeValue("assertE2I2", {inter, type}, types_.Uintptr()));
  });
  Expr* ok = Compare(Op::kNe, Use(itab), Int(0, types_.Uintptr()));
  Var* r = Temp(to);
  Set(r, Zero(to));
  If(ok, [&] { Set(r, Make(to, {Use(itab), IData(x)})); });
  return Use(r);
}

Expr* FuncLowerer::DataWord(ir::Node* conv, ir::Node* operand) {
  ir::Type* from = operand->type;
  ir::Type* pointer = types_.UnsafePointer();
  if (from->IsDirectIface()) return Part(Value(operand), 0, pointer);
  ir::Type* sole = SoleComponent(from);
  if (from->Size() == 0) {
    Eval(Value(operand));
    return Symbol(data().Intern("runtime.zerobase"), 0, pointer);
  }
  if (IsBoxedStatically(from)) {
    Expr* byte = Numeric(Part(Value(operand), 0, sole), types_.ByteType());
    if (sole->IsBoolean()) byte = Retype(byte, types_.ByteType());
    return PtrIndex(Symbol(data().Intern("runtime.staticuint64s"), 0, pointer), byte, 8);
  }
  if (IsStaticLiteral(operand)) {
    if ((operand->op == ir::kStructLit || operand->op == ir::kArrayLit) && from->Size() <= kZeroValSize &&
        IsZeroLiteral(constants(), operand))
      return Symbol(data().Intern("runtime.zeroVal"), 0, pointer);
    return AddrOf(ReadOnly(operand));
  }
  Expr* value = Value(operand);
  if (conv->esc == ir::Esc::kNone && from->Size() <= kZeroValSize) {
    Var* temp = FrameTemp(from);
    Set(temp, value);
    return VarAddr(temp);
  }
  int32_t site = AddSite(Site::kInterface, from, conv);
  auto bits = [&](ir::Kind kind) {
    ir::Type* t = Basic(kind);
    if (SlotCount(from) == 1 && Flatten(from).at[0].offset == 0) {
      if (sole && sole->IsInteger()) return Numeric(Part(value, 0, sole), t);
      return Part(value, 0, t);
    }
    return Load(t, AddrOf(Addressable(value)));
  };
  if (!from->HasPointers()) {
    if (from->Size() == 2 && from->Align() == 2)
      return RuntimeValue("convT16", {bits(ir::Kind::kUint16)}, pointer, site);
    if (from->Size() == 4 && from->Align() == 4)
      return RuntimeValue("convT32", {bits(ir::Kind::kUint32)}, pointer, site);
    if (from->Size() == 8 && from->Align() == 8)
      return RuntimeValue("convT64", {bits(ir::Kind::kUint64)}, pointer, site);
  }
  if (sole && sole->IsString()) return RuntimeValue("convTstring", {Part(value, 0, sole)}, pointer, site);
  if (sole && sole->IsSlice()) return RuntimeValue("convTslice", {Part(value, 0, sole)}, pointer, site);
  Expr* rtype = RType(conv->hidden ? conv->hidden->src_rtype : nullptr, from);
  return RuntimeValue(from->HasPointers() ? "convT" : "convTnoptr", {rtype, AddrOf(Addressable(value))},
                      pointer, site);
}

}  // namespace escapement::lower
