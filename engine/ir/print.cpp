#include "engine/ir/print.h"

#include "engine/base/constant.h"
#include "engine/base/unicode.h"

namespace escapement::ir {

namespace {

constexpr int kNoPrec = 0;
constexpr int kPrimary = 8;

// Appends the spelling of nodes to one string.
class Printer {
 public:
  // With `source`, a temporary is printed as what it is a copy of, so many levels deep.
  explicit Printer(Program& program, int source = 0)
      : program_(program), types_(program.types()), source_(source) {}

  std::string Take() { return std::move(out_); }

  void Any(const Node* n) {
    if (n == nullptr) {
      out_ += "<nil>";
    } else if (OpPrec(n->op) < 0) {
      Stmt(n);
    } else {
      Expr(n, kNoPrec);
    }
  }

  void Items(List list, std::string_view separator) {
    bool first = true;
    for (const Node* n : list) {
      if (!first) out_ += separator;
      first = false;
      Any(n);
    }
  }

 private:
  // What a temporary is a copy of; null where it is printed by its name.
  const Node* CopiedBy(const Name* name) const {
    if (source_ == 0 || !name->text().starts_with(".autotmp_") || name->defn == nullptr) return nullptr;
    return name->defn->op == kAs && name->defn->x == name ? name->defn->y : nullptr;
  }

  void Stmt(const Node* n);
  void Expr(const Node* n, int prec);
  void Primary(const Node* n, int prec);
  void Literal(const Node* n);
  void Selector(const Node* n, int prec);
  void SliceExpr(const Node* n, int prec);
  void Conversion(const Node* n);
  void Make(const Node* n);
  void Unary(const Node* n, int prec);
  void Binary(const Node* n, int prec);

  void Type(const ir::Type* t) { out_ += t == nullptr ? "<nil>" : types_.Print(t); }
  void Sym(const ir::Sym* s) { out_ += s == nullptr ? "<S>" : types_.PrintSym(s); }
  void Op(const Node* n) {
    std::string_view text = OpText(n->op);
    out_ += text.empty() ? OpName(n->op) : text;
  }
  // op(args), with the dots of f(xs...).
  void Arguments(const Node* n) {
    out_ += '(';
    Items(n->list, ", ");
    if (n->Has(kIsDDD)) out_ += "...";
    out_ += ')';
  }
  void Branch(const Node* n) {
    Op(n);
    if (n->label == nullptr) return;
    out_ += ' ';
    out_ += n->label->name.text();
  }
  void If(const Node* n) {
    out_ += "if ";
    if (n->init.size() == 1 && n->init[0]->init.empty()) {
      Any(n->init[0]);
      out_ += "; ";
    }
    Any(n->x);
    out_ += " { ";
    Items(n->body, "; ");
    out_ += " }";
    if (n->rlist.empty()) return;
    out_ += " else { ";
    Items(n->rlist, "; ");
    out_ += " }";
  }

