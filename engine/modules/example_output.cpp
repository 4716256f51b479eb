#include "engine/modules/example_output.h"

#include <algorithm>
#include <vector>

namespace escapement::modules {

namespace {

bool IsBlank(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\v' || c == '\f';
}

size_t OffsetOf(std::string_view file, uint32_t line, uint32_t column) {
  size_t at = 0;
  for (uint32_t i = 1; i < line; ++i) {
    at = file.find('\n', at);
    if (at == std::string_view::npos) return file.size();
    ++at;
  }
  return std::min(at + column - 1, file.size());
}

// Past a string or rune literal that starts at `at`.
size_t SkipLiteral(std::string_view text, size_t at) {
  char quote = text[at++];
  while (at < text.size() && text[at] != quote) {
    if (text[at] == '\\' && quote != '`') ++at;
    ++at;
  }
  return at + 1;
}

// A group: comments with nothing but one line's end between them.
using Group = std::vector<std::string_view>;

std::vector<Group> Groups(std::string_view body) {
  std::vector<Group> groups;
  bool joined = false;  // nothing but white space, and no empty line, since the last comment
  int newlines = 0;
  for (size_t at = 0; at < body.size();) {
    char c = body[at];
    if (body.substr(at).starts_with("//") || body.substr(at).starts_with("/*")) {
      bool line = body[at + 1] == '/';
      size_t end = line ? body.find('\n', at) : body.find("*/", at + 2);
      end = end == std::string_view::npos ? body.size() : end + (line ? 0 : 2);
      if (!joined) groups.emplace_back();
      groups.back().push_back(body.substr(at, end - at));
      joined = true;
      newlines = 0;
      at = end;
    } else if (c == '"' || c == '`' || c == '\'') {
      at = SkipLiteral(body, at);
      joined = false;
    } else {
      if (c == '\n' && ++newlines > 1) joined = false;
      if (!IsBlank(c)) joined = false;
      ++at;
    }
  }
  return groups;
}

// Whether a // comment is a directive, which is no text: //go:generate, //line.
bool IsDirective(std::string_view comment) {
  if (comment.starts_with("line ") || comment.starts_with("extern ") || comment.starts_with("export "))
    return true;
  size_t colon = comment.find(':');
  if (colon == 0 || colon == std::string_view::npos || colon + 1 >= comment.size()) return false;
  auto plain = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  return std::all_of(comment.begin(), comment.begin() + static_cast<std::ptrdiff_t>(colon), plain) &&
         plain(comment[colon + 1]);
}

// The group's text without comment marks, as ast.CommentGroup.Text has it.
std::string GroupText(const Group& group) {
  std::vector<std::string> lines;
  for (std::string_view comment : group) {
    bool line = comment[1] == '/';
    comment.remove_prefix(2);
    if (line) {
      if (comment.starts_with(" "))
        comment.remove_prefix(1);
      else if (IsDirective(comment))
        continue;
    } else {
      comment.remove_suffix(std::min<size_t>(2, comment.size()));
    }
    for (;;) {
      size_t end = comment.find('\n');
      std::string_view text = comment.substr(0, end);
      while (!text.empty() && IsBlank(text.back())) text.remove_suffix(1);
      lines.emplace_back(text);
      if (end == std::string_view::npos) break;
      comment.remove_prefix(end + 1);
    }
  }
  std::string out;
  bool blank = true;  // leading empty lines go, runs of them become one
  for (const std::string& text : lines) {
    if (text.empty() && blank) continue;
    blank = text.empty();
    out += text + "\n";
  }
  if (out.ends_with("\n\n")) out.pop_back();
  return out;
}

bool TakeWord(std::string_view& text, std::string_view word) {
  if (text.size() < word.size()) return false;
  for (size_t i = 0; i < word.size(); ++i)
    if ((text[i] | 0x20) != word[i] && text[i] != word[i]) return false;
  text.remove_prefix(word.size());
  return true;
}

// Takes what an output comment starts with.
bool TakeOutputMark(std::string_view& text, bool* unordered) {
  while (!text.empty() && IsBlank(text[0])) text.remove_prefix(1);
  *unordered = TakeWord(text, "unordered ");
  return TakeWord(text, "output:");
}

}  // namespace

std::vector<ExampleComment> FindExampleComments(std::string_view file, uint32_t open, uint32_t close_line,
                                                uint32_t close_column) {
  std::vector<ExampleComment> comments;
  size_t close = OffsetOf(file, close_line, close_column);
  if (close <= open) return comments;
  for (const Group& group : Groups(file.substr(open + 1, close - open - 1))) {
    std::string all = GroupText(group);
    std::string_view text = all;
    bool unordered;
    bool is_output = TakeOutputMark(text, &unordered);
    comments.push_back({static_cast<size_t>(group[0].data() - file.data()), is_output});
  }
  return comments;
}

ExampleOutput FindExampleOutput(std::string_view file, uint32_t open, uint32_t close_line,
                                uint32_t close_column) {
  ExampleOutput output;
  size_t close = OffsetOf(file, close_line, close_column);
  if (close <= open) return output;
  std::vector<Group> groups = Groups(file.substr(open + 1, close - open - 1));
  if (groups.empty()) return output;
  std::string all = GroupText(groups.back());
  std::string_view text = all;
  if (!TakeOutputMark(text, &output.unordered)) return output;
  output.found = true;
  while (text.starts_with(" ")) text.remove_prefix(1);
  if (text.starts_with("\n")) text.remove_prefix(1);
  output.text = text;
  return output;
}

}  // namespace escapement::modules
