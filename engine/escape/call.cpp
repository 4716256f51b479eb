#include "engine/escape/walker.h"

namespace escapement::escape {

using namespace ir;

void Walker::Argument(Hole k, Node* arg, Node* call) {
  Expr(b_.WithNote(k, call, "call parameter"), arg);
}

void Walker::Call(const Holes* ks, Node* call) {
  switch (call->op) {
    case kCallFunc:
    case kCallInter:
      FunctionCall(ks, call);
      break;
    case kInlCall:
      InlinedCall(ks, call);
      break;
    case kAppend:
      Append(*ks, call);
      break;
    case kCopy:
      Copy(call);
      break;
    case kPanic:
      Argument(HeapHole(), call->x, call);
      break;
    case kComplex:
      Discard(call->x);
      Discard(call->y);
      break;
    case kDelete:
    case kPrint:
    case kPrintln:
    case kRecover:
      Discards(call->list);
      break;
    case kMin:
    case kMax:
      for (Node* arg : call->list) Argument(ks == nullptr ? DiscardHole() : (*ks)[0], arg, call);
      break;
    case kLen:
    case kCap:
    case kReal:
    case kImag:
    case kClose:
      Discard(call->x);
      break;
    case kClear:
      Argument(MutatorHole(), call->x, call);
      break;
    case kUnsafeStringData:
    case kUnsafeSliceData:
      Argument((*ks)[0], call->x, call);
      break;
    case kUnsafeAdd:
    case kUnsafeSlice:
    case kUnsafeString:
      Argument((*ks)[0], call->x, call);
      Discard(call->y);
      break;
    default:
      UNREACHABLE("escape: unexpected call " + std::string(OpName(call->op)));
  }
}

namespace {

// Whether t holds a pointer that is not part of a string.
bool HasNonStringPointers(ir::Type* t) {
  if (!t->HasPointers() || t->IsString()) return false;
  if (t->IsStruct()) {
    for (const Field& field : t->underlying->fields)
      if (HasNonStringPointers(field.type)) return true;
    return false;
  }
  if (t->IsArray()) return HasNonStringPointers(t->elem);
  return true;
}

// internal/abi.EscapeNonString[go.shape.T](dict, v) is known by its name: v goes to the
// heap if it has pointers other than strings', else nowhere.
ir::Type* EscapeNonStringOperand(const Name* fn) {
  if (fn == nullptr || fn->name_sym->pkg == nullptr || fn->name_sym->pkg->path != "internal/abi")
    return nullptr;
  if (fn->text().substr(0, 16) != "EscapeNonString[") return nullptr;
  if (fn->type->params.size() != 2 || !fn->type->params[1].type->IsShape()) return nullptr;
  return fn->type->params[1].type;
}

}  // namespace

void Walker::FunctionCall(const Holes* ks, Node* call) {
  Name* fn = nullptr;
  if (call->op == kCallFunc) fn = StaticCalleeName(StaticValue(call->x));

  if (ks != nullptr && fn != nullptr && fn->fn != nullptr && b_.InBatch(fn->fn)) {
    std::span<Name* const> results = fn->fn->results();
    for (size_t i = 0; i < results.size() && i < ks->size(); ++i) Expr((*ks)[i], results[i]);
  }

  std::vector<Node*> args(call->list.begin(), call->list.end());
  if (call->op == kCallFunc) {
    Hole callee = DiscardHole();
    if (fn == nullptr && ks != nullptr) {
      // The results go somewhere and the callee is unknown: should a closure be called
      // here, its results must be taken to reach the heap.
      for (const Hole& k : *ks) {
        if (k.dst == b_.Blank()) continue;
        callee = b_.WithNote(CalleeHole(), call, "callee operand");
        break;
      }
    }
    Expr(callee, call->x);
  } else {
    args.insert(args.begin(), call->x->x);
  }

  ir::Type* non_string = EscapeNonStringOperand(fn);
  for (size_t i = 0; i < args.size(); ++i) {
    if (call->Has(kCompilerVarLive)) {
      Argument(DiscardHole(), args[i], call);
    } else if (non_string != nullptr) {
      Argument(HasNonStringPointers(non_string) ? HeapHole() : DiscardHole(), args[i], call);
    } else {
      RewriteArgument(args[i], call, fn);
      Argument(TagHole(ks, fn, i), args[i], call);
    }
  }
}

void Walker::InlinedCall(const Holes* ks, Node* call) {
  Stmts(call->body);
  for (size_t i = 0; i < call->list.size(); ++i)
    Expr(ks == nullptr ? DiscardHole() : (*ks)[i], call->list[i]);
}

// The slice may be the result itself, or its elements are copied to a new backing
// store, which is a location of its own. Appended values are in the heap.
void Walker::Append(const Holes& ks, Node* call) {
  bool pointers = call->list[0]->type->elem->HasPointers();
  Hole appendee = Tee({ks[0], MutatorHole()});
  if (pointers) appendee = Tee({appendee, b_.Dereference(HeapHole(), call, "appendee slice")});
  Argument(appendee, call->list[0], call);
  if (call->Has(kIsDDD)) {
    Hole appended = DiscardHole();
    Node* arg = call->list[1];
    if (arg->type->IsSlice() && arg->type->elem->HasPointers())
      appended = b_.Dereference(HeapHole(), call, "appended slice...");
    Argument(appended, arg, call);
  } else {
    for (size_t i = 1; i < call->list.size(); ++i) Argument(HeapHole(), call->list[i], call);
  }
  // The compiler guards the stack buffer against reuse, so it counts as outside loops.
  Spill(ks[0], call).dst->loop_depth = 0;
}

void Walker::Copy(Node* call) {
  Argument(MutatorHole(), call->x, call);
  Hole copied = DiscardHole();
  if (call->y->type->IsSlice() && call->y->type->elem->HasPointers())
    copied = b_.Dereference(HeapHole(), call, "copied slice");
  Argument(copied, call->y, call);
}

// Functions marked //go:uintptrescapes or //go:uintptrkeepalive, and all without a body (the caller keeps
// what system calls are told of alive), take pointers disguised as uintptr: their arguments, also the
// elements of a variadic one, are looked through.
void Walker::RewriteArgument(Node* arg, Node* call, Name* fn) {
  if (fn == nullptr || fn->fn == nullptr) return;
  uint32_t pragma = fn->fn->pragma & (kPragmaUintptrKeepAlive | kPragmaUintptrEscapes);
  if (fn->fn->Has(kFuncNoBody)) pragma |= kPragmaUintptrKeepAlive;
  if (pragma == 0) return;
  if (arg->op != kSliceLit) return KeepUintptr(arg, call, pragma);
  for (Node* element : arg->list) KeepUintptr(element->op == kKey ? element->y : element, call, pragma);
}

void Walker::KeepUintptr(Node* arg, Node* call, uint32_t pragma) {
  if (arg->op != kConvNop || !arg->x->type->IsUnsafePtr() || !arg->type->Is(Kind::kUintptr)) return;
  Name* tmp = CopyExpr(arg->pos, arg->x, call->init);
  arg->x = tmp;
  Hole k = MutatorHole();
  if ((pragma & kPragmaUintptrEscapes) != 0) k = b_.WithNote(HeapHole(), arg, "//go:uintptrescapes");
  b_.Flow(k, Batch::LocationOf(tmp));
  if ((pragma & kPragmaUintptrKeepAlive) != 0) {
    tmp->Mark(kNameAddrtaken);
    std::vector<Node*> kept(call->rlist.begin(), call->rlist.end());
    kept.push_back(tmp);
    call->rlist = b_.program_.NewList(kept);
  }
}

Name* Walker::CopyExpr(SrcPos pos, Node* expr, List& init) {
  if (expr->op != kName && expr->op != kType && expr->op != kLiteral && expr->op != kNil) pos = expr->pos;
  Name* tmp = b_.program_.NewTemp(fn_, pos, expr->type);
  Node* declaration = b_.program_.NewNode(kDcl, pos);
  declaration->x = tmp;
  Node* assignment = b_.program_.NewNode(kAs, pos);
  assignment->x = tmp;
  assignment->y = expr;
  std::vector<Node*> stmts(init.begin(), init.end());
  stmts.push_back(declaration);
  stmts.push_back(assignment);
  init = b_.program_.NewList(stmts);
  NewLocation(tmp, true);
  Stmt(declaration);
  Stmt(assignment);
  return tmp;
}

Hole Walker::TagHole(const Holes* ks, Name* fn, size_t index) {
  if (fn == nullptr) return HeapHole();
  Func* callee = fn->fn;
  if (callee == nullptr) return HeapHole();
  if (b_.context_.foreign && b_.context_.foreign(callee)) return HeapHole();
  if (b_.InBatch(callee)) return Addr(callee->params()[index]);

  if (!callee->summary.computed && b_.analysis_.states.count(callee) == 0 && b_.context_.summarise)
    b_.context_.summarise(callee);
  const std::vector<std::string>& tags = callee->summary.param_tags;
  Leaks leaks = Leaks::Parse(index < tags.size() ? std::string_view(tags[index]) : std::string_view());
  Holes holes;
  auto add = [&](Hole k, int derefs) {
    if (derefs < 0) return;
    k.derefs += derefs;
    k.addrtaken = false;
    holes.push_back(k);
  };
  add(HeapHole(), leaks.heap());
  add(MutatorHole(), leaks.mutator());
  add(CalleeHole(), leaks.callee());
  if (ks != nullptr) {
    for (int i = 0; i < Leaks::kResults; ++i)
      if (leaks.result(i) >= 0) add((*ks)[static_cast<size_t>(i)], leaks.result(i));
  }
  return Tee(std::move(holes));
}

Hole Walker::Tee(Holes ks) {
  if (ks.empty()) return DiscardHole();
  if (ks.size() == 1) return ks[0];
  Location* loc = NewLocation(nullptr, false);
  for (const Hole& k : ks) {
    ENSURE(k.derefs >= 0, "several destinations cannot share an address");
    b_.Flow(k, loc);
  }
  return Hole{loc};
}

Hole Walker::Later(Hole k) {
  Location* loc = NewLocation(nullptr, true);
  b_.Flow(k, loc);
  return Hole{loc};
}

}  // namespace escapement::escape
