// The one file that uses Boost.Multiprecision: one integer type; fractions and floats
// are built on it. Constants are stored as plain limbs in the pool's arena and loaded
// into a cpp_int for arithmetic.
#include "engine/base/constant.h"

#include <algorithm>
// Streams and locales come with Boost's conversions otherwise, a twentieth of engine.wasm.
#define BOOST_LEXICAL_CAST_ASSUME_C_LOCALE
#include <boost/multiprecision/cpp_int.hpp>
#include <cfloat>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <optional>
#include <vector>

#include "engine/base/check.h"
#include "engine/base/number_text.h"
#include "engine/base/unicode.h"

namespace escapement::base {

namespace mp = boost::multiprecision;

namespace {

using Int = mp::cpp_int;
using Limb = mp::limb_type;

constexpr int kPrecision = 512;        // bits of a float's mantissa
constexpr int kMaxExponent = 4 << 10;  // fractions with larger parts become floats
constexpr int64_t kFloatMaxExp = std::numeric_limits<int32_t>::max();  // big.MaxExp
constexpr int64_t kFloatMinExp = std::numeric_limits<int32_t>::min();  // big.MinExp

int64_t Bits(const Int& x) {
  return x.is_zero() ? 0 : static_cast<int64_t>(mp::msb(abs(x))) + 1;
}

// ---- Floats: value = ±mant · 2^exp ----

enum class Form : uint8_t { kZero, kFinite, kInf };

struct Float {
  Form form = Form::kZero;
  bool neg = false;
  Int mant;  // > 0 if finite
  int64_t exp = 0;

