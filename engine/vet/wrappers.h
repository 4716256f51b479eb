// Which functions behave like fmt.Print, fmt.Printf or fmt.Errorf.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <unordered_map>
#include <vector>

#include "engine/diag/diagnostic.h"
#include "engine/types/checker.h"

namespace escapement::vet {

enum class PrintKind : uint8_t { kNone, kPrint, kPrintf, kErrorf };

// The function or variable that a call names; null for conversions and for calls of other values.
types::Object* Callee(const syntax::CallExpr* call);

// "(*log.Logger).Printf", a variable's name.
std::string FullName(const types::Object* callee);

// The print-like functions that a package calls: a known few, and every function that hands its own
// `args ...any`, and the format before it, on to one. Those of other packages are looked into when a call
// needs it. Model: interfaces of other packages are print-like only if they are among the known few.
class Wrappers {
 public:
  // Looks through the package; a function that hands its arguments on as one is told about in `out`.
  Wrappers(types::Checker& checker, types::Package* package, std::vector<diag::Diagnostic>& out);

  PrintKind KindOf(types::Object* callee);

 private:
  struct Candidate;
  // A call in `by` that hands its arguments on; null: an interface's method, which hands them to all that
  // implement it.
  struct Caller {
    Candidate* by;
    const syntax::CallExpr* call;
  };
  struct Candidate {
    types::Object* object = nullptr;     // a function, or the variable that holds one
    syntax::BlockStmt* body = nullptr;   // null: an interface's method
    const types::Var* format = nullptr;  // null: print-like at most
    const types::Var* args = nullptr;
    bool own = false;  // of the package that is checked
    std::vector<Caller> callers;
  };

  void Collect(syntax::Node* node, bool interfaces);
  void AddLiterals(std::span<syntax::Expr* const> targets, std::span<syntax::Expr* const> values);
  Candidate* Add(types::Object* object, const types::Signature* sig, syntax::BlockStmt* body);
  Candidate* AddForeign(types::Object* callee);
  Candidate* Find(types::Object* callee);
  PrintKind Known(types::Object* callee) const;
  void Scan(Candidate* w);
  void ScanImplementations(Candidate* w);
  bool ScanNode(Candidate* w, syntax::Node* node);
  void Forward(Candidate* w, types::Object* callee, const syntax::CallExpr* call);
  void Propagate(Caller from, PrintKind kind);
  bool ForwardsWell(const Caller& from, PrintKind kind);

  types::Checker& checker_;
  types::Package* package_;
  std::vector<diag::Diagnostic>& out_;
  std::deque<Candidate> candidates_;  // callers point into it
  size_t scanned_ = 0;                // candidates of other packages are scanned in turn
  std::unordered_map<const types::Object*, Candidate*> by_object_;
  std::unordered_map<const types::Object*, PrintKind> kinds_;
};

}  // namespace escapement::vet
