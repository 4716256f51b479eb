// Context: the state of a session's checker: the universe, the environment of the
// declaration or body under check, delayed checks, the path of declarations under way.
// It holds state; the logic is in the files named after Go's constructs.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "engine/base/arena.h"
#include "engine/base/constant.h"
#include "engine/base/interner.h"
#include "engine/diag/diagnostic.h"
#include "engine/diag/file_set.h"
#include "engine/syntax/ast.h"
#include "engine/types/checker.h"
#include "engine/types/info.h"
#include "engine/types/monomorph.h"
#include "engine/types/object.h"
#include "engine/types/type.h"

namespace escapement::types {

// What surrounds the expression or statement under check.
struct Environment {
  Package* pkg = nullptr;
  DeclInfo* decl = nullptr;  // package-level declaration whose initialiser or body is checked
  Scope* scope = nullptr;    // innermost scope
  uint16_t version = 0;      // language version: minor of go1.N, 0 for "any"
  base::Constant iota;       // has a value inside a constant declaration
  diag::Pos errpos;          // if valid, where errors of an inherited initialiser go
  bool in_tparam_list = false;
  bool has_call_or_recv = false;                                  // the expression contains a call or receive
  Signature* sig = nullptr;                                       // of the function whose body is checked
  std::unordered_set<const syntax::CallExpr*>* panics = nullptr;  // calls of panic, for termination
};

// A check put off until types are set up.
struct Delayed {
  Package* pkg;
  uint16_t version;
  std::function<void()> run;
};

// Predeclared things that rules single out.
struct UniverseObjects {
  Scope* scope = nullptr;
  Package* unsafe = nullptr;
  Object* iota = nullptr;
  Object* comparable = nullptr;
  Alias* any = nullptr;
  Type* error = nullptr;
};

// One instance of a generic type or signature.
struct InstanceEntry {
  Type* origin;
  TypeList targs;
  Type* instance;
};

// The language version that this checker implements: go1.26.
inline constexpr uint16_t kCurrentVersion = 26;

struct Context {
  Context(base::Arena& a, base::Interner& n, diag::FileSet& f, Importer i)
      : arena(a), names(n), files(f), importer(std::move(i)) {}
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;

  base::Arena& arena;
  base::Interner& names;
  diag::FileSet& files;
  base::ConstantPool constants;
  Importer importer;
  UniverseObjects universe;
  CheckOptions options;

  Environment env;
  std::vector<Delayed> delayed;
  std::vector<Object*> path;         // declarations under way; Object::path_index is the place here
  diag::Emitter* emitter = nullptr;  // of the package under check
  std::unordered_map<const Package*, diag::Emitter*> emitters;  // of library packages
  std::unordered_map<const Package*, syntax::ParseOptions> parse_options;
  bool had_error = false;  // in the package checked whole

  std::unordered_map<const TypeName*, std::vector<Func*>> methods;       // collected, not yet attached
  std::vector<PkgName*> imports;                                         // of the package checked whole
  std::map<std::pair<const Scope*, const void*>, PkgName*> dot_imports;  // (file scope, name) → import
  std::unordered_set<const syntax::Expr*> shift_operands;  // untyped left operands of delayed shifts
  std::unordered_map<const Union*, TypeSet*> union_type_sets;
  std::unordered_map<uint64_t, std::vector<InstanceEntry>> instances;
  std::unordered_map<const Package*, std::vector<Initializer>> init_orders;
  std::unordered_map<const Package*, std::map<std::string, std::unordered_set<std::string>>> qualifiers;
  std::unordered_set<const Named*> valid_types;  // known not to contain themselves (ValidType)
  // Of the package checked whole, if asked for: each interface that is not a type parameter, and a type of
  // which a value became one, by assignment, conversion or assertion.
  std::vector<std::pair<Type*, Type*>> implementations;
  MonoGraph mono;
  uint32_t next_tparam_id = 0;
  std::unordered_map<const Package*, std::unordered_set<const Object*>> export_data;  // as asked for
  std::function<bool(const Func*)> inlinable;  // whether a library function is known to be
  bool verify_library = false;                 // do library packages' purely checking work too (CheckAll)

  base::Name Intern(std::string_view text) { return names.Intern(text); }
};

// Puts `run` off until the declaration or statement under check is done.
void Later(Context& c, std::function<void()> run);
// Like Later, for work that can only report errors: skipped for library packages, which
// are known to be correct.
void LaterVerify(Context& c, std::function<void()> run);
// Runs what was put off since `top`.
void ProcessDelayed(Context& c, size_t top);

// Predeclared basic types. They are constants shared by all sessions.
Basic* Typ(BasicKind kind);
inline Basic* InvalidType() {
  return Typ(BasicKind::kInvalid);
}
// The aliases of uint8 and int32 that print as byte and rune.
Basic* ByteType();
Basic* RuneType();

// New types and objects, in the session's arena.
template <typename T>
T* NewType(Context& c) {
  T* type = c.arena.New<T>();
  type->kind = T::kKind;
  return type;
}
Pointer* NewPointer(Context& c, Type* base);
Slice* NewSlice(Context& c, Type* elem);
// A tuple, or null for no variables.
Tuple* NewTuple(Context& c, std::span<Var* const> vars);
Interface* NewInterface(Context& c);
Named* NewNamed(Context& c, TypeName* object);
TypeParam* NewTypeParam(Context& c, TypeName* object, Type* bound);
Var* NewVar(Context& c, VarKind kind, diag::Pos pos, Package* pkg, base::Name name, Type* type);
TypeName* NewTypeName(Context& c, diag::Pos pos, Package* pkg, base::Name name, Type* type);
Func* NewFunc(Context& c, diag::Pos pos, Package* pkg, base::Name name, Signature* sig);
Const* NewConst(Context& c, diag::Pos pos, Package* pkg, base::Name name, Type* type, base::Constant value);
PkgName* NewPkgName(Context& c, diag::Pos pos, Package* pkg, base::Name name, Package* imported);
// Copies with another type; origin is kept.
Var* CloneVar(Context& c, Var* var, Type* type);
Func* CloneFunc(Context& c, Func* func, Type* type);

// The language version of a file of the package: minor of go1.N, 0 for "any" or where it declares nothing.
uint16_t FileVersion(const Package* pkg, const syntax::File* file);

// The object `name` means here, innermost scope first, and where it was found.
Object* LookupName(const Context& c, base::Name name, Scope** where = nullptr);

}  // namespace escapement::types
