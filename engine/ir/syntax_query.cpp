// Questions about the typed syntax tree that gc's writer asks.
#include "engine/ir/body.h"
#include "engine/types/typeset.h"

namespace escapement::ir {

using namespace syntax;  // the tree's node types

ObjectUse LookupObject(syntax::Expr* expr) {
  if (auto* index = As<syntax::IndexExpr>(static_cast<syntax::Node*>(expr))) {
    std::span<syntax::Expr* const> list = UnpackListExpr(index->index);
    if (list.size() == 1 && list[0]->mode != ExprMode::kTypeExpr) return {};
    expr = Unparen(index->x);
  }
  if (auto* sel = As<SelectorExpr>(static_cast<syntax::Node*>(expr))) {
    auto* name = As<syntax::Name>(static_cast<syntax::Node*>(sel->x));
    if (name == nullptr || types::As<types::PkgName>(name->object) == nullptr) return {};
    return {sel->sel->object, sel->sel->instance};
  }
  if (auto* name = As<syntax::Name>(static_cast<syntax::Node*>(expr))) return {name->object, name->instance};
  return {};
}

types::Type* CoreType(types::Context& c, types::Type* type) {
  if (types::Type* u = types::CommonUnder(c, type)) return u;
  return types::Underlying(type);
}

std::pair<types::Type*, types::Type*> RangeKeyValue(types::Context& c, types::Type* type) {
  types::Type* core = CoreType(c, type);
  auto integer = [] { return static_cast<types::Type*>(types::Typ(types::BasicKind::kInt)); };
  switch (core->kind) {
    case types::TypeKind::kBasic: {
      auto* basic = static_cast<types::Basic*>(core);
      if (basic->info & types::kIsString) return {integer(), types::RuneType()};
      if (basic->info & types::kIsInteger) return {type, nullptr};
      break;
    }
    case types::TypeKind::kArray:
      return {integer(), static_cast<types::Array*>(core)->elem};
    case types::TypeKind::kPointer: {
      auto* array = types::Under<types::Array>(static_cast<types::Pointer*>(core)->base);
      if (array != nullptr) return {integer(), array->elem};
      break;
    }
    case types::TypeKind::kSlice:
      return {integer(), static_cast<types::Slice*>(core)->elem};
    case types::TypeKind::kMap:
      return {static_cast<types::Map*>(core)->key, static_cast<types::Map*>(core)->elem};
    case types::TypeKind::kChan:
      return {static_cast<types::Chan*>(core)->elem, nullptr};
    default:
      break;
  }
  return {nullptr, nullptr};
}

}  // namespace escapement::ir
