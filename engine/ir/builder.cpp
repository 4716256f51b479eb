#include "engine/ir/builder.h"

#include "engine/base/check.h"
#include "engine/ir/body.h"

namespace escapement::ir {

Builder::Builder(Program& program, types::Checker& checker, RewrittenTrees& rewritten)
    : impl_(std::make_unique<Impl>(*this, program, checker, rewritten)) {}
Builder::~Builder() = default;

Func* Builder::FuncFor(types::Func* fn, std::span<Type* const> targs) {
  Func* out;
  if (targs.empty()) {
    out = impl_->DeclaredFunc(fn);
  } else {
    impl_->Resolve(fn);
    if (fn->signature()->recv != nullptr) {
      auto* base = types::AsNamed(types::Unalias(fn->signature()->recv->type));
      if (auto* pointer = types::As<types::Pointer>(types::Unalias(fn->signature()->recv->type)))
        base = types::AsNamed(pointer->base);
      Type* named = impl_->NamedInstance(types::Obj(base), {}, targs, false);
      const Sym* sym = impl_->SelectorOf(fn);
      out = nullptr;
      for (Field& m : impl_->DeclaredMethods(named))
        if (m.sym == sym) out = m.nname->fn;
    } else {
      out = impl_->FuncInstance(fn, {}, targs, false);
    }
  }
  return out;
}

bool Builder::EnsureBody(Func* fn) {
  while (!impl_->todo_shapes.empty()) {
    std::function<void()> f = std::move(impl_->todo_shapes.back());
    impl_->todo_shapes.pop_back();
    f();
  }
  return impl_->BuildBody(fn);
}

Func Builder::Renew(Func* fn) {
  Func was = *fn;
  fn->body = {};
  fn->dcl.clear();
  fn->closures.clear();
  fn->flags &= kFuncDupok | kFuncWrapper | kFuncShaped | kFuncInstanceWrapper | kFuncMethodValueWrapper;
  fn->func_lit_gen = fn->range_lit_gen = fn->go_defer_gen = fn->label_gen = 0;
  fn->inl = nullptr;
  fn->summary = {};
  fn->escape_done = false;
  if (fn->body_source != nullptr) fn->body_source->built = false;
  return was;
}

void Builder::Restore(Func* fn, Func&& was) {
  *fn = std::move(was);
  if (fn->body_source != nullptr) fn->body_source->built = true;
}

Func* Builder::MethodFor(Type* recv, const Sym* sym) {
  return impl_->MethodFor(recv, sym);
}
std::span<Field> Builder::DeclaredMethods(Type* type) {
  return impl_->DeclaredMethods(type);
}
void Builder::set_on_imprecise_call(std::function<void(SrcPos)> hook) {
  impl_->on_imprecise_call = std::move(hook);
}
std::span<Field> Builder::MethodSet(Type* type) {
  return impl_->MethodSet(type);
}
Field* Builder::LookupMethod(Type* type, const Sym* sym) {
  return impl_->LookupMethod(type, sym);
}
Func* Builder::MethodValueWrapper(Type* recv, const Sym* sym) {
  return impl_->MethodValueWrapper(recv, sym);
}
Func* Builder::AbiWrapper(Func* target) {
  return impl_->AbiWrapper(target);
}
void Builder::MakeWrappers(const std::function<bool(Func*)>& inlinable,
                           const std::function<void(Func*)>& finish) {
  impl_->MakeWrappers(inlinable, finish);
}
bool Builder::PauseReading(bool recording) {
  return std::exchange(impl_->mentioned.recording, recording);
}
Type* Builder::TypeOf(types::Type* type) {
  return impl_->TypeOf(type);
}
Name* Builder::GlobalFor(types::Object* variable) {
  return impl_->GlobalName(static_cast<types::Var*>(variable));
}

Func* Builder::LookupFunc(std::string_view package, std::string_view name) {
  types::Import found = impl_->context().importer(package);
  if (found.package == nullptr) return nullptr;
  auto* func = types::As<types::Func>(impl_->checker.Lookup(found.package, name));
  return func != nullptr ? impl_->DeclaredFunc(func) : nullptr;
}

Node* Builder::InlineCall(Func* caller, Node* call, Func* callee, uint32_t inl) {
  return impl_->InlineCall(caller, call, callee, inl);
}

std::vector<Func*> Builder::TakeNewFuncs() {
  return std::exchange(impl_->new_funcs, {});
}
void Builder::ReturnNewFuncs(std::vector<Func*> funcs) {
  impl_->new_funcs = std::move(funcs);
}

}  // namespace escapement::ir
