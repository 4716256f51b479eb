#include "engine/driver/known_bodies.h"

#include <algorithm>
#include <charconv>
#include <set>
#include <unordered_set>

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
  return std::any_of(compiled->imports.begin(), compiled->imports.end(), [&](types::Package* package) {
    for (const Functions& inlined : InlinedIn(package))
      if (inlined.path == func->pkg->path)
        return std::binary_search(inlined.orders.begin(), inlined.orders.end(), func->order);
    return false;
  });
}

const std::vector<KnownBodies::Functions>& KnownBodies::InlinedIn(types::Package* package) {
  auto [entry, added] = inlined_.try_emplace(package);
  if (added && package->path != "unsafe") {
    const std::string* known = summaries_.InlinedIn(package->path);
    entry->second = known != nullptr ? Read(*known) : Find(package);
  }
  return entry->second;
}

std::string KnownBodies::Write(types::Package* package) {
  std::string text;
  for (const Functions& functions : InlinedIn(package)) {
    text += functions.path;
    for (uint32_t last = 0; uint32_t order : functions.orders)
      text += " " + std::to_string(order - std::exchange(last, order));
    text += "\n";
  }
  return text;
}

std::vector<KnownBodies::Functions> KnownBodies::Read(std::string_view text) {
  std::vector<Functions> inlined;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    const size_t space = std::min(line.find(' '), line.size());
    Functions& functions = inlined.emplace_back();
    functions.path = line.substr(0, space);
    const char* end = line.data() + line.size();
    uint32_t order = 0, more = 0;
    for (const char* at = line.data() + space; at != end && *at == ' ';) {
      at = std::from_chars(at + 1, end, more).ptr;
      functions.orders.push_back(order += more);
    }
  }
  return inlined;
}

std::vector<KnownBodies::Functions> KnownBodies::Find(types::Package* package) {
  std::unordered_set<const types::Func*> inlined;
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
  std::set<std::pair<std::string_view, uint32_t>> sorted;
  for (const types::Func* func : inlined)
    if (!summaries_.NotInlinable(func)) sorted.insert({func->pkg->path, func->order});
  std::vector<Functions> out;
  for (const auto& [path, order] : sorted) {
    if (out.empty() || out.back().path != path) out.push_back({std::string(path), {}});
    out.back().orders.push_back(order);
  }
  return out;
}

}  // namespace escapement::driver
