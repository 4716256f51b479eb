#include "engine/driver/known_bodies.h"

#include <algorithm>
#include <charconv>
#include <set>

#include "engine/syntax/walk.h"
#include "engine/types/object.h"

namespace escapement::driver {

namespace {

// A body of more statements costs more than inlining allows: each costs one at least.
constexpr int kMaxStatements = 80;

types::Func* Declared(types::Object* object) {
  auto* func = object == nullptr ? nullptr : types::As<types::Func>(object);
  if (func != nullptr && func->origin != nullptr) func = func->origin;
  return func != nullptr && func->pkg != nullptr && func->decl != nullptr && func->decl->fdecl != nullptr
             ? func
             : nullptr;
}

// Whether a function is compiled only where it is instantiated.
bool IsGeneric(const types::Func* func) {
  const syntax::FuncDecl* decl = func->decl->fdecl;
  if (decl->recv == nullptr) return !decl->tparams.empty();
  syntax::Expr* receiver = decl->recv->type_expr;
  while (auto* star = syntax::As<syntax::Operation>(receiver)) receiver = star->x;
  return syntax::As<syntax::IndexExpr>(receiver) != nullptr;
}

// The declared function that an expression names, or null.
types::Func* Named(syntax::Node* node) {
  if (auto* selector = syntax::As<syntax::SelectorExpr>(node))
    return Declared(selector->selection != nullptr ? selector->selection->object : selector->sel->object);
  auto* name = syntax::As<syntax::Name>(node);
  return name != nullptr ? Declared(name->object) : nullptr;
}

// Collects what one tree uses, and what its syntax says against inlining it.
class UseCollector {
 public:
  void Walk(syntax::Node* node) {
    if (node == nullptr) return;
    Count(node);
    if (auto* call = syntax::As<syntax::CallExpr>(node)) {
      syntax::Node* callee = call->fun;
      while (auto* paren = syntax::As<syntax::ParenExpr>(callee)) callee = paren->x;
      Add(Named(callee), true);
    }
    Add(Named(node), false);
    bool literal = syntax::As<syntax::FuncLit>(node) != nullptr;
    literals_ += literal ? 1 : 0;
    syntax::ForEachChild(node, [&](syntax::Node* child) { Walk(child); });
    literals_ -= literal ? 1 : 0;
  }

  std::vector<types::Func*> TakeFuncs() { return std::move(funcs_); }
  bool may_be_inlined() const { return may_be_inlined_ && statements_ <= kMaxStatements; }

 private:
  void Count(syntax::Node* node) {
    if (literals_ > 0 || !syntax::IsStmt(node->kind)) return;  // a closure's body has a price of its own
    ++statements_;
    if (auto* call = syntax::As<syntax::CallStmt>(node)) may_be_inlined_ &= call->tok == syntax::Token::kNone;
    if (syntax::As<syntax::SelectStmt>(node) != nullptr) may_be_inlined_ = false;
    if (syntax::As<syntax::BlockStmt>(node) != nullptr || syntax::As<syntax::EmptyStmt>(node) != nullptr)
      --statements_;
  }

  void Add(types::Func* func, bool called) {
    if (func == nullptr || (!called && !IsGeneric(func))) return;
    if (seen_.insert(func).second) funcs_.push_back(func);
  }

