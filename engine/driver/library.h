// Library: the standard library of a session as the front end sees it. A package is
// parsed when first imported, with its function bodies skipped, and its declarations
// are checked as they are used; all of it stays for the session's next check.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "engine/base/arena.h"
#include "engine/base/interner.h"
#include "engine/diag/diagnostic.h"
#include "engine/diag/file_set.h"
#include "engine/driver/known_bodies.h"
#include "engine/driver/summaries.h"
#include "engine/ir/rewritten.h"
#include "engine/stdlib/library_source.h"
#include "engine/syntax/parser.h"
#include "engine/syntax/snippet.h"
#include "engine/types/checker.h"

namespace escapement::driver {

// Owns the source files, names, trees and types of a session's library, and the
// checker that user packages go through as well.
class Library {
 public:
  // `source` outlives the library.
  explicit Library(stdlib::LibrarySource& source);
  Library(const Library&) = delete;
  Library& operator=(const Library&) = delete;

  // The package of that path, collected; an error sentence where there is none.
  types::Import Find(std::string_view import_path);
  // Go's sentence about an import that nothing provides.
  std::string MissingImport(std::string_view import_path);
  // Import paths by package name, for snippets.
  const syntax::PackageTable& PackageNames();
  // Whether an import of this path can be served, without loading it.
  bool Has(std::string_view import_path);
  // Says whether the package that is being checked belongs to the distribution, whose imports of
  // golang.org/x mean its vendored copies. Returns what was said before.
  bool SetInDistribution(bool in) { return std::exchange(in_distribution_, in); }

  base::Arena& arena() { return arena_; }
  base::Interner& names() { return names_; }
  diag::FileSet& files() { return files_; }
  types::Checker& checker() { return checker_; }
  stdlib::LibrarySource& source() { return source_; }
  Summaries& summaries() { return summaries_; }
  KnownBodies& known_bodies() { return known_bodies_; }
  ir::RewrittenTrees& rewritten() { return rewritten_; }
  // What parsing and lazy resolution of library code found; empty for a sound library.
  const diag::Emitter& errors() const { return errors_; }
  // Library packages in the order they were loaded.
  const std::vector<types::Package*>& loaded() const { return loaded_; }

 private:
  types::Package* Load(std::string_view import_path);

  stdlib::LibrarySource& source_;
  Summaries summaries_;
  base::Arena arena_;
  base::Interner names_;
  diag::FileSet files_;
  diag::Emitter errors_;
  types::Checker checker_;
  KnownBodies known_bodies_;
  ir::RewrittenTrees rewritten_;
  std::unordered_map<std::string, types::Package*> packages_;
  std::vector<types::Package*> loaded_;
  bool in_distribution_ = false;  // the package that is being collected belongs to the Go distribution
  syntax::PackageTable names_table_;
};

// Whether a library package is the runtime's or imported by it: compiled with liberties (directives,
// functions without bodies) and without checkptr (objabi.LookupPkgSpecial).
bool IsRuntimePackage(std::string_view import_path);

}  // namespace escapement::driver
