// Constants and their types: representability, and untyped operands taking a type.
#include <cmath>
#include <limits>

#include "engine/types/convert.h"
#include "engine/types/expr.h"
#include "engine/types/predicates.h"

namespace escapement::types {

namespace {

// Bits of an integer type; 0 for untyped integers, which have no limit.
unsigned IntegerBits(BasicKind kind) {
  switch (kind) {
    case BasicKind::kInt8:
    case BasicKind::kUint8:
      return 8;
    case BasicKind::kInt16:
    case BasicKind::kUint16:
      return 16;
    case BasicKind::kInt32:
    case BasicKind::kUint32:
      return 32;
    case BasicKind::kInt:
    case BasicKind::kInt64:
    case BasicKind::kUint:
    case BasicKind::kUint64:
    case BasicKind::kUintptr:
      return 64;
    default:
      return 0;
  }
}

bool FitsInteger(base::ConstantPool& pool, base::Constant x, const Basic* type) {
  unsigned bits = IntegerBits(type->basic);
  if (bits == 0) return true;
  int length = pool.BitLen(x);
  if (type->info & kIsUnsigned) return pool.Sign(x) >= 0 && length <= static_cast<int>(bits);
  if (length < static_cast<int>(bits)) return true;
  // The one value of that length is the most negative one.
  bool exact = false;
  int64_t value = pool.Int64Val(x, &exact);
  return exact && value == std::numeric_limits<int64_t>::min() >> (64 - bits);
}

// x as a float32 or float64 holds it; no value on overflow.
base::Constant RoundFloat(base::ConstantPool& pool, base::Constant x, bool is32) {
  double f = is32 ? pool.Float32Val(x) : pool.Float64Val(x);
  return std::isinf(f) ? base::Constant() : pool.MakeFloat64(f);
}

bool FitsFloat(base::ConstantPool& pool, base::Constant x, const Basic* type, base::Constant* rounded) {
  if (type->basic == BasicKind::kUntypedFloat) return true;
  base::Constant r = RoundFloat(pool, x, type->basic == BasicKind::kFloat32);
  if (!r.has_value()) return false;
  if (rounded != nullptr) *rounded = r;
  return true;
}

bool FitsComplex(base::ConstantPool& pool, base::Constant x, const Basic* type, base::Constant* rounded) {
  if (type->basic == BasicKind::kUntypedComplex) return true;
  bool is32 = type->basic == BasicKind::kComplex64;
  base::Constant re = RoundFloat(pool, pool.Real(x), is32), im = RoundFloat(pool, pool.Imag(x), is32);
  if (!re.has_value() || !im.has_value()) return false;
  if (rounded != nullptr) *rounded = pool.BinaryOp(re, base::ConstantOp::kAdd, pool.MakeImag(im));
  return true;
}

// What an operation that may overflow is called, with a space behind it; else "".
std::string_view OperationName(const syntax::Expr* e) {
  const syntax::Operation* op = syntax::As<syntax::Operation>(e);
  if (op == nullptr) return "";
  using syntax::Operator;
  if (op->y == nullptr) return op->op == Operator::kXor ? "bitwise complement " : "";
  switch (op->op) {
    case Operator::kAdd:
      return "addition ";
    case Operator::kSub:
      return "subtraction ";
    case Operator::kXor:
      return "bitwise XOR ";
    case Operator::kMul:
      return "multiplication ";
    case Operator::kShl:
      return "shift ";
    default:
      return "";
  }
}

}  // namespace

bool RepresentableConst(Context& c, base::Constant x, Basic* type, base::Constant* rounded) {
  if (x.is_unknown()) return true;  // an error was reported
  base::ConstantPool& pool = c.constants;
  if (type->info & kIsInteger) {
    base::Constant integer = pool.ToInt(x);
    if (integer.kind() != base::ConstantKind::kInt) return false;
    if (rounded != nullptr) *rounded = integer;
    return FitsInteger(pool, integer, type);
  }
  if (type->info & kIsFloat) {
    base::Constant real = pool.ToFloat(x);
    return real.kind() == base::ConstantKind::kFloat && FitsFloat(pool, real, type, rounded);
  }
  if (type->info & kIsComplex) {
    base::Constant complex = pool.ToComplex(x);
    return complex.kind() == base::ConstantKind::kComplex && FitsComplex(pool, complex, type, rounded);
  }
  if (type->info & kIsString) return x.kind() == base::ConstantKind::kString;
  return (type->info & kIsBoolean) && x.kind() == base::ConstantKind::kBool;
}

ConvertFault Representation(Context& c, const Operand& x, Basic* type, base::Constant* value) {
  base::Constant v = x.value;
  if (RepresentableConst(c, x.value, type, &v)) {
    *value = v;
    return ConvertFault::kNone;
  }
  if (!IsNumeric(x.type) || !IsNumeric(type)) return ConvertFault::kInvalidConstVal;
  return !IsInteger(x.type) && IsInteger(type) ? ConvertFault::kTruncatedFloat
                                               : ConvertFault::kNumericOverflow;
}

void Representable(Context& c, Operand* x, Basic* type) {
  ConvertFault fault = Representation(c, *x, type, &x->value);
  if (fault == ConvertFault::kNone) return;
  InvalidConversion(c, fault, *x, type);
  x->Invalidate();
}

void CheckOverflow(Context& c, Operand* x, diag::Pos op_pos) {
  if (x->value.is_unknown()) {
    Error(c, op_pos, "constant result is not representable");
    return;
  }
  if (IsTyped(x->type)) {
    Representable(c, x, Under<Basic>(x->type));
    return;
  }
  constexpr int kPrecision = 512;
  if (x->value.kind() == base::ConstantKind::kInt && c.constants.BitLen(x->value) > kPrecision) {
    Error(c, op_pos, "constant ", OperationName(x->expr), "overflow");
    x->value = base::Constant::Unknown();
  }
}

void InvalidConversion(Context& c, ConvertFault fault, const Operand& x, Type* target) {
  switch (fault) {
    case ConvertFault::kTruncatedFloat:
      Error(c, x, x, " truncated to ", target);
      break;
    case ConvertFault::kNumericOverflow:
      Error(c, x, x, " overflows ", target);
      break;
    default:
      Error(c, x, "cannot convert ", x, " to type ", target);
      break;
  }
}

void ConvertUntyped(Context& c, Operand* x, Type* target) {
  ImplicitType result = ImplicitTypeAndValue(c, *x, target);
  if (result.fault != ConvertFault::kNone) {
    InvalidConversion(c, result.fault, *x, IsTypeParam(target) ? target : Underlying(target));
    x->Invalidate();
    return;
  }
  if (result.value.has_value()) {
    x->value = result.value;
    UpdateExprValue(c, x->expr, result.value);
  }
  if (result.type != x->type) {
    x->type = result.type;
    UpdateExprType(c, x->expr, result.type, false);
  }
}

}  // namespace escapement::types
