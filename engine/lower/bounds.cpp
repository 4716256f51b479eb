#include "engine/lower/bounds.h"

#include <limits>
#include <unordered_set>

#include "engine/base/constant.h"
#include "engine/ir/call_graph.h"
#include "engine/ir/static_value.h"
#include "engine/lower/layout.h"
#include "engine/lower/lowering.h"

namespace escapement::lower {

using namespace ir;

namespace {

bool SmallInt(const Node* n, int64_t* value) {
  if (n == nullptr || n->op != kLiteral || n->value.kind() != base::ConstantKind::kInt) return false;
  base::ConstantPool pool;
  bool exact = false;
  *value = pool.Int64Val(n->value, &exact);
  return exact && *value == static_cast<int32_t>(*value);
}

bool MaskBounded(const Node* n, int64_t limit, bool is_signed, int bits) {
  int64_t v = -1;
  if (!SmallInt(n->x, &v) && SmallInt(n->y, &v) && n->op == kAndNot) {
    v = ~v;
    if (!is_signed && bits < 64) v &= (int64_t{1} << bits) - 1;
  }
  return 0 <= v && v < limit;
}

bool ReadsMemory(const Node* n) {
  switch (n->op) {
    case kName: {
      const Name* name = n->AsName();
      return name->cls == Class::kExtern || name->cls == Class::kAutoHeap || name->Is(kNameAddrtaken);
    }
    case kAdd:
    case kAnd:
    case kAndAnd:
    case kAndNot:
    case kBitNot:
    case kConv:
    case kConvIface:
    case kConvNop:
    case kDiv:
    case kDot:
    case kDotType:
    case kLiteral:
    case kLsh:
    case kMod:
    case kMul:
    case kNeg:
    case kNil:
    case kOr:
    case kOrOr:
    case kParen:
    case kPlus:
    case kRsh:
    case kSub:
    case kXor:
      return false;
    default:
      return true;
  }
}

// Follows walk through one function. What order copies to a temporary (calls, slices,
// logical operators…) is walked where the copy is made, and skipped afterwards.
class BoundsWalk {
 public:
  BoundsWalk(std::vector<SrcPos>& found, std::vector<ir::Func*>& closures)
      : found_(found), closures_(closures) {}

  void Stmts(List list) {
    for (Node* n : list) Stmt(n);
  }

 private:
  void Stmt(Node* n) {
    if (n == nullptr) return;
    if (n->op == kInlCall) return Inlined(n);
    Stmts(n->init);
    switch (n->op) {
      case kBlock:
        Stmts(n->list);
        break;
      case kAs:
        Order(n->x);
        Order(n->y, n->x);
        Walk(n->x);
        // x = append(x, …) leaves its operand in place.
        if (n->y != nullptr && n->y->op == kAppend && SameSafeExpr(n->x, n->y->list[0]))
          skipped_.insert(n->y->list[0]);
        Walk(n->y);
        break;
      case kAs2:
        OrderList(n->list);
        OrderList(n->rlist);
        AssignPairs(n->list, n->rlist);
        break;
      case kAs2Func:
      case kAs2DotType:
      case kAs2MapR:
      case kAs2Recv:
        OrderList(n->list);
        OrderChildren(n->rlist[0]);
        Walk(n->rlist[0]);
        for (Node* x : n->list) Walk(x);
        break;
      case kReturn:
        OrderList(n->list);
        for (Node* x : n->list) Walk(x);
        break;
      case kFor:
        Condition(n->x);
        Stmt(n->y);
        Stmts(n->body);
        break;
      case kIf:
        Condition(n->x);
        Stmts(n->body);
        Stmts(n->rlist);
        break;
      case kRange:
        Condition(n->x);
        Condition(n->y);
        Condition(n->z);
        Stmts(n->body);
        break;
      case kSwitch:
      case kSelect:
        Cases(n);
        break;
      case kSend:
        Order(n->x);
        Order(n->y);
        Walk(n->y);
        Walk(n->x);
        break;
      case kGo:
      case kDefer:
      case kTailCall:
        OrderChildren(n->x);
        Walk(n->x);
        break;
      case kDcl:
      case kLabel:
      case kGoto:
        break;
      default:
        OrderChildren(n);
        Walk(n);
        break;
    }
  }

  void Inlined(Node* n) {
    Stmts(n->init);
    Stmts(n->body);
  }

  void Condition(Node* n) {
    Order(n);
    Walk(n);
  }

