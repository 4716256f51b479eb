#include "engine/diag/file_set.h"

#include <utility>

#include "engine/base/check.h"

namespace escapement::diag {

FileId FileSet::Add(SourceFile file) {
  ENSURE(files_.size() < 65534, "too many source files");
  files_.push_back(std::move(file));
  return FileId{static_cast<uint16_t>(files_.size())};
}

std::string FileSet::Print(Pos pos) const {
  if (!pos.valid() || !pos.file.valid()) return "<unknown line number>";
  const SourceFile& source = file(pos.file);
  std::string_view name = source.name;
  uint32_t line = pos.line - source.synthetic_lines, col = pos.col;
  for (const SourceFile::LineDirective& d : source.line_directives) {
    if (d.line > pos.line || (d.line == pos.line && d.col > pos.col)) break;
    name = d.name;
    line = d.to_line + (pos.line - d.line);
    if (d.to_col == 0) {
      col = 0;
    } else {
      col = pos.line == d.line ? d.to_col + (pos.col - d.col) : pos.col;
    }
  }
  std::string out(name);
  out += ':' + std::to_string(line);
  if (col != 0 && col < Pos::kPrintedColMax) out += ':' + std::to_string(col);
  return out;
}

}  // namespace escapement::diag
