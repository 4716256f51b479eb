// Declared objects: packages, functions, variables and their names in the linker's eyes.
#include "engine/base/check.h"
#include "engine/ir/body.h"
#include "engine/types/typeset.h"

namespace escapement::ir {

Package* Builder::Impl::PackageOf(types::Package* package) {
  if (package == nullptr) return t.builtin_package();
  auto [it, added] = packages.try_emplace(package, nullptr);
  if (added) {
    std::string_view path = package->path;
    if (package->name.text() == "main") path = "main";
    if (package == context().universe.unsafe)
      it->second = t.unsafe_package();
    else
      it->second = t.NewPackage(path, package->name, package);
  }
  return it->second;
}

types::Context& Builder::Impl::context() {
  return checker.context();
}

bool IsGlobal(types::Object* object) {
  return object->pkg != nullptr && object->parent == object->pkg->scope;
}

const Sym* Builder::Impl::SymOf(types::Object* object) {
  if (auto* name = types::As<types::TypeName>(object)) {
    if (auto it = local_types.find(name); it != local_types.end() && it->second.first != 0)
      return t.Lookup(PackageOf(object->pkg),
                      object->name.str() + "\u00b7" + std::to_string(it->second.first));
  }
  return t.Lookup(PackageOf(object->pkg), object->name.text());
}

const Sym* Builder::Impl::SelectorOf(types::Object* object) {
  return t.Selector(PackageOf(object->pkg), object->name.text());
}

void Builder::Impl::Resolve(types::Object* object) {
  if (object->type == nullptr) checker.Resolve(object);
}

std::optional<std::string_view> Builder::Impl::LinknameOf(types::Object* object) {
  auto [it, added] = linknames.try_emplace(object->pkg);
  if (added) {
    for (syntax::File* file : object->pkg->files)
      for (const syntax::Linkname& link : file->linknames) it->second.emplace(link.local, link.remote);
  }
  auto found = it->second.find(object->name.text());
  if (found == it->second.end()) return std::nullopt;
  return found->second;
}

void Builder::Impl::SetLinkName(Func* fn, types::Object* object) {
  if (object != nullptr && IsGlobal(object)) {
    if (auto remote = LinknameOf(object)) {
      fn->pragma |= kPragmaLinkname;
      fn->link_name = std::string(*remote);
      if (!remote->empty()) return;
    }
  }
  fn->link_name = std::string(fn->sym->pkg->prefix) + "." + fn->sym->name.str();
}

Func* Builder::Impl::NewFunc(SrcPos fpos, SrcPos npos, const Sym* sym, Type* type) {
  Func* fn = p.NewFunc();
  fn->sym = sym;
  fn->type = type;
  fn->pos = fpos;
  fn->pkg = sym->pkg;
  fn->nname = p.NewName(npos, sym, type, Class::kFunc);
  fn->nname->fn = fn;
  return fn;
}

uint32_t PragmasOf(const syntax::FuncDecl* decl) {
  if (decl == nullptr || decl->pragma == nullptr) return 0;
  static constexpr std::pair<uint32_t, uint32_t> kTable[] = {
      {syntax::kPragmaNointerface, kPragmaNointerface},
      {syntax::kPragmaNoescape, kPragmaNoescape},
      {syntax::kPragmaNorace, kPragmaNorace},
      {syntax::kPragmaNosplit, kPragmaNosplit},
      {syntax::kPragmaNoinline, kPragmaNoinline},
      {syntax::kPragmaNoCheckPtr, kPragmaNocheckptr},
      {syntax::kPragmaCgoUnsafeArgs, kPragmaCgoUnsafeArgs},
      {syntax::kPragmaUintptrKeepAlive, kPragmaUintptrKeepAlive},
      {syntax::kPragmaUintptrEscapes, kPragmaUintptrEscapes},
      {syntax::kPragmaSystemstack, kPragmaSystemstack},
      {syntax::kPragmaNowritebarrier, kPragmaNowritebarrier},
      {syntax::kPragmaNowritebarrierrec, kPragmaNowritebarrierrec},
      {syntax::kPragmaYeswritebarrierrec, kPragmaYeswritebarrierrec},
      {syntax::kPragmaRegisterParams, kPragmaRegisterParams},
  };
  uint32_t out = 0;
  for (auto [from, to] : kTable)
    if (decl->pragma->flags & from) out |= to;
  return out;
}

namespace {

syntax::FuncDecl* DeclOf(types::Func* func) {
  return func->decl != nullptr ? func->decl->fdecl : nullptr;
}

}  // namespace

void Builder::Impl::AddBody(Func* fn, BodySource source) {
  fn->body_source = &all_sources.emplace_back(std::move(source));
  if (fn->body_source->decl != nullptr && !fn->body_source->decl->has_body &&
      fn->body_source->decl->body == nullptr)
    fn->Set(kFuncNoBody);
}

Func* Builder::Impl::DeclaredFunc(types::Func* func) {
  if (auto it = func_of.find(func); it != func_of.end()) return it->second;
  Resolve(func);
  types::Signature* sig = func->signature();
  syntax::FuncDecl* decl = DeclOf(func);
  const Sym* method = nullptr;
  const Sym* sym;
  Field recv;
  ReadScope reading(*this, func->pkg, false);
  if (sig->recv != nullptr) {
    recv.type = TypeOf(sig->recv->type);
    recv.pos = {sig->recv->pos};
    // Reading the receiver's type may have declared this method.
    if (auto it = func_of.find(func); it != func_of.end()) return it->second;
    method = SelectorOf(func);
    sym = MethodSym(recv.type, method);
  } else if (func->name.text() == "init") {
    int& n = init_count[func->pkg];
    sym = t.Lookup(PackageOf(func->pkg), "init." + std::to_string(n++));
  } else {
    sym = t.Lookup(PackageOf(func->pkg), func->name.text());
  }
  Type* type = SignatureOf(sig, nullptr, sig->recv != nullptr ? &recv : nullptr);
  if (auto it = func_of.find(func); it != func_of.end()) return it->second;
  Func* fn = NewFunc({decl != nullptr ? decl->pos : func->pos}, {func->pos}, sym, type);
  func_of[func] = fn;
  fn->source = func;
  fn->pragma = PragmasOf(decl);
  SetLinkName(fn, func);
  p.Register(fn);
  AddBody(fn, {.func = func, .decl = decl, .sig = sig, .method = method, .package = func->pkg});
  if (unit != nullptr && func->pkg == unit_package) todo_bodies.push_back(fn);
  return fn;
}

Func* Builder::Impl::FuncInstance(types::Func* func, std::span<Type* const> implicits,
                                  std::span<Type* const> explicits, bool shaped) {
  Resolve(func);
  TypeArgs* args = NewTypeArgs(func, SymOf(func), implicits, explicits, shaped);
  if (auto it = func_by_sym.find(args->base_sym); it != func_by_sym.end()) return it->second;
  Func* fn = NewInstance(func, args, args->base_sym, nullptr, nullptr);
  if (!args->shaped) {
    std::vector<Type*> im(implicits.begin(), implicits.end()), ex(explicits.begin(), explicits.end());
    todo_shapes.push_back(
        [this, args, func, im, ex] { args->shaped_func = FuncInstance(func, im, ex, true); });
  }
  return fn;
}

Func* Builder::Impl::NewInstance(types::Func* func, TypeArgs* args, const Sym* sym, Field* recv,
                                 const Sym* method) {
  types::Signature* sig = func->signature();
  syntax::FuncDecl* decl = DeclOf(func);
  ReadScope reading(*this, func->pkg, true);
  Type* type = SignatureOf(sig, args, recv);
  Func* fn = NewFunc({decl != nullptr ? decl->pos : func->pos}, {func->pos}, sym, type);
  func_by_sym[sym] = fn;
  fn->source = func;
  fn->targs = p.arena().Copy(args->targs);
  fn->Set(kFuncDupok);
  if (args->shaped) {
    fn->Set(kFuncShaped);
    fn->type = ShapeSignature(fn, type, args);
    fn->nname->type = fn->type;
  } else {
    fn->Set(kFuncInstanceWrapper);
  }
  fn->pragma = PragmasOf(decl);
  SetLinkName(fn, nullptr);
  p.Register(fn);
  AddBody(fn, {.func = func, .decl = decl, .sig = sig, .args = args, .method = method, .package = func->pkg});
  new_funcs.push_back(fn);
  if (unit != nullptr) todo_bodies.push_back(fn);
  return fn;
}

Name* Builder::Impl::GlobalName(types::Var* var) {
  auto [it, added] = global_of.try_emplace(var, nullptr);
  if (!added) return it->second;
  Resolve(var);
  ReadScope reading(*this, var->pkg, false);
  Name* name = p.NewName({var->pos}, SymOf(var), TypeOf(var->type), Class::kExtern);
  if (auto remote = LinknameOf(var)) name->link_name = p.arena().Copy(*remote);
  global_of[var] = name;
  return name;
}

// Checks a library function's body and readies it for building, here or where the function is inlined.
// False when there is none after all.
bool Builder::Impl::PrepareSource(BodySource* source) {
  if (source->prepared || source->func == nullptr || source->decl == nullptr || !source->decl->has_body)
    return true;
  bool shaped_wrapper = source->args != nullptr && !source->args->shaped;
  if (shaped_wrapper) return true;
  source->prepared = true;
  if (source->package->is_library) checker.CheckBody(source->func);
  if (source->decl->body == nullptr) return false;
  CollectLocalTypes(source->func, source->decl->body);
  RewriteRangeFuncs(source->package, source->sig, source->decl->body);
  return true;
}

bool Builder::Impl::BuildBody(Func* fn) {
  BodySource* source = fn->body_source;
  if (source == nullptr) return fn->Has(kFuncHasBody);
  if (source->built) return fn->Has(kFuncHasBody);
  source->built = true;
  if (!PrepareSource(source)) return false;
  ReadScope reading(*this, source->package, source->args != nullptr);
  Body body(*this, fn, source);
  bool has = body.Run();
  fn->Set(kFuncHasBody, has);
  fn->Set(kFuncNoBody, !has);
  return has;
}

void Builder::Impl::BuildPending(bool during_inlining) {
  for (;;) {
    if (!todo_shapes.empty()) {
      std::function<void()> f = std::move(todo_shapes.back());
      todo_shapes.pop_back();
      f();
      continue;
    }
    if (todo_bodies.empty()) {
      if (mentioned.unread_methods.empty()) break;
      ReadMethods();
      continue;
    }
    Func* fn = todo_bodies.back();
    todo_bodies.pop_back();
    BuildBody(fn);
    bool instance = fn->body_source->args != nullptr && !fn->body_source->args->targs.empty();
    if (instance && unit != nullptr && !during_inlining) unit->funcs.push_back(fn);
  }
}

Func* Builder::Impl::RuntimeFunc(std::string_view name) {
  return builder.LookupFunc("runtime", name);
}

}  // namespace escapement::ir
