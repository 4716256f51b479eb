// The builder's state: what gc's unified reader keeps in globals and in its readers.
// Builder::Impl knows objects and types; Body builds one function's statements.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "engine/ir/builder.h"
#include "engine/syntax/ast.h"
#include "engine/syntax/walk.h"
#include "engine/types/checker.h"
#include "engine/types/context.h"
#include "engine/types/object.h"

namespace escapement::ir {

struct Body;

// An object with the types it is instantiated with, as a dictionary's layout names it: the types may
// mention the type parameters of the object the dictionary belongs to.
struct InstanceInfo {
  types::Object* object = nullptr;  // generic Func or TypeName, the origin
  std::vector<types::Type*> targs;
  bool operator==(const InstanceInfo&) const = default;
};

// What a dictionary of a generic function or type holds, the same for all type arguments
// (gc's writerDict). A generic type's dictionary serves all its methods.
struct DictionaryLayout {
  struct MethodExpr {
    int type_param;
    const Sym* method;
    bool operator==(const MethodExpr&) const = default;
  };
  std::vector<types::TypeParam*> implicits;  // type parameters of the function around a local type
  std::vector<MethodExpr> method_exprs;
  std::vector<InstanceInfo> subdicts;
  std::vector<types::Type*> rtypes;
  std::vector<std::pair<types::Type*, types::Type*>> itabs;

  bool complete = false;  // entries must not be added any more

  int MethodExprIndex(int type_param, const Sym* method);
  int SubdictIndex(const InstanceInfo& info);
  int RtypeIndex(types::Type* type);
  int ItabIndex(types::Type* type, types::Type* iface);
  int subdicts_offset() const { return static_cast<int>(method_exprs.size()); }
  int rtypes_offset() const { return subdicts_offset() + static_cast<int>(subdicts.size()); }
  int itabs_offset() const { return rtypes_offset() + static_cast<int>(rtypes.size()); }
  int words() const { return itabs_offset() + static_cast<int>(itabs.size()); }
};

// The type arguments under which an object is read (gc's readerDict).
struct TypeArgs {
  bool shaped = false;
  const Sym* base_sym = nullptr;  // the object's mangled symbol
  types::Object* object = nullptr;
  std::vector<Type*> targs;  // implicit ones first
  int implicits = 0;
  DictionaryLayout* layout = nullptr;  // set when first needed
  Func* shaped_func = nullptr;         // of an unshaped function: its shaped body
  Type* shaped_type = nullptr;         // of an unshaped type
  Name* dictionary = nullptr;
  std::unordered_map<types::Type*, Type*> derived;
};

// Where a function's body comes from, so that it can be built again when it is inlined.
struct BodySource {
  types::Func* func = nullptr;  // declared function or method
  syntax::FuncDecl* decl = nullptr;
  syntax::FuncLit* lit = nullptr;  // closure
  types::Signature* sig = nullptr;
  TypeArgs* args = nullptr;
  const Sym* method = nullptr;  // the method's selector
  types::Package* package = nullptr;
  std::vector<types::Var*> captured;     // beside Func::closure_vars
  std::function<void(Body&)> synthetic;  // bodies without source
  bool method_wrapper = false;           // parameters stand where the method's stand
  bool interface_method = false;         // a wrapper of one: its receiver has no name
  bool prepared = false;                 // checked, its local types known
  bool built = false;
};

struct Builder::Impl {
  Impl(Builder& builder, Program& program, types::Checker& checker, RewrittenTrees& rewritten)
      : builder(builder), p(program), t(program.types()), checker(checker), rewritten(rewritten) {}

  Builder& builder;
  Program& p;
  TypeTable& t;
  types::Checker& checker;
  RewrittenTrees& rewritten;

  // The package under construction, or null while library code is built on demand.
  Unit* unit = nullptr;
  types::Package* unit_package = nullptr;
  std::vector<Func*> todo_bodies;                  // last in, first out, as gc
  std::vector<std::function<void()>> todo_shapes;  // shaped objects of unshaped ones
  std::vector<Func*> new_funcs;
  int inline_generation = 0;
  std::unordered_map<types::Package*, int> init_count;

