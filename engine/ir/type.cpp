#include "engine/ir/type.h"

#include <algorithm>
#include <utility>

#include "engine/base/sha2.h"
#include "engine/base/sort.h"
#include "engine/types/object.h"

namespace escapement::ir {
namespace {

uint64_t Key(const void* p) {
  return reinterpret_cast<uintptr_t>(p);
}

constexpr std::string_view kBasicNames[] = {
    "",    "int8", "uint8",   "int16",     "uint16",     "int32",   "uint32",  "int64", "uint64",
    "int", "uint", "uintptr", "complex64", "complex128", "float32", "float64", "bool",
};

}  // namespace

std::string PathToPrefix(std::string_view path) {
  size_t slash = path.rfind('/');
  std::string out;
  for (size_t i = 0; i < path.size(); ++i) {
    auto c = static_cast<unsigned char>(path[i]);
    bool last = slash == std::string_view::npos || i > slash;
    if (c <= ' ' || (c == '.' && last) || c == '%' || c == '"' || c >= 0x7F) {
      const char* hex = "0123456789abcdef";
      out += '%';
      out += hex[c >> 4];
      out += hex[c & 15];
    } else {
      out += static_cast<char>(c);
    }
  }
  return out;
}

bool IsExported(std::string_view name) {
  if (name.empty()) return false;
  auto c = static_cast<unsigned char>(name[0]);
  if (c < 0x80) return c >= 'A' && c <= 'Z';
  return types::IsExported(name);
}

int CompareSyms(const Sym* a, const Sym* b) {
  if (a == b) return 0;
  if (a == nullptr) return -1;
  if (b == nullptr) return 1;
  bool ea = IsExported(a->text()), eb = IsExported(b->text());
  if (ea != eb) return ea ? -1 : 1;
  if (int r = a->text().compare(b->text()); r != 0) return r;
  if (!ea && a->pkg != nullptr && b->pkg != nullptr) return a->pkg->path.compare(b->pkg->path);
  return 0;
}

bool IsMethodApplicable(Type* t, const Field& m) {
  Type* recv = m.type->recv != nullptr ? m.type->recv->type : nullptr;
  return t->IsPtr() || recv == nullptr || !recv->IsPtr() || m.nname == nullptr || m.embedded == 2;
}

Type* ReceiverBaseType(Type* t) {
  if (t == nullptr) return nullptr;
  if (t->IsPtr()) {
    if (t->sym != nullptr) return nullptr;
    t = t->elem;
  }
  if (t->sym == nullptr && !t->IsStruct()) return nullptr;
  switch (t->kind) {
    case Kind::kPtr:
    case Kind::kUnsafePtr:
    case Kind::kInter:
    case Kind::kForw:
      return nullptr;
    default:
      return t;
  }
}

TypeTable::TypeTable(base::Arena& arena, base::Interner& names) : arena_(arena), names_(names) {
  builtin_package_ = NewPackage("go.builtin", names.Intern("go.builtin"), nullptr);
  unsafe_package_ = NewPackage("unsafe", names.Intern("unsafe"), nullptr);
  shape_package_ = NewPackage("go.shape", names.Intern("go.shape"), nullptr);
  go_package_ = NewPackage("go", names.Intern(""), nullptr);
  // Pseudo-packages are not escaped in symbols.
  for (Package* pseudo : {builtin_package_, unsafe_package_, shape_package_, go_package_})
    pseudo->prefix = pseudo->path;
  InitPredeclared();
}

Type* TypeTable::New(Kind kind) {
  Type* t = arena_.New<Type>();
  t->kind = kind;
  t->id = next_id_++;
  t->canon = t;
  t->underlying = t;
  return t;
}

void TypeTable::InitPredeclared() {
  auto predeclare = [&](Kind kind, std::string_view name) {
    Type* t = New(kind);
    t->sym = Lookup(builtin_package_, name);
    t->flags |= kTypeComplete;
    return t;
  };
  for (int k = static_cast<int>(Kind::kInt8); k <= static_cast<int>(Kind::kBool); ++k)
    basic_[k] = predeclare(static_cast<Kind>(k), kBasicNames[k]);
  basic_[static_cast<int>(Kind::kString)] = predeclare(Kind::kString, "string");
  Type* pointer = New(Kind::kUnsafePtr);
  pointer->sym = Lookup(unsafe_package_, "Pointer");
  basic_[static_cast<int>(Kind::kUnsafePtr)] = pointer;
  basic_[static_cast<int>(Kind::kNil)] = predeclare(Kind::kNil, "nil");
  basic_[static_cast<int>(Kind::kIdeal)] = predeclare(Kind::kIdeal, "untyped number");
  basic_[static_cast<int>(Kind::kBlank)] = predeclare(Kind::kBlank, "blank");
  byte_ = predeclare(Kind::kUint8, "byte");
  byte_->canon = Basic(Kind::kUint8);
  byte_->underlying = Basic(Kind::kUint8);
  rune_ = predeclare(Kind::kInt32, "rune");
  rune_->canon = Basic(Kind::kInt32);
  rune_->underlying = Basic(Kind::kInt32);
  empty_interface_ = Interface({});
  any_ = predeclare(Kind::kInter, "any");
  any_->canon = empty_interface_;
  any_->underlying = empty_interface_;
  Field result{nullptr, String()};
  Field method;
  method.sym = Selector(nullptr, "Error");
  method.type = Func(nullptr, {}, std::span<const Field>(&result, 1), false);
  error_ = predeclare(Kind::kForw, "error");
  SetUnderlying(error_, Interface(std::span<const Field>(&method, 1)));
  comparable_ = predeclare(Kind::kForw, "comparable");
  SetUnderlying(comparable_, empty_interface_);
}

Type* TypeTable::InternComposite(const std::vector<uint64_t>& key, Type&& proto) {
  auto [it, added] = composites_.try_emplace(key, nullptr);
  if (!added) return it->second;
  Type* t = New(proto.kind);
  uint32_t id = t->id;
  *t = proto;
  t->id = id;
  t->canon = t;
  t->underlying = t;
  it->second = t;
  return t;
}

namespace {

uint16_t ShapeFlag(const Type* t) {
  return t->flags & kTypeHasShape;
}

}  // namespace

Type* TypeTable::Pointer(Type* elem) {
  Type proto{.kind = Kind::kPtr, .flags = ShapeFlag(elem), .elem = elem};
  Type* t = InternComposite({static_cast<uint64_t>(Kind::kPtr), Key(elem)}, std::move(proto));
  if (elem->canon != elem) t->canon = Pointer(elem->canon);
  return t;
}

Type* TypeTable::Slice(Type* elem) {
  Type proto{.kind = Kind::kSlice, .flags = ShapeFlag(elem), .elem = elem};
  Type* t = InternComposite({static_cast<uint64_t>(Kind::kSlice), Key(elem)}, std::move(proto));
  if (elem->canon != elem) t->canon = Slice(elem->canon);
  return t;
}

Type* TypeTable::Array(Type* elem, int64_t length) {
  uint16_t flags = ShapeFlag(elem) | (elem->flags & kTypeNotInHeap);
  Type proto{.kind = Kind::kArray, .flags = flags, .elem = elem, .length = length};
  Type* t = InternComposite({static_cast<uint64_t>(Kind::kArray), Key(elem), static_cast<uint64_t>(length)},
                            std::move(proto));
  if (elem->canon != elem) t->canon = Array(elem->canon, length);
  return t;
}

Type* TypeTable::Map(Type* key, Type* elem) {
  uint16_t flags = ShapeFlag(key) | ShapeFlag(elem);
  Type proto{.kind = Kind::kMap, .flags = flags, .elem = elem, .key = key};
  Type* t = InternComposite({static_cast<uint64_t>(Kind::kMap), Key(key), Key(elem)}, std::move(proto));
  if (elem->canon != elem || key->canon != key) t->canon = Map(key->canon, elem->canon);
  return t;
}

Type* TypeTable::Chan(Type* elem, ChanDir dir) {
  Type proto{.kind = Kind::kChan, .dir = dir, .flags = ShapeFlag(elem), .elem = elem};
  Type* t = InternComposite({static_cast<uint64_t>(Kind::kChan), Key(elem), static_cast<uint64_t>(dir)},
                            std::move(proto));
  if (elem->canon != elem) t->canon = Chan(elem->canon, dir);
  return t;
}

namespace {

// Copies fields, canonicalising their types when asked to.
std::vector<Field> Canonical(std::span<const Field> fields) {
  std::vector<Field> out(fields.begin(), fields.end());
  for (Field& f : out) f.type = f.type->canon;
  return out;
}
bool AllCanonical(std::span<const Field> fields) {
  return std::all_of(fields.begin(), fields.end(), [](const Field& f) { return f.type->canon == f.type; });
}
uint16_t FieldFlags(std::span<const Field> fields) {
  uint16_t flags = 0;
  for (const Field& f : fields) flags |= ShapeFlag(f.type);
  return flags;
}

}  // namespace

Type* TypeTable::Struct(std::span<const Field> fields) {
  std::vector<uint64_t> key{static_cast<uint64_t>(Kind::kStruct)};
  uint16_t flags = FieldFlags(fields);
  for (const Field& f : fields) {
    key.push_back(Key(f.sym));
    key.push_back(Key(f.type));
    key.push_back(f.embedded);
    key.push_back(Key(names_.Intern(f.tag).id()));
    flags |= f.type->flags & kTypeNotInHeap;
  }
  if (auto it = composites_.find(key); it != composites_.end()) return it->second;
  Type proto{.kind = Kind::kStruct, .flags = flags};
  proto.fields = arena_.Copy(fields);
  for (Field& f : proto.fields) f.tag = names_.Intern(f.tag).text();
  Type* t = InternComposite(key, std::move(proto));
  if (!AllCanonical(fields)) t->canon = Struct(Canonical(fields));
  return t;
}

Type* TypeTable::Func(Field* recv, std::span<const Field> params, std::span<const Field> results,
                      bool variadic) {
  std::vector<uint64_t> key{static_cast<uint64_t>(Kind::kFunc), recv != nullptr ? Key(recv->type) : 0,
                            params.size(), variadic};
  for (const Field& f : params) key.push_back(Key(f.type));
  for (const Field& f : results) key.push_back(Key(f.type));
  if (auto it = composites_.find(key); it != composites_.end()) return it->second;
  Type proto{.kind = Kind::kFunc, .flags = static_cast<uint16_t>(FieldFlags(params) | FieldFlags(results))};
  if (recv != nullptr) {
    proto.flags |= ShapeFlag(recv->type);
    proto.recv = arena_.New<Field>(*recv);
  }
  proto.params = arena_.Copy(params);
  proto.results = arena_.Copy(results);
  for (Field& f : proto.params) f.is_ddd = false;
  if (variadic) proto.params.back().is_ddd = true;
  proto.variadic = variadic;
  Type* t = InternComposite(key, std::move(proto));
  // Receivers never take part in the identity of function types.
  if (recv != nullptr || !AllCanonical(params) || !AllCanonical(results)) {
    Type* canon = Func(nullptr, Canonical(params), Canonical(results), variadic);
    t->canon = canon;
  }
  return t;
}

Type* TypeTable::Interface(std::span<const Field> methods) {
  std::vector<Field> sorted(methods.begin(), methods.end());
  base::Sort(sorted, [](const Field& a, const Field& b) { return CompareSyms(a.sym, b.sym) < 0; });
  std::vector<uint64_t> key{static_cast<uint64_t>(Kind::kInter)};
  for (size_t i = 0; i < sorted.size(); ++i) {
    sorted[i].offset = static_cast<int64_t>(i) * 8;
    key.push_back(Key(sorted[i].sym));
    key.push_back(Key(sorted[i].type));
  }
  if (auto it = composites_.find(key); it != composites_.end()) return it->second;
  Type proto{.kind = Kind::kInter, .flags = FieldFlags(sorted)};
  proto.methods = arena_.Copy(sorted);
  proto.all_methods = proto.methods;
  proto.methods_known = proto.all_methods_known = true;
  Type* t = InternComposite(key, std::move(proto));
  if (!AllCanonical(sorted)) t->canon = Interface(Canonical(sorted));
  return t;
}

Type* TypeTable::Results(std::span<const Field> results) {
  std::vector<uint64_t> key{static_cast<uint64_t>(Kind::kResults)};
  for (const Field& f : results) key.push_back(Key(f.type));
  if (auto it = composites_.find(key); it != composites_.end()) return it->second;
  Type proto{.kind = Kind::kResults, .flags = FieldFlags(results)};
  proto.fields = arena_.Copy(results);
  Type* t = InternComposite(key, std::move(proto));
  if (!AllCanonical(results)) t->canon = Results(Canonical(results));
  return t;
}

Type* TypeTable::NewNamed(const Sym* sym, SrcPos pos) {
  Type* t = New(Kind::kForw);
  t->sym = sym;
  t->pos = pos;
  if (sym->pkg == shape_package_) t->flags |= kTypeIsShape | kTypeHasShape;
  if (sym->pkg != nullptr && sym->pkg->path == "internal/runtime/sys" && sym->text() == "nih")
    t->flags |= kTypeNotInHeap;
  return t;
}

void TypeTable::SetUnderlying(Type* named, Type* underlying) {
  if (underlying->kind == Kind::kForw) {
    waiting_[underlying].push_back(named);
    return;
  }
  Type* u = underlying->underlying;
  named->kind = u->kind;
  named->dir = u->dir;
  named->underlying = u;
  named->elem = u->elem;
  named->key = u->key;
  named->length = u->length;
  named->fields = u->fields;
  named->params = u->params;
  named->results = u->results;
  named->variadic = u->variadic;
  named->flags |= (u->flags & (kTypeNotInHeap | kTypeHasShape)) | kTypeComplete;
  if (u->kind == Kind::kInter) {
    named->methods = u->methods;
    named->all_methods = u->all_methods;
    named->methods_known = named->all_methods_known = true;
  }
  if (auto it = waiting_.find(named); it != waiting_.end()) {
    std::vector<Type*> waiting = std::move(it->second);
    waiting_.erase(it);
    for (Type* w : waiting) SetUnderlying(w, named);
  }
}

// Longer spellings are hashed in the names of shape types (gc's -d=maxshapelen).
constexpr size_t kMaxShapeName = 500;

namespace {

// cmd/internal/hash's sum, which marks itself as not meant for security by its first byte.
std::string HashedName(std::string_view spelled) {
  std::string out;
  for (int flip = 0xff; uint8_t byte : base::Sha256(spelled)) {
    int shown = byte ^ std::exchange(flip, 0);
    out += "0123456789abcdef"[shown >> 4];
    out += "0123456789abcdef"[shown & 15];
  }
  return out;
}

}  // namespace

Type* TypeTable::Shape(Type* targ, bool basic_constraint) {
  if (targ->kind == Kind::kForw && targ->HasShape()) return targ;
  if (targ->kind == Kind::kInter && targ->Has(kTypeFullyInstantiated) && targ->HasShape()) return targ;
  bool pointer_shaping = basic_constraint && targ->IsPtr() && !targ->elem->Has(kTypeNotInHeap);
  if (pointer_shaping && !targ->elem->IsShape() && targ->elem->HasShape()) return targ;
  Type* under = targ->underlying;
  if (pointer_shaping) under = Pointer(Basic(Kind::kUint8));
  std::string spelled = Print(under, TypeForm::kLink);
  if (spelled.size() > kMaxShapeName) spelled = HashedName(spelled);
  const Sym* sym = Lookup(shape_package_, spelled);
  auto [it, added] = shapes_.try_emplace(sym, nullptr);
  if (added) {
    Type* t = NewNamed(sym, under->pos);
    it->second = t;
    SetUnderlying(t, under);
    if (t->IsInterface()) t->source = targ->source;  // says where its methods are written
  }
  return it->second;
}

Package* TypeTable::NewPackage(std::string_view path, base::Name name, types::Package* source) {
  if (Package* known = FindPackage(path)) {
    if (known->source == nullptr) known->source = source;
    if (known->name.empty()) known->name = name;
    return known;
  }
  Package* p = arena_.New<Package>();
  p->path = arena_.Copy(path);
  p->name = name;
  p->prefix = arena_.Copy(PathToPrefix(path));
  p->source = source;
  packages_.emplace(std::string(path), p);
  return p;
}

Package* TypeTable::FindPackage(std::string_view path) {
  auto it = packages_.find(path);
  return it == packages_.end() ? nullptr : it->second;
}

const Sym* TypeTable::Lookup(Package* pkg, std::string_view name) {
  base::Name interned = names_.Intern(name);
  auto [it, added] = syms_.try_emplace({pkg, interned.id()}, nullptr);
  if (added) it->second = arena_.New<Sym>(pkg, interned);
  return it->second;
}

const Sym* TypeTable::Selector(Package* pkg, std::string_view name) {
  return Lookup(IsExported(name) ? nullptr : pkg, name);
}

}  // namespace escapement::ir
