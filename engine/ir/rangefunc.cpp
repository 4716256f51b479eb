// Range-over-func loops, rewritten in the typed syntax tree before anything is built of a
// function (facts: cmd/compile/internal/rangefunc): the loop body becomes a function literal
// that is passed to the iterator; break, continue, goto and return leave it through #next.
//
//   for x := range f { body }   →   { var #state1 = ready; #yield1 := func(x) bool { … }; f(#yield1); checks
//   }
#include <map>
#include <set>

#include "engine/base/check.h"
#include "engine/ir/body.h"

namespace escapement::ir {

using syntax::As;
using syntax::To;
using NodeKind = syntax::NodeKind;

namespace {

// abi.RF_State.
enum State { kDone = 0, kReady = 1, kPanicking = 2, kExhausted = 3, kMissingPanic = 4 };
// Codes of #next go in steps of two: one loop deeper, break or continue.
constexpr int kLoopStep = 2;

using StmtVec = std::vector<syntax::Stmt*>;
using Branch = std::pair<syntax::Token, std::string>;

struct Loop {
  syntax::ForStmt* stmt;
  types::Var* state;
  syntax::VarDecl* state_decl;
  int depth;
  bool check_return = false, check_break = false, check_continue = false;
  std::vector<Branch> check_branch;
};

struct RangeRewriter {
  Builder::Impl& b;
  types::Package* package;
  types::Signature* sig;
  syntax::BlockStmt* body;

  std::vector<Loop> loops;
  int state_count = 0, body_count = 0;
  syntax::DeclStmt* outer_decl = nullptr;  // variables of the outermost loop
  types::Var* next_var = nullptr;
  types::Var* defers = nullptr;
  bool labels_known = false;
  std::map<Branch, int> branch_code;
  std::map<std::string, syntax::ForStmt*> label_loop;

  types::Context& c() { return b.context(); }
  base::Arena& arena() { return c().arena; }
  types::Type* Int() { return types::Typ(types::BasicKind::kInt); }
  types::Type* Bool() { return types::Typ(types::BasicKind::kBool); }

  template <typename T>
  T* New(diag::Pos pos) {
    return syntax::NewNode<T>(arena(), pos);
  }
  template <typename T>
  T* Typed(T* e, types::Type* type) {
    e->mode = syntax::ExprMode::kValue;
    e->type = type;
    return e;
  }
  std::span<syntax::Stmt*> List(const StmtVec& stmts) { return arena().Copy(stmts); }

  // ---- pieces of syntax

  syntax::Name* NameOf(diag::Pos pos, types::Object* object) {
    auto* n = Typed(New<syntax::Name>(pos), object->type);
    n->name = object->name;
    n->object = object;
    n->mode = syntax::ExprMode::kVariable;
    return n;
  }
  syntax::Expr* Constant(diag::Pos pos, types::Type* type, base::Constant value) {
    auto* n = Typed(New<syntax::BasicLit>(pos), type);
    n->mode = syntax::ExprMode::kConstant;
    n->value = value;
    return n;
  }
  syntax::Expr* Number(diag::Pos pos, int value) {
    return Constant(pos, Int(), c().constants.MakeInt64(value));
  }
  syntax::Expr* Truth(diag::Pos pos, bool value) {
    return Constant(pos, Bool(), base::Constant::Bool(value));
  }

