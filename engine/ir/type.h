// Types of the back end (gc's cmd/compile/internal/types): laid out for linux/amd64,
// without type parameters.
//
// Interning: the same spelling is the same pointer. `byte` and `uint8`, `rune` and
// `int32`, `any` and `interface {}` are identical types with different spellings
// (messages print what the user wrote, through every composition), so identity of
// types is equality of `canon`: use Identical() or IdenticalStrict(). Everything that is not about
// printing should look at `canon`.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/ir/node.h"
#include "engine/ir/symbol.h"

namespace escapement::ir {

// gc's types.Kind.
enum class Kind : uint8_t {
  kInvalid,
  kInt8,
  kUint8,
  kInt16,
  kUint16,
  kInt32,
  kUint32,
  kInt64,
  kUint64,
  kInt,
  kUint,
  kUintptr,
  kComplex64,
  kComplex128,
  kFloat32,
  kFloat64,
  kBool,
  kPtr,
  kFunc,
  kSlice,
  kArray,
  kStruct,
  kChan,
  kMap,
  kInter,
  kForw,
  kAny,
  kString,
  kUnsafePtr,
  kIdeal,
  kNil,
  kBlank,    // untyped number, nil
  kResults,  // the results of a call with other than one: `params` lists them
};

enum class ChanDir : uint8_t { kRecv = 1, kSend = 2, kBoth = 3 };

// How values are compared and hashed (gc's AlgKind).
enum class Alg : uint8_t {
  kUnknown,
  kNoEq,
  kNoAlg,
  kMem,
  kString,
  kInter,
  kNilInter,
  kFloat32,
  kFloat64,
  kComplex64,
  kComplex128,
  kSpecial
};

// A field of a struct, a parameter, or a method.
struct Field {
  const Sym* sym = nullptr;  // null: unnamed parameter
  Type* type = nullptr;
  int64_t offset = 0;  // struct: bytes; interface method: index * 8
  // Struct: an embedded field. Method of a method set: promoted (1), or promoted through a pointer (2).
  uint8_t embedded = 0;
  bool is_ddd = false;  // the last parameter of a variadic function
  std::string_view tag;
  SrcPos pos;
  // A method: the Name of the function that implements it (null for interface methods), its receiver in
  // type->recv.
  Name* nname = nullptr;
};

enum TypeFlag : uint16_t {
  kTypeNotInHeap = 1 << 0,
  kTypeNoAlg = 1 << 1,
  kTypeHasShape = 1 << 2,  // a shape type, or one that mentions one
  kTypeIsShape = 1 << 3,   // go.shape.T itself
  kTypeFullyInstantiated = 1 << 4,
  kTypeComplete = 1 << 5,  // a named type whose underlying type is known
};

struct Type {
  Kind kind = Kind::kInvalid;
  ChanDir dir = ChanDir::kBoth;
  uint16_t flags = 0;
  uint32_t id = 0;           // order of creation: deterministic key
  Type* canon = nullptr;     // the canonical spelling
  const Sym* sym = nullptr;  // named and predeclared types
  Type* elem = nullptr;      // pointer, slice, array, chan, map value
  Type* key = nullptr;       // map
  int64_t length = 0;        // array
  std::span<Field> fields;   // struct; interface: the explicitly declared methods and embedded types
  Field* recv = nullptr;     // function types with receiver
  std::span<Field> params;
  std::span<Field> results;
  bool variadic = false;
  // Interfaces: the whole sorted method set (nname is null). Named types: declared methods in
  // source order; ask Builder::DeclaredMethods, which fills this in on demand.
  std::span<Field> methods;
  // Methods of T and *T, promoted ones included, sorted; ask Builder::MethodSet.
  std::span<Field> all_methods;
  bool methods_known = false;
  bool all_methods_known = false;
  Type* underlying = nullptr;       // this type itself unless named
  std::span<Type*> targs;           // instantiated named types: type arguments
  types::Type* source = nullptr;    // the checker's type, for named types and interfaces
  types::Object* object = nullptr;  // the declaring TypeName of a named type
  SrcPos pos;                       // where a named type is declared

  // Layout, computed by the first use. Sizes in bytes.
  int64_t Size() { return Laid()->size_; }
  int64_t Align() { return Laid()->align_; }
  // Length of the prefix that contains pointers (gc's PtrDataSize); 0: no pointers.
  int64_t PtrBytes();
  Alg AlgKind() { return Laid()->alg_; }
  // Registers of the internal ABI; 255: too many.
  int IntRegs() { return Laid()->int_regs_; }
  int FloatRegs() { return Laid()->float_regs_; }
  // Outgoing bytes of a function type's arguments and results on the stack (gc's ArgWidth).
  int64_t ArgWidth();