  // The exponent big.Float would show: |x| is in [2^(e-1), 2^e).
  int64_t Magnitude() const { return exp + Bits(mant); }
};

enum class Rounding : uint8_t { kNearestEven, kToZero, kAwayFromZero };

// Rounds the mantissa to `precision` bits; `sticky` says that bits below were lost.
// Exponents outside big.Float's range give zero or infinity.
void Round(Float& x, int precision, bool sticky, Rounding mode = Rounding::kNearestEven) {
  if (x.form != Form::kFinite) return;
  if (x.mant.is_zero()) {
    x = Float{};
    return;
  }
  int64_t excess = Bits(x.mant) - precision;
  if (excess > 0) {
    unsigned shift = static_cast<unsigned>(excess);
    bool half = mp::bit_test(x.mant, shift - 1);
    bool rest = sticky || mp::lsb(x.mant) + 1 < shift;
    x.mant >>= shift;
    x.exp += excess;
    bool up = mode == Rounding::kAwayFromZero ? half || rest
              : mode == Rounding::kToZero     ? false
                                              : half && (rest || mp::bit_test(x.mant, 0));
    if (up) ++x.mant;
  }
  int64_t magnitude = x.Magnitude();
  if (magnitude > kFloatMaxExp) {
    x = Float{Form::kInf, x.neg, 0, 0};
  } else if (magnitude < kFloatMinExp) {
    x = Float{};
  }
}

Float FromInt(const Int& x, int precision = kPrecision) {
  if (x.is_zero()) return {};
  Float f{Form::kFinite, x < 0, abs(x), 0};
  Round(f, precision, false);
  return f;
}

Float Mul(const Float& a, const Float& b, int precision = kPrecision) {
  bool neg = a.neg != b.neg;
  if (a.form == Form::kZero || b.form == Form::kZero) return {};
  if (a.form == Form::kInf || b.form == Form::kInf) return {Form::kInf, neg, 0, 0};
  Float z{Form::kFinite, neg, a.mant * b.mant, a.exp + b.exp};
  Round(z, precision, false);
  return z;
}

Float Quo(const Float& a, const Float& b, int precision = kPrecision) {
  bool neg = a.neg != b.neg;
  if (a.form == Form::kZero || b.form == Form::kInf) return {};
  if (a.form == Form::kInf || b.form == Form::kZero) return {Form::kInf, neg, 0, 0};
  int64_t shift = std::max<int64_t>(0, precision + 2 - (Bits(a.mant) - Bits(b.mant)));
  Int q, r;
  mp::divide_qr(Int(a.mant << static_cast<unsigned>(shift)), b.mant, q, r);
  Float z{Form::kFinite, neg, q, a.exp - b.exp - shift};
  Round(z, precision, !r.is_zero());
  return z;
}

Float Add(Float a, Float b) {
  if (a.form == Form::kZero) return b;
  if (b.form == Form::kZero) return a;
  if (a.form == Form::kInf) return a;
  if (b.form == Form::kInf) return b;
  if (a.exp < b.exp) std::swap(a, b);
  // The operand far below the other's last bit only decides the rounding: replace it
  // by a bit that is still below.
  int64_t limit = 2 * kPrecision + 8;
  if (a.exp - b.exp > limit && a.Magnitude() - b.Magnitude() > limit) {
    b.exp = a.Magnitude() - limit;
    b.mant = 1;
  }
  Int x = a.mant << static_cast<unsigned>(a.exp - b.exp);
  if (a.neg) x = -x;
  Int sum = b.neg ? Int(x - b.mant) : Int(x + b.mant);
  if (sum.is_zero()) return {};
  Float z{Form::kFinite, sum < 0, abs(sum), b.exp};
  Round(z, kPrecision, false);
  return z;
}

Float Negate(Float x) {
  x.neg = x.form != Form::kZero && !x.neg;
  return x;
}

int Sign(const Float& x) {
  return x.form == Form::kZero ? 0 : x.neg ? -1 : 1;
}

int Compare(const Float& a, const Float& b) {
  return Sign(Add(a, Negate(b)));
}

bool IsInt(const Float& x) {
  return x.form == Form::kZero ||
         (x.form == Form::kFinite && (x.exp >= 0 || static_cast<int64_t>(mp::lsb(x.mant)) >= -x.exp));
}

bool SmallFloat(const Float& x) {
  if (x.form == Form::kInf) return false;
  int64_t e = x.form == Form::kZero ? 0 : x.Magnitude();
  return -kMaxExponent < e && e < kMaxExponent;
}

// 5^n in `precision` bits, rounded at every step as big.Float's parser does.
Float Pow5(uint64_t n, int precision) {
  constexpr uint64_t kTable = 27;  // 5^27 is the largest power in a uint64
  Int start = 1;
  for (uint64_t i = 0; i < std::min(n, kTable); ++i) start *= 5;
  Float z = FromInt(start, precision);
  if (n <= kTable) return z;
  n -= kTable;
  Float f = FromInt(5, precision + 64);
  for (; n > 0; n >>= 1) {
    if (n & 1) z = Mul(z, f, precision);
    f = Mul(f, f, precision + 64);
  }
  return z;
}

// ---- Rounding to machine floats ----

// A binary floating-point format: precision and the exponents of the smallest
// subnormal and just above the largest finite value.
struct Format {
  int precision, min_exp, max_exp;
};
constexpr Format kDouble{53, -1074, 1024};
constexpr Format kSingle{24, -149, 128};

// ±mant · 2^exp (with lost bits below if sticky) rounded to nearest even.
double ToMachine(bool neg, const Int& mant, int64_t exp, bool sticky, Format format, bool* exact) {
  *exact = !sticky;
  if (mant.is_zero()) return 0;
  int64_t magnitude = exp + Bits(mant);
  if (magnitude > format.max_exp) {
    *exact = false;
    return neg ? -HUGE_VAL : HUGE_VAL;
  }
  int64_t precision = std::min<int64_t>(format.precision, magnitude - format.min_exp);
  if (precision < 0) {
    *exact = false;
    return neg ? -0.0 : 0.0;
  }
  Int m = mant;
  int64_t shift = Bits(mant) - precision;
  if (shift > 0) {
    bool half = mp::bit_test(mant, static_cast<unsigned>(shift - 1));
    bool rest = sticky || static_cast<int64_t>(mp::lsb(mant)) + 1 < shift;
    m >>= static_cast<unsigned>(shift);
    exp += shift;
    if (half || rest) *exact = false;
    if (half && (rest || mp::bit_test(m, 0))) ++m;
  }
  double d = std::ldexp(static_cast<double>(static_cast<uint64_t>(m)), static_cast<int>(exp));
  if (exp + Bits(m) > format.max_exp) {
    *exact = false;
    d = HUGE_VAL;
  }
  return neg ? -d : d;
}

double ToMachine(const Float& x, Format format, bool* exact) {
  if (x.form == Form::kZero) {
    *exact = true;
    return 0;
  }
  return ToMachine(x.neg, x.mant, x.exp, false, format, exact);
}

// ---- Fractions ----

struct Rat {
  Int num, den = 1;  // lowest terms, den > 0
};

Rat Reduce(Int num, Int den) {
  if (den < 0) {
    num = -num;
    den = -den;
  }
  Int g = mp::gcd(num, den);
  if (g > 1) {
    num /= g;
    den /= g;
  }
  return {std::move(num), std::move(den)};
}

Float FromRat(const Rat& x) {
  if (x.den == 1) return FromInt(x.num);
  Float num{Form::kFinite, x.num < 0, abs(x.num), 0}, den{Form::kFinite, false, x.den, 0};
  return Quo(num, den);
}

double ToMachine(const Rat& x, Format format, bool* exact) {
  *exact = true;
  if (x.num.is_zero()) return 0;
  Int num = abs(x.num), q, r;
  int64_t shift = std::max<int64_t>(0, 66 - (Bits(num) - Bits(x.den)));
  mp::divide_qr(Int(num << static_cast<unsigned>(shift)), x.den, q, r);
  return ToMachine(x.num < 0, q, -shift, !r.is_zero(), format, exact);
}

// ---- Literals ----

struct ParsedNumber {
  Int mantissa;
  int base = 10;
  int64_t fraction_digits = 0;
  int64_t exponent = 0;
  int exponent_base = 10;
};

int DigitValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : 99;
}

// Takes digits of `base` (and separators) from the front of `text` into `value`.
int64_t TakeDigits(std::string_view& text, int base, Int& value) {
  int64_t count = 0;
  uint64_t chunk = 0, scale = 1;
  size_t i = 0;
  for (; i < text.size(); ++i) {
    if (text[i] == '_') continue;
    int d = DigitValue(text[i]);
    if (d >= base) break;
    chunk = chunk * static_cast<uint64_t>(base) + static_cast<uint64_t>(d);
    scale *= static_cast<uint64_t>(base);
    ++count;
    if (scale > (uint64_t{1} << 58)) {
      value = value * scale + chunk;
      chunk = 0;
      scale = 1;
    }
  }
  value = value * scale + chunk;
  text.remove_prefix(i);
  return count;
}

// Reads a number literal; a leading 0 means octal only for integers.
std::optional<ParsedNumber> ParseNumber(std::string_view text, bool integer) {
  ParsedNumber n;
  int64_t digits = 0;
  if (text.size() >= 2 && text[0] == '0') {
    switch (text[1] | 0x20) {
      case 'x':
        n.base = 16;
        break;
      case 'o':
        n.base = 8;
        break;
      case 'b':
        n.base = 2;
        break;
      default:
        if (integer) {
          n.base = 8;
          text.remove_prefix(1);
          digits = 1;
        }
    }
    if (n.base != 10 && digits == 0) text.remove_prefix(2);
  }
  digits += TakeDigits(text, n.base, n.mantissa);
  if (!integer && !text.empty() && text[0] == '.') {
    text.remove_prefix(1);
    n.fraction_digits = TakeDigits(text, n.base, n.mantissa);
    digits += n.fraction_digits;
  }
  if (digits == 0) return std::nullopt;
  if (text.empty()) return n;
  char e = static_cast<char>(text[0] | 0x20);
  if (integer || (e != 'e' && e != 'p')) return std::nullopt;
  if (e == 'p') n.exponent_base = 2;
  text.remove_prefix(1);
  bool negative = !text.empty() && text[0] == '-';
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) text.remove_prefix(1);
  bool any = false;
  for (char c : text) {
    if (c == '_') continue;
    if (c < '0' || c > '9') return std::nullopt;
    any = true;
    // Exponents beyond any float's range: the value is unknown.
    if (n.exponent > int64_t{1} << 40) return std::nullopt;
    n.exponent = n.exponent * 10 + (c - '0');
  }
  if (!any) return std::nullopt;
  if (negative) n.exponent = -n.exponent;
  return n;
}