  std::vector<types::Func*> funcs_;
  std::unordered_set<const types::Func*> seen_;
  int statements_ = 0, literals_ = 0;
  bool may_be_inlined_ = true;
};

}  // namespace

const KnownBodies::Uses& KnownBodies::UsesOf(types::Func* func) {
  auto [entry, added] = uses_.try_emplace(func);
  if (!added) return entry->second;
  UseCollector collector;
  syntax::BlockStmt* body = nullptr;
  if (!func->pkg->is_library || checker_.CheckBody(func)) body = func->decl->fdecl->body;
  collector.Walk(body);
  Uses& uses = uses_[func];
  uses = {collector.TakeFuncs(), body != nullptr && collector.may_be_inlined()};
  return uses;
}

const KnownBodies::Uses& KnownBodies::UsesIn(const Compiled& compiled, types::Func* func) {
  return func == nullptr ? compiled.initialisers : UsesOf(func);
}

KnownBodies::Compiled& KnownBodies::CompiledOf(types::Package* package) {
  auto [entry, added] = compiled_.try_emplace(package);
  Compiled& compiled = entry->second;
  if (!added || package->path == "unsafe") return compiled;
  UseCollector initialisers;
  std::vector<types::Func*> work;
  for (types::Object* object : package->objects) {
    if (types::Func* func = Declared(object)) {
      work.push_back(func);
    } else if (object->decl != nullptr && types::As<types::Var>(object) != nullptr) {
      checker_.Resolve(object);
      initialisers.Walk(object->decl->init);
    }
  }
  compiled.initialisers.funcs = initialisers.TakeFuncs();
  work.push_back(nullptr);
  while (!work.empty()) {
    types::Func* caller = work.back();
    work.pop_back();
    for (types::Func* callee : UsesIn(compiled, caller).funcs) {
      auto [callers, first] = compiled.callers.try_emplace(callee);
      callers->second.push_back(caller);
      if (!first || callee->pkg == package) continue;
      if (IsGeneric(callee) || UsesOf(callee).may_be_inlined) work.push_back(callee);
    }
  }
  return compiled;
}

bool KnownBodies::IsInlined(types::Package* package, types::Func* func, const Inlinable& inlinable) {
  Compiled& compiled = CompiledOf(package);
  if (auto known = compiled.inlined.find(func); known != compiled.inlined.end()) return known->second;
  auto is_own = [package](const types::Func* f) {
    return f == nullptr || (f->pkg == package && !IsGeneric(f));
  };
  // What leads to `func`, back to functions that are compiled in any case.
  std::vector<types::Func*> leading{func}, work;
  std::unordered_set<const types::Func*> leads{func};
  for (size_t i = 0; i < leading.size(); ++i) {
    if (is_own(leading[i])) {
      work.push_back(leading[i]);
      continue;
    }
    auto callers = compiled.callers.find(leading[i]);
    if (callers == compiled.callers.end()) continue;
    for (types::Func* caller : callers->second)
      if (leads.insert(caller).second) leading.push_back(caller);
  }
  // From those forth, as far as each step is inlined or an instance.
  std::unordered_set<const types::Func*> seen;
  while (!work.empty()) {
    types::Func* caller = work.back();
    work.pop_back();
    for (types::Func* callee : UsesIn(compiled, caller).funcs) {
      if (leads.count(callee) == 0 || is_own(callee) || !seen.insert(callee).second) continue;
      if (!IsGeneric(callee)) {
        bool inlined = (callee == func || inlinable(callee)) && Has(package, callee, inlinable);
        compiled.inlined[callee] = inlined;
        if (callee == func) return inlined;
        if (!inlined) continue;
      }
      work.push_back(callee);
    }
  }
  return compiled.inlined[func] = false;
}

bool KnownBodies::IsExported(types::Package* package, types::Func* func, const Inlinable& inlinable) {
  if (func->decl->fdecl->recv != nullptr || (func->pkg == package && func->exported())) return true;
  Compiled& compiled = CompiledOf(package);
  auto [answer, added] = compiled.exported.try_emplace(func, false);
  if (!added) return answer->second;
  auto callers = compiled.callers.find(func);
  if (callers == compiled.callers.end()) return false;
  // A body that is exported leads to all that it mentions.
  auto has_body = [&](types::Func* caller) {
    if (caller == nullptr) return false;
    bool generic = IsGeneric(caller);
    if (!generic && !UsesOf(caller).may_be_inlined) return false;
    if (!IsExported(package, caller, inlinable)) return false;
    return generic || (caller->pkg == package ? inlinable(caller) : IsInlined(package, caller, inlinable));
  };
  bool exported = std::any_of(callers->second.begin(), callers->second.end(), has_body);
  return compiled.exported[func] = exported;
}

bool KnownBodies::Carries(types::Package* package, types::Func* func, const Inlinable& inlinable) {
  const std::string* written = package->path == "unsafe" ? nullptr : summaries_.InlinedIn(package->path);
  if (written == nullptr) return IsInlined(package, func, inlinable) && IsExported(package, func, inlinable);
  auto [table, added] = tables_.try_emplace(package);
  if (added) table->second = Read(*written);
  auto functions = table->second.find(func->pkg->path);
  return functions != table->second.end() &&
         std::binary_search(functions->second.begin(), functions->second.end(), func->order);
}

bool KnownBodies::Has(const types::Package* compiled, types::Func* func, const Inlinable& inlinable) {
  if (compiled == nullptr || func == nullptr || func->pkg == nullptr || func->pkg == compiled) return true;
  auto imported = [&](const types::Package* package) { return package->path == func->pkg->path; };
  if (std::any_of(compiled->imports.begin(), compiled->imports.end(), imported)) return true;
  return std::any_of(compiled->imports.begin(), compiled->imports.end(),
                     [&](types::Package* package) { return Carries(package, func, inlinable); });
}

std::string KnownBodies::Write(types::Package* package, const Inlinable& inlinable) {
  std::set<std::pair<std::string_view, uint32_t>> sorted;
  std::vector<types::Func*> called;
  for (const auto& [func, callers] : CompiledOf(package).callers)
    if (func->pkg != package && !IsGeneric(func)) called.push_back(const_cast<types::Func*>(func));
  for (types::Func* func : called)
    if (inlinable(func) && Carries(package, func, inlinable)) sorted.insert({func->pkg->path, func->order});
  std::string text;
  std::string_view path;
  uint32_t last = 0;
  for (const auto& [of, order] : sorted) {
    if (of != path) {
      if (!path.empty()) text += "\n";
      text += of;
      last = 0;
    }
    text += " " + std::to_string(order - last);
    path = of;
    last = order;
  }
  return text.empty() ? text : text + "\n";
}

KnownBodies::Table KnownBodies::Read(std::string_view text) {
  Table table;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    const size_t space = std::min(line.find(' '), line.size());
    std::vector<uint32_t>& orders = table[line.substr(0, space)];
    const char* end = line.data() + line.size();
    uint32_t order = 0, more = 0;
    for (const char* at = line.data() + space; at != end && *at == ' ';) {
      at = std::from_chars(at + 1, end, more).ptr;
      orders.push_back(order += more);
    }
  }
  return table;
}

}  // namespace escapement::driver
