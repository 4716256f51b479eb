#include "engine/types/predicates.h"

#include <algorithm>

#include "engine/types/context.h"
#include "engine/types/errors.h"
#include "engine/types/subst.h"
#include "engine/types/typeset.h"

namespace escapement::types {

bool IsValid(Type* t) {
  auto* basic = As<Basic>(Unalias(t));
  return basic == nullptr || basic->basic != BasicKind::kInvalid;
}

bool IsBasic(Type* t, uint16_t info) {
  auto* basic = Under<Basic>(t);
  return basic != nullptr && (basic->info & info) != 0;
}

bool AllBasic(Type* t, uint16_t info) {
  if (auto* tparam = As<TypeParam>(Unalias(t))) {
    return EachTerm(TypeSetOf(InterfaceOf(tparam)),
                    [&](const Term* term) { return term != nullptr && IsBasic(term->type, info); });
  }
  return IsBasic(t, info);
}

bool HasName(Type* t) {
  TypeKind kind = Unalias(t)->kind;
  return kind == TypeKind::kBasic || kind == TypeKind::kNamed || kind == TypeKind::kTypeParam;
}

bool IsTyped(Type* t) {
  auto* basic = As<Basic>(t);
  return basic == nullptr || (basic->info & kIsUntyped) == 0;
}

bool IsUntypedNumeric(Type* t) {
  auto* basic = As<Basic>(t);
  return basic != nullptr && (basic->info & kIsUntyped) != 0 && (basic->info & kIsNumeric) != 0;
}

bool IsInterface(Type* t) {
  return Under<Interface>(t) != nullptr;
}

bool IsTypeParam(Type* t) {
  return As<TypeParam>(Unalias(t)) != nullptr;
}

bool IsNonTypeParamInterface(Type* t) {
  return !IsTypeParam(t) && IsInterface(t);
}

bool IsInterfacePointer(Type* t) {
  auto* pointer = Under<Pointer>(t);
  return pointer != nullptr && IsInterface(pointer->base);
}

bool IsPointer(Type* t) {
  return Under<Pointer>(t) != nullptr;
}

bool IsGeneric(Type* t) {
  if (auto* alias = As<Alias>(t); alias != nullptr && !alias->tparams.empty() && alias->targs.empty())
    return true;
  Named* named = AsNamed(t);
  return named != nullptr && !named->is_instance() && !named->tparams.empty();
}

bool IsBytesOrRunes(Type* t) {
  auto* slice = As<Slice>(t);
  if (slice == nullptr) return false;
  auto* elem = Under<Basic>(slice->elem);
  return elem != nullptr && (elem->basic == BasicKind::kUint8 || elem->basic == BasicKind::kInt32);
}

bool HasNil(Type* t) {
  Type* u = Underlying(t);
  switch (u->kind) {
    case TypeKind::kBasic:
      return static_cast<Basic*>(u)->basic == BasicKind::kUnsafePointer;
    case TypeKind::kSlice:
    case TypeKind::kPointer:
    case TypeKind::kSignature:
    case TypeKind::kMap:
    case TypeKind::kChan:
      return true;
    case TypeKind::kInterface:
      return !IsTypeParam(t) || EachType(t, [](Type*, Type* v) { return v != nullptr && HasNil(v); });
    default:
      return false;
  }
}

bool HasEmptyTypeSet(Type* t) {
  auto* tparam = As<TypeParam>(Unalias(t));
  if (tparam == nullptr || tparam->bound == nullptr) return false;
  // Type sets are not computed here: this only describes operands in messages.
  Type* bound = Unalias(tparam->bound);
  if (auto* named = As<Named>(bound)) bound = named->underlying;
  auto* iface = As<Interface>(bound);
  return iface != nullptr && iface->type_set != nullptr && iface->type_set->IsEmpty();
}

bool ComparableCause(Context* c, Type* t, bool dynamic, std::string* cause, std::unordered_set<Type*>* seen) {
  std::unordered_set<Type*> own;
  if (seen == nullptr) seen = &own;
  if (!seen->insert(t).second) return true;
  auto explain = [&](auto... parts) {
    if (c != nullptr && cause != nullptr) *cause = Text(*c, parts...);
    return false;
  };
  Type* u = Underlying(t);
  switch (u->kind) {
    case TypeKind::kBasic:
      // Untyped nil is not comparable; other basic types are.
      return static_cast<Basic*>(u)->basic != BasicKind::kUntypedNil;
    case TypeKind::kPointer:
    case TypeKind::kChan:
      return true;
    case TypeKind::kStruct:
      for (Var* field : static_cast<Struct*>(u)->fields) {
        if (!ComparableCause(c, field->type, dynamic, nullptr, seen)) {
          return explain("struct containing ", field->type, " cannot be compared");
        }
      }
      return true;
    case TypeKind::kArray:
      if (!ComparableCause(c, static_cast<Array*>(u)->elem, dynamic, nullptr, seen)) {
        return explain(t, " cannot be compared");
      }
      return true;
    case TypeKind::kInterface: {
      TypeSet* set = nullptr;
      if (dynamic && !IsTypeParam(t)) return true;
      set = TypeSetOf(static_cast<Interface*>(u));
      if (IsComparableSet(set, seen)) return true;
      return explain(set->IsEmpty() ? "empty type set" : "incomparable types in type set");
    }
    default:
      return false;
  }
}

bool Comparable(Type* t, bool dynamic) {
  return ComparableCause(nullptr, t, dynamic, nullptr);
}

Type* Deref(Type* t, bool* is_pointer) {
  if (is_pointer != nullptr) *is_pointer = false;
  auto* pointer = As<Pointer>(Unalias(t));
  if (pointer == nullptr) return t;
  if (is_pointer != nullptr) *is_pointer = true;
  return pointer->base != nullptr ? pointer->base : InvalidType();
}

Type* ArrayPtrDeref(Type* t) {
  if (auto* pointer = As<Pointer>(Unalias(t))) {
    if (auto* array = Under<Array>(pointer->base)) return array;
  }
  return t;
}

Type* Default(Type* t) {
  auto* basic = As<Basic>(t);
  if (basic == nullptr) return t;
  switch (basic->basic) {
    case BasicKind::kUntypedBool:
      return Typ(BasicKind::kBool);
    case BasicKind::kUntypedInt:
      return Typ(BasicKind::kInt);
    case BasicKind::kUntypedRune:
      return RuneType();
    case BasicKind::kUntypedFloat:
      return Typ(BasicKind::kFloat64);
    case BasicKind::kUntypedComplex:
      return Typ(BasicKind::kComplex128);
    case BasicKind::kUntypedString:
      return Typ(BasicKind::kString);
    default:
      return t;
  }
}

Type* MaxType(Type* x, Type* y) {
  if (x == y) return x;
  if (!IsUntypedNumeric(x) || !IsUntypedNumeric(y)) return nullptr;
  return As<Basic>(x)->basic > As<Basic>(y)->basic ? x : y;
}

}  // namespace escapement::types
