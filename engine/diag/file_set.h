// FileSet: the source files of a session: their names as messages print them and
// their text. `//line` directives map positions to other names and lines.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "engine/diag/position.h"

namespace escapement::diag {

// One source file. `name` is what messages print (`./main.go`); `text` outlives
// the FileSet's users or is owned by it.
struct SourceFile {
  std::string name;
  std::string text;
  // What a traceback prints for the file (an absolute path); empty: the same as `name`.
  std::string run_path;
  // Set when the file belongs to the Go distribution rather than to the user.
  bool is_library = false;
  // Snippet mode (a fragment that was wrapped in package/imports/main): bytes of
  // generated prefix before the user's first byte are subtracted from positions.
  uint32_t synthetic_lines = 0;

  // A `//line` directive: positions from physical `line` (and `col`) on are
  // printed relative to `name:to_line[:to_col]`.
  struct LineDirective {
    uint32_t line, col;
    std::string name;
    uint32_t to_line, to_col;  // to_col 0: columns are not printed
  };
  std::vector<LineDirective> line_directives;
};

// Owns the files; ids are stable.
class FileSet {
 public:
  // Adds a file and returns its id. At most 65,534 files.
  FileId Add(SourceFile file);
  const SourceFile& file(FileId id) const { return files_[id.index - 1]; }
  SourceFile& file(FileId id) { return files_[id.index - 1]; }
  size_t size() const { return files_.size(); }

  // "name:line:col", with `//line` directives applied and the column omitted where
  // it is unknown. An invalid position prints "<unknown line number>".
  std::string Print(Pos pos) const;

 private:
  std::deque<SourceFile> files_;  // a deque: trees refer to the texts
};

}  // namespace escapement::diag
