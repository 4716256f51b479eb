// The frame of a function's body: parameters, result of building, synthetic bodies.
#include "engine/ir/body.h"

#include "engine/base/check.h"

namespace escapement::ir {

void Body::DeclareParams() {
  Type* type = fn->type;
  int index = 0;
  auto declare = [&](types::Var* var, const Field& field, Class cls, const char* prefix, int number,
                     diag::Pos pos) {
    const Sym* sym = nullptr;
    if (var != nullptr && !var->name.empty() && var->name.text() != "_")
      sym = t.Lookup(b.PackageOf(var->pkg), var->name.text());
    else if (var == nullptr && field.sym != nullptr && field.sym->text() != "_")
      sym = field.sym;
    if (sym == nullptr) sym = t.Lookup(fn->sym->pkg, prefix + std::to_string(number));
    Name* name = p.NewName({pos}, sym, field.type, cls);
    name->curfn = fn;
    fn->dcl.push_back(name);
    if (var != nullptr) {
      DictIndex(name, var->type);
      locals[var] = name;
    }
    return name;
  };
  auto var_pos = [&](types::Var* var) { return var != nullptr ? var->pos : field.pos.pos; };
  types::Var* recv_var = sig != nullptr ? sig->recv : nullptr;
  if (type->recv != nullptr) declare(recv_var, *type->recv, Class::kParam, "~p", index++, var_pos(recv_var));
  size_t skip = 0;
  if (fn->Has(kFuncShaped) && !fn->IsClosure()) {
    Field dict = type->params[0];
    dict.sym = t.Lookup(fn->sym->pkg, ".dict");
    dict_param = declare(nullptr, dict, Class::kParam, "~p", index++, fn->pos.pos);
    skip = 1;
  }
  std::span<types::Var*> params, results;
  if (sig != nullptr) {
    params = sig->param_vars();
    results = sig->result_vars();
  }
  for (size_t i = skip; i < type->params.size(); ++i) {
    types::Var* var = sig != nullptr ? params[i - skip] : nullptr;
    declare(var, type->params[i], Class::kParam, "~p", index++, var_pos(var));
  }
  for (size_t i = 0; i < type->results.size(); ++i) {
    types::Var* var = sig != nullptr ? results[i] : nullptr;
    declare(var, type->results[i], Class::kParamOut, "~r", static_cast<int>(i), var_pos(var));
  }
}

bool Body::SyntheticBody() {
  if (source->synthetic) {
    source->synthetic(*this);
    return true;
  }
  if (args != nullptr && !args->targs.empty() && !args->shaped && source->func != nullptr) {
    CallShaped();
    return true;
  }
  return false;
}

// The body of an exact instance: a call of the shaped function with the dictionary.
void Body::CallShaped() {
  SrcPos pos = inl_caller != nullptr ? inline_call_pos : fn->pos;
  Node* shaped = nullptr;
  if (source->method == nullptr) {
    ENSURE(args->shaped_func != nullptr, "instance without shaped function");
    shaped = args->shaped_func->nname;
  } else {
    ENSURE(args->shaped_type != nullptr, "instance without shaped type");
    shaped = ShapedMethodExpr(pos, args->shaped_type, source->method);
  }
  NodeVec params = SyntheticArgs(), call_args;
  if (source->method != nullptr) {
    call_args.push_back(params[0]);
    params.erase(params.begin());
  }
  call_args.push_back(Addr(pos, b.DictionaryOf(args)));
  call_args.insert(call_args.end(), params.begin(), params.end());
  SyntheticTailCall(pos, shaped, call_args);
}

bool Body::Run() {
  DeclareParams();
  if (SyntheticBody()) return true;
  syntax::BlockStmt* block = source->lit != nullptr    ? source->lit->body
                             : source->decl != nullptr ? source->decl->body
                                                       : nullptr;
  if (block == nullptr) return false;
  NodeVec body = Stmts(block->list);
  if (body.empty()) body.push_back(New(kBlock, {}));
  fn->body = ToList(body);
  fn->end_pos = Pos(block->rbrace);
  return true;
}

Node* Body::DeferAt(syntax::CallStmt* stmt) {
  auto it = defer_at->find(stmt);
  return it == defer_at->end() ? nullptr : Expr(it->second);
}

}  // namespace escapement::ir
