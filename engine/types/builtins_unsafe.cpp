// The functions of package unsafe.
#include <unordered_map>

#include "engine/types/assign.h"
#include "engine/types/builtins_internal.h"
#include "engine/types/lookup.h"
#include "engine/types/predicates.h"
#include "engine/types/record.h"
#include "engine/types/sizes.h"
#include "engine/types/typeset.h"

namespace escapement::types {

namespace {

// Whether the size of a type depends on type parameters, or is not known yet because of a cycle.
bool HasVarSize(Type* type, std::unordered_map<Named*, bool>& seen) {
  Named* named = AsNamed(type);
  if (named != nullptr) {
    auto [entry, fresh] = seen.emplace(named, true);
    if (!fresh) return entry->second;
  }
  bool varies = false;
  Type* u = Underlying(type);
  if (Array* array = As<Array>(u)) {
    varies = HasVarSize(array->elem, seen);
  } else if (Struct* s = As<Struct>(u)) {
    for (Var* field : s->fields) varies = varies || HasVarSize(field->type, seen);
  } else if (As<Interface>(u)) {
    varies = IsTypeParam(type);
  }
  if (named != nullptr) seen[named] = varies;
  return varies;
}

}  // namespace

bool HasVarSize(Type* type) {
  std::unordered_map<Named*, bool> seen;
  return HasVarSize(type, seen);
}

namespace {

// Makes x the uintptr constant `value`, or a uintptr value if the size is variable.
bool UintptrResult(Context& c, Operand* x, BuiltinArgs& b, Type* param, int64_t value, bool variable) {
  if (!variable && value < 0) {
    Error(c, *x, *x, " is too large");
    return false;
  }
  if (variable) {
    x->mode = Mode::kValue;
    RecordBuiltinType(c, b.call->fun, MakeSignature(c, Typ(BasicKind::kUintptr), {param}));
  } else {
    x->mode = Mode::kConstant;
    x->value = c.constants.MakeInt64(value);
  }
  x->type = Typ(BasicKind::kUintptr);
  return true;
}

bool SizeofAlignof(Context& c, Operand* x, BuiltinArgs& b) {
  bool size = b.id == BuiltinId::kUnsafeSizeof;
  Assignment(c, x, nullptr, size ? "argument to unsafe.Sizeof" : "argument to unsafe.Alignof");
  if (!x->valid()) return false;
  bool variable = HasVarSize(x->type);
  int64_t value = variable ? 0 : size ? SizeOf(x->type) : AlignOf(x->type);
  return UintptrResult(c, x, b, x->type, value, variable);
}

// The struct type behind a pointer to struct, else the type itself.
Type* DerefStructPtr(Type* type) {
  Pointer* pointer = Under<Pointer>(type);
  return pointer != nullptr && Under<Struct>(pointer->base) ? pointer->base : type;
}

// Offset of the field that the index path leads to; negative if too large.
int64_t OffsetOfPath(Type* type, std::span<const int> path) {
  int64_t offset = 0;
  for (int i : path) {
    Struct* s = Under<Struct>(type);
    int64_t field = OffsetsOf(s->fields)[static_cast<size_t>(i)];
    if (field < 0 || __builtin_add_overflow(offset, field, &offset)) return -1;
    type = s->fields[static_cast<size_t>(i)]->type;
  }
  return offset;
}

bool Offsetof(Context& c, Operand* x, BuiltinArgs& b) {
  syntax::Expr* arg = b.call->args[0];
  auto* selector = syntax::As<syntax::SelectorExpr>(syntax::Unparen(arg));
  if (selector == nullptr) {
    Error(c, arg, kInvalidArg, arg, " is not a selector expression");
    Use(c, arg);
    return false;
  }
  Expr(c, x, selector->x);
  if (!x->valid()) return false;
  Type* base = DerefStructPtr(x->type);
  base::Name name = selector->sel->name;
  LookupResult found = LookupFieldOrMethod(base, false, c.env.pkg, name);
  if (found.object == nullptr) {
    Error(c, *x, kInvalidArg, base, " has no single field ", name);
    return false;
  }
  if (found.object->kind == ObjectKind::kFunc) {
    Error(c, arg, kInvalidArg, arg, " is a method value");
    return false;
  }
  if (found.indirect) {
    Error(c, *x, kInvalidArg, "field ", name, " is embedded via a pointer in ", base);
    return false;
  }
  RecordSelection(c, selector, SelectionKind::kFieldVal, base, found.object, found.index, false);
  Operand field;
  field.mode = x->mode == Mode::kVariable ? Mode::kVariable : Mode::kValue;
  field.expr = selector;
  field.type = found.object->type;
  Record(c, field);
  std::unordered_map<Named*, bool> seen;
  bool variable = HasVarSize(base, seen);
  return UintptrResult(c, x, b, found.object->type, variable ? 0 : OffsetOfPath(base, found.index), variable);
}

// Makes x a value of `result`, for a call with these parameters.
bool ValueResult(Context& c, Operand* x, BuiltinArgs& b, Type* result, std::initializer_list<Type*> params) {
  x->mode = Mode::kValue;
  x->type = result;
  RecordBuiltinType(c, b.call->fun, MakeSignature(c, result, params));
  return true;
}

bool Add(Context& c, Operand* x, BuiltinArgs& b) {
  VerifyVersion(c, b.call->fun, 17, "unsafe.Add");
  Type* pointer = Typ(BasicKind::kUnsafePointer);
  Assignment(c, x, pointer, "argument to unsafe.Add");
  if (!x->valid() || !IsValidIndex(c, &b.args[1], "length", true)) return false;
  return ValueResult(c, x, b, pointer, {pointer, b.args[1].type});
}

bool SliceOf(Context& c, Operand* x, BuiltinArgs& b) {
  VerifyVersion(c, b.call->fun, 17, "unsafe.Slice");
  Pointer* pointer = As<Pointer>(CommonUnder(c, x->type));
  if (pointer == nullptr) {
    Error(c, *x, kInvalidArg, *x, " is not a pointer");
    return false;
  }
  if (!IsValidIndex(c, &b.args[1], "length", false)) return false;
  return ValueResult(c, x, b, NewSlice(c, pointer->base), {pointer, b.args[1].type});
}

bool SliceDataOf(Context& c, Operand* x, BuiltinArgs& b) {
  VerifyVersion(c, b.call->fun, 20, "unsafe.SliceData");
  Slice* slice = As<Slice>(CommonUnder(c, x->type));
  if (slice == nullptr) {
    Error(c, *x, kInvalidArg, *x, " is not a slice");
    return false;
  }
  return ValueResult(c, x, b, NewPointer(c, slice->elem), {slice});
}

bool StringOf(Context& c, Operand* x, BuiltinArgs& b) {
  VerifyVersion(c, b.call->fun, 20, "unsafe.String");
  Type* bytes = NewPointer(c, ByteType());
  Assignment(c, x, bytes, "argument to unsafe.String");
  if (!x->valid() || !IsValidIndex(c, &b.args[1], "length", false)) return false;
  return ValueResult(c, x, b, Typ(BasicKind::kString), {bytes, b.args[1].type});
}

bool StringDataOf(Context& c, Operand* x, BuiltinArgs& b) {
  VerifyVersion(c, b.call->fun, 20, "unsafe.StringData");
  Assignment(c, x, Typ(BasicKind::kString), "argument to unsafe.StringData");
  if (!x->valid()) return false;
  return ValueResult(c, x, b, NewPointer(c, ByteType()), {Typ(BasicKind::kString)});
}

}  // namespace

bool UnsafeBuiltin(Context& c, Operand* x, BuiltinArgs& b) {
  switch (b.id) {
    case BuiltinId::kUnsafeAdd:
      return Add(c, x, b);
    case BuiltinId::kUnsafeAlignof:
    case BuiltinId::kUnsafeSizeof:
      return SizeofAlignof(c, x, b);
    case BuiltinId::kUnsafeOffsetof:
      return Offsetof(c, x, b);
    case BuiltinId::kUnsafeSlice:
      return SliceOf(c, x, b);
    case BuiltinId::kUnsafeSliceData:
      return SliceDataOf(c, x, b);
    case BuiltinId::kUnsafeString:
      return StringOf(c, x, b);
    case BuiltinId::kUnsafeStringData:
      return StringDataOf(c, x, b);
    default:
      UNREACHABLE("a built-in of the language");
  }
}

}  // namespace escapement::types
