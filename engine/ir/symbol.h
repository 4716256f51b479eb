// Sym and Package: names qualified by the package that owns them.
#pragma once

#include <string>
#include <string_view>

#include "engine/ir/forward.h"

namespace escapement::ir {

// A package as the back end knows it (gc's types.Pkg).
struct Package {
  std::string_view path;             // "net/http"; "main"
  base::Name name;                   // "http"
  std::string_view prefix;           // the path escaped for linker symbols
  types::Package* source = nullptr;  // null for pseudo-packages (go.shape, builtin, …)
};

// A name in a package, interned: equal symbols are the same pointer. Exported field
// and method names of any package belong to the local package's pseudo entry (pkg null).
struct Sym {
  Package* pkg = nullptr;  // null: exported selector, or built-in
  base::Name name;

  std::string_view text() const { return name.text(); }
};

// Whether the identifier starts with an upper-case letter.
bool IsExported(std::string_view name);

}  // namespace escapement::ir
