// Assignments and declarations of variables.
#include "engine/base/check.h"
#include "engine/ir/body.h"

namespace escapement::ir {

using syntax::As;

Node* Builder::Impl::BlankNode() {
  if (blank == nullptr) {
    blank = p.NewName({}, t.Lookup(t.builtin_package(), "_"), t.Basic(Kind::kBlank), Class::kAuto);
    blank->Mark(kNameUsed);
  }
  return blank;
}

Node* Body::BlankNode() {
  return b.BlankNode();
}

void Body::DictIndex(Name* name, types::Type* type) {
  if (!IsDerived(type)) return;
  DictionaryLayout* layout = b.LayoutOf(args);
  name->dict_index = static_cast<uint16_t>(1 + layout->rtypes_offset() + layout->RtypeIndex(type));
}

Name* Body::DeclareLocal(types::Var* var) {
  Name* name =
      p.NewLocal(fn, Pos(var->pos), t.Lookup(b.PackageOf(var->pkg), var->name.text()), TypeOf(var->type));
  DictIndex(name, var->type);
  locals[var] = name;
  return name;
}

Node* Body::Assignee(syntax::Expr* expr, Name** declared) {
  expr = Unparen(expr);
  if (auto* name = As<syntax::Name>(static_cast<syntax::Node*>(expr))) {
    if (name->text() == "_") return BlankNode();
    // A name that stands where its object is declared declares it.
    auto* var = types::As<types::Var>(name->object);
    bool defines =
        var != nullptr && (b.rewritten.range_vars.contains(var) ? b.rewritten.range_defs.contains(name)
                                                                : var->pos == name->pos);
    if (defines && !IsGlobal(var) && !locals.contains(var)) {
      Name* local = DeclareLocal(var);
      if (declared != nullptr) *declared = local;
      return local;
    }
  }
  Node* n = Expr(expr);
  if (n->op == kIndexMap) n->Set(kAssigned);
  return n;
}

void Body::InitDefn(Node* defn, const std::vector<Name*>& names) {
  if (names.empty()) return;
  NodeVec init;
  for (Name* name : names) {
    name->defn = defn;
    init.push_back(Decl(name->pos, name));
  }
  defn->init = ToList(init);
  defn->Set(kDef);
}

types::Type* Body::AssigneeType(syntax::Expr* expr) {
  if (auto* name = As<syntax::Name>(static_cast<syntax::Node*>(Unparen(expr)))) {
    if (name->text() == "_") return nullptr;
    if (auto* var = types::As<types::Var>(name->object)) return var->type;
  }
  return TypeOfExpr(expr);
}

Node* Body::NewAssign(SrcPos pos, Node* lhs, Node* rhs) {
  Node* n = Binary(kAs, pos, nullptr, lhs, AssignConv(rhs, lhs->type));
  if (lhs->op == kName && lhs->AsName()->Is(kNameAutoTemp)) lhs->AsName()->defn = n;
  return n;
}

Node* Body::NewAssignList(SrcPos pos, NodeVec lhs, NodeVec rhs) {
  Node* n = New(kAs2, pos);
  if (rhs.size() == 1 && lhs.size() > 1) {
    Node* r = rhs[0];
    switch (r->op) {
      case kIndexMap:
        n->op = kAs2MapR;
        break;
      case kRecv:
        n->op = kAs2Recv;
        break;
      case kDotType:
        n->op = kAs2DotType;
        r->op = kDotType2;
        break;
      case kDynamicDotType:
        n->op = kAs2DotType;
        r->op = kDynamicDotType2;
        break;
      default:
        n->op = kAs2Func;
        break;
    }
  } else {
    for (size_t i = 0; i < rhs.size(); ++i) rhs[i] = AssignConv(rhs[i], lhs[i]->type);
  }
  n->list = ToList(lhs);
  n->rlist = ToList(rhs);
  return n;
}

Node* Body::SpreadAssign(Node* as) {
  if (as->op == kAs2) return as;
  std::vector<Type*> results;
  if (as->op == kAs2Func) {
    for (const Field& r : as->rlist[0]->type->fields) results.push_back(r.type);
  } else {
    results = {as->rlist[0]->type, b.t.Bool()};
  }
  bool same = true;
  for (size_t i = 0; i < as->list.size(); ++i) {
    if (IsBlank(as->list[i])) continue;
    bool flag = as->op != kAs2Func && i == 1;  // an untyped value
    Type* type = as->list[i]->type;
    same = same && (flag ? type->IsBoolean() : Identical(type, results[i]));
  }
  if (same) return as;
  NodeVec temps, declarations;
  for (Type* r : results) {
    Name* tmp = Temp(as->pos, r);
    temps.push_back(tmp);
    declarations.push_back(Decl(as->pos, tmp));
  }
  Node* call = New(as->op, as->pos);
  call->list = ToList(temps);
  call->rlist = as->rlist;
  call->init = ToList(declarations);
  as->op = kAs2;
  as->rlist = ToList(temps);  // converted by the assignment itself, behind escape analysis as in gc
  AppendInit(as, call);
  return as;
}

void Body::AssignStmt(SrcPos pos, std::span<syntax::Expr* const> lhs, std::span<syntax::Expr* const> rhs,
                      NodeVec& out) {
  std::vector<Name*> names;
  NodeVec targets;
  for (syntax::Expr* e : lhs) {
    Name* declared = nullptr;
    targets.push_back(Assignee(e, &declared));
    if (declared != nullptr) names.push_back(declared);
  }
  NodeVec values = MultiExpr(
      pos, [&](size_t i) { return AssigneeType(lhs[i]); }, rhs);
  if (values.empty()) {
    for (Name* name : names) {
      Node* as = Binary(kAs, pos, nullptr, name, nullptr);
      as->init = p.NewList({Decl(pos, name)});
      out.push_back(as);
    }
    return;
  }
  Node* n;
  if (targets.size() == 1 && values.size() == 1)
    n = NewAssign(pos, targets[0], values[0]);
  else
    n = NewAssignList(pos, targets, values);
  InitDefn(n, names);
  out.push_back(n);
}

Node* Body::AssignOp(syntax::AssignStmt* stmt) {
  Node* x = Expr(stmt->lhs);
  if (x->op == kIndexMap) x->Set(kAssigned);
  Node* n = New(kAsOp, Pos(stmt->pos));
  n->x = x;
  n->sub_op = BinaryOpOf(stmt->op);
  if (stmt->rhs == nullptr) {
    n->Set(kIncDec);
    base::Constant one = p.constants().MakeInt64(1);
    n->y = Literal(n->pos, x->type, FixValue(x->type, one));
    return n;
  }
  bool shift = IsShift(stmt->op);
  n->y = ImplicitConv(shift ? nullptr : TypeOfExpr(stmt->lhs), stmt->rhs);
  return n;
}

}  // namespace escapement::ir
