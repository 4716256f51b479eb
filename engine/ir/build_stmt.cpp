// Statements.
#include "engine/base/check.h"
#include "engine/ir/body.h"
#include "engine/types/predicates.h"
#include "engine/types/typeset.h"

namespace escapement::ir {

using syntax::As;
using syntax::To;
using NodeKind = syntax::NodeKind;

Node* Body::Block(const NodeVec& stmts) {
  if (stmts.empty()) return nullptr;
  if (stmts.size() == 1) return stmts[0];
  Node* n = New(kBlock, stmts[0]->pos);
  n->list = ToList(stmts);
  return n;
}

void Body::Append(NodeVec& out, Node* n) {
  if (n != nullptr) out.push_back(n);
}

NodeVec Body::StmtList(syntax::Stmt* stmt) {
  NodeVec out;
  if (stmt != nullptr) Stmt(stmt, out);
  return out;
}

Node* Body::OneStmt(syntax::Stmt* stmt) {
  return Block(StmtList(stmt));
}

NodeVec Body::Stmts(std::span<syntax::Stmt*> stmts) {
  NodeVec out;
  size_t last_label = 0;
  bool has_label = false;
  for (size_t i = 0; i < stmts.size(); ++i)
    if (stmts[i]->kind == NodeKind::kLabeledStmt) last_label = i, has_label = true;
  bool dead = false;
  for (size_t i = 0; i < stmts.size(); ++i) {
    // What follows a terminating statement is left out, unless a label comes later.
    if (dead && (!has_label || i > last_label) && stmts[i]->kind != NodeKind::kLabeledStmt) continue;
    Stmt(stmts[i], out);
    dead = Terminates(stmts[i]);
  }
  return out;
}

Label* Body::LabelOf(syntax::Name* name) {
  Label*& label = labels[name->text()];
  if (label == nullptr) label = p.arena().New<Label>(name->name, inl_generation);
  return label;
}

void Body::Stmt(syntax::Stmt* stmt, NodeVec& out) {
  Label* label = !out.empty() && out.back()->op == kLabel ? out.back()->label : nullptr;
  switch (stmt->kind) {
    case NodeKind::kEmptyStmt:
      break;
    case NodeKind::kAssignStmt: {
      auto* s = To<syntax::AssignStmt>(stmt);
      if (s->rhs == nullptr || (s->op != syntax::Operator::kNone && s->op != syntax::Operator::kDef))
        Append(out, AssignOp(s));
      else
        AssignStmt(Pos(s->pos), UnpackListExpr(s->lhs), UnpackListExpr(s->rhs), out);
      break;
    }
    case NodeKind::kBlockStmt: {
      NodeVec inner = Stmts(To<syntax::BlockStmt>(stmt)->list);
      out.insert(out.end(), inner.begin(), inner.end());
      break;
    }
    case NodeKind::kBranchStmt: {
      auto* s = To<syntax::BranchStmt>(stmt);
      Op op = s->tok == syntax::Token::kBreak      ? kBreak
              : s->tok == syntax::Token::kContinue ? kContinue
              : s->tok == syntax::Token::kGoto     ? kGoto
                                                   : kFall;
      Node* n = New(op, Pos(s->pos));
      n->label = s->label != nullptr ? LabelOf(s->label) : nullptr;
      out.push_back(n);
      break;
    }
    case NodeKind::kCallStmt:
      Append(out, GoDeferStmt(To<syntax::CallStmt>(stmt)));
      break;
    case NodeKind::kDeclStmt:
      for (syntax::Decl* decl : To<syntax::DeclStmt>(stmt)->decls) {
        auto* var = As<syntax::VarDecl>(static_cast<syntax::Node*>(decl));
        if (var == nullptr) continue;
        std::vector<syntax::Expr*> names(var->names.begin(), var->names.end());
        AssignStmt(Pos(var->pos), names, UnpackListExpr(var->values), out);
      }
      break;
    case NodeKind::kExprStmt:
      Append(out, Expr(To<syntax::ExprStmt>(stmt)->x));
      break;
    case NodeKind::kForStmt:
      Append(out, ForStmt(To<syntax::ForStmt>(stmt), label));
      break;
    case NodeKind::kIfStmt:
      Append(out, IfStmt(To<syntax::IfStmt>(stmt)));
      break;
    case NodeKind::kLabeledStmt: {
      auto* s = To<syntax::LabeledStmt>(stmt);
      Node* n = New(s->label->text() == "_" ? kBlock : kLabel, Pos(s->pos));
      if (n->op == kLabel) n->label = LabelOf(s->label);
      out.push_back(n);
      Stmt(s->stmt, out);
      break;
    }
    case NodeKind::kReturnStmt:
      Append(out, ReturnStmt(To<syntax::ReturnStmt>(stmt)));
      break;
    case NodeKind::kSelectStmt:
      Append(out, SelectStmt(To<syntax::SelectStmt>(stmt), label));
      break;
    case NodeKind::kSendStmt: {
      auto* s = To<syntax::SendStmt>(stmt);
      auto* chan = types::As<types::Chan>(Core(TypeOfExpr(s->chan)));
      Node* x = Expr(s->chan);
      Node* value = ImplicitConv(chan->elem, s->value);
      out.push_back(Binary(kSend, Pos(s->pos), nullptr, x, AssignConv(value, x->type->elem)));
      break;
    }
    case NodeKind::kSwitchStmt:
      Append(out, SwitchStmt(To<syntax::SwitchStmt>(stmt), label));
      break;
    default:
      UNREACHABLE("kind of statement");
  }
}

Node* Body::ReturnStmt(syntax::ReturnStmt* stmt) {
  std::span<types::Var*> results = sig->result_vars();
  Node* n = New(kReturn, Pos(stmt->pos));
  NodeVec list = MultiExpr(
      n->pos, [&](size_t i) { return results[i]->type; }, UnpackListExpr(stmt->results));
  for (size_t i = 0; i < list.size(); ++i) list[i] = AssignConv(list[i], fn->type->results[i].type);
  // gc writes the true and false of body functions as untyped constants to be converted.
  if (b.rewritten.range_returns.contains(stmt) && list.size() == 1) {
    list[0]->pos = {};
    list[0] = Implicit(Unary(kConvNop, n->pos, list[0]->type, list[0]));
  }
  n->list = ToList(list);
  return n;
}

Node* Body::ForStmt(syntax::ForStmt* stmt, Label* label) {
  if (stmt->init != nullptr && stmt->init->kind == NodeKind::kRangeClause)
    return RangeStmt(stmt, To<syntax::RangeClause>(stmt->init), label);
  if (stmt->cond != nullptr && StaticBool(stmt->cond) < 0) {
    stmt->post = nullptr;
    stmt->body->list = {};
  }
  Node* n = New(kFor, Pos(stmt->pos));
  Node* init = OneStmt(stmt->init);
  n->x = OptExpr(stmt->cond);
  n->y = OneStmt(stmt->post);
  n->body = ToList(Stmts(stmt->body->list));
  if (n->x != nullptr && n->x->op == kLiteral && !n->x->value.BoolVal()) return init;
  if (init != nullptr) n->init = p.NewList({init});
  n->Set(kDistinctVars, distinct_vars);
  n->label = label;
  return n;
}

Node* Body::RangeStmt(syntax::ForStmt* stmt, syntax::RangeClause* clause, Label* label) {
  Node* n = New(kRange, Pos(clause->pos));
  n->label = label;
  std::vector<Name*> names;
  std::span<syntax::Expr* const> lhs = UnpackListExpr(clause->lhs);
  Node** slots[2] = {&n->y, &n->z};
  for (size_t i = 0; i < lhs.size() && i < 2; ++i) {
    Name* declared = nullptr;
    *slots[i] = Assignee(lhs[i], &declared);
    if (declared != nullptr) names.push_back(declared);
  }
  InitDefn(n, names);
  n->x = Expr(clause->x);
  types::Type* xtype = TypeOfExpr(clause->x);
  if (n->x->type->IsMap())
    if (Node* rtype = DerivedRtype(n->pos, xtype)) Hidden(n)->rtype = rtype;
  if (args != nullptr) {
    auto [key, value] = RangeKeyValue(context(), xtype);
    auto rtti = [&](size_t i, types::Type* src, Node** type_word, Node** src_rtype) {
      *type_word = *src_rtype = nullptr;
      if (i >= lhs.size() || src == nullptr || IsBlankName(Unparen(lhs[i]))) return;
      ConvRtti(n->pos, src, AssigneeType(lhs[i]), type_word, src_rtype);
    };
    Node *word = nullptr, *source_type = nullptr;
    rtti(0, key, &word, &source_type);
    if (word || source_type) Hidden(n)->type_word = word, Hidden(n)->src_rtype = source_type;
    rtti(1, value, &word, &source_type);
    if (word || source_type) Hidden(n)->value_type_word = word, Hidden(n)->value_src_rtype = source_type;
  }
  n->body = ToList(Stmts(stmt->body->list));
  n->Set(kDistinctVars, distinct_vars);
  return n;
}

Node* Body::IfStmt(syntax::IfStmt* stmt) {
  int known = StaticBool(stmt->cond);
  SrcPos pos = Pos(stmt->pos);
  NodeVec init = StmtList(stmt->init);
  Node* cond = Expr(stmt->cond);
  NodeVec then, otherwise;
  if (known >= 0) then = Stmts(stmt->then->list);
  if (known <= 0) otherwise = StmtList(stmt->else_stmt);
  if (known != 0) {
    if (cond->op != kLiteral) init.push_back(Binary(kAs, pos, nullptr, BlankNode(), cond));
    init.insert(init.end(), then.begin(), then.end());
    init.insert(init.end(), otherwise.begin(), otherwise.end());
    return Block(init);
  }
  Node* n = Unary(kIf, pos, nullptr, cond);
  n->init = ToList(init);
  n->body = ToList(then);
  n->rlist = ToList(otherwise);
  return n;
}

// ---- select

Node* Body::CommClause(syntax::CommClause* clause) {
  SrcPos pos = Pos(clause->pos);
  Node* comm = OneStmt(clause->comm);
  NodeVec body = Stmts(clause->body);
  Node* out = New(kCase, pos);
  // case i = <-c with an implicit conversion: case tmp := <-c: i = tmp.
  if (comm != nullptr && comm->op == kAs && !comm->Has(kDef) && comm->y->op == kConvIface) {
    Node* conv = comm->y;
    Node* recv = conv->x;
    Name* tmp = Temp(pos, recv->type);
    Node* as = Binary(kAs, pos, nullptr, tmp, recv);
    as->Set(kDef);
    as->init = p.NewList({Decl(pos, tmp)});
    tmp->defn = as;
    conv->x = tmp;
    body.insert(body.begin(), comm);
    comm = as;
  }
  // A comma-ok receive was spread over temporaries; the case wants the receive itself.
  if (comm != nullptr && comm->op == kAs2) {
    Node* first = comm->rlist[0];
    ENSURE(first->init.size() == 1 && first->init[0]->op == kAs2Recv, "select case without receive");
    Node* recv = first->init[0];
    first->init = {};
    body.insert(body.begin(), comm);
    comm = recv;
  }
  if (comm != nullptr && comm->op != kSend) {
    Node* recv = nullptr;
    Node* dst = BlankNode();
    if (comm->op == kAs2Recv) {
      comm->op = kSelRecv2;
    } else {
      bool def = false;
      List init = comm->init;
      SrcPos at = comm->pos;
      if (comm->op == kAs) {
        recv = comm->y;
        if ((recv->op == kConvNop || recv->op == kConvIface) && recv->Has(kImplicit)) recv = recv->x;
        dst = comm->x;
        def = comm->Has(kDef);
      } else {
        recv = comm;
        init = {};
      }
      Node* sel = New(kSelRecv2, at);
      sel->list = p.NewList({dst, BlankNode()});
      sel->rlist = p.NewList({recv});
      sel->Set(kDef, def);
      sel->init = init;
      comm = sel;
    }
  }
  out->x = comm;
  out->body = ToList(body);
  return out;
}

Node* Body::SelectStmt(syntax::SelectStmt* stmt, Label* label) {
  Node* n = New(kSelect, Pos(stmt->pos));
  NodeVec cases;
  for (syntax::CommClause* clause : stmt->body) cases.push_back(CommClause(clause));
  n->list = ToList(cases);
  n->label = label;
  return n;
}

// ---- switch

namespace {

syntax::Stmt* LastNonEmpty(std::span<syntax::Stmt*> stmts) {
  for (size_t i = stmts.size(); i-- > 0;)
    if (stmts[i]->kind != NodeKind::kEmptyStmt) return stmts[i];
  return nullptr;
}

bool HasFallthrough(std::span<syntax::Stmt*> stmts) {
  syntax::Stmt* last = LastNonEmpty(stmts);
  while (last != nullptr && last->kind == NodeKind::kLabeledStmt) last = To<syntax::LabeledStmt>(last)->stmt;
  auto* branch = As<syntax::BranchStmt>(static_cast<syntax::Node*>(last));
  return branch != nullptr && branch->tok == syntax::Token::kFallthrough;
}

// Where gc's older parser stood behind a type expression: the position of a type switch's variable.
diag::Pos TypeExprEnd(syntax::Expr* e) {
  for (;;) {
    auto last_type = [](std::span<syntax::Field*> fields) {
      return fields.empty() ? nullptr : fields.back()->type_expr;
    };
    syntax::Expr* next = nullptr;
    switch (e->kind) {
      case NodeKind::kSelectorExpr:
        return To<syntax::SelectorExpr>(e)->x->pos;
      case NodeKind::kParenExpr:
        next = To<syntax::ParenExpr>(e)->x;
        break;
      case NodeKind::kOperation:
        next = To<syntax::Operation>(e)->x;
        break;
      case NodeKind::kArrayType:
        next = To<syntax::ArrayType>(e)->elem;
        break;
      case NodeKind::kSliceType:
        next = To<syntax::SliceType>(e)->elem;
        break;
      case NodeKind::kDotsType:
        next = To<syntax::DotsType>(e)->elem;
        break;
      case NodeKind::kChanType:
        next = To<syntax::ChanType>(e)->elem;
        break;
      case NodeKind::kMapType:
        next = To<syntax::MapType>(e)->value_type;
        break;
      case NodeKind::kInterfaceType:
        next = last_type(To<syntax::InterfaceType>(e)->methods);
        break;
      case NodeKind::kFuncType:
        next = last_type(To<syntax::FuncType>(e)->results);
        if (next == nullptr) next = last_type(To<syntax::FuncType>(e)->params);
        break;
      case NodeKind::kIndexExpr: {
        std::span<syntax::Expr* const> list = UnpackListExpr(To<syntax::IndexExpr>(e)->index);
        next = list.back();
        break;
      }
      default:
        break;
    }
    if (next == nullptr) return e->pos;
    e = next;
  }
}

}  // namespace

void Body::SimplifySwitch(syntax::SwitchStmt* stmt) {
  base::ConstantPool& pool = p.constants();
  base::Constant tag = stmt->tag != nullptr ? stmt->tag->value : base::Constant::Bool(true);
  if (!tag.has_value()) return;
  size_t target = stmt->body.size();
  bool found = false;
  for (size_t i = 0; i < stmt->body.size() && !found; ++i) {
    syntax::CaseClause* clause = stmt->body[i];
    if (clause->cases == nullptr) target = i;
    for (syntax::Expr* e : UnpackListExpr(clause->cases)) {
      if (!e->value.has_value()) return;
      if (pool.Compare(tag, base::ConstantOp::kEql, e->value)) {
        target = i;
        found = true;
        break;
      }
    }
  }
  if (target < stmt->body.size()) {
    if (HasFallthrough(stmt->body[target]->body)) return;
    stmt->body[target]->cases = nullptr;
    // The tree outlives this program: nothing of its arena is put there.
    stmt->body = stmt->body.subspan(target, 1);
  } else {
    stmt->body = {};
  }
  stmt->tag = nullptr;
}

Node* Body::TypeSwitchGuard(syntax::TypeSwitchGuard* guard) {
  Node* n = New(kTypeSw, Pos(guard->pos));
  if (guard->lhs != nullptr) {
    n->y = New(kNoName, Pos(guard->lhs->pos));
    n->y->sym = t.Lookup(b.PackageOf(package), guard->lhs->text());
  }
  n->x = Expr(guard->x);
  return n;
}

void Body::TypeCases(syntax::CaseClause* clause, types::Type* iface, Node* out) {
  NodeVec list;
  for (syntax::Expr* e : UnpackListExpr(clause->cases)) {
    if (e->mode == syntax::ExprMode::kNilValue || IsUntypedBasic(TypeOfExpr(e)))
      list.push_back(Nil({}, t.NilType()));
    else
      list.push_back(ExprType(iface, e));
  }
  out->list = ToList(list);
}

types::Type* Body::SwitchTagType(syntax::SwitchStmt* stmt, bool* chan_tag) {
  types::Type* tag_type = stmt->tag != nullptr ? TypeOfExpr(stmt->tag) : types::Typ(types::BasicKind::kBool);
  *chan_tag = types::As<types::Chan>(types::Underlying(tag_type)) != nullptr;
  if (*chan_tag) return tag_type;
  // Comparisons that mix interfaces and other types are all made between empty interfaces.
  for (syntax::CaseClause* clause : stmt->body)
    for (syntax::Expr* e : UnpackListExpr(clause->cases)) {
      types::Type* type = TypeOfExpr(e);
      if ((types::IsInterface(type) || types::IsInterface(tag_type)) && !b.Assignable(type, tag_type))
        return types::EmptyInterface();
    }
  return tag_type;
}

Node* Body::SwitchStmt(syntax::SwitchStmt* stmt, Label* label) {
  Node* n = New(kSwitch, Pos(stmt->pos));
  n->label = label;
  if (Node* init = OneStmt(stmt->init)) n->init = p.NewList({init});
  auto* guard = As<syntax::TypeSwitchGuard>(static_cast<syntax::Node*>(stmt->tag));
  types::Type *iface = nullptr, *tag_type = nullptr;
  bool chan_tag = false;
  if (guard != nullptr) {
    iface = TypeOfExpr(guard->x);
    n->x = TypeSwitchGuard(guard);
  } else {
    SimplifySwitch(stmt);
    tag_type = SwitchTagType(stmt, &chan_tag);
    if (stmt->tag != nullptr) n->x = ImplicitConv(tag_type, stmt->tag);
  }
  NodeVec cases;
  for (syntax::CaseClause* clause : stmt->body) {
    Node* out = New(kCase, Pos(clause->pos));
    std::span<syntax::Expr* const> list = UnpackListExpr(clause->cases);
    if (guard != nullptr) {
      TypeCases(clause, iface, out);
    } else {
      NodeVec values;
      for (syntax::Expr* e : list) values.push_back(ImplicitConv(chan_tag ? nullptr : tag_type, e));
      out->list = ToList(values);
    }
    if (auto* var = types::As<types::Var>(clause->implicit_object)) {
      diag::Pos at = list.empty() ? clause->pos : TypeExprEnd(list.back());
      Name* name =
          p.NewLocal(fn, Pos(at), t.Lookup(b.PackageOf(package), guard->lhs->text()), TypeOf(var->type));
      DictIndex(name, var->type);
      locals[var] = name;
      name->defn = n->x;
      out->x = name;
    }
    out->body = ToList(Stmts(clause->body));
    cases.push_back(out);
  }
  n->list = ToList(cases);
  return n;
}

// ---- go and defer

Node* Body::GoDeferStmt(syntax::CallStmt* stmt) {
  Op op = stmt->tok == syntax::Token::kDefer ? kDefer : kGo;
  Node* n = New(op, Pos(stmt->pos));
  Node* call = Expr(stmt->call);
  if (op == kDefer) n->y = DeferAt(stmt);
  NodeVec init;
  n->x = NormalizeGoDefer(n, op, call, init);
  n->x->Set(kGoDefer);
  n->init = ToList(init);
  return n;
}

// Makes f(x, y) into a call without arguments and results: x1, y1 := x, y; func() { f(x1, y1) }().
Node* Body::NormalizeGoDefer(Node* stmt, Op op, Node* call, NodeVec& init) {
  init.insert(init.end(), call->init.begin(), call->init.end());
  call->init = {};
  if (call->op == kCallFunc && call->x->type->params.empty() && call->x->type->results.empty()) return call;

  SrcPos pos = stmt->pos;
  Func* wrapper = ClosureFunc(pos, pos, op, t.Func(nullptr, {}, {}, false), fn);
  wrapper->Set(kFuncWrapper);
  wrapper->Set(kFuncGoDeferWrapper);
  wrapper->Set(kFuncHasBody);
  wrapper->body_source = &b.all_sources.emplace_back();
  wrapper->body_source->built = true;

  std::vector<Node**> operands;
  std::function<void(Node**)> visit = [&](Node** at) {
    Node* arg = *at;
    if (arg == nullptr) return;
    switch (arg->op) {
      case kLiteral:
      case kNil:
      case kMethExpr:
      case kNew:
        return;
      case kName:
        if (arg->AsName()->cls == Class::kFunc) return;
        break;
      case kAddr:
        if (arg->x->op == kLinkSymOffset) return;
        break;
      case kConvNop:
        if (arg->type->kind == Kind::kUintptr && arg->x->type->IsUnsafePtr()) return visit(&arg->x);
        break;
      case kArrayLit:
      case kSliceLit:
      case kStructLit:
        for (Node*& e : arg->list) {
          if (e->op == kKey)
            visit(&e->y);
          else if (e->op == kStructKey)
            visit(&e->x);
          else
            visit(&e);
        }
        return;
      default:
        break;
    }
    operands.push_back(at);
  };
  switch (call->op) {
    case kCallFunc:
      if (call->x->op == kName && call->x->AsName()->cls == Class::kFunc)
        wrapper->wrapped = call->x->AsName()->fn;
      else if (call->x->op == kMethExpr && call->x->field->nname != nullptr)
        wrapper->wrapped = call->x->field->nname->fn;
      else if (call->x->op == kClosure)
        wrapper->wrapped = call->x->func;
      visit(&call->x);
      for (Node*& arg : call->list) visit(&arg);
      break;
    case kCallInter:
      operands.push_back(&call->x->x);
      for (Node*& arg : call->list) visit(&arg);
      break;
    case kAppend:
    case kDelete:
    case kPrint:
    case kPrintln:
    case kRecover:
      for (Node*& arg : call->list) visit(&arg);
      if (call->hidden != nullptr) visit(&call->hidden->rtype);
      break;
    case kCopy:
      visit(&call->x);
      visit(&call->y);
      if (call->hidden != nullptr) visit(&call->hidden->rtype);
      break;
    case kClear:
    case kClose:
    case kPanic:
      visit(&call->x);
      break;
    default:
      UNREACHABLE("operand of go or defer");
  }
  if (!operands.empty()) {
    NodeVec lhs, rhs;
    Node* as = New(kAs2, pos);
    std::vector<std::pair<Node**, Name*>> copies;
    for (Node** at : operands) {
      Node* arg = *at;
      SrcPos arg_pos = HasUniquePos(arg) ? arg->pos : pos;
      Name* tmp = Temp(arg_pos, arg->type);
      init.push_back(Decl(arg_pos, tmp));
      tmp->defn = as;
      lhs.push_back(tmp);
      rhs.push_back(arg);
      *at = p.NewClosureVar(wrapper, arg_pos, tmp);
    }
    as->list = ToList(lhs);
    as->rlist = ToList(rhs);
    init.push_back(as);
    if (call->op == kCallInter) {
      Node* itab = Unary(kItab, lhs[0]->pos, t.Pointer(t.Uintptr()), lhs[0]);
      init.push_back(Unary(kCheckNil, pos, nullptr, itab));
    }
  }
  wrapper->body = p.NewList({call});
  return Call(call->pos, wrapper->closure, {}, false);
}

// ---- static conditions

int Body::StaticBool(syntax::Expr*& e) {
  if (e->value.has_value()) return e->value.BoolVal() ? 1 : -1;
  auto* op = As<syntax::Operation>(static_cast<syntax::Node*>(e));
  if (op == nullptr) return 0;
  switch (op->op) {
    case syntax::Operator::kNot:
      return StaticBool(op->x);
    case syntax::Operator::kAndAnd: {
      int x = StaticBool(op->x);
      if (x < 0) {
        e = op->x;
        return x;
      }
      int y = StaticBool(op->y);
      if (x > 0 || y < 0) {
        if (op->x->value.has_value()) e = op->y;
        return y;
      }
      return 0;
    }
    case syntax::Operator::kOrOr: {
      int x = StaticBool(op->x);
      if (x > 0) {
        e = op->x;
        return x;
      }
      int y = StaticBool(op->y);
      if (x < 0 || y > 0) {
        if (op->x->value.has_value()) e = op->y;
        return y;
      }
      return 0;
    }
    default:
      return 0;
  }
}

bool Body::Terminates(syntax::Stmt* stmt) {
  if (stmt == nullptr) return false;
  switch (stmt->kind) {
    case NodeKind::kBranchStmt:
      return To<syntax::BranchStmt>(stmt)->tok == syntax::Token::kGoto;
    case NodeKind::kReturnStmt:
      return true;
    case NodeKind::kExprStmt: {
      auto* call = As<syntax::CallExpr>(static_cast<syntax::Node*>(Unparen(To<syntax::ExprStmt>(stmt)->x)));
      if (call == nullptr) return false;
      auto* name = As<syntax::Name>(static_cast<syntax::Node*>(Unparen(call->fun)));
      if (name == nullptr) return false;
      auto* builtin = types::As<types::Builtin>(name->object);
      return builtin != nullptr && builtin->id == types::BuiltinId::kPanic;
    }
    case NodeKind::kIfStmt: {
      auto* s = To<syntax::IfStmt>(stmt);
      int known = StaticBool(s->cond);
      return (known < 0 || Terminates(s->then)) && (known > 0 || Terminates(s->else_stmt));
    }
    case NodeKind::kBlockStmt:
      return Terminates(LastNonEmpty(To<syntax::BlockStmt>(stmt)->list));
    default:
      return false;
  }
}

}  // namespace escapement::ir
