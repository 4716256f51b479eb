// Composite literals: values built of parts, constant data, and stores into a place (walk/complit.go).
#include "engine/lower/func_lowerer.h"

namespace escapement::lower {

namespace {

constexpr int64_t kMaxSmallArray = 256;  // ir.MaxSmallArraySize

// What a literal contains: gc's initGenType.
enum : int { kDynamic = 1, kConstant = 2 };

ir::Node* ElementValue(ir::Node* e) {
  if (e->op == ir::kKey) return e->y;
  if (e->op == ir::kStructKey) return e->x;
  return e;
}

int Contents(ir::Node* n, bool top) {
  switch (n->op) {
    case ir::kLiteral:
    case ir::kNil:
      return kConstant;
    case ir::kSliceLit:
      if (!top || n->n / 4 > static_cast<int64_t>(n->list.size())) return kDynamic;
      break;
    case ir::kArrayLit:
    case ir::kStructLit:
      break;
    default:
      return kDynamic;
  }
  int mode = 0;
  for (ir::Node* e : n->list) mode |= Contents(ElementValue(e), false);
  return mode;
}

}  // namespace

Expr* FuncLowerer::ReadOnly(ir::Node* n) {
  DataSymbol* symbol =
      data().Define(data().Fresh("stmp_ro_"), Section::kRodata, static_cast<uint64_t>(n->type->Size()),
                    static_cast<uint32_t>(n->type->Align()));
  StaticLiteral(low_, symbol, 0, n, n->type);
  return Load(n->type, Symbol(symbol->name, 0, types_.UnsafePointer()));
}

Expr* FuncLowerer::CompositeLit(ir::Node* n) {
  ir::Type* t = n->type;
  if (n->op == ir::kSliceLit) return SliceLit(n);
  if (n->op == ir::kMapLit) return MapLit(n);
  if (t->Size() == 0) {
    for (ir::Node* e : n->list) Eval(Value(ElementValue(e)));
    return New(Op::kZero, t);
  }
  if (IsRegister(t)) {
    if (t->IsArray()) {
      for (ir::Node* e : n->list) return Make(t, {Value(ElementValue(e))});
      return Zero(t);
    }
    Exprs parts;
    for (const ir::Field& f : t->underlying->fields) parts.push_back(Zero(f.type));
    std::vector<size_t> order;
    for (ir::Node* e : n->list) {
      for (size_t i = 0; i < parts.size(); i++) {
        if (&t->underlying->fields[i] != e->field && t->underlying->fields[i].sym != e->field->sym) continue;
        if (&t->underlying->fields[i] != e->field && t->underlying->fields[i].offset != e->field->offset)
          continue;
        parts[i] = Retype(Value(e->x), t->underlying->fields[i].type);
        break;
      }
    }
    return Make(t, parts);
  }
  if (IsStaticLiteral(n)) return ReadOnly(n);
  Var* temp = FrameTemp(t);
  CompositeInto(n, Use(temp), false);
  return Use(temp);
}

void FuncLowerer::CompositeInto(ir::Node* n, Expr* place, bool zeroed) {
  ir::Type* t = n->type;
  t->Size();
  if (n->op == ir::kSliceLit || n->op == ir::kMapLit || IsRegister(t)) return Assign(place, Value(n));
  if (!n->init.empty()) Block(n->init);
  bool full = t->IsStruct() ? n->list.size() == t->underlying->fields.size()
                            : static_cast<int64_t>(n->list.size()) == t->underlying->length;
  int contents = Contents(n, true);
  if (contents == kConstant || ((contents & kConstant) && n->list.size() > 8)) {
    // The constant part is copied from read-only data, the rest is stored over it.
    DataSymbol* symbol = data().Define(data().Fresh("stmp_ro_"), Section::kRodata,
                                       static_cast<uint64_t>(t->Size()), static_cast<uint32_t>(t->Align()));
    StaticLiteral(low_, symbol, 0, n, t);
    Assign(place, Load(t, Symbol(symbol->name, 0, types_.UnsafePointer())));
    zeroed = true;
    if (contents == kConstant) return;
  } else if (!full && !zeroed) {
    ZeroPlace(place);
    zeroed = true;
  }
  bool skip_constants = zeroed && ((contents & kConstant) && n->list.size() > 8);
  int64_t index = 0;
  for (ir::Node* e : n->list) {
    ir::Node* value = ElementValue(e);
    Expr* part;
    if (t->IsStruct()) {
      part = DotPlace(place, e->field);
    } else {
      if (e->op == ir::kKey) index = constants().Int64Val(e->x->value);
      part = StoreElement(AddrOf(place), t->underlying->elem, index);
      index++;
    }
    if (skip_constants && (value->op == ir::kLiteral || value->op == ir::kNil)) continue;
    ir::SrcPos saved = pos_;
    if (value->op == ir::kStructLit || value->op == ir::kArrayLit) {
      CompositeInto(value, part, zeroed && !skip_constants);
    } else if (zeroed && !skip_constants && IsZeroLiteral(constants(), value)) {
      // already there
    } else {
      Assign(part, Value(value));
    }
    pos_ = saved;
  }
}

Expr* FuncLowerer::StoreElement(Expr* array, ir::Type* elem, int64_t index) {
  return Load(elem, PtrAdd(array, index * elem->Size()));
}

Expr* FuncLowerer::SliceLit(ir::Node* n) {
  ir::Type* elem = n->type->underlying->elem;
  ir::Type* array = types_.Array(elem, n->n);
  int contents = Contents(n, true);
  bool small = elem->Size() == 0 || n->n <= kMaxSmallArray / elem->Size();
  DataSymbol* image = nullptr;
  if ((contents & kConstant) && !small) {
    image = data().Define(data().Fresh("stmp_ro_"), Section::kRodata, static_cast<uint64_t>(array->Size()),
                          static_cast<uint32_t>(array->Align()));
    StaticLiteral(low_, image, 0, n, array);
  }
  // Elements that are calls are evaluated before the array is allocated.
  Exprs values;
  for (ir::Node* e : n->list) {
    ir::Node* value = ElementValue(e);
    bool nested = value->op == ir::kStructLit || value->op == ir::kArrayLit;
    values.push_back(nested && !IsRegister(value->type) ? nullptr : Value(value));
  }
  Expr* p;
  bool zeroed = true;
  if (n->esc == ir::Esc::kNone) {
    Var* temp = FrameTemp(array);
    p = VarAddr(temp);
    if (image)
      Assign(Use(temp), Load(array, Symbol(image->name, 0, types_.UnsafePointer())));
    else if (static_cast<int64_t>(n->list.size()) < n->n)
      ZeroPlace(Use(temp));
    else
      zeroed = false;
  } else {
    Site::Kind kind = n->Has(ir::kImplicit) ? Site::kVariadic : Site::kSliceLiteral;
    p = Cheap(NewObject(array, TypeAddr(array), AddSite(kind, array, n)));
    if (image) Assign(Load(array, p), Load(array, Symbol(image->name, 0, types_.UnsafePointer())));
  }
  int64_t index = 0;
  for (size_t i = 0; i < n->list.size(); i++) {
    ir::Node* e = n->list[i];
    if (e->op == ir::kKey) index = constants().Int64Val(e->x->value);
    ir::Node* value = ElementValue(e);
    Expr* place = StoreElement(p, elem, index++);
    if (image && (value->op == ir::kLiteral || value->op == ir::kNil)) continue;
    if (elem->Size() == 0) continue;
    if (!values[i]) {
      CompositeInto(value, place, zeroed && !image);
    } else {
      Assign(place, values[i]);
    }
  }
  return Make(n->type, {p, Int(n->n), Int(n->n)});
}

Expr* FuncLowerer::PtrLit(ir::Node* n) {
  ir::Node* lit = n->x;
  ir::Type* t = lit->type;
  if (n->esc == ir::Esc::kNone) {
    Var* temp = FrameTemp(t);
    CompositeInto(lit, Use(temp), false);
    return Retype(VarAddr(temp), n->type);
  }
  // Field values that are calls run before the allocation, as gc's order leaves them.
  if (IsRegister(t)) {
    Expr* value = Value(lit);
    Expr* p = Cheap(NewObject(t, TypeAddr(t), AddSite(Site::kNew, t, n)));
    if (value->op != Op::kZero && !(value->op == Op::kConst && value->value == 0)) Assign(Load(t, p), value);
    return Retype(p, n->type);
  }
  Expr* p = Cheap(NewObject(t, TypeAddr(t), AddSite(Site::kNew, t, n)));
  CompositeInto(lit, Load(t, p), true);
  return Retype(p, n->type);
}

Expr* FuncLowerer::MapLit(ir::Node* n) {
  ir::Type* t = n->type;
  int64_t count = static_cast<int64_t>(n->list.size()) + n->n;
  Expr* m = Copy(MakeMap(n, Int(count), count));
  std::vector<ir::Node*> statics, dynamics;
  for (ir::Node* e : n->list) {
    bool fixed = IsStaticLiteral(e->x) && IsStaticLiteral(e->y);
    (fixed ? statics : dynamics).push_back(e);
  }
  Expr* rtype = RType(n->hidden ? n->hidden->rtype : nullptr, t);
  ir::Type* key = t->underlying->key;
  ir::Type* elem = t->underlying->elem;
  if (statics.size() > 25) {
    // Long constant literals loop over two read-only arrays.
    int64_t length = static_cast<int64_t>(statics.size());
    auto image = [&](ir::Type* of, bool keys) {
      DataSymbol* s =
          data().Define(data().Fresh("stmp_ro_"), Section::kRodata,
                        static_cast<uint64_t>(of->Size() * length), static_cast<uint32_t>(of->Align()));
      for (int64_t i = 0; i < length; i++)
        StaticLiteral(low_, s, i * of->Size(), keys ? statics[i]->x : statics[i]->y, of);
      return Symbol(s->name, 0, types_.UnsafePointer());
    };
    Expr* keys = image(key, true);
    Expr* elems = image(elem, false);
    CountedLoop(length, [&](Var* i) {
      Expr* k = Load(key, PtrIndex(keys, Use(i), key->Size()));
      Expr* at = MapElementAddress(t, rtype, m, MapKeyArgValue(t, k), n);
      Assign(Load(elem, at), Load(elem, PtrIndex(elems, Use(i), elem->Size())));
    });
  } else {
    dynamics.insert(dynamics.begin(), statics.begin(), statics.end());
  }
  for (ir::Node* e : dynamics) {
    Expr* k = MapKeyArg(t, e->x, true);
    Expr* v = Value(e->y);
    if (!IsRegister(elem) || v->op != Op::kConst) v = IsRegister(elem) ? Copy(v) : v;
    Expr* at = MapElementAddress(t, rtype, m, k, n);
    if (elem->Size() != 0) Assign(Load(elem, at), v);
  }
  return m;
}

}  // namespace escapement::lower
