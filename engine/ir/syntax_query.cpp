// Questions about the typed syntax tree that gc's writer asks.
#include "engine/ir/body.h"
#include "engine/types/typeset.h"

namespace escapement::ir {

using namespace syntax;  // the tree's node types

namespace {

struct ChildVisitor {
  const std::function<void(syntax::Node*)>& f;

  void One(syntax::Node* n) {
    if (n != nullptr) f(n);
  }
  template <typename T>
  void All(std::span<T*> list) {
    for (T* n : list) One(n);
  }

  void Decl(syntax::Node* n) {
    switch (n->kind) {
      case NodeKind::kConstDecl:
        One(To<ConstDecl>(n)->values);
        break;
      case NodeKind::kVarDecl:
        One(To<VarDecl>(n)->type_expr), One(To<VarDecl>(n)->values);
        break;
      case NodeKind::kTypeDecl:
        One(To<TypeDecl>(n)->type_expr);
        break;
      case NodeKind::kFuncDecl:
        One(To<FuncDecl>(n)->body);
        break;
      case NodeKind::kFile:
        All(To<File>(n)->decls);
        break;
      default:
        break;
    }
  }

  void Expr(syntax::Node* n) {
    switch (n->kind) {
      case NodeKind::kCompositeLit:
        One(To<CompositeLit>(n)->type_expr), All(To<CompositeLit>(n)->elems);
        break;
      case NodeKind::kKeyValueExpr:
        One(To<KeyValueExpr>(n)->key), One(To<KeyValueExpr>(n)->value_expr);
        break;
      case NodeKind::kFuncLit:
        One(To<FuncLit>(n)->type_expr), One(To<FuncLit>(n)->body);
        break;
      case NodeKind::kParenExpr:
        One(To<ParenExpr>(n)->x);
        break;
      case NodeKind::kSelectorExpr:
        One(To<SelectorExpr>(n)->x);
        break;
      case NodeKind::kIndexExpr:
        One(To<IndexExpr>(n)->x), One(To<IndexExpr>(n)->index);
        break;
      case NodeKind::kSliceExpr:
        One(To<SliceExpr>(n)->x);
        for (syntax::Expr* i : To<SliceExpr>(n)->index) One(i);
        break;
      case NodeKind::kAssertExpr:
        One(To<AssertExpr>(n)->x), One(To<AssertExpr>(n)->type_expr);
        break;
      case NodeKind::kTypeSwitchGuard:
        One(To<TypeSwitchGuard>(n)->x);
        break;
      case NodeKind::kOperation:
        One(To<Operation>(n)->x), One(To<Operation>(n)->y);
        break;
      case NodeKind::kCallExpr:
        One(To<CallExpr>(n)->fun), All(To<CallExpr>(n)->args);
        break;
      case NodeKind::kListExpr:
        All(To<ListExpr>(n)->elems);
        break;
      default:
        break;
    }
  }

  void Stmt(syntax::Node* n) {
    switch (n->kind) {
      case NodeKind::kLabeledStmt:
        One(To<LabeledStmt>(n)->stmt);
        break;
      case NodeKind::kBlockStmt:
        All(To<BlockStmt>(n)->list);
        break;
      case NodeKind::kExprStmt:
        One(To<ExprStmt>(n)->x);
        break;
      case NodeKind::kSendStmt:
        One(To<SendStmt>(n)->chan), One(To<SendStmt>(n)->value);
        break;
      case NodeKind::kDeclStmt:
        All(To<DeclStmt>(n)->decls);
        break;
      case NodeKind::kAssignStmt:
        One(To<AssignStmt>(n)->lhs), One(To<AssignStmt>(n)->rhs);
        break;
      case NodeKind::kCallStmt:
        One(To<CallStmt>(n)->call);
        break;
      case NodeKind::kReturnStmt:
        One(To<ReturnStmt>(n)->results);
        break;
      case NodeKind::kIfStmt: {
        auto* s = To<IfStmt>(n);
        One(s->init), One(s->cond), One(s->then), One(s->else_stmt);
        break;
      }
      case NodeKind::kForStmt: {
        auto* s = To<ForStmt>(n);
        One(s->init), One(s->cond), One(s->post), One(s->body);
        break;
      }
      case NodeKind::kSwitchStmt: {
        auto* s = To<SwitchStmt>(n);
        One(s->init), One(s->tag), All(s->body);
        break;
      }
      case NodeKind::kSelectStmt:
        All(To<SelectStmt>(n)->body);
        break;
      case NodeKind::kRangeClause:
        One(To<RangeClause>(n)->lhs), One(To<RangeClause>(n)->x);
        break;
      case NodeKind::kCaseClause:
        One(To<CaseClause>(n)->cases), All(To<CaseClause>(n)->body);
        break;
      case NodeKind::kCommClause:
        One(To<CommClause>(n)->comm), All(To<CommClause>(n)->body);
        break;
      default:
        break;
    }
  }
};

}  // namespace

void ForEachSyntaxChild(syntax::Node* node, const std::function<void(syntax::Node*)>& f) {
  ChildVisitor v{f};
  if (IsExpr(node->kind))
    v.Expr(node);
  else if (IsDecl(node->kind) || node->kind == NodeKind::kFile)
    v.Decl(node);
  else
    v.Stmt(node);
}

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
