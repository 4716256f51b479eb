// Recording: what the checker writes into the syntax tree. An expression whose slot holds
// an untyped type has no final type yet; the tree itself is types2's map of those.
#pragma once

#include <span>

#include "engine/types/context.h"
#include "engine/types/operand.h"

namespace escapement::types {

void Record(Context& c, const Operand& x);
void RecordTypeAndValue(Context& c, syntax::Expr* e, Mode mode, Type* type, base::Constant value);
void RecordType(Context& c, syntax::Expr* e, Type* type);
// Gives a built-in's name (parentheses included) the signature it was called with.
void RecordBuiltinType(Context& c, syntax::Expr* f, Signature* sig);
// Makes the type of a comma-ok expression the tuple (t0, t1).
void RecordCommaOk(Context& c, syntax::Expr* e, Type* t0, Type* t1);
void RecordInstance(Context& c, syntax::Expr* e, TypeList targs, Type* type);
void RecordObject(syntax::Name* name, Object* object);
void RecordSelection(Context& c, syntax::SelectorExpr* e, SelectionKind kind, Type* recv, Object* object,
                     std::span<const int> index, bool indirect);
// The type recorded for e, or null.
Type* RecordedType(const syntax::Expr* e);

}  // namespace escapement::types
