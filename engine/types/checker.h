// Checker: the type checker of a session. One checker serves many packages: a user's
// package is checked whole, in types2's order, with its messages; a library package is
// only collected and its declarations and bodies are checked when somebody asks.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "engine/base/arena.h"
#include "engine/base/interner.h"
#include "engine/diag/diagnostic.h"
#include "engine/diag/file_set.h"
#include "engine/syntax/parser.h"
#include "engine/types/info.h"
#include "engine/types/object.h"
#include "engine/types/type.h"

namespace escapement::types {

// What an import path leads to: a package, or a reason why there is none.
struct Import {
  Package* package = nullptr;
  std::string error;
};

// Finds packages by import path. Called while a package is collected; it may itself call
// Checker::Collect for the imported package.
using Importer = std::function<Import(std::string_view path)>;

struct CheckOptions {
  uint16_t lang = 26;            // -lang=go1.N
  bool bodies_may_miss = false;  // functions without body are not reported (the compiler's -complete is off)
  bool implementations = false;  // collect Context::implementations
};

class Checker {
 public:
  // Everything handed in outlives the checker. Types and objects are put into `arena`.
  Checker(base::Arena& arena, base::Interner& names, diag::FileSet& files, Importer importer);
  ~Checker();
  Checker(const Checker&) = delete;
  Checker& operator=(const Checker&) = delete;

  // Makes an empty package.
  Package* NewPackage(std::string_view path, bool is_library);
  // The package `unsafe`.
  Package* Unsafe();
  // The scope of predeclared identifiers.
  Scope* Universe();

  // Checks a user's package whole. Diagnostics come in types2's order (PrintOrder sorts
  // and caps them as the compiler does). Returns whether there was no error.
  bool CheckPackage(Package* package, std::span<syntax::File*> files, const CheckOptions& options,
                    diag::Emitter& emitter);

  // Collects a library package's declarations and no more. `emitter` must outlive the
  // checker: it also gets what later resolution finds.
  // `parse_options` are those of the files: bodies are parsed when they are checked.
  bool Collect(Package* package, std::span<syntax::File*> files, const syntax::ParseOptions& parse_options,
               diag::Emitter& emitter);

  // The package-level object of that name, resolved; null if there is none.
  Object* Lookup(Package* package, std::string_view name);
  // The method `name` declared on a type of a package, resolved; null if there is none.
  Func* LookupMethod(TypeName* type, std::string_view name);

  // Gives a collected object its type. Methods and fields reached through types are
  // resolved by the accessors that hand them out.
  void Resolve(Object* object);
  // Checks the body of a function or method of a library package, closures and local types
  // included. Returns false if it has no body.
  bool CheckBody(Func* func);
  // Checks everything of a collected package: declarations, then bodies.
  void CheckAll(Package* package);

  // The initialisers of package-level variables in the order they run. For a library package
  // this checks the bodies that initialisers reach.
  std::span<const Initializer> InitOrder(Package* package);

  Context& context() { return *context_; }

 private:
  std::unique_ptr<Context> context_;
};

}  // namespace escapement::types
