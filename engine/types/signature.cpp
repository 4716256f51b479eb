// Function types: parameters, results and receivers.
#include "engine/types/assign.h"
#include "engine/types/decl.h"
#include "engine/types/errors.h"
#include "engine/types/predicates.h"
#include "engine/types/record.h"
#include "engine/types/subst.h"
#include "engine/types/typexpr.h"

namespace escapement::types {

namespace {

struct Parameters {
  std::vector<syntax::Name*> names;  // null for unnamed ones
  std::vector<Var*> vars;
  bool variadic = false;
};

Parameters CollectParams(Context& c, VarKind kind, std::span<syntax::Field* const> fields) {
  Parameters result;
  Type* type = nullptr;
  syntax::Expr* previous = nullptr;
  for (size_t i = 0; i < fields.size(); ++i) {
    syntax::Field* f = fields[i];
    if (f->type_expr != previous) {
      previous = f->type_expr;
      syntax::Expr* type_expr = f->type_expr;
      if (auto* dots = syntax::As<syntax::DotsType>(type_expr)) {
        type_expr = dots->elem;
        if (kind == VarKind::kParam && i + 1 == fields.size()) {
          result.variadic = true;
        } else {
          Error(c, dots, "invalid syntax tree: invalid use of ...");
        }
      }
      type = VarType(c, type_expr);
    }
    // Parameters are declared after all types were checked, so that a type cannot mean a parameter.
    Var* var = nullptr;
    if (f->name != nullptr) {
      var = NewVar(c, kind, f->name->pos, c.env.pkg, f->name->name, type);
    } else {
      var = NewVar(c, kind, f->pos, c.env.pkg, {}, type);
      f->implicit_object = var;
    }
    result.names.push_back(f->name);
    result.vars.push_back(var);
  }
  if (result.variadic) {
    Var* last = result.vars.back();
    last->type = NewSlice(c, last->type);
    RecordType(c, fields.back()->type_expr, last->type);
  }
  return result;
}

void DeclareParams(Context& c, const Parameters& params, diag::Pos scope_pos) {
  for (size_t i = 0; i < params.names.size(); ++i) {
    if (params.names[i] != nullptr) Declare(c, c.env.scope, params.names[i], params.vars[i], scope_pos);
  }
}

Type* Unpointer(Type* t) {
  while (auto* pointer = As<Pointer>(t)) t = pointer->base;
  return t;
}

// Whether a method may be declared on the receiver's type.
void CheckReceiver(Context& c, syntax::Expr* base, Var* recv) {
  Type* type = Deref(recv->type);
  Type* actual = Unalias(type);
  if (!IsValid(actual)) return;
  if (auto* named = As<Named>(actual)) {
    if (Obj(named)->pkg != c.env.pkg) {
      Error(c, base, "cannot define new methods on non-local type ", type);
      return;
    }
    const char* cause = nullptr;
    Type* u = Underlying(named);
    if (auto* basic = As<Basic>(u); basic != nullptr && basic->basic == BasicKind::kUnsafePointer) {
      cause = "unsafe.Pointer";
    } else if (u->kind == TypeKind::kPointer || u->kind == TypeKind::kInterface) {
      cause = "pointer or interface type";
    }
    if (cause != nullptr) Error(c, base, "invalid receiver type ", type, " (", cause, ")");
  } else if (As<Basic>(actual) != nullptr) {
    Error(c, base, "cannot define new methods on non-local type ", type);
  } else {
    Error(c, base, "invalid receiver type ", recv->type);
  }
}

// Records the types of (*T) and its parts.
void RecordReceiverTypes(Context& c, syntax::Expr* e, Type* type) {
  for (;;) {
    RecordType(c, e, type);
    if (auto* paren = syntax::As<syntax::ParenExpr>(e)) {
      e = paren->x;
      continue;
    }
    auto* op = syntax::As<syntax::Operation>(e);
    auto* pointer = As<Pointer>(type);
    if (op == nullptr || op->op != syntax::Operator::kMul || op->y != nullptr || pointer == nullptr) return;
    e = op->x;
    type = pointer->base;
  }
}

// A receiver of a type that is not generic, or an alias of one.
Type* PlainReceiver(Context& c, syntax::Field* field, const ReceiverParts& parts) {
  Type* type = VarType(c, field->type_expr);
  // An alias may stand for an instantiated type, which cannot have methods of its own.
  auto* alias = As<Alias>(Unpointer(type));
  while (alias != nullptr) {
    Type* base = Unpointer(alias->rhs);
    auto* named = As<Named>(base);
    auto* next = As<Alias>(base);
    if ((named != nullptr && !TypeParams(named).empty()) || (next != nullptr && !next->tparams.empty())) {
      Error(c, parts.base, "cannot define new methods on instantiated type ", base);
      return InvalidType();
    }
    alias = next;
  }
  return type;
}

// A receiver T[P, Q]: declares P and Q with the bounds of T's parameters.
Type* GenericReceiver(Context& c, syntax::Field* field, const ReceiverParts& parts, diag::Pos scope_pos,
                      std::span<TypeParam*>* tparams) {
  Named* base = nullptr;
  std::string cause;
  Type* generic = GenericType(c, parts.base, &cause);
  if (IsValid(generic)) {
    base = As<Named>(generic);
    if (base == nullptr) Error(c, parts.base, "cannot define new methods on generic alias type ", generic);
  } else if (!cause.empty()) {
    Error(c, parts.base, cause);
  }
  std::vector<TypeParam*> list;
  std::vector<Type*> targs;
  for (syntax::Name* name : parts.tparams) {
    TypeParam* tparam = DeclareTypeParam(c, name, scope_pos);
    tparam->index = static_cast<int>(list.size());
    list.push_back(tparam);
    targs.push_back(tparam);
    // It is a use of the type's parameter as well as a declaration.
    RecordObject(name, tparam->object);
    RecordType(c, name, tparam);
  }
  *tparams = c.arena.Copy(list);
  if (base == nullptr) return InvalidType();

  std::span<TypeParam*> base_params = TypeParams(base);
  if (list.size() == base_params.size()) {
    SubstMap map = SubstMap::Rename(base_params, list);
    for (size_t i = 0; i < list.size(); ++i) {
      RecordCanon(c, list[i], base_params[i]);
      list[i]->bound = Subst(c, list[i]->object->pos, base_params[i]->bound, map);
    }
  } else {
    Error(c, parts.base, "receiver declares ", Measure(static_cast<int>(list.size()), "type parameter"),
          ", but receiver base type declares ", base_params.size());
  }
  VerifyVersion(c, parts.base, 18, "type instantiation");
  Type* type = Instantiate(c, field->type_expr->pos, base, targs);
  RecordInstance(c, parts.base, targs, type);
  if (parts.pointer && IsValid(type)) type = NewPointer(c, type);
  RecordReceiverTypes(c, field->type_expr, type);
  return type;
}

Var* CollectReceiver(Context& c, syntax::Field* field, diag::Pos scope_pos, std::span<TypeParam*>* tparams) {
  ReceiverParts parts = UnpackReceiver(c, field->type_expr, true);
  Type* type = parts.tparams.empty() ? PlainReceiver(c, field, parts)
                                     : GenericReceiver(c, field, parts, scope_pos, tparams);
  Var* recv = nullptr;
  if (field->name != nullptr && !field->name->name.empty()) {
    recv = NewVar(c, VarKind::kRecv, field->name->pos, c.env.pkg, field->name->name, type);
  } else {
    recv = NewVar(c, VarKind::kRecv, field->pos, c.env.pkg, {}, type);
    field->implicit_object = recv;
  }
  LaterVerify(c, [&c, base = parts.base, recv] { CheckReceiver(c, base, recv); });
  return recv;
}

}  // namespace

void FuncType(Context& c, Signature* sig, syntax::Field* recv_field, std::span<syntax::Field* const> tparams,
              syntax::FuncType* e) {
  OpenScope(c, e);
  c.env.scope->is_func = true;
  e->scope = c.env.scope;
  sig->scope = c.env.scope;
  Var* recv = nullptr;
  std::span<TypeParam*> rparams;
  if (recv_field != nullptr) recv = CollectReceiver(c, recv_field, e->pos, &rparams);
  if (!tparams.empty()) CollectTypeParams(c, &sig->tparams, tparams);
  Parameters params = CollectParams(c, VarKind::kParam, e->params);
  Parameters results = CollectParams(c, VarKind::kResult, e->results);
  diag::Pos scope_pos = syntax::EndPos(e);
  if (recv != nullptr && !recv->name.empty()) Declare(c, c.env.scope, recv_field->name, recv, scope_pos);
  DeclareParams(c, params, scope_pos);
  DeclareParams(c, results, scope_pos);
  sig->recv = recv;
  sig->rparams = rparams;
  sig->params = NewTuple(c, params.vars);
  sig->results = NewTuple(c, results.vars);
  sig->variadic = params.variadic;
  CloseScope(c);
}

}  // namespace escapement::types