  void Cases(Node* n) {
    if (n->op == kSwitch && n->x != nullptr && n->x->op == kTypeSw) {
      Condition(n->x->x);
    } else if (n->op == kSwitch) {
      Condition(n->x);
    }
    for (Node* c : n->list) {
      if (n->op == kSelect) {
        Stmt(c->x);
      } else {
        for (Node* value : c->list) Condition(value);
      }
    }
    for (Node* c : n->list) Stmts(c->body);
  }

  // Pair by pair; an operand that an earlier assignment could change is read before.
  void AssignPairs(List left, List right) {
    std::unordered_set<const Node*> assigned;
    bool memory_written = false;
    auto affected = [&](Node* n) {
      return Any(n, [&](Node* c) { return assigned.count(c) != 0 || (memory_written && ReadsMemory(c)); });
    };
    auto save = [&](Node* n) {
      if (!affected(n)) return;
      Copy(n);
      saved_.insert(n);
    };
    for (size_t i = 0; i < left.size(); ++i) {
      Node* x = left[i];
      while ((x->op == kIndex && x->x->type->IsArray()) || x->op == kDot) {
        if (x->op == kIndex) save(x->y);
        x = x->x;
      }
      if (x->op != kName) {
        save(x->x);
        if (x->y != nullptr) save(x->y);
      }
      save(right[i]);
      Walk(left[i]);
      Walk(right[i]);
      if (x->op != kName || (!ir::IsBlank(x) && ReadsMemory(x))) {
        memory_written = true;
      } else if (!ir::IsBlank(x)) {
        assigned.insert(x);
      }
    }
  }

  void OrderList(List list) {
    for (Node* n : list) Order(n);
  }
  void OrderChildren(Node* n) {
    Stmts(n->init);
    auto child = [this, n](Node* c) {
      for (Node* statement : n->init)
        if (statement == c) return false;
      Order(c);
      return false;
    };
    DoChildren(n, child);
  }

  // Walks n now: order assigns it to a temporary.
  void Copy(Node* n) {
    Walk(n);
    skipped_.insert(n);
  }
  void Cheap(Node* n) {
    if (n == nullptr || n->op == kName || n->op == kLiteral || n->op == kNil) return;
    Copy(n);
  }

  // Makes n safe to appear twice: all but its innermost variables go to temporaries.
  void Safe(Node* n) {
    switch (n->op) {
      case kName:
      case kLiteral:
      case kNil:
        break;
      case kLen:
      case kCap:
      case kDot:
      case kDotPtr:
      case kDeref:
        Safe(n->x);
        break;
      case kIndex:
      case kIndexMap:
        Safe(n->x);
        Safe(n->y);
        break;
      default:
        Cheap(n);
        saved_.insert(n);
        break;
    }
  }

  void Order(Node* n, Node* lhs = nullptr) {
    if (n == nullptr || n->op == kName) return;
    switch (n->op) {
      case kInlCall:
        Inlined(n);
        skipped_.insert(n);
        return;
      case kClosure:
        return;
      case kAndAnd:
      case kOrOr:
        Stmts(n->init);
        Condition(n->x);
        Condition(n->y);
        skipped_.insert(n);
        return;
      default:
        OrderChildren(n);
        break;
    }
    bool to_name = IsName(lhs);
    switch (n->op) {
      case kCallFunc:
      case kCallInter:
      case kCap:
      case kComplex:
      case kCopy:
      case kImag:
      case kLen:
      case kMakeChan:
      case kMakeMap:
      case kMakeSlice:
      case kMax:
      case kMin:
      case kNew:
      case kReal:
      case kRecover:
      case kStr2Bytes:
      case kStr2Runes:
        if (!to_name) Copy(n);
        break;
      case kAppend:
        if (lhs == nullptr || (!to_name && !SameSafeExpr(lhs, n->list[0]))) Copy(n);
        break;
      case kSlice:
      case kSliceArr:
      case kSliceStr:
      case kSlice3:
      case kSlice3Arr:
        Cheap(n->y);
        Cheap(n->z);
        Cheap(n->w);
        if (lhs == nullptr || (!to_name && !SameSafeExpr(lhs, n->x))) Copy(n);
        break;
      case kRecv:
        Copy(n);
        break;
      case kDotType:
        if (!n->type->IsDirectIface()) Copy(n);
        break;
      case kConvIface:
        if (!n->x->type->IsInterface() && ConvertedThroughMemory(n->x->type)) Addressed(n->x);
        break;
      case kIndexMap:
        if (FastOf(n->x->type) == MapFast::kSlow) Addressed(n->y);
        break;
      case kEq:
      case kNe:
        if (n->x->type->IsStruct() || n->x->type->IsArray()) {
          Addressed(n->x);
          Addressed(n->y);
        }
        break;
      default:
        break;
    }
  }