// The power of two and of five that the point and exponent of a literal stand for.
void SplitExponent(const ParsedNumber& n, int64_t* exp2, int64_t* exp5) {
  *exp2 = *exp5 = 0;
  switch (n.base) {
    case 10:
      *exp5 = *exp2 = -n.fraction_digits;
      break;
    case 2:
      *exp2 = -n.fraction_digits;
      break;
    case 8:
      *exp2 = -n.fraction_digits * 3;
      break;
    default:
      *exp2 = -n.fraction_digits * 4;
      break;
  }
  *exp2 += n.exponent;
  if (n.exponent_base == 10) *exp5 += n.exponent;
}

// A literal as a float, rounded as big.Float's SetString rounds; nothing on exponent overflow.
std::optional<Float> FloatFromNumber(const ParsedNumber& n) {
  if (n.mantissa.is_zero()) return Float{};
  int64_t exp2, exp5;
  SplitExponent(n, &exp2, &exp5);
  Float z{Form::kFinite, false, n.mantissa, exp2};
  if (z.Magnitude() < kFloatMinExp || z.Magnitude() > kFloatMaxExp) return std::nullopt;
  if (exp5 == 0) {
    Round(z, kPrecision, false);
    return z;
  }
  Float p = Pow5(static_cast<uint64_t>(exp5 < 0 ? -exp5 : exp5), kPrecision + 64);
  return exp5 < 0 ? Quo(z, p) : Mul(z, p);
}

// A literal whose value has a moderate exponent as a fraction.
std::optional<Rat> RatFromNumber(const ParsedNumber& n) {
  int64_t exp2, exp5;
  SplitExponent(n, &exp2, &exp5);
  if (std::abs(exp5) > 1000000 || std::abs(exp2) > 10000000) return std::nullopt;
  Int num = n.mantissa, den = 1;
  Int& by5 = exp5 < 0 ? den : num;
  if (exp5 != 0) by5 *= mp::pow(Int(5), static_cast<unsigned>(std::abs(exp5)));
  Int& by2 = exp2 < 0 ? den : num;
  by2 <<= static_cast<unsigned>(std::abs(exp2));
  return Reduce(std::move(num), std::move(den));
}

}  // namespace

// ---- Stored form ----

namespace {

struct Limbs {
  const Limb* data;
  uint32_t size;
};

enum class RepKind : uint8_t { kString, kInt, kRat, kFloat, kComplex };

// Aligned so that a handle's tag bits are free, on 32-bit targets too.
struct alignas(8) Rep {
  RepKind kind;
  bool neg = false;
};
struct StringRep : Rep {
  // Either text, or the concatenation of left and right that nobody has read yet.
  mutable std::string_view text;
  mutable const StringRep* left = nullptr;
  mutable const StringRep* right = nullptr;
  size_t size = 0;
  Arena* arena = nullptr;
};
struct IntRep : Rep {
  Limbs value;
};
struct RatRep : Rep {
  Limbs num, den;
};
struct FloatRep : Rep {
  Limbs mant;
  int64_t exp;
};
struct ComplexRep : Rep {
  Constant re, im;
};

Int Load(Limbs limbs, bool neg) {
  Int x;
  if (limbs.size == 0) return x;
  x.backend().resize(limbs.size, limbs.size);
  std::copy_n(limbs.data, limbs.size, x.backend().limbs());
  x.backend().normalize();
  if (neg) x = -x;
  return x;
}

Limbs Store(Arena& arena, const Int& x) {
  if (x.is_zero()) return {nullptr, 0};
  auto size = static_cast<uint32_t>(x.backend().size());
  Limb* data = static_cast<Limb*>(arena.Allocate(size * sizeof(Limb), alignof(Limb)));
  std::copy_n(x.backend().limbs(), size, data);
  return {data, size};
}

// Joins a chain of concatenations, left-deep ones without recursion.
std::string_view Flatten(const StringRep* rep) {
  if (rep->left == nullptr) return rep->text;
  char* data = static_cast<char*>(rep->arena->Allocate(rep->size, 1));
  size_t end = rep->size;
  std::vector<const StringRep*> stack{rep};
  while (!stack.empty()) {
    const StringRep* r = stack.back();
    stack.pop_back();
    if (r->left != nullptr) {
      stack.push_back(r->left);
      stack.push_back(r->right);
      continue;
    }
    end -= r->text.size();
    std::copy(r->text.begin(), r->text.end(), data + end);
  }
  rep->text = {data, rep->size};
  rep->left = rep->right = nullptr;
  return rep->text;
}

// How the two sides of an operation are brought together: the later of their classes.
enum class Class : uint8_t { kUnknown, kPlain, kInt, kRat, kFloat, kComplex };

}  // namespace

// The pool's private half: packs and unpacks handles.
struct ConstantCodec {
  ConstantPool& pool;

