// Printing types and objects exactly as types2 does.
#pragma once

#include <functional>
#include <string>

#include "engine/diag/file_set.h"
#include "engine/types/object.h"
#include "engine/types/type.h"

namespace escapement::types {

// What goes before the dot of a package's objects; empty for none.
using Qualifier = std::function<std::string(const Package*)>;

// The type with the qualifier's prefixes (full paths if there is no qualifier). `files`
// prints the position of type parameters that shadow predeclared names.
std::string TypeString(Type* type, const Qualifier& qualifier = nullptr,
                       const diag::FileSet* files = nullptr);
// Parameters and results, "(x int) error". Without names, types only; with package_info,
// the first unexported field of a struct gets its package as a comment.
struct SignatureStyle {
  bool names = true;
  bool package_info = false;
};
std::string SignatureString(const Signature* sig, const Qualifier& qualifier, SignatureStyle style = {});
std::string ObjectString(const Object* object, const Qualifier& qualifier = nullptr);
// "func" name with receiver: "(T).m", "pkg.f".
std::string FuncName(const Func* func, const Qualifier& qualifier = nullptr);
// "constant", "local variable", "defined type", …
std::string_view ObjectKindString(const Object* object);
// Relative to the package under check; ambiguous names become quoted paths.
Qualifier QualifierOf(Context& c);

}  // namespace escapement::types
