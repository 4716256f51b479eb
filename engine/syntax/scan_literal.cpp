// The scanner's literals: numbers, runes, strings.
#include "engine/base/check.h"
#include "engine/base/unicode.h"
#include "engine/syntax/scanner.h"

namespace escapement::syntax {

namespace {

constexpr int32_t Lower(int32_t ch) {
  return ch | 0x20;
}
constexpr bool IsHex(int32_t ch) {
  return IsDecimal(ch) || (Lower(ch) >= 'a' && Lower(ch) <= 'f');
}

// What a run of digits contained.
constexpr unsigned kHasDigit = 1, kHasSeparator = 2;

std::string BaseName(int base) {
  switch (base) {
    case 2:
      return "binary";
    case 8:
      return "octal";
    case 10:
      return "decimal";
    case 16:
      return "hexadecimal";
  }
  UNREACHABLE("number base");
}

// Index of the first `_` that does not stand between digits (a base prefix counts as
// a digit), or -1.
int InvalidSeparator(std::string_view literal) {
  int32_t prefix = ' ';
  char previous = '.';  // '_', '0' for any digit, '.' for anything else
  size_t i = 0;
  if (literal.size() >= 2 && literal[0] == '0') {
    prefix = Lower(literal[1]);
    if (prefix == 'x' || prefix == 'o' || prefix == 'b') {
      previous = '0';
      i = 2;
    }
  }
  for (; i < literal.size(); ++i) {
    char c = literal[i];
    if (c == '_') {
      if (previous != '0') return static_cast<int>(i);
      previous = '_';
    } else if (IsDecimal(c) || (prefix == 'x' && IsHex(c))) {
      previous = '0';
    } else {
      if (previous == '_') return static_cast<int>(i) - 1;
      previous = '.';
    }
  }
  return previous == '_' ? static_cast<int>(literal.size()) - 1 : -1;
}

}  // namespace

void Scanner::SetLiteral(LitKind kind, bool ok) {
  nlsemi_ = true;
  tok = Token::kLiteral;
  lit = Segment();
  bad = !ok;
  lit_kind = kind;
}

// Takes digits and separators. Decimal digits too large for the base are taken as
// well; the offset of the first is noted in *invalid.
unsigned Scanner::Digits(int base, int* invalid) {
  unsigned seen = 0;
  for (;; NextCh()) {
    if (ch_ == '_') {
      seen |= kHasSeparator;
    } else if (base <= 10 ? IsDecimal(ch_) : IsHex(ch_)) {
      if (base <= 10 && ch_ >= '0' + base && invalid != nullptr && *invalid < 0)
        *invalid = static_cast<int>(at_ - start_);
      seen |= kHasDigit;
    } else {
      return seen;
    }
  }
}

void Scanner::Number(bool seen_point) {
  bool ok = true;
  auto fail = [&](std::string message) {
    if (ok) Error(std::move(message));
    ok = false;
  };
  LitKind kind = LitKind::kInt;
  int base = 10;
  int32_t prefix = 0;  // 0 for decimal, '0' for a bare leading zero, else x, o or b
  unsigned seen = 0;
  int invalid = -1;

  if (!seen_point) {
    if (ch_ == '0') {
      NextCh();
      switch (Lower(ch_)) {
        case 'x':
          base = 16;
          break;
        case 'o':
          base = 8;
          break;
        case 'b':
          base = 2;
          break;
        default:
          break;
      }
      if (base != 10) {
        prefix = Lower(ch_);
        NextCh();
      } else {
        base = 8;
        prefix = '0';
        seen = kHasDigit;
      }
    }
    seen |= Digits(base, &invalid);
    if (ch_ == '.') {
      if (prefix == 'o' || prefix == 'b') fail("invalid radix point in " + BaseName(base) + " literal");
      NextCh();
      seen_point = true;
    }
  }
  if (seen_point) {
    kind = LitKind::kFloat;
    seen |= Digits(base, &invalid);
  }
  if ((seen & kHasDigit) == 0) fail(BaseName(base) + " literal has no digits");

  int32_t e = Lower(ch_);
  if (e == 'e' || e == 'p') {
    if (e == 'e' && prefix != 0 && prefix != '0') {
      fail(base::QuoteRune(static_cast<char32_t>(ch_)) + " exponent requires decimal mantissa");
    } else if (e == 'p' && prefix != 'x') {
      fail(base::QuoteRune(static_cast<char32_t>(ch_)) + " exponent requires hexadecimal mantissa");
    }
    NextCh();
    kind = LitKind::kFloat;
    if (ch_ == '+' || ch_ == '-') NextCh();
    seen = Digits(10, nullptr) | (seen & kHasSeparator);
    if ((seen & kHasDigit) == 0) fail("exponent has no digits");
  } else if (prefix == 'x' && kind == LitKind::kFloat) {
    fail("hexadecimal mantissa requires a 'p' exponent");
  }
  if (ch_ == 'i') {
    kind = LitKind::kImag;
    NextCh();
  }
  SetLiteral(kind, ok);

  if (kind == LitKind::kInt && invalid >= 0 && ok) {
    char32_t digit = static_cast<unsigned char>(lit[static_cast<size_t>(invalid)]);
    ErrorAt(static_cast<uint32_t>(invalid),
            "invalid digit " + base::QuoteRune(digit) + " in " + BaseName(base) + " literal");
    ok = false;
  }
  if ((seen & kHasSeparator) != 0 && ok) {
    if (int i = InvalidSeparator(lit); i >= 0) {
      ErrorAt(static_cast<uint32_t>(i), "'_' must separate successive digits");
      ok = false;
    }
  }
  bad = !ok;
}

void Scanner::Rune() {
  bool ok = true;
  NextCh();
  for (int n = 0;; ++n) {
    if (ch_ == '\'') {
      if (ok && n == 0) {
        Error("empty rune literal or unescaped '");
        ok = false;
      } else if (ok && n != 1) {
        ErrorAt(0, "more than one character in rune literal");
        ok = false;
      }
      NextCh();
      break;
    }
    if (ch_ == '\\') {
      NextCh();
      if (!Escape('\'')) ok = false;
      continue;
    }
    if (ch_ == '\n') {
      if (ok) Error("newline in rune literal");
      ok = false;
      break;
    }
    if (ch_ < 0) {
      if (ok) ErrorAt(0, "rune literal not terminated");
      ok = false;
      break;
    }
    NextCh();
  }
  SetLiteral(LitKind::kRune, ok);
}

void Scanner::InterpretedString() {
  bool ok = true;
  NextCh();
  for (;;) {
    if (ch_ == '"') {
      NextCh();
      break;
    }
    if (ch_ == '\\') {
      NextCh();
      if (!Escape('"')) ok = false;
      continue;
    }
    if (ch_ == '\n') {
      Error("newline in string");
      ok = false;
      break;
    }
    if (ch_ < 0) {
      ErrorAt(0, "string not terminated");
      ok = false;
      break;
    }
    NextCh();
  }
  SetLiteral(LitKind::kString, ok);
}

void Scanner::RawString() {
  bool ok = true;
  NextCh();
  while (ch_ != '`') {
    if (ch_ < 0) {
      ErrorAt(0, "string not terminated");
      ok = false;
      break;
    }
    NextCh();
  }
  if (ok) NextCh();
  SetLiteral(LitKind::kString, ok);
}

// An escape sequence behind its backslash. True also at the end of the text: the
// caller complains about that.
bool Scanner::Escape(int32_t quote) {
  int digits = 0, base = 0;
  uint32_t max = 0;
  if (ch_ == quote ||
      (ch_ > 0 && ch_ < 0x80 &&
       std::string_view("abfnrtv\\").find(static_cast<char>(ch_)) != std::string_view::npos)) {
    NextCh();
    return true;
  }
  switch (ch_) {
    case 'x':
      digits = 2, base = 16, max = 255;
      break;
    case 'u':
      digits = 4, base = 16, max = 0x10FFFF;
      break;
    case 'U':
      digits = 8, base = 16, max = 0x10FFFF;
      break;
    default:
      if (ch_ < 0) return true;
      if (ch_ < '0' || ch_ > '7') {
        Error("unknown escape");
        return false;
      }
      digits = 3, base = 8, max = 255;
  }
  if (base == 16) NextCh();
  uint32_t x = 0;
  for (; digits > 0; --digits) {
    if (ch_ < 0) return true;
    int d = IsDecimal(ch_) ? ch_ - '0' : IsHex(ch_) ? Lower(ch_) - 'a' + 10 : base;
    if (d >= base) {
      Error("invalid character " + base::QuoteRune(static_cast<char32_t>(ch_)) + " in " + BaseName(base) +
            " escape");
      return false;
    }
    x = x * static_cast<uint32_t>(base) + static_cast<uint32_t>(d);
    NextCh();
  }
  if (x > max && base == 8) {
    Error("octal escape value " + std::to_string(x) + " > 255");
    return false;
  }
  if (x > max || (x >= 0xD800 && x < 0xE000)) {
    Error("escape is invalid Unicode code point " + base::FormatUnicode(x));
    return false;
  }
  return true;
}

}  // namespace escapement::syntax
