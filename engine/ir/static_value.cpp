#include "engine/ir/static_value.h"

#include "engine/base/constant.h"

namespace escapement::ir {

namespace {

// The right-hand side that the defining assignment of a local gives it, or null.
Node* DefinedValue(const Name* name) {
  Node* defn = name->defn;
  if (name->cls != Class::kAuto || defn == nullptr) return nullptr;
  if (defn->op == kAs) return defn->y;
  if (defn->op != kAs2) return nullptr;
  for (size_t i = 0; i < defn->list.size() && i < defn->rlist.size(); ++i) {
    if (defn->list[i] == name) return defn->rlist[i];
  }
  return nullptr;
}

// Looks through what does not change a value.
Node* Strip(Node* n) {
  for (;;) {
    if (n->op == kConvNop || n->op == kParen) {
      n = n->x;
    } else if (n->op == kInlCall && n->list.size() == 1) {
      n = n->list[0];
    } else {
      return n;
    }
  }
}

// Whether the assignable expression `target` stores into `name`.
bool StoresInto(Node* target, const Name* name) {
  if (target == nullptr) return false;
  Node* outer = OuterValue(target);
  return IsName(outer) && outer->AsName()->Canonical() == name;
}

bool IsAssignList(Op op) {
  switch (op) {
    case kAs2:
    case kAs2Func:
    case kAs2MapR:
    case kAs2DotType:
    case kAs2Recv:
    case kSelRecv2:
      return true;
    default:
      return false;
  }
}

// Calls f(target, statement) for every expression that n itself assigns to.
template <typename F>
bool AnyTarget(Node* n, F&& f) {
  if (n->op == kAs || n->op == kAsOp) return f(n->x);
  if (IsAssignList(n->op)) {
    for (Node* target : n->list)
      if (f(target)) return true;
    return false;
  }
  if (n->op == kRange) return f(n->y) || f(n->z);
  return false;
}

bool ReassignedIn(List body, Name* name);

bool ReassignedAt(Node* n, Name* name) {
  return Any(n, [&](Node* m) {
    // A declaration's own assignment does not count; `op=` and range always do.
    bool own = m == name->defn && m->op != kAsOp && m->op != kRange;
    if (!own && AnyTarget(m, [&](Node* target) { return StoresInto(target, name); })) return true;
    return m->op == kClosure && ReassignedIn(m->func->body, name);
  });
}

bool ReassignedIn(List body, Name* name) {
  for (Node* n : body)
    if (ReassignedAt(n, name)) return true;
  return false;
}

}  // namespace

Node* SingleResult(Node* inlined_call) {
  return inlined_call->list.size() == 1 ? inlined_call->list[0] : nullptr;
}

bool Reassigned(Name* name) {
  if (name->curfn == nullptr || name->Is(kNameAddrtaken)) return true;
  return ReassignedIn(name->curfn->body, name);
}

Node* StaticValue(Node* n) {
  for (;;) {
    n = Strip(n);
    if (!IsName(n)) return n;
    Name* name = n->AsName()->Canonical();
    Node* value = DefinedValue(name);
    if (value == nullptr || Reassigned(name)) return n;
    n = value;
  }
}

Name* MethodExprName(const Node* n) {
  return n->field == nullptr ? nullptr : n->field->nname;
}

Name* StaticCalleeName(Node* n) {
  switch (n->op) {
    case kMethExpr:
      return MethodExprName(n);
    case kName:
      return n->AsName()->cls == Class::kFunc ? n->AsName() : nullptr;
    case kClosure:
      return n->func->nname;
    default:
      return nullptr;
  }
}

bool SameSafeExpr(const Node* l, const Node* r) {
  while (l->op == kConvNop) l = l->x;
  while (r->op == kConvNop) r = r->x;
  if (l->op != r->op || !Identical(l->type, r->type)) return false;
  switch (l->op) {
    case kName:
      return l == r;
    case kDot:
    case kDotPtr:
      return l->sym != nullptr && l->sym == r->sym && SameSafeExpr(l->x, r->x);
    case kDeref:
    case kNot:
    case kBitNot:
    case kPlus:
    case kNeg:
      return SameSafeExpr(l->x, r->x);
    case kConv: {
      const Type* t = l->type;
      bool simple = t->IsInteger() || t->IsFloat() || t->IsComplex() || t->IsBoolean();
      return simple && SameSafeExpr(l->x, r->x);
    }
    case kIndex:
    case kIndexMap:
    case kAdd:
    case kSub:
    case kOr:
    case kXor:
    case kMul:
    case kLsh:
    case kRsh:
    case kAnd:
    case kAndNot:
    case kDiv:
    case kMod:
      return SameSafeExpr(l->x, r->x) && SameSafeExpr(l->y, r->y);
    case kLiteral: {
      base::ConstantPool pool;
      return l->value.kind() == r->value.kind() && pool.Compare(l->value, base::ConstantOp::kEql, r->value);
    }
    case kNil:
      return true;
    default:
      return false;
  }
}

ReassignOracle::ReassignOracle(Func* fn) {
  for (Name* param : fn->params())
    if (!param->IsBlank()) single_definition_[param] = nullptr;
  CollectLocals(fn);
  PruneAssigned(fn);
}

void ReassignOracle::CollectLocals(Func* fn) {
  VisitList(fn->body, [&](Node* n) {
    if (n->op == kClosure) {
      CollectLocals(n->func);
    } else if (IsName(n)) {
      Name* name = n->AsName();
      if (name->defn != nullptr && !name->Is(kNameAddrtaken) && name->cls == Class::kAuto)
        single_definition_[name] = name->defn;
    }
  });
}

void ReassignOracle::PruneAssigned(Func* fn) {
  VisitList(fn->body, [&](Node* n) {
    AnyTarget(n, [&](Node* target) {
      Prune(target, n);
      return false;
    });
    if (n->op == kClosure) PruneAssigned(n->func);
  });
}

// Any assignment to a parameter, and every one to a local but its definition, makes the
// variable one that changes.
void ReassignOracle::Prune(Node* assigned, const Node* assignment) {
  if (assigned == nullptr) return;
  Node* outer = OuterValue(assigned);
  if (!IsName(outer)) return;
  auto it = single_definition_.find(outer->AsName()->Canonical());
  if (it == single_definition_.end()) return;
  if (it->second == nullptr || it->second != assignment) single_definition_.erase(it);
}

Node* ReassignOracle::Definition(Node* n) const {
  if (!IsName(n)) return nullptr;
  Name* name = n->AsName()->Canonical();
  Node* value = DefinedValue(name);
  return value != nullptr && !Reassigned(name) ? value : nullptr;
}

Node* ReassignOracle::StaticValue(Node* n) const {
  for (;;) {
    n = Strip(n);
    Node* value = Definition(n);
    if (value == nullptr) return n;
    n = value;
  }
}

namespace {

bool IsZeroSize(const Node* size) {
  base::ConstantPool pool;
  return size == nullptr || (size->op == kLiteral && size->value.kind() == base::ConstantKind::kInt &&
                             pool.Sign(size->value) == 0);
}

bool HasSideEffect(const Node* n) {
  switch (n->op) {
    case kName:
    case kNoName:
    case kType:
    case kLiteral:
    case kNil:
    case kAdd:
    case kSub:
    case kOr:
    case kXor:
    case kAddStr:
    case kAddr:
    case kAndAnd:
    case kBytes2Str:
    case kRunes2Str:
    case kStr2Bytes:
    case kStr2Runes:
    case kCap:
    case kCompLit:
    case kMapLit:
    case kStructLit:
    case kArrayLit:
    case kSliceLit:
    case kPtrLit:
    case kConv:
    case kConvIface:
    case kConvNop:
    case kDot:
    case kEq:
    case kNe:
    case kLt:
    case kLe:
    case kGt:
    case kGe:
    case kKey:
    case kStructKey:
    case kLen:
    case kMul:
    case kLsh:
    case kRsh:
    case kAnd:
    case kAndNot:
    case kNew:
    case kNot:
    case kBitNot:
    case kPlus:
    case kNeg:
    case kOrOr:
    case kParen:
    case kRuneStr:
    case kReal:
    case kImag:
    case kComplex:
      return false;
    case kDiv:
    case kMod: {
      base::ConstantPool pool;
      return n->y->op != kLiteral || pool.Sign(n->y->value) == 0;
    }
    case kMakeChan:
    case kMakeMap:
      return !IsZeroSize(n->x);
    default:
      return true;
  }
}

}  // namespace

bool IsAddressable(const Node* n) {
  switch (n->op) {
    case kIndex:
      if (n->x->type->IsArray()) return IsAddressable(n->x);
      return !n->x->type->IsString();
    case kDeref:
    case kDotPtr:
    case kLinkSymOffset:
      return true;
    case kDot:
      return IsAddressable(n->x);
    case kName:
      return n->AsName()->cls != Class::kFunc;
    default:
      return false;
  }
}

bool AnySideEffects(Node* n) {
  return Any(n, HasSideEffect);
}

bool CanRepeat(Node* n) {
  return !Any(n, [](const Node* e) {
    switch (e->op) {
      case kMakeChan:
      case kMakeMap:
      case kMakeSlice:
      case kMakeSliceCopy:
      case kMapLit:
      case kNew:
      case kPtrLit:
      case kSliceLit:
      case kStr2Bytes:
      case kStr2Runes:
        return true;
      default:
        return HasSideEffect(e);
    }
  });
}

}  // namespace escapement::ir
