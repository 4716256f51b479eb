#include "engine/syntax/walk.h"

namespace escapement::syntax {

void ForEachChild(Node* n, base::FunctionRef<void(Node*)> visit) {
  auto one = [&](Node* child) {
    if (child != nullptr) visit(child);
  };
  auto list = [&](const auto& children) {
    for (auto* child : children) one(child);
  };
  switch (n->kind) {
    case NodeKind::kFile:
      one(To<File>(n)->pkg_name), list(To<File>(n)->decls);
      break;
    case NodeKind::kImportDecl:
      one(To<ImportDecl>(n)->local_name), one(To<ImportDecl>(n)->path);
      break;
    case NodeKind::kConstDecl: {
      auto* d = To<ConstDecl>(n);
      list(d->names), one(d->type_expr), one(d->values);
      break;
    }
    case NodeKind::kTypeDecl: {
      auto* d = To<TypeDecl>(n);
      one(d->name), list(d->tparams), one(d->type_expr);
      break;
    }
    case NodeKind::kVarDecl: {
      auto* d = To<VarDecl>(n);
      list(d->names), one(d->type_expr), one(d->values);
      break;
    }
    case NodeKind::kFuncDecl: {
      auto* d = To<FuncDecl>(n);
      one(d->recv), one(d->name), list(d->tparams), one(d->type_expr);
      one(d->body);
      break;
    }
    case NodeKind::kBadExpr:
    case NodeKind::kName:
    case NodeKind::kBasicLit:
    case NodeKind::kEmptyStmt:
      break;
    case NodeKind::kCompositeLit:
      one(To<CompositeLit>(n)->type_expr), list(To<CompositeLit>(n)->elems);
      break;
    case NodeKind::kKeyValueExpr:
      one(To<KeyValueExpr>(n)->key), one(To<KeyValueExpr>(n)->value_expr);
      break;
    case NodeKind::kFuncLit:
      one(To<FuncLit>(n)->type_expr), one(To<FuncLit>(n)->body);
      break;
    case NodeKind::kParenExpr:
      one(To<ParenExpr>(n)->x);
      break;
    case NodeKind::kSelectorExpr:
      one(To<SelectorExpr>(n)->x), one(To<SelectorExpr>(n)->sel);
      break;
    case NodeKind::kIndexExpr:
      one(To<IndexExpr>(n)->x), one(To<IndexExpr>(n)->index);
      break;
    case NodeKind::kSliceExpr:
      one(To<SliceExpr>(n)->x), list(To<SliceExpr>(n)->index);
      break;
    case NodeKind::kAssertExpr:
      one(To<AssertExpr>(n)->x), one(To<AssertExpr>(n)->type_expr);
      break;
    case NodeKind::kTypeSwitchGuard:
      one(To<TypeSwitchGuard>(n)->lhs), one(To<TypeSwitchGuard>(n)->x);
      break;
    case NodeKind::kOperation:
      one(To<Operation>(n)->x), one(To<Operation>(n)->y);
      break;
    case NodeKind::kCallExpr:
      one(To<CallExpr>(n)->fun), list(To<CallExpr>(n)->args);
      break;
    case NodeKind::kListExpr:
      list(To<ListExpr>(n)->elems);
      break;
    case NodeKind::kArrayType:
      one(To<ArrayType>(n)->len), one(To<ArrayType>(n)->elem);
      break;
    case NodeKind::kSliceType:
      one(To<SliceType>(n)->elem);
      break;
    case NodeKind::kDotsType:
      one(To<DotsType>(n)->elem);
      break;
    case NodeKind::kStructType:
      list(To<StructType>(n)->fields), list(To<StructType>(n)->tags);
      break;
    case NodeKind::kInterfaceType:
      list(To<InterfaceType>(n)->methods);
      break;
    case NodeKind::kFuncType:
      list(To<FuncType>(n)->params), list(To<FuncType>(n)->results);
      break;
    case NodeKind::kMapType:
      one(To<MapType>(n)->key), one(To<MapType>(n)->value_type);
      break;
    case NodeKind::kChanType:
      one(To<ChanType>(n)->elem);
      break;
    case NodeKind::kLabeledStmt:
      one(To<LabeledStmt>(n)->label), one(To<LabeledStmt>(n)->stmt);
      break;
    case NodeKind::kBlockStmt:
      list(To<BlockStmt>(n)->list);
      break;
    case NodeKind::kExprStmt:
      one(To<ExprStmt>(n)->x);
      break;
    case NodeKind::kSendStmt:
      one(To<SendStmt>(n)->chan), one(To<SendStmt>(n)->value);
      break;
    case NodeKind::kDeclStmt:
      list(To<DeclStmt>(n)->decls);
      break;
    case NodeKind::kAssignStmt:
      one(To<AssignStmt>(n)->lhs), one(To<AssignStmt>(n)->rhs);
      break;
    case NodeKind::kBranchStmt:
      one(To<BranchStmt>(n)->label);
      break;
    case NodeKind::kCallStmt:
      one(To<CallStmt>(n)->call);
      break;
    case NodeKind::kReturnStmt:
      one(To<ReturnStmt>(n)->results);
      break;
    case NodeKind::kIfStmt: {
      auto* s = To<IfStmt>(n);
      one(s->init), one(s->cond), one(s->then), one(s->else_stmt);
      break;
    }
    case NodeKind::kForStmt: {
      auto* s = To<ForStmt>(n);
      one(s->init), one(s->cond), one(s->post), one(s->body);
      break;
    }
    case NodeKind::kSwitchStmt: {
      auto* s = To<SwitchStmt>(n);
      one(s->init), one(s->tag), list(s->body);
      break;
    }
    case NodeKind::kSelectStmt:
      list(To<SelectStmt>(n)->body);
      break;
    case NodeKind::kRangeClause:
      one(To<RangeClause>(n)->lhs), one(To<RangeClause>(n)->x);
      break;
    case NodeKind::kField:
      one(To<Field>(n)->name), one(To<Field>(n)->type_expr);
      break;
    case NodeKind::kCaseClause:
      one(To<CaseClause>(n)->cases), list(To<CaseClause>(n)->body);
      break;
    case NodeKind::kCommClause:
      one(To<CommClause>(n)->comm), list(To<CommClause>(n)->body);
      break;
  }
}

}  // namespace escapement::syntax
