#include "engine/driver/known_bodies.h"

#include <algorithm>
#include <vector>

#include "engine/syntax/walk.h"
#include "engine/types/object.h"

namespace escapement::driver {

namespace {

// So many statements are taken to be inlinable.
constexpr size_t kFewStatements = 2;

types::Func* Declared(types::Object* object) {
  auto* func = object == nullptr ? nullptr : types::As<types::Func>(object);
  return func != nullptr && func->origin != nullptr ? func->origin : func;
}

// Whether a function is compiled only where it is instantiated.
bool IsGeneric(const types::Func* func) {
  const syntax::FuncDecl* decl = func->decl != nullptr ? func->decl->fdecl : nullptr;
  if (decl == nullptr) return false;
  if (decl->recv == nullptr) return !decl->tparams.empty();
  syntax::Expr* receiver = decl->recv->type_expr;
  while (auto* star = syntax::As<syntax::Operation>(receiver)) receiver = star->x;
  return syntax::As<syntax::IndexExpr>(receiver) != nullptr;
}

// Calls found(func) for each function that a tree mentions.
template <typename F>
void ForEachMentioned(syntax::Node* node, F&& found) {
  if (node == nullptr) return;
  if (auto* selector = syntax::As<syntax::SelectorExpr>(node)) {
    types::Object* object =
        selector->selection != nullptr ? selector->selection->object : selector->sel->object;
    if (types::Func* func = Declared(object)) found(func);
  } else if (auto* name = syntax::As<syntax::Name>(node)) {
    if (types::Func* func = Declared(name->object)) found(func);
  }
  syntax::ForEachChild(node, [&](syntax::Node* child) { ForEachMentioned(child, found); });
}

}  // namespace

bool KnownBodies::Has(const types::Package* compiled, const types::Func* func) {
  if (compiled == nullptr || func == nullptr || func->pkg == nullptr || func->pkg == compiled) return true;
  auto imported = [&](const types::Package* package) { return package->path == func->pkg->path; };
  if (std::any_of(compiled->imports.begin(), compiled->imports.end(), imported)) return true;
  return std::any_of(compiled->imports.begin(), compiled->imports.end(),
                     [&](types::Package* package) { return InlinedIn(package).count(func) != 0; });
}

const std::unordered_set<const types::Object*>& KnownBodies::InlinedIn(types::Package* package) {
  auto [entry, added] = inlined_.try_emplace(package);
  std::unordered_set<const types::Object*>& inlined = entry->second;
  if (!added || package->path == "unsafe") return inlined;
  std::vector<types::Func*> work;
  auto mentioned = [&](types::Func* func) {
    if (func->pkg == nullptr || func->decl == nullptr || func->decl->fdecl == nullptr) return;
    if (func->pkg == package && !IsGeneric(func)) return;
    if (inlined.insert(func).second) work.push_back(func);
  };
  auto body_of = [&](types::Func* func) -> syntax::BlockStmt* {
    if (func->decl == nullptr || func->decl->fdecl == nullptr) return nullptr;
    if (func->pkg->is_library && !checker_.CheckBody(func)) return nullptr;
    return func->decl->fdecl->body;
  };
  for (types::Object* object : package->objects) {
    if (types::Func* func = Declared(object)) {
      if (!IsGeneric(func)) ForEachMentioned(body_of(func), mentioned);
    } else if (object->decl != nullptr) {
      ForEachMentioned(object->decl->init, mentioned);
    }
  }
  // What was inlined mentions more, and so do the instances that the package compiles.
  while (!work.empty()) {
    types::Func* func = work.back();
    work.pop_back();
    syntax::BlockStmt* body = body_of(func);
    if (body == nullptr) continue;
    if (body->list.size() <= kFewStatements || IsGeneric(func)) ForEachMentioned(body, mentioned);
  }
  return inlined;
}

}  // namespace escapement::driver
