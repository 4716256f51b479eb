// Operators: unary, binary, comparison, shift; and the final types of untyped expressions.
#include "engine/types/operators.h"

#include "engine/types/convert.h"
#include "engine/types/errors.h"
#include "engine/types/expr.h"
#include "engine/types/predicates.h"
#include "engine/types/record.h"
#include "engine/types/sizes.h"
#include "engine/types/typeset.h"

namespace escapement::types {

using syntax::Operator;

diag::Pos OperatorPos(const syntax::Expr* e) {
  if (e == nullptr) return {};
  return e->kind == syntax::NodeKind::kOperation ? e->pos : syntax::StartPos(e);
}

namespace {

// Properties an operand's type must have for the operator; 0 if it is no such operator.
uint16_t UnaryOperandInfo(Operator op) {
  switch (op) {
    case Operator::kAdd:
    case Operator::kSub:
      return kIsNumeric;
    case Operator::kXor:
      return kIsInteger;
    case Operator::kNot:
      return kIsBoolean;
    default:
      return 0;
  }
}

uint16_t BinaryOperandInfo(Operator op) {
  switch (op) {
    case Operator::kAdd:
      return kIsNumeric | kIsString;
    case Operator::kSub:
    case Operator::kMul:
    case Operator::kDiv:
      return kIsNumeric;
    case Operator::kRem:
    case Operator::kAnd:
    case Operator::kOr:
    case Operator::kXor:
    case Operator::kAndNot:
      return kIsInteger;
    case Operator::kAndAnd:
    case Operator::kOrOr:
      return kIsBoolean;
    default:
      return 0;
  }
}

bool CheckOperator(Context& c, Operand* x, Operator op, uint16_t info) {
  if (info == 0) {
    Error(c, *x, "invalid syntax tree: unknown operator ", op);
  } else if (!AllBasic(x->type, info)) {
    Error(c, *x, kInvalidOp, "operator ", op, " not defined on ", *x);
  } else {
    return true;
  }
  x->Invalidate();
  return false;
}

void AddressOf(Context& c, Operand* x, syntax::Operation* e) {
  // &T{} is allowed although T{} is not addressable.
  if (syntax::Unparen(e->x)->kind != syntax::NodeKind::kCompositeLit && x->mode != Mode::kVariable) {
    Error(c, *x, kInvalidOp, "cannot take address of ", *x);
    x->Invalidate();
    return;
  }
  x->mode = Mode::kValue;
  x->type = NewPointer(c, x->type);
}

void Receive(Context& c, Operand* x) {
  Type* elem = ChanElem(c, *x, *x, true);
  if (elem == nullptr) {
    x->Invalidate();
    return;
  }
  x->mode = Mode::kCommaOk;
  x->type = elem;
  c.env.has_call_or_recv = true;
}

}  // namespace

void Unary(Context& c, Operand* x, syntax::Operation* e) {
  Expr(c, x, e->x);
  if (!x->valid()) return;
  Operator op = e->op;
  switch (op) {
    case Operator::kAnd:
      AddressOf(c, x, e);
      return;
    case Operator::kRecv:
      Receive(c, x);
      return;
    case Operator::kTilde:
      // A mistake for ^; ~ is only for constraints.
      if (!AllBasic(x->type, kIsInteger)) {
        Error(c, e, "cannot use ~ outside of interface or type constraint");
        x->Invalidate();
        return;
      }
      Error(c, e, "cannot use ~ outside of interface or type constraint (use ^ for bitwise complement)");
      op = Operator::kXor;
      break;
    default:
      break;
  }
  if (!CheckOperator(c, x, op, UnaryOperandInfo(op))) return;
  if (!x->is_constant()) {
    x->mode = Mode::kValue;
    return;
  }
  if (x->value.is_unknown()) return;
  unsigned bits = IsUnsigned(x->type) ? static_cast<unsigned>(SizeOf(x->type) * 8) : 0;
  x->value = c.constants.UnaryOp(syntax::ToConstantOp(op), x->value, bits);
  x->expr = e;
  CheckOverflow(c, x, OperatorPos(e));
}

Type* ChanElem(Context& c, At at, const Operand& x, bool receive) {
  std::string cause;
  Type* u = CommonUnder(
      c, x.type,
      [&](Type* t, Type* under, std::string* why) {
        if (under == nullptr) {
          *why = "no specific channel type";
          return false;
        }
        auto* chan = As<Chan>(under);
        if (chan == nullptr) {
          *why = Text(c, "non-channel ", t);
        } else if (receive && chan->dir == ChanDir::kSendOnly) {
          *why = Text(c, "send-only channel ", t);
        } else if (!receive && chan->dir == ChanDir::kRecvOnly) {
          *why = Text(c, "receive-only channel ", t);
        } else {
          return true;
        }
        return false;
      },
      &cause);
  if (u != nullptr) return As<Chan>(u)->elem;
  const char* what = receive ? "cannot receive from " : "cannot send to ";
  if (IsTypeParam(x.type)) {
    Error(c, at, kInvalidOp, what, x, ": ", cause);
  } else {
    Error(c, at, kInvalidOp, what, cause, " ", x);  // the operand follows its description
  }
  return nullptr;
}

namespace {

// What is wrong with comparing values of the type.
std::string IncomparableCause(Context& c, Type* t) {
  switch (Underlying(t)->kind) {
    case TypeKind::kSlice:
    case TypeKind::kSignature:
    case TypeKind::kMap:
      return std::string(CompositeKind(t)) + " can only be compared to nil";
    default: {
      std::string cause;
      ComparableCause(&c, t, true, &cause);
      return cause;
    }
  }
}

// Which operand cannot be compared, with a cause where there is a special one.
const Operand* ComparisonFault(Context& c, const Operand& x, const Operand& y, Operator op,
                               std::string* cause) {
  if (!AssignableTo(c, x, y.type, nullptr) && !AssignableTo(c, y, x.type, nullptr)) {
    *cause = Text(c, "mismatched types ", x.type, " and ", y.type);
    return &y;
  }
  if (op == Operator::kEql || op == Operator::kNeq) {
    if (x.is_nil() || y.is_nil()) {
      Type* type = x.is_nil() ? y.type : x.type;
      return HasNil(type) ? nullptr : &y;
    }
    if (!Comparable(x.type)) {
      *cause = IncomparableCause(c, x.type);
      return &x;
    }
    if (!Comparable(y.type)) {
      *cause = IncomparableCause(c, y.type);
      return &y;
    }
    return nullptr;
  }
  if (!AllBasic(x.type, kIsOrdered)) return &x;
  if (!AllBasic(y.type, kIsOrdered)) return &y;
  return nullptr;
}

}  // namespace

void Comparison(Context& c, Operand* x, Operand* y, Operator op, bool switch_case) {
  // Avoid follow-on errors.
  if (!IsValid(x->type) || !IsValid(y->type)) {
    x->Invalidate();
    return;
  }
  if (switch_case) op = Operator::kEql;
  std::string cause;
  const Operand* fault = ComparisonFault(c, *x, *y, op, &cause);
  if (fault == nullptr) {
    if (x->is_constant() && y->is_constant()) {
      x->value = base::Constant::Bool(c.constants.Compare(x->value, syntax::ToConstantOp(op), y->value));
    } else {
      x->mode = Mode::kValue;
      // The operands never had a context to take a type from: they get their defaults.
      UpdateExprType(c, x->expr, Default(x->type), true);
      UpdateExprType(c, y->expr, Default(y->type), true);
    }
    x->type = Typ(BasicKind::kUntypedBool);
    return;
  }
  if (cause.empty()) {
    if (IsTypeParam(x->type) || IsTypeParam(y->type)) {
      if (!IsTypeParam(x->type)) fault = y;
      cause = Text(c, "type parameter ", fault->type, " cannot use operator ", op);
    } else {
      std::string what(CompositeKind(fault->type));
      if (what.empty()) what = Text(c, fault->type);
      cause = Text(c, "operator ", op, " not defined on ", what);
    }
  }
  if (switch_case) {
    Error(c, *x, "invalid case ", x->expr, " in switch on ", y->expr, " (", cause, ")");
  } else {
    Error(c, *fault, kInvalidOp, x->expr, " ", op, " ", y->expr, " (", cause, ")");
  }
  x->Invalidate();
}

namespace {

// The count of a shift: an unsigned integer value or a constant that is not negative.
bool CheckShiftCount(Context& c, Operand* y, base::Constant* value) {
  if (y->is_constant()) {
    *value = c.constants.ToInt(y->value);
    if (value->kind() == base::ConstantKind::kInt && c.constants.Sign(*value) < 0) {
      Error(c, *y, kInvalidOp, "negative shift count ", *y);
      return false;
    }
    if (IsUntyped(y->type)) {
      // Checks that the count is an integer; its type stays untyped for the record.
      Representable(c, y, Typ(BasicKind::kUint));
      return y->valid();
    }
    return true;
  }
  if (AllBasic(y->type, kIsInteger)) {
    return AllBasic(y->type, kIsUnsigned) || VerifyVersion(c, *y, 13, kInvalidOp, "signed shift count ", *y);
  }
  if (IsUntyped(y->type)) {  // a comparison or shift whose result is untyped
    ConvertUntyped(c, y, Typ(BasicKind::kUint));
    return y->valid();
  }
  Error(c, *y, kInvalidOp, "shift count ", *y, " must be integer");
  return false;
}

void ConstantShift(Context& c, Operand* x, base::Constant xval, Operand* y, base::Constant yval,
                   syntax::Expr* e, Operator op) {
  if (x->value.is_unknown() || y->value.is_unknown()) {
    x->value = base::Constant::Unknown();
    if (!IsInteger(x->type)) x->type = Typ(BasicKind::kUntypedInt);
    return;
  }
  // Enough to express the smallest float64 as 1.0 / (1<<(1023 - 1 + 52)).
  constexpr uint64_t kShiftBound = 1023 - 1 + 52;
  bool exact = false;
  uint64_t count = c.constants.Uint64Val(yval, &exact);
  if (!exact || count > kShiftBound) {
    Error(c, *y, kInvalidOp, "invalid shift count ", *y);
    x->Invalidate();
    return;
  }
  // A float constant that is an integer becomes one: 1.0<<3.
  if (!IsInteger(x->type)) x->type = Typ(BasicKind::kUntypedInt);
  x->value = c.constants.Shift(xval, syntax::ToConstantOp(op), count);
  x->expr = e;
  CheckOverflow(c, x, OperatorPos(e));
}

void ShiftExpr(Context& c, Operand* x, Operand* y, syntax::Expr* e, Operator op) {
  base::Constant xval;
  if (x->is_constant()) xval = c.constants.ToInt(x->value);
  bool integer = AllBasic(x->type, kIsInteger) ||
                 (IsUntyped(x->type) && xval.has_value() && xval.kind() == base::ConstantKind::kInt);
  if (!integer) {
    Error(c, *x, kInvalidOp, "shifted operand ", *x, " must be integer");
    x->Invalidate();
    return;
  }
  base::Constant yval;
  if (!CheckShiftCount(c, y, &yval)) {
    x->Invalidate();
    return;
  }
  if (x->is_constant()) {
    if (y->is_constant()) {
      ConstantShift(c, x, xval, y, yval, e, op);
      return;
    }
    // A non-constant shift with an untyped constant left operand: the operand takes the type
    // that the shift's context will give; that it is an integer is checked then.
    if (IsUntyped(x->type)) {
      Type* recorded = RecordedType(x->expr);
      if (recorded != nullptr && IsUntyped(recorded)) c.shift_operands.insert(x->expr);
      x->mode = Mode::kValue;
      return;
    }
  }
  if (!AllBasic(x->type, kIsInteger)) {
    Error(c, *x, kInvalidOp, "shifted operand ", *x, " must be integer");
    x->Invalidate();
    return;
  }
  x->mode = Mode::kValue;
}

bool DividesByZero(Context& c, const Operand& x, const Operand& y) {
  if ((x.is_constant() || AllBasic(x.type, kIsInteger)) && y.is_constant() &&
      c.constants.Sign(y.value) == 0) {
    return true;
  }
  // Complex divisors whose squared magnitude vanishes.
  if (x.is_constant() && y.is_constant() && IsComplex(x.type)) {
    base::Constant re = c.constants.Real(y.value), im = c.constants.Imag(y.value);
    base::Constant re2 = c.constants.BinaryOp(re, base::ConstantOp::kMul, re);
    base::Constant im2 = c.constants.BinaryOp(im, base::ConstantOp::kMul, im);
    return c.constants.Sign(re2) == 0 && c.constants.Sign(im2) == 0;
  }
  return false;
}

bool MayConvert(const Operand& x, const Operand& y) {
  if (IsTyped(x.type) && IsTyped(y.type)) return false;
  if (AllBasic(x.type, kIsNumeric) != AllBasic(y.type, kIsNumeric)) return false;
  // An untyped operand may convert to its default type when paired with an empty interface.
  if (IsNonTypeParamInterface(x.type) || IsNonTypeParamInterface(y.type)) return true;
  if (AllBasic(x.type, kIsBoolean) != AllBasic(y.type, kIsBoolean)) return false;
  if (AllBasic(x.type, kIsString) != AllBasic(y.type, kIsString)) return false;
  if (x.is_nil()) return HasNil(y.type);
  if (y.is_nil()) return HasNil(x.type);
  // An untyped operand cannot convert to a pointer.
  return !IsPointer(x.type) && !IsPointer(y.type);
}

}  // namespace

void MatchTypes(Context& c, Operand* x, Operand* y) {
  if (!MayConvert(*x, *y)) return;
  ConvertUntyped(c, x, y->type);
  if (!x->valid()) return;
  ConvertUntyped(c, y, x->type);
  if (!y->valid()) x->Invalidate();
}

void Binary(Context& c, Operand* x, syntax::Expr* e, syntax::Expr* lhs, syntax::Expr* rhs, Operator op) {
  Operand y;
  Expr(c, x, lhs);
  Expr(c, &y, rhs);
  if (!x->valid()) return;
  if (!y.valid()) {
    x->Invalidate();
    x->expr = y.expr;
    return;
  }
  if (syntax::IsShift(op)) {
    ShiftExpr(c, x, &y, e, op);
    return;
  }
  MatchTypes(c, x, &y);
  if (!x->valid()) return;
  if (syntax::IsComparison(op)) {
    Comparison(c, x, &y, op, false);
    return;
  }
  if (!Identical(x->type, y.type)) {
    // Only report if both have valid types.
    if (IsValid(x->type) && IsValid(y.type)) {
      if (e != nullptr) {
        Error(c, *x, kInvalidOp, e, " (mismatched types ", x->type, " and ", y.type, ")");
      } else {
        Error(c, *x, kInvalidOp, lhs, " ", op, "= ", rhs, " (mismatched types ", x->type, " and ", y.type,
              ")");
      }
    }
    x->Invalidate();
    return;
  }
  if (!CheckOperator(c, x, op, BinaryOperandInfo(op))) return;
  if ((op == Operator::kDiv || op == Operator::kRem) && DividesByZero(c, *x, y)) {
    Error(c, y, kInvalidOp, "division by zero");
    x->Invalidate();
    return;
  }
  if (!x->is_constant() || !y.is_constant()) {
    x->mode = Mode::kValue;
    return;
  }
  if (x->value.is_unknown() || y.value.is_unknown()) {
    x->value = base::Constant::Unknown();
    return;
  }
  base::ConstantOp constant_op = syntax::ToConstantOp(op);
  if (op == Operator::kDiv && IsInteger(x->type)) constant_op = base::ConstantOp::kIntQuo;
  x->value = c.constants.BinaryOp(x->value, constant_op, y.value);
  x->expr = e;
  CheckOverflow(c, x, OperatorPos(e));
}

namespace {

// An untyped non-constant or constant operand and a basic target type.
ConvertFault ConvertToBasic(Context& c, const Operand& x, Type* target, Basic* u, base::Constant* value) {
  if (x.is_constant()) return Representation(c, x, u, value);
  // Non-constant untyped values are booleans of comparisons, integers of shifts, and nil.
  switch (As<Basic>(x.type)->basic) {
    case BasicKind::kUntypedBool:
      return IsBoolean(target) ? ConvertFault::kNone : ConvertFault::kInvalidUntyped;
    case BasicKind::kUntypedInt:
    case BasicKind::kUntypedRune:
    case BasicKind::kUntypedFloat:
    case BasicKind::kUntypedComplex:
      return IsNumeric(target) ? ConvertFault::kNone : ConvertFault::kInvalidUntyped;
    case BasicKind::kUntypedString:
      return IsString(target) ? ConvertFault::kNone : ConvertFault::kInvalidUntyped;
    default:
      return ConvertFault::kInvalidUntyped;
  }
}

}  // namespace

ImplicitType ImplicitTypeAndValue(Context& c, const Operand& x, Type* target) {
  constexpr ImplicitType kImpossible{nullptr, {}, ConvertFault::kInvalidUntyped};
  if (!x.valid() || IsTyped(x.type) || !IsValid(target)) return {x.type, {}, ConvertFault::kNone};
  if (IsUntyped(target)) {
    // Both are untyped.
    Type* max = MaxType(x.type, target);
    return max != nullptr ? ImplicitType{max, {}, ConvertFault::kNone} : kImpossible;
  }
  if (x.is_nil()) return HasNil(target) ? ImplicitType{target, {}, ConvertFault::kNone} : kImpossible;
  Type* u = Underlying(target);
  if (auto* basic = As<Basic>(u)) {
    base::Constant value;
    ConvertFault fault = ConvertToBasic(c, x, target, basic, &value);
    if (fault != ConvertFault::kNone) return {nullptr, {}, fault};
    return {target, value, ConvertFault::kNone};
  }
  auto* iface = As<Interface>(u);
  if (iface == nullptr) return kImpossible;
  if (IsTypeParam(target)) {
    bool ok = EachType(target, [&](Type*, Type* v) {
      return v != nullptr && ImplicitTypeAndValue(c, x, v).type != nullptr;
    });
    return ok ? ImplicitType{target, {}, ConvertFault::kNone} : kImpossible;
  }
  // Untyped values are assignable to empty interfaces only, with their default type.
  if (!TypeSetOf(iface)->IsAll()) return kImpossible;
  return {Default(x.type), {}, ConvertFault::kNone};
}

// Passes a type down to the operands that have not got their final type.
static void UpdateOperands(Context& c, syntax::Expr* e, bool has_value, Type* type, bool final) {
  if (auto* paren = syntax::As<syntax::ParenExpr>(e)) {
    UpdateExprType(c, paren->x, type, final);
    return;
  }
  auto* op = syntax::As<syntax::Operation>(e);
  // Operands of a constant expression keep their types: only the root's value matters.
  if (op == nullptr || has_value) return;
  if (op->y == nullptr) {
    if (op->op != Operator::kMul) UpdateExprType(c, op->x, type, final);
    return;
  }
  if (syntax::IsComparison(op->op)) return;  // the result is independent of the operands
  UpdateExprType(c, op->x, type, final);
  if (!syntax::IsShift(op->op)) UpdateExprType(c, op->y, type, final);
}

void UpdateExprType(Context& c, syntax::Expr* e, Type* type, bool final) {
  Type* old = RecordedType(e);
  if (old == nullptr || IsTyped(old)) return;
  switch (e->kind) {
    case syntax::NodeKind::kCallExpr:  // a built-in whose result is untyped
    case syntax::NodeKind::kName:
    case syntax::NodeKind::kBasicLit:
    case syntax::NodeKind::kSelectorExpr:
    case syntax::NodeKind::kParenExpr:
    case syntax::NodeKind::kOperation:
      break;
    default:
      return;  // never untyped
  }
  Mode mode = e->mode;
  base::Constant value = e->value;
  // An unfinished expression may be visited again through its operands.
  UpdateOperands(c, e, value.has_value(), type, final);
  if (!final && IsUntyped(type)) {
    e->type = Underlying(type);
    return;
  }
  if (c.shift_operands.erase(e) > 0 && !AllBasic(type, kIsInteger)) {
    e->type = nullptr;
    Error(c, e, kInvalidOp, "shifted operand ", e, " (type ", type, ") must be integer");
    return;
  }
  if (value.has_value()) {
    // The constant must be a value of the final type. The record is taken off meanwhile, for
    // the conversion must not come back here.
    Operand x;
    x.mode = mode;
    x.expr = e;
    x.type = old;
    x.value = value;
    e->type = nullptr;
    ConvertUntyped(c, &x, type);
    if (!x.valid()) return;
  }
  RecordTypeAndValue(c, e, mode, type, value);
}

void UpdateExprValue(Context&, syntax::Expr* e, base::Constant value) {
  if (e->type != nullptr && IsUntyped(e->type)) e->value = value;
}

}  // namespace escapement::types
