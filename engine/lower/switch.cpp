// Expression switches: the tag once, cases in order; dense integer constants become a jump table.
#include <algorithm>
#include <set>
#include <utility>

#include "engine/base/sort.h"
#include "engine/lower/func_lowerer.h"

namespace escapement::lower {

namespace {

constexpr size_t kTableMin = 6;  // fewer constants than this are compared one by one

bool AllLiterals(const ir::Node* clause) {
  return std::all_of(clause->list.begin(), clause->list.end(),
                     [](const ir::Node* v) { return v->op == ir::kLiteral; });
}

}  // namespace

void FuncLowerer::SwitchStmt(ir::Node* n) {
  const int end = NewLabel();
  Expr* tag = SwitchTag(n);
  std::vector<SwitchClause> clauses;
  int default_label = end;
  size_t values = 0;
  for (ir::Node* c : n->list) {
    clauses.push_back({NewLabel(), c});
    if (c->list.empty()) default_label = clauses.back().label;
    values += c->list.size();
  }
  const bool integers =
      tag != nullptr && tag->type->IsInteger() && std::all_of(n->list.begin(), n->list.end(), AllLiterals);
  if (integers && values >= kTableMin)
    SwitchOverTable(tag, clauses, default_label);
  else
    SwitchInOrder(tag != nullptr ? n->x->type : nullptr, tag, clauses);
  Goto(default_label);

  targets_.push_back({n->label, false, end, -1});
  const int saved = fallthrough_;
  for (size_t i = 0; i < clauses.size(); i++) {
    Label(clauses[i].label);
    fallthrough_ = i + 1 < clauses.size() ? clauses[i + 1].label : -1;
    Block(clauses[i].clause->body);
    Goto(end);
  }
  fallthrough_ = saved;
  targets_.pop_back();
  Label(end);
}

// The tag in a temporary; null where there is none, or only `true`: then the cases are conditions.
Expr* FuncLowerer::SwitchTag(ir::Node* n) {
  const ir::Node* x = n->x;
  if (x == nullptr || (x->op == ir::kLiteral && x->type->IsBoolean() && x->value.BoolVal())) return nullptr;
  // The bytes themselves serve where no case can change them.
  if (x->op == ir::kBytes2Str && std::all_of(n->list.begin(), n->list.end(), AllLiterals)) {
    if (!x->init.empty()) Block(x->init);
    return Copy(BytesToString(n->x, true));
  }
  return Copy(Value(n->x));
}

// Integer constants: a jump table where they are dense, else binary search. The first of equal ones wins.
void FuncLowerer::SwitchOverTable(Expr* tag, const std::vector<SwitchClause>& clauses, int default_label) {
  std::vector<std::pair<int64_t, int>> table;
  std::set<int64_t> seen;
  for (const auto& [label, clause] : clauses) {
    for (ir::Node* v : clause->list) {
      const int64_t k = static_cast<int64_t>(Literal(v->value, v->type)->value);
      if (seen.insert(k).second) table.push_back({k, label});
    }
  }
  const bool is_signed = tag->type->IsSigned();
  base::Sort(table, [&](const auto& a, const auto& b) {
    return is_signed ? a.first < b.first : static_cast<uint64_t>(a.first) < static_cast<uint64_t>(b.first);
  });
  const uint64_t first = static_cast<uint64_t>(table.front().first);
  const uint64_t span = static_cast<uint64_t>(table.back().first) - first;
  if (span >= 4 * table.size() + 16) return SwitchBySearch(tag, table, default_label);
  std::vector<int> targets(span + 1, default_label);
  for (const auto& [k, label] : table) targets[static_cast<uint64_t>(k) - first] = label;
  Stmt* s = NewStmt(StmtOp::kSwitch);
  s->x = tag;
  s->value = first;
  s->targets = arena_.Copy(targets);
  Emit(s);
}

void FuncLowerer::SwitchBySearch(Expr* tag, std::span<const std::pair<int64_t, int>> table,
                                 int default_label) {
  if (table.size() <= 4) {
    for (const auto& [k, label] : table)
      If(Compare(Op::kEq, tag, Int(k, tag->type)), [&, to = label] { Goto(to); });
    return Goto(default_label);
  }
  const size_t mid = table.size() / 2;
  If(
      Compare(Op::kLt, tag, Int(table[mid].first, tag->type)),
      [&] { SwitchBySearch(tag, table.first(mid), default_label); },
      [&] { SwitchBySearch(tag, table.subspan(mid), default_label); });
}

void FuncLowerer::SwitchInOrder(ir::Type* tag_type, Expr* tag, const std::vector<SwitchClause>& clauses) {
  for (const SwitchClause& c : clauses) {
    for (size_t i = 0; i < c.clause->list.size(); i++) {
      ir::Node* v = c.clause->list[i];
      if (v->pos.valid() && v->op != ir::kName) pos_ = v->pos;
      ir::Node* rtype = i < c.clause->rlist.size() ? c.clause->rlist[i] : nullptr;
      Expr* matches = tag == nullptr ? Value(v) : CaseMatches(tag_type, tag, v, rtype);
      If(matches, [&] { Goto(c.label); });
    }
  }
}

// Whether the tag equals a case's value; `rtype` is the value's run-time type where only that is known.
Expr* FuncLowerer::CaseMatches(ir::Type* tag_type, Expr* tag, ir::Node* value, ir::Node* rtype) {
  const bool tag_is_interface = tag_type->IsInterface();
  if (value->op == ir::kNil) {
    return tag_is_interface ? Compare(Op::kEq, Tab(tag), Int(0, types_.Uintptr()))
                            : Compare(Op::kEq, Part(tag, 0, types_.UnsafePointer()), Nil());
  }
  if (tag_is_interface == value->type->IsInterface()) return Equal(tag, Value(value), tag_type);
  Expr* x = Cheap(Value(value));
  Expr* iface = tag_is_interface ? tag : x;
  Expr* concrete = tag_is_interface ? x : tag;
  const bool empty = (tag_is_interface ? tag_type : value->type)->IsEmptyInterface();
  Var* equal = Temp(types_.Bool());
  Set(equal, Compare(Op::kEq, TypeOfInterface(iface, empty), RType(rtype, concrete->type)));
  If(Use(equal),
     [&] { Set(equal, Equal(FromData(IData(iface), concrete->type), concrete, concrete->type)); });
  return Use(equal);
}

}  // namespace escapement::lower
