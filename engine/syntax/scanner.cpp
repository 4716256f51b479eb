#include "engine/syntax/scanner.h"

#include <array>
#include <cstring>

#include "engine/base/unicode.h"

namespace escapement::syntax {

namespace {

constexpr bool IsAsciiLetter(int32_t ch) {
  return ((ch | 0x20) >= 'a' && (ch | 0x20) <= 'z') || ch == '_';
}

// A perfect hash of the keywords; only names of two bytes or more get here.
constexpr size_t KeywordHash(std::string_view s) {
  return (static_cast<unsigned char>(s[0]) * 4u + static_cast<unsigned char>(s[1]) * 48u + s.size()) & 63u;
}

struct KeywordTable {
  std::array<Token, 64> tokens{};
  std::array<std::string_view, 64> texts{};
  bool perfect = true;
};

constexpr KeywordTable MakeKeywordTable() {
  KeywordTable table;
  auto add = [&](Token token, std::string_view text) {
    size_t h = KeywordHash(text);
    if (table.tokens[h] != Token::kNone) table.perfect = false;
    table.tokens[h] = token;
    table.texts[h] = text;
  };
#define KEYWORD(id, text) add(Token::k##id, text);
#include "engine/syntax/tokens.def"
  return table;
}

constexpr KeywordTable kKeywords = MakeKeywordTable();
static_assert(kKeywords.perfect, "two keywords share a hash");

constexpr bool EndsStatement(Token token) {
  return token == Token::kBreak || token == Token::kContinue || token == Token::kFallthrough ||
         token == Token::kReturn;
}

}  // namespace

Scanner::Scanner(std::string_view text, ScanListener& listener) : Scanner(text, listener, 0, 1, 1) {}

Scanner::Scanner(std::string_view text, ScanListener& listener, uint32_t offset, uint32_t line, uint32_t col)
    : listener_(listener),
      begin_(text.data()),
      end_(text.data() + text.size()),
      at_(begin_ + offset),
      start_(at_),
      line_start_(at_ - (col - 1)),
      line_(line) {
  NextCh();
}

// Errors here are byte order marks inside the text, NUL bytes and broken UTF-8; all
// are skipped, so that they may even stand in the middle of a name.
void Scanner::NextChSlow() {
  for (;;) {
    if (at_ == end_) {
      ch_ = -1;
      width_ = 0;
      return;
    }
    unsigned char c = static_cast<unsigned char>(*at_);
    if (c == 0) {
      Error("invalid NUL character");
      ++at_;
      continue;
    }
    if (c < 0x80) {
      ch_ = c;
      width_ = 1;
      return;
    }
    base::DecodedRune d = base::DecodeRune({at_, static_cast<size_t>(end_ - at_)});
    if (d.rune == base::kRuneError && d.width == 1) {
      Error("invalid UTF-8 encoding");
      ++at_;
      continue;
    }
    if (d.rune == 0xFEFF) {
      if (at_ != begin_) Error("invalid BOM in the middle of the file");
      at_ += d.width;
      continue;
    }
    ch_ = static_cast<int32_t>(d.rune);
    width_ = d.width;
    return;
  }
}

void Scanner::Abandon() {
  at_ = end_;
  ch_ = -1;
  width_ = 0;
  nlsemi_ = false;
  tok = Token::kEOF;
}

void Scanner::Next() {
  bool nlsemi = nlsemi_;
  nlsemi_ = false;
  for (;;) {
    uint32_t start_line = line_;
    bool at_line_start = at_ == line_start_;
    while (ch_ == ' ' || ch_ == '\t' || (ch_ == '\n' && !nlsemi) || ch_ == '\r') NextCh();
    line = line_;
    col = Column(at_);
    offset = static_cast<uint32_t>(at_ - begin_);
    blank = line > start_line || at_line_start;
    start_ = at_;

    if (IsAsciiLetter(ch_) || (ch_ >= 0x80 && AtIdentifierChar(true))) {
      NextCh();
      Identifier();
      return;
    }
    if (ch_ == '/') {
      NextCh();
      if (ch_ == '/') {
        NextCh();
        LineComment();
        continue;
      }
      if (ch_ == '*') {
        NextCh();
        FullComment();
        if (line_ > line && nlsemi) {
          // A comment over several lines acts like a newline.
          lit = "newline";
          tok = Token::kSemi;
          return;
        }
        continue;
      }
      OperatorOrAssign(Operator::kDiv);
      return;
    }
    switch (ch_) {
      case -1:
        if (nlsemi) {
          lit = "EOF";
          tok = Token::kSemi;
        } else {
          tok = Token::kEOF;
        }
        return;
      case '\n':
        NextCh();
        lit = "newline";
        tok = Token::kSemi;
        return;
      case '"':
        InterpretedString();
        return;
      case '`':
        RawString();
        return;
      case '\'':
        Rune();
        return;
      default:
        break;
    }
    if (IsDecimal(ch_)) {
      Number(false);
      return;
    }
    if (ScanPunctuation()) return;
    Error("invalid character " + base::FormatUnicode(static_cast<char32_t>(ch_)));
    NextCh();
  }
}

// The operator just consumed, or its assignment if `=` follows.
void Scanner::OperatorOrAssign(Operator op) {
  SetOperator(op);
  tok = Token::kOperator;
  if (ch_ == '=') {
    NextCh();
    tok = Token::kAssignOp;
  }
}

// Brackets, separators and operators other than `/`. False if ch_ is none of them.
bool Scanner::ScanPunctuation() {
  auto single = [&](Token token, bool ends_statement = false) {
    NextCh();
    nlsemi_ = ends_statement;
    tok = token;
    return true;
  };
  auto plain = [&](Operator op) {
    SetOperator(op);
    tok = Token::kOperator;
    return true;
  };
  auto assignable = [&](Operator op) {
    OperatorOrAssign(op);
    return true;
  };
  auto got = [&](char c) {
    if (ch_ != c) return false;
    NextCh();
    return true;
  };
  // + and -, which double as ++ and --.
  auto sum = [&](char c, Operator op) {
    NextCh();
    if (!got(c)) return assignable(op);
    SetOperator(op);
    nlsemi_ = true;
    tok = Token::kIncOp;
    return true;
  };
  switch (ch_) {
    case '(':
      return single(Token::kLparen);
    case '[':
      return single(Token::kLbrack);
    case '{':
      return single(Token::kLbrace);
    case ',':
      return single(Token::kComma);
    case ')':
      return single(Token::kRparen, true);
    case ']':
      return single(Token::kRbrack, true);
    case '}':
      return single(Token::kRbrace, true);
    case ';':
      lit = "semicolon";
      return single(Token::kSemi);
    case ':':
      NextCh();
      tok = got('=') ? Token::kDefine : Token::kColon;
      return true;
    case '.':
      NextCh();
      if (IsDecimal(ch_)) {
        Number(true);
      } else if (ch_ == '.' && at_[1] == '.') {
        NextCh();
        NextCh();
        tok = Token::kDotDotDot;
      } else {
        tok = Token::kDot;
      }
      return true;
    case '+':
      return sum('+', Operator::kAdd);
    case '-':
      return sum('-', Operator::kSub);
    case '*':
      NextCh();
      SetOperator(Operator::kMul);
      tok = got('=') ? Token::kAssignOp : Token::kStar;
      return true;
    case '%':
      NextCh();
      return assignable(Operator::kRem);
    case '^':
      NextCh();
      return assignable(Operator::kXor);
    case '&':
      NextCh();
      if (got('&')) return plain(Operator::kAndAnd);
      return assignable(got('^') ? Operator::kAndNot : Operator::kAnd);
    case '|':
      NextCh();
      return got('|') ? plain(Operator::kOrOr) : assignable(Operator::kOr);
    case '<':
      NextCh();
      if (got('=')) return plain(Operator::kLeq);
      if (got('<')) return assignable(Operator::kShl);
      if (ch_ == '-') return single(Token::kArrow);
      return plain(Operator::kLss);
    case '>':
      NextCh();
      if (got('=')) return plain(Operator::kGeq);
      return got('>') ? assignable(Operator::kShr) : plain(Operator::kGtr);
    case '=':
      NextCh();
      if (got('=')) return plain(Operator::kEql);
      tok = Token::kAssign;
      return true;
    case '!':
      NextCh();
      return plain(got('=') ? Operator::kNeq : Operator::kNot);
    case '~':
      NextCh();
      return plain(Operator::kTilde);
    default:
      return false;
  }
}

void Scanner::Identifier() {
  while (IsAsciiLetter(ch_) || IsDecimal(ch_)) NextCh();
  if (ch_ >= 0x80)
    while (AtIdentifierChar(false)) NextCh();
  lit = Segment();
  if (lit.size() >= 2) {
    size_t h = KeywordHash(lit);
    if (kKeywords.texts[h] == lit) {
      tok = kKeywords.tokens[h];
      nlsemi_ = EndsStatement(tok);
      return;
    }
  }
  nlsemi_ = true;
  tok = Token::kName;
}

// Whether ch_ continues (or starts) a name; complains about characters that do not
// belong there but cannot be anything else.
bool Scanner::AtIdentifierChar(bool first) {
  if (ch_ < 0) return false;
  char32_t r = static_cast<char32_t>(ch_);
  if (base::IsLetter(r) || r == '_') return true;
  if (base::IsDigit(r)) {
    if (first) Error("identifier cannot begin with digit " + base::FormatUnicode(r));
    return true;
  }
  if (r < 0x80) return false;
  Error("invalid character " + base::FormatUnicode(r) + " in identifier");
  return true;
}

void Scanner::SkipLine() {
  while (ch_ >= 0 && ch_ != '\n') {
    // Fast over plain bytes; NextCh looks at the others.
    const char* p = at_ + width_;
    while (static_cast<signed char>(*p) > 0 && *p != '\n') ++p;
    at_ = p - 1;
    width_ = 1;
    ch_ = ' ';
    NextCh();
  }
}

void Scanner::LineComment() {
  std::string_view rest(at_, static_cast<size_t>(end_ - at_));
  bool directive = rest.starts_with("go:") || rest.starts_with("line ");
  SkipLine();
  if (directive) listener_.OnDirective(line, col, Segment());
}

bool Scanner::SkipFullComment() {
  while (ch_ >= 0) {
    while (ch_ == '*') {
      NextCh();
      if (ch_ == '/') {
        NextCh();
        return true;
      }
    }
    NextCh();
  }
  ErrorAt(0, "comment not terminated");
  return false;
}

void Scanner::FullComment() {
  bool directive = std::string_view(at_, static_cast<size_t>(end_ - at_)).starts_with("line ");
  if (SkipFullComment() && directive) listener_.OnDirective(line, col, Segment());
}

// Brace matching over raw bytes. It knows strings, runes and comments and counts
// lines; NUL bytes make it give up (the caller then parses properly), as do line directives, which
// hold for what comes behind the block, too.
bool Scanner::SkipBlock(uint32_t* rbrace_line, uint32_t* rbrace_col) {
  // Bytes that matter: everything else is skipped in the inner loop.
  static constexpr auto kSpecial = [] {
    std::array<bool, 256> table{};
    for (unsigned char c : {'\0', '\n', '{', '}', '"', '`', '\'', '/'}) table[c] = true;
    return table;
  }();
  const char* p = at_;  // behind the `{`
  const char* line_start = line_start_;
  uint32_t lines = line_;
  int depth = 1;
  auto newline = [&] {
    ++lines;
    line_start = p + 1;
  };
  for (;; ++p) {
    while (!kSpecial[static_cast<unsigned char>(*p)]) ++p;
    switch (*p) {
      case '\0':
        return false;
      case '\n':
        newline();
        break;
      case '{':
        ++depth;
        break;
      case '}':
        if (--depth > 0) break;
        *rbrace_line = lines;
        *rbrace_col = static_cast<uint32_t>(p - line_start) + 1;
        at_ = p;
        line_ = lines;
        line_start_ = line_start;
        ch_ = '}';
        width_ = 1;
        NextCh();
        nlsemi_ = true;
        Next();
        return true;
      case '"':
      case '\'': {
        char quote = *p;
        for (++p; *p != quote; ++p) {
          if (*p == '\\') ++p;
          if (*p == '\0' || *p == '\n') return false;
        }
        break;
      }
      case '`':
        for (++p; *p != '`'; ++p) {
          if (*p == '\0') return false;
          if (*p == '\n') newline();
        }
        break;
      case '/':
        if ((p[1] == '/' || p[1] == '*') && std::strncmp(p + 2, "line ", 5) == 0) return false;
        if (p[1] == '/') {
          while (p[1] != '\n' && p[1] != '\0') ++p;
        } else if (p[1] == '*') {
          for (p += 2; !(*p == '*' && p[1] == '/'); ++p) {
            if (*p == '\0') return false;
            if (*p == '\n') newline();
          }
          ++p;
        }
        break;
    }
  }
}

}  // namespace escapement::syntax
