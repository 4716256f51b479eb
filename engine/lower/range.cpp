// Range loops (walk/range.go). Range over functions has been rewritten before.
#include "engine/ir/static_value.h"
#include "engine/lower/func_lowerer.h"

namespace escapement::lower {

void FuncLowerer::RangeStmt(ir::Node* n) {
  ir::Type* t = n->x->type;
  if (t->IsInteger()) return RangeInt(n);
  switch (t->kind) {
    case ir::Kind::kString:
      return RangeString(n);
    case ir::Kind::kMap:
      return RangeMap(n);
    case ir::Kind::kChan:
      return RangeChan(n);
    default:
      return RangeArray(n);
  }
}

Expr* FuncLowerer::RangeConvert(ir::Node* n, ir::Type* to, Expr* x, ir::Node* type_word,
                                ir::Node* src_rtype) {
  if (ir::Identical(to, x->type)) return x;
  if (to->IsInterface()) {
    // The loop variable is an interface: convert as an assignment would.
    ir::Node* name = low_.program().NewTemp(fn_, pos_, x->type);
    Var* v = LocalVar(name->AsName());
    Set(v, x);
    ir::Node* conv = low_.program().NewNode(ir::kConvIface, n->pos, to);
    conv->x = name;
    if (type_word || src_rtype) {
      conv->hidden = low_.program().arena().New<ir::HiddenTypes>();
      conv->hidden->type_word = type_word;
      conv->hidden->src_rtype = src_rtype;
    }
    return Value(conv);
  }
  return x->type->IsInteger() && to->IsInteger() ? Numeric(x, to) : Retype(x, to);
}

void FuncLowerer::RangeAssign(ir::Node* n, Expr* key, Expr* value) {
  ir::Node* k = IsBlankOrNull(n->y) ? nullptr : n->y;
  ir::Node* v = IsBlankOrNull(n->z) ? nullptr : n->z;
  ir::HiddenTypes* h = n->hidden;
  auto assign = [&](ir::Node* lhs, Expr* x, ir::Node* type_word, ir::Node* src_rtype) {
    if (lhs->op == ir::kName && n->Has(ir::kDef)) Declare(lhs->AsName());
    AssignTo(lhs, RangeConvert(n, lhs->type, x, type_word, src_rtype));
  };
  if (k && v && value && !n->Has(ir::kDef)) {
    return AssignAll({k, v}, [&] {
      return std::vector<RightSide>{
          {RangeConvert(n, k->type, key, h ? h->type_word : nullptr, h ? h->src_rtype : nullptr)},
          {RangeConvert(n, v->type, value, h ? h->value_type_word : nullptr,
                        h ? h->value_src_rtype : nullptr)}};
    });
  }
  if (k) assign(k, key, h ? h->type_word : nullptr, h ? h->src_rtype : nullptr);
  if (v && value) assign(v, value, h ? h->value_type_word : nullptr, h ? h->value_src_rtype : nullptr);
}

void FuncLowerer::RangeInt(ir::Node* n) {
  ir::Type* t = n->x->type;
  Var* i = Temp(t);
  Expr* end = Value(n->x);
  if (end->op != Op::kConst) end = Copy(end);
  Set(i, Int(0, t));
  int done = NewLabel(), next = NewLabel();
  targets_.push_back({n->label, true, done, next});
  std::span<Stmt*> body = Collect([&] {
    RangeAssign(n, Use(i), nullptr);
    Block(n->body);
  });
  targets_.pop_back();
  std::span<Stmt*> post = Collect([&] { Set(i, Binary(Op::kAdd, Use(i), Int(1, t))); });
  Loop(n, Compare(Op::kLt, Use(i), end), {}, body, post, done, next);
}

bool FuncLowerer::RangeClear(ir::Node* n) {
  // for i := range a { a[i] = zero } clears memory in one go.
  if (IsBlankOrNull(n->y) || !IsBlankOrNull(n->z) || n->body.size() != 1) return false;
  ir::Node* as = n->body[0];
  if (!as || as->op != ir::kAs || as->x->op != ir::kIndex || !as->y) return false;
  ir::Node* array = as->x->x;
  if (!array->type->IsSlice() || !ir::SameSafeExpr(array, n->x) || !ir::SameSafeExpr(as->x->y, n->y))
    return false;
  if (!IsZeroLiteral(constants(), as->y) || !n->Has(ir::kDef)) return false;
  ir::Type* elem = array->type->underlying->elem;
  if (elem->Size() == 0) return false;
  Expr* s = Cheap(Value(array));
  If(Compare(Op::kNe, SliceLen(s), Int(0)), [&] {
    RuntimeCall(elem->HasPointers() ? "memclrHasPointers" : "memclrNoHeapPointers",
                {SlicePtr(s), Binary(Op::kMul, SliceLen(s), Int(elem->Size()))});
  });
  return true;
}

void FuncLowerer::RangeArray(ir::Node* n) {
  if (RangeClear(n)) return;
  ir::Type* t = n->x->type;
  bool wants_value = !IsBlankOrNull(n->z);
  ir::Type* array = t->IsPtr() ? t->underlying->elem : t;
  ir::Type* elem = array->underlying->elem;
  Expr* base = nullptr;
  Expr* length;
  Expr* whole = nullptr;
  ir::Node* operand = n->x;
  if (t->IsSlice()) {
    Expr* s;
    if (operand->op == ir::kStr2Bytes || operand->op == ir::kStr2BytesTmp) {
      if (!operand->init.empty()) Block(operand->init);
      Expr* text = Cheap(Value(operand->x));
      s = Make(t, {StringPtr(text), StringLen(text), StringLen(text)});
    } else {
      s = Value(operand);
    }
    if (wants_value) {
      s = Copy(s);
      base = SlicePtr(s);
      length = SliceLen(s);
    } else {
      length = Copy(SliceLen(s));
    }
  } else if (t->IsPtr()) {
    Expr* p = Value(operand);
    length = Int(array->underlying->length);
    if (wants_value)
      base = Copy(p);
    else
      Eval(p);
  } else {
    length = Int(array->underlying->length);
    if (wants_value) {
      whole = Copy(Value(operand));  // the loop sees the array as it was
      if (whole->op == Op::kLoad) base = AddrOf(whole);
    } else {
      Eval(Value(operand));
    }
  }
  Var* i = Temp(types_.Int());
  Set(i, Int(0));
  int done = NewLabel(), next = NewLabel();
  targets_.push_back({n->label, true, done, next});
  std::span<Stmt*> body = Collect([&] {
    Expr* value = nullptr;
    if (wants_value) {
      if (base)
        value = Load(elem, PtrIndex(base, Use(i), elem->Size()));
      else
        value = Part(whole, 0, elem);
    }
    if (!IsBlankOrNull(n->y) || wants_value) RangeAssign(n, Use(i), value);
    Block(n->body);
  });
  targets_.pop_back();
  std::span<Stmt*> post = Collect([&] { Set(i, Binary(Op::kAdd, Use(i), Int(1))); });
  Loop(n, Compare(Op::kLt, Use(i), length), {}, body, post, done, next);
}

void FuncLowerer::RangeString(ir::Node* n) {
  Expr* s = Copy(Value(n->x));
  Var* i = Temp(types_.Int());   // where the next rune starts
  Var* at = Temp(types_.Int());  // where this one starts
  Var* rune = Temp(types_.RuneType());
  Set(i, Int(0));
  int done = NewLabel(), next = NewLabel();
  targets_.push_back({n->label, true, done, next});
  std::span<Stmt*> body = Collect([&] {
    Set(at, Use(i));
    Set(rune, Numeric(Load(types_.ByteType(), PtrIndex(StringPtr(s), Use(i), 1)), types_.RuneType()));
    If(
        Compare(Op::kLt, Use(rune), Int(0x80, types_.RuneType())),
        [&] { Set(i, Binary(Op::kAdd, Use(i), Int(1))); },
        [&] {
          std::vector<Var*> r = RuntimeCall("decoderune", {s, Use(i)}, {types_.RuneType(), types_.Int()});
          Set(rune, Use(r[0]));
          Set(i, Use(r[1]));
        });
    RangeAssign(n, Use(at), Use(rune));
    Block(n->body);
  });
  targets_.pop_back();
  Loop(n, Compare(Op::kLt, Use(i), StringLen(s)), {}, body, {}, done, next);
}

void FuncLowerer::RangeMap(ir::Node* n) {
  ir::Type* map = n->x->type;
  ir::Type* key = map->underlying->key;
  ir::Type* elem = map->underlying->elem;
  Expr* m = Copy(Value(n->x));
  Expr* rtype = RType(n->hidden ? n->hidden->rtype : nullptr, map);
  Var* it = FrameTemp(low_.MapIter());
  ZeroPlace(Use(it));
  RuntimeCall("mapIterStart", {rtype, m, VarAddr(it)});
  ir::Type* pointer = types_.UnsafePointer();
  int done = NewLabel(), next = NewLabel();
  targets_.push_back({n->label, true, done, next});
  std::span<Stmt*> body = Collect([&] {
    auto read = [&](ir::Type* t, int64_t offset) -> Expr* {
      if (t->Size() == 0) return New(Op::kZero, t);
      return Load(t, Load(pointer, VarAddr(it, offset)));
    };
    if (!IsBlankOrNull(n->y) || !IsBlankOrNull(n->z))
      RangeAssign(n, read(key, 0), IsBlankOrNull(n->z) ? nullptr : read(elem, 8));
    Block(n->body);
  });
  targets_.pop_back();
  std::span<Stmt*> post = Collect([&] { RuntimeCall("mapIterNext", {VarAddr(it)}); });
  Loop(n, Compare(Op::kNe, Load(pointer, VarAddr(it)), Nil()), {}, body, post, done, next);
}

void FuncLowerer::RangeChan(ir::Node* n) {
  ir::Type* elem = n->x->type->underlying->elem;
  Expr* c = Copy(Value(n->x));
  Var* value = FrameTemp(elem);
  Var* ok = Temp(types_.Bool());
  int done = NewLabel(), next = NewLabel();
  std::span<Stmt*> head = Collect([&] {
    ZeroPlace(Use(value));
    Set(ok, RuntimeValue("chanrecv2", {c, VarAddr(value)}, types_.Bool()));
  });
  targets_.push_back({n->label, true, done, next});
  std::span<Stmt*> body = Collect([&] {
    if (!IsBlankOrNull(n->y)) RangeAssign(n, Use(value), nullptr);
    Block(n->body);
  });
  targets_.pop_back();
  Loop(n, Use(ok), head, body, {}, done, next);
}

}  // namespace escapement::lower
