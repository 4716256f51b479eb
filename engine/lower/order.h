// Order of evaluation. gc takes the calls, receives and the like of a statement out into temporaries, one
// after the other, and reads everything else only when the statement itself runs (walk/order.go): a plain
// variable beside a call shows what the call did to it. This pass brings a function's tree into that shape;
// what it leaves in an expression, the rest of the room may evaluate in place from left to right.
#pragma once

#include <unordered_map>
#include <vector>

#include "engine/ir/program.h"

namespace escapement::lower {

// Whether a conversion of a value of this type to an interface hands over an address (dataWordFuncName).
bool ConvertsByAddress(ir::Type* type);

class Orderer {
 public:
  // With `copy_all` every copy is made that gc makes, needed or not: the shape that its walk starts from.
  Orderer(ir::Program& program, ir::Func* fn, bool copy_all = false)
      : program_(program), fn_(fn), copy_all_(copy_all) {}

  // Rewrites the function's body; once.
  void Run();
  // The statements of the function in order; their trees are used up.
  ir::List Ordered(ir::List body);

 private:
  using Nodes = std::vector<ir::Node*>;

  // --- Statements (order_stmt.cpp) ----------------------------------------------
  void Statements(ir::List list);
  void Statement(ir::Node* n);
  void StatementOf(ir::Node* n);
  ir::List Block(ir::List list);
  void Assign(ir::Node* n);
  void AssignResults(ir::Node* n);
  void AssignCommaOk(ir::Node* n);
  // n, whose values go to temporaries first if some target is no plain variable.
  void AssignFromTemps(ir::Node* n, const std::vector<ir::Type*>& types);
  void Select(ir::Node* n);
  // The value for a map's element, which is known before the element is looked for.
  ir::Node* SafeMapValue(ir::Node* value);
  // m[k] = m[k] op y, when op may fault.
  void AssignDivided(ir::Node* n);

  // --- Expressions (order.cpp) ----------------------------------------------------
  // How many operations of n, or below it, have an effect; the initial value of pending_.
  static int Count(ir::Node* n);
  static int Count(ir::List list);
  static int CountBelow(ir::Node* n);
  // What is left of n after what it needs first has become statements. `lhs`: the variable or place that
  // the value goes to, if it goes nowhere else.
  ir::Node* Expr(ir::Node* n, ir::Node* lhs = nullptr);
  ir::Node* Expr1(ir::Node* n, ir::Node* lhs);
  void Exprs(ir::List list);
  // The statements that n needs become its `init`.
  ir::Node* InPlace(ir::Node* n);
  void Call(ir::Node* n);
  ir::Node* Logical(ir::Node* n);
  ir::Node* MapLiteral(ir::Node* n);
  ir::Node* InlinedCall(ir::Node* n);
  void Init(ir::Node* n);

  // The value of n as it is now: a temporary, or n itself where nothing can tell the difference.
  ir::Node* Copy(ir::Node* n);
  ir::Node* ForceCopy(ir::Node* n);
  // n if it is a variable or constant, or else a copy.
  ir::Node* Cheap(ir::Node* n);
  // n if it has an address or is constant, or else a copy; the literal that n always is, if there is one.
  ir::Node* AddrTemp(ir::Node* n);
  // Looks for variables that are converted to interfaces and always hold one literal.
  void FindStaticValues(ir::List body);
  // n, which stays in its expression.
  ir::Node* Delay(ir::Node* n);
  ir::Node* WithInit(const Nodes& init, ir::Node* n);
  ir::Node* MapKey(ir::Node* map, ir::Node* key);
  void Emit(ir::Node* n) { out_->push_back(n); }
  template <typename F>
  Nodes Collect(F&& f) {
    Nodes list;
    Nodes* saved = out_;
    out_ = &list;
    f();
    out_ = saved;
    return list;
  }

  ir::Program& program_;
  ir::Func* fn_;
  bool copy_all_;
  std::unordered_map<const ir::Node*, ir::Node*> static_values_;
  Nodes* out_ = nullptr;
  ir::SrcPos pos_;
  // Of the statement at hand: operations with an effect that are still to come, and whether something
  // was left in place that needs statements of its own, may fault or reads what an effect can change.
  int pending_ = 0;
  bool delayed_ = false;
};

}  // namespace escapement::lower
