// Maps: calls of the runtime's entry points, by the kind of key (walk's mapfast).
#include "engine/lower/func_lowerer.h"

namespace escapement::lower {

namespace {
constexpr int64_t kMaxFastElem = 128;  // abi.MapMaxElemBytes
constexpr int64_t kMaxIndirect = 128;
}  // namespace

MapFast FastOf(ir::Type* map) {
  ir::Type* key = map->underlying->key;
  if (map->underlying->elem->Size() > kMaxFastElem) return MapFast::kSlow;
  if (key->AlgKind() == ir::Alg::kString) return MapFast::kString;
  if (key->AlgKind() == ir::Alg::kMem && key->Size() == 4) return MapFast::k32;
  if (key->AlgKind() == ir::Alg::kMem && key->Size() == 8)
    return key->HasPointers() ? MapFast::k64Ptr : MapFast::k64;
  return MapFast::kSlow;
}

Expr* FuncLowerer::MapKeyArgValue(ir::Type* map, Expr* v) {
  MapFast fast = FastOf(map);
  auto word = [&](ir::Kind kind) {
    ir::Type* t = Basic(kind);
    if (IsRegister(v->type) && SlotCount(v->type) == 1 && Flatten(v->type).at[0].offset == 0 &&
        ScalarSize(Flatten(v->type).at[0].scalar) == t->Size()) {
      if (v->type->IsInteger()) return Numeric(v, t);
      return Part(v, 0, t);
    }
    return Load(t, AddrOf(Addressable(v)));
  };
  switch (fast) {
    case MapFast::kSlow:
      if (v->type->Size() == 0) return Symbol(data().Intern("runtime.zerobase"), 0, types_.UnsafePointer());
      return AddrOf(Addressable(v));
    case MapFast::kString:
      return Part(v, 0, types_.String());
    case MapFast::k32:
    case MapFast::k32Ptr:
      return word(ir::Kind::kUint32);
    case MapFast::k64:
      return word(ir::Kind::kUint64);
    case MapFast::k64Ptr:
      return word(ir::Kind::kUnsafePtr);
  }
  return v;
}

Expr* FuncLowerer::MapKeyArg(ir::Type* map, ir::Node* key, bool for_assign) {
  Expr* v;
  if (key->op == ir::kBytes2Str && !for_assign) {
    if (!key->init.empty()) Block(key->init);
    v = BytesToString(key, true);  // the key is only looked at
  } else if (FastOf(map) == MapFast::kSlow && (key->op == ir::kLiteral || IsStaticLiteral(key)) &&
             key->type->Size() != 0 && key->op != ir::kNil) {
    v = ReadOnly(key);
  } else {
    v = Value(key);
  }
  return MapKeyArgValue(map, v);
}

namespace {

std::string FastName(std::string_view base, int fast, bool assign) {
  // In the order of MapFast.
  static constexpr const char* kRead[] = {"", "_fast32", "_fast32", "_fast64", "_fast64", "_faststr"};
  static constexpr const char* kAssign[] = {"", "_fast32", "_fast32ptr", "_fast64", "_fast64ptr", "_faststr"};
  return std::string(base) + (assign ? kAssign[fast] : kRead[fast]);
}

}  // namespace

Expr* FuncLowerer::MapRead(ir::Node* n, Expr** ok) {
  ir::Type* map = n->x->type;
  ir::Type* elem = map->underlying->elem;
  Expr* m = Value(n->x);
  Expr* key = MapKeyArg(map, n->y, false);
  MapFast fast = FastOf(map);
  std::string name = FastName(ok ? "mapaccess2" : "mapaccess1", static_cast<int>(fast), false);
  Exprs args{RType(n->hidden ? n->hidden->rtype : nullptr, map), m, key};
  if (elem->Size() > kZeroValSize) {
    base::Name zero = data().Intern("go:map.zero." + std::to_string(elem->Size()));
    if (!data().Find(zero)) data().Define(zero, Section::kNoptrBss, static_cast<uint64_t>(elem->Size()), 16);
    name = ok ? "mapaccess2_fat" : "mapaccess1_fat";
    args.push_back(Symbol(zero));
  }
  std::vector<ir::Type*> results{types_.UnsafePointer()};
  if (ok) results.push_back(types_.Bool());
  std::vector<Var*> r = RuntimeCall(name, args, results);
  if (ok) *ok = Use(r[1]);
  if (elem->Size() == 0) return New(Op::kZero, elem);
  Expr* value = Load(elem, Use(r[0]));
  return IsRegister(elem) ? Copy(value) : value;
}

Expr* FuncLowerer::MapElementAddress(ir::Type* map, Expr* rtype, Expr* m, Expr* key, ir::Node* site) {
  MapFast fast = FastOf(map);
  // Only 8-byte pointers need the ptr form: it keeps the key visible to the collector.
  std::string name = FastName("mapassign", static_cast<int>(fast), true);
  return RuntimeValue(name, {rtype, m, key}, types_.UnsafePointer(), AddSite(Site::kMapAssign, map, site));
}

Expr* FuncLowerer::MapElement(ir::Node* n) {
  ir::Type* map = n->x->type;
  Expr* m = Value(n->x);
  Expr* key = MapKeyArg(map, n->y, true);
  Expr* rtype = RType(n->hidden ? n->hidden->rtype : nullptr, map);
  Expr* at = MapElementAddress(map, rtype, m, key, n);
  if (map->underlying->elem->Size() == 0) return Load(map->underlying->elem, at);
  return Load(map->underlying->elem, at);
}

void FuncLowerer::MapDelete(ir::Node* n) {
  ir::Type* map = n->list[0]->type;
  Expr* m = Value(n->list[0]);
  Expr* key = MapKeyArg(map, n->list[1], false);
  Expr* rtype = RType(n->hidden ? n->hidden->rtype : nullptr, map);
  RuntimeCall(FastName("mapdelete", static_cast<int>(FastOf(map)), false), {rtype, m, key});
}

void FuncLowerer::MapClear(Expr* m, ir::Type* type, ir::Node* rtype) {
  RuntimeCall("mapclear", {RType(rtype, type), m});
}

ir::Type* Lowering::StructOf(std::initializer_list<std::pair<const char*, ir::Type*>> fields) {
  std::vector<ir::Field> list;
  for (auto& [name, type] : fields) list.push_back({types().Lookup(types().local_package(), name), type});
  return types().Struct(list);
}

ir::Type* Lowering::MapGroup(ir::Type* map) {
  ir::Type*& group = groups_[map->canon];
  if (group) return group;
  ir::Type* key = map->underlying->key;
  ir::Type* elem = map->underlying->elem;
  if (key->Size() > kMaxIndirect) key = types().Pointer(key);
  if (elem->Size() > kMaxIndirect) elem = types().Pointer(elem);
  ir::Type* slot = StructOf({{"key", key}, {"elem", elem}});
  group = StructOf({{"ctrl", types().Basic(ir::Kind::kUint64)}, {"slots", types().Array(slot, 8)}});
  return group;
}

ir::Type* Lowering::MapHeader() {
  if (!map_header_) {
    auto basic = [&](ir::Kind k) { return types().Basic(k); };
    map_header_ = StructOf({{"used", basic(ir::Kind::kUint64)},
                            {"seed", types().Uintptr()},
                            {"dirPtr", types().UnsafePointer()},
                            {"dirLen", types().Int()},
                            {"globalDepth", basic(ir::Kind::kUint8)},
                            {"globalShift", basic(ir::Kind::kUint8)},
                            {"writing", basic(ir::Kind::kUint8)},
                            {"tombstonePossible", types().Bool()},
                            {"clearSeq", basic(ir::Kind::kUint64)}});
  }
  return map_header_;
}

ir::Type* Lowering::MapIter() {
  if (!map_iter_) {
    auto basic = [&](ir::Kind k) { return types().Basic(k); };
    ir::Type* p = types().UnsafePointer();
    map_iter_ = StructOf({{"key", p},
                          {"elem", p},
                          {"typ", p},
                          {"m", p},
                          {"groupSlotOffset", basic(ir::Kind::kUint64)},
                          {"dirOffset", basic(ir::Kind::kUint64)},
                          {"clearSeq", basic(ir::Kind::kUint64)},
                          {"globalDepth", basic(ir::Kind::kUint8)},
                          {"dirIdx", types().Int()},
                          {"tab", p},
                          {"group", p},
                          {"entryIdx", basic(ir::Kind::kUint64)}});
  }
  return map_iter_;
}

}  // namespace escapement::lower
