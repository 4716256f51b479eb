#include "engine/inline/bloop.h"

#include <string>

#include "engine/ir/static_value.h"

namespace escapement::inlining {

using namespace ir;

namespace {

// Whether n is `for b.Loop()` with b a *testing.B.
bool IsBenchmarkLoop(const Node* n) {
  if (n->op != kFor || n->x == nullptr || n->x->op != kCallFunc || n->x->x->op != kMethExpr) return false;
  const Name* method = MethodExprName(n->x->x);
  if (method == nullptr || method->fn == nullptr || method->fn->sym->pkg == nullptr) return false;
  return method->fn->sym->pkg->path == "testing" && method->fn->sym->text() == "(*B).Loop";
}

// The variable that n reads or writes a part of, or null.
Name* VariableOf(Node* n) {
  while (n != nullptr) {
    switch (n->op) {
      case kName:
        return n->AsName()->cls == Class::kFunc ? nullptr : n->AsName();
      case kSlice:
      case kSlice3:
      case kDot:
      case kConv:
      case kConvIface:
      case kConvNop:
      case kAddr:
      case kDotPtr:
      case kIndex:
      case kIndexMap:
        n = n->x;
        break;
      default:
        return nullptr;
    }
  }
  return nullptr;
}

class LoopKeeper {
 public:
  LoopKeeper(Context& context, Func* fn) : context_(context), program_(context.program), fn_(fn) {}

  Node* Edit(Node* n, bool in_loop) {
    in_loop |= IsBenchmarkLoop(n);
    EditChildren(n, [&](Node* child) { return Edit(child, in_loop); });
    if (!in_loop) return n;
    switch (n->op) {
      case kFor:
      case kRange:
      case kCase:
        PreserveAll(n->body);
        break;
      case kIf:
        PreserveAll(n->body);
        PreserveAll(n->rlist);
        break;
      case kBlock:
        PreserveAll(n->list);
        break;
      default:
        break;
    }
    return n;
  }

 private:
  void PreserveAll(List list) {
    for (Node*& n : list) n = Preserve(n);
  }

  Node* Preserve(Node* n) {
    switch (n->op) {
      case kAs:
        return PreserveAssign(n);
      case kAsOp: {
        std::vector<Node*> kept;
        Keep(n->x, n, kept);
        return KeepAlive(kept, n);
      }
      case kAs2:
      case kAs2Func:
      case kAs2DotType:
      case kAs2MapR:
      case kAs2Recv:
        return PreserveAssignList(n);
      case kCallFunc:
      case kCallInter:
        if (!n->x->type->results.empty()) return PreserveResults(n);
        return PreserveArguments(n);
      case kPrint:
      case kPrintln:
      case kDelete:
      case kRecover:
        return PreserveArguments(n);
      default:
        return n;
    }
  }

  Node* PreserveAssign(Node* n) {
    if (IsBlank(n->x)) n->x = Temporary(n->pos, n->y->type, n);
    std::vector<Node*> kept;
    Keep(n->x, n, kept);
    return KeepAlive(kept, n);
  }

  Node* PreserveAssignList(Node* n) {
    std::vector<Node*> kept;
    for (size_t i = 0; i < n->list.size(); ++i) {
      if (IsBlank(n->list[i])) {
        Type* type;
        if (n->rlist.size() == n->list.size()) {
          type = n->rlist[i]->type;
        } else if (n->rlist[0]->type != nullptr && n->rlist[0]->type->kind == Kind::kResults) {
          type = n->rlist[0]->type->params[i].type;
        } else {
          Remark(n->pos, "unrecognized shape for assign list stmt for blank assignment");
          continue;
        }
        n->list[i] = Temporary(n->pos, type, n);
      }
      Keep(n->list[i], n, kept);
    }
    return KeepAlive(kept, n);
  }

  // f(x) with results becomes tmp := f(x).
  Node* PreserveResults(Node* call) {
    std::span<Field> results = call->x->type->results;
    Node* assignment = program_.NewNode(results.size() == 1 ? kAs2 : kAs2Func, call->pos);
    std::vector<Node*> temporaries;
    for (Field& result : results) temporaries.push_back(Temporary(call->pos, result.type, assignment));
    assignment->list = program_.NewList(temporaries);
    assignment->rlist = program_.NewList({call});
    if (Verbose())
      Remark(call->pos,
             std::string("function result") + (results.size() > 1 ? "s" : "") + " will be kept alive");
    return KeepAlive(temporaries, assignment);
  }