  static const Rep* RepOf(Constant x) {
    return (x.bits_ & Constant::kTagMask) == Constant::kPointerTag
               ? reinterpret_cast<const Rep*>(static_cast<uintptr_t>(x.bits_))
               : nullptr;
  }
  template <typename T>
  static const T* RepAs(Constant x) {
    return static_cast<const T*>(RepOf(x));
  }
  static bool IsSmall(Constant x) { return (x.bits_ & Constant::kTagMask) == Constant::kSmallTag; }
  static int64_t SmallValue(Constant x) { return static_cast<int64_t>(x.bits_) >> 3; }
  static bool FitsSmall(int64_t x) { return x >= -(int64_t{1} << 60) && x < int64_t{1} << 60; }
  static Constant Small(int64_t x) { return Constant(static_cast<uint64_t>(x) << 3 | Constant::kSmallTag); }
  template <typename T>
  static Constant Handle(const T* rep) {
    return Constant(static_cast<uint64_t>(reinterpret_cast<uintptr_t>(rep)));
  }

  static Class ClassOf(Constant x) {
    if (IsSmall(x)) return Class::kInt;
    const Rep* rep = RepOf(x);
    if (rep == nullptr)
      return (x.bits_ & Constant::kTagMask) == Constant::kBoolTag ? Class::kPlain : Class::kUnknown;
    switch (rep->kind) {
      case RepKind::kString:
        return Class::kPlain;
      case RepKind::kInt:
        return Class::kInt;
      case RepKind::kRat:
        return Class::kRat;
      case RepKind::kFloat:
        return Class::kFloat;
      case RepKind::kComplex:
        return Class::kComplex;
    }
    return Class::kUnknown;
  }

  // -- Unpacking; x has the class named or a lower numeric one --
  static Int ToBig(Constant x) {
    if (IsSmall(x)) return Int(SmallValue(x));
    const auto* rep = RepAs<IntRep>(x);
    return Load(rep->value, rep->neg);
  }
  static Rat ToRat(Constant x) {
    if (ClassOf(x) == Class::kInt) return {ToBig(x), 1};
    const auto* rep = RepAs<RatRep>(x);
    return {Load(rep->num, rep->neg), Load(rep->den, false)};
  }
  static Float ToBigFloat(Constant x) {
    switch (ClassOf(x)) {
      case Class::kInt:
        return FromInt(ToBig(x));
      case Class::kRat:
        return FromRat(ToRat(x));
      default:
        break;
    }
    const auto* rep = RepAs<FloatRep>(x);
    if (rep->mant.size == 0) return {};
    return {Form::kFinite, rep->neg, Load(rep->mant, false), rep->exp};
  }
  static ComplexRep Parts(Constant x) {
    if (ClassOf(x) == Class::kComplex) return *RepAs<ComplexRep>(x);
    return {{RepKind::kComplex}, x, Small(0)};
  }

  // -- Packing --
  Constant MakeInt(const Int& x) {
    if (Bits(x) <= 60) return Small(static_cast<int64_t>(x));
    auto* rep = pool.arena_.New<IntRep>();
    rep->kind = RepKind::kInt;
    rep->neg = x < 0;
    rep->value = Store(pool.arena_, x);
    return Handle(rep);
  }
  // A fraction, whatever its size.
  Constant KeepRat(const Rat& x) {
    auto* rep = pool.arena_.New<RatRep>();
    rep->kind = RepKind::kRat;
    rep->neg = x.num < 0;
    rep->num = Store(pool.arena_, x.num);
    rep->den = Store(pool.arena_, x.den);
    return Handle(rep);
  }
  Constant MakeRat(const Rat& x) {
    if (Bits(x.num) < kMaxExponent && Bits(x.den) < kMaxExponent) return KeepRat(x);
    return MakeFloat(FromRat(x));
  }
  Constant MakeFloat(const Float& x) {
    if (x.form == Form::kInf) return Constant::Unknown();
    auto* rep = pool.arena_.New<FloatRep>();
    rep->kind = RepKind::kFloat;
    rep->neg = x.neg;
    rep->mant = {nullptr, 0};
    rep->exp = 0;
    if (x.form == Form::kFinite) {
      unsigned zeros = static_cast<unsigned>(mp::lsb(x.mant));
      rep->mant = Store(pool.arena_, Int(x.mant >> zeros));
      rep->exp = x.exp + zeros;
    }
    return Handle(rep);
  }
  Constant MakeComplex(Constant re, Constant im) {
    if (re.is_unknown() || im.is_unknown()) return Constant::Unknown();
    auto* rep = pool.arena_.New<ComplexRep>();
    rep->kind = RepKind::kComplex;
    rep->re = re;
    rep->im = im;
    return Handle(rep);
  }
  Constant Concat(Constant x, Constant y) {
    const auto *l = RepAs<StringRep>(x), *r = RepAs<StringRep>(y);
    if (l->size == 0) return y;
    if (r->size == 0) return x;
    auto* rep = pool.arena_.New<StringRep>();
    rep->kind = RepKind::kString;
    rep->left = l;
    rep->right = r;
    rep->size = l->size + r->size;
    rep->arena = &pool.arena_;
    return Handle(rep);
  }

  Constant FloatLiteral(std::string_view text) {
    std::optional<ParsedNumber> n = ParseNumber(text, false);
    if (!n) return Constant();
    std::optional<Float> f = FloatFromNumber(*n);
    if (!f) return Constant();
    if (SmallFloat(*f)) {
      if (f->form == Form::kZero) return KeepRat({0, 1});
      if (std::optional<Rat> r = RatFromNumber(*n)) return KeepRat(*r);
    }
    return MakeFloat(*f);
  }

  Constant IntOp(ConstantOp op, const Int& a, const Int& b) {
    switch (op) {
      case ConstantOp::kAdd:
        return MakeInt(a + b);
      case ConstantOp::kSub:
        return MakeInt(a - b);
      case ConstantOp::kMul:
        return MakeInt(a * b);
      case ConstantOp::kQuo:
        return MakeRat(Reduce(a, b));
      case ConstantOp::kIntQuo:
        return MakeInt(a / b);
      case ConstantOp::kRem:
        return MakeInt(a % b);
      case ConstantOp::kAnd:
        return MakeInt(Bitwise(a, b, [](Limb x, Limb y) { return x & y; }));
      case ConstantOp::kOr:
        return MakeInt(Bitwise(a, b, [](Limb x, Limb y) { return x | y; }));
      case ConstantOp::kXor:
        return MakeInt(Bitwise(a, b, [](Limb x, Limb y) { return x ^ y; }));
      case ConstantOp::kAndNot:
        return MakeInt(Bitwise(a, b, [](Limb x, Limb y) { return x & ~y; }));
      default:
        UNREACHABLE("operator is not defined for integers");
    }
  }

