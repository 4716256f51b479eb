#include "engine/base/number_text.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "engine/base/bit_cast.h"

namespace escapement::base {
namespace {

// d.ddd × 10^exponent, without zeros at either end; no digits are zero.
struct Decimal {
  std::string digits;
  int exponent = 0;
};

// A positive number in binary: mantissa × 2^exponent.
struct Binary {
  uint64_t mantissa;
  int exponent;
  bool narrow_below;  // the number before it is half as far away as the one behind it

  bool even() const { return mantissa % 2 == 0; }
};

Binary Parts(uint64_t bits, int mantissa_bits, int bias) {
  const uint64_t hidden = uint64_t{1} << mantissa_bits;
  const uint64_t mantissa = bits & (hidden - 1);
  const int exponent = static_cast<int>(bits >> mantissa_bits);
  if (exponent == 0) return {mantissa, 1 - bias - mantissa_bits, false};
  return {mantissa | hidden, exponent - bias - mantissa_bits, mantissa == 0 && exponent > 1};
}
Binary Parts(double positive) {
  return Parts(BitCast<uint64_t>(positive), 52, 1023);
}
Binary Parts(float positive) {
  return Parts(BitCast<uint32_t>(positive), 23, 127);
}

void Trim(Decimal& d) {
  const size_t zeros = std::min(d.digits.find_first_not_of('0'), d.digits.size());
  d.digits.erase(0, zeros);
  d.exponent -= static_cast<int>(zeros);
  d.digits.erase(d.digits.find_last_not_of('0') + 1);
}

// All digits of mantissa × 2^exponent.
Decimal Expand(uint64_t mantissa, int exponent) {
  constexpr uint32_t kLimb = 1000000000;  // limbs of nine digits, the lowest first
  std::vector<uint32_t> limbs;
  for (; mantissa != 0; mantissa /= kLimb) limbs.push_back(static_cast<uint32_t>(mantissa % kLimb));
  // m / 2^k is m × 5^k / 10^k.
  const uint32_t factor = exponent < 0 ? 5 : 2;
  for (int left = std::abs(exponent); left > 0;) {
    uint32_t by = 1;
    for (; left > 0 && by < kLimb / 5; --left) by *= factor;
    uint64_t carry = 0;
    for (uint32_t& limb : limbs) {
      carry += uint64_t{limb} * by;
      limb = static_cast<uint32_t>(carry % kLimb);
      carry /= kLimb;
    }
    if (carry != 0) limbs.push_back(static_cast<uint32_t>(carry));
  }
  Decimal out;
  for (size_t i = limbs.size(); i-- > 0;)
    for (uint32_t unit = kLimb / 10; unit > 0; unit /= 10)
      out.digits += static_cast<char>('0' + limbs[i] / unit % 10);
  out.exponent = static_cast<int>(out.digits.size()) - 1 + std::min(exponent, 0);
  Trim(out);
  return out;
}

int Compare(const Decimal& a, const Decimal& b) {
  if (a.digits.empty() || b.digits.empty()) return a.digits.empty() ? -!b.digits.empty() : 1;
  if (a.exponent != b.exponent) return a.exponent < b.exponent ? -1 : 1;
  return a.digits.compare(b.digits);
}

// To the nearest number of so many digits; from the middle to the even one.
Decimal Rounded(Decimal d, size_t digits) {
  if (d.digits.size() <= digits) return d;
  const char next = d.digits[digits];
  const bool odd = d.digits[digits - 1] % 2 != 0;
  const bool up = next > '5' || (next == '5' && (d.digits.size() > digits + 1 || odd));
  d.digits.resize(digits);
  if (up) {
    while (!d.digits.empty() && d.digits.back() == '9') d.digits.pop_back();
    if (d.digits.empty()) {
      d.digits = "1";
      ++d.exponent;
    } else {
      ++d.digits.back();
    }
  }
  Trim(d);
  return d;
}

// Halfway to the next number, and to the one before.
Decimal HalfAbove(const Binary& b) {
  return Expand(2 * b.mantissa + 1, b.exponent - 1);
}
Decimal HalfBelow(const Binary& b) {
  return b.narrow_below ? Expand(4 * b.mantissa - 1, b.exponent - 2)
                        : Expand(2 * b.mantissa - 1, b.exponent - 1);
}

// The fewest digits that are nearer to the number than to any other.
Decimal Shortest(const Binary& b) {
  const Decimal exact = Expand(b.mantissa, b.exponent), low = HalfBelow(b), high = HalfAbove(b);
  for (size_t digits = 1;; ++digits) {
    Decimal d = Rounded(exact, digits);
    const int above = Compare(d, low), below = Compare(high, d);
    if (b.even() ? above >= 0 && below >= 0 : above > 0 && below > 0) return d;
  }
}

// d.ddde±xx.
std::string Scientific(const Decimal& d) {
  std::string text = d.digits;
  if (text.size() > 1) text.insert(1, ".");
  text += d.exponent < 0 ? "e-" : "e+";
  if (std::abs(d.exponent) < 10) text += '0';
  return text + std::to_string(std::abs(d.exponent));
}

// Without an exponent, as far as there are digits.
std::string Plain(const Decimal& d) {
  if (d.digits.empty()) return "0";
  if (d.exponent < 0) return "0." + std::string(static_cast<size_t>(-d.exponent - 1), '0') + d.digits;
  const size_t whole = static_cast<size_t>(d.exponent) + 1;
  if (d.digits.size() <= whole) return d.digits + std::string(whole - d.digits.size(), '0');
  return d.digits.substr(0, whole) + "." + d.digits.substr(whole);
}

std::string General(const Decimal& d, int largest) {
  const bool plain = d.digits.empty() || (d.exponent >= -4 && d.exponent < largest);
  return plain ? Plain(d) : Scientific(d);
}

std::string Sign(double value) {
  return std::signbit(value) ? "-" : "";
}

template <typename T>
std::string ShortestOf(T value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value < 0 ? "-Inf" : "+Inf";
  constexpr int kLargest = 6;
  const T positive = std::fabs(value);
  return Sign(value) + General(positive == 0 ? Decimal() : Shortest(Parts(positive)), kLargest);
}

// The digits of a number at the beginning of the text, and where they end.
Decimal ReadDecimal(std::string_view text, size_t* end) {
  Decimal d;
  size_t at = 0;
  int scale = 0;
  bool point = false, any = false;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '.' && !point) {
      point = true;
      continue;
    }
    if (c < '0' || c > '9') break;
    any = true;
    d.digits += c;
    scale -= point;
  }
  *end = any ? at : 0;
  if (any && at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    const bool negative = at < text.size() && text[at] == '-';
    if (at < text.size() && (text[at] == '-' || text[at] == '+')) ++at;
    constexpr int kMost = 100000;
    int exponent = 0;
    const size_t first = at;
    for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at)
      exponent = std::min(10 * exponent + (text[at] - '0'), kMost);
    if (at > first) {
      *end = at;
      scale += negative ? -exponent : exponent;
    }
  }
  d.exponent = static_cast<int>(d.digits.size()) - 1 + scale;
  Trim(d);
  return d;
}