  Program& program_;
  TypeTable& types_;
  int source_;
  std::string out_;
};

void Printer::Stmt(const Node* n) {
  switch (n->op) {
    case kDcl:
      out_ += "var ";
      Sym(n->x->AsName()->name_sym);
      out_ += ' ';
      Type(n->x->type);
      break;
    case kAs:
      Any(n->x);
      out_ += n->Has(kDef) ? " := " : " = ";
      Any(n->y);
      break;
    case kAsOp:
      Any(n->x);
      if (n->Has(kIncDec)) {
        out_ += n->sub_op == kAdd ? "++" : "--";
      } else {
        out_ += ' ';
        out_ += OpText(n->sub_op);
        out_ += "= ";
        Any(n->y);
      }
      break;
    case kAs2:
    case kAs2DotType:
    case kAs2Func:
    case kAs2MapR:
    case kAs2Recv:
      Items(n->list, ", ");
      out_ += n->Has(kDef) ? " := " : " = ";
      Items(n->rlist, ", ");
      break;
    case kBlock:
      Items(n->list, "; ");
      break;
    case kReturn:
      out_ += "return ";
      Items(n->list, ", ");
      break;
    case kGo:
      out_ += "go ";
      Any(n->x);
      break;
    case kDefer:
      out_ += "defer ";
      Any(n->x);
      break;
    case kIf:
      If(n);
      break;
    case kFor:
    case kRange:
      out_ += "for loop";
      break;
    case kSelect:
    case kSwitch:
      Op(n);
      out_ += " statement";
      break;
    case kCase:
      if (n->list.empty()) {
        out_ += "default";
      } else {
        out_ += "case ";
        Items(n->list, ", ");
      }
      out_ += ": ";
      Items(n->body, "; ");
      break;
    case kBreak:
    case kContinue:
    case kGoto:
    case kFall:
      Branch(n);
      break;
    case kLabel:
      out_ += n->label->name.text();
      out_ += ": ";
      break;
    default:
      break;
  }
}

// Operations of the type checker that are not in the source print as their operand.
const Node* SkipImplicit(const Node* n) {
  while (n != nullptr && n->Has(kImplicit)) {
    switch (n->op) {
      case kAddr:
      case kDeref:
      case kConv:
      case kConvNop:
      case kConvIface:
        n = n->x;
        break;
      default:
        return n;
    }
  }
  return n;
}

void Printer::Expr(const Node* n, int prec) {
  n = SkipImplicit(n);
  if (n == nullptr) {
    out_ += "<nil>";
    return;
  }
  int own = OpPrec(n->op);
  if (n->op == kType && n->type != nullptr && n->type->IsPtr()) own = OpPrec(kDeref);
  if (prec > own) {
    out_ += '(';
    Any(n);
    out_ += ')';
    return;
  }
  Primary(n, own);
}

void Printer::Primary(const Node* n, int prec) {
  switch (n->op) {
    case kParen:
      out_ += '(';
      Any(n->x);
      out_ += ')';
      break;
    case kNil:
      out_ += "nil";
      break;
    case kLiteral:
      Literal(n);
      break;
    case kName:
      if (n->AsName()->text().substr(0, 2) == "~b") {
        out_ += '_';
      } else if (const Node* copied = CopiedBy(n->AsName())) {
        --source_;
        Expr(copied, prec);
        ++source_;
      } else {
        Sym(n->AsName()->name_sym);
      }
      break;
    case kNoName:
      Sym(n->sym);
      break;
    case kLinkSymOffset:
      out_ += '(';
      Type(n->type);
      out_ += ")(";
      out_ += n->sym == nullptr ? std::string_view() : n->sym->text();
      out_ += '@';
      out_ += std::to_string(n->n);
      out_ += ')';
      break;
    case kType:
      Type(n->type);
      break;
    case kClosure:
      out_ += "func literal";
      break;
    case kPtrLit:
      out_ += '&';
      Any(n->x);
      break;
    case kCompLit:
    case kStructLit:
    case kArrayLit:
    case kSliceLit:
    case kMapLit:
      if (n->Has(kImplicit)) {
        out_ += "... argument";
        break;
      }
      Type(n->type);
      out_ += n->list.empty() ? "{}" : "{...}";
      break;
    case kKey:
      if (n->x != nullptr) Any(n->x);
      out_ += ':';
      if (n->y != nullptr) Any(n->y);
      break;
    case kStructKey:
      if (n->field != nullptr) Sym(n->field->sym);
      out_ += ':';
      Any(n->x);
      break;
    case kXDot:
    case kDot:
    case kDotPtr:
    case kDotInter:
    case kDotMeth:
    case kMethValue:
    case kMethExpr:
      Selector(n, prec);
      break;
    case kDotType:
    case kDotType2:
      Expr(n->x, prec);
      out_ += ".(";
      Type(n->type);
      out_ += ')';
      break;
    case kIndex:
    case kIndexMap:
      Expr(n->x, prec);
      out_ += '[';
      Any(n->y);
      out_ += ']';
      break;
    case kSlice:
    case kSliceStr:
    case kSliceArr:
    case kSlice3:
    case kSlice3Arr:
      SliceExpr(n, prec);
      break;
    case kSliceHeader:
      out_ += "sliceheader{";
      Any(n->x);
      out_ += ',';
      Any(n->y);
      out_ += ',';
      Any(n->z);
      out_ += '}';
      break;
    case kComplex:
    case kCopy:
    case kUnsafeAdd:
    case kUnsafeSlice:
      Op(n);
      out_ += '(';
      Any(n->x);
      out_ += ", ";
      Any(n->y);
      out_ += ')';
      break;
    case kConv:
    case kConvIface:
    case kConvNop:
    case kBytes2Str:
    case kRunes2Str:
    case kStr2Bytes:
    case kStr2Runes:
    case kRuneStr:
    case kSlice2Arr:
    case kSlice2ArrPtr:
      Conversion(n);
      break;
    case kReal:
    case kImag:
    case kCap:
    case kClear:
    case kClose:
    case kLen:
    case kNew:
    case kPanic:
      Op(n);
      out_ += '(';
      Any(n->x);
      out_ += ')';
      break;
    case kAppend:
    case kDelete:
    case kMake:
    case kMax:
    case kMin:
    case kRecover:
    case kPrint:
    case kPrintln:
      Op(n);
      Arguments(n);
      break;
    case kCall:
    case kCallFunc:
    case kCallInter:
    case kCallMeth:
    case kGetG:
      Expr(n->x, prec);
      Arguments(n);
      break;
    case kInlCall:
      if (n->list.size() == 1) {
        Any(n->list[0]);
        break;
      }
      out_ += "(.";
      Items(n->list, "; ");
      out_ += ')';
      break;
    case kMakeMap:
    case kMakeChan:
    case kMakeSlice:
      Make(n);
      break;
    case kMakeSliceCopy:
      out_ += "makeslicecopy(";
      Type(n->type);
      out_ += ", ";
      Any(n->x);
      out_ += ", ";
      Any(n->y);
      out_ += ')';
      break;
    case kPlus:
    case kNeg:
    case kBitNot:
    case kNot:
    case kRecv:
    case kAddr:
    case kDeref:
      Unary(n, prec);
      break;
    case kAddStr:
      for (size_t i = 0; i < n->list.size(); ++i) {
        if (i != 0) out_ += " + ";
        Expr(n->list[i], prec);
      }
      break;
    case kAdd:
    case kAnd:
    case kAndNot:
    case kDiv:
    case kEq:
    case kGe:
    case kGt:
    case kLe:
    case kLt:
    case kLsh:
    case kMod:
    case kMul:
    case kNe:
    case kOr:
    case kRsh:
    case kSub:
    case kXor:
    case kAndAnd:
    case kOrOr:
    case kSend:
      Binary(n, prec);
      break;
    default:
      out_ += "<node ";
      Op(n);
      out_ += '>';
  }
}

void Printer::Literal(const Node* n) {
  base::ConstantPool pool;
  const base::Constant& value = n->value;
  if (n->type == types_.RuneType() && value.kind() == base::ConstantKind::kInt) {
    bool exact = false;
    uint64_t rune = pool.Uint64Val(value, &exact);
    if (exact && rune <= 0x10FFFF) {
      out_ += base::QuoteRune(static_cast<char32_t>(rune));
      return;
    }
  }
  const ir::Type* default_type = nullptr;
  switch (value.kind()) {
    case base::ConstantKind::kBool:
      default_type = types_.Bool();
      break;
    case base::ConstantKind::kString:
      default_type = types_.String();
      break;
    case base::ConstantKind::kInt:
      default_type = types_.Int();
      break;
    case base::ConstantKind::kFloat:
      default_type = types_.Basic(Kind::kFloat64);
      break;
    case base::ConstantKind::kComplex:
      default_type = types_.Basic(Kind::kComplex128);
      break;
    case base::ConstantKind::kUnknown:
      break;
  }
  bool plain = n->type == nullptr || n->type == default_type || n->type->kind == Kind::kIdeal;
  if (plain) {
    out_ += pool.String(value);
  } else {
    Type(n->type);
    out_ += '(';
    out_ += pool.String(value);
    out_ += ')';
  }
}

void Printer::Selector(const Node* n, int prec) {
  Expr(n->x, prec);
  out_ += '.';
  out_ += n->sym == nullptr ? std::string_view("<nil>") : n->sym->text();
}

void Printer::SliceExpr(const Node* n, int prec) {
  Expr(n->x, prec);
  out_ += '[';
  if (n->y != nullptr) Any(n->y);
  out_ += ':';
  if (n->z != nullptr) Any(n->z);
  if (n->op == kSlice3 || n->op == kSlice3Arr) {
    out_ += ':';
    if (n->w != nullptr) Any(n->w);
  }
  out_ += ']';
}

void Printer::Conversion(const Node* n) {
  bool named = n->type != nullptr && n->type->sym != nullptr;
  if (!named) out_ += '(';
  Type(n->type);
  if (!named) out_ += ')';
  out_ += '(';
  Any(n->x);
  out_ += ')';
}

void Printer::Make(const Node* n) {
  out_ += "make(";
  Type(n->type);
  // A size that nobody wrote is not shown.
  bool written = n->x != nullptr && !(n->x->op == kLiteral && n->x->Has(kImplicit));
  if (written) {
    out_ += ", ";
    Any(n->x);
  }
  if (n->y != nullptr) {
    out_ += ", ";
    Any(n->y);
  }
  out_ += ')';
}

void Printer::Unary(const Node* n, int prec) {
  Op(n);
  if (n->op != kDeref && n->x != nullptr && n->x->op == n->op) out_ += ' ';
  Expr(n->x, prec + 1);
}

void Printer::Binary(const Node* n, int prec) {
  Expr(n->x, prec);
  out_ += ' ';
  Op(n);
  out_ += ' ';
  Expr(n->y, prec + 1);
}

}  // namespace

std::string Print(Program& program, const Node* n) {
  Printer printer(program);
  printer.Any(n);
  return printer.Take();
}

std::string PrintSource(Program& program, const Node* n) {
  constexpr int kMostCopies = 4;
  Printer printer(program, kMostCopies);
  printer.Any(n);
  return printer.Take();
}

std::string PrintList(Program& program, List list, std::string_view separator) {
  Printer printer(program);
  printer.Items(list, separator);
  return printer.Take();
}

std::string PrintFunc(Program& program, const Func* fn) {
  return program.types().PrintSym(fn->sym);
}

std::string_view FuncName(const Func* fn) {
  return fn == nullptr || fn->sym == nullptr ? "<nil>" : fn->sym->text();
}

}  // namespace escapement::ir
