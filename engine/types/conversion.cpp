// Explicit conversions T(x): which are allowed, constant ones, and the final type of an
// untyped argument.
#include "engine/base/unicode.h"
#include "engine/types/assign.h"
#include "engine/types/convert.h"
#include "engine/types/expr.h"
#include "engine/types/predicates.h"
#include "engine/types/typeset.h"

namespace escapement::types {

namespace {

bool IsBasicKind(Type* type, BasicKind kind) {
  Basic* basic = Under<Basic>(type);
  return basic != nullptr && basic->basic == kind;
}
bool IsUnsafePointer(Type* type) {
  return IsBasicKind(type, BasicKind::kUnsafePointer);
}
bool IsUintptr(Type* type) {
  return IsBasicKind(type, BasicKind::kUintptr);
}

// Whether constant x converts to a constant of type T; the result goes to `value`.
bool ConstConvertible(Context& c, const Operand& x, Type* target, base::Constant* value) {
  Basic* basic = Under<Basic>(target);
  if (basic == nullptr) return false;
  if (RepresentableConst(c, x.value, basic, value)) return true;
  if (!IsInteger(x.type) || !(basic->info & kIsString)) return false;
  bool exact = false;
  uint64_t code_point = c.constants.Uint64Val(x.value, &exact);
  if (value != nullptr) {
    std::string text;
    base::AppendRune(text,
                     exact && code_point <= 0x10FFFF ? static_cast<char32_t>(code_point) : base::kRuneError);
    *value = c.constants.MakeString(text);
  }
  return true;
}

// A constant converts to a type parameter if it does to each type of its type set.
bool ConstConvertsToAll(Context& c, const Operand& x, Type* target, std::string* cause) {
  return EachType(target, [&](Type*, Type* u) {
    if (u == nullptr) {
      *cause = Text(c, target, " does not contain specific types");
      return false;
    }
    if (IsString(x.type) && IsBytesOrRunes(u)) return true;
    if (ConstConvertible(c, x, u, nullptr)) return true;
    if (IsInteger(x.type) && IsInteger(u)) {
      *cause = Text(c, "constant ", x.value, " overflows ", u, " (in ", target, ")");
    } else {
      *cause = Text(c, "cannot convert ", x, " to type ", u, " (in ", target, ")");
    }
    return false;
  });
}

// Slices convert to arrays and to pointers to arrays of the same element type.
// Returns whether that is the case at hand; `allowed` says whether the language version has it.
bool SliceToArray(Context& c, Type* from, Type* to, std::string* cause, bool* allowed) {
  Slice* slice = As<Slice>(from);
  if (slice == nullptr) return false;
  Array* array = As<Array>(to);
  Pointer* pointer = As<Pointer>(to);
  if (pointer != nullptr) array = Under<Array>(pointer->base);
  if (array == nullptr || !Identical(slice->elem, array->elem)) return false;
  *allowed = AllowVersion(c, pointer != nullptr ? 17 : 20);
  if (!*allowed && cause != nullptr)
    *cause = pointer != nullptr ? "conversion of slice to array pointer requires go1.17 or later"
                                : "conversion of slice to array requires go1.20 or later";
  return true;
}

// Every type of V's set must convert to T, or to every type of T's set.
bool GenericConvertible(Context& c, Operand x, Type* v, Type* target, Type* written, std::string* cause) {
  bool from_param = IsTypeParam(v), to_param = IsTypeParam(target);
  auto fail = [&](std::string text) {
    if (cause == nullptr) return false;
    if (!cause->empty()) text += "\n\t" + *cause;
    *cause = std::move(text);
    return false;
  };
  auto each = [](Type* type, const std::function<bool(Type*)>& f) {
    return EachTerm(TypeSetOf(InterfaceOf(As<TypeParam>(type))),
                    [&](const Term* term) { return term != nullptr && f(term->type); });
  };
  if (!from_param)
    return each(target, [&](Type* t) {
      return ConvertibleTo(c, x, t, cause) ||
             fail(Text(c, "cannot convert ", x.type, " to type ", t, " (in ", target, ")"));
    });
  return each(v, [&](Type* from) {
    x.type = from;
    if (!to_param)
      return ConvertibleTo(c, x, target, cause) ||
             fail(Text(c, "cannot convert ", from, " (in ", v, ") to type ", written));
    return each(target, [&](Type* t) {
      return ConvertibleTo(c, x, t, cause) ||
             fail(Text(c, "cannot convert ", from, " (in ", v, ") to type ", t, " (in ", target, ")"));
    });
  });
}

// The type an untyped argument finally has.
Type* FinalType(const Operand& x, Type* target, bool constant) {
  if (x.type == Typ(BasicKind::kUntypedNil)) return target;
  if (IsNonTypeParamInterface(target) || (constant && !IsConstantType(target))) return Default(x.type);
  if (x.is_constant() && IsInteger(x.type) && AllBasic(target, kIsString)) return x.type;
  return target;
}

}  // namespace

void Conversion(Context& c, Operand* x, Type* target) {
  bool constant = x->is_constant(), ok = false;
  std::string cause;
  if (constant && IsConstantType(target)) {
    ok = ConstConvertible(c, *x, target, &x->value);
    if (!ok && IsInteger(x->type) && IsInteger(target)) {
      Error(c, *x, "constant ", x->value, " overflows ", target);
      x->Invalidate();
      return;
    }
  } else if (constant && IsTypeParam(target)) {
    ok = ConstConvertsToAll(c, *x, target, &cause);
    x->mode = Mode::kValue;  // type parameters have no constants
  } else if (ConvertibleTo(c, *x, target, &cause)) {
    ok = true;
    x->mode = Mode::kValue;
  }
  if (!ok) {
    if (cause.empty()) {
      Error(c, *x, "cannot convert ", *x, " to type ", target);
    } else {
      Error(c, *x, "cannot convert ", *x, " to type ", target, ": ", cause);
    }
    x->Invalidate();
    return;
  }
  NoteImplementation(c, target, x->type);
  if (IsUntyped(x->type)) UpdateExprType(c, x->expr, FinalType(*x, target, constant), true);
  x->type = target;
}

bool ConvertibleTo(Context& c, const Operand& x, Type* written, std::string* cause) {
  if (AssignableTo(c, x, written, cause)) return true;
  Type* v = Unalias(x.type);
  Type* t = Unalias(written);
  Type* vu = Underlying(v);
  Type* tu = Underlying(t);
  bool generic = IsTypeParam(v) || IsTypeParam(t);

  if (!generic && IdenticalIgnoreTags(vu, tu)) return true;
  Pointer* vp = As<Pointer>(v);
  Pointer* tp = As<Pointer>(t);
  if (vp != nullptr && tp != nullptr && IdenticalIgnoreTags(Underlying(vp->base), Underlying(tp->base)) &&
      !IsTypeParam(vp->base) && !IsTypeParam(tp->base))
    return true;
  if (IsBasic(vu, kIsInteger | kIsFloat) && IsBasic(tu, kIsInteger | kIsFloat)) return true;
  if (IsComplex(vu) && IsComplex(tu)) return true;
  if ((IsInteger(vu) || IsBytesOrRunes(vu)) && IsString(tu)) return true;
  if (IsString(vu) && IsBytesOrRunes(tu)) return true;
  if ((IsPointer(vu) || IsUintptr(vu)) && IsUnsafePointer(tu)) return true;
  if (IsUnsafePointer(vu) && (IsPointer(tu) || IsUintptr(tu))) return true;
  bool allowed = false;
  if (SliceToArray(c, vu, tu, cause, &allowed)) return allowed;
  return generic && GenericConvertible(c, x, v, t, written, cause);
}

}  // namespace escapement::types
