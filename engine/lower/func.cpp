// A function as a whole: which variables live where, parameters and results, entry code.
#include "engine/lower/combine.h"
#include "engine/lower/func_lowerer.h"
#include "engine/lower/order.h"

namespace escapement::lower {

namespace {

constexpr int kMaxOpenDefers = 8;  // ssagen/walk: maxOpenDefers

void CountDefers(ir::List list, int* defers, int* returns, bool* open) {
  ir::VisitList(list, [&](ir::Node* n) {
    if (n->op == ir::kDefer) {
      ++*defers;
      if (n->esc != ir::Esc::kNever || n->y || n->x->y) *open = false;
    }
    // Bodies of a range-over-func loop defer on behalf of this function.
    if (n->op == ir::kCallFunc && n->x->op == ir::kName && n->x->AsName()->fn != nullptr &&
        n->x->AsName()->fn->link_name == "runtime.deferrangefunc") {
      ++*defers;
      *open = false;
    }
    if (n->op == ir::kReturn) ++*returns;
  });
}

// Whether some return lists no values: it returns what the results hold, blank ones too.
bool ReturnsBare(ir::Func* fn) {
  bool bare = false;
  ir::VisitList(fn->body, [&](ir::Node* n) { bare = bare || (n->op == ir::kReturn && n->list.empty()); });
  return bare;
}

}  // namespace

bool FuncLowerer::IsHeap(ir::Name* name) {
  if (name->cls == ir::Class::kAutoHeap) return !name->IsClosureVar();
  return name->IsLocal() && name->esc == ir::Esc::kHeap;
}

Var* FuncLowerer::LocalVar(ir::Name* name) {
  Var*& v = vars_[name];
  if (!v) {
    bool slots = IsRegister(name->type) && !in_frame_.contains(name);
    v = NewVar(name->type, slots ? Home::kSlots : Home::kFrame);
    v->origin = v->shown = name;
  }
  return v;
}

// The variable in *(*uint64)(unsafe.Pointer(&f)): its bits as another type of its size, which need no
// address.
ir::Name* FuncLowerer::PunnedVariable(ir::Node* n) {
  if (n->op != ir::kDeref || !n->init.empty()) return nullptr;
  ir::Node* x = n->x;
  while (x->op == ir::kConvNop && x->init.empty()) x = x->x;
  if (x->op != ir::kAddr || !x->init.empty() || x->x->op != ir::kName) return nullptr;
  ir::Name* name = x->x->AsName();
  auto plain = [](ir::Type* t) { return t->IsFloat() || t->IsUnsigned(); };
  if (!name->IsLocal() || !plain(name->type) || !plain(n->type) || name->type->Size() != n->type->Size())
    return nullptr;
  return name;
}

void FuncLowerer::FindFrameVariables(ir::Func* fn) {
  std::unordered_set<const ir::Node*> puns;
  ir::VisitList(fn->body, [&](ir::Node* n) {
    if (PunnedVariable(n)) {
      ir::Node* x = n->x;
      while (x->op == ir::kConvNop) x = x->x;
      puns.insert(x);
    }
    if (n->op == ir::kAddr && !puns.contains(n)) {
      ir::Node* root = ir::OuterValue(n->x);
      while (root && root->op == ir::kConvNop) root = ir::OuterValue(root->x);
      if (root && root->op == ir::kName) in_frame_.insert(root->AsName());
    }
    if (n->op == ir::kClosure)
      for (ir::Name* v : n->func->closure_vars)
        if (!v->Byval() && v->outer) in_frame_.insert(v->outer);
  });
}

void FuncLowerer::DeclareSignature(ir::Func* fn) {
  struct Moved {
    ir::Name* name;
    Var* incoming;
  };
  std::vector<Moved> moved;
  for (ir::Name* p : fn->params()) {
    bool in_slots = IsRegister(p->type);
    Var* v = NewVar(p->type, in_slots ? Home::kSlots : Home::kFrame);
    v->is_param = true;
    out_->params.push_back(v);
    if (IsHeap(p) || (in_slots && in_frame_.contains(p))) {
      moved.push_back({p, v});
    } else {
      v->origin = v->shown = p;
      vars_[p] = v;
    }
  }
  OpenClosureVars(fn);
  bool bare = ReturnsBare(fn);
  for (ir::Name* r : fn->results()) {
    bool in_slots = IsRegister(r->type) && !in_frame_.contains(r);
    Var* v = NewVar(r->type, in_slots || IsHeap(r) ? Home::kSlots : Home::kFrame);
    if (!IsRegister(r->type)) v->home = Home::kFrame;
    v->is_result = true;
    v->origin = r;
    out_->results.push_back(v);
    if (IsHeap(r)) {
      Declare(r);
      continue;
    }
    vars_[r] = v;
    v->shown = r;
    bool unnamed = r->text().empty() || r->text()[0] == '~';
    if (!unnamed || bare || out_->has_defer || (!in_slots && r->type->HasPointers())) ZeroPlace(Use(v));
  }
  for (Moved& m : moved) {
    if (IsHeap(m.name)) {
      Declare(m.name);
      Assign(Load(m.name->type, Use(heap_[m.name])), Use(m.incoming));
    } else {
      m.incoming->copy = LocalVar(m.name);
      Set(m.incoming->copy, Use(m.incoming));
    }
  }
}

void FuncLowerer::Run(ir::Func* fn) {
  fn_ = fn;
  out_->symbol = data().Intern(fn->link_name);
  out_->origin = fn;
  out_->nosplit = (fn->pragma & ir::kPragmaNosplit) != 0;
  out_->wrapper = fn->Has(ir::kFuncWrapper) || fn->Has(ir::kFuncMethodValueWrapper) ||
                  fn->Has(ir::kFuncGoDeferWrapper) || fn->link_name == "reflect.callReflect" ||
                  fn->link_name == "reflect.callMethod";
  pos_ = fn->pos;
  Orderer(low_.program(), fn).Run();
  FindFrameVariables(fn);
  int defers = 0, returns = 0;
  bool open = !fn->Has(ir::kFuncOpenCodedDeferDisallowed);
  CountDefers(fn->body, &defers, &returns, &open);
  out_->has_defer = defers > 0 || fn->Has(ir::kFuncHasDefer);
  for (ir::Name* r : fn->results()) open = open && !IsHeap(r);
  out_->open_defers = open && defers <= kMaxOpenDefers && returns * defers <= 15;
  DeclareSignature(fn);
  Block(fn->body);
  pos_ = fn->end_pos.valid() ? fn->end_pos : fn->pos;
  std::span<ir::Name* const> results = fn->results();
  if (results.empty()) {
    Emit(NewStmt(StmtOp::kReturn));
  } else if (!fn->body.empty()) {
    Emit(NewStmt(StmtOp::kUnreachable));
  }
  if (out_->has_defer)
    for (ir::Name* r : results) out_->homes.push_back(VarPlace(r));
  // What must be zero before anything else runs.
  Stmts entry;
  list_ = &entry;
  pos_ = fn->pos;
  for (Var* v : out_->vars)
    if (v->need_zero) ZeroPlace(Use(v));
  list_ = &out_->body;
  out_->body.insert(out_->body.begin(), entry.begin(), entry.end());
  CombineAccesses(*out_, arena_, types_);
}

Func Lowering::LowerFunc(ir::Func* fn, base::Arena& arena) {
  Func out;
  FuncLowerer(*this, arena, &out).Run(fn);
  return out;
}

base::Name Lowering::SymbolOf(const ir::Name* name) {
  if (name->dictionary) return DictionarySymbol(name->dictionary);
  if (name->cls == ir::Class::kFunc && name->fn) return data_.Intern(name->fn->link_name);
  if (!name->link_name.empty()) return data_.Intern(name->link_name);
  std::string symbol;
  if (name->name_sym->pkg) symbol = std::string(name->name_sym->pkg->prefix) + ".";
  return data_.Intern(symbol + std::string(name->name_sym->text()));
}

base::Name Lowering::GlobalSymbol(const ir::Name* name) {
  if (name->dictionary) return DictionarySymbol(name->dictionary);
  base::Name symbol = SymbolOf(name);
  if (!data_.Find(symbol)) {
    ir::Type* t = name->type;
    DataSymbol* s = data_.Define(symbol, t->HasPointers() ? Section::kBss : Section::kNoptrBss,
                                 static_cast<uint64_t>(t->Size()), static_cast<uint32_t>(t->Align()));
    s->type = t;
  }
  return symbol;
}

base::Name Lowering::DictionarySymbol(const ir::Dictionary* dictionary) {
  base::Name symbol = data_.Intern(dictionary->link_name);
  if (data_.Find(symbol)) return symbol;
  DataSymbol* s = data_.Define(symbol, Section::kRodata, dictionary->entries.size() * 8, 8);
  for (size_t i = 0; i < dictionary->entries.size(); i++) {
    const ir::DictionaryEntry& e = dictionary->entries[i];
    base::Name target;
    switch (e.kind) {
      case ir::DictionaryEntry::Kind::kMethodExpr:
        if (e.func) target = data_.Intern(e.func->link_name);
        break;
      case ir::DictionaryEntry::Kind::kSubdictionary:
        target = SymbolOf(e.dictionary);
        break;
      case ir::DictionaryEntry::Kind::kType:
        target = data_.TypeDescriptor(e.type);
        break;
      case ir::DictionaryEntry::Kind::kItab:
        if (e.iface) target = data_.Itab(e.type, e.iface);
        break;
    }
    if (!target.empty()) s->PutAddress(i * 8, target);
  }
  return symbol;
}

}  // namespace escapement::lower
