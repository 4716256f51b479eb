#include "engine/types/universe.h"

#include <array>

#include "engine/base/check.h"
#include "engine/types/builtins.h"
#include "engine/types/subst.h"
#include "engine/types/typeset.h"

namespace escapement::types {

namespace {

constexpr size_t kBasicCount = static_cast<size_t>(BasicKind::kCount);

Basic MakeBasic(BasicKind kind, uint16_t info, std::string_view name) {
  return Basic{{TypeKind::kBasic}, kind, info, name};
}

// The predeclared types by kind; then byte and rune. They are never written to.
std::array<Basic, kBasicCount + 2>& BasicTypes() {
  using enum BasicKind;
  static std::array<Basic, kBasicCount + 2> types = {
      MakeBasic(kInvalid, 0, "invalid type"),
      MakeBasic(kBool, kIsBoolean, "bool"),
      MakeBasic(kInt, kIsInteger, "int"),
      MakeBasic(kInt8, kIsInteger, "int8"),
      MakeBasic(kInt16, kIsInteger, "int16"),
      MakeBasic(kInt32, kIsInteger, "int32"),
      MakeBasic(kInt64, kIsInteger, "int64"),
      MakeBasic(kUint, kIsInteger | kIsUnsigned, "uint"),
      MakeBasic(kUint8, kIsInteger | kIsUnsigned, "uint8"),
      MakeBasic(kUint16, kIsInteger | kIsUnsigned, "uint16"),
      MakeBasic(kUint32, kIsInteger | kIsUnsigned, "uint32"),
      MakeBasic(kUint64, kIsInteger | kIsUnsigned, "uint64"),
      MakeBasic(kUintptr, kIsInteger | kIsUnsigned, "uintptr"),
      MakeBasic(kFloat32, kIsFloat, "float32"),
      MakeBasic(kFloat64, kIsFloat, "float64"),
      MakeBasic(kComplex64, kIsComplex, "complex64"),
      MakeBasic(kComplex128, kIsComplex, "complex128"),
      MakeBasic(kString, kIsString, "string"),
      MakeBasic(kUnsafePointer, 0, "Pointer"),
      MakeBasic(kUntypedBool, kIsBoolean | kIsUntyped, "untyped bool"),
      MakeBasic(kUntypedInt, kIsInteger | kIsUntyped, "untyped int"),
      MakeBasic(kUntypedRune, kIsInteger | kIsUntyped, "untyped rune"),
      MakeBasic(kUntypedFloat, kIsFloat | kIsUntyped, "untyped float"),
      MakeBasic(kUntypedComplex, kIsComplex | kIsUntyped, "untyped complex"),
      MakeBasic(kUntypedString, kIsString | kIsUntyped, "untyped string"),
      MakeBasic(kUntypedNil, kIsUntyped, "untyped nil"),
      MakeBasic(kUint8, kIsInteger | kIsUnsigned, "byte"),
      MakeBasic(kInt32, kIsInteger, "rune"),
  };
  return types;
}

// Exported predeclared names belong to package unsafe.
void Define(Context& c, Object* object) {
  Scope* scope = c.universe.scope;
  if (object->exported()) {
    scope = c.universe.unsafe->scope;
    object->pkg = c.universe.unsafe;
  }
  Object* other = scope->Insert(c.arena, object);
  ENSURE(other == nullptr, "predeclared identifier declared twice");
}

void DefineTypes(Context& c) {
  for (Basic& type : BasicTypes()) {
    if (type.name.find(' ') != std::string_view::npos) continue;
    Define(c, NewTypeName(c, {}, nullptr, c.Intern(type.name), &type));
  }
  {
    TypeName* name = NewTypeName(c, {}, nullptr, c.Intern("any"), nullptr);
    auto* alias = NewType<Alias>(c);
    alias->object = name;
    alias->origin = alias;
    // An interface of its own: it prints as "any", which other empty interfaces do not.
    auto* iface = NewInterface(c);
    iface->complete = true;
    iface->type_set = TopTypeSet();
    alias->rhs = alias->actual = iface;
    name->type = alias;
    c.universe.any = alias;
    Define(c, name);
  }
  {
    TypeName* name = NewTypeName(c, {}, nullptr, c.Intern("error"), nullptr);
    Named* named = NewNamed(c, name);
    auto* sig = NewType<Signature>(c);
    sig->recv = NewVar(c, VarKind::kRecv, {}, nullptr, {}, named);
    Var* result = NewVar(c, VarKind::kResult, {}, nullptr, {}, Typ(BasicKind::kString));
    sig->results = NewTuple(c, std::span<Var* const>(&result, 1));
    auto* iface = NewInterface(c);
    iface->methods.Push(c.arena, NewFunc(c, {}, nullptr, c.Intern("Error"), sig));
    iface->complete = true;
    named->rhs = named->underlying = iface;
    named->unpacked = true;
    c.universe.error = named;
    Define(c, name);
  }
  {
    TypeName* name = NewTypeName(c, {}, nullptr, c.Intern("comparable"), nullptr);
    Named* named = NewNamed(c, name);
    auto* iface = NewInterface(c);
    iface->complete = true;
    iface->type_set = c.arena.New<TypeSet>(*TopTypeSet());
    iface->type_set->comparable = true;
    named->rhs = named->underlying = iface;
    named->unpacked = true;
    c.universe.comparable = name;
    Define(c, name);
  }
}

void DefineBuiltin(Context& c, BuiltinId id) {
  Builtin* builtin = c.arena.New<Builtin>();
  builtin->kind = ObjectKind::kBuiltin;
  builtin->name = c.Intern(InfoOf(id).name);
  builtin->type = InvalidType();
  builtin->id = id;
  Define(c, builtin);
}

}  // namespace

Basic* Typ(BasicKind kind) {
  return &BasicTypes()[static_cast<size_t>(kind)];
}

Basic* ByteType() {
  return &BasicTypes()[kBasicCount];
}

Basic* RuneType() {
  return &BasicTypes()[kBasicCount + 1];
}

void DefineUniverse(Context& c) {
  UniverseObjects& u = c.universe;
  u.scope = NewScope(c.arena, nullptr, {}, {});
  u.unsafe = c.arena.New<Package>();
  u.unsafe->path = "unsafe";
  u.unsafe->name = c.Intern("unsafe");
  u.unsafe->scope = NewScope(c.arena, u.scope, {}, {});
  u.unsafe->is_library = true;
  u.unsafe->complete = true;
  DefineTypes(c);
  Define(c, NewConst(c, {}, nullptr, c.Intern("true"), Typ(BasicKind::kUntypedBool),
                     base::Constant::Bool(true)));
  Define(c, NewConst(c, {}, nullptr, c.Intern("false"), Typ(BasicKind::kUntypedBool),
                     base::Constant::Bool(false)));
  u.iota = NewConst(c, {}, nullptr, c.Intern("iota"), Typ(BasicKind::kUntypedInt), c.constants.MakeInt64(0));
  Define(c, u.iota);
  Nil* nil = c.arena.New<Nil>();
  nil->kind = ObjectKind::kNil;
  nil->name = c.Intern("nil");
  nil->type = Typ(BasicKind::kUntypedNil);
  Define(c, nil);
  for (int id = 0; id < static_cast<int>(BuiltinId::kAssert); ++id) {
    DefineBuiltin(c, static_cast<BuiltinId>(id));
  }
}

void DefineTestBuiltins(Context& c) {
  DefineBuiltin(c, BuiltinId::kAssert);
  DefineBuiltin(c, BuiltinId::kTrace);
}

}  // namespace escapement::types