  Node* PreserveArguments(Node* call) {
    std::vector<Node*> before, kept;
    for (Node*& arg : call->list) {
      if (Name* name = VariableOf(arg)) {
        Say(name, call->pos);
        kept.push_back(name);
      } else if (arg->op == kSliceLit) {
        // The elements of a variadic argument.
        std::vector<Node*> named;
        for (Node*& element : arg->list) {
          if (Name* variable = VariableOf(element)) {
            Say(variable, call->pos);
            named.push_back(variable);
          } else {
            element = Save(element->pos, element, call, before, kept);
          }
        }
        kept.insert(kept.end(), named.begin(), named.end());
      } else {
        arg = Save(call->pos, arg, call, before, kept);
      }
    }
    Node* current = call;
    if (!before.empty()) {
      before.push_back(call);
      current = program_.NewNode(kBlock, call->pos);
      current->list = program_.NewList(before);
    }
    return KeepAlive(kept, current);
  }

  // tmp := value in front of the call; tmp takes the value's place.
  Node* Save(SrcPos pos, Node* value, Node* call, std::vector<Node*>& before, std::vector<Node*>& kept) {
    Node* assignment = program_.NewNode(kAs, pos);
    Name* tmp = Temporary(pos, value->type, assignment);
    assignment->x = tmp;
    assignment->y = value;
    before.push_back(assignment);
    kept.push_back(tmp);
    if (Verbose()) Remark(call->pos, "function arg will be kept alive");
    return tmp;
  }

  // A new variable declared by `assignment`; the declaration is inside the loop so that
  // escape analysis sees it there.
  Name* Temporary(SrcPos pos, Type* type, Node* assignment) {
    Name* tmp = program_.NewTemp(fn_, pos, type);
    assignment->Set(kDef);
    Node* declaration = program_.NewNode(kDcl, assignment->pos);
    declaration->x = tmp;
    std::vector<Node*> init(assignment->init.begin(), assignment->init.end());
    init.push_back(declaration);
    assignment->init = program_.NewList(init);
    return tmp;
  }

  void Keep(Node* target, const Node* statement, std::vector<Node*>& kept) {
    if (Name* name = VariableOf(target)) {
      Say(name, statement->pos);
      kept.push_back(name);
    } else if (Verbose()) {
      Remark(statement->pos,
             target->op == kDeref ? "dereference will be kept alive" : "expr is unknown to bloop pass");
    }
  }

  // The statement, then runtime.KeepAlive(&name) for each name.
  Node* KeepAlive(const std::vector<Node*>& names, Node* statement) {
    std::vector<Node*> block{statement};
    for (Node* n : names) {
      if (IsBlank(n)) continue;
      if (Node* call = KeepAliveCall(statement->pos, n->AsName())) block.push_back(call);
    }
    if (names.empty()) return statement;
    Node* result = program_.NewNode(kBlock, statement->pos);
    result->list = program_.NewList(block);
    return result;
  }

  Node* KeepAliveCall(SrcPos pos, Name* name) {
    Func* keep_alive = context_.builder.LookupFunc("runtime", "KeepAlive");
    if (keep_alive == nullptr) return nullptr;
    TypeTable& types = program_.types();
    name->Mark(kNameAddrtaken);
    if (name->IsClosureVar() && !name->Byval()) name->Canonical()->Mark(kNameAddrtaken);
    auto wrap = [&](Op op, Type* type, Node* x) {
      Node* n = program_.NewNode(op, pos, type);
      n->x = x;
      return n;
    };
    Node* pointer = wrap(kConvNop, types.UnsafePointer(), wrap(kAddr, types.Pointer(name->type), name));
    Node* boxed = wrap(kConvIface, keep_alive->type->params[0].type, pointer);
    boxed->Set(kImplicit);
    Node* call = program_.NewNode(kCallFunc, pos, types.Results({}));
    call->x = keep_alive->nname;
    call->list = program_.NewList({boxed});
    call->Set(kCompilerVarLive);
    call->Set(kNoInline);
    return call;
  }

  void Say(const Name* name, SrcPos pos) {
    if (!Verbose()) return;
    const Sym* sym = name->name_sym;
    std::string package(sym->pkg == nullptr ? std::string_view() : sym->pkg->prefix);
    Remark(pos, package + "." + std::string(sym->text()) + " will be kept alive");
  }

  bool Verbose() const { return context_.options.remarks > 1; }
  void Remark(SrcPos pos, std::string text) {
    context_.emitter.Remark(program_.OutermostPos(pos), std::move(text));
  }

  Context& context_;
  Program& program_;
  Func* fn_;
};

}  // namespace

void KeepLoopsAlive(Context& context, const std::vector<Func*>& funcs) {
  for (Func* fn : funcs) {
    LoopKeeper keeper(context, fn);
    for (Node*& statement : fn->body) statement = keeper.Edit(statement, false);
  }
}

}  // namespace escapement::inlining
