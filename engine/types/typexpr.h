// Type expressions and identifiers.
#pragma once

#include <string>
#include <vector>

#include "engine/types/context.h"
#include "engine/types/operand.h"

namespace escapement::types {

void Ident(Context& c, Operand* x, syntax::Name* e, bool want_type);
// The type e denotes; generic types must be instantiated.
Type* TypeExpr(Context& c, syntax::Expr* e);
// Same, for the type of a variable: constraint interfaces are refused.
Type* VarType(Context& c, syntax::Expr* e);
void ValidVarType(Context& c, syntax::Expr* e, Type* type);
// Same as TypeExpr, for the right-hand side of the declaration of `def`.
Type* DeclaredType(Context& c, syntax::Expr* e, TypeName* def);
Type* GenericType(Context& c, syntax::Expr* e, std::string* cause);
// Types of a list; false if one is invalid.
bool TypeExprList(Context& c, std::span<syntax::Expr* const> list, std::vector<Type*>* types);

void StructType(Context& c, Struct* type, syntax::StructType* e);
void InterfaceType(Context& c, Interface* type, syntax::InterfaceType* e, TypeName* def);
void FuncType(Context& c, Signature* sig, syntax::Field* recv, std::span<syntax::Field* const> tparams,
              syntax::FuncType* e);

}  // namespace escapement::types
