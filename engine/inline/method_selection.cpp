#include "engine/inline/method_selection.h"

#include <deque>

namespace escapement::inlining {

using namespace ir;

namespace {

// A method found at the end of a path of embedded fields.
struct Selection {
  std::vector<Field*> path;           // embedded fields, outermost first
  Func* method = nullptr;             // a declared method, or
  Field* interface_method = nullptr;  // a method of an embedded interface
  Type* owner = nullptr;              // type of the last field (or of x)
  bool found() const { return method != nullptr || interface_method != nullptr; }
};

Type* Deref(Type* t) {
  return t->IsPtr() ? t->elem : t;
}

Field* FindInterfaceMethod(Type* t, const Sym* sym) {
  for (Field& method : t->underlying->methods)
    if (method.sym == sym) return &method;
  return nullptr;
}

// The method that t or *t itself declares.
Func* DeclaredMethod(Context& context, Type* t, const Sym* sym) {
  if (!t->IsNamed()) return nullptr;
  for (const Field& method : context.builder.DeclaredMethods(t))
    if (method.sym == sym && method.nname != nullptr) return method.nname->fn;
  return nullptr;
}

// Breadth first: the shallowest embedded field wins.
Selection Select(Context& context, Type* t, const Sym* sym) {
  std::deque<Selection> queue;
  queue.push_back({{}, nullptr, nullptr, t});
  std::vector<Type*> seen;
  while (!queue.empty()) {
    Selection at = std::move(queue.front());
    queue.pop_front();
    Type* base = Deref(at.owner);
    if (base->IsInterface()) {
      at.interface_method = FindInterfaceMethod(base, sym);
    } else {
      at.method = DeclaredMethod(context, base, sym);
    }
    if (at.found()) return at;
    bool visited = false;
    for (Type* other : seen) visited |= Identical(other, base);
    if (visited || !base->IsStruct()) continue;
    seen.push_back(base);
    base->Laid();
    for (Field& field : base->underlying->fields) {
      if (!field.embedded) continue;
      Selection next = at;
      next.path.push_back(&field);
      next.owner = field.type;
      queue.push_back(std::move(next));
    }
  }
  return {};
}

// The signature without receiver. A shaped method's dictionary is a parameter, so no interface has it.
bool SameSignature(const Func* method, Type* wanted) {
  std::span<Field> params = method->type->params;
  std::span<Field> results = method->type->results;
  if (params.size() != wanted->params.size() || results.size() != wanted->results.size()) return false;
  for (size_t i = 0; i < params.size(); ++i)
    if (!Identical(params[i].type, wanted->params[i].type)) return false;
  for (size_t i = 0; i < results.size(); ++i)
    if (!Identical(results[i].type, wanted->results[i].type)) return false;
  return method->type->variadic == wanted->variadic;
}

Node* Implicit(Program& program, Op op, SrcPos pos, Type* type, Node* x) {
  Node* n = program.NewNode(op, pos, type);
  n->x = x;
  n->Set(kImplicit);
  return n;
}

}  // namespace

Node* SelectMethod(Context& context, SrcPos pos, Node* x, const Sym* sym) {
  Program& program = context.program;
  Selection selection = Select(context, x->type, sym);
  if (!selection.found()) return nullptr;
  for (Field* field : selection.path) {
    Node* dot = Implicit(program, x->type->IsPtr() ? kDotPtr : kDot, pos, field->type, x);
    dot->sym = field->sym;
    dot->field = field;
    x = dot;
  }
  Node* result;
  if (selection.interface_method != nullptr) {
    result = program.NewNode(kDotInter, pos, selection.interface_method->type);
    result->field = selection.interface_method;
  } else {
    Func* method = selection.method;
    Type* receiver = method->type->recv->type;
    if (receiver->IsPtr() && !x->type->IsPtr()) {
      x = Implicit(program, kAddr, pos, receiver, x);
    } else if (!receiver->IsPtr() && x->type->IsPtr()) {
      x = Implicit(program, kDeref, pos, receiver, x);
    }
    Field* field = program.arena().New<Field>();
    field->sym = sym;
    field->type = method->type;
    field->nname = method->nname;
    field->pos = method->pos;
    result = program.NewNode(kDotMeth, pos, method->type);
    result->field = field;
  }
  result->x = x;
  result->sym = sym;
  return result;
}

bool Implements(Context& context, Type* t, Type* interface) {
  for (const Field& wanted : interface->underlying->methods) {
    Selection selection = Select(context, t, wanted.sym);
    if (!selection.found()) return false;
    if (selection.interface_method != nullptr) {
      if (!Identical(selection.interface_method->type, wanted.type)) return false;
      continue;
    }
    if (!SameSignature(selection.method, wanted.type)) return false;
    // A value has no methods with pointer receivers, unless an embedded pointer gives them.
    bool pointer = t->IsPtr();
    for (const Field* field : selection.path) pointer |= field->type->IsPtr();
    if (selection.method->type->recv->type->IsPtr() && !pointer) return false;
  }
  return true;
}

void FixMethodCall(Context& context, Node* call) {
  Program& program = context.program;
  Node* dot = call->x;
  Func* method = dot->field->nname->fn;
  std::vector<Field> params{Field{nullptr, dot->x->type}};
  params.insert(params.end(), method->type->params.begin(), method->type->params.end());
  Node* fn = program.NewNode(kMethExpr, dot->pos);
  fn->type = program.types().Func(nullptr, params, method->type->results, method->type->variadic);
  fn->x = program.NewNode(kType, dot->pos, dot->x->type);
  fn->sym = dot->sym;
  fn->field = dot->field;
  std::vector<Node*> args{dot->x};
  args.insert(args.end(), call->list.begin(), call->list.end());
  call->op = kCallFunc;
  call->x = fn;
  call->list = program.NewList(args);
}

}  // namespace escapement::inlining
