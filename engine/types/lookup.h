// Look-up of fields and methods, and what is missing for an interface.
#pragma once

#include <string>
#include <vector>

#include "engine/types/context.h"
#include "engine/types/object.h"

namespace escapement::types {

// What x.name finds. If `object` is null: a non-empty `index` means the name is ambiguous,
// `indirect` that the method needs a pointer receiver.
struct LookupResult {
  Object* object = nullptr;
  std::vector<int> index;  // path through embedded fields, then the field's or method's index
  bool indirect = false;   // a pointer was followed
};
LookupResult LookupFieldOrMethod(Type* type, bool addressable, const Package* pkg, base::Name name,
                                 bool fold_case = false);
int FieldIndex(std::span<Var* const> fields, const Package* pkg, base::Name name, bool fold_case);

// The first method of interface T that V lacks (or has with another signature), or null;
// `cause` gets the text in parentheses. With `is_static` false, V's dynamic type may have it.
using TypeEquivalence = bool (*)(void* data, Type* x, Type* y);
Func* MissingMethod(Context& c, Type* v, Type* t, bool is_static, TypeEquivalence equivalent, void* data,
                    std::string* cause, bool* wrong_type);
bool HasAllMethods(Context& c, Type* v, Type* t, bool is_static, TypeEquivalence equivalent, void* data,
                   std::string* cause);
// Plain identity as a TypeEquivalence.
bool IdenticalTypes(void* data, Type* x, Type* y);
// "type T is pointer to interface, not interface".
std::string InterfacePtrError(Context& c, Type* t);
// Why a selector or struct literal key was not found; `found` differs in spelling only.
std::string LookupError(Context& c, Type* type, base::Name name, Object* found, bool struct_literal);

}  // namespace escapement::types
