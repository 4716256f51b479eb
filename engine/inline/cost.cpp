#include "engine/inline/cost.h"

#include <algorithm>
#include <array>

#include "engine/base/constant.h"
#include "engine/ir/static_value.h"

namespace escapement::inlining {

using namespace ir;

namespace {

std::string_view PathOf(const Sym* sym) {
  return sym == nullptr || sym->pkg == nullptr ? "" : sym->pkg->path;
}

// Fixed-size loads and stores: amd64 merges their bytes into one instruction, so calls
// of them are as cheap as one.
bool IsByteOrderFunction(std::string_view path, std::string_view name) {
  if (path == "internal/byteorder") {
    if (name.substr(0, 2) != "LE" && name.substr(0, 2) != "BE") return false;
    name.remove_prefix(2);
  } else if (path == "encoding/binary") {
    constexpr std::string_view kLittle = "littleEndian.", kBig = "bigEndian.";
    if (name.substr(0, kLittle.size()) == kLittle) {
      name.remove_prefix(kLittle.size());
    } else if (name.substr(0, kBig.size()) == kBig) {
      name.remove_prefix(kBig.size());
    } else {
      return false;
    }
  } else {
    return false;
  }
  for (std::string_view verb : {"Put", "Append"}) {
    if (name.substr(0, verb.size()) == verb) {
      name.remove_prefix(verb.size());
      break;
    }
  }
  return name == "Uint64" || name == "Uint32" || name == "Uint16";
}

int64_t SmallInt(const Node* n) {
  base::ConstantPool pool;
  return pool.Int64Val(n->value);
}

}  // namespace

int TupleRefund(const Node* n) {
  // A declaration, the left and the right side for each value, and the statement itself.
  if (n->op != kAs2 || n->rlist.empty() || n->rlist[0] == nullptr) return 0;
  List init = n->rlist[0]->init;
  if (init.size() != 1) return 0;
  switch (init[0]->op) {
    case kAs2:
    case kAs2Func:
    case kAs2DotType:
    case kAs2MapR:
    case kAs2Recv:
    case kSelRecv2:
      return 4 * static_cast<int>(n->list.size()) + 1;
    default:
      return 0;
  }
}

CostVisitor::CostVisitor(Candidates& candidates, Func* fn, int budget)
    : candidates_(candidates),
      fn_(fn),
      is_big_(Candidates::IsBig(fn)),
      budget_(budget),
      max_budget_(budget),
      stop_early_(candidates.context().options.remarks < 2) {}

bool CostVisitor::Fits() {
  if (VisitList(fn_->body)) return false;
  if (budget_ >= 0) return true;
  reason_ = "function too complex: cost " + std::to_string(cost()) + " exceeds budget " +
            std::to_string(max_budget_);
  return false;
}

bool CostVisitor::VisitList(List list) {
  for (Node* n : list)
    if (n != nullptr && Visit(n)) return true;
  return false;
}

bool CostVisitor::Visit(Node* n) {
  bool done = false;
  if (Price(n, done)) return true;
  if (done) return false;
  --budget_;
  // With -m=2 the whole price is wanted; otherwise a spent budget ends the visit, even
  // where later refunds would have saved it.
  if (budget_ < 0 && stop_early_) return Hairy("too expensive");
  return DoChildren(n, [this](Node* child) { return Visit(child); });
}

// Surcharges and refunds of n itself. `done`: n and its children are dealt with.
bool CostVisitor::Price(Node* n, bool& done) {
  switch (n->op) {
    case kCallFunc:
      return PriceCall(n);
    case kCall:
    case kCallInter:
      budget_ -= kExtraCallCost;
      break;
    case kPanic:
      if (n->x->op == kConvIface && n->x->Has(kImplicit)) ++budget_;
      budget_ -= kExtraPanicCost;
      break;
    case kRecover:
      return Hairy("call to recover");
    case kClosure:
      budget_ -= kClosureCost;
      break;
    case kGo:
    case kDefer:
    case kTailCall:
      return Hairy("unhandled op " + std::string(OpName(n->op)));
    case kAddr:
      RefundAddress(n);
      break;
    case kDeref: {
      const Node* pointer = n->x;
      while (pointer->op == kConvNop) pointer = pointer->x;
      if (pointer->op == kAddr) ++budget_;
      break;
    }
    case kConvNop:
    case kBlock:
    case kMethExpr:
      ++budget_;
      break;
    case kFall:
    case kType:
      done = true;
      break;
    case kIf:
      if (n->x->op == kLiteral && n->x->value.kind() == base::ConstantKind::kBool) {
        done = true;
        return VisitList(n->init) || VisitList(n->x->value.BoolVal() ? n->body : n->rlist);
      }
      break;
    case kMethValue:
    case kSliceLit:
      --budget_;
      break;
    case kAs2:
      budget_ += TupleRefund(n);
      break;
    case kSlice:
    case kSliceArr:
    case kSliceStr:
    case kSlice3:
    case kSlice3Arr:
      RefundSlice(n);
      break;
    default:
      break;
  }
  return false;
}

// &s.f costs nothing where f is at offset 0.
void CostVisitor::RefundAddress(Node* n) {
  Node* dot = n->x;
  if ((dot->op != kDot && dot->op != kDotPtr) || dot->x->op != kName || dot->field == nullptr) return;
  (dot->op == kDot ? dot->x->type : dot->x->type->elem)->Laid();
  if (dot->field->offset == 0) budget_ += 2;
}

void CostVisitor::RefundSlice(const Node* n) {
  if (n->y != nullptr && n->y->op == kLiteral && SmallInt(n->y) == 0) ++budget_;
  if (n->z != nullptr && n->z->op == kLen && n->z->x == n->x) budget_ += 2;
}

// Calls that count like any other node. `hairy` is set with a reason when the call makes
// the function impossible to inline.
bool CostVisitor::IsCheapCall(Node* n, bool& hairy) {
  if (n->x->op == kName && n->x->AsName()->cls == Class::kFunc) {
    const Sym* sym = n->x->AsName()->name_sym;
    std::string_view path = PathOf(sym), name = sym->text();
    if (path == "internal/abi") return name == "NoEscape" || name.substr(0, 16) == "EscapeNonString[";
    if (path == "internal/runtime/sys" && (name == "GetCallerPC" || name == "GetCallerSP")) {
      hairy = Hairy("call to " + std::string(name));
      return true;
    }
    // Only the compiler itself calls these two.
    if (path == "runtime" || path == "go.runtime") {
      if (name == "panicrangestate") return true;
      if (name == "deferrangefunc") {
        hairy = Hairy("defer call in range func");
        return true;
      }
    }
    return path == "internal/byteorder" && IsByteOrderFunction(path, name);
  }
  if (n->x->op == kMethExpr) {
    const Name* method = MethodExprName(n->x);
    if (method == nullptr || method->fn == nullptr) return false;
    const Sym* sym = method->fn->sym;
    if (PathOf(sym) == "runtime" && sym->text() == "heapBits.nextArena") return true;
    return PathOf(sym) == "encoding/binary" && IsByteOrderFunction(PathOf(sym), sym->text());
  }
  return false;
}

bool CostVisitor::PriceCall(Node* n) {
  bool hairy = false;
  if (IsCheapCall(n, hairy)) return hairy;
  if (IsIntrinsicCall(n)) return false;
  int extra = kExtraCallCost;
  if (n->x->op == kName) {
    const Name* name = n->x->AsName();
    bool captured = name->cls == Class::kAutoHeap && name->IsClosureVar();
    if (name->cls == Class::kParam || captured) extra = std::min(extra, kParamCallCost);
  }
  Func* callee = candidates_.Callee(fn_, n->x, false);
  const InlineInfo* info = callee == nullptr ? nullptr : candidates_.Info(callee);
  if (info != nullptr && candidates_.MayInline(fn_, n, callee, is_big_, false, false)) {
    budget_ -= info->cost;
  } else {
    budget_ -= extra;
  }
  return false;
}

}  // namespace escapement::inlining
