// Order of evaluation: expressions.
#include "engine/lower/order.h"

#include <algorithm>

#include "engine/ir/static_value.h"
#include "engine/lower/layout.h"
#include "engine/lower/lowering.h"

namespace escapement::lower {

namespace {

// Operations without effects whose value changes only with the variables they mention, and that cannot
// fault: evaluating them in place later or earlier is the same as long as those variables are.
bool IsPlain(const ir::Node* n) {
  auto scalar = [](ir::Type* t) { return t->IsInteger() || t->IsBoolean() || t->IsFloat() || t->IsPtr(); };
  switch (n->op) {
    case ir::kName:
    case ir::kLiteral:
    case ir::kNil:
    case ir::kType:
    case ir::kMethExpr:
    case ir::kLinkSymOffset:
    case ir::kParen:
    case ir::kAdd:
    case ir::kSub:
    case ir::kMul:
    case ir::kAnd:
    case ir::kOr:
    case ir::kXor:
    case ir::kAndNot:
    case ir::kNot:
    case ir::kNeg:
    case ir::kPlus:
    case ir::kBitNot:
    case ir::kConvNop:
    case ir::kDot:
    case ir::kLen:
    case ir::kCap:
    case ir::kReal:
    case ir::kImag:
    case ir::kComplex:
    case ir::kSPtr:
    case ir::kItab:
    case ir::kIData:
    case ir::kStructKey:
    case ir::kAndAnd:
    case ir::kOrOr:
      return true;
    case ir::kAddr:
      return n->x->op == ir::kName;
    case ir::kConv:
      return scalar(n->type) && scalar(n->x->type);
    case ir::kLsh:
    case ir::kRsh:
      return n->Has(ir::kBounded) || !n->y->type->IsSigned();
    case ir::kEq:
    case ir::kNe:
    case ir::kLt:
    case ir::kLe:
    case ir::kGt:
    case ir::kGe:
      return scalar(n->x->type);
    default:
      return false;
  }
}

// Whether anything in n may fault or depends on memory.
bool HasFaults(ir::Node* n) {
  return ir::Any(n, [](const ir::Node* e) { return !IsPlain(e); });
}

// Whether n is handed over by address from a temporary, and making that temporary may fault.
bool FaultsInTemp(ir::Node* n) {
  return !ir::IsAddressable(n) && !IsStaticLiteral(n) && HasFaults(n);
}

// Operations that gc takes out of an expression and that change something, wait, or may fault there.
bool HasEffect(ir::Node* n) {
  switch (n->op) {
    case ir::kCallFunc:
    case ir::kCallInter:
    case ir::kInlCall:
    case ir::kRecv:
    case ir::kAppend:
    case ir::kCopy:
    case ir::kRecover:
    case ir::kMakeSlice:
    case ir::kMakeSliceCopy:
    case ir::kMakeMap:
    case ir::kMakeChan:
    case ir::kMapLit:
    case ir::kSlice:
    case ir::kSliceArr:
    case ir::kSliceStr:
    case ir::kSlice3:
    case ir::kSlice3Arr:
    case ir::kDotType:
      return true;
    case ir::kCap:
    case ir::kComplex:
    case ir::kImag:
    case ir::kLen:
    case ir::kMax:
    case ir::kMin:
    case ir::kReal:
    case ir::kStr2Bytes:
    case ir::kStr2Runes:
      // Taken out as well; that shows if an operand may fault.
      return !n->init.empty() || ir::DoChildren(n, HasFaults);
    case ir::kConvIface:
      return !n->init.empty() || (ConvertsByAddress(n->x->type) && FaultsInTemp(n->x));
    case ir::kEq:
    case ir::kNe:
      return !n->init.empty() || ((n->x->type->IsStruct() || n->x->type->IsArray()) &&
                                  (FaultsInTemp(n->x) || FaultsInTemp(n->y)));
    case ir::kIndexMap:
      return !n->init.empty() || (FastOf(n->x->type) == MapFast::kSlow && FaultsInTemp(n->y));
    default:
      return n->op != ir::kName && !n->init.empty();
  }
}

// Whether a map key is, or has in a literal, a string that is only lent to the lookup.
bool LendsBytes(const ir::Node* n) {
  if (n->op == ir::kBytes2Str) return true;
  if (n->op != ir::kStructLit && n->op != ir::kArrayLit) return false;
  return std::any_of(n->list.begin(), n->list.end(), [](const ir::Node* e) {
    return LendsBytes(e->op == ir::kStructKey ? e->x : e->op == ir::kKey ? e->y : e);
  });
}

bool IsFuncPC(const ir::Node* n) {
  if (n->op != ir::kCallFunc || n->x->op != ir::kName || n->x->AsName()->fn == nullptr) return false;
  std::string_view name = n->x->AsName()->fn->link_name;
  return name == "internal/abi.FuncPCABI0" || name == "internal/abi.FuncPCABIInternal";
}

}  // namespace

bool ConvertsByAddress(ir::Type* t) {
  if (t->IsInterface()) return false;
  if (!t->HasPointers() && ((t->Size() == 2 && t->Align() == 2) || (t->Size() == 4 && t->Align() == 4) ||
                            (t->Size() == 8 && t->Align() == 8)))
    return false;
  const ir::Type* sole = SoleComponent(t);
  return !sole || !(sole->IsString() || sole->IsSlice());
}

int Orderer::CountBelow(ir::Node* n) {
  int count = 0;
  ir::DoChildren(n, [&](ir::Node* c) {
    bool statement = std::find(n->init.begin(), n->init.end(), c) != n->init.end();
    if (!statement) count += Count(c);
    return false;
  });
  return count;
}

int Orderer::Count(ir::Node* n) {
  if (n == nullptr) return 0;
  // The statements of an inlined call count by themselves.
  return (HasEffect(n) ? 1 : 0) + (n->op == ir::kInlCall ? 0 : CountBelow(n));
}

int Orderer::Count(ir::List list) {
  int count = 0;
  for (ir::Node* n : list) count += Count(n);
  return count;
}

void Orderer::Init(ir::Node* n) {
  if (n->op == ir::kName || n->init.empty()) return;
  ir::List init = n->init;
  n->init = {};
  Statements(init);
}

ir::Node* Orderer::ForceCopy(ir::Node* n) {
  ir::SrcPos pos = n->op != ir::kName && n->pos.valid() ? n->pos : pos_;
  ir::Name* temp = program_.NewTemp(fn_, pos, n->type);
  ir::Node* assign = program_.NewNode(ir::kAs, pos);
  assign->x = temp;
  assign->y = n;
  temp->defn = assign;  // printed in the temporary's place
  Emit(assign);
  return temp;
}

ir::Node* Orderer::Copy(ir::Node* n) {
  if (copy_all_) return ForceCopy(n);
  if (pending_ > 0 || (delayed_ && HasFaults(n))) return ForceCopy(n);
  return n;
}

ir::Node* Orderer::Cheap(ir::Node* n) {
  if (n == nullptr || n->op == ir::kName || n->op == ir::kLiteral || n->op == ir::kNil) return n;
  if (n->op == ir::kLen || n->op == ir::kCap) {
    if (copy_all_) n->x = Cheap(n->x);
    if (n->x->op == ir::kName) return n;
  }
  return Copy(n);
}

void Orderer::FindStaticValues(ir::List body) {
  std::vector<ir::Node*> variables;
  ir::VisitList(body, [&](ir::Node* n) {
    if (n->op != ir::kConvIface || n->x == nullptr) return;
    if (n->x->op == ir::kName && (n->x->type->IsStruct() || n->x->type->IsArray())) variables.push_back(n->x);
  });
  if (variables.empty()) return;
  ir::ReassignOracle oracle(fn_);
  for (ir::Node* x : variables) {
    ir::Node* value = oracle.StaticValue(x);
    bool literal = value->op == ir::kStructLit || value->op == ir::kArrayLit;
    if (literal && value->type == x->type && IsStaticLiteral(value)) static_values_[x] = value;
  }
}

ir::Node* Orderer::AddrTemp(ir::Node* n) {
  if (IsStaticLiteral(n)) return n;
  if (auto known = static_values_.find(n); known != static_values_.end()) return known->second;
  if (!ir::IsAddressable(n)) return Copy(n);
  // A variable that may live in registers has no address to hand over.
  const ir::Node* root = ir::OuterValue(n);
  bool variable =
      ir::IsName(root) && root->AsName()->cls == ir::Class::kAuto && root->AsName()->esc != ir::Esc::kHeap;
  return variable && !root->AsName()->Is(ir::kNameAddrtaken) && IsRegister(root->type) ? Copy(n) : n;
}

ir::Node* Orderer::Delay(ir::Node* n) {
  delayed_ = delayed_ || !IsPlain(n);
  return n;
}

ir::Node* Orderer::WithInit(const Nodes& init, ir::Node* n) {
  if (init.empty()) return n;
  if (n->op == ir::kName || n->op == ir::kLiteral || n->op == ir::kNil) {
    ir::Node* conversion = program_.NewNode(ir::kConvNop, pos_, n->type);
    conversion->x = n;
    n = conversion;
  }
  Nodes all = init;
  all.insert(all.end(), n->init.begin(), n->init.end());
  n->init = program_.NewList(all);
  return n;
}

ir::Node* Orderer::InPlace(ir::Node* n) {
  if (n == nullptr) return nullptr;
  int saved_pending = pending_;
  bool saved_delayed = delayed_;
  pending_ = Count(n);
  delayed_ = false;
  Nodes init = Collect([&] { n = Expr(n); });
  pending_ = saved_pending;
  delayed_ = saved_delayed;
  return WithInit(init, n);
}

void Orderer::Exprs(ir::List list) {
  for (ir::Node*& n : list)
    if (n) n = Expr(n);
}

ir::Node* Orderer::Expr(ir::Node* n, ir::Node* lhs) {
  if (n == nullptr || n->op == ir::kName) return n;
  ir::SrcPos saved = pos_;
  if (n->pos.valid()) pos_ = n->pos;
  bool effect = HasEffect(n);
  Init(n);
  if (effect && pending_ > 0) pending_--;
  n = Expr1(n, lhs);
  pos_ = saved;
  return n;
}

void Orderer::Call(ir::Node* n) {
  if (IsFuncPC(n)) return;
  if (n->op != ir::kCallFunc && n->op != ir::kCallInter) {
    ir::EditChildren(n, [&](ir::Node* c) { return Expr(c); });
    return;
  }
  n->x = Expr(n->x);
  // The receiver's interface value is read when the call is made.
  if (n->op == ir::kCallInter) delayed_ = true;
  Exprs(n->list);
}

ir::Node* Orderer::InlinedCall(ir::Node* n) {
  Statements(n->body);
  n->body = {};
  if (n->list.empty()) return n;
  ir::Node* result = n->list[0];
  if (result->type == n->type) return result;
  // The result of a shaped function is a value of the real type here.
  ir::Node* conversion = program_.NewNode(ir::kConvNop, n->pos, n->type);
  conversion->x = result;
  return conversion;
}

ir::Node* Orderer::Logical(ir::Node* n) {
  n->x = Expr(n->x);
  Nodes right = Collect([&] { n->y = Expr(n->y); });
  if (right.empty() && !copy_all_) return pending_ > 0 ? ForceCopy(n) : n;
  if (pending_ == 0 && !delayed_ && !copy_all_) {
    n->y = WithInit(right, n->y);
    return n;
  }
  ir::Name* result = program_.NewTemp(fn_, pos_, n->type);
  auto set = [&](ir::Node* value) {
    ir::Node* assign = program_.NewNode(ir::kAs, pos_);
    assign->x = result;
    assign->y = value;
    return assign;
  };
  Emit(set(n->x));
  right.push_back(set(n->y));
  ir::Node* branch = program_.NewNode(ir::kIf, pos_);
  branch->x = result;
  (n->op == ir::kAndAnd ? branch->body : branch->rlist) = program_.NewList(right);
  Emit(branch);
  return result;
}

// A map literal's entries that are not constant are evaluated and stored one by one.
ir::Node* Orderer::MapLiteral(ir::Node* n) {
  Nodes constant, entries;
  for (ir::Node* e : n->list) {
    bool fixed = IsStaticLiteral(e->x) && IsStaticLiteral(e->y);
    (fixed ? constant : entries).push_back(e);
  }
  if (entries.empty()) return Delay(n);
  n->list = program_.NewList(constant);
  n->n += static_cast<int64_t>(entries.size());
  ir::Node* map = ForceCopy(n);
  for (ir::Node* e : entries) {
    ir::Node* at = program_.NewNode(ir::kIndexMap, n->pos, n->type->underlying->elem);
    at->Set(ir::kAssigned);
    at->x = map;
    at->y = e->x;
    at->hidden = n->hidden;
    ir::Node* assign = program_.NewNode(ir::kAs, n->pos);
    assign->x = at;
    assign->y = e->y;
    Statement(assign);
  }
  return map;
}

ir::Node* Orderer::MapKey(ir::Node* map, ir::Node* key) {
  if (FastOf(map->type) == MapFast::kSlow) return AddrTemp(key);
  bool through_memory = key->type->IsStruct() || key->type->IsArray();
  return copy_all_ && through_memory ? ForceCopy(key) : key;
}

ir::Node* Orderer::Expr1(ir::Node* n, ir::Node* lhs) {
  switch (n->op) {
    case ir::kIndexMap: {
      n->x = Expr(n->x);
      n->y = Expr(n->y);
      bool lent = !n->Has(ir::kAssigned) && LendsBytes(n->y);
      n->y = MapKey(n->x, n->y);
      return lent ? Copy(n) : Delay(n);
    }
    case ir::kConvIface:
      n->x = Expr(n->x);
      if (ConvertsByAddress(n->x->type) || (!n->x->type->IsInterface() && IsStaticLiteral(n->x)))
        n->x = AddrTemp(n->x);
      return Delay(n);
    case ir::kConvNop:
      if (n->type->Is(ir::Kind::kUnsafePtr) && n->x->type->Is(ir::Kind::kUintptr) &&
          (n->x->op == ir::kCallFunc || n->x->op == ir::kCallInter)) {
        // The call and the conversion of its result stay together.
        Init(n->x);
        if (pending_ > 0) pending_--;
        Call(n->x);
        return Copy(n);
      }
      n->x = Expr(n->x);
      return n;
    case ir::kAndAnd:
    case ir::kOrOr:
      return Logical(n);
    case ir::kLen:
      if (n->x->op == ir::kStr2Runes) {  // counts the runes without making them
        n->x->x = Expr(n->x->x);
        return Copy(n);
      }
      [[fallthrough]];
    case ir::kCallFunc:
    case ir::kCallInter:
    case ir::kCap:
    case ir::kComplex:
    case ir::kCopy:
    case ir::kImag:
    case ir::kMakeChan:
    case ir::kMakeMap:
    case ir::kMakeSlice:
    case ir::kMakeSliceCopy:
    case ir::kMax:
    case ir::kMin:
    case ir::kNew:
    case ir::kReal:
    case ir::kRecover:
    case ir::kStr2Bytes:
    case ir::kStr2BytesTmp:
    case ir::kStr2Runes:
      Call(n);
      return ir::IsName(lhs) ? n : Copy(n);
    case ir::kInlCall:
      return InlinedCall(n);
    case ir::kAppend: {
      ir::Node* added = n->list.size() > 1 ? n->list[1] : nullptr;
      if (n->Has(ir::kIsDDD) && added && added->op == ir::kMakeSlice && added->y == nullptr) {
        n->list[0] = Expr(n->list[0]);
        if (pending_ > 0) pending_--;
        added->x = Expr(added->x);
      } else {
        Exprs(n->list);
      }
      return ir::IsName(lhs) || (lhs && ir::SameSafeExpr(lhs, n->list[0])) ? n : Copy(n);
    }
    case ir::kSlice:
    case ir::kSliceArr:
    case ir::kSliceStr:
    case ir::kSlice3:
    case ir::kSlice3Arr:
      n->x = Expr(n->x);
      n->y = Cheap(Expr(n->y));
      n->z = Cheap(Expr(n->z));
      n->w = Cheap(Expr(n->w));
      return ir::IsName(lhs) || (lhs && ir::SameSafeExpr(lhs, n->x)) ? n : Copy(n);
    case ir::kDotType:
      n->x = Expr(n->x);
      return n->type->IsDirectIface() ? Delay(n) : Copy(n);
    case ir::kRecv:
      n->x = Expr(n->x);
      return Copy(n);
    case ir::kEq:
    case ir::kNe:
    case ir::kLt:
    case ir::kLe:
    case ir::kGt:
    case ir::kGe: {
      n->x = Expr(n->x);
      n->y = Expr(n->y);
      ir::Type* t = n->x->type;
      if (t->IsStruct() || t->IsArray()) {
        n->x = AddrTemp(n->x);
        n->y = AddrTemp(n->y);
      }
      return Delay(n);
    }
    case ir::kMapLit:
      return MapLiteral(n);
    default:
      ir::EditChildren(n, [&](ir::Node* c) { return Expr(c); });
      return Delay(n);
  }
}

}  // namespace escapement::lower
