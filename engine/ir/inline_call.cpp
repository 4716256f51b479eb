// Expanding a call inside another function: the callee's body is built again with fresh
// locals of the caller (gc's unifiedInlineCall).
#include "engine/base/check.h"
#include "engine/ir/body.h"

namespace escapement::ir {
namespace {

// Calls and receives of the callee expression run before the arguments (inline.CalleeEffects).
void CalleeEffects(Body& body, NodeVec& init, Node* callee) {
  for (;;) {
    init.insert(init.end(), callee->init.begin(), callee->init.end());
    callee->init = {};
    switch (callee->op) {
      case kName:
      case kClosure:
      case kMethExpr:
        return;
      case kConvNop:
      case kParen:
        callee = callee->x;
        break;
      case kInlCall:
        init.insert(init.end(), callee->body.begin(), callee->body.end());
        callee = callee->list[0];
        break;
      default: {
        Node* as = body.Binary(kAs, callee->pos, nullptr, body.BlankNode(), callee);
        init.push_back(as);
        return;
      }
    }
  }
}

// Replaces return statements by assignments to the result variables and a jump to the end.
struct ReturnEditor {
  Body& body;
  SrcPos pos;
  const std::vector<Name*>& results;
  bool delay_results;
  Label* end;

  Node* Replace(Node* ret) {
    NodeVec block(ret->init.begin(), ret->init.end());
    if (!ret->list.empty()) {
      NodeVec lhs(results.begin(), results.end());
      Node* as = body.New(kAs2, pos);
      as->list = body.ToList(lhs);
      as->rlist = ret->list;
      if (delay_results) {
        for (Name* name : results) {
          block.push_back(body.Decl(pos, name));
          name->defn = as;
        }
      }
      block.push_back(as);
    }
    Node* jump = body.New(kGoto, pos);
    jump->label = end;
    block.push_back(jump);
    Node* out = body.New(kBlock, pos);
    out->list = body.ToList(block);
    return out;
  }

  Node* Edit(Node* n) {
    if (n->op == kReturn) n = Replace(n);
    EditChildren(n, [&](Node* c) { return Edit(c); });
    return n;
  }
};

}  // namespace

Node* Builder::Impl::InlineCall(Func* caller, Node* call, Func* callee, uint32_t inl) {
  BodySource* source = callee->body_source;
  ENSURE(source != nullptr, "inlining " + callee->link_name + " without its source");
  ENSURE(PrepareSource(source), "inlining " + callee->link_name + " without its body");
  Func scratch;
  scratch.sym = caller->sym;
  scratch.type = callee->type;
  scratch.pos = callee->pos;
  scratch.pkg = callee->pkg;
  scratch.flags = callee->flags & (kFuncShaped | kFuncDupok);
  scratch.closure = callee->closure;
  scratch.link_name = callee->link_name;

  BodySource copy = *source;
  ReadScope reading(*this, source->package, source->args != nullptr);
  Body body(*this, &scratch, &copy);
  body.inl_caller = caller;
  body.inl = inl;
  body.inl_generation = ++inline_generation;
  body.inline_call_pos = call->pos;
  for (size_t i = 0; i < callee->closure_vars.size(); ++i) {
    Name* around = callee->closure_vars[i]->outer;
    ENSURE(around->curfn == caller, "inlining a closure across frames");
    scratch.closure_vars.push_back(around);
    if (i < source->captured.size())
      body.captured[source->captured[i]] = around;
    else
      body.dict_param = around;
  }
  Name* dict = body.dict_param;
  body.DeclareParams();
  if (dict != nullptr) body.dict_param = dict;

  size_t n_results = callee->type->results.size();
  size_t n_params = scratch.dcl.size() - n_results;
  std::vector<Name*> params(scratch.dcl.begin(), scratch.dcl.begin() + static_cast<long>(n_params));
  std::vector<Name*> results(scratch.dcl.begin() + static_cast<long>(n_params), scratch.dcl.end());

  bool delay_results = callee->inl != nullptr && callee->inl->can_delay_results;
  Label* end = p.arena().New<Label>(p.names().Intern(".i" + std::to_string(inline_labels[caller]++)),
                                    body.inl_generation);
  SrcPos pos = call->pos;

  NodeVec init(call->init.begin(), call->init.end());
  call->init = {};
  if (call->op == kCallFunc) CalleeEffects(body, init, call->x);

  Node* as = body.New(kAs2, pos);
  NodeVec lhs(params.begin(), params.end()), declarations;
  as->list = body.ToList(lhs);
  as->rlist = call->list;
  as->Set(kDef);
  for (Name* name : params) {
    if (name->IsBlank()) continue;
    declarations.push_back(body.Decl(pos, name));
    name->defn = as;
  }
  as->init = body.ToList(declarations);
  for (size_t i = 0; i < as->rlist.size(); ++i) as->rlist[i] = body.AssignConv(as->rlist[i], lhs[i]->type);
  init.push_back(as);
  if (!delay_results) {
    for (Name* name : results) {
      init.push_back(body.Decl(pos, name));
      init.push_back(body.Binary(kAs, pos, nullptr, name, nullptr));
    }
  }
  Node* mark = body.New(kInlMark, pos);
  mark->n = inl;
  init.push_back(mark);

  if (!body.SyntheticBody()) {
    syntax::BlockStmt* block = copy.lit != nullptr ? copy.lit->body : copy.decl->body;
    ENSURE(block != nullptr, "inlining a function without body");
    NodeVec stmts = body.Stmts(block->list);
    scratch.body = body.ToList(stmts);
  }
  BuildPending(true);

  ReturnEditor editor{body, pos, results, delay_results, end};
  NodeVec stmts;
  for (Node* n : scratch.body) stmts.push_back(editor.Edit(n));

  for (Name* name : scratch.dcl) {
    name->curfn = caller;
    if (name->cls != Class::kAuto) {
      name->pos.inl = inl;
      name->Mark(kNameInlFormal);
      name->cls = Class::kAuto;
    } else {
      name->Mark(kNameInlLocal);
    }
    caller->dcl.push_back(name);
  }
  for (Func* closure : scratch.closures) caller->closures.push_back(closure);

  Node* label = body.New(kLabel, pos);
  label->label = end;
  stmts.push_back(label);
  Node* out = body.New(kInlCall, pos, call->type);
  out->init = body.ToList(init);
  out->body = body.ToList(stmts);
  out->list = body.ToList(NodeVec(results.begin(), results.end()));
  return out;
}

}  // namespace escapement::ir
