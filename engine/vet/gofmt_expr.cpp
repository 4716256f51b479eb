#include "engine/vet/gofmt_expr.h"

#include <algorithm>

namespace escapement::vet {

using namespace syntax;

namespace {

// The text from `begin` up to the byte before `end`, which is in the same file.
std::string_view Between(std::string_view text, Pos begin, Pos end) {
  auto offset = [text](Pos pos) {
    size_t line_start = 0;
    for (uint32_t line = 1; line < pos.line; ++line) line_start = text.find('\n', line_start) + 1;
    return line_start + pos.col - 1;
  };
  const size_t from = offset(begin);
  return text.substr(from, offset(end) - from);
}

const Operation* AsBinary(const Expr* x) {
  const auto* op = As<Operation>(static_cast<const Node*>(x));
  return op != nullptr && op->y != nullptr ? op : nullptr;
}

// What decides where a tree of binary operations has blanks.
struct Precedences {
  bool sums = false, products = false;  // operators of precedence 4, of 5
  int trouble = 0;                      // operators up to it would run into an operand: a / *p

  void Read(const Operation* e) {
    const int own = Precedence(e->op);
    if (own == 4) sums = true;
    if (own == 5) products = true;
    if (const Operation* left = AsBinary(e->x); left != nullptr && Precedence(left->op) >= own) Read(left);
    if (const Operation* right = AsBinary(e->y)) {
      if (Precedence(right->op) > own) Read(right);
      return;
    }
    const auto* unary = As<Operation>(static_cast<const Node*>(e->y));
    if (unary == nullptr) return;
    const std::string both = std::string(OperatorText(e->op)) + std::string(OperatorText(unary->op));
    if (both == "/*" || both == "&&" || both == "&^") trouble = 5;
    if (both == "++" || both == "--") trouble = std::max(trouble, 4);
  }
};

// The precedence from which on operators stand without blanks.
int Cutoff(const Operation* e, int depth) {
  Precedences p;
  p.Read(e);
  if (p.trouble > 0) return p.trouble + 1;
  if (p.sums && p.products) return depth == 1 ? 5 : 4;
  return depth == 1 ? 6 : 4;
}

class Layout {
 public:
  explicit Layout(const diag::FileSet& files) : files_(files) {}

  // `around`: the precedence that surrounds the expression. `depth`: how deep it is in operations and lists;
  // the deeper, the fewer blanks.
  void Print(const Expr* x, int around = 0, int depth = 1) {
    switch (x->kind) {
      case NodeKind::kParenExpr:
        out += '(';
        Print(To<ParenExpr>(x)->x, 0, std::max(depth - 1, 1));
        out += ')';
        return;
      case NodeKind::kSelectorExpr:
        Print(To<SelectorExpr>(x)->x, 6, depth);
        out += '.';
        out += To<SelectorExpr>(x)->sel->text();
        return;
      case NodeKind::kIndexExpr:
        Print(To<IndexExpr>(x)->x, 6, 1);
        out += '[';
        List(UnpackListExpr(To<IndexExpr>(x)->index), depth + 1);
        out += ']';
        return;
      case NodeKind::kSliceExpr:
        Slice(To<SliceExpr>(x), depth);
        return;
      case NodeKind::kAssertExpr:
        Print(To<AssertExpr>(x)->x, 6, depth);
        out += ".(";
        Print(To<AssertExpr>(x)->type_expr);
        out += ')';
        return;
      case NodeKind::kCallExpr:
        Call(To<CallExpr>(x), depth);
        return;
      case NodeKind::kCompositeLit:
        if (const Expr* type = To<CompositeLit>(x)->type_expr) Print(type, 6, depth);
        out += '{';
        List(To<CompositeLit>(x)->elems, 1);
        out += '}';
        return;
      case NodeKind::kKeyValueExpr:
        Print(To<KeyValueExpr>(x)->key);
        out += ": ";
        Print(To<KeyValueExpr>(x)->value_expr);
        return;
      case NodeKind::kFuncLit: {
        const Pos brace = To<FuncLit>(x)->body->rbrace;
        out += Between(files_.file(x->pos.file).text, StartPos(x), brace);
        out += '}';
        return;
      }
      case NodeKind::kOperation:
        if (To<Operation>(x)->y != nullptr) {
          Binary(To<Operation>(x), around, depth);
        } else {
          out += OperatorText(To<Operation>(x)->op);
          Print(To<Operation>(x)->x, 6, depth);
        }
        return;
      case NodeKind::kStructType:
        Fields("struct", To<StructType>(x)->fields.size(), x);
        return;
      case NodeKind::kInterfaceType:
        Fields("interface", To<InterfaceType>(x)->methods.size(), x);
        return;
      default:
        out += String(x);  // names, literals and other types
    }
  }

  std::string out;

 private:
  void List(std::span<Expr* const> list, int depth) {
    for (size_t i = 0; i < list.size(); ++i) {
      if (i > 0) out += ", ";
      Print(list[i], 0, depth);
    }
  }

  // One field or method stands on the line. Model: several do too, which gofmt puts on lines of their own.
  void Fields(std::string_view keyword, size_t count, const Expr* type) {
    const std::string text = String(type);
    if (count != 1) {
      out += text;
      return;
    }
    out += keyword;
    out += "{ ";
    out += std::string_view(text).substr(keyword.size() + 1, text.size() - keyword.size() - 2);
    out += " }";
  }

  void Call(const CallExpr* call, int depth) {
    if (call->args.size() > 1) ++depth;
    Print(call->fun, 6, depth);
    out += '(';
    List(call->args, depth);
    if (call->has_dots) out += "...";
    out += ')';
  }

  // Indices that are operations get blanks around the colons, and fewer of their own.
  void Slice(const SliceExpr* x, int depth) {
    Print(x->x, 6, 1);
    out += '[';
    const bool blanks =
        depth <= 1 && std::count_if(x->index, x->index + 3, [](const Expr* e) { return e != nullptr; }) > 1 &&
        std::any_of(x->index, x->index + 3, [](const Expr* e) { return AsBinary(e); });
    for (int i = 0; i < (x->full ? 3 : 2); ++i) {
      const Expr* index = x->index[i];
      if (i > 0) {
        if (blanks && x->index[i - 1] != nullptr) out += ' ';
        out += ':';
        if (blanks && index != nullptr) out += ' ';
      }
      if (index != nullptr) Print(index, 0, depth + 1);
    }
    out += ']';
  }

  void Binary(const Operation* e, int around, int depth) {
    const int own = Precedence(e->op);
    if (own < around) {  // only of trees that no source has: parentheses are kept
      out += '(';
      Print(e, 0, std::max(depth - 1, 1));
      out += ')';
      return;
    }
    const bool blanks = own < Cutoff(e, depth);
    const Operation* left = AsBinary(e->x);
    Print(e->x, own, depth + (left == nullptr || Precedence(left->op) != own ? 1 : 0));
    if (blanks) out += ' ';
    out += OperatorText(e->op);
    if (blanks) out += ' ';
    Print(e->y, own + 1, depth + 1);
  }

  const diag::FileSet& files_;
};

}  // namespace

std::string GofmtExpr(const Expr* expr, const diag::FileSet& files) {
  Layout layout(files);
  layout.Print(expr);
  return std::move(layout.out);
}

}  // namespace escapement::vet