  bool Has(TypeFlag f) const { return (flags & f) != 0; }
  bool HasPointers() { return PtrBytes() != 0; }
  bool IsNamed() const { return sym != nullptr; }
  bool Is(Kind k) const { return kind == k; }
  bool IsPtr() const { return kind == Kind::kPtr; }
  bool IsInterface() const { return kind == Kind::kInter; }
  bool IsEmptyInterface() const { return kind == Kind::kInter && methods.empty(); }
  bool IsString() const { return kind == Kind::kString; }
  bool IsSlice() const { return kind == Kind::kSlice; }
  bool IsArray() const { return kind == Kind::kArray; }
  bool IsStruct() const { return kind == Kind::kStruct; }
  bool IsMap() const { return kind == Kind::kMap; }
  bool IsChan() const { return kind == Kind::kChan; }
  bool IsFunc() const { return kind == Kind::kFunc; }
  bool IsBoolean() const { return kind == Kind::kBool; }
  bool IsInteger() const { return kind >= Kind::kInt8 && kind <= Kind::kUintptr; }
  bool IsSigned() const;
  bool IsUnsigned() const { return IsInteger() && !IsSigned(); }
  bool IsFloat() const { return kind == Kind::kFloat32 || kind == Kind::kFloat64; }
  bool IsComplex() const { return kind == Kind::kComplex64 || kind == Kind::kComplex128; }
  // pointer or unsafe.Pointer
  bool IsPtrShaped() const { return kind == Kind::kPtr || kind == Kind::kUnsafePtr; }
  bool IsUnsafePtr() const { return kind == Kind::kUnsafePtr; }
  bool HasNil() const;
  bool HasShape() const { return Has(kTypeHasShape); }
  bool IsShape() const { return Has(kTypeIsShape); }
  // Whether values fit an interface's data word as they are (types.IsDirectIface).
  bool IsDirectIface();
  // Whether values can be compared with == (interfaces count).
  bool IsComparable() { return AlgKind() != Alg::kNoEq; }
  // Whether values can be SSA values: at most 4 words, at most 4 fields (ssa.CanSSA).
  bool CanSSA();

  Type* Laid() {
    if (align_ == 0) Layout();
    return this;
  }
  void Layout();

  int64_t size_ = -1;
  int64_t ptr_bytes_ = 0;
  uint8_t align_ = 0;  // 0: not laid out yet
  uint8_t int_regs_ = 0;
  uint8_t float_regs_ = 0;
  Alg alg_ = Alg::kUnknown;
};

// Whether a and b are the same type (gc's IdenticalStrict).
inline bool IdenticalStrict(const Type* a, const Type* b) {
  return a == b || (a != nullptr && b != nullptr && a->canon == b->canon);
}
// The same, where shape types are identical to the types they stand for (gc's Identical).
bool Identical(Type* a, Type* b);
// Identical, ignoring struct tags.
bool IdenticalIgnoreTags(Type* a, Type* b);
// gc's order of fields and methods: exported before others, then by name, then by package path.
int CompareSyms(const Sym* a, const Sym* b);
// Whether method `m` of a method set is usable on values of t (T's set holds *T's methods too).
bool IsMethodApplicable(Type* t, const Field& m);
// The type that owns the methods with a receiver of type t (T for T and *T), or null.
Type* ReceiverBaseType(Type* t);

// How a type is spelled (gc's fmtMode).
enum class TypeForm : uint8_t {
  kMessage,  // for users: names of other packages qualified by package name (fmtGo)
  kLink,     // for linker symbols: qualified by path, one spelling per identity (fmtTypeID)
  kName,     // for run-time type strings: qualified by package name, byte as uint8 (fmtTypeIDName)
};

// The prefix of linker symbols for an import path (objabi.PathToPrefix).
std::string PathToPrefix(std::string_view path);

// Owns types and symbols. One a Program.
class TypeTable {
 public:
  TypeTable(base::Arena& arena, base::Interner& names);

