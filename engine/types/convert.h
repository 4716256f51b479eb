// Constants and conversions: representability, untyped operands taking a type, T(x).
#pragma once

#include "engine/types/context.h"
#include "engine/types/errors.h"
#include "engine/types/operand.h"

namespace escapement::types {

// Why an operand does not convert.
enum class ConvertFault : uint8_t {
  kNone,
  kTruncatedFloat,
  kNumericOverflow,
  kInvalidConstVal,
  kInvalidUntyped
};

// Whether the constant is a value of the basic type; `rounded` (if given) gets the value
// as that type holds it.
bool RepresentableConst(Context& c, base::Constant x, Basic* type, base::Constant* rounded);
// The value of constant x as the basic type.
ConvertFault Representation(Context& c, const Operand& x, Basic* type, base::Constant* value);
// Gives x the value of the basic type or reports and invalidates it.
void Representable(Context& c, Operand* x, Basic* type);
// Reports a constant result that is too large: for typed ones by Representable, for
// untyped ones beyond 512 bits.
void CheckOverflow(Context& c, Operand* x, diag::Pos op_pos);

// What type (and value, for constants) x takes when assigned to `target`, or a fault and
// a null type.
struct ImplicitType {
  Type* type = nullptr;
  base::Constant value;
  ConvertFault fault = ConvertFault::kNone;
};
ImplicitType ImplicitTypeAndValue(Context& c, const Operand& x, Type* target);
// Converts an untyped x to target, recording the new type, or reports and invalidates it.
void ConvertUntyped(Context& c, Operand* x, Type* target);
void InvalidConversion(Context& c, ConvertFault fault, const Operand& x, Type* target);

// The explicit conversion T(x).
void Conversion(Context& c, Operand* x, Type* target);
bool ConvertibleTo(Context& c, const Operand& x, Type* target, std::string* cause);

}  // namespace escapement::types