  // An operand whose address is needed: what has none is copied (order's addrTemp).
  void Addressed(Node* n) {
    Node* outer = OuterValue(n);
    bool addressable = outer->op == kName || outer->op == kDeref || outer->op == kDotPtr ||
                       (outer->op == kIndex && !outer->x->type->IsString());
    bool in_slots = IsName(outer) && outer->AsName()->cls == Class::kAuto &&
                    !outer->AsName()->Is(kNameAddrtaken) && IsRegister(outer->type);
    if (!addressable || in_slots) Cheap(n);
  }

  // Whether the conversion to an interface reads the value through its address
  // (walk's dataWordFuncName).
  static bool ConvertedThroughMemory(Type* t) {
    if (t->IsString() || t->IsSlice()) return false;
    int64_t size = t->Size();
    return t->HasPointers() || (size != 2 && size != 4 && size != 8) || t->Align() != size;
  }

  void Walk(Node* n) {
    if (n == nullptr || n->op == kName || skipped_.count(n) != 0) return;
    if (n->op == kClosure) {
      // A literal that may be initialised in two ways is walked twice, but compiled once.
      if (CapturesVariables(n->func) && walked_.insert(n).second) closures_.push_back(n->func);
      return;
    }
    if (n->op == kAppend) {
      for (Node* arg : n->list)
        if (skipped_.count(arg) == 0) Safe(arg);
    }
    auto child = [this, n](Node* c) {
      for (Node* statement : n->init)
        if (statement == c) return false;
      Walk(c);
      return false;
    };
    DoChildren(n, child);
    if (n->op == kIndex) Index(n);
  }

  void Index(Node* n) {
    if (n->Has(kBounded) || n->y->op == kLiteral || !walked_.insert(n).second) return;
    const Type* t = n->x->type->IsPtr() ? n->x->type->elem : n->x->type;
    int64_t limit;
    if (t->IsArray()) {
      limit = t->underlying->length;
    } else if (n->x->op == kLiteral && t->IsString()) {
      limit = static_cast<int64_t>(n->x->value.StringVal().size());
    } else {
      return;
    }
    Node temporary;
    temporary.type = n->y->type;
    if (Bounded(saved_.count(n->y) != 0 ? &temporary : n->y, limit)) found_.push_back(n->pos);
  }

  std::vector<SrcPos>& found_;
  std::vector<ir::Func*>& closures_;
  std::unordered_set<const Node*> skipped_;  // walked already, or never
  std::unordered_set<const Node*> walked_;
  std::unordered_set<const Node*> saved_;  // indices that are temporaries by now
};

}  // namespace

bool Bounded(const Node* n, int64_t limit) {
  if (n->type == nullptr || !n->type->IsInteger()) return false;
  bool is_signed = n->type->IsSigned();
  int bits = static_cast<int>(8 * n->type->Size());
  int64_t v;
  if (SmallInt(n, &v)) return 0 <= v && v < limit;
  switch (n->op) {
    case kAnd:
    case kAndNot:
      if (MaskBounded(n, limit, is_signed, bits)) return true;
      break;
    case kMod:
      if (!is_signed && SmallInt(n->y, &v) && 0 <= v && v <= limit) return true;
      break;
    case kDiv:
      if (!is_signed && SmallInt(n->y, &v))
        for (; bits > 0 && v >= 2; v >>= 1) --bits;
      break;
    case kRsh:
      if (!is_signed && SmallInt(n->y, &v)) {
        if (v > bits) return true;
        bits -= static_cast<int>(v);
      }
      break;
    default:
      break;
  }
  return !is_signed && bits <= 62 && (int64_t{1} << bits) <= limit;
}

std::vector<SrcPos> ElidedBoundsChecks(const std::vector<ir::Func*>& funcs) {
  std::vector<SrcPos> found;
  for (ir::Func* fn : funcs) {
    if (CapturesVariables(fn) || fn->Has(kFuncNoBody)) continue;  // closures come with their function
    std::vector<ir::Func*> todo{fn};
    while (!todo.empty()) {
      ir::Func* next = todo.back();
      todo.pop_back();
      BoundsWalk(found, todo).Stmts(next->body);
    }
  }
  return found;
}

}  // namespace escapement::lower
