#include "engine/types/checker.h"

#include "engine/base/check.h"
#include "engine/types/context.h"
#include "engine/types/decl.h"
#include "engine/types/errors.h"
#include "engine/types/noder_checks.h"
#include "engine/types/stmt.h"
#include "engine/types/universe.h"

namespace escapement::types {

Checker::Checker(base::Arena& arena, base::Interner& names, diag::FileSet& files, Importer importer)
    : context_(std::make_unique<Context>(arena, names, files, std::move(importer))) {
  DefineUniverse(*context_);
}

Checker::~Checker() = default;

Package* Checker::NewPackage(std::string_view path, bool is_library) {
  Context& c = *context_;
  Package* pkg = c.arena.New<Package>();
  pkg->path = c.arena.Copy(path);
  pkg->scope = NewScope(c.arena, c.universe.scope, {}, {});
  pkg->is_library = is_library;
  return pkg;
}

Package* Checker::Unsafe() {
  return context_->universe.unsafe;
}

Scope* Checker::Universe() {
  return context_->universe.scope;
}

bool Checker::CheckPackage(Package* pkg, std::span<syntax::File*> files, const CheckOptions& options,
                           diag::Emitter& emitter) {
  Context& c = *context_;
  ENSURE(!pkg->is_library, "library packages are collected");
  c.options = options;
  c.emitter = &emitter;
  c.had_error = false;
  c.imports.clear();
  c.implementations.clear();
  c.env = Environment{};
  CollectObjects(c, pkg, files);
  c.env.pkg = pkg;
  DirectCycles(c, pkg);
  PackageObjects(c, pkg);
  ProcessDelayed(c, 0);  // function bodies included
  ComputeInitOrder(c, pkg);
  UnusedImports(c);
  if (!c.had_error) Monomorph(c);
  if (!c.had_error && emitter.errors() == 0) NoderChecks(c, pkg);
  pkg->complete = true;
  c.env = Environment{};
  c.emitter = nullptr;
  return !c.had_error;
}

bool Checker::Collect(Package* pkg, std::span<syntax::File*> files, const syntax::ParseOptions& parse_options,
                      diag::Emitter& emitter) {
  Context& c = *context_;
  c.emitters[pkg] = &emitter;
  c.parse_options[pkg] = parse_options;
  int before = emitter.errors();
  CollectObjects(c, pkg, files);
  pkg->complete = true;
  return emitter.errors() == before;
}

namespace {

// Runs `work` as a question from outside: whatever is put off is done before it returns, unless
// a check is under way, which will do it.
template <typename Work>
void Ask(Context& c, Package* pkg, Work work) {
  Environment saved = c.env;
  size_t top = c.delayed.size();
  c.env = Environment{};
  c.env.pkg = pkg;
  work();
  ProcessDelayed(c, top);
  c.env = saved;
}

}  // namespace

void Checker::Resolve(Object* object) {
  if (object->type != nullptr) return;
  Context& c = *context_;
  Ask(c, object->pkg, [&] { ObjDecl(c, object); });
}

Object* Checker::Lookup(Package* pkg, std::string_view name) {
  Object* object = pkg->scope->Lookup(context_->Intern(name));
  if (object != nullptr) Resolve(object);
  return object;
}

Func* Checker::LookupMethod(TypeName* type, std::string_view name) {
  Resolve(type);
  Named* named = AsNamed(type->type);
  if (named == nullptr) return nullptr;
  base::Name interned = context_->Intern(name);
  for (Func* method : named->origin->methods) {
    if (method->name != interned) continue;
    Resolve(method);
    return method;
  }
  return nullptr;
}

void CheckFuncBody(Context& c, Func* func) {
  if (func->origin != nullptr) func = func->origin;
  if (func->body_checked || func->decl == nullptr || func->decl->fdecl == nullptr) return;
  syntax::FuncDecl* decl = func->decl->fdecl;
  func->body_checked = true;
  if (decl->body == nullptr) {
    auto options = c.parse_options.find(func->pkg);
    auto emitter = c.emitters.find(func->pkg);
    if (!decl->has_body || options == c.parse_options.end()) return;
    syntax::ParseBody({c.arena, c.names, c.files, *emitter->second}, decl, options->second);
    if (decl->body == nullptr) return;
  }
  Ask(c, func->pkg, [&] {
    ObjDecl(c, func);
    c.env.version = func->decl->version;
    FuncBody(c, func->pkg, func->decl, func->signature(), decl->body, {});
  });
}

bool Checker::CheckBody(Func* func) {
  if (func->origin != nullptr) func = func->origin;
  Resolve(func);
  CheckFuncBody(*context_, func);
  return func->decl != nullptr && func->decl->fdecl != nullptr && func->decl->fdecl->body != nullptr;
}

void Checker::CheckAll(Package* pkg) {
  Context& c = *context_;
  bool saved = c.verify_library;
  c.verify_library = true;
  Ask(c, pkg, [&] {
    DirectCycles(c, pkg);
    PackageObjects(c, pkg);
  });
  for (Object* object : pkg->objects) {
    if (auto* func = As<Func>(object)) CheckFuncBody(c, func);
  }
  c.verify_library = saved;
}

std::span<const Initializer> Checker::InitOrder(Package* pkg) {
  Context& c = *context_;
  auto found = c.init_orders.find(pkg);
  if (found == c.init_orders.end()) {
    Ask(c, pkg, [&] { ComputeInitOrder(c, pkg); });
    found = c.init_orders.find(pkg);
  }
  return found->second;
}

}  // namespace escapement::types
