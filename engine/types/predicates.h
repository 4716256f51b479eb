// Predicates over types: identity, what operators need, comparability, defaults.
#pragma once

#include <functional>
#include <string>
#include <unordered_set>

#include "engine/types/object.h"
#include "engine/types/type.h"

namespace escapement::types {

// Type identity of the Go specification. The flags ignore struct tags, or treat an
// invalid type as identical to any.
bool Identical(Type* x, Type* y);
bool IdenticalIgnoreTags(Type* x, Type* y);
bool IdenticalIgnoreInvalid(Type* x, Type* y);
// Whether both are instances of, or are, the same declared type.
bool IdenticalOrigin(const Named* x, const Named* y);
bool IdenticalInstance(Type* xorig, TypeList xargs, Type* yorig, TypeList yargs);
// A hash of a type as it is written: byte and uint8, an alias and its type differ.
uint64_t HashType(Type* type);

bool IsValid(Type* t);  // false if an error was reported for it
// The underlying type is a basic type with one of the properties. Type parameters are not looked into.
bool IsBasic(Type* t, uint16_t info);
inline bool IsBoolean(Type* t) {
  return IsBasic(t, kIsBoolean);
}
inline bool IsInteger(Type* t) {
  return IsBasic(t, kIsInteger);
}
inline bool IsUnsigned(Type* t) {
  return IsBasic(t, kIsUnsigned);
}
inline bool IsFloat(Type* t) {
  return IsBasic(t, kIsFloat);
}
inline bool IsComplex(Type* t) {
  return IsBasic(t, kIsComplex);
}
inline bool IsNumeric(Type* t) {
  return IsBasic(t, kIsNumeric);
}
inline bool IsString(Type* t) {
  return IsBasic(t, kIsString);
}
inline bool IsConstantType(Type* t) {
  return IsBasic(t, kIsConstType);
}
// Like IsBasic, but for a type parameter all types of its type set must qualify.
bool AllBasic(Type* t, uint16_t info);

bool HasName(Type* t);  // predeclared, defined or type parameter
bool IsTyped(Type* t);
inline bool IsUntyped(Type* t) {
  return !IsTyped(t);
}
bool IsUntypedNumeric(Type* t);
bool IsInterface(Type* t);  // type parameters included
bool IsTypeParam(Type* t);
bool IsNonTypeParamInterface(Type* t);
bool IsInterfacePointer(Type* t);
bool IsPointer(Type* t);
bool IsGeneric(Type* t);  // a generic type that is not instantiated
bool IsBytesOrRunes(Type* t);
bool HasNil(Type* t);
bool HasEmptyTypeSet(Type* t);

// Whether values of the type can be compared; with `dynamic`, interfaces count as
// comparable although the comparison may panic.
bool Comparable(Type* t, bool dynamic = true);
// Same; on false `cause` gets the reason (may stay empty).
bool ComparableCause(Context* c, Type* t, bool dynamic, std::string* cause,
                     std::unordered_set<Type*>* seen = nullptr);

// The type an untyped value takes by default; other types themselves.
Type* Default(Type* t);
// The larger of two untyped numeric types, or the common type; else null.
Type* MaxType(Type* x, Type* y);

// The base of a pointer type (aliases looked through), else the type itself.
Type* Deref(Type* t, bool* is_pointer = nullptr);
// Under *array, the array.
Type* ArrayPtrDeref(Type* t);

bool SamePackage(const Package* a, const Package* b);

}  // namespace escapement::types
