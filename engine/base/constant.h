// Constants: the values of Go's constant expressions with the semantics of the
// package go/constant: integers and fractions exact, floats of 512 bits once a
// fraction's parts would reach 4,096 bits, complex numbers as pairs.
//
// A Constant is a trivially copyable 8-byte handle, so trees can hold it. What it
// points to is immutable and lives in the ConstantPool that made it; a session owns
// one pool, and its constants die with it. Booleans and small integers need no pool.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/base/arena.h"

namespace escapement::base {

enum class ConstantKind : uint8_t { kUnknown, kBool, kString, kInt, kFloat, kComplex };

// The operators constants know. kQuo of two integers gives a fraction; kIntQuo is
// Go's truncated division of integers.
enum class ConstantOp : uint8_t {
  kAdd,
  kSub,
  kMul,
  kQuo,
  kIntQuo,
  kRem,
  kAnd,
  kOr,
  kXor,
  kAndNot,
  kLAnd,
  kLOr,
  kNot,
  kShl,
  kShr,
  kEql,
  kNeq,
  kLss,
  kLeq,
  kGtr,
  kGeq,
};

// The kinds of Go's literals, as the scanner tells them apart.
enum class LiteralKind : uint8_t { kInt, kFloat, kImag, kRune, kString };

// A constant value, or none (the default), or unknown (after an error).
class Constant {
 public:
  constexpr Constant() = default;
  static Constant Unknown() { return Constant(kUnknownTag); }
  static Constant Bool(bool b) { return Constant(kBoolTag | (b ? uint64_t{8} : 0)); }

  // False for the default value: "this expression has no constant value".
  bool has_value() const { return bits_ != 0; }
  // kUnknown also for no value.
  ConstantKind kind() const;
  bool is_unknown() const { return kind() == ConstantKind::kUnknown; }

  // BoolVal: false for unknown values.
  bool BoolVal() const { return bits_ == (kBoolTag | 8); }
  // The text of a string constant (empty for unknown values); lives as long as the pool.
  std::string_view StringVal() const;

  // Same representation, not same value (use ConstantPool::Compare for that).
  bool Identical(const Constant& o) const { return bits_ == o.bits_; }

 private:
  friend class ConstantPool;
  friend struct ConstantCodec;
  static constexpr uint64_t kTagMask = 7, kPointerTag = 0, kSmallTag = 1, kBoolTag = 2, kUnknownTag = 3;
  explicit constexpr Constant(uint64_t bits) : bits_(bits) {}
  uint64_t bits_ = 0;  // tag in the low 3 bits: a Rep*, a 61-bit integer, a boolean, unknown
};

// Makes constants and computes with them. Every function accepts unknown values and
// passes them on; operands of kinds an operator is not defined for are our own mistake.
class ConstantPool {
 public:
  Constant MakeString(std::string_view text);
  Constant MakeInt64(int64_t x);
  Constant MakeUint64(uint64_t x);
  // Unknown for infinities and NaN; -0 becomes 0.
  Constant MakeFloat64(double x);
  // The number im*i.
  Constant MakeImag(Constant im);
  // re + im*i.
  Constant MakeComplex(Constant re, Constant im);
  // The value of a literal's source text; unknown where the text is malformed or a
  // float's exponent is out of range.
  Constant MakeFromLiteral(std::string_view literal, LiteralKind kind);

  // x op y for arithmetic and logic; the divisor of kQuo, kIntQuo and kRem is not zero.
  Constant BinaryOp(Constant x, ConstantOp op, Constant y);
  // op y; for kXor, bits > 0 limits the result to an unsigned type of that size.
  Constant UnaryOp(ConstantOp op, Constant y, unsigned bits = 0);
  // x << s or x >> s. Model: unknown where a left shift would pass 2^20 bits.
  Constant Shift(Constant x, ConstantOp op, uint64_t s);
  // False if an operand is unknown.
  bool Compare(Constant x, ConstantOp op, Constant y);

  // Conversions: x if it is representable in the kind, else unknown.
  Constant ToInt(Constant x);
  Constant ToFloat(Constant x);
  Constant ToComplex(Constant x);
  Constant Real(Constant x);
  Constant Imag(Constant x);
  // Numerator and denominator of an integer or fraction; unknown for huge floats.
  Constant Num(Constant x);
  Constant Denom(Constant x);

  // Machine values. `exact` (where given) tells whether nothing was lost; inexact
  // integers are truncated to 64 bits, inexact floats are rounded to nearest even,
  // overflow gives an infinity.
  int64_t Int64Val(Constant x, bool* exact = nullptr);
  uint64_t Uint64Val(Constant x, bool* exact = nullptr);
  double Float64Val(Constant x, bool* exact = nullptr);
  float Float32Val(Constant x, bool* exact = nullptr);

  // Bits of |x| for an integer; 0 for unknown.
  int BitLen(Constant x);
  // -1, 0, 1; for complex numbers 0 exactly when zero; 1 for unknown.
  int Sign(Constant x);

  // As messages print it: numbers approximated to six digits, strings quoted and
  // shortened to 72 runes.
  std::string String(Constant x);
  // The exact value: fractions as a/b, strings quoted whole.
  std::string ExactString(Constant x);

 private:
  friend struct ConstantCodec;
  Arena arena_;
};

}  // namespace escapement::base
