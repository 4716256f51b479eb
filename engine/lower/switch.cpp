// Expression switches: the tag once, cases in order; dense integer constants become a jump table.
#include <algorithm>
#include <set>

#include "engine/base/sort.h"
#include "engine/lower/func_lowerer.h"

namespace escapement::lower {

void FuncLowerer::SwitchStmt(ir::Node* n) {
  constexpr size_t kTableMin = 6;
  int end = NewLabel();
  int default_label = end;
  std::vector<std::pair<int, ir::Node*>> bodies;
  bool no_tag =
      n->x == nullptr || (n->x->op == ir::kLiteral && n->x->type->IsBoolean() && n->x->value.BoolVal());
  Expr* tag = nullptr;
  if (n->x && !no_tag) {
    // The bytes themselves serve where no case can change them.
    auto literals = [](ir::Node* c) {
      return std::all_of(c->list.begin(), c->list.end(), [](ir::Node* v) { return v->op == ir::kLiteral; });
    };
    if (n->x->op == ir::kBytes2Str && std::all_of(n->list.begin(), n->list.end(), literals)) {
      if (!n->x->init.empty()) Block(n->x->init);
      tag = Copy(BytesToString(n->x, true));
    } else {
      tag = Value(n->x);
      tag = IsRegister(tag->type) ? Copy(tag) : tag;
      if (!IsRegister(tag->type)) tag = Copy(tag);
    }
  }
  bool integers = tag && tag->type->IsInteger();
  size_t values = 0;
  for (ir::Node* c : n->list) {
    bodies.push_back({NewLabel(), c});
    if (c->list.empty()) default_label = bodies.back().first;
    values += c->list.size();
    for (ir::Node* v : c->list) integers = integers && v->op == ir::kLiteral;
  }
  if (integers && values >= kTableMin) {
    std::vector<std::pair<int64_t, int>> table;
    std::set<int64_t> seen;
    for (auto& [label, c] : bodies)
      for (ir::Node* v : c->list) {
        int64_t k = static_cast<int64_t>(Literal(v->value, v->type)->value);
        if (seen.insert(k).second) table.push_back({k, label});
      }
    bool is_signed = tag->type->IsSigned();
    base::Sort(table, [&](const auto& a, const auto& b) {
      return is_signed ? a.first < b.first : static_cast<uint64_t>(a.first) < static_cast<uint64_t>(b.first);
    });
    uint64_t span = static_cast<uint64_t>(table.back().first) - static_cast<uint64_t>(table.front().first);
    if (span < 4 * table.size() + 16) {
      std::vector<int> targets(span + 1, default_label);
      for (auto& [k, label] : table)
        targets[static_cast<uint64_t>(k) - static_cast<uint64_t>(table.front().first)] = label;
      Stmt* s = NewStmt(StmtOp::kSwitch);
      s->x = tag;
      s->value = static_cast<uint64_t>(table.front().first);
      s->targets = arena_.Copy(targets);
      Emit(s);
    } else {
      // Sparse constants: binary search.
      auto search = [&](auto&& self, size_t low, size_t high) -> void {
        if (high - low <= 4) {
          for (size_t i = low; i < high; i++)
            If(Compare(Op::kEq, tag, Int(table[i].first, tag->type)), [&] { Goto(table[i].second); });
          return Goto(default_label);
        }
        size_t mid = (low + high) / 2;
        If(
            Compare(Op::kLt, tag, Int(table[mid].first, tag->type)), [&] { self(self, low, mid); },
            [&] { self(self, mid, high); });
      };
      search(search, 0, table.size());
    }
  } else {
    for (auto& [label, c] : bodies) {
      for (size_t i = 0; i < c->list.size(); i++) {
        ir::Node* v = c->list[i];
        int to = label;
        Expr* cond;
        if (v->pos.valid() && v->op != ir::kName) pos_ = v->pos;
        if (!tag) {
          cond = Value(v);
        } else {
          ir::Type* a = n->x->type;
          ir::Type* b = v->type;
          if (v->op == ir::kNil) {
            cond = Compare(Op::kEq, a->IsInterface() ? Tab(tag) : Part(tag, 0, types_.UnsafePointer()),
                           a->IsInterface() ? Int(0, types_.Uintptr()) : Nil());
          } else if (a->IsInterface() != b->IsInterface()) {
            Expr* x = Cheap(Value(v));
            Expr* iface = a->IsInterface() ? tag : x;
            Expr* concrete = a->IsInterface() ? x : tag;
            ir::Node* rtype = i < c->rlist.size() ? c->rlist[i] : nullptr;
            Var* r = Temp(types_.Bool());
            Set(r, Compare(Op::kEq, TypeOfInterface(iface, (a->IsInterface() ? a : b)->IsEmptyInterface()),
                           RType(rtype, concrete->type)));
            If(Use(r),
               [&] { Set(r, Equal(FromData(IData(iface), concrete->type), concrete, concrete->type)); });
            cond = Use(r);
          } else {
            cond = Equal(tag, Value(v), a);
          }
        }
        If(cond, [&] { Goto(to); });
      }
    }
    Goto(default_label);
  }
  if (integers && values >= kTableMin) Goto(default_label);
  targets_.push_back({n->label, false, end, -1});
  int saved = fallthrough_;
  for (size_t i = 0; i < bodies.size(); i++) {
    Label(bodies[i].first);
    fallthrough_ = i + 1 < bodies.size() ? bodies[i + 1].first : -1;
    Block(bodies[i].second->body);
    Goto(end);
  }
  fallthrough_ = saved;
  targets_.pop_back();
  Label(end);
}

}  // namespace escapement::lower
