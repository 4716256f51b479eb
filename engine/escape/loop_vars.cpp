#include <unordered_map>

#include "engine/escape/prepare.h"

namespace escapement::escape {

using namespace ir;

namespace {

// Rewrites the loops of one function. For `for z := 0; z < n; z++ { body }` whose z leaks:
//
//   for z', first := 0, true; ; {
//     z := z'
//     if first { first = false } else { z++ }
//     if !(z < n) { break }
//     body                    // continue becomes goto next
//   next:
//     z' = z
//   }
class LoopVariables {
 public:
  LoopVariables(Program& program, Func* fn) : program_(program), fn_(fn) {}

  void Run() {
    for (Node* statement : fn_->body) Scan(statement);
    if (declarations_.empty()) return;
    MoveDeclarations(fn_->body);
    for (Node* statement : fn_->body) MoveBelow(statement);
  }

 private:
  void Scan(Node* n) {
    switch (n->op) {
      case kClosure:
        if (InReturn()) break;
        for (Name* captured : n->func->closure_vars) Leak(captured->Canonical());
        break;
      case kAddr:
        if (InReturn()) break;
        if (Node* outer = OuterValue(n->x); IsVariable(outer)) Leak(outer->AsName());
        break;
      case kReturn: {
        int saved = return_depth_;
        return_depth_ = depth_;
        ScanChildren(n);
        return_depth_ = saved;
        return;
      }
      case kRange:
        if (n->Has(kDef) && n->Has(kDistinctVars)) return Range(n);
        n->Set(kDistinctVars, false);
        break;
      case kFor:
        if (n->Has(kDistinctVars)) return For(n);
        break;
      default:
        break;
    }
    ScanChildren(n);
  }

  void ScanChildren(Node* n) {
    DoChildren(n, [this](Node* child) {
      Scan(child);
      return false;
    });
  }

  // What a return statement makes leaves all loops around it at once.
  bool InReturn() const { return return_depth_ >= depth_; }

  void Watch(Node* n) {
    if (IsVariable(n) && !IsBlank(n)) leaks_.emplace(n->AsName(), false);
  }
  void Leak(Name* name) {
    auto it = leaks_.find(name);
    if (it != leaks_.end()) it->second = true;
  }
  bool Leaks(Node* n) const {
    if (!IsVariable(n)) return false;
    auto it = leaks_.find(n->AsName());
    return it != leaks_.end() && it->second;
  }

  Node* Assign(Node* at, Node* x, Node* y) {
    Node* assignment = program_.NewNode(kAs, at->pos);
    assignment->x = x;
    assignment->y = y;
    return assignment;
  }

  // `z := tmp` in each iteration; z's declaration will move there.
  Node* Redeclare(Node* loop, Name* z, Name* tmp) {
    Node* assignment = Assign(loop, z, tmp);
    assignment->Set(kDef);
    declarations_[z] = assignment;
    return assignment;
  }

  void Range(Node* n) {
    Watch(n->y);
    Watch(n->z);
    ++depth_;
    ScanChildren(n);
    --depth_;
    for (Node** variable : {&n->y, &n->z}) {
      if (!Leaks(*variable)) continue;
      Name* z = (*variable)->AsName();
      Name* tmp = program_.NewTemp(fn_, fn_->pos, z->type);
      std::vector<Node*> body{Redeclare(n, z, tmp)};
      body.insert(body.end(), n->body.begin(), n->body.end());
      n->body = program_.NewList(body);
      *variable = tmp;
    }
    n->Set(kDistinctVars, false);
  }

  // The variables that the loop's init declares, as places that can be replaced.
  static std::vector<Node**> Declared(Node* loop) {
    std::vector<Node**> declared;
    for (Node* s : loop->init) {
      if (!s->Has(kDef)) continue;
      if (s->op == kAs) declared.push_back(&s->x);
      if (s->op == kAs2 || s->op == kAs2Func || s->op == kAs2DotType || s->op == kAs2MapR ||
          s->op == kAs2Recv)
        for (Node*& target : s->list) declared.push_back(&target);
    }
    return declared;
  }

  void For(Node* n) {
    std::vector<Node**> declared = Declared(n);
    for (Node** variable : declared) Watch(*variable);
    ++depth_;
    ScanChildren(n);
    --depth_;
    n->Set(kDistinctVars, false);
    std::vector<Node**> leaked;
    for (Node** variable : declared)
      if (Leaks(*variable)) leaked.push_back(variable);
    if (!leaked.empty()) Rewrite(n, leaked);
  }

