// Nodes as messages quote them: gc's short form.
#include <vector>

#include "engine/syntax/ast.h"

namespace escapement::syntax {

namespace {

class Printer {
 public:
  std::string Take() { return std::move(out_); }

  void Print(const Node* n) {
    if (n == nullptr) return;
    switch (n->kind) {
      case NodeKind::kBadExpr:
        Text("<bad expr>");
        break;
      case NodeKind::kName:
        Text(To<Name>(n)->text());
        break;
      case NodeKind::kBasicLit:
        Text(To<BasicLit>(n)->text);
        break;
      case NodeKind::kFuncLit:
        Print(To<FuncLit>(n)->type_expr);
        Text(To<FuncLit>(n)->body->list.empty() ? " {}" : " {…}");
        break;
      case NodeKind::kCompositeLit:
        Print(To<CompositeLit>(n)->type_expr);
        Text(To<CompositeLit>(n)->elems.empty() ? "{}" : "{…}");
        break;
      case NodeKind::kParenExpr:
        Around("(", To<ParenExpr>(n)->x, ")");
        break;
      case NodeKind::kSelectorExpr:
        Print(To<SelectorExpr>(n)->x);
        Around(".", To<SelectorExpr>(n)->sel, "");
        break;
      case NodeKind::kIndexExpr:
        Print(To<IndexExpr>(n)->x);
        Around("[", To<IndexExpr>(n)->index, "]");
        break;
      case NodeKind::kSliceExpr:
        PrintSlice(To<SliceExpr>(n));
        break;
      case NodeKind::kAssertExpr:
        Print(To<AssertExpr>(n)->x);
        Around(".(", To<AssertExpr>(n)->type_expr, ")");
        break;
      case NodeKind::kTypeSwitchGuard: {
        const TypeSwitchGuard* g = To<TypeSwitchGuard>(n);
        if (g->lhs != nullptr) Around("", g->lhs, " := ");
        Around("", g->x, ".(type)");
        break;
      }
      case NodeKind::kCallExpr:
        Print(To<CallExpr>(n)->fun);
        Text("(");
        PrintList(To<CallExpr>(n)->args);
        Text(To<CallExpr>(n)->has_dots ? "...)" : ")");
        break;
      case NodeKind::kOperation:
        PrintOperation(To<Operation>(n));
        break;
      case NodeKind::kKeyValueExpr:
        Around("", To<KeyValueExpr>(n)->key, ": ");
        Print(To<KeyValueExpr>(n)->value_expr);
        break;
      case NodeKind::kListExpr:
        PrintList(To<ListExpr>(n)->elems);
        break;
      case NodeKind::kArrayType: {
        const ArrayType* t = To<ArrayType>(n);
        if (t->len == nullptr)
          Text("[...]");
        else
          Around("[", t->len, "]");
        Print(t->elem);
        break;
      }
      case NodeKind::kSliceType:
        Around("[]", To<SliceType>(n)->elem, "");
        break;
      case NodeKind::kDotsType:
        Around("...", To<DotsType>(n)->elem, "");
        break;
      case NodeKind::kStructType:
        PrintStruct(To<StructType>(n));
        break;
      case NodeKind::kFuncType:
        Text("func");
        PrintSignature(To<FuncType>(n));
        break;
      case NodeKind::kInterfaceType:
        PrintInterface(To<InterfaceType>(n));
        break;
      case NodeKind::kMapType:
        Around("map[", To<MapType>(n)->key, "]");
        Print(To<MapType>(n)->value_type);
        break;
      case NodeKind::kChanType:
        PrintChan(To<ChanType>(n));
        break;
      default:
        PrintStmt(n);
    }
  }

 private:
  void Text(std::string_view text) { out_ += text; }
  void Around(std::string_view before, const Node* n, std::string_view after) {
    Text(before);
    Print(n);
    Text(after);
  }
  template <typename T>
  void PrintList(std::span<T*> list) {
    for (size_t i = 0; i < list.size(); ++i) {
      if (i > 0) Text(", ");
      Print(list[i]);
    }
  }

  // Left-deep chains of operators are printed without recursion.
  void PrintOperation(const Operation* n) {
    if (n->y == nullptr) {
      Around(OperatorText(n->op), n->x, "");
      return;
    }
    std::vector<const Operation*> chain;
    const Node* left = n;
    for (const Operation* op = n; op != nullptr && op->y != nullptr; op = As<Operation>(op->x)) {
      chain.push_back(op);
      left = op->x;
    }
    Print(left);
    for (size_t i = chain.size(); i-- > 0;) {
      Text(" ");
      Text(OperatorText(chain[i]->op));
      Around(" ", chain[i]->y, "");
    }
  }

  void PrintSlice(const SliceExpr* n) {
    Print(n->x);
    Around("[", n->index[0], ":");
    Print(n->index[1]);
    if (n->index[2] != nullptr) Around(":", n->index[2], "");
    Text("]");
  }

