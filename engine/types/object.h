// Object: what an identifier can denote, after cmd/compile/internal/types2; and the
// scopes and packages that hold objects.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/constant.h"
#include "engine/base/interner.h"
#include "engine/diag/position.h"
#include "engine/types/list.h"
#include "engine/types/type.h"

namespace escapement::syntax {
struct Expr;
struct File;
struct FuncDecl;
struct TypeDecl;
}  // namespace escapement::syntax

namespace escapement::types {

struct DeclInfo;
struct Package;

enum class ObjectKind : uint8_t { kPkgName, kConst, kTypeName, kVar, kFunc, kBuiltin, kNil };

// Fields common to all objects. `type` is null while a package-level object has not been
// resolved; Checker::Resolve sets it.
struct Object {
  ObjectKind kind;
  diag::Pos pos;
  Package* pkg = nullptr;  // null in the universe
  base::Name name;
  Type* type = nullptr;
  Scope* parent = nullptr;   // null for methods, fields and results without a name
  diag::Pos scope_pos;       // from where on the object is visible
  uint32_t order = 0;        // source order of package-level objects and methods, from 1
  int32_t path_index = -1;   // place on the path of declarations under way, or -1
  DeclInfo* decl = nullptr;  // package-level objects and methods
  bool exported() const;
};

struct PkgName : Object {
  static constexpr ObjectKind kKind = ObjectKind::kPkgName;
  Package* imported = nullptr;
  bool used = false;
};

struct Const : Object {
  static constexpr ObjectKind kKind = ObjectKind::kConst;
  base::Constant value;
};

struct TypeName : Object {
  static constexpr ObjectKind kKind = ObjectKind::kTypeName;
};

enum class VarKind : uint8_t { kPackage, kLocal, kRecv, kParam, kResult, kField };

struct Var : Object {
  static constexpr ObjectKind kKind = ObjectKind::kVar;
  VarKind var_kind = VarKind::kPackage;
  bool embedded = false;  // an embedded field; its name is the type's
  bool used = false;
  Var* origin = nullptr;  // the variable this one was instantiated from, or null
  bool is_field() const { return var_kind == VarKind::kField; }
};

struct Func : Object {
  static constexpr ObjectKind kKind = ObjectKind::kFunc;
  bool has_ptr_recv = false;  // valid before the type is known; use HasPtrRecv
  bool body_checked = false;
  Func* origin = nullptr;  // the method this one was instantiated from, or null
  Signature* signature() const { return static_cast<Signature*>(type); }
};

enum class BuiltinId : uint8_t {
  kAppend,
  kCap,
  kClear,
  kClose,
  kComplex,
  kCopy,
  kDelete,
  kImag,
  kLen,
  kMake,
  kMax,
  kMin,
  kNew,
  kPanic,
  kPrint,
  kPrintln,
  kReal,
  kRecover,
  kUnsafeAdd,
  kUnsafeAlignof,
  kUnsafeOffsetof,
  kUnsafeSizeof,
  kUnsafeSlice,
  kUnsafeSliceData,
  kUnsafeString,
  kUnsafeStringData,
  kAssert,  // declared by test harnesses only
  kTrace,
  kCount,
};

struct Builtin : Object {
  static constexpr ObjectKind kKind = ObjectKind::kBuiltin;
  BuiltinId id = BuiltinId::kAppend;
};

struct Nil : Object {
  static constexpr ObjectKind kKind = ObjectKind::kNil;
};

template <typename T>
T* As(Object* object) {
  return object != nullptr && object->kind == T::kKind ? static_cast<T*>(object) : nullptr;
}
template <typename T>
const T* As(const Object* object) {
  return object != nullptr && object->kind == T::kKind ? static_cast<const T*>(object) : nullptr;
}

// The declaration of a package-level object or method.
struct DeclInfo {
  Scope* file = nullptr;          // scope of the file
  uint16_t version = 0;           // language version of the file: minor of go1.N, 0 for "any"
  std::span<Var*> lhs;            // n:1 variable declarations
  syntax::Expr* vtype = nullptr;  // type of a constant or variable, or null
  syntax::Expr* init = nullptr;
  bool inherited = false;  // `init` comes from an earlier constant specification
  syntax::TypeDecl* tdecl = nullptr;
  syntax::FuncDecl* fdecl = nullptr;
  List<Object*> deps;  // package-level objects the initialiser or body mentions; no duplicates
  bool HasInitializer() const;
};

// Identifier → object, with parent. Lookup order and iteration are deterministic:
// objects are kept in order of insertion.
struct Scope {
  Scope* parent = nullptr;
  List<Object*> objects;
  List<Scope*> children;
  diag::Pos pos, end;
  bool is_func = false;
  // Dot-imports put objects under the name they have, so a scope's key is always the object's name.

  // The object declared here (not in a parent), or null.
  Object* Lookup(base::Name name) const;
  // Declares `object` unless the name is taken; returns the object that took it, or null.
  Object* Insert(base::Arena& arena, Object* object);

 private:
  void Index(base::Arena& arena);
  uint32_t* buckets_ = nullptr;  // index + 1 into objects, linear probing; null while small
  uint32_t bucket_mask_ = 0;
};

// Makes a scope and hangs it below `parent` (the universe keeps no children).
Scope* NewScope(base::Arena& arena, Scope* parent, diag::Pos pos, diag::Pos end);

// A package: its scope and what is known about it. Lives as long as the session.
struct Package {
  std::string_view path;
  base::Name name;
  Scope* scope = nullptr;
  List<Package*> imports;  // direct ones, in order of first import
  List<Object*> objects;   // package-level objects and methods in source order (types2's objList)
  std::span<syntax::File*> files;
  bool is_library = false;  // lazy: bodies are checked on demand
  uint16_t language = 0;    // of a library package: the N of go1.N; 0: the newest
  bool fake = false;        // could not be imported: look-up failures are silent
  bool complete = false;    // checked (or collected, if lazy)
};

// Whether `text` starts with an upper-case letter.
bool IsExported(std::string_view text);

// Whether the texts differ in case only.
bool EqualFold(std::string_view a, std::string_view b);

// The unique name of an object: its name if exported, else "path.name".
std::string Id(const Package* pkg, std::string_view name);

// Whether `object` is what `name` used in `pkg` refers to.
bool SameId(const Object* object, const Package* pkg, base::Name name, bool fold_case);

// Whether the type name denotes an alias.
bool IsAlias(const TypeName* name);

// Whether the method's receiver is a pointer.
bool HasPtrRecv(const Func* func);

}  // namespace escapement::types