  syntax::Stmt* Assign(diag::Pos pos, syntax::Expr* lhs, syntax::Expr* rhs) {
    auto* n = New<syntax::AssignStmt>(pos);
    n->lhs = lhs;
    n->rhs = rhs;
    return n;
  }
  syntax::Stmt* Return(diag::Pos pos, syntax::Expr* result) {
    auto* n = New<syntax::ReturnStmt>(pos);
    n->results = result;
    return n;
  }
  syntax::BlockStmt* Block(diag::Pos pos, const StmtVec& stmts) {
    auto* n = New<syntax::BlockStmt>(pos);
    n->list = List(stmts);
    n->rbrace = pos;
    return n;
  }
  syntax::Stmt* If(diag::Pos pos, syntax::Operator op, syntax::Expr* x, syntax::Expr* y,
                   const StmtVec& then) {
    auto* cond = Typed(New<syntax::Operation>(pos), Bool());
    cond->op = op;
    cond->x = x;
    cond->y = y;
    auto* n = New<syntax::IfStmt>(pos);
    n->cond = cond;
    n->then = Block(pos, then);
    return n;
  }
  types::Var* NewVar(const std::string& name, types::Type* type) {
    types::Var* var = types::NewVar(c(), types::VarKind::kLocal, {}, package, c().Intern(name), type);
    b.rewritten.range_vars.insert(var);
    return var;
  }
  syntax::VarDecl* Declare(diag::Pos pos, types::Var* var, syntax::Expr* init) {
    auto* decl = New<syntax::VarDecl>(pos);
    syntax::Name* name = NameOf(pos, var);
    b.rewritten.range_defs.insert(name);
    decl->names = arena().Copy(std::vector<syntax::Name*>{name});
    decl->values = init;
    return decl;
  }
  syntax::DeclStmt* DeclStmt(diag::Pos pos, syntax::Decl* decl) {
    auto* n = New<syntax::DeclStmt>(pos);
    n->decls = arena().Copy(std::vector<syntax::Decl*>{decl});
    return n;
  }
  types::Var* OuterVar(diag::Pos pos, const std::string& name, types::Type* type, syntax::Expr* init) {
    types::Var* var = NewVar(name, type);
    syntax::VarDecl* decl = Declare(pos, var, init);
    if (outer_decl == nullptr) outer_decl = New<syntax::DeclStmt>(loops[0].stmt->pos);
    std::vector<syntax::Decl*> decls(outer_decl->decls.begin(), outer_decl->decls.end());
    decls.push_back(decl);
    outer_decl->decls = arena().Copy(decls);
    return var;
  }
  syntax::Expr* Next(diag::Pos pos) {
    if (next_var == nullptr) next_var = OuterVar(loops[0].stmt->pos, "#next", Int(), nullptr);
    return NameOf(pos, next_var);
  }
  syntax::Stmt* SetState(diag::Pos pos, size_t loop, State state) {
    return Assign(pos, NameOf(pos, loops[loop].state), Number(pos, state));
  }
  syntax::Stmt* SetState(diag::Pos pos, State state) { return SetState(pos, loops.size() - 1, state); }

  syntax::CallExpr* RuntimeCall(diag::Pos pos, std::string_view name, std::vector<syntax::Expr*> list) {
    types::Import runtime = c().importer("runtime");
    ENSURE(runtime.package != nullptr, "no package runtime");
    types::Object* func = b.checker.Lookup(runtime.package, name);
    ENSURE(func != nullptr, "no function runtime." + std::string(name));
    auto* call = New<syntax::CallExpr>(pos);
    call->fun = NameOf(pos, func);
    call->fun->mode = syntax::ExprMode::kValue;
    call->args = arena().Copy(list);
    types::Signature* fsig = static_cast<types::Func*>(func)->signature();
    if (fsig->result_vars().size() == 1) Typed(call, fsig->result_vars()[0]->type);
    return call;
  }
  syntax::Stmt* CallPanic(diag::Pos pos, syntax::Expr* state) {
    auto* n = New<syntax::ExprStmt>(pos);
    n->x = RuntimeCall(pos, "panicrangestate", {state});
    n->x->mode = syntax::ExprMode::kNoValue;
    return n;
  }

  // ---- walking

  syntax::ForStmt* RangeFunc(syntax::Node* n) {
    auto* loop = As<syntax::ForStmt>(n);
    if (loop == nullptr || loop->init == nullptr) return nullptr;
    auto* clause = As<syntax::RangeClause>(static_cast<syntax::Node*>(loop->init));
    if (clause == nullptr || TypeOfExpr(clause->x) == nullptr) return nullptr;
    return types::As<types::Signature>(CoreType(c(), TypeOfExpr(clause->x))) != nullptr ? loop : nullptr;
  }

  // Function literals are rewritten on their own.
  void Literals(syntax::Node* n) {
    if (n == nullptr) return;
    if (auto* lit = As<syntax::FuncLit>(n)) {
      RangeRewriter inner{b, package, types::As<types::Signature>(TypeOfExpr(lit)), lit->body};
      inner.Stmts(lit->body->list);
      return;
    }
    syntax::ForEachChild(n, [&](syntax::Node* child) { Literals(child); });
  }

  void Stmts(std::span<syntax::Stmt*> list) {
    for (syntax::Stmt*& s : list) s = Edit(Visit(s));
  }

