#include "engine/types/decl.h"

#include <unordered_map>

#include "engine/base/check.h"
#include "engine/types/assign.h"
#include "engine/types/const_group.h"
#include "engine/types/errors.h"
#include "engine/types/expr.h"
#include "engine/types/objset.h"
#include "engine/types/predicates.h"
#include "engine/types/record.h"
#include "engine/types/stmt.h"
#include "engine/types/typeset.h"
#include "engine/types/typexpr.h"

namespace escapement::types {

void OpenScope(Context& c, const syntax::Node* node) {
  c.env.scope = NewScope(c.arena, c.env.scope, node->pos, syntax::EndPos(node));
}

void CloseScope(Context& c) {
  c.env.scope = c.env.scope->parent;
}

void AddDeclDep(Context& c, Object* to) {
  DeclInfo* from = c.env.decl;
  // Only uses of package-level objects inside package-level declarations matter; methods of
  // instances are other objects than the declared ones.
  if (from == nullptr || to->decl == nullptr || to->pkg != c.env.pkg) return;
  if (auto* func = As<Func>(to); func != nullptr && func->origin != nullptr) return;
  for (Object* known : from->deps) {
    if (known == to) return;
  }
  from->deps.Push(c.arena, to);
}

void Declare(Context& c, Scope* scope, syntax::Name* name, Object* object, diag::Pos scope_pos) {
  // Blank identifiers are not declared, but recorded.
  if (object->name.text() != "_") {
    if (Object* other = scope->Insert(c.arena, object)) {
      Report(c).Add(object, object->name.str() + " redeclared in this block").AddAlternative(other).Emit();
      return;
    }
    object->scope_pos = scope_pos;
  }
  if (name != nullptr) RecordObject(name, object);
}

namespace {

void PushPath(Context& c, Object* object) {
  object->path_index = static_cast<int32_t>(c.path.size());
  c.path.push_back(object);
}

void PopPath(Context& c) {
  c.path.back()->path_index = -1;
  c.path.pop_back();
}

// Judges a cycle of declarations that ends in `object`, which is on the path. Values that
// depend on themselves alone are judged by initialisation order; types may be recursive
// through a type definition. Other cycles are errors.
bool ValidCycle(Context& c, Object* object) {
  std::span<Object* const> cycle(c.path);
  cycle = cycle.subspan(static_cast<size_t>(object->path_index));
  size_t values = 0, definitions = 0;
  for (Object* o : cycle) {
    switch (o->kind) {
      case ObjectKind::kConst:
      case ObjectKind::kVar:
        ++values;
        break;
      case ObjectKind::kTypeName:
        // A generic type in its own type parameter list is found by the expression checker.
        if (c.env.in_tparam_list && IsGeneric(o->type)) return true;
        if (!IsAlias(As<TypeName>(o))) ++definitions;
        break;
      default:
        break;  // functions do not matter
    }
  }
  if (values == cycle.size()) return true;
  if (values == 0 && definitions > 0) return true;
  CycleError(c, cycle, FirstInSource(cycle));
  return false;
}

void ConstDecl(Context& c, Const* object, syntax::Expr* type_expr, syntax::Expr* init, bool inherited) {
  base::Constant saved_iota = c.env.iota;
  diag::Pos saved_errpos = c.env.errpos;
  c.env.iota = object->value;
  c.env.errpos = {};
  object->value = base::Constant::Unknown();  // so that it has a value in case of errors
  bool valid_type = true;
  if (type_expr != nullptr) {
    Type* type = TypeExpr(c, type_expr);
    if (IsConstantType(type)) {
      object->type = type;
    } else {
      // Do not report an error if the type is an invalid C type or broken otherwise.
      if (IsValid(Underlying(type))) Error(c, type_expr, "invalid constant type ", type);
      object->type = InvalidType();
      valid_type = false;
    }
  }
  if (valid_type) {
    Operand x;
    if (init != nullptr) {
      // Errors in an inherited expression are reported at the constant that inherits it.
      if (inherited) c.env.errpos = object->pos;
      Expr(c, &x, init);
    }
    InitConst(c, object, &x);
  }
  c.env.iota = saved_iota;
  c.env.errpos = saved_errpos;
}

void VarDecl(Context& c, Var* object, std::span<Var* const> lhs, syntax::Expr* type_expr,
             syntax::Expr* init) {
  if (type_expr != nullptr) object->type = VarType(c, type_expr);
  if (init == nullptr) {
    // An error was reported by the arity check.
    if (type_expr == nullptr) object->type = InvalidType();
    return;
  }
  if (lhs.size() <= 1) {
    Target target = MakeTarget(object->type, object->name.text());
    Operand x;
    Expr(c, &target, &x, init);
    InitVar(c, object, &x, "variable declaration");
    return;
  }
  // One call initialises several variables, which then all get their types.
  if (type_expr != nullptr) {
    for (Var* var : lhs) var->type = object->type;
  }
  InitVars(c, lhs, std::span<syntax::Expr* const>(&init, 1), nullptr);
}

bool IsImportedConstraint(Context& c, Type* type) {
  Named* named = AsNamed(type);
  if (named == nullptr || Obj(named)->pkg == c.env.pkg || Obj(named)->pkg == nullptr) return false;
  auto* iface = Under<Interface>(named);
  return iface != nullptr && !TypeSetOf(iface)->IsMethodSet();
}

void AliasDecl(Context& c, TypeName* object, syntax::TypeDecl* decl, bool* version_error, Type** rhs_out) {
  if (!decl->tparams.empty() &&
      !VerifyVersion(c, At(static_cast<const syntax::Node*>(decl->tparams[0])), 23, "generic type alias")) {
    *version_error = true;
  }
  if (!*version_error && !VerifyVersion(c, At(static_cast<const syntax::Node*>(decl)), 9, "type alias")) {
    *version_error = true;
  }
  auto* alias = NewType<Alias>(c);
  alias->object = object;
  alias->origin = alias;
  object->type = alias;
  if (!decl->tparams.empty()) {
    OpenScope(c, decl);
    CollectTypeParams(c, &alias->tparams, decl->tparams);
  }
  Type* rhs = DeclaredType(c, decl->type_expr, object);
  // A cycle error may have set it meanwhile.
  alias->rhs = rhs;
  *rhs_out = rhs;
  if (auto* tparam = As<TypeParam>(rhs)) {
    for (TypeParam* own : alias->tparams) {
      if (own != tparam) continue;
      Error(c, decl->type_expr, "cannot use type parameter declared in alias declaration as RHS");
      alias->rhs = InvalidType();
    }
  }
  if (!decl->tparams.empty()) CloseScope(c);
}

void NamedDecl(Context& c, TypeName* object, syntax::TypeDecl* decl, bool* version_error, Type** rhs_out) {
  if (!decl->tparams.empty() &&
      !VerifyVersion(c, At(static_cast<const syntax::Node*>(decl->tparams[0])), 18, "type parameter")) {
    *version_error = true;
  }
  Named* named = NewNamed(c, object);
  object->type = named;
  if (!decl->tparams.empty()) {
    OpenScope(c, decl);
    CollectTypeParams(c, &named->tparams, decl->tparams);
  }
  Type* rhs = DeclaredType(c, decl->type_expr, object);
  named->rhs = rhs;
  *rhs_out = rhs;
  // The type set of a type parameter is not what a type's structure could be.
  if (IsTypeParam(rhs)) {
    Error(c, decl->type_expr, "cannot use a type parameter as RHS in type declaration");
    named->rhs = InvalidType();
  }
  if (!decl->tparams.empty()) CloseScope(c);
}

void TypeDecl(Context& c, TypeName* object, syntax::TypeDecl* decl) {
  struct State {
    bool version_error = false;
    Type* rhs = nullptr;
  };
  State* state = c.arena.New<State>();
  LaterVerify(c, [&c, object, decl, state] {
    if (Named* named = AsNamed(object->type)) ValidType(c, named);
    // Constraint interfaces of other packages need the language version for them.
    if (!state->version_error && state->rhs != nullptr && !AllowVersion(c, 18) &&
        IsImportedConstraint(c, state->rhs)) {
      VersionError(c, decl->type_expr, 18, Text(c, "using type constraint ", state->rhs));
    }
  });
  if (decl->alias) {
    AliasDecl(c, object, decl, &state->version_error, &state->rhs);
  } else {
    NamedDecl(c, object, decl, &state->version_error, &state->rhs);
  }
}

// The constraint of a type parameter; ~T and A|B mean the interface around them.
Type* BoundType(Context& c, syntax::Expr* e) {
  auto* op = syntax::As<syntax::Operation>(e);
  if (op == nullptr || (op->op != syntax::Operator::kTilde && op->op != syntax::Operator::kOr)) {
    return TypeExpr(c, e);
  }
  auto* iface = syntax::NewNode<syntax::InterfaceType>(c.arena, {});
  auto* field = syntax::NewNode<syntax::Field>(c.arena, {});
  field->type_expr = e;
  syntax::Field* fields[] = {field};
  iface->methods = c.arena.Copy(std::span<syntax::Field* const>(fields));
  Type* type = TypeExpr(c, iface);
  if (auto* result = As<Interface>(type)) result->implicit = true;
  return type;
}

// A field and a method may not have the same name.
void CheckFieldUniqueness(Context& c, Named* base) {
  auto* st = Under<Struct>(base);
  if (st == nullptr) return;
  ObjectSet set;
  for (Func* method : base->methods) set.Insert(method);
  for (Var* field : st->fields) {
    if (field->name.text() == "_") continue;
    Object* method = set.Insert(field);
    if (method == nullptr) continue;
    // Methods are declared outside the struct, so they are to blame.
    Report(c)
        .Add(method, "field and method with the same name " + field->name.str())
        .AddAlternative(field)
        .Emit();
  }
}

void FuncDecl(Context& c, Func* object, DeclInfo* info) {
  auto* sig = NewType<Signature>(c);
  object->type = sig;  // guards against cycles
  syntax::FuncDecl* decl = info->fdecl;
  FuncType(c, sig, decl->recv, decl->tparams, decl->type_expr);
  sig->scope->pos = decl->pos;
  sig->scope->end = syntax::EndPos(decl);
  bool has_body = decl->body != nullptr || decl->has_body;
  if (!decl->tparams.empty() && !has_body) {
    SoftError(c, At(static_cast<const syntax::Node*>(decl)), "generic function is missing function body");
  }
  // Bodies of library packages are checked by CheckBody.
  if (decl->body == nullptr || object->pkg->is_library) return;
  object->body_checked = true;
  Later(c, [&c, object, info, sig, decl] { FuncBody(c, object->pkg, info, sig, decl->body, {}); });
}

}  // namespace

void ObjDecl(Context& c, Object* object) {
  if (object->path_index >= 0) {
    // The object is being declared: a cycle.
    switch (object->kind) {
      case ObjectKind::kConst:
      case ObjectKind::kVar:
        if (!ValidCycle(c, object) || object->type == nullptr) object->type = InvalidType();
        break;
      case ObjectKind::kTypeName:
        if (!ValidCycle(c, object)) object->type = InvalidType();
        break;
      case ObjectKind::kFunc:
        // Functions have a type from the start, which other declarations may use incomplete.
        ValidCycle(c, object);
        break;
      default:
        UNREACHABLE("object cannot be declared");
    }
    return;
  }
  if (object->type != nullptr) return;
  DeclInfo* info = object->decl;
  ENSURE(info != nullptr, "object without declaration");
  PushPath(c, object);
  Environment saved = c.env;
  c.env = Environment{};
  c.env.pkg = object->pkg;
  c.env.scope = info->file;
  c.env.version = info->version;
  switch (object->kind) {
    case ObjectKind::kConst:
      c.env.decl = info;
      ConstDecl(c, As<Const>(object), info->vtype, info->init, info->inherited);
      break;
    case ObjectKind::kVar:
      c.env.decl = info;
      VarDecl(c, As<Var>(object), info->lhs, info->vtype, info->init);
      break;
    case ObjectKind::kTypeName:
      TypeDecl(c, As<TypeName>(object), info->tdecl);
      CollectMethods(c, As<TypeName>(object));
      break;
    case ObjectKind::kFunc:
      FuncDecl(c, As<Func>(object), info);
      break;
    default:
      UNREACHABLE("object cannot be declared");
  }
  c.env = saved;
  PopPath(c);
}

TypeParam* DeclareTypeParam(Context& c, syntax::Name* name, diag::Pos scope_pos) {
  // The bound is set later; an invalid one meanwhile keeps uses from crashing.
  TypeName* object = NewTypeName(c, name->pos, c.env.pkg, name->name, nullptr);
  TypeParam* tparam = NewTypeParam(c, object, InvalidType());
  Declare(c, c.env.scope, name, object, scope_pos);
  return tparam;
}

void CollectTypeParams(Context& c, std::span<TypeParam*>* list, std::span<syntax::Field* const> fields) {
  std::vector<TypeParam*> tparams;
  // All type parameters are visible in all constraints.
  diag::Pos scope_pos = fields[0]->pos;
  for (syntax::Field* f : fields) {
    TypeParam* tparam = DeclareTypeParam(c, f->name, scope_pos);
    tparam->index = static_cast<int>(tparams.size());
    tparams.push_back(tparam);
  }
  *list = c.arena.Copy(tparams);
  // Cycles through a type parameter list are judged on their own.
  c.env.in_tparam_list = true;
  Type* bound = nullptr;
  for (size_t i = 0; i < fields.size(); ++i) {
    // Parameters declared in one list share their constraint.
    if (i == 0 || fields[i]->type_expr != fields[i - 1]->type_expr) {
      bound = BoundType(c, fields[i]->type_expr);
      if (IsTypeParam(bound)) {
        Error(c, fields[i]->type_expr, "cannot use a type parameter as constraint");
        bound = InvalidType();
      }
    }
    tparams[i]->bound = bound;
  }
  c.env.in_tparam_list = false;
}

void CollectMethods(Context& c, TypeName* object) {
  auto found = c.methods.find(object);
  if (found == c.methods.end()) return;
  std::vector<Func*> methods = std::move(found->second);
  c.methods.erase(found);
  Named* base = AsNamed(object->type);
  ObjectSet set;
  if (base != nullptr) {
    LaterVerify(c, [&c, base] { CheckFieldUniqueness(c, base); });
    for (Func* method : base->methods) set.Insert(method);
  }
  for (Func* method : methods) {
    if (Object* other = set.Insert(method)) {
      if (other->pos.valid()) {
        Error(c, method->pos, "method ", object->name, ".", method->name, " already declared at ",
              other->pos);
      } else {
        Error(c, method->pos, "method ", object->name, ".", method->name, " already declared");
      }
      continue;
    }
    if (base != nullptr) base->methods.Push(c.arena, method);
  }
}

namespace {

void LocalConsts(Context& c, syntax::ConstDecl* s, const ConstGroup& group) {
  size_t top = c.delayed.size();
  auto values = group.values();
  std::vector<Const*> lhs;
  for (size_t i = 0; i < s->names.size(); ++i) {
    syntax::Name* name = s->names[i];
    Const* object = NewConst(c, name->pos, c.env.pkg, name->name, nullptr, c.constants.MakeInt64(group.iota));
    lhs.push_back(object);
    ConstDecl(c, object, group.type_expr(), i < values.size() ? values[i] : nullptr, group.inherited);
  }
  CheckArity(c, s->pos, s->names, values, true, group.inherited);
  // Function literals must be checked before the constants are declared.
  ProcessDelayed(c, top);
  diag::Pos scope_pos = syntax::EndPos(s);
  for (size_t i = 0; i < lhs.size(); ++i) Declare(c, c.env.scope, s->names[i], lhs[i], scope_pos);
}

void LocalVars(Context& c, syntax::VarDecl* s) {
  size_t top = c.delayed.size();
  std::vector<Var*> vars;
  for (syntax::Name* name : s->names) {
    vars.push_back(NewVar(c, VarKind::kLocal, name->pos, c.env.pkg, name->name, nullptr));
  }
  auto values = syntax::UnpackListExpr(s->values);
  for (size_t i = 0; i < vars.size(); ++i) {
    std::span<Var* const> lhs;
    syntax::Expr* init = nullptr;
    if (values.size() == s->names.size()) {
      init = values[i];
    } else if (values.size() == 1) {
      lhs = vars;  // n:1
      init = values[0];
    } else if (i < values.size()) {
      init = values[i];
    }
    VarDecl(c, vars[i], lhs, s->type_expr, init);
    // One expression: all variables were set by the first.
    if (values.size() == 1) break;
  }
  if (s->type_expr == nullptr || s->values != nullptr) CheckArity(c, s->pos, s->names, values, false, false);
  ProcessDelayed(c, top);
  diag::Pos scope_pos = syntax::EndPos(s);
  for (size_t i = 0; i < vars.size(); ++i) Declare(c, c.env.scope, s->names[i], vars[i], scope_pos);
}

void LocalType(Context& c, syntax::TypeDecl* s) {
  TypeName* object = NewTypeName(c, s->name->pos, c.env.pkg, s->name->name, nullptr);
  // A type's scope begins at its name, so that it can be recursive.
  Declare(c, c.env.scope, s->name, object, s->name->pos);
  PushPath(c, object);
  TypeDecl(c, object, s);
  PopPath(c);
}

}  // namespace

void DeclStmt(Context& c, std::span<syntax::Decl* const> list) {
  ConstGroup group;
  for (size_t i = 0; i < list.size(); ++i) {
    group.Next(list, i);
    if (auto* consts = syntax::As<syntax::ConstDecl>(list[i])) {
      LocalConsts(c, consts, group);
    } else if (auto* vars = syntax::As<syntax::VarDecl>(list[i])) {
      LocalVars(c, vars);
    } else if (auto* type = syntax::As<syntax::TypeDecl>(list[i])) {
      LocalType(c, type);
    } else {
      Error(c, static_cast<const syntax::Node*>(list[i]), "invalid syntax tree: unknown declaration");
    }
  }
}

void CheckArity(Context& c, diag::Pos pos, std::span<syntax::Name* const> names,
                std::span<syntax::Expr* const> values, bool is_const, bool inherited) {
  size_t left = names.size(), right = values.size();
  if (left < right) {
    syntax::Expr* extra = values[left];
    if (inherited) {
      Error(c, pos, "extra init expr at ", extra->pos);
    } else {
      Error(c, extra, "extra init expr ", extra);
    }
  } else if (left > right && (is_const || right != 1)) {
    // With one value it may be a multi-valued function.
    Error(c, names[right], "missing init expr for ", names[right]->name);
  }
}

}  // namespace escapement::types
