// Function literals and the closures the compiler makes.
#include "engine/base/check.h"
#include "engine/ir/body.h"

namespace escapement::ir {

// Names a closure as gc does: F.func1, F.func1.2, F.gowrap1, F-range1, glob..func1; closures
// copied by inlining carry the names of the inlined functions.
const Sym* Body::ClosureName(Func* outer_fn, SrcPos cpos, Op why) {
  if (outer_fn->closure != nullptr && outer_fn->range_parent != nullptr) outer_fn = outer_fn->range_parent;
  std::string name = "glob.";
  Package* pkg = t.local_package() != nullptr ? t.local_package() : outer_fn->sym->pkg;
  std::string suffix = ".";
  switch (why) {
    case kClosure:
      if (outer_fn->closure == nullptr) suffix = ".func";
      break;
    case kRange:
      suffix = "-range";
      break;
    case kGo:
      suffix = ".gowrap";
      break;
    default:
      suffix = ".deferwrap";
      break;
  }
  int32_t* counter = &b.glob_closures;
  if (outer_fn->sym->text() != "_") {
    pkg = outer_fn->sym->pkg;
    name = outer_fn->sym->name.str();
    counter = why == kClosure ? &outer_fn->func_lit_gen
              : why == kRange ? &outer_fn->range_lit_gen
                              : &outer_fn->go_defer_gen;
  }
  if (cpos.inl != 0) {
    std::vector<Func*> chain;
    for (uint32_t i = cpos.inl; i != 0; i = p.inlining_tree()[i - 1].parent)
      chain.push_back(p.inlining_tree()[i - 1].func);
    for (size_t i = chain.size(); i-- > 0;) {
      name += '.';
      name += chain[i]->sym->text();
    }
  }
  return t.Lookup(pkg, name + suffix + std::to_string(++*counter));
}

Func* Body::ClosureFunc(SrcPos fpos, SrcPos cpos, Op why, Type* type, Func* outer_fn) {
  const Sym* sym = ClosureName(outer_fn, cpos, why);
  Func* fn2 = b.NewFunc(fpos, fpos, sym, type);
  fn2->pkg = outer_fn->pkg;
  fn2->Set(kFuncDupok, outer_fn->Has(kFuncDupok));
  fn2->closure_parent = outer_fn;
  b.SetLinkName(fn2, nullptr);
  b.p.Register(fn2);
  Node* clo = New(kClosure, cpos, type);
  clo->func = fn2;
  if (why == kGo) clo->Set(kIsGoWrap);
  fn2->closure = clo;
  if (why == kRange) {
    fn2->range_parent =
        outer_fn->closure != nullptr && outer_fn->range_parent != nullptr ? outer_fn->range_parent : outer_fn;
    fn2->Set(kFuncRangeBody);
  }
  outer_fn->closures.push_back(fn2);
  if (b.unit != nullptr)
    b.unit->funcs.push_back(fn2);
  else
    b.new_funcs.push_back(fn2);
  return fn2;
}

Node* Body::FuncLit(syntax::FuncLit* lit) {
  auto* lit_sig = types::As<types::Signature>(TypeOfExpr(lit));
  SrcPos origin{lit->pos};
  Op why = b.rewritten.range_bodies.contains(lit) ? kRange : kClosure;
  Func* outer_fn = inl_caller != nullptr ? inl_caller : fn;
  Func* closure = ClosureFunc(origin, Pos(lit->pos), why, b.SignatureOf(lit_sig, args), outer_fn);
  BodySource& src = b.all_sources.emplace_back();
  src.lit = lit;
  src.sig = lit_sig;
  src.args = args;
  src.package = package;
  src.built = true;
  closure->body_source = &src;
  Body body(b, closure, &src);
  body.outer = this;
  body.distinct_vars = distinct_vars;
  if (dict_param != nullptr) {
    // The dictionary is captured last, but the body refers to it from the start.
    body.dict_param = p.NewClosureVar(closure, dict_param->pos, dict_param);
    closure->closure_vars.clear();
  }
  closure->Set(kFuncHasBody, body.Run());
  if (dict_param != nullptr) closure->closure_vars.push_back(body.dict_param);
  if (!closure->closure_vars.empty()) closure->Set(kFuncNeedCtxt);
  return closure->closure;
}

NodeVec Body::SyntheticArgs() {
  NodeVec out;
  for (Name* name : fn->params()) out.push_back(name);
  return out;
}

void Body::SyntheticTailCall(SrcPos pos, Node* fun, const NodeVec& call_args) {
  fn->Set(kFuncWrapper);
  Node* call = Call(pos, fun, call_args, fun->type->variadic);
  Node* stmt = call;
  if (!fun->type->results.empty()) {
    NodeVec results{call};
    if (fun->type->results.size() > 1) {
      // return f() of several values goes through temporaries.
      NodeVec temps, init;
      for (const Field& r : fun->type->results) {
        Name* tmp = Temp(pos, r.type);
        temps.push_back(tmp);
        init.push_back(Decl(pos, tmp));
      }
      Node* as = New(kAs2Func, pos);
      as->list = ToList(temps);
      as->rlist = p.NewList({call});
      as->init = ToList(init);
      for (Node* tmp : temps) tmp->AsName()->defn = as;
      stmt = New(kReturn, pos);
      stmt->init = p.NewList({as});
      results = temps;
    } else {
      stmt = New(kReturn, pos);
    }
    for (size_t i = 0; i < results.size(); ++i)
      results[i] = AssignConv(results[i], fn->type->results[i].type);
    stmt->list = ToList(results);
  }
  NodeVec body(fn->body.begin(), fn->body.end());
  body.push_back(stmt);
  fn->body = ToList(body);
}

Node* Body::SyntheticClosure(diag::Pos pos, Type* type, bool iface_hack, const NodeVec& captures,
                             std::function<void(Body&, const NodeVec&)> add_body) {
  // Functions are mentioned in the closure; everything else is evaluated now and captured.
  auto is_safe = [](Node* n) {
    return (n->op == kName && n->AsName()->cls == Class::kFunc) || n->op == kMethExpr;
  };
  Func* outer_fn = inl_caller != nullptr ? inl_caller : fn;
  SrcPos inl_pos = Pos(pos);
  Func* closure = ClosureFunc({pos}, inl_pos, kClosure, type, outer_fn);
  closure->Set(kFuncWrapper);
  NodeVec init, mentioned(captures.size());
  for (size_t i = 0; i < captures.size(); ++i) {
    Node* n = captures[i];
    if (is_safe(n)) {
      mentioned[i] = n;
      continue;
    }
    Name* tmp = TempCopy(inl_pos, n, init);
    p.NewClosureVar(closure, {pos}, tmp);
    if (iface_hack && i == 1 && n->type->IsInterface()) {
      Node* itab = Unary(kItab, inl_pos, t.Pointer(t.Uintptr()), tmp);
      init.push_back(Unary(kCheckNil, inl_pos, nullptr, itab));
    }
  }
  BodySource& src = b.all_sources.emplace_back();
  src.package = package;
  src.built = true;
  src.synthetic = [add_body, mentioned](Body& body) {
    NodeVec inside = mentioned;
    size_t next = 0;
    for (Node*& n : inside)
      if (n == nullptr) n = body.fn->closure_vars[next++];
    add_body(body, inside);
  };
  closure->body_source = &src;
  Body body(b, closure, &src);
  closure->Set(kFuncHasBody, body.Run());
  if (!closure->closure_vars.empty()) closure->Set(kFuncNeedCtxt);
  return WithInit(init, closure->closure);
}

namespace {

std::vector<Field> Unnamed(std::span<const Field> fields) {
  std::vector<Field> out(fields.begin(), fields.end());
  for (Field& f : out) {
    f.sym = nullptr;
    f.pos = {kAutogenerated};
  }
  return out;
}

}  // namespace

// A function literal that calls fun with arg0 (and arg1) already given.
Node* Body::Curry(diag::Pos pos, bool iface_hack, Node* fun, Node* arg0, Node* arg1) {
  NodeVec captures{fun, arg0};
  if (arg1 != nullptr) captures.push_back(arg1);
  std::vector<Field> params = Unnamed(fun->type->params), results = Unnamed(fun->type->results);
  params.erase(params.begin(), params.begin() + static_cast<long>(captures.size() - 1));
  Type* type = t.Func(nullptr, params, results, fun->type->variadic);
  return SyntheticClosure(pos, type, iface_hack, captures, [pos](Body& body, const NodeVec& inside) {
    NodeVec call_args(inside.begin() + 1, inside.end());
    NodeVec own = body.SyntheticArgs();
    call_args.insert(call_args.end(), own.begin(), own.end());
    body.SyntheticTailCall({pos}, inside[0], call_args);
  });
}

Node* Body::MethodExprWrap(diag::Pos pos, Type* recv, std::span<const int> implicits, bool deref, bool addr,
                           Node* method, Node* dictionary) {
  NodeVec captures{method};
  std::vector<Field> params = Unnamed(method->type->params), results = Unnamed(method->type->results);
  params[0].type = recv;
  if (dictionary != nullptr) {
    captures.push_back(dictionary);
    params.erase(params.begin() + 1);
  }
  Type* type = t.Func(nullptr, params, results, method->type->variadic);
  std::vector<int> path(implicits.begin(), implicits.end());
  bool with_dictionary = dictionary != nullptr;
  return SyntheticClosure(pos, type, false, captures, [=](Body& body, const NodeVec& inside) {
    NodeVec call_args = body.SyntheticArgs();
    Node* arg = call_args[0];
    for (int index : path) arg = body.Implicit(body.DotField({pos}, arg, index));
    if (deref)
      arg = body.Implicit(body.Deref({pos}, arg));
    else if (addr)
      arg = body.Implicit(body.Addr({pos}, arg));
    call_args[0] = arg;
    if (with_dictionary) call_args.insert(call_args.begin() + 1, inside[1]);
    body.SyntheticTailCall({pos}, inside[0], call_args);
  });
}

}  // namespace escapement::ir
