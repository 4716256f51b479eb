// Built-in functions of the language; those of package unsafe are in builtins_unsafe.cpp.
#include "engine/types/builtins.h"

#include "engine/types/assign.h"
#include "engine/types/builtins_internal.h"
#include "engine/types/convert.h"
#include "engine/types/predicates.h"
#include "engine/types/record.h"
#include "engine/types/typeset.h"
#include "engine/types/typexpr.h"

namespace escapement::types {

namespace {

constexpr BuiltinInfo kInfo[] = {
    {"append", 1, true, ExprKind::kExpression},    {"cap", 1, false, ExprKind::kExpression},
    {"clear", 1, false, ExprKind::kStatement},     {"close", 1, false, ExprKind::kStatement},
    {"complex", 2, false, ExprKind::kExpression},  {"copy", 2, false, ExprKind::kStatement},
    {"delete", 2, false, ExprKind::kStatement},    {"imag", 1, false, ExprKind::kExpression},
    {"len", 1, false, ExprKind::kExpression},      {"make", 1, true, ExprKind::kExpression},
    {"max", 1, true, ExprKind::kExpression},       {"min", 1, true, ExprKind::kExpression},
    {"new", 1, false, ExprKind::kExpression},      {"panic", 1, false, ExprKind::kStatement},
    {"print", 0, true, ExprKind::kStatement},      {"println", 0, true, ExprKind::kStatement},
    {"real", 1, false, ExprKind::kExpression},     {"recover", 0, false, ExprKind::kStatement},
    {"Add", 2, false, ExprKind::kExpression},      {"Alignof", 1, false, ExprKind::kExpression},
    {"Offsetof", 1, false, ExprKind::kExpression}, {"Sizeof", 1, false, ExprKind::kExpression},
    {"Slice", 2, false, ExprKind::kExpression},    {"SliceData", 1, false, ExprKind::kExpression},
    {"String", 2, false, ExprKind::kExpression},   {"StringData", 1, false, ExprKind::kExpression},
    {"assert", 1, false, ExprKind::kStatement},    {"trace", 0, true, ExprKind::kExpression},
};
static_assert(std::size(kInfo) == static_cast<size_t>(BuiltinId::kCount));

// Whether every type of y's set is string or []byte; `has_string` tells if string is one.
bool StringOrBytes(Type* type, bool* has_string) {
  *has_string = false;
  return EachType(type, [&](Type*, Type* u) {
    Slice* slice = As<Slice>(u);
    if (slice != nullptr && Identical(slice->elem, ByteType())) return true;
    if (u == nullptr || !IsString(u)) return false;
    *has_string = true;
    return true;
  });
}

bool AssignableToBytes(Context& c, const Operand& x) {
  return AssignableTo(c, x, NewSlice(c, ByteType()), nullptr);
}

// The element type that all slice types of x's type set share; null and a reason if there is none.
Type* SliceElem(Context& c, const Operand& x, std::string* cause) {
  Type* elem = nullptr;
  bool ok = EachType(x.type, [&](Type*, Type* u) {
    Slice* slice = As<Slice>(u);
    if (slice == nullptr) {
      *cause = x.is_nil() ? "argument must be a slice; have untyped nil"
                          : Text(c, "argument must be a slice; have ", x);
      return false;
    }
    if (elem != nullptr && !Identical(elem, slice->elem)) {
      *cause = Text(c, "mismatched slice element types ", elem, " and ", slice->elem, " in ", x);
      return false;
    }
    elem = slice->elem;
    return true;
  });
  return ok ? elem : nullptr;
}

bool AppendBuiltin(Context& c, Operand* x, BuiltinArgs& b) {
  std::string cause;
  Type* elem = SliceElem(c, *x, &cause);
  if (elem == nullptr) {
    Error(c, *x, "invalid append: ", cause);
    return false;
  }
  // append(bytes, string...) copies the string's bytes.
  bool has_string = false;
  Signature* sig = nullptr;
  if (b.args.size() == 2 && b.call->has_dots && AssignableToBytes(c, *x) &&
      StringOrBytes(b.args[1].type, &has_string) && has_string) {
    sig = MakeSignature(c, x->type, {x->type, b.args[1].type});
    sig->variadic = true;
  } else {
    sig = MakeSignature(c, x->type, {x->type, NewSlice(c, elem)});
    sig->variadic = true;
    CheckArguments(c, b.call, sig, b.args);
  }
  RecordBuiltinType(c, b.call->fun, sig);
  x->mode = Mode::kValue;
  return true;
}

// Whether `len` or `cap` applies to a value of this underlying type.
bool HasLength(Type* u, BuiltinId id) {
  u = ArrayPtrDeref(u);
  bool len = id == BuiltinId::kLen;
  return (len && (IsString(u) || As<Map>(u))) || As<Array>(u) || As<Slice>(u) || As<Chan>(u);
}

bool LenCap(Context& c, Operand* x, BuiltinArgs& b) {
  Mode mode = Mode::kInvalid;
  base::Constant value;
  Type* u = ArrayPtrDeref(Underlying(x->type));
  if (IsTypeParam(x->type)) {
    bool all = EachType(x->type, [&](Type*, Type* each) { return each != nullptr && HasLength(each, b.id); });
    if (all) mode = Mode::kValue;
  } else if (HasLength(u, b.id)) {
    mode = Mode::kValue;
    Array* array = As<Array>(u);
    if (array != nullptr && !c.env.has_call_or_recv) {
      mode = Mode::kConstant;
      value = array->length >= 0 ? c.constants.MakeInt64(array->length) : base::Constant::Unknown();
    } else if (IsString(u) && x->is_constant()) {
      mode = Mode::kConstant;
      value = c.constants.MakeInt64(static_cast<int64_t>(x->value.StringVal().size()));
    }
  }
  if (mode == Mode::kInvalid) {
    if (IsValid(Underlying(x->type))) Error(c, *x, kInvalidArg, *x, " for built-in ", InfoOf(b.id).name);
    return false;
  }
  if (mode != Mode::kConstant)
    RecordBuiltinType(c, b.call->fun, MakeSignature(c, Typ(BasicKind::kInt), {x->type}));
  x->mode = mode;
  x->type = Typ(BasicKind::kInt);
  x->value = value;
  return true;
}

bool Clear(Context& c, Operand* x, BuiltinArgs& b) {
  VerifyVersion(c, b.call->fun, 21, "clear");
  bool ok = EachType(x->type, [&](Type*, Type* u) {
    if (As<Map>(u) || As<Slice>(u)) return true;
    Error(c, *x, kInvalidArg, "cannot clear ", *x, ": argument must be (or constrained by) map or slice");
    return false;
  });
  return ok && NoValue(c, x, b, {x->type});
}

bool Close(Context& c, Operand* x, BuiltinArgs& b) {
  bool ok = EachType(x->type, [&](Type*, Type* u) {
    Chan* chan = As<Chan>(u);
    if (chan != nullptr && chan->dir != ChanDir::kRecvOnly) return true;
    Error(c, *x, kInvalidOp, "cannot close ", chan == nullptr ? "non-channel " : "receive-only channel ", *x);
    return false;
  });
  return ok && NoValue(c, x, b, {x->type});
}

// f applied to x's type; for a type parameter a new one constrained by the results (which
// Go reports as unsupported). Null where f is undefined.
Type* ApplyTypeFunc(Context& c, const Operand& x, BuiltinId id, Type* (*f)(Type*)) {
  TypeParam* tparam = As<TypeParam>(Unalias(x.type));
  if (tparam == nullptr) return f(x.type);
  std::vector<Term> terms;
  bool ok = EachTerm(TypeSetOf(InterfaceOf(tparam)), [&](const Term* term) {
    Type* result = term != nullptr ? f(term->type) : nullptr;
    if (result != nullptr) terms.push_back({term->tilde, result});
    return result != nullptr;
  });
  if (!ok) return nullptr;
  SoftError(c, x, x, " not supported as argument to built-in ", InfoOf(id).name,
            " for go1.18 (see go.dev/issue/50937)");
  Union* u = NewType<Union>(c);
  u->terms = c.arena.Copy(terms);
  Interface* bound = NewInterface(c);
  bound->embeddeds.Push(c.arena, u);
  bound->complete = true;
  TypeParam* result =
      NewTypeParam(c, NewTypeName(c, diag::Pos(), c.env.pkg, tparam->object->name, nullptr), bound);
  result->index = tparam->index;
  return result;
}

// Maps basic kinds; null for other types.
Type* MapBasic(Type* type, std::initializer_list<std::pair<BasicKind, BasicKind>> table) {
  Basic* basic = Under<Basic>(type);
  if (basic == nullptr) return nullptr;
  for (auto [from, to] : table)
    if (basic->basic == from) return Typ(to);
  return nullptr;
}
Type* ComplexOf(Type* type) {
  return MapBasic(type, {{BasicKind::kFloat32, BasicKind::kComplex64},
                         {BasicKind::kFloat64, BasicKind::kComplex128},
                         {BasicKind::kUntypedFloat, BasicKind::kUntypedComplex}});
}
Type* PartOf(Type* type) {
  return MapBasic(type, {{BasicKind::kComplex64, BasicKind::kFloat32},
                         {BasicKind::kComplex128, BasicKind::kFloat64},
                         {BasicKind::kUntypedComplex, BasicKind::kUntypedFloat}});
}

// The parts of complex(x, y) take each other's type where one is untyped.
void MatchParts(Context& c, Operand* x, Operand* y) {
  bool ux = IsUntyped(x->type), uy = IsUntyped(y->type);
  if (ux && uy) {
    if (x->is_constant() && y->is_constant()) {
      for (Operand* part : {x, y})
        if (IsNumeric(part->type) && c.constants.Sign(c.constants.Imag(part->value)) == 0)
          part->type = Typ(BasicKind::kUntypedFloat);
    } else {
      // One holds an untyped shift: its conversion to a float is an error.
      ConvertUntyped(c, x, Typ(BasicKind::kFloat64));
      ConvertUntyped(c, y, Typ(BasicKind::kFloat64));
    }
  } else if (ux) {
    ConvertUntyped(c, x, y->type);
  } else if (uy) {
    ConvertUntyped(c, y, x->type);
  }
}

bool ComplexBuiltin(Context& c, Operand* x, BuiltinArgs& b) {
  Operand* y = &b.args[1];
  MatchParts(c, x, y);
  if (!x->valid() || !y->valid()) return false;
  if (!Identical(x->type, y->type)) {
    Error(c, *x, kInvalidOp, b.call, " (mismatched types ", x->type, " and ", y->type, ")");
    return false;
  }
  Type* result = ApplyTypeFunc(c, *x, b.id, ComplexOf);
  if (result == nullptr) {
    Error(c, *x, kInvalidArg, "arguments have type ", x->type, ", expected floating-point");
    return false;
  }
  if (x->is_constant() && y->is_constant()) {
    x->value = c.constants.BinaryOp(c.constants.ToFloat(x->value), base::ConstantOp::kAdd,
                                    c.constants.MakeImag(c.constants.ToFloat(y->value)));
  } else {
    x->mode = Mode::kValue;
    RecordBuiltinType(c, b.call->fun, MakeSignature(c, result, {x->type, x->type}));
  }
  x->type = result;
  return true;
}

bool RealImag(Context& c, Operand* x, BuiltinArgs& b) {
  if (IsUntyped(x->type)) {
    if (x->is_constant()) {
      if (IsNumeric(x->type)) x->type = Typ(BasicKind::kUntypedComplex);
    } else {
      ConvertUntyped(c, x, Typ(BasicKind::kComplex128));
      if (!x->valid()) return false;
    }
  }
  Type* result = ApplyTypeFunc(c, *x, b.id, PartOf);
  if (result == nullptr) {
    Error(c, *x, kInvalidArg, "argument has type ", x->type, ", expected complex type");
    return false;
  }
  if (x->is_constant()) {
    x->value = b.id == BuiltinId::kReal ? c.constants.Real(x->value) : c.constants.Imag(x->value);
  } else {
    x->mode = Mode::kValue;
    RecordBuiltinType(c, b.call->fun, MakeSignature(c, result, {x->type}));
  }
  x->type = result;
  return true;
}

bool Copy(Context& c, Operand* x, BuiltinArgs& b) {
  Operand& y = b.args[1];
  bool has_string = false;
  if (!AssignableToBytes(c, *x) || !StringOrBytes(y.type, &has_string)) {
    std::string cause;
    Type* to = SliceElem(c, *x, &cause);
    if (to == nullptr) {
      Error(c, *x, "invalid copy: ", cause);
      return false;
    }
    Type* from = SliceElem(c, y, &cause);
    if (from == nullptr) {
      if (!AllBasic(y.type, kIsString)) {
        Error(c, y, "invalid copy: ", cause);
        return false;
      }
      from = ByteType();
    }
    if (!Identical(to, from)) {
      Error(c, *x, "invalid copy: arguments ", *x, " and ", y, " have different element types ", to, " and ",
            from);
      return false;
    }
  }
  RecordBuiltinType(c, b.call->fun, MakeSignature(c, Typ(BasicKind::kInt), {x->type, y.type}));
  x->mode = Mode::kValue;
  x->type = Typ(BasicKind::kInt);
  return true;
}

bool Delete(Context& c, Operand* x, BuiltinArgs& b) {
  Type* map_type = x->type;
  Type* key = nullptr;
  bool ok = EachType(map_type, [&](Type*, Type* u) {
    Map* map = As<Map>(u);
    if (map == nullptr) {
      Error(c, *x, kInvalidArg, *x, " is not a map");
      return false;
    }
    if (key != nullptr && !Identical(map->key, key)) {
      Error(c, *x, kInvalidArg, "maps of ", *x, " must have identical key types");
      return false;
    }
    key = map->key;
    return true;
  });
  if (!ok) return false;
  *x = b.args[1];
  Assignment(c, x, key, "argument to delete");
  return x->valid() && NoValue(c, x, b, {map_type, key});
}

bool Make(Context& c, Operand* x, BuiltinArgs& b) {
  syntax::Expr* type_arg = b.call->args[0];
  Type* type = VarType(c, type_arg);
  if (!IsValid(type)) return false;
  std::string cause;
  Type* u = CommonUnder(
      c, type,
      [](Type*, Type* each, std::string* why) {
        if (As<Slice>(each) || As<Map>(each) || As<Chan>(each)) return true;
        *why = each == nullptr ? "no specific type" : "type must be slice, map, or channel";
        return false;
      },
      &cause);
  if (u == nullptr) {
    Error(c, type_arg, kInvalidArg, "cannot make ", type_arg, ": ", cause);
    return false;
  }
  size_t least = As<Slice>(u) ? 2 : 1, given = b.call->args.size();
  if (given < least || given > least + 1) {
    Error(c, b.call, kInvalidOp, b.call, " expects ", least, " or ", least + 1, " arguments; found ", given);
    return false;
  }
  std::vector<Type*> types{type};
  std::vector<int64_t> sizes;
  for (syntax::Expr* arg : b.call->args.subspan(1)) {
    IndexValue index = Index(c, arg, -1);
    types.push_back(index.type);
    if (index.value >= 0) sizes.push_back(index.value);
  }
  if (sizes.size() == 2 && sizes[0] > sizes[1])
    Error(c, b.call->args[1], kInvalidArg, "length and capacity swapped");
  x->mode = Mode::kValue;
  x->type = type;
  RecordBuiltinType(c, b.call->fun, MakeSignature(c, type, types));
  return true;
}

bool MinMax(Context& c, Operand* x, BuiltinArgs& b) {
  VerifyVersion(c, b.call->fun, 21, "built-in ", InfoOf(b.id).name);
  base::ConstantOp op = b.id == BuiltinId::kMax ? base::ConstantOp::kGtr : base::ConstantOp::kLss;
  for (size_t i = 0; i < b.args.size(); ++i) {
    Operand& a = b.args[i];
    if (!AllBasic(a.type, kIsOrdered)) {
      Error(c, a, kInvalidArg, a, " cannot be ordered");
      return false;
    }
    if (i == 0) continue;
    MatchTypes(c, x, &a);
    if (!x->valid()) return false;
    if (!Identical(x->type, a.type)) {
      Error(c, a, kInvalidArg, "mismatched types ", x->type, " (previous argument) and ", a.type,
            " (type of ", a.expr, ")");
      return false;
    }
    if (!x->is_constant() || !a.is_constant()) {
      x->mode = Mode::kValue;
    } else if (c.constants.Compare(a.value, op, x->value)) {
      *x = a;
    }
  }
  if (!x->is_constant()) {
    x->mode = Mode::kValue;
    Assignment(c, x, EmptyInterface(), "argument to built-in " + std::string(InfoOf(b.id).name));
    if (!x->valid()) return false;
  }
  for (const Operand& a : b.args) UpdateExprType(c, a.expr, x->type, true);
  if (!x->is_constant())
    RecordBuiltinType(c, b.call->fun, MakeSignature(c, x->type, std::vector<Type*>(b.args.size(), x->type)));
  return true;
}

bool New(Context& c, Operand* x, BuiltinArgs& b) {
  syntax::Expr* arg = b.call->args[0];
  ExprOrType(c, x, arg, false);
  if (x->mode == Mode::kNoValue || x->mode == Mode::kBuiltin) ExcludeNonValues(c, x);
  if (!x->valid()) return false;
  if (x->mode == Mode::kTypeExpr) {
    ValidVarType(c, arg, x->type);
  } else {
    if (IsUntyped(x->type)) {
      Assignment(c, x, nullptr, "argument to new");
      if (!x->valid()) return false;
    }
    VerifyVersion(c, b.call->fun, 26, "new(", arg, ")");
  }
  Type* type = x->type;
  x->mode = Mode::kValue;
  x->type = NewPointer(c, type);
  RecordBuiltinType(c, b.call->fun, MakeSignature(c, x->type, {type}));
  return true;
}

bool Panic(Context& c, Operand* x, BuiltinArgs& b) {
  if (c.env.panics != nullptr) c.env.panics->insert(b.call);
  Assignment(c, x, EmptyInterface(), "argument to panic");
  return x->valid() && NoValue(c, x, b, {EmptyInterface()});
}

bool PrintBuiltin(Context& c, Operand* x, BuiltinArgs& b) {
  std::vector<Type*> params;
  for (Operand& a : b.args) {
    Assignment(c, &a, nullptr, "argument to built-in " + std::string(InfoOf(b.id).name));
    if (!a.valid()) return false;
    params.push_back(a.type);
  }
  return NoValue(c, x, b, params);
}

bool RecoverBuiltin(Context& c, Operand* x, BuiltinArgs& b) {
  x->mode = Mode::kValue;
  x->type = EmptyInterface();
  RecordBuiltinType(c, b.call->fun, MakeSignature(c, x->type, {}));
  return true;
}

bool Assert(Context& c, Operand* x, BuiltinArgs& b) {
  if (!x->is_constant() || !IsBoolean(x->type)) {
    Error(c, *x, kInvalidArg, *x, " is not a boolean constant");
    return false;
  }
  if (!x->value.BoolVal()) Error(c, b.call, b.call, " failed");
  return true;
}

bool Trace(Context& c, Operand* x, BuiltinArgs& b) {
  x->mode = Mode::kNoValue;
  Operand rest;
  for (size_t i = 0; i < b.call->args.size(); ++i)
    RawExpr(c, nullptr, i == 0 ? x : &rest, b.call->args[i], nullptr, false);
  return x->valid();
}

using Handler = bool (*)(Context&, Operand*, BuiltinArgs&);
Handler HandlerOf(BuiltinId id) {
  switch (id) {
    case BuiltinId::kAppend:
      return AppendBuiltin;
    case BuiltinId::kCap:
    case BuiltinId::kLen:
      return LenCap;
    case BuiltinId::kClear:
      return Clear;
    case BuiltinId::kClose:
      return Close;
    case BuiltinId::kComplex:
      return ComplexBuiltin;
    case BuiltinId::kCopy:
      return Copy;
    case BuiltinId::kDelete:
      return Delete;
    case BuiltinId::kImag:
    case BuiltinId::kReal:
      return RealImag;
    case BuiltinId::kMake:
      return Make;
    case BuiltinId::kMax:
    case BuiltinId::kMin:
      return MinMax;
    case BuiltinId::kNew:
      return New;
    case BuiltinId::kPanic:
      return Panic;
    case BuiltinId::kPrint:
    case BuiltinId::kPrintln:
      return PrintBuiltin;
    case BuiltinId::kRecover:
      return RecoverBuiltin;
    case BuiltinId::kAssert:
      return Assert;
    case BuiltinId::kTrace:
      return Trace;
    default:
      return UnsafeBuiltin;
  }
}

// These evaluate their arguments themselves: types, selectors, anything.
bool EvaluatesItself(BuiltinId id) {
  return id == BuiltinId::kMake || id == BuiltinId::kNew || id == BuiltinId::kUnsafeOffsetof ||
         id == BuiltinId::kTrace;
}

}  // namespace

const BuiltinInfo& InfoOf(BuiltinId id) {
  return kInfo[static_cast<size_t>(id)];
}

Signature* MakeSignature(Context& c, Type* result, std::span<Type* const> params) {
  std::vector<Var*> vars;
  for (Type* type : params)
    vars.push_back(NewVar(c, VarKind::kParam, diag::Pos(), nullptr, base::Name(), Default(type)));
  Signature* sig = NewType<Signature>(c);
  sig->params = NewTuple(c, vars);
  if (result != nullptr) {
    Var* var = NewVar(c, VarKind::kResult, diag::Pos(), nullptr, base::Name(), result);
    sig->results = NewTuple(c, std::span<Var* const>(&var, 1));
  }
  return sig;
}

bool NoValue(Context& c, Operand* x, BuiltinArgs& b, std::span<Type* const> params) {
  RecordBuiltinType(c, b.call->fun, MakeSignature(c, nullptr, params));
  x->mode = Mode::kNoValue;
  return true;
}

bool BuiltinCall(Context& c, Operand* x, syntax::CallExpr* call, BuiltinId id) {
  const BuiltinInfo& info = InfoOf(id);
  if (call->has_dots && id != BuiltinId::kAppend) {
    Error(c, call, kInvalidOp, "invalid use of ... with built-in ", info.name);
    Use(c, call->args);
    return false;
  }
  // Whether len(x) is constant depends on calls and receives in x alone.
  bool outer = c.env.has_call_or_recv;
  bool measures = id == BuiltinId::kLen || id == BuiltinId::kCap;
  if (measures) c.env.has_call_or_recv = false;

  BuiltinArgs b{call, id, {}};
  size_t given = call->args.size();
  bool ok = true;
  if (!EvaluatesItself(id)) {
    b.args = ExprList(c, call->args);
    given = b.args.size();
    for (const Operand& a : b.args) ok = ok && a.valid();
    if (ok && given > 0) *x = b.args[0];
  }
  if (ok && (given < static_cast<size_t>(info.arguments) ||
             (!info.variadic && given > static_cast<size_t>(info.arguments)))) {
    Error(c, call, kInvalidOp, given < static_cast<size_t>(info.arguments) ? "not enough" : "too many",
          " arguments for ", call, " (expected ", info.arguments, ", found ", given, ")");
    ok = false;
  }
  ok = ok && HandlerOf(id)(c, x, b);
  if (measures) c.env.has_call_or_recv = outer;
  return ok;
}

}  // namespace escapement::types