  void Rewrite(Node* n, const std::vector<Node**>& leaked) {
    std::vector<Node*> body, after;
    for (Node** variable : leaked) {
      Name* z = (*variable)->AsName();
      Name* carried = program_.NewTemp(fn_, fn_->pos, z->type);
      Node* redeclaration = Redeclare(n, z, carried);
      z->defn = redeclaration;
      body.push_back(redeclaration);
      after.push_back(Assign(n, carried, z));
      *variable = carried;
    }
    Label* next = program_.arena().New<Label>();
    next->name = program_.names().Intern(".3clNext_" + std::to_string(next_label_++));
    next->number = ++fn_->label_gen;
    for (Node* statement : n->body) RedirectContinue(statement, n->label, next, 0);

    if (n->y != nullptr) body.push_back(PostExceptFirst(n));
    if (n->x != nullptr) body.push_back(BreakUnlessCondition(n));
    body.insert(body.end(), n->body.begin(), n->body.end());
    Node* label = program_.NewNode(kLabel, n->pos);
    label->label = next;
    body.push_back(label);
    body.insert(body.end(), after.begin(), after.end());
    n->body = program_.NewList(body);
    n->x = nullptr;
    n->y = nullptr;
  }

  // if first { first = false } else { post }
  Node* PostExceptFirst(Node* n) {
    TypeTable& types = program_.types();
    Name* first = program_.NewTemp(fn_, fn_->pos, types.Bool());
    auto boolean = [&](bool value) {
      Node* literal = program_.NewNode(kLiteral, fn_->pos, types.Bool());
      literal->value = base::Constant::Bool(value);
      return literal;
    };
    Node* choice = program_.NewNode(kIf, n->pos);
    choice->x = first;
    choice->body = program_.NewList({Assign(n, first, boolean(false))});
    choice->rlist = program_.NewList({n->y});
    Node* declaration = program_.NewNode(kDcl, fn_->pos);
    declaration->x = first;
    std::vector<Node*> init(n->init.begin(), n->init.end());
    init.push_back(declaration);
    init.push_back(Assign(n, first, boolean(true)));
    n->init = program_.NewList(init);
    return choice;
  }

  Node* BreakUnlessCondition(Node* n) {
    Node* negated = program_.NewNode(kNot, n->x->pos, n->x->type);
    negated->x = n->x;
    Node* guard = program_.NewNode(kIf, n->pos);
    guard->x = negated;
    guard->body = program_.NewList({program_.NewNode(kBreak, n->pos)});
    return guard;
  }

  static void RedirectContinue(Node* n, const Label* loop, Label* next, int depth) {
    if (n->op == kContinue) {
      bool this_loop = (depth == 0 && n->label == nullptr) || (loop != nullptr && n->label == loop);
      if (this_loop) {
        n->op = kGoto;
        n->label = next;
      }
    }
    if (n->op == kFor || n->op == kRange) ++depth;
    DoChildren(n, [&](Node* child) {
      RedirectContinue(child, loop, next, depth);
      return false;
    });
  }

  // Takes declarations of rewritten variables out of a statement list and puts them
  // before the assignments that now define them.
  void MoveDeclarations(List& list) {
    size_t kept = 0;
    for (Node* n : list) {
      if (n->op == kDcl) {
        auto it = declarations_.find(n->x->AsName());
        if (it != declarations_.end()) {
          std::vector<Node*> init{n};
          init.insert(init.end(), it->second->init.begin(), it->second->init.end());
          it->second->init = program_.NewList(init);
          declarations_.erase(it);
          continue;
        }
      }
      list[kept++] = n;
    }
    list = list.first(kept);
  }

  void MoveBelow(Node* n) {
    MoveDeclarations(n->init);
    switch (n->op) {
      case kInlCall:
      case kCase:
      case kFor:
      case kRange:
        MoveDeclarations(n->body);
        break;
      case kBlock:
        MoveDeclarations(n->list);
        break;
      case kIf:
        MoveDeclarations(n->body);
        MoveDeclarations(n->rlist);
        break;
      default:
        break;
    }
    DoChildren(n, [this](Node* child) {
      MoveBelow(child);
      return false;
    });
  }

  Program& program_;
  Func* fn_;
  int depth_ = 0;
  int return_depth_ = 0;
  int next_label_ = 1;
  std::unordered_map<const Name*, bool> leaks_;
  std::unordered_map<const Name*, Node*> declarations_;
};

}  // namespace

void SplitLoopVariables(Program& program, Func* fn) {
  LoopVariables(program, fn).Run();
}

}  // namespace escapement::escape
