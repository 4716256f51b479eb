// math: the routines that amd64 has in assembly, in its order of operations, and the intrinsics.
#include <algorithm>
#include <cmath>

#include "engine/base/bit_cast.h"
#include "engine/stdlib/native_support.h"
#include "engine/stdlib/natives.h"

namespace escapement::stdlib {
namespace {

double Arg(uint64_t bits) {
  return base::BitCast<double>(bits);
}
uint64_t Bits(double value) {
  return base::BitCast<uint64_t>(value);
}

NativeStatus Floor(Machine&, uint64_t* w) {
  w[0] = Bits(std::floor(Arg(w[0])));
  return kContinue;
}
NativeStatus Ceil(Machine&, uint64_t* w) {
  w[0] = Bits(std::ceil(Arg(w[0])));
  return kContinue;
}
NativeStatus Trunc(Machine&, uint64_t* w) {
  w[0] = Bits(std::trunc(Arg(w[0])));
  return kContinue;
}
NativeStatus Sqrt(Machine&, uint64_t* w) {
  w[0] = Bits(std::sqrt(Arg(w[0])));
  return kContinue;
}
NativeStatus Fma(Machine&, uint64_t* w) {
  w[0] = Bits(std::fma(Arg(w[0]), Arg(w[1]), Arg(w[2])));
  return kContinue;
}

double MaxOf(double x, double y) {
  if (std::isinf(x) && x > 0) return x;
  if (std::isinf(y) && y > 0) return y;
  if (std::isnan(x) || std::isnan(y)) return Arg(0x7ff8000000000001);
  if (x == 0 && x == y) return std::signbit(x) ? y : x;
  return x > y ? x : y;
}
double MinOf(double x, double y) {
  if (std::isinf(x) && x < 0) return x;
  if (std::isinf(y) && y < 0) return y;
  if (std::isnan(x) || std::isnan(y)) return Arg(0x7ff8000000000001);
  if (x == 0 && x == y) return std::signbit(x) ? x : y;
  return x < y ? x : y;
}
NativeStatus Max(Machine&, uint64_t* w) {
  w[0] = Bits(MaxOf(Arg(w[0]), Arg(w[1])));
  return kContinue;
}
NativeStatus Min(Machine&, uint64_t* w) {
  w[0] = Bits(MinOf(Arg(w[0]), Arg(w[1])));
  return kContinue;
}

// hypot_amd64.s: larger * sqrt(1 + (smaller/larger)²).
NativeStatus Hypot(Machine&, uint64_t* w) {
  double p = std::fabs(Arg(w[0])), q = std::fabs(Arg(w[1]));
  double result;
  if (std::isinf(p) || std::isinf(q)) {
    result = Arg(0x7ff0000000000000);
  } else if (std::isnan(p) || std::isnan(q)) {
    result = Arg(0x7ff8000000000001);
  } else {
    if (p < q) std::swap(p, q);
    if (p == 0) {
      result = 0;
    } else {
      q = q / p;
      result = p * std::sqrt(1 + q * q);
    }
  }
  w[0] = Bits(result);
  return kContinue;
}

// Exact in Go as in C; NaN is always Go's.
NativeStatus Mod(Machine&, uint64_t* w) {
  double r = std::fmod(Arg(w[0]), Arg(w[1]));
  w[0] = std::isnan(r) ? 0x7ff8000000000001 : Bits(r);
  return kContinue;
}
NativeStatus Frexp(Machine&, uint64_t* w) {
  double x = Arg(w[0]);
  int exponent = 0;
  if (std::isfinite(x)) w[0] = Bits(std::frexp(x, &exponent));
  w[1] = static_cast<uint64_t>(int64_t{exponent});
  return kContinue;
}
NativeStatus Ldexp(Machine&, uint64_t* w) {
  constexpr int64_t kFar = 5000;  // from here on every result is 0 or infinite
  double x = Arg(w[0]);
  int64_t exponent = std::clamp(static_cast<int64_t>(w[1]), -kFar, kFar);
  if (std::isfinite(x)) w[0] = Bits(std::ldexp(x, static_cast<int>(exponent)));
  return kContinue;
}

// bits.Div64: 128 by 64 bits.
NativeStatus Divide128(Machine& m, uint64_t* w) {
  uint64_t high = w[0], low = w[1], divisor = w[2];
  if (divisor == 0) return m.Call(RuntimeFunction::k_panicdivide);
  if (divisor <= high) return m.Call(RuntimeFunction::k_panicoverflow);
  __extension__ using Wide = unsigned __int128;
  Wide dividend = static_cast<Wide>(high) << 64 | low;
  w[0] = static_cast<uint64_t>(dividend / divisor);
  w[1] = static_cast<uint64_t>(dividend % divisor);
  return kContinue;
}

// exp_amd64.s: reduction by ln 2 in two parts and a factor 1/16, a Taylor polynomial in Horner form with
// fused multiply-adds, then four squarings of (1+x) in the form x*(x+2).
double Exp(double x) {
  constexpr double kLog2E = 1.4426950408889634073599246810018920;
  constexpr double kLn2Upper = 0.69314718055966295651160180568695068359375;
  constexpr double kLn2Lower = 0.28235290563031577122588448175013436025525412068e-12;
  constexpr double kOverflow = 7.09782712893384e+02;
  constexpr double kUnderflow = -7.4513321910194122e+02;
  if (std::isnan(x) || (std::isinf(x) && x > 0)) return x;
  if (std::isinf(x)) return 0;
  if (x > kOverflow) return Arg(0x7ff0000000000000);
  if (x < kUnderflow) return 0;
  double scaled = x * kLog2E;
  double k = std::nearbyint(scaled);
  double r = std::fma(-k, kLn2Upper, x);
  r = std::fma(-k, kLn2Lower, r);
  r *= 0.0625;
  constexpr double kTerms[] = {2.4801587301587301587e-5,
                               1.9841269841269841270e-4,
                               1.3888888888888888889e-3,
                               8.3333333333333333333e-3,
                               4.1666666666666666667e-2,
                               1.6666666666666666667e-1,
                               0.5,
                               1.0};
  double sum = kTerms[0];
  for (int i = 1; i < 8; i++) sum = std::fma(r, sum, kTerms[i]);
  r *= sum;
  for (int i = 0; i < 3; i++) r *= r + 2;
  r = std::fma(r + 2, r, 1.0);
  return std::ldexp(r, static_cast<int>(k));
}
NativeStatus ExpNative(Machine&, uint64_t* w) {
  w[0] = Bits(Exp(Arg(w[0])));
  return kContinue;
}

// log_amd64.s: x = f * 2^k with sqrt(2)/2 ≤ f < sqrt(2), then the rational approximation of FreeBSD's
// e_log.c.
double Log(double x) {
  constexpr double kLn2Hi = 6.93147180369123816490e-01, kLn2Lo = 1.90821492927058770002e-10;
  constexpr double kL1 = 6.666666666666735130e-01, kL2 = 3.999999999940941908e-01,
                   kL3 = 2.857142874366239149e-01, kL4 = 2.222219843214978396e-01,
                   kL5 = 1.818357216161805012e-01, kL6 = 1.531383769920937332e-01,
                   kL7 = 1.479819860511658591e-01;
  if (std::isnan(x) || (std::isinf(x) && x > 0)) return x;
  if (x < 0) return Arg(0x7ff8000000000001);
  if (x == 0) return -Arg(0x7ff0000000000000);
  int exponent = 0;
  double f1 = std::frexp(x, &exponent);
  if (f1 < 7.07106781186547524401e-01) {
    f1 *= 2;
    exponent--;
  }
  double f = f1 - 1, k = exponent;
  double s = f / (2 + f), s2 = s * s, s4 = s2 * s2;
  double t1 = s2 * (kL1 + s4 * (kL3 + s4 * (kL5 + s4 * kL7)));
  double t2 = s4 * (kL2 + s4 * (kL4 + s4 * kL6));
  double r = t1 + t2, hfsq = 0.5 * f * f;
  return k * kLn2Hi - ((hfsq - (s * (hfsq + r) + k * kLn2Lo)) - f);
}
NativeStatus LogNative(Machine&, uint64_t* w) {
  w[0] = Bits(Log(Arg(w[0])));
  return kContinue;
}

#define NATIVE(name, arguments, results, function) {name, arguments, results, function},
constexpr vm::Native kNatives[] = {
#include "engine/stdlib/natives_math.def"
};

}  // namespace

std::span<const vm::Native> MathNatives() {
  return kNatives;
}

}  // namespace escapement::stdlib
