#include "engine/link/descriptor.h"

#include <algorithm>

#include "engine/base/check.h"
#include "engine/ir/symbol.h"
#include "engine/lower/layout.h"

namespace escapement::link {

namespace {

using ir::Field;
using ir::Kind;
using ir::Type;
using lower::DataSymbol;
using lower::Section;

// abi.TFlag.
enum : uint8_t {
  kTFlagUncommon = 1 << 0,
  kTFlagExtraStar = 1 << 1,
  kTFlagNamed = 1 << 2,
  kTFlagRegularMemory = 1 << 3,
  kTFlagDirectIface = 1 << 5,
};

// Sizes of abi's structs.
constexpr uint64_t kTypeBytes = 48, kUncommonBytes = 16, kMethodBytes = 16, kIMethodBytes = 8,
                   kStructFieldBytes = 24;

// Offsets in abi.Type.
enum : uint64_t {
  kSizeAt = 0,
  kPtrBytesAt = 8,
  kHashAt = 16,
  kTFlagAt = 20,
  kAlignAt = 21,
  kFieldAlignAt = 22,
  kKindAt = 23,
  kEqualAt = 24,
  kGCDataAt = 32,
  kStrAt = 40,
  kPtrToThisAt = 44,
};

// abi.Kind of a type.
uint8_t AbiKind(const Type* type) {
  switch (type->kind) {
    case Kind::kBool:
      return 1;
    case Kind::kInt:
      return 2;
    case Kind::kInt8:
      return 3;
    case Kind::kInt16:
      return 4;
    case Kind::kInt32:
      return 5;
    case Kind::kInt64:
      return 6;
    case Kind::kUint:
      return 7;
    case Kind::kUint8:
      return 8;
    case Kind::kUint16:
      return 9;
    case Kind::kUint32:
      return 10;
    case Kind::kUint64:
      return 11;
    case Kind::kUintptr:
      return 12;
    case Kind::kFloat32:
      return 13;
    case Kind::kFloat64:
      return 14;
    case Kind::kComplex64:
      return 15;
    case Kind::kComplex128:
      return 16;
    case Kind::kArray:
      return 17;
    case Kind::kChan:
      return 18;
    case Kind::kFunc:
      return 19;
    case Kind::kInter:
      return 20;
    case Kind::kMap:
      return 21;
    case Kind::kPtr:
      return 22;
    case Kind::kSlice:
      return 23;
    case Kind::kString:
      return 24;
    case Kind::kStruct:
      return 25;
    case Kind::kUnsafePtr:
      return 26;
    default:
      UNREACHABLE("a type that no value has at run time");
  }
}

// Bytes of the kind's own struct (abi.ArrayType, abi.FuncType, …).
uint64_t KindBytes(const Type* type) {
  switch (type->kind) {
    case Kind::kArray:
      return kTypeBytes + 24;
    case Kind::kChan:
      return kTypeBytes + 16;
    case Kind::kFunc:
      return kTypeBytes + 8;
    case Kind::kInter:
    case Kind::kStruct:
      return kTypeBytes + 32;
    case Kind::kMap:
      return kTypeBytes + 64;
    case Kind::kPtr:
    case Kind::kSlice:
      return kTypeBytes + 8;
    default:
      return kTypeBytes;
  }
}

// Bytes of the table behind it: parameter types, interface methods, struct fields.
uint64_t VariableBytes(const Type* type) {
  const Type* u = type->underlying;
  switch (type->kind) {
    case Kind::kFunc:
      return ((u->recv != nullptr) + u->params.size() + u->results.size()) * 8;
    case Kind::kInter:
      return u->methods.size() * kIMethodBytes;
    case Kind::kStruct:
      return u->fields.size() * kStructFieldBytes;
    default:
      return 0;
  }
}

void PutVarint(std::string& out, uint64_t n) {
  for (; n >= 0x80; n >>= 7) out += static_cast<char>(n | 0x80);
  out += static_cast<char>(n);
}

// Whether all bytes of a value count in == (compare.IsRegularMemory).
bool IsRegularMemory(Type* type) {
  return type->AlgKind() == ir::Alg::kMem;
}

// NaN and ±0 make keys that are equal but not the same (reflectdata.needkeyupdate).
bool NeedsKeyUpdate(Type* type) {
  switch (type->kind) {
    case Kind::kFloat32:
    case Kind::kFloat64:
    case Kind::kComplex64:
    case Kind::kComplex128:
    case Kind::kInter:
    case Kind::kString:
      return true;
    case Kind::kArray:
      return NeedsKeyUpdate(type->underlying->elem);
    case Kind::kStruct: {
      std::span<Field> fields = type->underlying->fields;
      return std::any_of(fields.begin(), fields.end(), [](Field& f) { return NeedsKeyUpdate(f.type); });
    }
    default:
      return false;
  }
}

bool HashMightPanic(Type* type) {
  if (type->kind == Kind::kInter) return true;
  if (type->kind == Kind::kArray) return HashMightPanic(type->underlying->elem);
  if (type->kind != Kind::kStruct) return false;
  std::span<Field> fields = type->underlying->fields;
  return std::any_of(fields.begin(), fields.end(), [](Field& f) { return HashMightPanic(f.type); });
}

// The package a type's descriptor names: that of its symbol, or of its element's.
// (unsafe's own package has no source, but unsafe.Pointer names it.)
const ir::Package* TypePackage(const Type* type) {
  const ir::Sym* sym = type->sym;
  if (type->kind == Kind::kUnsafePtr && sym != nullptr) return sym->pkg;
  if (sym == nullptr && type->elem != nullptr &&
      (type->kind == Kind::kArray || type->kind == Kind::kSlice || type->kind == Kind::kPtr ||
       type->kind == Kind::kChan))
    sym = type->elem->sym;
  return sym == nullptr || sym->pkg == nullptr || sym->pkg->source == nullptr ? nullptr : sym->pkg;
}

}  // namespace

uint32_t TypeHash(ir::TypeTable& types, Type* type) {
  uint32_t hash = 2166136261u;
  for (char c : types.LinkString(type)) hash = (hash ^ static_cast<uint8_t>(c)) * 16777619u;
  return hash;
}

void DescriptorWriter::PutType(DataSymbol* symbol, uint64_t offset, Type* type) {
  symbol->PutAddress(offset, lowering.data().TypeDescriptor(type));
}

void DescriptorWriter::PutClosure(DataSymbol* symbol, uint64_t offset, base::Name closure) {
  if (!closure.empty()) symbol->PutAddress(offset, closure);
}

void DescriptorWriter::PutNameOff(DataSymbol* symbol, uint64_t offset, base::Name name) {
  symbol->Put(offset, 0, 4);
  symbol->relocs.push_back({static_cast<uint32_t>(offset), lower::Reloc::kOffset, name, 0});
}

base::Name DescriptorWriter::Name(std::string_view name, std::string_view tag, const ir::Package* pkg,
                                  bool exported, bool embedded) {
  std::string bytes(1,
                    static_cast<char>(exported | (tag.empty() ? 0 : 2) | (pkg ? 4 : 0) | (embedded ? 8 : 0)));
  PutVarint(bytes, name.size());
  bytes += name;
  if (!tag.empty()) {
    PutVarint(bytes, tag.size());
    bytes += tag;
  }
  lower::Data& data = lowering.data();
  base::Name symbol = data.Intern("type:.namedata." + bytes + (pkg ? std::string(pkg->path) : ""));
  if (data.Find(symbol) == nullptr) {
    uint64_t size = bytes.size();
    DataSymbol* out = data.Define(symbol, Section::kRodata, size + (pkg ? 4 : 0), 1);
    out->bytes = std::move(bytes);
    if (pkg) PutNameOff(out, size, PackagePath(pkg));
  }
  return symbol;
}

base::Name DescriptorWriter::PackagePath(const ir::Package* pkg) {
  return Name(pkg->path, "", nullptr, false, false);
}

base::Name DescriptorWriter::PointerMask(Type* type) {
  std::string mask((static_cast<uint64_t>(type->PtrBytes()) / 8 + 7) / 8, '\0');
  lower::ForEachPointer(type, 0, [&](int64_t at) {
    uint64_t word = static_cast<uint64_t>(at) / 8;
    mask[word / 8] = static_cast<char>(mask[word / 8] | 1 << (word % 8));
  });
  lower::Data& data = lowering.data();
  base::Name symbol = data.Intern("runtime.gcbits." + mask);
  if (data.Find(symbol) == nullptr)
    data.Define(symbol, Section::kRodata, mask.size(), 1)->bytes = std::move(mask);
  return symbol;
}

std::vector<DescriptorWriter::Method> DescriptorWriter::Methods(Type* type) {
  std::vector<Method> out;
  if (type->HasShape() || type->kind == Kind::kInter) return out;
  bool pointer = type->IsPtr() && !type->IsNamed();
  for (Field& f : builder.MethodSet(type)) {
    bool needs_pointer = f.nname != nullptr && f.type->recv != nullptr && f.type->recv->type->IsPtr();
    if (!pointer && needs_pointer && f.embedded != 2) continue;
    Type* through = type->IsDirectIface() ? type : lowering.types().Pointer(type);
    ir::Func* entry = builder.MethodFor(type, f.sym);
    ir::Func* interface_entry = builder.MethodFor(through, f.sym);
    if (entry == nullptr || interface_entry == nullptr) continue;
    Type* plain = lowering.types().Func(nullptr, f.type->params, f.type->results, f.type->variadic);
    out.push_back({f.sym, interface_entry, entry, plain});
  }
  return out;
}

void DescriptorWriter::WriteType(Type* type) {
  lower::Data& data = lowering.data();
  base::Name name = data.TypeDescriptor(type);
  if (data.Find(name) != nullptr) return;
  std::vector<Method> methods = Methods(type);
  bool uncommon = type->IsNamed() || !methods.empty();
  uint64_t kind_end = KindBytes(type);
  uint64_t variable = kind_end + (uncommon ? kUncommonBytes : 0);
  uint64_t methods_at = variable + VariableBytes(type);
  DataSymbol* symbol = data.Define(name, Section::kRodata, methods_at + methods.size() * kMethodBytes, 8);
  WriteCommon(symbol, type);
  symbol->bytes[kTFlagAt] = static_cast<char>(symbol->bytes[kTFlagAt] | (uncommon ? kTFlagUncommon : 0));
  WriteKind(symbol, type, variable);
  if (uncommon) WriteUncommon(symbol, type, kind_end, methods_at, methods);
}

void DescriptorWriter::WriteCommon(DataSymbol* symbol, Type* type) {
  symbol->Put(kSizeAt, static_cast<uint64_t>(type->Size()), 8);
  symbol->Put(kPtrBytesAt, static_cast<uint64_t>(type->PtrBytes()), 8);
  symbol->Put(kHashAt, TypeHash(lowering.types(), type), 4);
  uint8_t flags = 0;
  if (type->IsNamed()) flags |= kTFlagNamed;
  if (IsRegularMemory(type)) flags |= kTFlagRegularMemory;
  if (type->IsDirectIface()) flags |= kTFlagDirectIface;
  // "*T" serves both T, which skips the star, and *T.
  std::string text = lowering.types().Print(type, ir::TypeForm::kName);
  const Type* named = type;
  if (text.empty() || text[0] != '*') {
    text.insert(0, "*");
    flags |= kTFlagExtraStar;
  } else if (type->elem != nullptr) {
    named = type->elem;
  }
  bool exported = named->sym != nullptr && ir::IsExported(named->sym->text());
  symbol->Put(kTFlagAt, flags, 1);
  symbol->Put(kAlignAt, static_cast<uint64_t>(type->Align()), 1);
  symbol->Put(kFieldAlignAt, static_cast<uint64_t>(type->Align()), 1);
  symbol->Put(kKindAt, AbiKind(type), 1);
  symbol->Put(kEqualAt, 0, 8);
  PutClosure(symbol, kEqualAt, lowering.EqClosure(type));
  symbol->Put(kGCDataAt, 0, 8);
  if (type->HasPointers()) symbol->PutAddress(kGCDataAt, PointerMask(type));
  PutNameOff(symbol, kStrAt, Name(text, "", nullptr, exported, false));
  bool has_pointer = !type->IsPtr() || type->IsNamed();
  symbol->Put(kPtrToThisAt,
              has_pointer ? static_cast<uint32_t>(type_offset(lowering.types().Pointer(type))) : 0, 4);
}

void DescriptorWriter::WriteKind(DataSymbol* symbol, Type* type, uint64_t variable) {
  Type* u = type->underlying;
  switch (type->kind) {
    case Kind::kArray:
      PutType(symbol, kTypeBytes, u->elem);
      PutType(symbol, kTypeBytes + 8, lowering.types().Slice(u->elem));
      symbol->Put(kTypeBytes + 16, static_cast<uint64_t>(u->length), 8);
      break;
    case Kind::kChan:
      PutType(symbol, kTypeBytes, u->elem);
      symbol->Put(kTypeBytes + 8, static_cast<uint64_t>(u->dir), 8);
      break;
    case Kind::kPtr:
    case Kind::kSlice:
      PutType(symbol, kTypeBytes, u->elem);
      break;
    case Kind::kFunc: {
      symbol->Put(kTypeBytes, u->params.size() + (u->recv != nullptr), 2);
      symbol->Put(kTypeBytes + 2, u->results.size() | (u->variadic ? 1u << 15 : 0), 2);
      uint64_t at = variable;
      if (u->recv != nullptr) PutType(symbol, at, u->recv->type), at += 8;
      for (std::span<Field> list : {u->params, u->results})
        for (const Field& f : list) PutType(symbol, at, f.type), at += 8;
      break;
    }
    case Kind::kInter:
      WriteInterface(symbol, type, variable);
      break;
    case Kind::kMap:
      WriteMap(symbol, type);
      break;
    case Kind::kStruct:
      WriteStruct(symbol, type, variable);
      break;
    default:
      break;
  }
}

void DescriptorWriter::WriteInterface(DataSymbol* symbol, Type* type, uint64_t variable) {
  const ir::Package* pkg = type->sym != nullptr ? TypePackage(type) : nullptr;
  symbol->Put(kTypeBytes, 0, 8);
  if (pkg != nullptr) symbol->PutAddress(kTypeBytes, PackagePath(pkg));
  std::span<Field> methods = type->underlying->methods;
  symbol->PutAddress(kTypeBytes + 8, symbol->name, static_cast<int64_t>(variable));
  symbol->Put(kTypeBytes + 16, methods.size(), 8);
  symbol->Put(kTypeBytes + 24, methods.size(), 8);
  for (size_t i = 0; i < methods.size(); ++i) {
    const Field& m = methods[i];
    bool exported = ir::IsExported(m.sym->text());
    const ir::Package* other = !exported && m.sym->pkg != pkg ? m.sym->pkg : nullptr;
    uint64_t at = variable + i * kIMethodBytes;
    PutNameOff(symbol, at, Name(m.sym->text(), "", other, exported, false));
    Type* plain = lowering.types().Func(nullptr, m.type->params, m.type->results, m.type->variadic);
    symbol->Put(at + 4, static_cast<uint32_t>(type_offset(plain)), 4);
  }
}

void DescriptorWriter::WriteMap(DataSymbol* symbol, Type* type) {
  constexpr int64_t kMaxDirectBytes = 128;  // abi.MapMaxKeyBytes, MapMaxElemBytes
  Type *key = type->underlying->key, *elem = type->underlying->elem;
  Type* group = lowering.MapGroup(type);
  Type* slot = group->underlying->fields[1].type->underlying->elem;
  slot->Size();
  PutType(symbol, kTypeBytes, key);
  PutType(symbol, kTypeBytes + 8, elem);
  PutType(symbol, kTypeBytes + 16, group);
  symbol->Put(kTypeBytes + 24, 0, 8);
  PutClosure(symbol, kTypeBytes + 24, lowering.HashClosure(key));
  symbol->Put(kTypeBytes + 32, static_cast<uint64_t>(group->Size()), 8);
  symbol->Put(kTypeBytes + 40, static_cast<uint64_t>(slot->Size()), 8);
  symbol->Put(kTypeBytes + 48, static_cast<uint64_t>(slot->underlying->fields[1].offset), 8);
  uint32_t flags = (NeedsKeyUpdate(key) ? 1u : 0) | (HashMightPanic(key) ? 2u : 0) |
                   (key->Size() > kMaxDirectBytes ? 4u : 0) | (elem->Size() > kMaxDirectBytes ? 8u : 0);
  symbol->Put(kTypeBytes + 56, flags, 4);
}

void DescriptorWriter::WriteStruct(DataSymbol* symbol, Type* type, uint64_t variable) {
  std::span<Field> fields = type->underlying->fields;
  // Unexported fields of one struct all come from one package.
  const ir::Package* pkg = nullptr;
  for (const Field& f : fields)
    if (pkg == nullptr && !ir::IsExported(f.sym->text())) pkg = f.sym->pkg;
  symbol->Put(kTypeBytes, 0, 8);
  if (pkg != nullptr) symbol->PutAddress(kTypeBytes, PackagePath(pkg));
  symbol->PutAddress(kTypeBytes + 8, symbol->name, static_cast<int64_t>(variable));
  symbol->Put(kTypeBytes + 16, fields.size(), 8);
  symbol->Put(kTypeBytes + 24, fields.size(), 8);
  for (size_t i = 0; i < fields.size(); ++i) {
    const Field& f = fields[i];
    uint64_t at = variable + i * kStructFieldBytes;
    symbol->PutAddress(at,
                       Name(f.sym->text(), f.tag, nullptr, ir::IsExported(f.sym->text()), f.embedded != 0));
    PutType(symbol, at + 8, f.type);
    symbol->Put(at + 16, static_cast<uint64_t>(f.offset), 8);
  }
}

void DescriptorWriter::WriteUncommon(DataSymbol* symbol, Type* type, uint64_t at, uint64_t methods_at,
                                     const std::vector<Method>& methods) {
  const ir::Package* pkg = TypePackage(type);
  symbol->Put(at, 0, 4);
  if (pkg != nullptr) PutNameOff(symbol, at, PackagePath(pkg));
  auto exported = [](const Method& m) { return ir::IsExported(m.name->text()); };
  symbol->Put(at + 4, methods.size(), 2);
  symbol->Put(at + 6, static_cast<uint64_t>(std::count_if(methods.begin(), methods.end(), exported)), 2);
  symbol->Put(at + 8, methods_at - at, 4);
  symbol->Put(at + 12, 0, 4);
  lower::Data& data = lowering.data();
  for (size_t i = 0; i < methods.size(); ++i) {
    const Method& m = methods[i];
    uint64_t row = methods_at + i * kMethodBytes;
    const ir::Package* other = !exported(m) && m.name->pkg != pkg ? m.name->pkg : nullptr;
    PutNameOff(symbol, row, Name(m.name->text(), "", other, exported(m), false));
    symbol->Put(row + 4, static_cast<uint32_t>(type_offset(m.type)), 4);
    int column = 8;
    for (const ir::Func* fn : {m.interface_entry, m.entry}) {
      symbol->Put(row + static_cast<uint64_t>(column), 0, 4);
      symbol->relocs.push_back({static_cast<uint32_t>(row) + static_cast<uint32_t>(column),
                                lower::Reloc::kOffset, data.Intern(fn->link_name), 0});
      column += 4;
    }
  }
}

void DescriptorWriter::WriteItab(const lower::ItabNeed& need) {
  lower::Data& data = lowering.data();
  if (data.Find(need.name) != nullptr) return;
  std::span<Field> wanted = need.interface->underlying->methods;
  std::vector<Method> methods = Methods(need.concrete);
  std::vector<ir::Func*> entries;
  for (const Field& want : wanted) {
    auto found =
        std::find_if(methods.begin(), methods.end(), [&](const Method& m) { return m.name == want.sym; });
    if (found == methods.end()) break;
    entries.push_back(found->interface_entry);
  }
  bool complete = entries.size() == wanted.size();
  DataSymbol* symbol =
      data.Define(need.name, Section::kRodata, 24 + 8 * std::max<uint64_t>(entries.size(), 1), 8);
  PutType(symbol, 0, need.interface);
  PutType(symbol, 8, need.concrete);
  symbol->Put(16, TypeHash(lowering.types(), need.concrete), 8);
  symbol->Put(24, 0, 8);
  for (size_t i = 0; complete && i < entries.size(); ++i)
    symbol->PutAddress(24 + 8 * i, data.Intern(entries[i]->link_name));
}

}  // namespace escapement::link
