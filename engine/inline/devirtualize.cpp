#include "engine/inline/devirtualize.h"

#include "engine/inline/method_selection.h"
#include "engine/ir/print.h"

namespace escapement::inlining {

using namespace ir;

void Devirtualize(Context& context, ConcreteTypes& types, Node* call) {
  // Calls in go and defer would panic at another time: they stay as they are.
  if (call->op != kCallInter || call->Has(kGoDefer)) return;
  Program& program = context.program;
  Node* selector = call->x;
  Type* type = types.Find(selector->x);
  // An assertion that could never hold (any(0).(interface{ M() }).M()) is not made.
  if (type == nullptr || !Implements(context, type, selector->x->type)) return;
  if (type->IsShape()) return;

  auto remark = [&](std::string text) {
    if (context.options.remarks > 0) context.emitter.Remark(program.OutermostPos(call->pos), std::move(text));
  };
  // Methods of shaped types want a dictionary that is not at hand; shaped interfaces have
  // other itabs than the values carry.
  if (type->HasShape()) {
    return remark("cannot devirtualize " + Print(program, call) + ": shaped receiver " +
                  program.types().Print(type));
  }
  if (selector->x->type->HasShape()) {
    return remark("cannot devirtualize " + Print(program, call) + ": shaped interface " +
                  program.types().Print(selector->x->type));
  }

  Node* assertion = program.NewNode(kDotType, call->pos, type);
  assertion->x = selector->x;
  assertion->Set(kUseNilPanic);
  Node* method = SelectMethod(context, selector->pos, assertion, selector->sym);
  if (method == nullptr) return;
  bool partial = method->op == kDotInter;
  remark((partial ? "partially devirtualizing " : "devirtualizing ") + Print(program, selector) + " to " +
         program.types().Print(type));
  call->x = method;
  if (!partial) FixMethodCall(context, call);
}

}  // namespace escapement::inlining
