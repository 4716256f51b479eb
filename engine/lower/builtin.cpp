// Built-in functions other than append (walk/builtin.go).
#include "engine/lower/func_lowerer.h"

namespace escapement::lower {

namespace {
constexpr int64_t kMapSmall = 8;                         // abi.MapGroupSlots
constexpr uint64_t kMapEmptyGroup = 0x8080808080808080;  // abi.MapCtrlEmpty
constexpr int64_t kVariableMake = 32;                    // base.Debug.VariableMakeThreshold
}  // namespace

Expr* FuncLowerer::LenCap(ir::Node* n) {
  bool len = n->op == ir::kLen;
  if (len && n->x->op == ir::kStr2Runes) {
    Expr* s = Value(n->x->x);
    return RuntimeValue("countrunes", {s}, n->type);
  }
  if (len && n->x->op == ir::kStr2Bytes) return StringLen(Value(n->x->x));
  ir::Type* t = n->x->type;
  if (t->IsPtr() || t->IsArray()) {
    ir::Type* array = t->IsPtr() ? t->underlying->elem : t;
    Eval(Value(n->x));
    return Int(array->underlying->length, n->type);
  }
  Expr* x = Value(n->x);
  if (t->IsChan()) return RuntimeValue(len ? "chanlen" : "chancap", {x}, n->type);
  if (t->IsMap()) {
    // The count is the first word of maps.Map.
    x = Cheap(x);
    Var* r = Temp(n->type);
    Set(r, Int(0, n->type));
    If(Compare(Op::kNe, Retype(x, types_.UnsafePointer()), Nil()), [&] { Set(r, Load(n->type, x)); });
    return Use(r);
  }
  return Part(x, len ? 1 : 2, n->type);
}

Expr* FuncLowerer::MinMax(ir::Node* n) {
  bool min = n->op == ir::kMin;
  Exprs args = Values(n->list);
  ir::Type* t = n->type;
  Expr* r = args[0];
  for (size_t i = 1; i < args.size(); i++) {
    Var* v = CopyToVar(r);
    Expr* y = Cheap(args[i]);
    Expr* better = Compare(Op::kLt, min ? y : Use(v), min ? Use(v) : y);
    if (t->IsFloat()) {
      // NaN wins, and of two zeros the one with the sign that the operator asks for: 1/x tells them apart.
      Expr* one = New(Op::kConst, t);
      one->value = t->Is(ir::Kind::kFloat32) ? 0x3f800000 : 0x3ff0000000000000;
      Expr* inverse_y = Binary(Op::kDiv, one, y, t);
      Expr* inverse_v = Binary(Op::kDiv, one, Use(v), t);
      Expr* sign = Compare(Op::kLt, min ? inverse_y : inverse_v, min ? inverse_v : inverse_y);
      Expr* zero = Binary(Op::kAndAnd, Compare(Op::kEq, y, Use(v)), sign, types_.Bool());
      better = Binary(Op::kOrOr, Binary(Op::kOrOr, better, Compare(Op::kNe, y, y), types_.Bool()), zero,
                      types_.Bool());
    }
    If(better, [&] { Set(v, y); });
    r = Use(v);
  }
  return r;
}

Expr* FuncLowerer::NewExpr(ir::Node* n) {
  ir::Type* t = n->type->underlying->elem;
  if (n->esc == ir::Esc::kNone) {
    Var* temp = FrameTemp(t);
    ZeroPlace(Use(temp));
    return Retype(VarAddr(temp), n->type);
  }
  Expr* rtype = RType(n->hidden ? n->hidden->rtype : nullptr, t);
  return Retype(NewObject(t, rtype, AddSite(Site::kNew, t, n)), n->type);
}

Expr* FuncLowerer::MakeSlice(ir::Node* n) {
  ir::Type* elem = n->type->underlying->elem;
  Expr* len = Cheap(Value(n->x));
  Expr* cap = n->y ? Cheap(Value(n->y)) : len;
  ir::Type* u64 = Basic(ir::Kind::kUint64);
  auto check = [&](Expr* limit) {
    If(Compare(Op::kGt, Numeric(len, u64), limit), [&] {
      If(Compare(Op::kLt, Numeric(len, types_.Int()), Int(0)), [&] { RuntimePanic("panicmakeslicelen"); });
      RuntimePanic("panicmakeslicecap");
    });
  };
  constexpr uint64_t kMaxStackBytes = 64 << 10;  // ir.MaxImplicitStackVarSize
  uint64_t elem_bytes = static_cast<uint64_t>(std::max<int64_t>(elem->Size(), 1));
  if (n->esc == ir::Esc::kNone && cap->op == Op::kConst && cap->value <= kMaxStackBytes / elem_bytes) {
    int64_t count = static_cast<int64_t>(cap->value);
    if (len->op != Op::kConst || len->value > cap->value) check(Int(count, u64));
    Var* array = FrameTemp(types_.Array(elem, count));
    ZeroPlace(Use(array));
    return Make(n->type, {VarAddr(array), Numeric(len, types_.Int()), Int(count)});
  }
  Var* slice = Temp(n->type);
  Expr* rtype = RType(n->hidden ? n->hidden->rtype : nullptr, elem);
  auto allocate = [&] {
    Expr* p = RuntimeValue("makeslice", {rtype, Numeric(len, types_.Int()), Numeric(cap, types_.Int())},
                           types_.UnsafePointer(), AddSite(Site::kMakeSlice, elem, n));
    Set(slice, Make(n->type, {p, Numeric(len, types_.Int()), Numeric(cap, types_.Int())}));
  };
  int64_t speculative = elem->Size() ? kVariableMake / elem->Size() : 0;
  if (n->esc == ir::Esc::kNone && speculative > 0) {
    If(
        Compare(Op::kLe, Numeric(cap, u64), Int(speculative, u64)),
        [&] {
          if (n->y) check(Numeric(cap, u64));
          Var* store = FrameTemp(types_.Array(elem, speculative));
          ZeroPlace(Use(store));
          Set(slice, Make(n->type, {VarAddr(store), Numeric(len, types_.Int()), Numeric(cap, types_.Int())}));
        },
        allocate);
  } else {
    allocate();
  }
  return Use(slice);
}

Expr* FuncLowerer::MakeMap(ir::Node* n, Expr* hint, int64_t constant_hint) {
  ir::Type* t = n->type;
  Expr* rtype = RType(n->hidden ? n->hidden->rtype : nullptr, t);
  bool small = constant_hint >= 0 && constant_hint <= kMapSmall;
  bool on_stack = n->esc == ir::Esc::kNone;
  Expr* buffer = Nil();
  hint = Numeric(Cheap(hint), types_.Int());
  Site::Kind kind = n->op == ir::kMapLit ? Site::kMapLiteral : Site::kMakeMap;
  if (on_stack) {
    Var* header = FrameTemp(low_.MapHeader());
    ZeroPlace(Use(header));
    buffer = VarAddr(header);
    if (small || constant_hint < 0) {
      auto group = [&] {
        Var* g = FrameTemp(low_.MapGroup(t));
        ZeroPlace(Use(g));
        Assign(Load(Basic(ir::Kind::kUint64), VarAddr(g)),
               Int(static_cast<int64_t>(kMapEmptyGroup), Basic(ir::Kind::kUint64)));
        Assign(Load(types_.UnsafePointer(), VarAddr(header, 16)), VarAddr(g));
      };
      if (small)
        group();
      else
        If(Compare(Op::kLe, hint, Int(kMapSmall)), group);
    }
  }
  if (small) {
    if (on_stack) {
      Assign(Load(types_.Uintptr(), PtrAdd(buffer, 8)), RuntimeValue("rand", {}, types_.Uintptr()));
      return Retype(buffer, t);
    }
    return RuntimeValue("makemap_small", {}, t, AddSite(kind, t, n));
  }
  return RuntimeValue("makemap", {rtype, hint, buffer}, t, AddSite(kind, t, n));
}

Expr* FuncLowerer::MakeChan(ir::Node* n) {
  Expr* size = n->x ? Numeric(Value(n->x), types_.Int()) : Int(0);
  Expr* rtype = RType(n->hidden ? n->hidden->rtype : nullptr, n->type);
  return RuntimeValue("makechan", {rtype, size}, n->type, AddSite(Site::kMakeChan, n->type, n));
}

void FuncLowerer::CopyElements(ir::Type* elem, Expr* rtype, Expr* to, Expr* to_len, Expr* from,
                               Expr* from_len) {
  if (elem->HasPointers()) {
    RuntimeCall("typedslicecopy", {rtype, to, to_len, from, from_len}, {types_.Int()});
  } else {
    RuntimeCall("slicecopy", {to, to_len, from, from_len, Int(elem->Size(), types_.Uintptr())},
                {types_.Int()});
  }
}

Expr* FuncLowerer::CopyBuiltin(ir::Node* n) {
  Expr* to = Cheap(Value(n->x));
  Expr* from = Cheap(Value(n->y));
  ir::Type* elem = n->x->type->underlying->elem;
  Exprs args{SlicePtr(to), SliceLen(to), Part(from, 0, types_.UnsafePointer()), Part(from, 1, types_.Int())};
  if (elem->HasPointers()) {
    args.insert(args.begin(), RType(n->hidden ? n->hidden->rtype : nullptr, elem));
    return RuntimeValue("typedslicecopy", args, types_.Int());
  }
  args.push_back(Int(elem->Size(), types_.Uintptr()));
  return RuntimeValue("slicecopy", args, types_.Int());
}

void FuncLowerer::Clear(ir::Node* n) {
  ir::Type* t = n->x->type;
  if (t->IsMap()) return MapClear(Value(n->x), t, n->hidden ? n->hidden->rtype : nullptr);
  ir::Type* elem = t->underlying->elem;
  Expr* s = Cheap(Value(n->x));
  if (elem->Size() == 0) return;
  Expr* bytes = Binary(Op::kMul, SliceLen(s), Int(elem->Size()));
  If(Compare(Op::kNe, SliceLen(s), Int(0)), [&] {
    RuntimeCall(elem->HasPointers() ? "memclrHasPointers" : "memclrNoHeapPointers", {SlicePtr(s), bytes});
  });
}

void FuncLowerer::Print(ir::Node* n) {
  bool line = n->op == ir::kPrintln;
  Exprs args;
  for (ir::Node* a : n->list) args.push_back(Cheap(Value(a)));
  RuntimeCall("printlock", {});
  for (size_t i = 0; i < args.size(); i++) {
    ir::Node* a = n->list[i];
    ir::Type* t = a->type;
    Expr* x = args[i];
    if (line && i > 0) RuntimeCall("printsp", {});
    if (a->op == ir::kLiteral && t->IsString()) {
      std::string_view text = a->value.StringVal();
      if (text == " " || text == "\n") {
        RuntimeCall(text == " " ? "printsp" : "printnl", {});
        continue;
      }
    }
    switch (t->kind) {
      case ir::Kind::kInter:
        RuntimeCall(t->IsEmptyInterface() ? "printeface" : "printiface", {x});
        break;
      case ir::Kind::kPtr:
      case ir::Kind::kChan:
      case ir::Kind::kMap:
      case ir::Kind::kFunc:
      case ir::Kind::kUnsafePtr:
      case ir::Kind::kNil:
        RuntimeCall("printpointer", {x});
        break;
      case ir::Kind::kSlice:
        RuntimeCall("printslice", {x});
        break;
      case ir::Kind::kString:
        RuntimeCall("printstring", {x});
        break;
      case ir::Kind::kBool:
        RuntimeCall("printbool", {x});
        break;
      case ir::Kind::kFloat32:
        RuntimeCall("printfloat32", {x});
        break;
      case ir::Kind::kFloat64:
        RuntimeCall("printfloat64", {x});
        break;
      case ir::Kind::kComplex64:
        RuntimeCall("printcomplex64", {x});
        break;
      case ir::Kind::kComplex128:
        RuntimeCall("printcomplex128", {x});
        break;
      default:
        // The runtime prints addresses by a type of its own (walk's walkPrint).
        if (t->sym && t->sym->pkg && t->sym->pkg->path == "runtime" && t->sym->text() == "hex")
          RuntimeCall("printhex", {Numeric(x, Basic(ir::Kind::kUint64))});
        else if (t->IsUnsigned())
          RuntimeCall("printuint", {Numeric(x, Basic(ir::Kind::kUint64))});
        else
          RuntimeCall("printint", {Numeric(x, Basic(ir::Kind::kInt64))});
        break;
    }
  }
  if (line) RuntimeCall("printnl", {});
  RuntimeCall("printunlock", {});
}

Expr* FuncLowerer::UnsafeSlice(ir::Node* n) {
  Expr* p = Cheap(Value(n->x));
  Expr* len = Cheap(Numeric(Value(n->y), types_.Int()));
  ir::Type* elem = n->type->underlying->elem;
  If(Compare(Op::kLt, len, Int(0)), [&] { RuntimePanic("panicunsafeslicelen"); });
  if (elem->Size() != 0) {
    ir::Type* word = types_.Uintptr();
    // Overflow of the size, or of the address, is a length out of range; nil is only good for length 0.
    Expr* high = Instruction(Intrinsic::kMulHigh64, {Retype(len, word), Int(elem->Size(), word)}, word);
    Expr* bytes = Copy(Binary(Op::kMul, Retype(len, word), Int(elem->Size(), word)));
    Expr* address = Retype(p, word);
    Expr* room = Unary(Op::kNeg, address);
    If(Binary(Op::kOrOr, Compare(Op::kNe, high, Int(0, word)), Compare(Op::kGt, bytes, room), types_.Bool()),
       [&] {
         If(
             Compare(Op::kEq, address, Int(0, word)),
             [&] { If(Compare(Op::kNe, len, Int(0)), [&] { RuntimePanic("panicunsafeslicenilptr"); }); },
             [&] { RuntimePanic("panicunsafeslicelen"); });
       });
  }
  return Make(n->type, {Retype(p, types_.UnsafePointer()), len, len});
}

Expr* FuncLowerer::UnsafeString(ir::Node* n) {
  Expr* p = Cheap(Value(n->x));
  Expr* len = Cheap(Numeric(Value(n->y), types_.Int()));
  If(Compare(Op::kLt, len, Int(0)), [&] { RuntimePanic("panicunsafestringlen"); });
  ir::Type* word = types_.Uintptr();
  Expr* address = Retype(p, word);
  If(Compare(Op::kGt, Retype(len, word), Unary(Op::kNeg, address)), [&] {
    If(
        Compare(Op::kEq, address, Int(0, word)),
        [&] { If(Compare(Op::kNe, len, Int(0)), [&] { RuntimePanic("panicunsafestringnilptr"); }); },
        [&] { RuntimePanic("panicunsafestringlen"); });
  });
  return Make(n->type, {Retype(p, types_.UnsafePointer()), len});
}

}  // namespace escapement::lower