  // Two's complement limbs of x, one more than |x| needs at least.
  static std::vector<Limb> TwosComplement(const Int& x, size_t size) {
    std::vector<Limb> limbs(size, 0);
    std::copy_n(x.backend().limbs(), x.backend().size(), limbs.begin());
    if (x < 0) Complement(limbs);
    return limbs;
  }
  static void Complement(std::vector<Limb>& limbs) {
    Limb carry = 1;
    for (Limb& limb : limbs) {
      limb = ~limb + carry;
      carry = carry != 0 && limb == 0 ? 1 : 0;
    }
  }
  template <typename F>
  static Int Bitwise(const Int& a, const Int& b, F op) {
    size_t size = std::max(a.backend().size(), b.backend().size()) + 1;
    std::vector<Limb> x = TwosComplement(a, size), y = TwosComplement(b, size);
    for (size_t i = 0; i < size; ++i) x[i] = op(x[i], y[i]);
    bool neg = x.back() >> (sizeof(Limb) * 8 - 1) != 0;
    if (neg) Complement(x);
    return Load({x.data(), static_cast<uint32_t>(size)}, neg);
  }

  Constant ComplexOp(ConstantOp op, Constant x, Constant y) {
    ComplexRep p = Parts(x), q = Parts(y);
    auto add = [&](Constant a, Constant b) { return pool.BinaryOp(a, ConstantOp::kAdd, b); };
    auto sub = [&](Constant a, Constant b) { return pool.BinaryOp(a, ConstantOp::kSub, b); };
    auto mul = [&](Constant a, Constant b) { return pool.BinaryOp(a, ConstantOp::kMul, b); };
    auto quo = [&](Constant a, Constant b) { return pool.BinaryOp(a, ConstantOp::kQuo, b); };
    Constant a = p.re, b = p.im, c = q.re, d = q.im;
    switch (op) {
      case ConstantOp::kAdd:
        return MakeComplex(add(a, c), add(b, d));
      case ConstantOp::kSub:
        return MakeComplex(sub(a, c), sub(b, d));
      case ConstantOp::kMul:
        return MakeComplex(sub(mul(a, c), mul(b, d)), add(mul(b, c), mul(a, d)));
      case ConstantOp::kQuo: {
        Constant s = add(mul(c, c), mul(d, d));
        return MakeComplex(quo(add(mul(a, c), mul(b, d)), s), quo(sub(mul(b, c), mul(a, d)), s));
      }
      default:
        UNREACHABLE("operator is not defined for complex numbers");
    }
  }

  static bool Order(int cmp, ConstantOp op) {
    switch (op) {
      case ConstantOp::kEql:
        return cmp == 0;
      case ConstantOp::kNeq:
        return cmp != 0;
      case ConstantOp::kLss:
        return cmp < 0;
      case ConstantOp::kLeq:
        return cmp <= 0;
      case ConstantOp::kGtr:
        return cmp > 0;
      case ConstantOp::kGeq:
        return cmp >= 0;
      default:
        UNREACHABLE("not a comparison");
    }
  }

  // The integer a float stands for if it is one, or nearly one because of earlier roundings.
  Constant IntFromFloat(const Float& x) {
    if (!SmallFloat(x)) return Constant::Unknown();
    if (x.form == Form::kZero) return Small(0);
    for (Rounding mode : {Rounding::kNearestEven, Rounding::kToZero, Rounding::kAwayFromZero}) {
      Float t = x;
      if (mode != Rounding::kNearestEven) Round(t, kPrecision - 4, false, mode);
      if (!IsInt(t)) continue;
      Int i = t.exp >= 0 ? Int(t.mant << static_cast<unsigned>(t.exp))
                         : Int(t.mant >> static_cast<unsigned>(-t.exp));
      return MakeInt(t.neg ? Int(-i) : i);
    }
    return Constant::Unknown();
  }

  static std::string FloatString(const Float& f) {
    bool exact;
    double d = ToMachine(f, kDouble, &exact);
    if ((f.form == Form::kZero) == (d == 0) && std::isfinite(d)) {
      std::string s = GeneralText(d, 6);
      if (!IsInt(f) && s.find('.') == std::string::npos) return ShortestText(d);
      return s;
    }
    // Out of float64's range: an approximation by logarithms, as go/constant prints it.
    double m = ToMachine(f.neg, f.mant, -Bits(f.mant), false, kDouble, &exact);
    double power = static_cast<double>(f.Magnitude()) * (M_LN2 / M_LN10);
    auto e = static_cast<int64_t>(power);
    m *= std::pow(10, power - static_cast<double>(e));
    double am = std::fabs(m);
    if (am < 1 - 0.5e-6) {
      m *= 10;
      --e;
    } else if (am >= 10) {
      m /= 10;
      ++e;
    }
    return GeneralText(m, 6) + (e < 0 ? "e" : "e+") + std::to_string(e);
  }

  static std::string FloatExact(const Float& f) {
    if (f.form == Form::kZero) return "0";
    int64_t bits = Bits(f.mant);
    unsigned pad = static_cast<unsigned>((4 - bits % 4) % 4);
    std::string digits = Int(f.mant << pad).str(0, std::ios_base::hex);
    digits.erase(digits.find_last_not_of('0') + 1);
    int64_t e = f.Magnitude();
    return std::string(f.neg ? "-" : "") + "0x." + digits + "p" + (e >= 0 ? "+" : "") + std::to_string(e);
  }
};

