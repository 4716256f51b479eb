#include "engine/types/typexpr.h"

#include "engine/types/convert.h"
#include "engine/types/decl.h"
#include "engine/types/errors.h"
#include "engine/types/expr.h"
#include "engine/types/predicates.h"
#include "engine/types/printing.h"
#include "engine/types/record.h"
#include "engine/types/subst.h"
#include "engine/types/typeset.h"

namespace escapement::types {

using syntax::NodeKind;

namespace {

// Marks what a use of the object marks, and turns it into an operand.
void UseObject(Context& c, Operand* x, syntax::Name* e, Object* object) {
  switch (object->kind) {
    case ObjectKind::kPkgName:
      Error(c, e, "use of package ", object->name, " not in selector");
      return;
    case ObjectKind::kConst:
      AddDeclDep(c, object);
      if (!IsValid(object->type)) return;
      if (object == c.universe.iota) {
        if (!c.env.iota.has_value()) {
          Error(c, e, "cannot use iota outside constant declaration");
          return;
        }
        x->value = c.env.iota;
      } else {
        x->value = As<Const>(object)->value;
      }
      x->mode = Mode::kConstant;
      break;
    case ObjectKind::kTypeName:
      x->mode = Mode::kTypeExpr;
      break;
    case ObjectKind::kVar:
      // A dot-imported variable is not ours to mark.
      if (object->pkg == c.env.pkg) As<Var>(object)->used = true;
      AddDeclDep(c, object);
      if (!IsValid(object->type)) return;
      x->mode = Mode::kVariable;
      break;
    case ObjectKind::kFunc:
      AddDeclDep(c, object);
      x->mode = Mode::kValue;
      break;
    case ObjectKind::kBuiltin:
      x->id = As<Builtin>(object)->id;
      x->mode = Mode::kBuiltin;
      break;
    case ObjectKind::kNil:
      x->mode = Mode::kNilValue;
      break;
  }
  x->type = object->type;
}

}  // namespace

void Ident(Context& c, Operand* x, syntax::Name* e, bool want_type) {
  x->mode = Mode::kInvalid;
  x->expr = e;
  Scope* scope = nullptr;
  Object* object = LookupName(c, e->name, &scope);
  if (object == nullptr) {
    if (e->text() == "_") {
      Error(c, e, "cannot use _ as value or type");
    } else if (!e->name.empty()) {
      Error(c, e, "undefined: ", e->name);
    }
    return;
  }
  if (object == c.universe.comparable || object == c.universe.any->object) {
    if (!VerifyVersion(c, e, 18, "predeclared ", e->name)) return;
  }
  RecordObject(e, object);
  bool is_type = object->kind == ObjectKind::kTypeName;
  if (!is_type && want_type) {
    Error(c, e, object->name, " (", ObjectKindString(object), ") is not a type");
    // Avoid "declared and not used".
    if (Var* var = As<Var>(object); var != nullptr && var->pkg == c.env.pkg) var->used = true;
    return;
  }
  // A type of this package is resolved again so that cycles through it are noticed.
  if (object->type == nullptr ||
      (is_type && want_type && object->pkg == c.env.pkg && object->pkg != nullptr)) {
    ObjDecl(c, object);
  }
  if (!c.dot_imports.empty()) {
    auto import = c.dot_imports.find({scope, object->name.id()});
    if (import != c.dot_imports.end()) import->second->used = true;
  }
  UseObject(c, x, e, object);
}

Type* TypeExpr(Context& c, syntax::Expr* e) {
  return DeclaredType(c, e, nullptr);
}

Type* VarType(Context& c, syntax::Expr* e) {
  Type* type = DeclaredType(c, e, nullptr);
  ValidVarType(c, e, type);
  return type;
}

void ValidVarType(Context& c, syntax::Expr* e, Type* type) {
  // Type parameters are fine, and whether a type is an interface is known when all is set up.
  if (IsTypeParam(type) || As<Basic>(type) != nullptr) return;
  LaterVerify(c, [&c, e, type] {
    auto* iface = Under<Interface>(type);
    if (iface == nullptr) return;
    TypeSet* set = ComputeTypeSet(c, syntax::StartPos(e), iface);
    if (set->IsMethodSet()) return;
    SoftError(c, e, "cannot use type ", type, " outside a type constraint: interface ",
              set->comparable ? "is (or embeds) comparable" : "contains type constraints");
  });
}

namespace {

// The operand of a name or selector as a type.
Type* OperandType(Context& c, const Operand& x) {
  switch (x.mode) {
    case Mode::kTypeExpr:
      return x.type;
    case Mode::kInvalid:
      break;  // reported
    case Mode::kNoValue:
      Error(c, x, x, " used as type");
      break;
    default:
      Error(c, x, x, " is not a type");
  }
  return InvalidType();
}

// The length in [n]T; -1 after an error.
int64_t ArrayLength(Context& c, syntax::Expr* e) {
  // [P]T as a type parameter list gone wrong deserves its own message.
  if (auto* name = syntax::As<syntax::Name>(e)) {
    Object* object = LookupName(c, name->name);
    if (object == nullptr) {
      Error(c, name, "undefined array length ", name->name, " or missing type constraint");
      return -1;
    }
    if (object->kind != ObjectKind::kConst) {
      Error(c, name, "invalid array length ", name->name);
      return -1;
    }
  }
  Operand x;
  Expr(c, &x, e);
  if (!x.is_constant()) {
    if (x.valid()) Error(c, x, "array length ", x, " must be constant");
    return -1;
  }
  if (IsUntyped(x.type) || IsInteger(x.type)) {
    base::Constant value = c.constants.ToInt(x.value);
    if (value.kind() == base::ConstantKind::kInt &&
        RepresentableConst(c, value, Typ(BasicKind::kInt), nullptr)) {
      bool exact = false;
      int64_t length = c.constants.Int64Val(value, &exact);
      if (exact && length >= 0) return length;
    }
  }
  if (IsInteger(x.type)) {
    Error(c, x, "invalid array length ", x);
  } else {
    Error(c, x, "array length ", x, " must be integer");
  }
  return -1;
}

Type* ArrayTypeExpr(Context& c, syntax::ArrayType* e) {
  auto* type = NewType<Array>(c);
  if (e->len != nullptr) {
    type->length = ArrayLength(c, e->len);
  } else {
    // [...] is handled by composite literals.
    Error(c, e, "invalid use of [...] array (outside a composite literal)");
    type->length = -1;
  }
  type->elem = VarType(c, e->elem);
  return type->length >= 0 ? static_cast<Type*>(type) : InvalidType();
}

Type* PointerTypeExpr(Context& c, syntax::Operation* e) {
  auto* type = NewPointer(c, InvalidType());
  type->base = VarType(c, e->x);
  // A pointer to something invalid is invalid: fewer follow-on errors.
  return IsValid(type->base) ? static_cast<Type*>(type) : InvalidType();
}

Type* MapTypeExpr(Context& c, syntax::MapType* e) {
  auto* type = NewType<Map>(c);
  type->key = VarType(c, e->key);
  type->elem = VarType(c, e->value_type);
  // Comparability is known when all types are set up.
  LaterVerify(c, [&c, type, e] {
    if (Comparable(type->key)) return;
    Error(c, e->key, "invalid map key type ", type->key,
          IsTypeParam(type->key) ? " (missing comparable constraint)" : "");
  });
  return type;
}

Type* ChanTypeExpr(Context& c, syntax::ChanType* e) {
  auto* type = NewType<Chan>(c);
  switch (e->dir) {
    case syntax::ChanDir::kBoth:
      type->dir = ChanDir::kSendRecv;
      break;
    case syntax::ChanDir::kSendOnly:
      type->dir = ChanDir::kSendOnly;
      break;
    case syntax::ChanDir::kRecvOnly:
      type->dir = ChanDir::kRecvOnly;
      break;
  }
  type->elem = VarType(c, e->elem);
  return type;
}

std::span<TypeParam*> TypeParamsOf(Type* type) {
  if (auto* named = As<Named>(type)) return TypeParams(named);
  if (auto* alias = As<Alias>(type)) return alias->tparams;
  return {};
}

// x[targs]
Type* InstantiatedType(Context& c, syntax::Expr* x, std::span<syntax::Expr* const> xlist) {
  std::string cause;
  Type* generic = GenericType(c, x, &cause);
  if (!cause.empty()) Error(c, x, kInvalidOp, x, xlist, " (", cause, ")");
  if (!IsValid(generic)) return generic;
  std::vector<Type*> targs;
  if (!TypeExprList(c, xlist, &targs)) return InvalidType();
  TypeList owned = c.arena.Copy(targs);
  Type* instance = Instantiate(c, x->pos, generic, owned);
  if (instance->kind != TypeKind::kNamed && instance->kind != TypeKind::kAlias) return InvalidType();

  RecordInstance(c, x, owned, instance);
  // Constraints are verified when the type's declaration is set up.
  std::vector<syntax::Expr*> args(xlist.begin(), xlist.end());
  LaterVerify(c, [&c, x, args, owned, instance] {
    std::span<TypeParam*> tparams = TypeParamsOf(instance);
    base::Name name =
        instance->kind == TypeKind::kNamed ? Obj(As<Named>(instance))->name : Obj(As<Alias>(instance))->name;
    if (!ValidateTypeArgCount(c, x->pos, name.str(), tparams.size(), owned.size())) return;
    std::string why;
    int i = VerifyInstance(c, x->pos, tparams, owned, &why);
    if (i >= 0) {
      auto n = static_cast<size_t>(i);
      SoftError(c, n < args.size() ? At(args[n]) : At(x->pos), why);
    } else {
      RecordMonoInstance(c, c.env.pkg, x->pos, tparams, owned, args);
    }
  });
  return instance;
}

Type* NotAType(Context& c, syntax::Expr* e) {
  Error(c, e, e, " is not a type");
  Use(c, e);
  return InvalidType();
}

Type* TypeByKind(Context& c, syntax::Expr* e, TypeName* def) {
  switch (e->kind) {
    case NodeKind::kBadExpr:
      return InvalidType();
    case NodeKind::kName: {
      Operand x;
      Ident(c, &x, syntax::To<syntax::Name>(e), true);
      return OperandType(c, x);
    }
    case NodeKind::kSelectorExpr: {
      Operand x;
      Selector(c, &x, syntax::To<syntax::SelectorExpr>(e), true);
      return OperandType(c, x);
    }
    case NodeKind::kIndexExpr: {
      auto* index = syntax::To<syntax::IndexExpr>(e);
      VerifyVersion(c, e, 18, "type instantiation");
      return InstantiatedType(c, index->x, syntax::UnpackListExpr(index->index));
    }
    case NodeKind::kParenExpr:
      // Generic types must be instantiated before parentheses.
      return DeclaredType(c, syntax::To<syntax::ParenExpr>(e)->x, def);
    case NodeKind::kArrayType:
      return ArrayTypeExpr(c, syntax::To<syntax::ArrayType>(e));
    case NodeKind::kSliceType: {
      auto* type = NewSlice(c, nullptr);
      type->elem = VarType(c, syntax::To<syntax::SliceType>(e)->elem);
      return type;
    }
    case NodeKind::kDotsType:
      Error(c, e, "invalid syntax tree: invalid use of ...");
      return InvalidType();
    case NodeKind::kStructType: {
      auto* type = NewType<Struct>(c);
      StructType(c, type, syntax::To<syntax::StructType>(e));
      return type;
    }
    case NodeKind::kOperation: {
      auto* op = syntax::To<syntax::Operation>(e);
      if (op->op == syntax::Operator::kMul && op->y == nullptr) return PointerTypeExpr(c, op);
      return NotAType(c, e);
    }
    case NodeKind::kFuncType: {
      auto* type = NewType<Signature>(c);
      FuncType(c, type, nullptr, {}, syntax::To<syntax::FuncType>(e));
      return type;
    }
    case NodeKind::kInterfaceType: {
      Interface* type = NewInterface(c);
      InterfaceType(c, type, syntax::To<syntax::InterfaceType>(e), def);
      return type;
    }
    case NodeKind::kMapType:
      return MapTypeExpr(c, syntax::To<syntax::MapType>(e));
    case NodeKind::kChanType:
      return ChanTypeExpr(c, syntax::To<syntax::ChanType>(e));
    default:
      return NotAType(c, e);
  }
}

}  // namespace

Type* DeclaredType(Context& c, syntax::Expr* e, TypeName* def) {
  Type* type = TypeByKind(c, e, def);
  if (IsGeneric(type)) {
    Error(c, e, "cannot use generic type ", type, " without instantiation");
    type = InvalidType();
  }
  RecordType(c, e, type);
  return type;
}

Type* GenericType(Context& c, syntax::Expr* e, std::string* cause) {
  Type* type = TypeByKind(c, e, nullptr);
  if (IsValid(type) && !IsGeneric(type)) {
    if (cause != nullptr) *cause = Text(c, type, " is not a generic type");
    type = InvalidType();
  }
  RecordType(c, e, type);
  return type;
}

bool TypeExprList(Context& c, std::span<syntax::Expr* const> list, std::vector<Type*>* types) {
  bool ok = true;
  types->clear();
  for (syntax::Expr* e : list) {
    Type* type = VarType(c, e);
    ok = ok && IsValid(type);
    types->push_back(type);
  }
  if (!ok) types->clear();
  return ok;
}

}  // namespace escapement::types