  // Rewrites below a statement; a range-over-func loop gives its replacement.
  syntax::Stmt* Visit(syntax::Stmt* stmt) {
    if (stmt == nullptr) return nullptr;
    switch (stmt->kind) {
      case NodeKind::kBlockStmt:
        Stmts(To<syntax::BlockStmt>(stmt)->list);
        break;
      case NodeKind::kLabeledStmt: {
        auto* s = To<syntax::LabeledStmt>(stmt);
        s->stmt = Edit(Visit(s->stmt));
        break;
      }
      case NodeKind::kIfStmt: {
        auto* s = To<syntax::IfStmt>(stmt);
        Literals(s->init);
        Literals(s->cond);
        Stmts(s->then->list);
        Visit(s->else_stmt);
        break;
      }
      case NodeKind::kForStmt: {
        auto* s = To<syntax::ForStmt>(stmt);
        if (RangeFunc(s) != nullptr) return RewriteLoop(s);
        Literals(s->init);
        Literals(s->cond);
        Literals(s->post);
        Stmts(s->body->list);
        break;
      }
      case NodeKind::kSwitchStmt: {
        auto* s = To<syntax::SwitchStmt>(stmt);
        Literals(s->init);
        Literals(s->tag);
        for (syntax::CaseClause* clause : s->body) {
          Literals(clause->cases);
          Stmts(clause->body);
        }
        break;
      }
      case NodeKind::kSelectStmt:
        for (syntax::CommClause* clause : To<syntax::SelectStmt>(stmt)->body) {
          Literals(clause->comm);
          Stmts(clause->body);
        }
        break;
      default:
        Literals(stmt);
        break;
    }
    return stmt;
  }

  syntax::Stmt* Edit(syntax::Stmt* stmt) {
    if (loops.empty() || stmt == nullptr) return stmt;
    switch (stmt->kind) {
      case NodeKind::kBranchStmt:
        return EditBranch(To<syntax::BranchStmt>(stmt));
      case NodeKind::kReturnStmt:
        return EditReturn(To<syntax::ReturnStmt>(stmt));
      case NodeKind::kCallStmt: {
        auto* s = To<syntax::CallStmt>(stmt);
        if (s->tok == syntax::Token::kDefer) {
          if (defers == nullptr) {
            diag::Pos pos = loops[0].stmt->pos;
            defers = OuterVar(pos, "#defers", c().universe.any, RuntimeCall(pos, "deferrangefunc", {}));
          }
          b.rewritten.defer_at[s] = NameOf(s->pos, defers);
        }
        return s;
      }
      default:
        return stmt;
    }
  }

  // ---- statements that leave the loop

  syntax::Stmt* EditReturn(syntax::ReturnStmt* stmt) {
    diag::Pos pos = stmt->pos;
    if (b.rewritten.range_returns.contains(stmt)) return stmt;
    StmtVec out;
    if (stmt->results != nullptr) {
      std::span<types::Var*> results = sig->result_vars();
      std::vector<syntax::Expr*> names;
      for (size_t i = 0; i < results.size(); ++i) {
        if (results[i]->name.empty() || results[i]->name.text() == "_")
          results[i]->name = c().Intern("#rv" + std::to_string(i + 1));
        names.push_back(NameOf(pos, results[i]));
      }
      syntax::Expr* lhs = names[0];
      if (names.size() > 1) {
        auto* list = New<syntax::ListExpr>(pos);
        list->elems = arena().Copy(names);
        lhs = list;
      }
      out.push_back(Assign(pos, lhs, stmt->results));
    }
    for (Loop& loop : loops) loop.check_return = true;
    out.push_back(Assign(pos, Next(pos), Number(pos, -1)));
    out.push_back(SetState(pos, kDone));
    out.push_back(LeaveBody(pos, false));
    return Block(pos, out);
  }

  // A return from the body function, which enclosing loops must leave alone.
  syntax::Stmt* LeaveBody(diag::Pos pos, bool go_on) {
    syntax::Stmt* ret = Return(pos, Truth(pos, go_on));
    b.rewritten.range_returns.insert(To<syntax::ReturnStmt>(ret));
    return ret;
  }

  syntax::Stmt* EditBranch(syntax::BranchStmt* stmt) {
    diag::Pos pos = stmt->pos;
    if (stmt->tok == syntax::Token::kFallthrough) return stmt;
    int last = static_cast<int>(loops.size()) - 1;
    int i = last;
    if (stmt->label == nullptr && loops.back().stmt != stmt->target) return stmt;
    while (i >= 0 && loops[static_cast<size_t>(i)].stmt != stmt->target) --i;
    int exit_from = i + 1;
    int next = 0;
    if (stmt->tok == syntax::Token::kGoto || i < 0) {
      NumberLabels();
      std::string label = stmt->label->name.str();
      syntax::ForStmt* around = label_loop[label];
      if (loops.back().stmt == around) return stmt;
      Branch branch{stmt->tok, label};
      next = branch_code[branch];
      i = last;
      while (i >= 0 && loops[static_cast<size_t>(i)].stmt != around) --i;
      exit_from = i + 1;
      loops[static_cast<size_t>(exit_from)].check_branch.push_back(branch);
      for (int j = exit_from + 1; j <= last; ++j) loops[static_cast<size_t>(j)].check_return = true;
    } else if (exit_from > last) {
      bool go_on = stmt->tok == syntax::Token::kContinue;
      return Block(pos, {SetState(pos, go_on ? kReady : kDone), LeaveBody(pos, go_on)});
    } else {
      if (stmt->tok == syntax::Token::kContinue) {
        loops[static_cast<size_t>(exit_from)].check_continue = true;
      } else {
        exit_from = i;
        loops[static_cast<size_t>(exit_from)].check_break = true;
      }
      for (int j = exit_from + 1; j <= last; ++j) loops[static_cast<size_t>(j)].check_break = true;
      next = kLoopStep * (i + 1);
      if (stmt->tok == syntax::Token::kContinue) --next;
    }
    return Block(pos,
                 {Assign(pos, Next(pos), Number(pos, next)), SetState(pos, kDone), LeaveBody(pos, false)});
  }

