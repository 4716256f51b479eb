// Snippets: Go text that lacks what every file needs. A teaching page may show three
// statements; this supplies the package clause, the imports and func main around them,
// so that positions still refer to what was typed. Also splits txtar archives.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace escapement::syntax {

// Import paths by package name ("rand" → "math/rand"): what a snippet may use unimported.
using PackageTable = std::map<std::string, std::string, std::less<>>;

// A completed snippet. Everything that was typed keeps its line (less synthetic_lines,
// as diag::SourceFile counts) and column; additions stand on lines before or after it or
// behind the last token of a line.
struct Snippet {
  std::string text;
  uint32_t synthetic_lines = 0;
  bool added_package = false;
  bool added_main = false;           // an empty one, or around the statements
  std::vector<std::string> imports;  // paths added, in order of first use
};

// Supplies what is missing:
// - without a package clause, `package main`;
// - statements outside functions are wrapped in func main, together with the var, const
//   and type declarations directly before and between them (unless there is a main);
// - package main without func main gets an empty one;
// - names used as x.Y that are declared nowhere in the file and are in the table are imported.
// A complete file comes back unchanged.
Snippet CompleteSnippet(std::string_view source, const PackageTable& packages);

// A file of a txtar archive.
struct ArchiveFile {
  std::string name;
  std::string text;
};
struct Archive {
  std::string comment;  // what stands before the first file
  std::vector<ArchiveFile> files;
};

// Splits `-- name --` separated text; without separators all of it is the comment. Every
// part ends with a newline unless it is empty (the rules of golang.org/x/tools/txtar).
Archive SplitArchive(std::string_view text);

}  // namespace escapement::syntax
