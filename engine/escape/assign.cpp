#include "engine/escape/report.h"
#include "engine/escape/self_assign.h"
#include "engine/escape/walker.h"

namespace escapement::escape {

using namespace ir;

// The place that an addressable expression denotes, as the hole of a store into it.
Hole Walker::Addr(Node* n) {
  if (n == nullptr || IsBlank(n)) return DiscardHole();
  Hole k = HeapHole();
  switch (n->op) {
    case kName:
      if (n->AsName()->cls != Class::kExtern) k = Hole{Batch::LocationOf(n->AsName())};
      break;
    case kLinkSymOffset:
      break;
    case kDot:
    case kParen:
      k = Addr(n->x);
      break;
    case kIndex:
      Discard(n->y);
      if (n->x->type->IsArray()) {
        k = Addr(n->x);
      } else {
        Mutate(n->x);
      }
      break;
    case kDeref:
    case kDotPtr:
      Mutate(n->x);
      break;
    case kIndexMap:
      Discard(n->x);
      AssignHeap(n->y, "key of map put", n);
      break;
    default:
      UNREACHABLE("escape: unexpected place " + std::string(OpName(n->op)));
  }
  return k;
}

Walker::Holes Walker::Addrs(const std::vector<Node*>& list) {
  Holes ks;
  ks.reserve(list.size());
  for (Node* n : list) ks.push_back(Addr(n));
  return ks;
}

void Walker::Mutate(Node* n) {
  Expr(MutatorHole(), n);
}

void Walker::AssignHeap(Node* src, const char* why, Node* where) {
  Expr(b_.WithNote(HeapHole(), where, why), src);
}

void Walker::AssignList(const std::vector<Node*>& dsts, const std::vector<Node*>& srcs, const char* why,
                        Node* where) {
  Holes ks = Addrs(dsts);
  for (size_t i = 0; i < ks.size(); ++i) {
    Hole k = ks[i];
    Node* dst = dsts[i];
    Node* src = i < srcs.size() ? srcs[i] : nullptr;
    if (dst != nullptr) {
      // A uintptr stored into reflect.SliceHeader.Data is a pointer in disguise.
      if (dst->op == kDotPtr && IsReflectHeaderDataField(dst)) {
        if (src != nullptr) UnsafeValue(b_.WithNote(HeapHole(), where, why), src);
        continue;
      }
      if (src != nullptr && IsSelfAssign(dst, src)) {
        Reporter(b_).SelfAssignment(fn_, where);
        k = DiscardHole();
      }
    }
    Expr(b_.WithNote(k, where, why), src);
  }
  Reassigned(ks, where);
}

// Marks the places as assigned again, but for a variable that `where` declares.
void Walker::Reassigned(const Holes& ks, Node* where) {
  if (where->op == kAs && where->y == nullptr && IsName(where->x) && where->x->AsName()->defn == nullptr)
    return;
  for (const Hole& k : ks) {
    Node* n = k.dst->n;
    if (IsName(n) && n->AsName()->defn == where && where->op != kRange) continue;
    k.dst->reassigned = true;
  }
}

}  // namespace escapement::escape
