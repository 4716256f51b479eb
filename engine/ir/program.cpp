#include "engine/ir/program.h"

#include "engine/base/check.h"

namespace escapement::ir {

std::span<Name* const> Func::params() const {
  size_t n = 0;
  while (n < dcl.size() && dcl[n]->cls == Class::kParam) ++n;
  return {dcl.data(), n};
}

std::span<Name* const> Func::results() const {
  size_t first = params().size(), last = first;
  while (last < dcl.size() && dcl[last]->cls == Class::kParamOut) ++last;
  return {dcl.data() + first, last - first};
}

Program::Program(base::Interner& names, base::ConstantPool& constants)
    : names_(names), constants_(constants), types_(arena_, names) {}

Func* Program::NewFunc() {
  return &funcs_.emplace_back();
}

Func* Program::FindFunc(std::string_view link_name) {
  auto it = by_link_name_.find(std::string(link_name));
  return it == by_link_name_.end() ? nullptr : it->second;
}

void Program::Register(Func* fn) {
  by_link_name_.emplace(fn->link_name, fn);
}

Dictionary* Program::NewDictionary() {
  return &dictionaries_.emplace_back();
}

uint32_t Program::AddInlinedCall(SrcPos call_pos, Func* callee) {
  inlining_tree_.push_back({call_pos.inl, call_pos, callee});
  return static_cast<uint32_t>(inlining_tree_.size());
}

diag::Pos Program::OutermostPos(SrcPos pos) const {
  if (!pos.valid()) return {};
  while (pos.inl != 0) pos = inlining_tree_[pos.inl - 1].pos;
  return pos.pos;
}

Name* Program::NewName(SrcPos pos, const Sym* sym, Type* type, Class cls) {
  Name* n = arena_.New<Name>();
  n->op = kName;
  n->pos = pos;
  n->name_sym = sym;
  n->type = type;
  n->cls = cls;
  return n;
}

Name* Program::NewLocal(Func* fn, SrcPos pos, const Sym* sym, Type* type) {
  Name* n = NewName(pos, sym, type, Class::kAuto);
  n->curfn = fn;
  fn->dcl.push_back(n);
  return n;
}

Name* Program::NewTemp(Func* fn, SrcPos pos, Type* type) {
  std::string name = ".autotmp_" + std::to_string(fn->dcl.size());
  Name* n = NewLocal(fn, pos, types_.Lookup(types_.local_package(), name), type);
  n->esc = Esc::kNever;
  n->Mark(kNameUsed);
  n->Mark(kNameAutoTemp);
  return n;
}

Name* Program::NewClosureVar(Func* fn, SrcPos pos, Name* outer) {
  ENSURE(outer->cls != Class::kExtern && outer->cls != Class::kFunc, "capture of a global");
  Name* n = NewName(pos, outer->name_sym, outer->type, Class::kAutoHeap);
  n->curfn = fn;
  n->Mark(kNameClosureVar);
  n->defn = outer->Canonical();
  n->outer = outer;
  fn->closure_vars.push_back(n);
  return n;
}

}  // namespace escapement::ir
