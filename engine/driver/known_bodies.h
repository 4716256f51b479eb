// KnownBodies: the bodies of other packages' functions that a compilation can inline. gc reads the export
// data of the packages that are imported directly. Those carry the inlinable bodies of their own functions,
// and that of a function from further away if compiling the imported package inlined it somewhere and what
// is exported leads to it (noder's linker).
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "engine/driver/summaries.h"
#include "engine/types/checker.h"

namespace escapement::driver {

// It serves a session: library packages do not change.
class KnownBodies {
 public:
  // Whether a declared function without type parameters has an inlinable body.
  using Inlinable = std::function<bool(types::Func*)>;

  KnownBodies(types::Checker& checker, Summaries& summaries) : checker_(checker), summaries_(summaries) {}

  // Whether a compilation of `compiled` has the body of `func`, an inlinable declared function.
  bool Has(const types::Package* compiled, types::Func* func, const Inlinable& inlinable);

  // What packs hold of a package: the functions of other packages whose bodies its export data carry, a line
  // for each of those packages, of its path and the functions' Object::order, each less the one before:
  //   PATH ORDER MORE MORE
  std::string Write(types::Package* package, const Inlinable& inlinable);

 private:
  // The same, read: Object::order ascending by path of the package.
  using Table = std::map<std::string_view, std::vector<uint32_t>>;

  // What a body calls, and the generic functions that it mentions in any way.
  struct Uses {
    std::vector<types::Func*> funcs;  // each once, in source order
    bool may_be_inlined = true;       // nothing in the syntax speaks against it
  };
  // Who calls whom in a package: its own functions, imported generic ones and what it may inline. The null
  // function stands for the initialisers of its variables.
  struct Compiled {
    std::unordered_map<const types::Func*, std::vector<types::Func*>> callers;
    Uses initialisers;
    std::unordered_map<const types::Func*, bool> inlined, exported;  // answers given
  };

  static Table Read(std::string_view text);
  // Whether the package's export data carry the body of `func` of another package.
  bool Carries(types::Package* package, types::Func* func, const Inlinable& inlinable);
  Compiled& CompiledOf(types::Package* package);
  const Uses& UsesOf(types::Func* func);
  const Uses& UsesIn(const Compiled& compiled, types::Func* func);
  // Whether compiling `package` inlines `func` of another package.
  // Model: a call of an inlinable function is taken to be inlined. gc does not inline in functions of
  // over 5000 nodes what costs more than 20.
  bool IsInlined(types::Package* package, types::Func* func, const Inlinable& inlinable);
  // Whether the package's export data have `func`.
  // Model: methods are taken to be there, as if every type of theirs were.
  bool IsExported(types::Package* package, types::Func* func, const Inlinable& inlinable);

  types::Checker& checker_;
  Summaries& summaries_;
  std::unordered_map<const types::Func*, Uses> uses_;
  std::unordered_map<const types::Package*, Compiled> compiled_;
  std::unordered_map<const types::Package*, Table> tables_;  // of packs
};

}  // namespace escapement::driver
