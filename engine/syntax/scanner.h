// The scanner: source text to tokens, one at a time, with Go's automatic semicolons.
// It works on the whole text in memory; lexical errors and directives in comments go
// to a listener in the order of the text.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/syntax/tokens.h"

namespace escapement::syntax {

constexpr bool IsDecimal(int32_t ch) {
  return ch >= '0' && ch <= '9';
}

// Hears of what the scanner finds besides tokens. Lines and columns are 1-based,
// columns count bytes.
class ScanListener {
 public:
  virtual void OnLexicalError(uint32_t line, uint32_t col, std::string message) = 0;
  // A `//go:…`, `//line …` or `/*line …*/` comment, whole.
  virtual void OnDirective(uint32_t line, uint32_t col, std::string_view comment) = 0;

 protected:
  ~ScanListener() = default;
};

// The current token and what belongs to it.
struct TokenState {
  Token tok = Token::kNone;
  Operator op = Operator::kNone;  // for Operator, Star, AssignOp, IncOp
  uint8_t prec = 0;               // of op
  LitKind lit_kind = LitKind::kInt;
  bool bad = false;      // a malformed literal
  bool blank = false;    // nothing but white space before it on its line
  std::string_view lit;  // of Name and Literal; of Semi: "semicolon", "newline" or "EOF"
  uint32_t line = 0, col = 0;
  uint32_t offset = 0;  // in bytes from the start of the text
};

class Scanner : public TokenState {
 public:
  // `text` is followed by a NUL byte (as a std::string's is) and outlives the tokens.
  Scanner(std::string_view text, ScanListener& listener);
  // Starts in the middle of a text, at a byte whose position is known.
  Scanner(std::string_view text, ScanListener& listener, uint32_t offset, uint32_t line, uint32_t col);

  // Advances to the next token.
  void Next();

  // With the current token a `{`: moves to the token after the matching `}` without
  // making tokens of what is between, and returns the `}`'s place. False (nothing
  // moved) if the braces do not match or the text has bytes that need a proper look.
  bool SkipBlock(uint32_t* rbrace_line, uint32_t* rbrace_col);

  // The byte behind the current token.
  uint32_t EndOffset() const { return static_cast<uint32_t>(at_ - begin_); }

  // Drops the rest of the text: the next token is EOF.
  void Abandon();

 private:
  void NextCh() {
    at_ += width_;
    if (ch_ == '\n') {
      ++line_;
      line_start_ = at_;
    }
    unsigned char c = static_cast<unsigned char>(*at_);
    if (c - 1u < 0x7Fu) [[likely]] {
      ch_ = c;
      width_ = 1;
      return;
    }
    NextChSlow();
  }
  void NextChSlow();
  uint32_t Column(const char* p) const { return static_cast<uint32_t>(p - line_start_) + 1; }
  void Error(std::string message) { listener_.OnLexicalError(line_, Column(at_), std::move(message)); }
  // An error at a byte offset from the token's start.
  void ErrorAt(uint32_t token_offset, std::string message) {
    listener_.OnLexicalError(line, col + token_offset, std::move(message));
  }
  std::string_view Segment() const { return {start_, static_cast<size_t>(at_ - start_)}; }

  void SetOperator(Operator op) {
    this->op = op;
    prec = static_cast<uint8_t>(Precedence(op));
  }
  void OperatorOrAssign(Operator op);
  bool ScanPunctuation();
  void Identifier();
  bool AtIdentifierChar(bool first);
  unsigned Digits(int base, int* invalid);
  void Number(bool seen_point);
  void Rune();
  void InterpretedString();
  void RawString();
  bool Escape(int32_t quote);
  void SetLiteral(LitKind kind, bool ok);
  void LineComment();
  void FullComment();
  bool SkipFullComment();
  void SkipLine();

  ScanListener& listener_;
  const char* begin_;
  const char* end_;
  const char* at_;          // the current character
  const char* start_;       // of the current token
  const char* line_start_;  // of the current line
  uint32_t line_ = 1;
  int32_t ch_ = ' ';     // the current character, -1 at the end
  int width_ = 0;        // its bytes
  bool nlsemi_ = false;  // a newline becomes a semicolon
};

}  // namespace escapement::syntax
