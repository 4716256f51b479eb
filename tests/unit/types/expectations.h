// ERROR comments of Go's type checker tests: `/* ERROR "text" */` or `// ERROR "text"` stands
// behind the token where the error is reported; ERRORx gives a regular expression.
#pragma once

#include <optional>
#include <regex>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/unicode.h"

namespace escapement::test {

struct Expectation {
  uint32_t line;
  uint32_t col;
  bool regex;
  std::string text;
  bool matched = false;

  bool Matches(const std::string& message) const {
    if (!regex) return message.find(text) != std::string::npos;
    // Go's regular expressions take a brace that starts no repetition as itself.
    std::string pattern;
    for (size_t i = 0; i < text.size(); ++i) {
      bool brace = text[i] == '{' || text[i] == '}';
      bool escaped = i > 0 && text[i - 1] == '\\';
      if (brace && !escaped) pattern += '\\';
      pattern += text[i];
    }
    return std::regex_search(message, std::regex(pattern, std::regex::ECMAScript));
  }
};

// Walks the tokens of a file and collects the comments that expect an error.
class ExpectationScanner {
 public:
  explicit ExpectationScanner(std::string_view text) : text_(text) {}

  std::vector<Expectation> Run() {
    while (at_ < text_.size()) {
      char ch = text_[at_];
      if (ch == '\n' || ch == ' ' || ch == '\t' || ch == '\r') {
        Advance(1);
      } else if (text_.substr(at_, 2) == "//") {
        size_t end = text_.find('\n', at_);
        if (end == std::string_view::npos) end = text_.size();
        Comment(text_.substr(at_ + 2, end - at_ - 2));
        Advance(end - at_);
      } else if (text_.substr(at_, 2) == "/*") {
        size_t end = text_.find("*/", at_ + 2);
        if (end == std::string_view::npos) break;
        Comment(text_.substr(at_ + 2, end - at_ - 2));
        Advance(end + 2 - at_);
      } else {
        Token(ch);
      }
    }
    return std::move(found_);
  }

 private:
  void Advance(size_t n) {
    for (size_t i = 0; i < n; ++i) {
      if (text_[at_++] == '\n') {
        ++line_;
        col_ = 1;
      } else {
        ++col_;
      }
    }
  }

  void Token(char ch) {
    token_line_ = line_;
    token_col_ = col_;
    size_t n = 1;
    if (ch == '"' || ch == '\'') {
      while (at_ + n < text_.size() && text_[at_ + n] != ch && text_[at_ + n] != '\n') {
        n += text_[at_ + n] == '\\' ? 2 : 1;
      }
      ++n;
    } else if (ch == '`') {
      while (at_ + n < text_.size() && text_[at_ + n] != '`') ++n;
      ++n;
    } else if (IsWord(ch)) {
      while (at_ + n < text_.size() && IsWord(text_[at_ + n])) ++n;
    }
    Advance(std::min(n, text_.size() - at_));
  }

  static bool IsWord(char ch) {
    return (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') || (ch >= '0' && ch <= '9') || ch == '_' ||
           static_cast<unsigned char>(ch) >= 0x80;
  }

  void Comment(std::string_view comment) {
    bool regex = comment.rfind(" ERRORx ", 0) == 0;
    if (!regex && comment.rfind(" ERROR ", 0) != 0) return;
    comment.remove_prefix(regex ? 8 : 7);
    while (!comment.empty() && (comment.back() == ' ' || comment.back() == '\r')) comment.remove_suffix(1);
    while (!comment.empty() && comment.front() == ' ') comment.remove_prefix(1);
    std::optional<std::string> text = base::UnquoteString(comment);
    found_.push_back({token_line_, token_col_, regex, text ? *text : "malformed expectation"});
  }

  std::string_view text_;
  size_t at_ = 0;
  uint32_t line_ = 1, col_ = 1;
  uint32_t token_line_ = 1, token_col_ = 1;
  std::vector<Expectation> found_;
};

}  // namespace escapement::test
