// Declarations: resolving objects, with detection of cycles.
#pragma once

#include <span>

#include "engine/types/context.h"
#include "engine/types/object.h"

namespace escapement::types {

// Gives a package-level object or method its type, unless it has one or is under way
// (then the cycle is judged).
void ObjDecl(Context& c, Object* object);
// Declares `object` in `scope` and records it for `name` (may be null); reports a redeclaration.
void Declare(Context& c, Scope* scope, syntax::Name* name, Object* object, diag::Pos scope_pos);
void DeclStmt(Context& c, std::span<syntax::Decl* const> list);
// Declares type parameters and their constraints; the list is stored in *list before
// the constraints are checked.
void CollectTypeParams(Context& c, std::span<TypeParam*>* list, std::span<syntax::Field* const> fields);
TypeParam* DeclareTypeParam(Context& c, syntax::Name* name, diag::Pos scope_pos);
void CollectMethods(Context& c, TypeName* object);
void CycleError(Context& c, std::span<Object* const> cycle, size_t start);
size_t FirstInSource(std::span<Object* const> path);
// False (and an error) if values of the type under declaration would have no finite size.
bool FiniteSize(Context& c, Type* type);
// Reports a named type that contains itself.
void ValidType(Context& c, Named* type);
// Counts of names and initial values must match.
void CheckArity(Context& c, diag::Pos pos, std::span<syntax::Name* const> names,
                std::span<syntax::Expr* const> values, bool is_const, bool inherited);

// Collecting and package phases.
void CollectObjects(Context& c, Package* pkg, std::span<syntax::File*> files);
void DirectCycles(Context& c, Package* pkg);
void PackageObjects(Context& c, Package* pkg);
void UnusedImports(Context& c);
// Checks the body of a library function, parsing it first if need be.
void CheckFuncBody(Context& c, Func* func);
void ComputeInitOrder(Context& c, Package* pkg);

// Splits a receiver type into pointer, base and type parameter names.
struct ReceiverParts {
  bool pointer = false;
  syntax::Expr* base = nullptr;
  std::vector<syntax::Name*> tparams;
};
ReceiverParts UnpackReceiver(Context& c, syntax::Expr* type, bool unpack_params);

// Notes that the declaration under check depends on a package-level object.
void AddDeclDep(Context& c, Object* to);

void OpenScope(Context& c, const syntax::Node* node);
void CloseScope(Context& c);

}  // namespace escapement::types
