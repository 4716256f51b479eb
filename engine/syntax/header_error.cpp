#include "engine/syntax/header_error.h"

#include <algorithm>
#include <array>
#include <utility>

#include "engine/base/unicode.h"
#include "engine/syntax/scanner.h"

namespace escapement::syntax {

namespace {

// gc's words for a lexical error, and go/scanner's.
constexpr std::array<std::pair<std::string_view, std::string_view>, 9> kLexicalErrors{{
    {"newline in string", "string literal not terminated"},
    {"string not terminated", "string literal not terminated"},
    {"newline in rune literal", "rune literal not terminated"},
    {"more than one character in rune literal", "illegal rune literal"},
    {"empty rune literal or unescaped '", "illegal rune literal"},
    {"invalid UTF-8 encoding", "illegal UTF-8 encoding"},
    {"invalid BOM in the middle of the file", "illegal byte order mark"},
    {"unknown escape", "unknown escape sequence"},
    {"invalid character ", "illegal character "},
}};

// The path of a string literal, quotes taken off; escapes are left as they are, for none is in a good path.
std::string_view PathOf(std::string_view literal) {
  return literal.size() < 2 ? literal : literal.substr(1, literal.size() - 2);
}

bool IsImportPath(std::string_view path) {
  for (size_t at = 0; at < path.size();) {
    base::DecodedRune d = base::DecodeRune(path.substr(at));
    if (d.rune == base::kRuneError || d.rune <= ' ' || !base::IsPrint(d.rune)) return false;
    if (d.rune < 0x80 && std::string_view("!\"#$%&'()*,:;<=>?[\\]^{|}`").find(static_cast<char>(d.rune)) !=
                             std::string_view::npos)
      return false;
    at += static_cast<size_t>(d.width);
  }
  return !path.empty();
}

class HeaderReader final : ScanListener {
 public:
  explicit HeaderReader(const std::string& text) : text_(text), scanner_(text, *this) {}

  std::optional<HeaderError> Read() {
    scanner_.Next();
    if (error_) return error_;
    Expect(Token::kPackage, "'package'");
    Expect(Token::kName, "'IDENT'");
    EndOfClause();
    while (!error_ && scanner_.tok == Token::kImport) {
      scanner_.Next();
      if (scanner_.tok != Token::kLparen) {
        Spec(/*grouped=*/false);
        continue;
      }
      scanner_.Next();
      while (!error_ && scanner_.tok != Token::kRparen && scanner_.tok != Token::kEOF) Spec(true);
      Expect(Token::kRparen, "')'");
      EndOfClause();
    }
    return error_ ? error_ : bad_path_;
  }

 private:
  void OnLexicalError(uint32_t line, uint32_t col, std::string message) override {
    // A string that does not end is reported where it begins.
    bool at_token = message == "newline in string" || message == "newline in rune literal";
    if (message == "string not terminated" && text_[line_start(line) + col - 1] == '`')
      return Fail(line, col, "raw string literal not terminated");
    if (message == "invalid NUL character") return FailUnread("unexpected NUL in input");
    for (std::string_view curly : {"“", "”"})
      if (message.find(curly) != std::string::npos)
        return Fail(line, col, "curly quotation mark '" + std::string(curly) + "' (use neutral '\"')");
    for (auto [from, to] : kLexicalErrors) {
      if (!message.starts_with(from)) continue;
      message = std::string(to) + message.substr(from.size());
      break;
    }
    if (size_t in = message.find(" in hexadecimal escape"); in != std::string::npos)
      message = Escape(message);
    Fail(at_token ? scanner_.line : line, at_token ? scanner_.col : col, std::move(message));
  }
  void OnDirective(uint32_t, uint32_t, std::string_view) override {}

  size_t line_start(uint32_t line) const {
    size_t at = 0;
    for (; line > 1; --line) at = text_.find('\n', at) + 1;
    return at;
  }

  // `illegal character 't' in hexadecimal escape` names the character by its number too.
  static std::string Escape(const std::string& message) {
    size_t quote = message.find('\''), end = message.rfind('\'');
    base::DecodedRune d = base::DecodeRune(std::string_view(message).substr(quote + 1, end - quote - 1));
    return "illegal character " + base::FormatUnicode(d.rune) + " in escape sequence";
  }

  void Fail(uint32_t line, uint32_t column, std::string text) {
    if (!error_) error_ = HeaderError{line, column, std::move(text)};
  }
  void FailUnread(std::string text) {
    if (!error_) error_ = HeaderError{.text = std::move(text), .whole_path = true};
  }
  void FailExpected(std::string_view what) {
    std::string found;
    switch (scanner_.tok) {
      case Token::kName:
      case Token::kLiteral:
        found = scanner_.lit;
        break;
      case Token::kSemi:
        found = scanner_.lit == "semicolon" ? "';'" : "newline";
        break;
      case Token::kOperator:
      case Token::kStar:
        found = "'" + std::string(OperatorText(scanner_.op)) + "'";
        break;
      default:
        found = "'" + std::string(TokenText(scanner_.tok)) + "'";
    }
    std::string text = "expected " + std::string(what) + ", found " + found;
    if (scanner_.tok != Token::kEOF || !text_.ends_with('\n'))
      return Fail(scanner_.line, scanner_.col, std::move(text));
    // Nothing is on the line behind the last newline: for go/token it is none.
    uint32_t line = scanner_.line - 1;
    Fail(line, static_cast<uint32_t>(text_.size() - line_start(line) + 1), std::move(text));
  }
  void Expect(Token token, std::string_view what) {
    if (error_) return;
    if (scanner_.tok != token) return FailExpected(what);
    scanner_.Next();
  }

  // The end of the package clause or of an import declaration. What follows on its line is looked at only
  // when it may begin an import: the go command stops reading before anything else.
  void EndOfClause() {
    if (error_ || scanner_.tok == Token::kEOF) return;
    if (scanner_.tok == Token::kSemi) return scanner_.Next();
    if (text_[scanner_.offset] == 'i') FailExpected("';'");
  }

  void Spec(bool grouped) {
    uint32_t line = scanner_.line, column = scanner_.col;
    if (scanner_.tok == Token::kName || scanner_.tok == Token::kDot) scanner_.Next();
    if (error_) return;
    if (scanner_.tok != Token::kLiteral) return Fail(scanner_.line, scanner_.col, "missing import path");
    if (scanner_.lit_kind != LitKind::kString)
      return Fail(scanner_.line, scanner_.col, "import path must be a string");
    std::string_view path = PathOf(scanner_.lit);
    if (!bad_path_ && !IsImportPath(path))
      bad_path_ = HeaderError{line, column, "invalid import path: " + std::string(path), /*whole_path=*/true};
    scanner_.Next();
    if (!grouped) return EndOfClause();
    if (error_ || scanner_.tok == Token::kRparen) return;
    if (scanner_.tok != Token::kSemi) return FailExpected("';'");
    scanner_.Next();
  }

  const std::string& text_;
  std::optional<HeaderError> error_, bad_path_;
  Scanner scanner_;
};

}  // namespace

std::optional<HeaderError> FindHeaderError(const std::string& text) {
  return HeaderReader(text).Read();
}

}  // namespace escapement::syntax
