#include "engine/ir/dump.h"

#include <algorithm>

namespace escapement::ir {
namespace {

std::string Upper(std::string_view name) {
  std::string out(name);
  std::transform(out.begin(), out.end(), out.begin(), [](unsigned char c) { return std::toupper(c); });
  return out;
}

struct Dumper {
  Program& p;
  std::string out;

  void All(List list, int depth) {
    for (Node* n : list) One(n, depth);
  }

  std::string Detail(Node* n) {
    switch (n->op) {
      case kName:
        return "-" + std::string(n->AsName()->text());
      case kNoName:
        return "-" + std::string(n->sym->text());
      case kLiteral:
        return "-" +
               (n->type->IsFloat() ? p.constants().String(n->value) : p.constants().ExactString(n->value));
      case kDot:
      case kDotPtr:
      case kDotMeth:
      case kDotInter:
      case kMethExpr:
      case kMethValue:
      case kStructKey:
        return " " + std::string(n->sym->text());
      case kClosure:
        return " " + std::string(n->func->sym->text());
      case kAsOp:
        return "-" + Upper(OpName(n->sub_op));
      case kBreak:
      case kContinue:
      case kGoto:
      case kLabel:
        return n->label != nullptr ? " " + n->label->name.str() : "";
      default:
        return {};
    }
  }

  void Line(Node* n, int depth) {
    for (int i = 0; i < depth; ++i) out += "  ";
    out += Upper(OpName(n->op));
    out += Detail(n);
    if (n->op == kName && n->AsName()->Is(kNameAddrtaken)) out += " Addrtaken";
    if (n->Has(kDef)) out += " Def";
    if (n->Has(kImplicit)) out += " Implicit";
    if (n->Has(kIsDDD)) out += " IsDDD";
    if (n->type != nullptr && n->op != kTypeSw) {
      out += " <";
      out += p.types().Print(n->type);
      out += ">";
    }
    // Positions of types are where the type is declared: of no interest.
    if (n->pos.valid() && n->op != kType && n->pos.pos.file.valid())
      out += " # " + std::to_string(n->pos.pos.line) + ":" + std::to_string(n->pos.pos.col);
    out += '\n';
  }

  void One(Node* n, int depth) {
    if (n == nullptr) return;
    All(n->init, depth + 1);
    Line(n, depth);
    if (n->op == kName) return;
    List init = n->init;
    n->init = {};
    bool dynamic = n->op == kDynamicDotType || n->op == kDynamicDotType2 || n->op == kDynamicType;
    DoChildren(n, [&](Node* c) {
      // The other operands of dynamic types are run-time type words.
      if (!dynamic || (c == n->x && n->op != kDynamicType)) One(c, depth + 1);
      return false;
    });
    n->init = init;
    if (n->op == kClosure) All(n->func->body, depth + 1);
  }
};

}  // namespace

std::string Dump(Program& program, List body) {
  Dumper d{program, {}};
  d.All(body, 0);
  return std::move(d.out);
}

}  // namespace escapement::ir
