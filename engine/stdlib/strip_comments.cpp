#include "engine/stdlib/strip_comments.h"

#include <algorithm>

namespace escapement::stdlib {

namespace {

bool StartsWith(std::string_view text, std::string_view prefix) {
  return text.substr(0, prefix.size()) == prefix;
}

bool IsDirective(std::string_view comment) {
  return StartsWith(comment, "//go:") || StartsWith(comment, "//line ") || StartsWith(comment, "//export ");
}

// Length of the string, rune or raw string literal that `text` starts with.
size_t LiteralLength(std::string_view text) {
  char quote = text[0];
  size_t i = 1;
  while (i < text.size() && text[i] != quote) i += quote != '`' && text[i] == '\\' ? 2 : 1;
  return std::min(i + 1, text.size());
}

void TrimBlanks(std::string& out) {
  while (!out.empty() && (out.back() == ' ' || out.back() == '\t')) out.pop_back();
}

}  // namespace

std::string StripComments(std::string_view source) {
  std::string out;
  out.reserve(source.size());
  for (size_t i = 0; i < source.size();) {
    std::string_view rest = source.substr(i);
    if (StartsWith(rest, "//")) {
      size_t length = std::min(rest.find('\n'), rest.size());
      // A directive counts only where nothing but blanks stands before it.
      bool at_line_start =
          out.find_last_not_of(" \t") == std::string::npos || out[out.find_last_not_of(" \t")] == '\n';
      if (at_line_start && IsDirective(rest)) out += rest.substr(0, length);
      i += length;
    } else if (StartsWith(rest, "/*")) {
      size_t end = rest.find("*/", 2);
      size_t length = end == std::string_view::npos ? rest.size() : end + 2;
      bool lines = false;
      for (char c : rest.substr(0, length)) {
        if (c != '\n') continue;
        TrimBlanks(out);
        out += '\n';
        lines = true;
      }
      if (!lines) out += ' ';
      i += length;
    } else if (rest[0] == '"' || rest[0] == '\'' || rest[0] == '`') {
      size_t length = LiteralLength(rest);
      out += rest.substr(0, length);
      i += length;
    } else {
      if (rest[0] == '\n') TrimBlanks(out);
      if (rest[0] != '\r') out += rest[0];
      ++i;
    }
  }
  return out;
}

}  // namespace escapement::stdlib
