// Type: Go's types as the checker sees them, after cmd/compile/internal/types2. A
// type is a plain struct in the session's arena; its kind says which. Types are
// compared with Identical (predicates.h), never by pointer.
//
// Named types and type parameters complete themselves lazily: Underlying(),
// Methods() and the like may check a declaration of a package that was only
// collected, or expand an instance.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "engine/base/interner.h"
#include "engine/diag/position.h"
#include "engine/types/list.h"

namespace escapement::types {

struct Context;  // the state of the session's checker (context.h)
struct Func;
struct Object;
struct Scope;
struct TypeName;
struct Var;

enum class TypeKind : uint8_t {
  kBasic,
  kNamed,
  kAlias,
  kPointer,
  kSlice,
  kArray,
  kMap,
  kChan,
  kStruct,
  kTuple,
  kSignature,
  kInterface,
  kTypeParam,
  kUnion,
};

struct Type {
  TypeKind kind;
};

using TypeList = std::span<Type* const>;

// Returns `type` as a T if it is one (aliases are not looked through), else null.
template <typename T>
T* As(Type* type) {
  return type != nullptr && type->kind == T::kKind ? static_cast<T*>(type) : nullptr;
}
template <typename T>
const T* As(const Type* type) {
  return type != nullptr && type->kind == T::kKind ? static_cast<const T*>(type) : nullptr;
}

enum class BasicKind : uint8_t {
  kInvalid,  // type is invalid: an error was reported
  kBool,
  kInt,
  kInt8,
  kInt16,
  kInt32,
  kInt64,
  kUint,
  kUint8,
  kUint16,
  kUint32,
  kUint64,
  kUintptr,
  kFloat32,
  kFloat64,
  kComplex64,
  kComplex128,
  kString,
  kUnsafePointer,
  kUntypedBool,
  kUntypedInt,
  kUntypedRune,
  kUntypedFloat,
  kUntypedComplex,
  kUntypedString,
  kUntypedNil,
  kCount,
};

// Properties of basic types, a bit set.
enum BasicInfo : uint16_t {
  kIsBoolean = 1 << 0,
  kIsInteger = 1 << 1,
  kIsUnsigned = 1 << 2,
  kIsFloat = 1 << 3,
  kIsComplex = 1 << 4,
  kIsString = 1 << 5,
  kIsUntyped = 1 << 6,
  kIsOrdered = kIsInteger | kIsFloat | kIsString,
  kIsNumeric = kIsInteger | kIsFloat | kIsComplex,
  kIsConstType = kIsBoolean | kIsNumeric | kIsString,
};

// A predeclared type; `byte` and `rune` are separate objects identical to uint8 and int32.
struct Basic : Type {
  static constexpr TypeKind kKind = TypeKind::kBasic;
  BasicKind basic;
  uint16_t info;
  std::string_view name;
};

struct TypeParam;

// A defined type, generic or not, or an instance of a generic one.
struct Named : Type {
  static constexpr TypeKind kKind = TypeKind::kNamed;
  Context* context = nullptr;
  TypeName* object = nullptr;     // an instance has its own object; see obj()
  Named* origin = nullptr;        // the generic type; itself unless this is an instance
  std::span<TypeParam*> tparams;  // of an instance: those of the origin, once unpacked
  TypeList targs;                 // empty unless this is an instance
  Type* rhs = nullptr;            // right-hand side of the declaration; may be named or an alias
  Type* underlying = nullptr;     // set once resolved
  List<Func*> methods;            // of an instance: null entries are not expanded yet
  bool unpacked = false;          // an instance's rhs was substituted
  bool finite_known = false;      // `finite` says whether values have a finite size
  bool finite = false;
  bool is_instance() const { return origin != this; }
};

// A declared alias or an instance of a generic one.
struct Alias : Type {
  static constexpr TypeKind kKind = TypeKind::kAlias;
  TypeName* object = nullptr;
  Alias* origin = nullptr;        // the generic alias; itself unless this is an instance
  std::span<TypeParam*> tparams;  // shared with the origin
  TypeList targs;
  Type* rhs = nullptr;     // as declared; may be an alias
  Type* actual = nullptr;  // never an alias; set when first asked for
};

struct Pointer : Type {
  static constexpr TypeKind kKind = TypeKind::kPointer;
  Type* base = nullptr;
};

struct Slice : Type {
  static constexpr TypeKind kKind = TypeKind::kSlice;
  Type* elem = nullptr;
};

struct Array : Type {
  static constexpr TypeKind kKind = TypeKind::kArray;
  int64_t length = 0;  // negative: unknown ([...]T before its literal was checked, or invalid)
  Type* elem = nullptr;
};

struct Map : Type {
  static constexpr TypeKind kKind = TypeKind::kMap;
  Type* key = nullptr;
  Type* elem = nullptr;
};

enum class ChanDir : uint8_t { kSendRecv, kSendOnly, kRecvOnly };

struct Chan : Type {
  static constexpr TypeKind kKind = TypeKind::kChan;
  ChanDir dir = ChanDir::kSendRecv;
  Type* elem = nullptr;
};

struct Struct : Type {
  static constexpr TypeKind kKind = TypeKind::kStruct;
  std::span<Var*> fields;
  std::span<std::string_view> tags;  // empty, or one a field, unquoted
  std::string_view Tag(size_t i) const { return i < tags.size() ? tags[i] : std::string_view(); }
};

// A list of variables: parameters, results, the type of a multi-valued call.
struct Tuple : Type {
  static constexpr TypeKind kKind = TypeKind::kTuple;
  std::span<Var*> vars;
};

struct Signature : Type {
  static constexpr TypeKind kKind = TypeKind::kSignature;
  std::span<TypeParam*> rparams;  // receiver type parameters
  std::span<TypeParam*> tparams;
  Scope* scope = nullptr;    // function scope of a declared, uninstantiated signature
  Var* recv = nullptr;       // null unless a method
  Tuple* params = nullptr;   // null when empty
  Tuple* results = nullptr;  // null when empty
  bool variadic = false;
  std::span<Var*> param_vars() const { return params != nullptr ? params->vars : std::span<Var*>(); }
  std::span<Var*> result_vars() const { return results != nullptr ? results->vars : std::span<Var*>(); }
};

// One term of a type set: T or ~T. A null type stands for the set of all types.
struct Term {
  bool tilde = false;
  Type* type = nullptr;
};

// The types an interface describes: `terms` (a normalised union, the one null-typed
// term meaning "all types"; empty meaning none), which have all `methods`
// (sorted by unique id) and are comparable if asked for.
struct TypeSet {
  List<Func*> methods;
  List<Term> terms;
  bool comparable = false;  // invariant: !comparable || terms is "all types"
  bool IsEmpty() const { return terms.empty(); }
  bool HasTerms() const { return !terms.empty() && terms[0].type != nullptr; }
  bool IsMethodSet() const { return !comparable && terms.size() == 1 && terms[0].type == nullptr; }
  bool IsAll() const { return IsMethodSet() && methods.empty(); }
};

struct Interface : Type {
  static constexpr TypeKind kKind = TypeKind::kInterface;
  Context* context = nullptr;
  List<Func*> methods;  // explicitly declared, sorted by unique id once complete
  List<Type*> embeddeds;
  List<diag::Pos> embed_pos;    // beside embeddeds; may be empty
  bool implicit = false;        // wrapper of a constraint literal: ~T, A|B
  bool complete = false;        // everything but type_set is set up
  TypeSet* type_set = nullptr;  // computed lazily: TypeSetOf (typeset.h)
};

struct TypeParam : Type {
  static constexpr TypeKind kKind = TypeKind::kTypeParam;
  Context* context = nullptr;
  uint32_t id = 0;
  int index = -1;  // in the list it belongs to
  TypeName* object = nullptr;
  Type* bound = nullptr;  // the constraint; InterfaceOf gives its interface
};

// A union of terms as written in a constraint.
struct Union : Type {
  static constexpr TypeKind kKind = TypeKind::kUnion;
  Context* context = nullptr;
  std::span<Term> terms;
};

// Looks through aliases. Never returns an Alias.
Type* Unalias(Type* type);

// The defined type behind aliases, or null.
Named* AsNamed(Type* type);

// The underlying type; for a type parameter its constraint's interface.
Type* Underlying(Type* type);

// Underlying(type) as a T, or null.
template <typename T>
T* Under(Type* type) {
  return As<T>(Underlying(type));
}

// The object of the declaration: of an instance, the generic type's.
TypeName* Obj(const Named* named);
TypeName* Obj(const Alias* alias);

// Type parameters of a generic type or of the origin of an instance.
std::span<TypeParam*> TypeParams(Named* named);

// Number of methods declared on a named type, and the i-th one in source order with
// the receiver and signature of this type (instances are expanded on demand).
size_t NumMethods(Named* named);
Func* Method(Named* named, size_t i);

// The interface of a type parameter's constraint.
Interface* InterfaceOf(TypeParam* tparam);

}  // namespace escapement::types
