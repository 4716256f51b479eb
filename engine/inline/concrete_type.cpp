#include "engine/inline/concrete_type.h"

namespace escapement::inlining {

using namespace ir;

namespace {

Node* StripParens(Node* n) {
  while (n != nullptr && n->op == kParen) n = n->x;
  return n;
}

bool IsCall(const Node* n) {
  return n != nullptr && (n->op == kCallFunc || n->op == kCallInter || n->op == kCallMeth);
}

}  // namespace

Type* ConcreteTypes::Find(Node* n) {
  std::unordered_set<Name*> seen;
  return Follow(n, seen).type;
}

ConcreteTypes::Found ConcreteTypes::Follow(Node* n, std::unordered_set<Name*>& seen) {
  for (;;) {
    if (!n->type->IsInterface()) return {false, n->type};
    switch (n->op) {
      case kConvNop:
      case kConvIface:
      case kParen:
      case kDotType:
      case kDotType2:
        n = n->x;
        continue;
      case kInlCall:
        if (n->list.size() != 1) return {};
        n = n->list[0];
        continue;
      default:
        break;
    }
    break;
  }
  if (n->op != kName) return {};
  Name* name = n->AsName()->Canonical();
  if (name->cls != Class::kAuto || name->curfn == nullptr || name->Is(kNameAddrtaken)) return {};
  if (!seen.insert(name).second) return {true, nullptr};

  Type* only = nullptr;
  // A copy: following a value may analyse another function and move the table.
  const std::vector<Assignment> assignments = AssignmentsOf(name);
  for (const Assignment& assignment : assignments) {
    Type* t = assignment.type;
    if (assignment.value != nullptr) {
      Found found = Follow(assignment.value, seen);
      if (found.none) continue;
      t = found.type;
    }
    // Struct types without a name are told apart by where they are written.
    bool differs = only != nullptr && (!IdenticalStrict(only, t) || (t->IsStruct() && !t->IsNamed()));
    if (t == nullptr || differs) return {};
    only = t;
  }
  return only == nullptr ? Found{true, nullptr} : Found{false, only};
}

const std::vector<ConcreteTypes::Assignment>& ConcreteTypes::AssignmentsOf(Name* name) {
  if (analyzed_.insert(name->curfn).second) Analyze(name->curfn->body);
  return assignments_[name];
}

void ConcreteTypes::InlinedCall(Func* fn, Node* call, Node* inlined) {
  if (analyzed_.count(fn) == 0) return;
  Analyze(inlined->init);
  Analyze(inlined->body);
  auto it = call_results_.find(call);
  if (it == call_results_.end()) return;
  std::vector<CallResult> results = std::move(it->second);
  call_results_.erase(it);
  for (const CallResult& r : results) assignments_[r.name][r.assignment] = {inlined->list[r.result], nullptr};
}

void ConcreteTypes::Analyze(List list) {
  VisitList(list, [this](Node* n) { AnalyzeNode(n); });
}

Name* ConcreteTypes::Assign(Node* target, Assignment assignment) {
  if (target == nullptr || target->op != kName || IsBlank(target)) return nullptr;
  Name* name = target->AsName();
  if (name->curfn == nullptr || !name->type->IsInterface()) return nullptr;
  name = name->Canonical();
  if (name->cls != Class::kAuto) return nullptr;
  if (assignment.type != nullptr && assignment.type->IsInterface()) assignment.type = nullptr;
  if (assignment.value != nullptr && assignment.value->op == kNil)
    return nullptr;  // a nil pointer panics anyway
  assignments_[name].push_back(assignment);
  return name;
}

void ConcreteTypes::AssignResult(Node* target, Node* call, size_t result) {
  Type* type = call->x->type->results[result].type;
  Name* name = Assign(target, {nullptr, type});
  if (name == nullptr || !type->IsInterface()) return;
  call_results_[call].push_back({name, assignments_[name].size() - 1, result});
}

void ConcreteTypes::AnalyzeNode(Node* n) {
  switch (n->op) {
    case kAs: {
      Node* value = StripParens(n->y);
      if (value == nullptr) break;
      if (IsCall(value)) {
        AssignResult(n->x, value, 0);
      } else {
        Assign(n->x, {value, nullptr});
      }
      break;
    }
    case kAs2:
      for (size_t i = 0; i < n->list.size() && i < n->rlist.size(); ++i)
        if (n->rlist[i] != nullptr) Assign(n->list[i], {n->rlist[i], nullptr});
      break;
    case kAs2DotType:
      Assign(n->list[0], {n->rlist[0], nullptr});
      break;
    case kAs2MapR:
    case kAs2Recv:
    case kSelRecv2:
      Assign(n->list[0], {nullptr, n->rlist[0]->type});
      break;
    case kAs2Func: {
      Node* value = StripParens(n->rlist[0]);
      for (size_t i = 0; i < n->list.size(); ++i) {
        if (value->op == kInlCall) {
          Assign(n->list[i], {value->list[i], nullptr});
        } else {
          AssignResult(n->list[i], value, i);
        }
      }
      break;
    }
    case kRange:
      AnalyzeRange(n);
      break;
    case kSwitch:
      if (n->x != nullptr && n->x->op == kTypeSw) {
        for (Node* clause : n->list) Assign(clause->x, {n->x->x, nullptr});
      }
      break;
    case kClosure:
      if (analyzed_.insert(n->func).second) Analyze(n->func->body);
      break;
    default:
      break;
  }
}

void ConcreteTypes::AnalyzeRange(Node* n) {
  Type* t = n->x->type;
  if (t->IsPtr() && t->elem->IsArray()) t = t->elem;
  if (t->IsArray() || t->IsSlice()) {
    Assign(n->z, {nullptr, t->elem});
  } else if (t->IsChan()) {
    Assign(n->y, {nullptr, t->elem});
  } else if (t->IsMap()) {
    Assign(n->y, {nullptr, t->key});
    Assign(n->z, {nullptr, t->elem});
  }
}

}  // namespace escapement::inlining
