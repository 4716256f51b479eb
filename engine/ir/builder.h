// Builder: from a checked package to IR (gc's unified noder, writer and reader in one).
//
// A user's package is built whole. Of library packages only what is asked for is
// built: FuncFor declares, EnsureBody checks (through the checker) and builds.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "engine/ir/program.h"
#include "engine/ir/rewritten.h"

namespace escapement::types {
class Checker;
}

namespace escapement::ir {

class Builder {
 public:
  // `rewritten` lives as long as the checker's trees.
  Builder(Program& program, types::Checker& checker, RewrittenTrees& rewritten);
  ~Builder();

  // Builds the package whole, in gc's order. `wrappers` says that MakeWrappers will be asked for.
  Unit BuildPackage(types::Package* package, bool wrappers = false);
  // Builds only what runs before main for a library package: the function that initialises its
  // variables, and its init functions, declared.
  Unit BuildInitialisation(types::Package* package);

  // Declares a function or method and returns it without its body. `targs` are the type arguments
  // of a generic function or of the receiver's type; the result is then the exact instance (a thin
  // wrapper of the shaped function).
  Func* FuncFor(types::Func* fn, std::span<Type* const> targs = {});
  // Makes sure that fn->body is built. False when the function has no Go body.
  bool EnsureBody(Func* fn);
  // Takes fn back to its declaration: EnsureBody then builds its body anew. Returns what fn was.
  Func Renew(Func* fn);
  // Puts back what Renew returned.
  void Restore(Func* fn, Func&& was);
  // The method of (possibly pointer) type `recv` that `sym` names, as reached through the method set:
  // the method itself or a generated wrapper (promoted, pointer receiver). Null if there is none.
  Func* MethodFor(Type* recv, const Sym* sym);

  // The methods declared on a named type, in source order; empty for other types.
  std::span<Field> DeclaredMethods(Type* type);
  // The method set of T and *T together (gc's CalcMethods): promoted methods included, sorted.
  std::span<Field> MethodSet(Type* type);
  // Is told of calls through a dictionary whose receiver is an interface; gc remarks on them.
  void set_on_imprecise_call(std::function<void(SrcPos)> hook);
  // The method of T's and *T's set that `sym` names, or null.
  Field* LookupMethod(Type* type, const Sym* sym);
  // The wrapper `T.M-fm` that a method value's closure runs (its receiver is closure variable .this).
  Func* MethodValueWrapper(Type* recv, const Sym* sym);

  // Makes the wrappers that gc makes with the package (its MakeWrappers): for the methods of the types
  // and for the method values that reading it met. Calls finish with each, its body built, in order.
  // `inlinable`: whether a method can be inlined.
  void MakeWrappers(const std::function<bool(Func*)>& inlinable, const std::function<void(Func*)>& finish);
  // A function that calls a declared one, with parameters and results passed another way: gc makes one where
  // Go and assembly may call each other (its GenABIWrappers).
  Func* AbiWrapper(Func* target);
  // While paused, what is read is not the package's business (an analysis of library code on the way).
  // Returns what it was.
  bool PauseReading(bool recording);

  // The back-end type of a checked type without type parameters.
  Type* TypeOf(types::Type* type);
  // The name of a package-level variable.
  Name* GlobalFor(types::Object* variable);
  // A function of package runtime (or another) by name, for code that passes insert. Null if unknown.
  Func* LookupFunc(std::string_view package, std::string_view name);

  // Expands a call of `callee` inside `caller` (gc's unifiedInlineCall): reads callee's body again with
  // parameters as fresh locals of `caller`, and returns the kInlCall node. `inl` is the value that
  // Program::AddInlinedCall gave for this call.
  Node* InlineCall(Func* caller, Node* call, Func* callee, uint32_t inl);

  // Functions that were declared since the last call (instances, wrappers, closures of bodies built on
  // demand).
  std::vector<Func*> TakeNewFuncs();
  // Gives back what TakeNewFuncs took, for whoever was to get it.
  void ReturnNewFuncs(std::vector<Func*> funcs);

  struct Impl;  // builder_impl.h, for the files of this room

 private:
  std::unique_ptr<Impl> impl_;
};

}  // namespace escapement::ir