  std::unordered_map<types::Package*, Package*> packages;
  std::unordered_map<types::Package*, std::unordered_map<std::string_view, std::string_view>> linknames;
  std::unordered_map<types::Type*, Type*> type_of;
  std::unordered_map<types::Type*, bool> derived;
  std::unordered_map<const Sym*, Type*> named_by_sym;
  std::unordered_map<const Sym*, Func*> func_by_sym;
  std::unordered_map<types::Func*, Func*> func_of;
  std::unordered_map<types::Object*, Name*> global_of;
  std::unordered_map<const Type*, TypeArgs*> args_of_type;  // instantiated named types
  std::unordered_map<types::Object*, DictionaryLayout*> layouts;
  std::unordered_map<const Sym*, Name*> dictionaries;
  std::unordered_map<types::TypeName*, std::pair<uint32_t, std::vector<types::TypeParam*>>> local_types;
  std::unordered_map<types::Package*, uint32_t> local_type_count;
  std::unordered_map<const Sym*, Func*> wrappers;  // method and method-value wrappers
  std::deque<TypeArgs> all_args;
  std::deque<DictionaryLayout> all_layouts;
  std::deque<BodySource> all_sources;
  Name* blank = nullptr;
  int32_t glob_closures = 0;  // closures of package-level initialisers and blank functions
  // ---- objects.cpp
  types::Context& context();
  Package* PackageOf(types::Package* package);
  const Sym* SymOf(types::Object* object);       // package-qualified, local types with ·N
  const Sym* SelectorOf(types::Object* object);  // field or method name
  // Of a //go:linkname; empty when it gives no other name.
  std::optional<std::string_view> LinknameOf(types::Object* object);
  void Resolve(types::Object* object);
  void SetLinkName(Func* fn, types::Object* object);
  // A declared function or method without type parameters.
  Func* DeclaredFunc(types::Func* func);
  // A generic function's instance; shaped or exact.
  Func* FuncInstance(types::Func* func, std::span<Type* const> implicits, std::span<Type* const> explicits,
                     bool shaped);
  // Declares the instance `sym` of a generic function or, with its receiver and selector, of a generic
  // type's method.
  Func* NewInstance(types::Func* func, TypeArgs* args, const Sym* sym, Field* recv, const Sym* method);
  Name* GlobalName(types::Var* var);
  Func* NewFunc(SrcPos fpos, SrcPos npos, const Sym* sym, Type* type);
  void AddBody(Func* fn, BodySource source);
  // Builds the bodies that declaring left to do.
  void BuildPending(bool during_inlining);
  bool PrepareSource(BodySource* source);
  bool BuildBody(Func* fn);
  Func* RuntimeFunc(std::string_view name);

  // ---- build_types.cpp
  Type* TypeOf(types::Type* type, TypeArgs* args = nullptr);
  Type* UnmentionedTypeOf(types::Type* type, TypeArgs* args);
  bool IsDerived(types::Type* type);
  Type* ConvertType(types::Type* type, TypeArgs* args);
  Type* NamedInstance(types::TypeName* object, std::span<Type* const> implicits,
                      std::span<Type* const> explicits, bool shaped);
  Type* BasicOf(types::Basic* basic);
  Type* SignatureOf(types::Signature* sig, TypeArgs* args, Field* recv = nullptr);
  std::vector<Field> ParamsOf(std::span<types::Var*> vars, TypeArgs* args);
  Type* StructOf(types::Struct* type, TypeArgs* args);
  Type* InterfaceOf(types::Interface* type, TypeArgs* args);
  void DeclareMethods(Type* named);
  Func* MethodInstance(types::Func* func, TypeArgs* args);
  // Type parameters of the function a local type is declared in.
  const std::vector<types::TypeParam*>& LayoutImplicits(types::Object* object);
  std::span<Field> DeclaredMethods(Type* type);
  std::span<Field> MethodSet(Type* type);
  std::function<void(SrcPos)> on_imprecise_call;
  Field* LookupMethod(Type* type, const Sym* sym);
  // Registers the types declared in a function: their numbers and the type parameters around them.
  void CollectLocalTypes(types::Func* func, syntax::Node* body);
  int TypeParamIndex(types::TypeParam* param, TypeArgs* args);
  // The path of embedded fields to `sym` in t, outermost first; false if none or ambiguous.
  bool DotPath(const Sym* sym, Type* t, std::vector<Field*>* path, Field** found);
  // Whether values of `from` can be assigned to `to`, in the checker's eyes.
  bool Assignable(types::Type* from, types::Type* to);
  Node* BlankNode();
  const Sym* MethodSym(Type* recv, const Sym* method, std::string_view suffix = {});

  // ---- generics.cpp
  TypeArgs* NewTypeArgs(types::Object* object, const Sym* sym, std::span<Type* const> implicits,
                        std::span<Type* const> explicits, bool shaped);
  DictionaryLayout* LayoutOf(types::Object* object);
  DictionaryLayout* LayoutOf(TypeArgs* args) {
    return args->layout ? args->layout : args->layout = LayoutOf(args->object);
  }
  Type* DictionaryType(TypeArgs* args);  // [N]uintptr
  Name* DictionaryOf(TypeArgs* args);
  Name* DictionaryNameOf(const InstanceInfo& info, TypeArgs* around);
  Name* DictionaryName(types::Object* object, std::span<Type* const> implicits,
                       std::span<Type* const> explicits);
  std::vector<Type*> TypesOf(const std::vector<types::Type*>& types, TypeArgs* args);
  Type* ShapeSignature(Func* fn, Type* sig, TypeArgs* args);