  void PrintStruct(const StructType* n) {
    Text("struct{");
    // Names declared in one list share the type's node.
    for (size_t i = 0; i < n->fields.size();) {
      size_t j = i + 1;
      const Field* f = n->fields[i];
      if (f->name != nullptr)
        while (j < n->fields.size() && n->fields[j]->name != nullptr &&
               n->fields[j]->type_expr == f->type_expr)
          ++j;
      if (i > 0) Text("; ");
      for (size_t k = i; k < j && f->name != nullptr; ++k) Around(k > i ? ", " : "", n->fields[k]->name, "");
      Around(f->name != nullptr ? " " : "", f->type_expr, "");
      if (!n->tags.empty() && n->tags[i] != nullptr) Around(" ", n->tags[i], "");
      i = j;
    }
    Text("}");
  }

  void PrintInterface(const InterfaceType* n) {
    Text("interface{");
    for (size_t i = 0; i < n->methods.size(); ++i) {
      const Field* m = n->methods[i];
      if (i > 0) Text("; ");
      if (m->name != nullptr) {
        Print(m->name);
        PrintSignature(To<FuncType>(m->type_expr));
      } else {
        Print(m->type_expr);
      }
    }
    Text("}");
  }

  void PrintChan(const ChanType* n) {
    Text(n->dir == ChanDir::kRecvOnly ? "<-chan " : n->dir == ChanDir::kSendOnly ? "chan<- " : "chan ");
    const ChanType* elem = As<ChanType>(n->elem);
    bool ambiguous = n->dir == ChanDir::kBoth && elem != nullptr && elem->dir == ChanDir::kRecvOnly;
    Around(ambiguous ? "(" : "", n->elem, ambiguous ? ")" : "");
  }

  void PrintSignature(const FuncType* n) {
    PrintParams(n->params);
    if (n->results.empty()) return;
    Text(" ");
    if (n->results.size() == 1 && n->results[0]->name == nullptr) {
      Print(n->results[0]->type_expr);
    } else {
      PrintParams(n->results);
    }
  }

  void PrintParams(std::span<Field*> list) {
    Text("(");
    for (size_t i = 0; i < list.size(); ++i) {
      const Field* f = list[i];
      if (i > 0) Text(", ");
      if (f->name != nullptr) {
        Print(f->name);
        const Field* next = i + 1 < list.size() ? list[i + 1] : nullptr;
        if (next != nullptr && next->name != nullptr && next->type_expr == f->type_expr) continue;
        Text(" ");
      }
      Print(f->type_expr);
    }
    Text(")");
  }

  // Simple statements and those of one line; of the others only the first words.
  void PrintStmt(const Node* n) {
    switch (n->kind) {
      case NodeKind::kExprStmt:
        Print(To<ExprStmt>(n)->x);
        break;
      case NodeKind::kSendStmt:
        Around("", To<SendStmt>(n)->chan, " <- ");
        Print(To<SendStmt>(n)->value);
        break;
      case NodeKind::kAssignStmt: {
        const AssignStmt* a = To<AssignStmt>(n);
        Print(a->lhs);
        if (a->rhs == nullptr) {
          Text(OperatorText(a->op));
          Text(OperatorText(a->op));
        } else {
          Text(" ");
          Text(OperatorText(a->op));
          Around("= ", a->rhs, "");
        }
        break;
      }
      case NodeKind::kCallStmt:
        Text(TokenText(To<CallStmt>(n)->tok));
        Around(" ", To<CallStmt>(n)->call, "");
        break;
      case NodeKind::kReturnStmt:
        Text("return");
        if (To<ReturnStmt>(n)->results != nullptr) Around(" ", To<ReturnStmt>(n)->results, "");
        break;
      case NodeKind::kBranchStmt:
        Text(TokenText(To<BranchStmt>(n)->tok));
        if (To<BranchStmt>(n)->label != nullptr) Around(" ", To<BranchStmt>(n)->label, "");
        break;
      case NodeKind::kRangeClause: {
        const RangeClause* r = To<RangeClause>(n);
        if (r->lhs != nullptr) Around("", r->lhs, r->def ? " := " : " = ");
        Around("range ", r->x, "");
        break;
      }
      case NodeKind::kEmptyStmt:
        break;
      case NodeKind::kBlockStmt:
        Text(To<BlockStmt>(n)->list.empty() ? "{}" : "{…}");
        break;
      case NodeKind::kForStmt:
        Text("for {…}");
        break;
      case NodeKind::kIfStmt:
        Around("if ", To<IfStmt>(n)->cond, " {…}");
        break;
      case NodeKind::kSwitchStmt:
        Text("switch {…}");
        break;
      case NodeKind::kSelectStmt:
        Text("select {…}");
        break;
      case NodeKind::kLabeledStmt:
        Around("", To<LabeledStmt>(n)->label, ": …");
        break;
      case NodeKind::kField:
        Print(To<Field>(n)->type_expr);
        break;
      default:
        Text(KindName(n->kind));
    }
  }

  std::string out_;
};

}  // namespace

std::string String(const Node* n) {
  Printer printer;
  printer.Print(n);
  return printer.Take();
}

}  // namespace escapement::syntax