using Codec = ConstantCodec;

ConstantKind Constant::kind() const {
  switch (Codec::ClassOf(*this)) {
    case Class::kUnknown:
      return ConstantKind::kUnknown;
    case Class::kPlain:
      return Codec::RepOf(*this) ? ConstantKind::kString : ConstantKind::kBool;
    case Class::kInt:
      return ConstantKind::kInt;
    case Class::kRat:
    case Class::kFloat:
      return ConstantKind::kFloat;
    case Class::kComplex:
      return ConstantKind::kComplex;
  }
  return ConstantKind::kUnknown;
}

std::string_view Constant::StringVal() const {
  if (kind() != ConstantKind::kString) return {};
  return Flatten(Codec::RepAs<StringRep>(*this));
}

Constant ConstantPool::MakeString(std::string_view text) {
  auto* rep = arena_.New<StringRep>();
  rep->kind = RepKind::kString;
  rep->text = arena_.Copy(text);
  rep->size = text.size();
  return Codec::Handle(rep);
}

Constant ConstantPool::MakeInt64(int64_t x) {
  return Codec::FitsSmall(x) ? Codec::Small(x) : Codec{*this}.MakeInt(Int(x));
}

Constant ConstantPool::MakeUint64(uint64_t x) {
  return x < uint64_t{1} << 60 ? Codec::Small(static_cast<int64_t>(x)) : Codec{*this}.MakeInt(Int(x));
}

Constant ConstantPool::MakeFloat64(double x) {
  if (!std::isfinite(x)) return Constant::Unknown();
  if (x == 0) return Codec{*this}.KeepRat({0, 1});
  int exponent;
  double fraction = std::frexp(std::fabs(x), &exponent);
  Int mant = static_cast<uint64_t>(std::ldexp(fraction, 53));
  exponent -= 53;
  if (x < 0) mant = -mant;
  if (exponent >= 0) return Codec{*this}.KeepRat({mant << static_cast<unsigned>(exponent), 1});
  return Codec{*this}.KeepRat(Reduce(mant, Int(1) << static_cast<unsigned>(-exponent)));
}

Constant ConstantPool::MakeImag(Constant im) {
  return im.is_unknown() ? im : Codec{*this}.MakeComplex(Codec::Small(0), im);
}

Constant ConstantPool::MakeComplex(Constant re, Constant im) {
  return Codec{*this}.MakeComplex(re, im);
}

Constant ConstantPool::MakeFromLiteral(std::string_view literal, LiteralKind kind) {
  Codec codec{*this};
  Constant result;
  switch (kind) {
    case LiteralKind::kInt:
      if (std::optional<ParsedNumber> n = ParseNumber(literal, true)) result = codec.MakeInt(n->mantissa);
      break;
    case LiteralKind::kFloat:
      result = codec.FloatLiteral(literal);
      break;
    case LiteralKind::kImag:
      if (!literal.empty() && literal.back() == 'i') {
        literal.remove_suffix(1);
        result = codec.FloatLiteral(literal);
        if (result.has_value()) result = codec.MakeComplex(Codec::Small(0), result);
      }
      break;
    case LiteralKind::kRune:
      if (std::optional<char32_t> r = UnquoteRune(literal)) result = Codec::Small(*r);
      break;
    case LiteralKind::kString:
      if (std::optional<std::string> s = UnquoteString(literal)) result = MakeString(*s);
      break;
  }
  return result.has_value() ? result : Constant::Unknown();
}

Constant ConstantPool::BinaryOp(Constant x, ConstantOp op, Constant y) {
  Codec codec{*this};
  Class cx = Codec::ClassOf(x), cy = Codec::ClassOf(y);
  if (cx == Class::kUnknown || cy == Class::kUnknown) return Constant::Unknown();
  switch (std::max(cx, cy)) {
    case Class::kPlain:
      if (x.kind() == ConstantKind::kString) {
        ENSURE(op == ConstantOp::kAdd && y.kind() == ConstantKind::kString,
               "operator is not defined for strings");
        return codec.Concat(x, y);
      }
      ENSURE(op == ConstantOp::kLAnd || op == ConstantOp::kLOr, "operator is not defined for booleans");
      return Constant::Bool(op == ConstantOp::kLAnd ? x.BoolVal() && y.BoolVal()
                                                    : x.BoolVal() || y.BoolVal());
    case Class::kInt:
      return codec.IntOp(op, Codec::ToBig(x), Codec::ToBig(y));
    case Class::kRat: {
      Rat a = Codec::ToRat(x), b = Codec::ToRat(y);
      switch (op) {
        case ConstantOp::kAdd:
          return codec.MakeRat(Reduce(a.num * b.den + b.num * a.den, a.den * b.den));
        case ConstantOp::kSub:
          return codec.MakeRat(Reduce(a.num * b.den - b.num * a.den, a.den * b.den));
        case ConstantOp::kMul:
          return codec.MakeRat(Reduce(a.num * b.num, a.den * b.den));
        case ConstantOp::kQuo:
          return codec.MakeRat(Reduce(a.num * b.den, a.den * b.num));
        default:
          UNREACHABLE("operator is not defined for floats");
      }
    }
    case Class::kFloat: {
      Float a = Codec::ToBigFloat(x), b = Codec::ToBigFloat(y);
      switch (op) {
        case ConstantOp::kAdd:
          return codec.MakeFloat(Add(a, b));
        case ConstantOp::kSub:
          return codec.MakeFloat(Add(a, Negate(b)));
        case ConstantOp::kMul:
          return codec.MakeFloat(Mul(a, b));
        case ConstantOp::kQuo:
          return codec.MakeFloat(Quo(a, b));
        default:
          UNREACHABLE("operator is not defined for floats");
      }
    }
    case Class::kComplex:
      return codec.ComplexOp(op, x, y);
    case Class::kUnknown:
      break;
  }
  return Constant::Unknown();
}

