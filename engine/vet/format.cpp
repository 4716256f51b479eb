#include "engine/vet/format.h"

#include <charconv>
#include <cstdint>
#include <optional>

#include "engine/base/unicode.h"

namespace escapement::vet {

namespace {

bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}

bool IsHex(char c) {
  return IsDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

// A reader of one directive, which begins at `text`'s first byte and may be shorter.
class DirectiveReader {
 public:
  DirectiveReader(std::string_view text, int first_argument, int next)
      : text_(text), first_argument_(first_argument), next_(next) {}

  // The directive, or nothing and a reason.
  std::optional<Directive> Read() {
    out_.flags = text_.substr(at_, text_.find_first_not_of("#0+- ", at_) - at_);
    at_ += out_.flags.size();
    if (!Index()) return std::nullopt;
    out_.width = Star();
    if (At('.')) {
      ++at_;
      if (!Index()) return std::nullopt;
      out_.precision = Star();
    }
    if (!pending_ && !Index()) return std::nullopt;
    if (at_ == text_.size()) {
      error = "format " + std::string(text_) + " is missing verb at end of string";
      return std::nullopt;
    }
    base::DecodedRune verb = base::DecodeRune(text_.substr(at_));
    out_.verb = verb.rune;
    out_.argument = next_;
    out_.text = text_.substr(0, at_ + static_cast<size_t>(verb.width));
    return out_;
  }

  std::string error;

 private:
  bool At(char c) const { return at_ < text_.size() && text_[at_] == c; }
  void Digits() {
    while (at_ < text_.size() && IsDigit(text_[at_])) ++at_;
  }

  // [n], where there is one; false if it is malformed.
  bool Index() {
    if (!At('[')) return true;
    const size_t begin = ++at_;
    Digits();
    const bool sound = at_ > begin && At(']');
    const size_t end = text_.find(']', begin);
    if (end == std::string_view::npos) {
      error = "format " + std::string(text_) + " is missing closing ]";
      return false;
    }
    const std::string_view digits = text_.substr(begin, end - begin);
    int32_t n = 0;
    const bool fits = std::from_chars(digits.data(), digits.data() + digits.size(), n).ec == std::errc();
    if (!sound || !fits || n <= 0) {
      error = "format has invalid argument index [" + std::string(digits) + "]";
      return false;
    }
    at_ = end + 1;
    next_ = first_argument_ + n - 1;
    pending_ = out_.indexed = true;
    return true;
  }

  // A width or precision: the argument of a *, which takes an index before it; none for a number.
  int Star() {
    if (!At('*')) {
      Digits();
      return kNoArgument;
    }
    ++at_;
    pending_ = false;
    return next_++;
  }

  std::string_view text_;
  size_t at_ = 1;  // behind the %
  int first_argument_;
  int next_;              // the argument that comes next
  bool pending_ = false;  // an index has been read that nothing has used
  Directive out_;
};

}  // namespace

std::vector<Directive> ParseFormat(std::string_view format, int first_argument, std::string* error) {
  std::vector<Directive> out;
  int next = first_argument;
  for (size_t at = format.find('%'); at != std::string_view::npos; at = format.find('%', at)) {
    DirectiveReader reader(format.substr(at), first_argument, next);
    std::optional<Directive> directive = reader.Read();
    if (!directive) {
      *error = std::move(reader.error);
      return {};
    }
    directive->begin = at;
    if (directive->verb != '%') next = directive->argument + 1;
    at += directive->text.size();
    out.push_back(*directive);
  }
  return out;
}

std::string_view FindDirective(std::string_view text) {
  constexpr auto kNone = std::string_view::npos;
  auto at = [text](size_t i) { return i < text.size() ? text[i] : '\0'; };
  auto index_end = [&](size_t i) {  // behind [n], or i
    if (at(i) != '[' || !IsDigit(at(i + 1))) return i;
    size_t end = i + 1;
    while (IsDigit(at(end))) ++end;
    return at(end) == ']' ? end + 1 : i;
  };
  auto number_end = [&](size_t i) {  // behind a number or *, or i
    if (IsDigit(at(i))) {
      while (IsDigit(at(i))) ++i;
      return i;
    }
    const size_t star = index_end(i);
    return at(star) == '*' ? star + 1 : i;
  };
  for (size_t begin = text.find('%'); begin != kNone; begin = text.find('%', begin + 1)) {
    size_t i = begin + 1;
    while (at(i) == '+' || at(i) == '-' || at(i) == '#') ++i;
    i = number_end(i);
    if (at(i) == '.') ++i;
    i = index_end(number_end(i));
    if (i == text.size() || std::string_view("bcdefgopqstvxEFGTUX").find(text[i]) == kNone) continue;
    std::string_view found = text.substr(begin, i + 1 - begin);
    if (found.size() < 3 || !IsHex(found[1]) || !IsHex(found[2])) return found;
    begin = i;  // nothing within it is looked at again
  }
  return {};
}

}  // namespace escapement::vet
