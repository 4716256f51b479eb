#include "engine/escape/report.h"
#include "engine/escape/walker.h"
#include "engine/ir/call_graph.h"

namespace escapement::escape {

namespace {
// Variables up to this many bytes that never change are captured by value.
constexpr int64_t kMaxCaptureByValue = 128;
}  // namespace

Batch::Batch(Analysis& analysis)
    : analysis_(analysis), context_(analysis.context), program_(analysis.context.program) {
  heap_.attributes = kHeapAttributes;
  mutator_.attributes = kMutates;
  callee_.attributes = kCalls;
}

void Batch::Run(const std::vector<ir::Func*>& group) {
  for (ir::Func* fn : group) InitFunc(fn);
  for (ir::Func* fn : group) {
    if (!ir::CapturesVariables(fn)) Walker(*this, fn).WalkFunc();
  }
  // Every assignment and address of a variable has been seen, so that captures can be
  // decided: by value or by reference.
  for (const Closure& closure : closures_) FlowClosure(closure);
  for (size_t i = 0; i < locations_.size(); ++i) {
    Location& loc = locations_[i];
    if (loc.n == nullptr) continue;
    RewriteWithLiterals(loc.n, loc.curfn);
    std::string_view why = HeapAllocReason(program_, loc.n, context_.options.small_frames);
    if (!why.empty()) Flow(Address(Hole{Heap()}, loc.n, why.data()), &loc);
  }
  WalkAll();
  Reporter(*this).Finish(group);
}

void Batch::InitFunc(ir::Func* fn) {
  analysis_.states[fn] = FuncState::kPlanned;
  for (ir::Name* name : fn->dcl) NewLocation(name, fn, 1, true);
  // Hidden parameters: the receiver that a method value's wrapper reads.
  if (fn->closure == nullptr) {
    for (ir::Name* name : fn->closure_vars) NewLocation(name->Canonical(), fn, 1, true);
  }
  int index = 0;
  for (ir::Name* result : fn->results()) LocationOf(result)->result_index = ++index;
}

Location* Batch::NewLocation(ir::Node* n, ir::Func* curfn, int loop_depth, bool persists) {
  if (n != nullptr && n->type != nullptr && n->type->Has(ir::kTypeNotInHeap)) {
    context_.emitter.Error(
        program_.OutermostPos(n->pos),
        program_.types().Print(n->type) + " is incomplete (or unallocatable); stack allocation disallowed");
  }
  Location& loc = locations_.emplace_back();
  loc.n = n;
  loc.curfn = curfn;
  loc.loop_depth = loop_depth;
  if (persists) loc.attributes |= kPersists;
  if (ir::IsName(n)) {
    ir::Name* name = n->AsName();
    loc.is_param = name->cls == ir::Class::kParam;
    loc.is_result = name->cls == ir::Class::kParamOut;
    name->opt = &loc;
  }
  return &loc;
}

Location* Batch::LocationOf(ir::Name* name) {
  auto* loc = static_cast<Location*>(name->Canonical()->opt);
  ENSURE(loc != nullptr, "variable without a location: " + std::string(name->text()));
  return loc;
}

Hole Batch::WithNote(Hole hole, ir::Node* where, const char* why) {
  hole.notes = notes_.New<Note>(hole.notes, where, why);
  return hole;
}

Hole Batch::Address(Hole hole, ir::Node* where, const char* why) {
  --hole.derefs;
  hole.addrtaken = true;
  return WithNote(hole, where, why);
}

Hole Batch::Dereference(Hole hole, ir::Node* where, const char* why) {
  ++hole.derefs;
  hole.addrtaken = false;
  return WithNote(hole, where, why);
}

// Adds the edge hole.dst ← src. Where dst is known to be on the heap already, src's
// address escapes at once.
void Batch::Flow(const Hole& hole, Location* src) {
  if (hole.addrtaken) src->addrtaken = true;
  Location* dst = hole.dst;
  if (dst == Blank()) return;
  if (dst == src && hole.derefs >= 0) return;
  if (dst->Has(kEscapes) && hole.derefs < 0) {
    std::vector<PathLink> path{{dst, src, hole.derefs, hole.notes}};
    Reporter(*this).Explain(src, path);
    if (src->path.empty()) src->path = std::move(path);
    src->attributes |= kHeapAttributes;
    return;
  }
  dst->edges.push_back({src, hole.derefs, hole.notes});
}

bool Batch::InBatch(const ir::Func* fn) const {
  auto it = analysis_.states.find(fn);
  return it != analysis_.states.end() && it->second != FuncState::kTagged;
}

void Batch::FlowClosure(const Closure& closure) {
  for (ir::Name* captured : closure.node->func->closure_vars) {
    ir::Name* name = captured->Canonical();
    Location* loc = LocationOf(name);
    bool by_value = !loc->addrtaken && !loc->reassigned && name->type->Size() <= kMaxCaptureByValue;
    name->Mark(ir::kNameByval, by_value);
    if (!by_value) name->Mark(ir::kNameAddrtaken);
    if (!by_value) name->Mark(ir::kNameAddrtaken);
    Reporter(*this).Capture(name, loc);
    Hole k = closure.hole;
    if (!by_value) k = Address(k, captured, "reference");
    Flow(WithNote(k, captured, "captured by a closure"), loc);
  }
}

ir::ReassignOracle& Batch::OracleFor(ir::Func* fn) {
  // A closure shares the oracle of the outermost function around it.
  ir::Func* outermost = fn;
  while (outermost->closure_parent != nullptr && !outermost->closure_parent->Has(ir::kFuncPackageInit))
    outermost = outermost->closure_parent;
  auto& oracle = analysis_.oracles[outermost];
  if (oracle == nullptr) oracle = std::make_shared<ir::ReassignOracle>(outermost);
  return *oracle;
}

// Keeps the effects of evaluating `value`: init gets `tmp = value` for a fresh temporary.
void Batch::AssignTemp(ir::SrcPos pos, ir::Func* fn, ir::Node* value, ir::List& init) {
  ir::Name* tmp = program_.NewTemp(fn, pos, value->type);
  ir::Node* declaration = program_.NewNode(ir::kDcl, pos);
  declaration->x = tmp;
  ir::Node* assignment = program_.NewNode(ir::kAs, pos);
  assignment->x = tmp;
  assignment->y = value;
  std::vector<ir::Node*> stmts(init.begin(), init.end());
  stmts.push_back(declaration);
  stmts.push_back(assignment);
  init = program_.NewList(stmts);
}

// Sizes and interface operands that always have one constant value become that constant,
// so that their storage can be static or on the stack.
void Batch::RewriteWithLiterals(ir::Node* n, ir::Func* fn) {
  if (fn == nullptr) return;
  if (n->op == ir::kMakeSlice) RewriteMakeSlice(n, fn);
  if (n->op == ir::kConvIface) RewriteInterface(n, fn);
}

void Batch::RewriteMakeSlice(ir::Node* n, ir::Func* fn) {
  ir::Node*& size = n->y != nullptr ? n->y : n->x;
  if (size->op == ir::kLiteral) return;
  ir::Node* value = OracleFor(fn).StaticValue(size);
  base::ConstantPool pool;
  if (value->op == ir::kLiteral) {
    if (pool.Sign(value->value) < 0) return;
    AssignTemp(n->pos, fn, size, n->init);
    ir::Node* literal = program_.NewNode(ir::kLiteral, n->pos, size->type);
    literal->value = value->value;
    size = literal;
    return;
  }
  if (value->op != ir::kLen) return;
  ir::Node* measured = OracleFor(fn).StaticValue(value->x);
  if (measured->op != ir::kSliceLit) return;
  AssignTemp(n->pos, fn, size, n->init);
  ir::Node* literal = program_.NewNode(ir::kLiteral, n->pos, program_.types().Int());
  literal->value = pool.MakeInt64(measured->n);
  size = literal;
}

namespace {

bool ValidTypeForConstant(const ir::Type* t, const base::Constant& value) {
  switch (value.kind()) {
    case base::ConstantKind::kBool:
      return t->IsBoolean();
    case base::ConstantKind::kString:
      return t->IsString();
    case base::ConstantKind::kInt:
      return t->IsInteger();
    case base::ConstantKind::kFloat:
      return t->IsFloat();
    case base::ConstantKind::kComplex:
      return t->IsComplex();
    case base::ConstantKind::kUnknown:
      return false;
  }
  return false;
}

}  // namespace

void Batch::RewriteInterface(ir::Node* n, ir::Func* fn) {
  if (n->x->op == ir::kLiteral || n->x->type->IsInterface()) return;
  ir::Node* value = OracleFor(fn).StaticValue(n->x);
  if (value->op != ir::kLiteral || !ValidTypeForConstant(n->x->type, value->value)) return;
  AssignTemp(n->pos, fn, n->x, n->init);
  ir::Node* literal = program_.NewNode(ir::kLiteral, n->pos, n->x->type);
  literal->value = value->value;
  n->x = literal;
}

std::vector<Verdict> Analyze(Context& context, const std::vector<ir::Func*>& funcs) {
  Analysis analysis(context);
  std::function<bool(const ir::Func*)> inside = context.inside;
  if (!inside) inside = [](const ir::Func* fn) { return fn->Has(ir::kFuncHasBody); };
  ir::VisitFuncsBottomUp(funcs, inside,
                         [&](const std::vector<ir::Func*>& group, bool) { Batch(analysis).Run(group); });
  return std::move(analysis.verdicts);
}

}  // namespace escapement::escape