Constant ConstantPool::UnaryOp(ConstantOp op, Constant y, unsigned bits) {
  Codec codec{*this};
  Class cls = Codec::ClassOf(y);
  if (cls == Class::kUnknown || op == ConstantOp::kAdd) return y;
  switch (op) {
    case ConstantOp::kNot:
      return Constant::Bool(!y.BoolVal());
    case ConstantOp::kXor: {
      Int z = -Codec::ToBig(y) - 1;
      if (bits > 0) z = Codec::Bitwise(z, (Int(1) << bits) - 1, [](Limb a, Limb b) { return a & b; });
      return codec.MakeInt(z);
    }
    case ConstantOp::kSub:
      break;
    default:
      UNREACHABLE("not a unary operator of constants");
  }
  switch (cls) {
    case Class::kInt:
      return codec.MakeInt(-Codec::ToBig(y));
    case Class::kRat: {
      Rat r = Codec::ToRat(y);
      return codec.MakeRat({-r.num, r.den});
    }
    case Class::kFloat:
      return codec.MakeFloat(Negate(Codec::ToBigFloat(y)));
    case Class::kComplex: {
      ComplexRep p = Codec::Parts(y);
      return codec.MakeComplex(UnaryOp(op, p.re), UnaryOp(op, p.im));
    }
    default:
      UNREACHABLE("negation is not defined for booleans and strings");
  }
}

Constant ConstantPool::Shift(Constant x, ConstantOp op, uint64_t s) {
  if (x.is_unknown() || s == 0) return x;
  Int a = Codec::ToBig(x);
  constexpr uint64_t kMaxBits = uint64_t{1} << 20;
  if (op == ConstantOp::kShl) {
    if (a.is_zero()) return x;
    if (s + static_cast<uint64_t>(Bits(a)) > kMaxBits || s > kMaxBits) return Constant::Unknown();
    return Codec{*this}.MakeInt(a << static_cast<unsigned>(s));
  }
  if (s >= static_cast<uint64_t>(Bits(a))) return Codec::Small(a < 0 ? -1 : 0);
  auto shift = static_cast<unsigned>(s);
  // Right shifts round towards minus infinity.
  return Codec{*this}.MakeInt(a < 0 ? Int(-((-a - 1) >> shift) - 1) : Int(a >> shift));
}

bool ConstantPool::Compare(Constant x, ConstantOp op, Constant y) {
  Class cx = Codec::ClassOf(x), cy = Codec::ClassOf(y);
  if (cx == Class::kUnknown || cy == Class::kUnknown) return false;
  switch (std::max(cx, cy)) {
    case Class::kPlain:
      if (x.kind() == ConstantKind::kString) return Codec::Order(x.StringVal().compare(y.StringVal()), op);
      return Codec::Order(x.BoolVal() != y.BoolVal(), op);
    case Class::kInt:
      return Codec::Order(Codec::ToBig(x).compare(Codec::ToBig(y)), op);
    case Class::kRat: {
      Rat a = Codec::ToRat(x), b = Codec::ToRat(y);
      return Codec::Order(Int(a.num * b.den).compare(Int(b.num * a.den)), op);
    }
    case Class::kFloat:
      return Codec::Order(base::Compare(Codec::ToBigFloat(x), Codec::ToBigFloat(y)), op);
    case Class::kComplex: {
      ComplexRep p = Codec::Parts(x), q = Codec::Parts(y);
      bool equal = Compare(p.re, ConstantOp::kEql, q.re) && Compare(p.im, ConstantOp::kEql, q.im);
      return equal == (op == ConstantOp::kEql);
    }
    case Class::kUnknown:
      break;
  }
  return false;
}

Constant ConstantPool::ToInt(Constant x) {
  Codec codec{*this};
  switch (Codec::ClassOf(x)) {
    case Class::kInt:
      return x;
    case Class::kRat: {
      Rat r = Codec::ToRat(x);
      return r.den == 1 ? codec.MakeInt(r.num) : Constant::Unknown();
    }
    case Class::kFloat:
      return codec.IntFromFloat(Codec::ToBigFloat(x));
    case Class::kComplex: {
      Constant re = ToFloat(x);
      return re.is_unknown() ? re : ToInt(re);
    }
    default:
      return Constant::Unknown();
  }
}

Constant ConstantPool::ToFloat(Constant x) {
  Codec codec{*this};
  switch (Codec::ClassOf(x)) {
    case Class::kInt: {
      Int i = Codec::ToBig(x);
      return Bits(i) < kMaxExponent ? codec.KeepRat({i, 1}) : codec.MakeFloat(FromInt(i));
    }
    case Class::kRat:
    case Class::kFloat:
      return x;
    case Class::kComplex: {
      ComplexRep p = Codec::Parts(x);
      return Sign(p.im) == 0 ? ToFloat(p.re) : Constant::Unknown();
    }
    default:
      return Constant::Unknown();
  }
}

Constant ConstantPool::ToComplex(Constant x) {
  Class cls = Codec::ClassOf(x);
  if (cls == Class::kComplex) return x;
  if (cls < Class::kInt) return Constant::Unknown();
  return Codec{*this}.MakeComplex(x, Codec::Small(0));
}

Constant ConstantPool::Real(Constant x) {
  return Codec::ClassOf(x) == Class::kComplex ? Codec::Parts(x).re : x;
}

Constant ConstantPool::Imag(Constant x) {
  switch (Codec::ClassOf(x)) {
    case Class::kComplex:
      return Codec::Parts(x).im;
    case Class::kUnknown:
      return x;
    default:
      return Codec::Small(0);
  }
}

