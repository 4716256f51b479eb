#include "engine/modules/header.h"

#include <algorithm>
#include <utility>

namespace escapement::modules {

namespace {

class HeaderScanner {
 public:
  explicit HeaderScanner(std::string_view text) : text_(text) {
    if (text_.starts_with("\xEF\xBB\xBF")) at_ = line_start_ = 3;
  }

  Header Scan() {
    Header header;
    if (Word() != "package") return header;
    header.package = Word();
    header.directives = std::move(directives_);
    reads_directives_ = false;
    for (;;) {
      Skip(/*semicolons=*/true);
      if (Word() != "import") return header;
      Skip(false);
      if (!Got('(')) {
        Spec(header);
        continue;
      }
      for (;;) {
        Skip(true);
        if (at_ >= text_.size() || Got(')')) break;
        if (!Spec(header)) return header;
      }
    }
  }

 private:
  bool Spec(Header& header) {
    Skip(false);
    uint32_t line = line_, column = static_cast<uint32_t>(at_ - line_start_ + 1);
    if (!Got('.')) Word();
    Skip(false);
    if (at_ >= text_.size() || (text_[at_] != '"' && text_[at_] != '`')) return false;
    char quote = text_[at_];
    size_t end = text_.find(quote, at_ + 1);
    if (end == std::string_view::npos) return false;
    header.imports.push_back({std::string(text_.substr(at_ + 1, end - at_ - 1)), line, column});
    at_ = end + 1;
    return true;
  }

  bool Got(char c) {
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  std::string_view Word() {
    Skip(false);
    size_t from = at_;
    auto is_part = [](char c) {
      return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
             static_cast<unsigned char>(c) >= 0x80;
    };
    while (at_ < text_.size() && is_part(text_[at_])) ++at_;
    return text_.substr(from, at_ - from);
  }

  void NewLine() {
    ++line_;
    line_start_ = at_;
  }

  void Comment(std::string_view comment) {
    if (comment.ends_with('\r')) comment.remove_suffix(1);
    if (reads_directives_ && comment.starts_with("//go:"))
      directives_.push_back({std::string(comment), line_, static_cast<uint32_t>(at_ - line_start_ + 1)});
  }

  void Skip(bool semicolons) {
    while (at_ < text_.size()) {
      char c = text_[at_];
      if (c == '\n') {
        ++at_;
        NewLine();
      } else if (c == ' ' || c == '\t' || c == '\r' || (semicolons && c == ';')) {
        ++at_;
      } else if (text_.substr(at_).starts_with("//")) {
        const size_t end = std::min(text_.find('\n', at_), text_.size());
        Comment(text_.substr(at_, end - at_));
        at_ = end;
      } else if (text_.substr(at_).starts_with("/*")) {
        size_t end = text_.find("*/", at_ + 2);
        end = end == std::string_view::npos ? text_.size() : end + 2;
        while (at_ < end)
          if (text_[at_++] == '\n') NewLine();
      } else {
        return;
      }
    }
  }

  std::string_view text_;
  size_t at_ = 0, line_start_ = 0;
  uint32_t line_ = 1;
  bool reads_directives_ = true;
  std::vector<Directive> directives_;
};

}  // namespace

Header ScanHeader(std::string_view text) {
  return HeaderScanner(text).Scan();
}

}  // namespace escapement::modules