  void NumberLabels() {
    if (labels_known) return;
    labels_known = true;
    int used = -1;  // return
    std::vector<syntax::ForStmt*> around{nullptr};
    // Loops already rewritten no longer show: their labels were numbered when they were met.
    std::function<void(syntax::Node*)> visit = [&](syntax::Node* n) {
      syntax::ForStmt* loop = RangeFunc(n);
      if (loop != nullptr) around.push_back(loop);
      if (auto* labeled = As<syntax::LabeledStmt>(n)) {
        std::string label = labeled->label->name.str();
        label_loop[label] = around.back();
        used -= 3;
        branch_code[{syntax::Token::kBreak, label}] = used;
        branch_code[{syntax::Token::kContinue, label}] = used + 1;
        branch_code[{syntax::Token::kGoto, label}] = used + 2;
      }
      syntax::ForEachChild(n, visit);
      if (loop != nullptr) around.pop_back();
    };
    visit(body);
  }

  // ---- loops

  syntax::Stmt* RewriteLoop(syntax::ForStmt* stmt) {
    diag::Pos start = stmt->pos, end = stmt->body->rbrace;
    types::Var* state = NewVar("#state" + std::to_string(++state_count), Int());
    state->pos = start;
    loops.push_back(
        {stmt, state, Declare(start, state, Number(start, kReady)), static_cast<int>(loops.size()) + 1});
    auto* clause = To<syntax::RangeClause>(stmt->init);
    Literals(clause->lhs);
    Literals(clause->x);
    Stmts(stmt->body->list);

    auto* iterator = types::As<types::Signature>(CoreType(c(), TypeOfExpr(clause->x)));
    auto* yield = types::As<types::Signature>(CoreType(c(), iterator->params->vars[0]->type));
    std::string yield_name = "#yield" + std::to_string(++body_count);
    syntax::FuncLit* lit = BodyFunc(stmt, clause, yield, start, end);
    types::Var* yield_var = NewVar(yield_name, TypeOfExpr(lit));
    auto* call = New<syntax::CallExpr>(start);
    call->mode = syntax::ExprMode::kNoValue;
    call->fun = clause->x;
    call->args = arena().Copy(std::vector<syntax::Expr*>{NameOf(start, yield_var)});
    auto* call_stmt = New<syntax::ExprStmt>(start);
    call_stmt->x = call;

    StmtVec after = Checks(loops.back(), end);
    StmtVec out;
    if (loops.size() == 1 && outer_decl != nullptr) out.push_back(outer_decl);
    out.push_back(DeclStmt(start, loops.back().state_decl));
    out.push_back(DeclStmt(start, Declare(start, yield_var, lit)));
    out.push_back(call_stmt);
    out.push_back(If(end, syntax::Operator::kEql, NameOf(end, state), Number(end, kPanicking),
                     {CallPanic(end, Number(end, kMissingPanic))}));
    out.push_back(SetState(end, kExhausted));
    out.insert(out.end(), after.begin(), after.end());
    if (loops.size() == 1) {
      outer_decl = nullptr;
      next_var = nullptr;
      defers = nullptr;
    }
    loops.pop_back();
    syntax::BlockStmt* block = Block(start, out);
    block->rbrace = end;
    return block;
  }

