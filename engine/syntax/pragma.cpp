// Directives in comments: `//go:…` (noder's rules) and `//line`.
#include <limits>
#include <optional>

#include "engine/base/unicode.h"
#include "engine/syntax/build_constraint.h"
#include "engine/syntax/parser_impl.h"

namespace escapement::syntax {

namespace {

constexpr uint32_t kPosMax = 1 << 30;  // gc's largest line and column

constexpr uint32_t kRuntimePragmas =
    kPragmaSystemstack | kPragmaNowritebarrier | kPragmaNowritebarrierrec | kPragmaYeswritebarrierrec;

// The flags of a directive's first word; some imply others. 0 for unknown ones, which
// are ignored, and for go:nointerface, which needs an experiment.
uint32_t PragmaFlags(std::string_view verb) {
  struct Entry {
    std::string_view verb;
    uint32_t flags;
  };
  static constexpr Entry kEntries[] = {
      {"go:build", kPragmaGoBuild},
      {"go:noescape", kPragmaNoescape},
      {"go:norace", kPragmaNorace},
      {"go:nosplit", kPragmaNosplit | kPragmaNoCheckPtr},
      {"go:noinline", kPragmaNoinline},
      {"go:nocheckptr", kPragmaNoCheckPtr},
      {"go:systemstack", kPragmaSystemstack},
      {"go:nowritebarrier", kPragmaNowritebarrier},
      {"go:nowritebarrierrec", kPragmaNowritebarrierrec | kPragmaNowritebarrier},
      {"go:yeswritebarrierrec", kPragmaYeswritebarrierrec},
      {"go:cgo_unsafe_args", kPragmaCgoUnsafeArgs | kPragmaNoCheckPtr},
      {"go:uintptrkeepalive", kPragmaUintptrKeepAlive},
      {"go:uintptrescapes", kPragmaUintptrEscapes | kPragmaUintptrKeepAlive},
      {"go:registerparams", kPragmaRegisterParams},
  };
  for (const Entry& e : kEntries)
    if (e.verb == verb) return e.flags;
  return 0;
}

bool IsSpace(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\v' || c == '\f';
}

std::vector<std::string_view> Fields(std::string_view text) {
  std::vector<std::string_view> fields;
  size_t i = 0;
  while (i < text.size()) {
    while (i < text.size() && IsSpace(text[i])) ++i;
    size_t start = i;
    while (i < text.size() && !IsSpace(text[i])) ++i;
    if (i > start) fields.push_back(text.substr(start, i - start));
  }
  return fields;
}

// The number behind the last colon of a line directive.
struct TrailingNumber {
  size_t at = 0;  // its first digit; 0 if there is no colon
  uint64_t value = 0;
  bool ok = false;  // it is a number
};
TrailingNumber TakeTrailingNumber(std::string_view text) {
  TrailingNumber n;
  size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return n;
  n.at = colon + 1;
  n.ok = n.at < text.size();
  for (char c : text.substr(n.at)) {
    if (c < '0' || c > '9' || n.value > std::numeric_limits<uint32_t>::max()) {
      // Too large is as wrong as not a number, except that it is a number.
      if (c < '0' || c > '9') n.ok = false;
      break;
    }
    n.value = n.value * 10 + static_cast<uint64_t>(c - '0');
  }
  return n;
}

}  // namespace

void Parser::OnDirective(uint32_t line, uint32_t col, std::string_view comment) {
  bool block = comment[1] == '*';
  std::string_view text = comment.substr(2);
  if (block) {
    text.remove_suffix(2);
  } else if (!text.empty() && text.back() == '\r') {
    text.remove_suffix(1);
  }
  if ((col == 1 || block) && text.starts_with("line ")) {
    // In effect behind the comment; a line comment ends with its newline. A directive
    // over several lines is none.
    if (block && text.find('\n') != std::string_view::npos) return;
    Pos effective = block ? PosAt(line, col + static_cast<uint32_t>(comment.size())) : PosAt(line + 1, 1);
    LineDirective(effective, line, col + 7, text.substr(5));
    return;
  }
  if (!text.starts_with("go:")) return;
  if (top_ && comment.starts_with("//go:build")) {
    if (std::optional<std::string> version = ConstraintGoVersion(comment)) go_version_ = *version;
  }
  GoDirective(PosAt(line, col + 2), text);
}

// `text` is filename:line or filename:line:col and stands at (line, col).
void Parser::LineDirective(Pos effective, uint32_t line, uint32_t col, std::string_view text) {
  auto at = [&](size_t offset) { return PosAt(line, col + static_cast<uint32_t>(offset)); };
  TrailingNumber last = TakeTrailingNumber(text);
  if (last.at == 0) return;
  auto bad_line = [&](size_t i) { ErrorAt(at(i), "invalid line number: " + std::string(text.substr(i))); };
  if (!last.ok) {
    bad_line(last.at);
    return;
  }
  TrailingNumber before = TakeTrailingNumber(text.substr(0, last.at - 1));
  TrailingNumber number = last;
  uint32_t to_col = 0;
  if (before.ok) {
    if (last.value == 0 || last.value > kPosMax) {
      ErrorAt(at(last.at), "invalid column number: " + std::string(text.substr(last.at)));
      return;
    }
    to_col = static_cast<uint32_t>(last.value);
    number = before;
    text = text.substr(0, last.at - 1);
  }
  if (number.value == 0 || number.value > kPosMax) {
    bad_line(number.at);
    return;
  }
  diag::SourceFile& source = ctx_.files.file(file_);
  std::string name(text.substr(0, number.at - 1));
  if (name.empty() && before.ok)
    name = source.line_directives.empty() ? source.name : source.line_directives.back().name;
  source.line_directives.push_back(
      {effective.line, effective.col, std::move(name), static_cast<uint32_t>(number.value), to_col});
}

void Parser::GoDirective(Pos pos, std::string_view text) {
  has_pragma_ = true;
  if (!scan_.blank) {
    DirectiveError(pos, "misplaced compiler directive");
    return;
  }
  if (text.starts_with("go:wasmimport ")) {
    if (Fields(text).size() != 3) DirectiveError(pos, "usage: //go:wasmimport importmodule importname");
    return;
  }
  if (text.starts_with("go:wasmexport ")) {
    if (Fields(text).size() != 2) DirectiveError(pos, "usage: //go:wasmexport exportname");
    return;
  }
  if (text.starts_with("go:linkname ")) {
    LinknameDirective(pos, text);
    return;
  }
  if (text == "go:embed" || text.starts_with("go:embed ")) {
    EmbedDirectiveLine(pos, text.substr(8));
    return;
  }
  std::string verb(text.substr(0, text.find(' ')));
  if (verb.starts_with("go:cgo_") && verb != "go:cgo_import_dynamic" && !options_.std)
    DirectiveError(pos, "//" + std::string(text) + " only allowed in cgo-generated code");
  uint32_t flags = PragmaFlags(verb);
  if (!options_.runtime && (flags & kRuntimePragmas) != 0)
    DirectiveError(pos, "//" + verb + " only allowed in runtime");
  if (flags == kPragmaUintptrKeepAlive && !options_.std)
    DirectiveError(pos, "//" + verb + " is only allowed in the standard library");
  pragma_flags_ |= flags;
  pragma_positions_.push_back({flags, pos});
}

void Parser::LinknameDirective(Pos pos, std::string_view text) {
  std::vector<std::string_view> fields = Fields(text);
  if (fields.size() < 2 || fields.size() > 3) {
    DirectiveError(pos, "usage: //go:linkname localname [linkname]");
    return;
  }
  linknames_.push_back({pos, fields[1], fields.size() == 3 ? fields[2] : std::string_view()});
}

// Patterns are separated by spaces; one may be a Go string.
void Parser::EmbedDirectiveLine(Pos pos, std::string_view arguments) {
  std::vector<std::string_view> patterns;
  auto bad = [&](std::string_view what) {
    DirectiveError(pos, "invalid quoted string in //go:embed: " + std::string(what));
    patterns.clear();
    arguments = {};
  };
  for (;;) {
    while (!arguments.empty() && IsSpace(arguments[0])) arguments.remove_prefix(1);
    while (!arguments.empty() && IsSpace(arguments.back())) arguments.remove_suffix(1);
    if (arguments.empty()) break;
    char quote = arguments[0];
    size_t end = 0;
    if (quote == '`') {
      end = arguments.find('`', 1);
    } else if (quote == '"') {
      for (end = 1; end < arguments.size() && arguments[end] != '"'; ++end)
        if (arguments[end] == '\\') ++end;
      if (end >= arguments.size()) end = std::string_view::npos;
    } else {
      while (end < arguments.size() && !IsSpace(arguments[end])) ++end;
      patterns.push_back(arguments.substr(0, end));
      arguments.remove_prefix(end);
      continue;
    }
    if (end == std::string_view::npos) {
      bad(arguments);
      break;
    }
    std::optional<std::string> pattern = base::UnquoteString(arguments.substr(0, end + 1));
    if (!pattern) {
      bad(arguments.substr(0, end + 1));
      break;
    }
    patterns.push_back(ctx_.arena.Copy(std::string_view(*pattern)));
    arguments.remove_prefix(end + 1);
    if (!arguments.empty() && !IsSpace(arguments[0])) {
      bad(arguments);
      break;
    }
  }
  if (patterns.empty()) {
    DirectiveError(pos, "usage: //go:embed pattern...");
    return;
  }
  pragma_embeds_.push_back({pos, ctx_.arena.Copy(patterns)});
}

Pragma* Parser::TakePragma() {
  if (!has_pragma_) return nullptr;
  Pragma* p = ctx_.arena.New<Pragma>();
  p->flags = pragma_flags_;
  p->positions = ctx_.arena.Copy(pragma_positions_);
  p->embeds = ctx_.arena.Copy(pragma_embeds_);
  has_pragma_ = false;
  pragma_flags_ = 0;
  pragma_positions_.clear();
  pragma_embeds_.clear();
  return p;
}

void Parser::ReportMisplacedPragma() {
  const Pragma* p = TakePragma();
  for (const PragmaPos& position : p->positions)
    if ((position.flags & p->flags) != 0) DirectiveError(position.pos, "misplaced compiler directive");
  for (const EmbedDirective& embed : p->embeds) DirectiveError(embed.pos, "misplaced go:embed directive");
}

}  // namespace escapement::syntax