Constant ConstantPool::Num(Constant x) {
  switch (Codec::ClassOf(x)) {
    case Class::kInt:
      return x;
    case Class::kRat:
      return Codec{*this}.MakeInt(Codec::ToRat(x).num);
    case Class::kFloat: {
      Float f = Codec::ToBigFloat(x);
      if (!SmallFloat(f)) return Constant::Unknown();
      if (f.form == Form::kZero) return Codec::Small(0);
      Int m = f.exp > 0 ? Int(f.mant << static_cast<unsigned>(f.exp)) : f.mant;
      return Codec{*this}.MakeInt(f.neg ? Int(-m) : m);
    }
    default:
      return Constant::Unknown();
  }
}

Constant ConstantPool::Denom(Constant x) {
  switch (Codec::ClassOf(x)) {
    case Class::kInt:
      return Codec::Small(1);
    case Class::kRat:
      return Codec{*this}.MakeInt(Codec::ToRat(x).den);
    case Class::kFloat: {
      Float f = Codec::ToBigFloat(x);  // stored without trailing zeros: lowest terms
      if (!SmallFloat(f)) return Constant::Unknown();
      if (f.form == Form::kZero || f.exp >= 0) return Codec::Small(1);
      return Codec{*this}.MakeInt(Int(1) << static_cast<unsigned>(-f.exp));
    }
    default:
      return Constant::Unknown();
  }
}

int64_t ConstantPool::Int64Val(Constant x, bool* exact) {
  bool ignored;
  if (exact == nullptr) exact = &ignored;
  *exact = Codec::IsSmall(x);
  if (*exact) return Codec::SmallValue(x);
  if (x.is_unknown()) return 0;
  Int i = Codec::ToBig(x);
  *exact = i >= std::numeric_limits<int64_t>::min() && i <= std::numeric_limits<int64_t>::max();
  bool dummy;
  return static_cast<int64_t>(Uint64Val(x, &dummy));
}

uint64_t ConstantPool::Uint64Val(Constant x, bool* exact) {
  bool ignored;
  if (exact == nullptr) exact = &ignored;
  *exact = false;
  if (x.is_unknown()) return 0;
  Int i = Codec::ToBig(x);
  *exact = i >= 0 && Bits(i) <= 64;
  auto low = static_cast<uint64_t>(Int(abs(i) & std::numeric_limits<uint64_t>::max()));
  return i < 0 ? ~low + 1 : low;
}

double ConstantPool::Float64Val(Constant x, bool* exact) {
  bool ignored;
  if (exact == nullptr) exact = &ignored;
  *exact = false;
  switch (Codec::ClassOf(x)) {
    case Class::kInt: {
      Int i = Codec::ToBig(x);
      return ToMachine(i < 0, abs(i), 0, false, kDouble, exact);
    }
    case Class::kRat:
      return ToMachine(Codec::ToRat(x), kDouble, exact);
    case Class::kFloat:
      return ToMachine(Codec::ToBigFloat(x), kDouble, exact);
    default:
      return 0;
  }
}

float ConstantPool::Float32Val(Constant x, bool* exact) {
  bool ignored;
  if (exact == nullptr) exact = &ignored;
  *exact = false;
  double d = 0;
  switch (Codec::ClassOf(x)) {
    case Class::kInt: {
      Int i = Codec::ToBig(x);
      d = ToMachine(i < 0, abs(i), 0, false, kSingle, exact);
      break;
    }
    case Class::kRat:
      d = ToMachine(Codec::ToRat(x), kSingle, exact);
      break;
    case Class::kFloat:
      d = ToMachine(Codec::ToBigFloat(x), kSingle, exact);
      break;
    default:
      break;
  }
  return static_cast<float>(d);
}

int ConstantPool::BitLen(Constant x) {
  return Codec::ClassOf(x) == Class::kInt ? static_cast<int>(Bits(Codec::ToBig(x))) : 0;
}

int ConstantPool::Sign(Constant x) {
  switch (Codec::ClassOf(x)) {
    case Class::kInt:
      return Codec::ToBig(x).sign();
    case Class::kRat:
      return Codec::ToRat(x).num.sign();
    case Class::kFloat:
      return base::Sign(Codec::ToBigFloat(x));
    case Class::kComplex: {
      ComplexRep p = Codec::Parts(x);
      return Sign(p.re) | Sign(p.im);
    }
    default:
      return 1;
  }
}

std::string ConstantPool::String(Constant x) {
  switch (Codec::ClassOf(x)) {
    case Class::kUnknown:
      return "unknown";
    case Class::kPlain:
      break;
    case Class::kInt:
      return Codec::ToBig(x).str();
    case Class::kRat:
    case Class::kFloat:
      return Codec::FloatString(Codec::ToBigFloat(x));
    case Class::kComplex: {
      ComplexRep p = Codec::Parts(x);
      return "(" + String(p.re) + " + " + String(p.im) + "i)";
    }
  }
  if (x.kind() == ConstantKind::kBool) return x.BoolVal() ? "true" : "false";
  constexpr int kMaxRunes = 72;
  std::string quoted = Quote(x.StringVal());
  std::string_view rest = quoted;
  int runes = 0;
  size_t cut = 0;
  for (; !rest.empty(); ++runes) {
    if (runes == kMaxRunes - 3) cut = quoted.size() - rest.size();
    rest.remove_prefix(static_cast<size_t>(DecodeRune(rest).width));
  }
  return runes > kMaxRunes ? quoted.substr(0, cut) + "..." : quoted;
}

std::string ConstantPool::ExactString(Constant x) {
  switch (Codec::ClassOf(x)) {
    case Class::kRat: {
      Rat r = Codec::ToRat(x);
      return r.den == 1 ? r.num.str() : r.num.str() + "/" + r.den.str();
    }
    case Class::kFloat:
      return Codec::FloatExact(Codec::ToBigFloat(x));
    case Class::kComplex: {
      ComplexRep p = Codec::Parts(x);
      return "(" + ExactString(p.re) + " + " + ExactString(p.im) + "i)";
    }
    default:
      break;
  }
  return x.kind() == ConstantKind::kString ? Quote(x.StringVal()) : String(x);
}

}  // namespace escapement::base
