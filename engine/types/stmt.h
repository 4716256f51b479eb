// Statements and function bodies.
#pragma once

#include "engine/types/context.h"

namespace escapement::types {

// Checks a body in the scope of `sig`. `iota` has a value for literals in constant declarations.
void FuncBody(Context& c, Package* pkg, DeclInfo* decl, Signature* sig, syntax::BlockStmt* body,
              base::Constant iota);
// Whether control cannot flow past the end of the body.
bool IsTerminatingBody(Context& c, syntax::BlockStmt* body);
void RangeStmt(Context& c, uint32_t inner, syntax::ForStmt* stmt, syntax::RangeClause* clause);
void Stmt(Context& c, uint32_t flags, syntax::Stmt* stmt);

// Key and value types of `range` over the type (null where there is none); false and a
// reason if one cannot.
struct RangeTypes {
  Type* key = nullptr;
  Type* value = nullptr;
  std::string cause;
  bool ok = false;
};
RangeTypes RangeKeyValue(Context& c, Type* type);

}  // namespace escapement::types
