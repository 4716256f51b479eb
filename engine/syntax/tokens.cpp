#include "engine/syntax/tokens.h"

#include "engine/base/check.h"

namespace escapement::syntax {

namespace {

constexpr std::string_view kTokenTexts[] = {
    "",
#define TOKEN(id, text) text,
#include "engine/syntax/tokens.def"
};

struct OperatorInfo {
  std::string_view text;
  int precedence;
};
constexpr OperatorInfo kOperators[] = {
    {"", 0},
#define OPERATOR(id, text, precedence) {text, precedence},
#include "engine/syntax/tokens.def"
};

}  // namespace

std::string_view TokenText(Token token) {
  return kTokenTexts[static_cast<size_t>(token)];
}
std::string_view OperatorText(Operator op) {
  return kOperators[static_cast<size_t>(op)].text;
}
int Precedence(Operator op) {
  return kOperators[static_cast<size_t>(op)].precedence;
}

base::ConstantOp ToConstantOp(Operator op) {
  using base::ConstantOp;
  switch (op) {
    case Operator::kNot:
      return ConstantOp::kNot;
    case Operator::kOrOr:
      return ConstantOp::kLOr;
    case Operator::kAndAnd:
      return ConstantOp::kLAnd;
    case Operator::kEql:
      return ConstantOp::kEql;
    case Operator::kNeq:
      return ConstantOp::kNeq;
    case Operator::kLss:
      return ConstantOp::kLss;
    case Operator::kLeq:
      return ConstantOp::kLeq;
    case Operator::kGtr:
      return ConstantOp::kGtr;
    case Operator::kGeq:
      return ConstantOp::kGeq;
    case Operator::kAdd:
      return ConstantOp::kAdd;
    case Operator::kSub:
      return ConstantOp::kSub;
    case Operator::kOr:
      return ConstantOp::kOr;
    case Operator::kXor:
      return ConstantOp::kXor;
    case Operator::kMul:
      return ConstantOp::kMul;
    case Operator::kDiv:
      return ConstantOp::kQuo;
    case Operator::kRem:
      return ConstantOp::kRem;
    case Operator::kAnd:
      return ConstantOp::kAnd;
    case Operator::kAndNot:
      return ConstantOp::kAndNot;
    case Operator::kShl:
      return ConstantOp::kShl;
    case Operator::kShr:
      return ConstantOp::kShr;
    case Operator::kNone:
    case Operator::kDef:
    case Operator::kRecv:
    case Operator::kTilde:
      break;
  }
  UNREACHABLE("operator has no constant counterpart");
}

}  // namespace escapement::syntax