double Nearest(const Decimal& d) {
  if (d.digits.empty() || d.exponent < -330) return 0;
  if (d.exponent > 310) return std::numeric_limits<double>::infinity();
  // A guess from the first digits, a few numbers off at most.
  const std::string first = d.digits.substr(0, 17);
  uint64_t integer = 0;
  for (char c : first) integer = 10 * integer + static_cast<uint64_t>(c - '0');
  const int scale = d.exponent - static_cast<int>(first.size()) + 1;
  double guess = static_cast<double>(integer) * std::pow(10, scale / 2) * std::pow(10, scale - scale / 2);
  uint64_t bits = BitCast<uint64_t>(std::min(guess, std::numeric_limits<double>::max()));
  for (;; ++bits) {
    const Binary b = Parts(BitCast<double>(bits));
    const int above = Compare(d, HalfAbove(b));
    if (above < 0 || (above == 0 && b.even())) break;
  }
  for (; bits != 0; --bits) {
    const Binary b = Parts(BitCast<double>(bits));
    const int below = Compare(HalfBelow(b), d);
    if (below < 0 || (below == 0 && b.even())) break;
  }
  return BitCast<double>(bits);
}

}  // namespace

std::string HexDigits(uint64_t value, size_t width, bool capitals) {
  const char* digits = capitals ? "0123456789ABCDEF" : "0123456789abcdef";
  std::string text;
  for (; value != 0 || text.size() < width; value >>= 4) text += digits[value & 15];
  std::reverse(text.begin(), text.end());
  return text;
}

std::string GeneralText(double value, size_t digits) {
  const Binary b = Parts(std::fabs(value));
  return Sign(value) + General(Rounded(Expand(b.mantissa, b.exponent), digits), static_cast<int>(digits));
}

std::string ShortestText(double value) {
  return ShortestOf(value);
}
std::string ShortestText(float value) {
  return ShortestOf(value);
}

double ReadDouble(std::string_view text, size_t* used) {
  const bool sign = !text.empty() && (text[0] == '-' || text[0] == '+');
  const Decimal d = ReadDecimal(text.substr(sign), used);
  if (*used != 0) *used += sign;
  return sign && text[0] == '-' ? -Nearest(d) : Nearest(d);
}

}  // namespace escapement::base
