// Tokens and operators. tokens.def lists them.
#pragma once

#include <cstdint>
#include <string_view>

#include "engine/base/constant.h"

namespace escapement::syntax {

enum class Token : uint8_t {
  kNone,
#define TOKEN(id, text) k##id,
#include "engine/syntax/tokens.def"
  kCount
};
static_assert(static_cast<int>(Token::kCount) <= 64, "sets of tokens are 64-bit masks");

// kNone is "no operator" (a plain assignment).
enum class Operator : uint8_t {
  kNone,
#define OPERATOR(id, text, precedence) k##id,
#include "engine/syntax/tokens.def"
};

using LitKind = base::LiteralKind;

// The token's text as Go's messages print it.
std::string_view TokenText(Token token);
// The operator's text; empty for kNone.
std::string_view OperatorText(Operator op);
// 1 (||) to 5 (*), 0 for operators that are not binary.
int Precedence(Operator op);
// == != < <= > >=
constexpr bool IsComparison(Operator op) {
  return op >= Operator::kEql && op <= Operator::kGeq;
}
constexpr bool IsShift(Operator op) {
  return op == Operator::kShl || op == Operator::kShr;
}
// The constant operator for a Go operator other than Def, Recv and Tilde (Div gives kQuo).
base::ConstantOp ToConstantOp(Operator op);

}  // namespace escapement::syntax