  // Predeclared types by kind (kInt8…kUintptr, complex, float, bool, string, unsafe.Pointer).
  Type* Basic(Kind kind) { return basic_[static_cast<int>(kind)]; }
  Type* Int() { return Basic(Kind::kInt); }
  Type* Bool() { return Basic(Kind::kBool); }
  Type* String() { return Basic(Kind::kString); }
  Type* Uintptr() { return Basic(Kind::kUintptr); }
  Type* UnsafePointer() { return Basic(Kind::kUnsafePtr); }
  Type* ByteType() { return byte_; }
  Type* RuneType() { return rune_; }
  Type* AnyType() { return any_; }                     // spelled any
  Type* EmptyInterface() { return empty_interface_; }  // spelled interface {}
  Type* ErrorType() { return error_; }
  Type* ComparableType() { return comparable_; }
  Type* NilType() { return Basic(Kind::kNil); }
  Type* Bytes() { return Slice(byte_); }

  Type* Pointer(Type* elem);
  Type* Slice(Type* elem);
  Type* Array(Type* elem, int64_t length);
  Type* Map(Type* key, Type* elem);
  Type* Chan(Type* elem, ChanDir dir);
  // Fields keep sym, type, embedded, tag, pos; offsets come with layout. Position and names of
  // parameters do not take part in identity.
  Type* Struct(std::span<const Field> fields);
  // Parameters and results; the last parameter of a variadic function is a slice with is_ddd.
  Type* Func(Field* recv, std::span<const Field> params, std::span<const Field> results, bool variadic);
  // `methods` is the whole method set in any order; the result's is sorted as gc sorts.
  Type* Interface(std::span<const Field> methods);
  // The results of a call with zero or several results.
  Type* Results(std::span<const Field> results);
  // A new named type; complete it with SetUnderlying.
  Type* NewNamed(const Sym* sym, SrcPos pos);
  void SetUnderlying(Type* named, Type* underlying);
  // The shape type of a type argument: go.shape.<underlying>, pointers as go.shape.*uint8
  // when `basic_constraint` says the constraint has no methods or core type (gc's shapify).
  Type* Shape(Type* targ, bool basic_constraint);

  Package* NewPackage(std::string_view path, base::Name name, types::Package* source);
  Package* FindPackage(std::string_view path);
  Package* shape_package() { return shape_package_; }
  Package* builtin_package() { return builtin_package_; }
  Package* unsafe_package() { return unsafe_package_; }
  Package* go_package() { return go_package_; }  // methods of unnamed types
  // The package being compiled: its names print unqualified.
  Package* local_package() { return local_package_; }
  void set_local_package(Package* p) { local_package_ = p; }
  const Sym* Lookup(Package* pkg, std::string_view name);
  // The symbol of a field or method: exported names have no package.
  const Sym* Selector(Package* pkg, std::string_view name);

  // A method receiver's type as symbols of methods spell it: "T" or "(*T)".
  std::string PrintReceiver(const Type* t);
  // The type's spelling.
  std::string Print(const Type* t, TypeForm form = TypeForm::kMessage);
  // Only the signature of a function type: "(int) string", as interface methods print.
  std::string PrintSignature(const Type* t, TypeForm form = TypeForm::kMessage);
  std::string LinkString(const Type* t) { return Print(t, TypeForm::kLink); }
  // A symbol as messages print it.
  std::string PrintSym(const Sym* s, TypeForm form = TypeForm::kMessage);

  base::Arena& arena() { return arena_; }
  base::Interner& names() { return names_; }

 private:
  friend struct TypePrinter;
  Type* New(Kind kind);
  Type* InternComposite(const std::vector<uint64_t>& key, Type&& proto);
  void InitPredeclared();

  base::Arena& arena_;
  base::Interner& names_;
  uint32_t next_id_ = 0;
  Type* basic_[40] = {};
  Type* byte_ = nullptr;
  Type* rune_ = nullptr;
  Type* any_ = nullptr;
  Type* empty_interface_ = nullptr;
  Type* error_ = nullptr;
  Type* comparable_ = nullptr;
  Package* shape_package_ = nullptr;
  Package* builtin_package_ = nullptr;
  Package* unsafe_package_ = nullptr;
  Package* go_package_ = nullptr;
  Package* local_package_ = nullptr;
  std::map<std::vector<uint64_t>, Type*> composites_;
  std::map<std::string, Package*, std::less<>> packages_;
  std::map<std::pair<const Package*, const void*>, Sym*> syms_;
  std::unordered_map<const Sym*, Type*> shapes_;
  std::unordered_map<const Type*, std::vector<Type*>>
      waiting_;  // named types whose underlying type is incomplete
};

}  // namespace escapement::ir
