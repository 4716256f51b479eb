// Summaries: what a session knows of library functions without their bodies: gc's export data. They
// come with a pack, or stay from an earlier check that analysed the function.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/ir/func.h"
#include "engine/stdlib/library_source.h"

namespace escapement::driver {

// Summaries by function. Only declared functions without type parameters are kept: what is instantiated
// or wrapped may belong to a user's types.
class Summaries {
 public:
  // `source` outlives the summaries.
  explicit Summaries(stdlib::LibrarySource& source) : source_(source) {}

  // Gives `fn` its summary if one is known.
  bool Fill(ir::Func* fn);
  // Whether a function is known to be inlinable.
  bool Inlinable(const types::Func* func) {
    const Known* known = Find(func);
    return known != nullptr && known->summary.inlinable;
  }
  // What the source says that a package inlines (KnownBodies::Write); null where it has no summaries.
  const std::string* InlinedIn(std::string_view import_path);
  // Remembers the summaries of functions that were analysed together.
  void Keep(const std::vector<ir::Func*>& group);
  // Whether the two were analysed together: functions that call each other.
  bool Together(const ir::Func* a, const ir::Func* b);
  // A package's summaries as packs hold them. First `inlined`, of what the package inlines, ended by an empty
  // line, then the kinds of functions, one a line, ended by an empty
  // line:
  //   COST|- FLAGS TAGS GROUP
  // COST of inlining or -; FLAGS d: results can be delayed; TAGS one a parameter, comma-separated, each byte
  // of an escape tag as a letter from 'a'; GROUP a number that functions analysed together share, or
  // nothing. Then, for each package-level object and method in source order, its kind from 1 or 0, LEB128.
  std::string Write(const types::Package& package, std::string_view inlined);

 private:
  struct Known {
    ir::Summary summary;
    uint32_t group = 0;  // 0: alone
  };
  struct Package {
    bool known = false;   // the source has something of it
    std::string inlined;  // see KnownBodies::Write
    std::vector<Known> kinds;
    std::vector<uint32_t> kind_of;  // by Object::order - 1, from 1; 0: none
  };

  static bool IsKept(const ir::Func* fn);
  const Known* Find(const ir::Func* fn);
  const Known* Find(const types::Func* func);
  Package& PackageOf(std::string_view import_path);
  void Read(std::string_view text, Package& package);

  stdlib::LibrarySource& source_;
  std::unordered_map<const types::Func*, Known> known_;
  std::unordered_map<std::string, Package> packages_;  // those with summaries of their own, by path
  uint32_t groups_ = 0;
};

}  // namespace escapement::driver