  // ---- rangefunc.cpp
  void RewriteRangeFuncs(types::Package* package, types::Signature* sig, syntax::BlockStmt* body);
  void RewriteRangeFuncs(types::Package* package, syntax::Expr* initializer);

  // ---- build_package.cpp
  Func* BuildInit(types::Package* package);
  void OutlineMapInits(Func* init);
  void BuildDecl(syntax::Decl* decl);
  void CollectInitializerTypes(types::Package* package, syntax::Node* expr);

  // ---- inline_call.cpp
  Node* InlineCall(Func* caller, Node* call, Func* callee, uint32_t inl);
  std::unordered_map<const Func*, int> inline_labels;  // how many a function has got

  // ---- wrappers.cpp
  // What is read while a package is compiled, in gc's order: the types whose methods may need wrappers,
  // and the method values.
  struct Mentioned {
    bool recording = false;
    bool imported = false;              // what is read now belongs to another package and is not generic
    std::vector<uint8_t> seen;          // by Type::id: 1 read here, 2 read in another package
    std::vector<Type*> types;           // the package has to see to their wrappers
    std::vector<Type*> imported_types;  // other packages have done so
    int depth = 0;                      // of the type that is read
    std::vector<Type*> unread_methods;  // imported types whose methods are to be read
    std::vector<std::pair<Type*, const Sym*>> method_values;
  };
  Mentioned mentioned;
  void Mention(Type* type);
  void MentionParts(Type* type);
  void ReadMethods();
  void MentionMethodValue(Type* recv, const Sym* sym);
  void MakeWrappers(const std::function<bool(Func*)>& inlinable, const std::function<void(Func*)>& finish);
  Func* NewMethodWrapper(Type* recv, const Field& method);
  bool NeedEmit(const Type* type);

  // ---- type_functions.cpp
  std::unordered_set<const Type*> described_types;
  void MentionItab(Type* type, Type* iface);
  Func* TypeFunction(Type* type, bool hash);
  Package* RuntimePackage();

  // ---- wrappers.cpp
  types::Signature* WrittenSignature(Type* recv, const Field& method);
  Func* MethodFor(Type* recv, const Sym* sym);
  Func* MethodValueWrapper(Type* recv, const Sym* sym);
  Func* AbiWrapper(Func* target);
  // Set while MakeWrappers runs: whether a method can be inlined into its wrapper.
  const std::function<bool(Func*)>* wrapped_inlinable = nullptr;
};

// While in scope, what is read belongs to an object of the package; `generic` says that type
// arguments are filled in.
class ReadScope {
 public:
  ReadScope(Builder::Impl& b, types::Package* package, bool generic)
      : mentioned_(b.mentioned), outer_(mentioned_.imported) {
    mentioned_.imported = !generic && package != nullptr && b.PackageOf(package) != b.t.local_package();
  }
  ~ReadScope() { mentioned_.imported = outer_; }
  ReadScope(const ReadScope&) = delete;
  ReadScope& operator=(const ReadScope&) = delete;

 private:
  Builder::Impl::Mentioned& mentioned_;
  bool outer_;
};

// Tests shared by the parts of the builder.
inline types::Type* TypeOfExpr(const syntax::Expr* e) {
  return const_cast<types::Type*>(e->type);
}
inline bool IsBlankName(const syntax::Expr* e) {
  const auto* name = syntax::As<syntax::Name>(e);
  return name != nullptr && name->text() == "_";
}
inline bool IsUntypedBasic(types::Type* t) {
  auto* basic = types::As<types::Basic>(t);
  return basic != nullptr && (basic->info & types::kIsUntyped) != 0;
}
// The object an identifier or pkg.Name denotes, explicit instantiation looked through; with the type
// arguments if it is an instance (gc's lookupObj).
struct ObjectUse {
  types::Object* object = nullptr;
  const types::Instance* instance = nullptr;
};
ObjectUse LookupObject(syntax::Expr* expr);
// The one underlying type of all types in t's type set, or null.
types::Type* CoreType(types::Context& c, types::Type* t);
// Key and value types of ranging over t.
std::pair<types::Type*, types::Type*> RangeKeyValue(types::Context& c, types::Type* t);
bool IsGlobal(types::Object* object);
// The operation of a binary expression, or of an assignment with the operator.
Op BinaryOpOf(syntax::Operator op);
// The directives of a declaration in the IR's bits.
uint32_t PragmasOf(const syntax::FuncDecl* decl);

}  // namespace escapement::ir
