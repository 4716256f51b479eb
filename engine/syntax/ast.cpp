#include "engine/syntax/ast.h"

namespace escapement::syntax {

std::string_view KindName(NodeKind kind) {
  static constexpr std::string_view kNames[] = {
#define NODE(id) #id,
#include "engine/syntax/nodes.def"
  };
  return kNames[static_cast<size_t>(kind)];
}

Expr* Unparen(Expr* x) {
  while (ParenExpr* p = As<ParenExpr>(x)) x = p->x;
  return x;
}

const Expr* Unparen(const Expr* x) {
  return Unparen(const_cast<Expr*>(x));
}

std::span<Expr* const> UnpackListExpr(Expr* const& x) {
  if (x == nullptr) return {};
  if (const ListExpr* list = As<ListExpr>(x)) return list->elems;
  return {&x, 1};
}

namespace {

// The child whose start is the node's start; null if the node starts at its own position.
const Node* FirstChild(const Node* n) {
  switch (n->kind) {
    case NodeKind::kCompositeLit:
      return To<CompositeLit>(n)->type_expr;
    case NodeKind::kKeyValueExpr:
      return To<KeyValueExpr>(n)->key;
    case NodeKind::kSelectorExpr:
      return To<SelectorExpr>(n)->x;
    case NodeKind::kIndexExpr:
      return To<IndexExpr>(n)->x;
    case NodeKind::kAssertExpr:
      return To<AssertExpr>(n)->x;
    case NodeKind::kTypeSwitchGuard: {
      const TypeSwitchGuard* g = To<TypeSwitchGuard>(n);
      return g->lhs != nullptr ? g->lhs : g->x;
    }
    case NodeKind::kOperation:
      return To<Operation>(n)->y != nullptr ? To<Operation>(n)->x : nullptr;
    case NodeKind::kCallExpr:
      return To<CallExpr>(n)->fun;
    case NodeKind::kListExpr:
      return To<ListExpr>(n)->elems.empty() ? nullptr : To<ListExpr>(n)->elems[0];
    case NodeKind::kSendStmt:
      return To<SendStmt>(n)->chan;
    case NodeKind::kAssignStmt:
      return To<AssignStmt>(n)->lhs;
    case NodeKind::kRangeClause: {
      const RangeClause* r = To<RangeClause>(n);
      return r->lhs != nullptr ? r->lhs : r->x;
    }
    default:
      return nullptr;  // a slice expression too: gc takes its `[`
  }
}

template <typename T>
const Node* Last(std::span<T*> list) {
  return list.empty() ? nullptr : list.back();
}

template <typename... Nodes>
const Node* FirstOf(const Nodes*... nodes) {
  const Node* result = nullptr;
  ((result = result != nullptr ? result : nodes), ...);
  return result;
}

// The child whose end is the node's end; null if the node's own position is.
const Node* LastChild(const Node* n) {
  switch (n->kind) {
    case NodeKind::kImportDecl:
      return To<ImportDecl>(n)->path;
    case NodeKind::kConstDecl: {
      const ConstDecl* d = To<ConstDecl>(n);
      return FirstOf(d->values, d->type_expr, Last(d->names));
    }
    case NodeKind::kTypeDecl:
      return To<TypeDecl>(n)->type_expr;
    case NodeKind::kVarDecl: {
      const VarDecl* d = To<VarDecl>(n);
      return FirstOf(d->values, d->type_expr, Last(d->names));
    }
    case NodeKind::kFuncDecl:
      return To<FuncDecl>(n)->type_expr;
    case NodeKind::kKeyValueExpr:
      return To<KeyValueExpr>(n)->value_expr;
    case NodeKind::kFuncLit:
      return To<FuncLit>(n)->body;
    case NodeKind::kParenExpr:
      return To<ParenExpr>(n)->x;
    case NodeKind::kSelectorExpr:
      return To<SelectorExpr>(n)->sel;
    case NodeKind::kIndexExpr:
      return To<IndexExpr>(n)->index;
    case NodeKind::kSliceExpr:
      return To<SliceExpr>(n)->x;  // as in gc, not its last index
    case NodeKind::kAssertExpr:
      return To<AssertExpr>(n)->type_expr;
    case NodeKind::kTypeSwitchGuard:
      return To<TypeSwitchGuard>(n)->x;
    case NodeKind::kOperation:
      return FirstOf(To<Operation>(n)->y, To<Operation>(n)->x);
    case NodeKind::kCallExpr:
      return FirstOf(Last(To<CallExpr>(n)->args), To<CallExpr>(n)->fun);
    case NodeKind::kListExpr:
      return Last(To<ListExpr>(n)->elems);
    case NodeKind::kArrayType:
      return To<ArrayType>(n)->elem;
    case NodeKind::kSliceType:
      return To<SliceType>(n)->elem;
    case NodeKind::kDotsType:
      return To<DotsType>(n)->elem;
    case NodeKind::kStructType:
      return Last(To<StructType>(n)->fields);
    case NodeKind::kField:
      return FirstOf(To<Field>(n)->type_expr, To<Field>(n)->name);
    case NodeKind::kInterfaceType:
      return Last(To<InterfaceType>(n)->methods);
    case NodeKind::kFuncType:
      return FirstOf(Last(To<FuncType>(n)->results), Last(To<FuncType>(n)->params));
    case NodeKind::kMapType:
      return To<MapType>(n)->value_type;
    case NodeKind::kChanType:
      return To<ChanType>(n)->elem;
    case NodeKind::kLabeledStmt:
      return To<LabeledStmt>(n)->stmt;
    case NodeKind::kExprStmt:
      return To<ExprStmt>(n)->x;
    case NodeKind::kSendStmt:
      return To<SendStmt>(n)->value;
    case NodeKind::kDeclStmt:
      return Last(To<DeclStmt>(n)->decls);
    case NodeKind::kAssignStmt:
      return To<AssignStmt>(n)->rhs;
    case NodeKind::kBranchStmt:
      return To<BranchStmt>(n)->label;
    case NodeKind::kCallStmt:
      return To<CallStmt>(n)->call;
    case NodeKind::kReturnStmt:
      return To<ReturnStmt>(n)->results;
    case NodeKind::kIfStmt:
      return FirstOf(To<IfStmt>(n)->else_stmt, To<IfStmt>(n)->then);
    case NodeKind::kForStmt:
      return To<ForStmt>(n)->body;
    case NodeKind::kRangeClause:
      return To<RangeClause>(n)->x;
    case NodeKind::kCaseClause:
      return Last(To<CaseClause>(n)->body);
    case NodeKind::kCommClause:
      return Last(To<CommClause>(n)->body);
    default:
      return nullptr;
  }
}

Pos Behind(Pos pos, size_t width) {
  size_t col = pos.col + width;
  pos.col = static_cast<uint16_t>(col < kMaxColumn ? col : kMaxColumn);
  return pos;
}

}  // namespace

Pos StartPos(const Node* n) {
  if (n->kind == NodeKind::kFile) return {n->pos.file, 1, 1};
  while (const Node* child = FirstChild(n)) n = child;
  return n->pos;
}

Pos EndPos(const Node* n) {
  size_t behind = 0;
  for (;;) {
    switch (n->kind) {
      case NodeKind::kFile:
        return To<File>(n)->eof;
      case NodeKind::kName:
        return Behind(n->pos, To<Name>(n)->text().size() + behind);
      case NodeKind::kBasicLit:
        return Behind(n->pos, To<BasicLit>(n)->text.size() + behind);
      case NodeKind::kCompositeLit:
        return Behind(To<CompositeLit>(n)->rbrace, behind);
      case NodeKind::kBlockStmt:
        return Behind(To<BlockStmt>(n)->rbrace, behind);
      case NodeKind::kSwitchStmt:
        return To<SwitchStmt>(n)->rbrace;
      case NodeKind::kSelectStmt:
        return To<SelectStmt>(n)->rbrace;
      case NodeKind::kFuncDecl:
        if (To<FuncDecl>(n)->has_body) return To<FuncDecl>(n)->body_rbrace;
        break;
      case NodeKind::kCaseClause:
        if (To<CaseClause>(n)->body.empty()) return To<CaseClause>(n)->colon;
        break;
      case NodeKind::kCommClause:
        if (To<CommClause>(n)->body.empty()) return To<CommClause>(n)->colon;
        break;
      case NodeKind::kAssignStmt:
        if (To<AssignStmt>(n)->rhs == nullptr) {
          behind = 2;  // ++ or --
          n = To<AssignStmt>(n)->lhs;
          continue;
        }
        break;
      default:
        break;
    }
    const Node* child = LastChild(n);
    if (child == nullptr) return Behind(n->pos, behind);
    n = child;
  }
}

}  // namespace escapement::syntax
