// Concrete types: which one type an interface expression holds, followed through
// conversions, assertions, inlined calls and all assignments of a local variable.
#pragma once

#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "engine/ir/func.h"

namespace escapement::inlining {

// What the functions analysed so far assign to their interface variables.
class ConcreteTypes {
 public:
  // The only concrete type that interface expression n can hold; null when unknown, when
  // there are several, or when n is always nil.
  ir::Type* Find(ir::Node* n);
  // Takes an inlined body into account: `call` in fn has become `inlined`.
  void InlinedCall(ir::Func* fn, ir::Node* call, ir::Node* inlined);

 private:
  // One assignment: of an expression, of a value of a known type, or of anything (both null).
  struct Assignment {
    ir::Node* value = nullptr;
    ir::Type* type = nullptr;
  };
  // A variable that receives a result of a call that may yet be inlined.
  struct CallResult {
    ir::Name* name;
    size_t assignment;
    size_t result;
  };
  struct Found {
    bool none = false;         // always nil, or assigned only from itself
    ir::Type* type = nullptr;  // null: unknown
  };

  Found Follow(ir::Node* n, std::unordered_set<ir::Name*>& seen);
  const std::vector<Assignment>& AssignmentsOf(ir::Name* name);
  void Analyze(ir::List list);
  void AnalyzeNode(ir::Node* n);
  void AnalyzeRange(ir::Node* n);
  // Records an assignment and returns the variable if it is one that is tracked.
  ir::Name* Assign(ir::Node* target, Assignment assignment);
  void AssignResult(ir::Node* target, ir::Node* call, size_t result);

  std::unordered_map<const ir::Name*, std::vector<Assignment>> assignments_;
  std::unordered_map<const ir::Node*, std::vector<CallResult>> call_results_;
  std::unordered_set<const ir::Func*> analyzed_;
};

}  // namespace escapement::inlining
