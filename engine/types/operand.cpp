#include "engine/types/operand.h"

#include "engine/types/builtins.h"
#include "engine/types/convert.h"
#include "engine/types/errors.h"
#include "engine/types/predicates.h"
#include "engine/types/subst.h"
#include "engine/types/typeset.h"

namespace escapement::types {

namespace {

std::string_view ModeText(Mode mode) {
  switch (mode) {
    case Mode::kInvalid:
      return "invalid operand";
    case Mode::kNoValue:
      return "no value";
    case Mode::kBuiltin:
      return "built-in";
    case Mode::kTypeExpr:
      return "type";
    case Mode::kConstant:
      return "constant";
    case Mode::kVariable:
      return "variable";
    case Mode::kMapIndex:
      return "map index expression";
    case Mode::kValue:
      return "value";
    case Mode::kNilValue:
      return "nil";
    case Mode::kCommaOk:
      return "comma, ok expression";
    case Mode::kCommaErr:
      return "comma, error expression";
    case Mode::kCgoFunc:
      return "cgo function";
  }
  return "";
}

std::string NilString(Context& c, const Operand& x) {
  if (x.type == nullptr || !IsValid(x.type)) return "nil (with invalid type)";
  if (x.type == Typ(BasicKind::kUntypedNil)) return "nil";
  return Text(c, "nil (of type ", x.type, ")");
}

std::string SourceText(Context& c, const Operand& x) {
  if (x.expr != nullptr) return syntax::String(x.expr);
  switch (x.mode) {
    case Mode::kBuiltin:
      return std::string(InfoOf(x.id).name);
    case Mode::kTypeExpr:
      return Text(c, x.type);
    case Mode::kConstant:
      return c.constants.String(x.value);
    default:
      return "";
  }
}

void AppendTypeDescription(Context& c, std::string& out, Type* type) {
  if (!IsValid(type)) {
    out += " with invalid type";
    return;
  }
  out += " of ";
  if (IsGeneric(type)) out += "generic ";
  auto* tparam = As<TypeParam>(Unalias(type));
  if (tparam == nullptr && (type->kind == TypeKind::kAlias || type->kind == TypeKind::kNamed)) {
    std::string_view what = CompositeKind(type);
    if (what.empty()) {
      if (auto* basic = Under<Basic>(type)) what = basic->name;
    }
    out += what;
    out += ' ';
  }
  out += "type ";
  Append(c, out, type);
  if (tparam != nullptr) {
    out += " constrained by ";
    Append(c, out, tparam->bound);
    if (HasEmptyTypeSet(tparam)) out += " with empty type set";
  }
}

}  // namespace

std::string_view CompositeKind(Type* type) {
  switch (Underlying(type)->kind) {
    case TypeKind::kArray:
      return "array";
    case TypeKind::kSlice:
      return "slice";
    case TypeKind::kStruct:
      return "struct";
    case TypeKind::kPointer:
      return "pointer";
    case TypeKind::kSignature:
      return "func";
    case TypeKind::kInterface:
      return "interface";
    case TypeKind::kMap:
      return "map";
    case TypeKind::kChan:
      return "chan";
    case TypeKind::kTuple:
      return "tuple";
    case TypeKind::kUnion:
      return "union";
    default:
      return "";
  }
}

std::string OperandString(Context& c, const Operand& x) {
  if (x.mode == Mode::kNilValue) return NilString(c, x);
  std::string expr = SourceText(c, x);
  std::string out;
  if (!expr.empty()) out = expr + " (";
  bool has_type = false;
  bool has_mode_type = x.mode != Mode::kInvalid && x.mode != Mode::kNoValue && x.mode != Mode::kBuiltin &&
                       x.mode != Mode::kTypeExpr;
  if (has_mode_type && x.type != nullptr) {
    if (IsUntyped(x.type)) {
      out += As<Basic>(x.type)->name;
      out += ' ';
    } else {
      has_type = true;
    }
  }
  out += ModeText(x.mode);
  if (x.mode == Mode::kConstant) {
    // A literal's value is not repeated.
    std::string value = c.constants.String(x.value);
    if (value != expr) out += " " + value;
  }
  if (has_type) AppendTypeDescription(c, out, x.type);
  if (!expr.empty()) out += ')';
  return out;
}

namespace {

// Puts a sentence before the cause found so far.
template <typename... Args>
void Explain(Context& c, std::string* cause, const Args&... args) {
  if (cause == nullptr) return;
  std::string text = Text(c, args...);
  if (!cause->empty()) text += "\n\t" + *cause;
  *cause = text;
}

}  // namespace

bool AssignableTo(Context& c, const Operand& x, Type* target, std::string* cause) {
  if (!x.valid() || !IsValid(target)) return true;  // avoid follow-on errors
  Type* v = Unalias(x.type);
  Type* t = Unalias(target);
  if (Identical(v, t)) return true;
  Type* vu = Underlying(v);
  Type* tu = Underlying(t);
  auto* vp = As<TypeParam>(v);
  auto* tp = As<TypeParam>(t);

  if (IsUntyped(vu)) {
    if (tp != nullptr) {
      // x must be assignable to every type of the type set.
      return EachTerm(TypeSetOf(InterfaceOf(tp)), [&](const Term* term) {
        return term != nullptr && ImplicitTypeAndValue(c, x, term->type).type != nullptr;
      });
    }
    return ImplicitTypeAndValue(c, x, t).type != nullptr;
  }
  // Identical underlying types, one of them without name, no type parameters.
  if (Identical(vu, tu) && (!HasName(v) || !HasName(t)) && vp == nullptr && tp == nullptr) return true;
  // T is an interface that x implements; also report the cause for pointers to interfaces.
  if ((As<Interface>(tu) != nullptr && tp == nullptr) || IsInterfacePointer(tu)) {
    if (Implements(c, v, t, false, cause)) return true;
    if (vp == nullptr) return false;
    if (cause != nullptr) cause->clear();
  }
  if (As<Interface>(vu) != nullptr && vp == nullptr && Implements(c, t, v, false, nullptr)) {
    if (cause != nullptr) *cause = "need type assertion";
    return false;
  }
  // A bidirectional channel to one with the same element type.
  auto *vc = As<Chan>(vu), *tc = As<Chan>(tu);
  if (vc != nullptr && vc->dir == ChanDir::kSendRecv && tc != nullptr && Identical(vc->elem, tc->elem)) {
    return !HasName(v) || !HasName(t);
  }
  if (vp == nullptr && tp == nullptr) return false;

  // x must be assignable to each type of T's type set, or each of V's to T.
  if (!HasName(v) && tp != nullptr) {
    bool ok = false;
    EachTerm(TypeSetOf(InterfaceOf(tp)), [&](const Term* term) {
      if (term == nullptr) return false;
      ok = AssignableTo(c, x, term->type, cause);
      if (!ok) Explain(c, cause, "cannot assign ", x.type, " to ", term->type, " (in ", tp, ")");
      return ok;
    });
    return ok;
  }
  if (vp != nullptr && !HasName(t)) {
    bool ok = false;
    Operand y = x;
    EachTerm(TypeSetOf(InterfaceOf(vp)), [&](const Term* term) {
      if (term == nullptr) return false;
      y.type = term->type;
      ok = AssignableTo(c, y, t, cause);
      if (!ok) Explain(c, cause, "cannot assign ", term->type, " (in ", vp, ") to ", target);
      return ok;
    });
    return ok;
  }
  return false;
}

}  // namespace escapement::types