  syntax::FuncLit* BodyFunc(syntax::ForStmt* stmt, syntax::RangeClause* clause, types::Signature* yield,
                            diag::Pos start, diag::Pos end) {
    StmtVec list;
    std::vector<types::Var*> params;
    std::span<syntax::Expr* const> lhs = UnpackListExpr(clause->lhs);
    std::span<types::Var*> wanted = yield->param_vars();
    for (size_t i = 0; i < wanted.size(); ++i) {
      if (i < lhs.size() && clause->def) {
        syntax::Expr* name = Unparen(lhs[i]);
        if (auto* var = types::As<types::Var>(To<syntax::Name>(name)->object)) {
          params.push_back(var);
          continue;
        }
      }
      types::Var* param = types::NewVar(c(), types::VarKind::kParam, start, package,
                                        c().Intern("#p" + std::to_string(i + 1)), wanted[i]->type);
      b.rewritten.range_vars.insert(param);
      if (i < lhs.size() && !IsBlankName(Unparen(lhs[i])))
        list.push_back(Assign(lhs[i]->pos, lhs[i], NameOf(lhs[i]->pos, param)));
      params.push_back(param);
    }
    types::Var* result =
        types::NewVar(c(), types::VarKind::kResult, start, package, c().Intern("#r"), Bool());
    auto* type = types::NewType<types::Signature>(c());
    type->params = types::NewTuple(c(), params);
    type->results = types::NewTuple(c(), std::vector<types::Var*>{result});

    types::Var* tmp = NewVar("#tmpState", Int());
    list.push_back(DeclStmt({}, Declare({}, tmp, NameOf({}, loops.back().state))));
    list.push_back(SetState(start, kPanicking));
    list.push_back(If(start, syntax::Operator::kNeq, NameOf(start, tmp), Number(start, kReady),
                      {CallPanic(start, NameOf(start, tmp))}));
    list.insert(list.end(), stmt->body->list.begin(), stmt->body->list.end());
    list.push_back(SetState(end, kReady));
    list.push_back(LeaveBody(end, true));

    auto* lit = Typed(New<syntax::FuncLit>(start), type);
    lit->body = Block(start, list);
    lit->body->rbrace = end;
    b.rewritten.range_bodies.insert(lit);
    return lit;
  }

  syntax::Stmt* IfNext(diag::Pos pos, syntax::Operator op, int code, bool zero, StmtVec then) {
    if (zero) then.insert(then.begin(), Assign(pos, Next(pos), Number(pos, 0)));
    return If(pos, op, Next(pos), Number(pos, code), then);
  }

  // What a loop does behind the iterator's call when its body was left for good.
  StmtVec Checks(const Loop& loop, diag::Pos pos) {
    using O = syntax::Operator;
    StmtVec out;
    std::set<Branch> did;
    for (const Branch& branch : loop.check_branch) {
      if (!did.insert(branch).second) continue;
      auto* jump = New<syntax::BranchStmt>(pos);
      jump->tok = branch.first;
      jump->label = New<syntax::Name>(pos);
      jump->label->name = c().Intern(branch.second);
      out.push_back(IfNext(pos, O::kEql, branch_code[branch], true, {jump}));
    }
    int outer = loop.depth - 1;
    if (loops.size() == 1) {
      if (loop.check_return) out.push_back(IfNext(pos, O::kEql, -1, false, {Return(pos, nullptr)}));
      return out;
    }
    auto index = static_cast<size_t>(outer - 1);
    int step = kLoopStep * outer;
    if (loop.check_return)
      out.push_back(IfNext(pos, O::kLss, 0, false, {SetState(pos, index, kDone), LeaveBody(pos, false)}));
    out.push_back(IfNext(pos, O::kGtr, step, false, {CallPanic(pos, Number(pos, kDone))}));
    if (loop.check_continue)
      out.push_back(
          IfNext(pos, O::kEql, step - 1, true, {SetState(pos, index, kReady), LeaveBody(pos, true)}));
    if (loop.check_break)
      out.push_back(IfNext(pos, O::kEql, step, true, {SetState(pos, index, kDone), LeaveBody(pos, false)}));
    if (loop.check_continue || loop.check_break)
      out.push_back(IfNext(pos, O::kGtr, 0, false, {SetState(pos, index, kDone), LeaveBody(pos, false)}));
    return out;
  }
};

}  // namespace

void Builder::Impl::RewriteRangeFuncs(types::Package* package, types::Signature* sig,
                                      syntax::BlockStmt* body) {
  if (body == nullptr || !rewritten.roots.insert(body).second) return;
  RangeRewriter rewriter{*this, package, sig, body};
  rewriter.Stmts(body->list);
}

void Builder::Impl::RewriteRangeFuncs(types::Package* package, syntax::Expr* initializer) {
  if (!rewritten.roots.insert(initializer).second) return;
  RangeRewriter rewriter{*this, package, nullptr, nullptr};
  rewriter.Literals(initializer);
}

}  // namespace escapement::ir
