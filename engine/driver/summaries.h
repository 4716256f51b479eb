// Summaries: what a session knows of library functions without their bodies: gc's export data. They
// come with a pack, or stay from an earlier check that analysed the function.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "engine/ir/func.h"
#include "engine/stdlib/library_source.h"

namespace escapement::driver {

// Summaries by package and function. Only declared functions without type parameters are kept: what is
// instantiated or wrapped may belong to a user's types.
class Summaries {
 public:
  // `source` outlives the summaries.
  explicit Summaries(stdlib::LibrarySource& source) : source_(source) {}

  // Gives `fn` its summary if one is known.
  bool Fill(ir::Func* fn);
  // Remembers the summaries of functions that were analysed together.
  void Keep(const std::vector<ir::Func*>& group);
  // Whether the two were analysed together: functions that call each other.
  bool Together(const ir::Func* a, const ir::Func* b);
  // A package's summaries as packs hold them. One line for all functions of a kind:
  //   COST|- FLAGS TAGS: NAME GROUP? NAME …
  // COST of inlining or -, FLAGS d: results can be delayed; TAGS one a parameter, comma-separated, each
  // byte of an escape tag as a letter from 'a'; GROUP +N where functions call each other.
  std::string Write(std::string_view import_path);

 private:
  struct Known {
    ir::Summary summary;
    uint32_t group = 0;  // 0: alone
  };
  using Package = std::map<std::string, Known, std::less<>>;

  static bool IsKept(const ir::Func* fn);
  Known* Find(const ir::Func* fn);
  Package& PackageOf(std::string_view import_path);
  void Read(std::string_view text, Package& package);

  stdlib::LibrarySource& source_;
  std::unordered_map<std::string, Package> packages_;
  uint32_t groups_ = 0;
};

}  // namespace escapement::driver
