#include "engine/vet/wrappers.h"

#include <algorithm>

#include "engine/syntax/walk.h"
#include "engine/types/context.h"
#include "engine/types/lookup.h"
#include "engine/types/printing.h"
#include "engine/types/typeset.h"

namespace escapement::vet {

using namespace types;

namespace {

// Whether a function is known to be print-like without looking into it.
bool IsKnown(std::string_view name) {
  if (name == "fmt.Errorf" || name == "runtime/trace.Logf") return true;
  constexpr std::string_view kThreeForms[] = {
      "fmt.Append", "fmt.Fprint", "fmt.Print",           "fmt.Sprint",          "log.Print",
      "log.Fatal",  "log.Panic",  "(*log.Logger).Print", "(*log.Logger).Fatal", "(*log.Logger).Panic"};
  constexpr std::string_view kTwoForms[] = {
      "(*testing.common).Error", "(*testing.common).Fatal", "(*testing.common).Log", "(*testing.common).Skip",
      "(testing.TB).Error",      "(testing.TB).Fatal",      "(testing.TB).Log",      "(testing.TB).Skip"};
  auto form_of = [name](std::string_view base) {
    if (!name.starts_with(base)) return 0;
    const std::string_view form = name.substr(base.size());
    return form.empty() || form == "f" ? 2 : form == "ln" ? 3 : 0;
  };
  return std::any_of(std::begin(kThreeForms), std::end(kThreeForms),
                     [&](auto b) { return form_of(b) > 0; }) ||
         std::any_of(std::begin(kTwoForms), std::end(kTwoForms), [&](auto b) { return form_of(b) == 2; });
}

// The parameters `format string` and `args ...any` at the end of a signature; no args: it has another form.
struct PrintParams {
  const Var* format = nullptr;
  const Var* args = nullptr;
};

PrintParams PrintParamsOf(const Signature* sig) {
  if (sig == nullptr || !sig->variadic) return {};
  const std::span<Var* const> params = sig->param_vars();
  const auto* slice = As<Slice>(params.back()->type);
  auto* elem = slice != nullptr ? As<Interface>(Unalias(slice->elem)) : nullptr;
  if (elem == nullptr || !TypeSetOf(elem)->IsAll()) return {};
  PrintParams out{.args = params.back()};
  if (params.size() > 1 && params[params.size() - 2]->type == Typ(BasicKind::kString))
    out.format = params[params.size() - 2];
  return out;
}

bool Denotes(const syntax::Expr* x, const Var* var) {
  const auto* name = syntax::As<syntax::Name>(static_cast<const syntax::Node*>(x));
  return var != nullptr && name != nullptr && name->object == var;
}

const Object* Origin(const Object* object) {
  if (const auto* func = As<Func>(object); func != nullptr && func->origin != nullptr) return func->origin;
  if (const auto* var = As<Var>(object); var != nullptr && var->origin != nullptr) return var->origin;
  return object;
}

Object* ObjectOf(syntax::Expr* x) {
  if (auto* name = syntax::As<syntax::Name>(static_cast<syntax::Node*>(x))) return name->object;
  if (auto* sel = syntax::As<syntax::SelectorExpr>(static_cast<syntax::Node*>(x))) return sel->sel->object;
  return nullptr;
}

bool IsType(syntax::Expr* x) {
  return syntax::UnpackListExpr(x)[0]->mode == Mode::kTypeExpr;
}

}  // namespace

Object* Callee(const syntax::CallExpr* call) {
  syntax::Expr* fun = syntax::Unparen(call->fun);
  if (auto* index = syntax::As<syntax::IndexExpr>(static_cast<syntax::Node*>(fun));
      index != nullptr && IsType(index->index))
    fun = syntax::Unparen(index->x);
  Object* object = ObjectOf(fun);
  return As<TypeName>(object) == nullptr ? object : nullptr;
}

std::string FullName(const Object* callee) {
  const auto* func = As<Func>(callee);
  return func != nullptr ? FuncName(func) : std::string(callee->name.text());
}

Wrappers::Wrappers(Checker& checker, Package* package, std::vector<diag::Diagnostic>& out)
    : checker_(checker), package_(package), out_(out) {
  for (syntax::File* file : package->files) {
    // Interfaces have been looked at since go1.26.
    Collect(file, FileVersion(package, file) >= 26);
  }
  const size_t own = candidates_.size();
  scanned_ = own;
  for (size_t i = 0; i < own; ++i) Scan(&candidates_[i]);
}

// Adds the candidates at and below `node`, in the source's order.
void Wrappers::Collect(syntax::Node* node, bool interfaces) {
  if (auto* decl = syntax::As<syntax::FuncDecl>(node); decl != nullptr && decl->body != nullptr) {
    if (auto* func = As<Func>(decl->name->object)) Add(func, func->signature(), decl->body);
  } else if (auto* vars = syntax::As<syntax::VarDecl>(node)) {
    std::vector<syntax::Expr*> names(vars->names.begin(), vars->names.end());
    AddLiterals(names, syntax::UnpackListExpr(vars->values));
  } else if (auto* assign = syntax::As<syntax::AssignStmt>(node);
             assign != nullptr && assign->rhs != nullptr) {
    AddLiterals(syntax::UnpackListExpr(assign->lhs), syntax::UnpackListExpr(assign->rhs));
  } else if (auto* type = syntax::As<syntax::InterfaceType>(node); type != nullptr && interfaces) {
    if (auto* interface = As<Interface>(type->type))
      for (Func* method : TypeSetOf(interface)->methods) Add(method, method->signature(), nullptr);
  }
  syntax::ForEachChild(node, [&](syntax::Node* child) { Collect(child, interfaces); });
}

// Function literals that are assigned to something with a name.
void Wrappers::AddLiterals(std::span<syntax::Expr* const> targets, std::span<syntax::Expr* const> values) {
  for (size_t i = 0; i < std::min(targets.size(), values.size()); ++i) {
    auto* literal = syntax::As<syntax::FuncLit>(static_cast<syntax::Node*>(values[i]));
    auto* var = As<Var>(ObjectOf(targets[i]));
    if (literal != nullptr && var != nullptr) Add(var, As<Signature>(literal->type), literal->body);
  }
}

// A candidate, if the signature has the form of one.
Wrappers::Candidate* Wrappers::Add(Object* object, const Signature* sig, syntax::BlockStmt* body) {
  const PrintParams params = PrintParamsOf(sig);
  if (params.args == nullptr) return nullptr;
  candidates_.push_back({.object = object,
                         .body = body,
                         .format = params.format,
                         .args = params.args,
                         .own = object->pkg == package_});
  return by_object_[object] = &candidates_.back();
}

// A function of another package, which is scanned later.
Wrappers::Candidate* Wrappers::AddForeign(Object* callee) {
  auto* func = As<Func>(callee);
  if (func == nullptr || func->pkg == package_ || func->decl == nullptr) return nullptr;
  if (PrintParamsOf(func->signature()).args == nullptr || !checker_.CheckBody(func)) return nullptr;
  return Add(func, func->signature(), func->decl->fdecl->body);
}

Wrappers::Candidate* Wrappers::Find(Object* callee) {
  auto it = by_object_.find(callee);
  return it != by_object_.end() ? it->second : nullptr;
}

// What is known of it by now.
PrintKind Wrappers::Known(Object* callee) const {
  for (const Object* object : {static_cast<const Object*>(callee), Origin(callee)})
    if (auto it = kinds_.find(object); it != kinds_.end()) return it->second;
  const std::string name = FullName(callee);
  if (!IsKnown(name)) return PrintKind::kNone;
  if (name == "fmt.Errorf") return PrintKind::kErrorf;
  return name.back() == 'f' ? PrintKind::kPrintf : PrintKind::kPrint;
}

PrintKind Wrappers::KindOf(Object* callee) {
  const PrintKind known = Known(callee);
  auto* origin = const_cast<Object*>(Origin(callee));
  if (known != PrintKind::kNone || Find(origin) != nullptr || AddForeign(origin) == nullptr) return known;
  while (scanned_ < candidates_.size()) Scan(&candidates_[scanned_++]);
  return Known(callee);
}

void Wrappers::Scan(Candidate* w) {
  if (w->body != nullptr) {
    ScanNode(w, w->body);
  } else {
    ScanImplementations(w);
  }
}

void Wrappers::ScanImplementations(Candidate* w) {
  if (!w->own) return;
  for (auto [interface, type] : checker_.context().implementations) {
    const std::span<Func* const> methods = TypeSetOf(Under<Interface>(interface))->methods;
    if (std::find(methods.begin(), methods.end(), w->object) == methods.end()) continue;
    if (Object* method = LookupFieldOrMethod(type, false, package_, w->object->name).object)
      Forward(w, method, nullptr);
  }
}

// Looks for calls that hand the arguments on. False: behind here they are no longer what the caller gave.
bool Wrappers::ScanNode(Candidate* w, syntax::Node* node) {
  if (auto* assign = syntax::As<syntax::AssignStmt>(node); assign != nullptr && assign->rhs != nullptr) {
    for (const syntax::Expr* lhs : syntax::UnpackListExpr(assign->lhs))
      if (Denotes(lhs, w->format) || Denotes(lhs, w->args)) return false;
  } else if (auto* op = syntax::As<syntax::Operation>(node); op != nullptr && op->y == nullptr) {
    if (op->op == syntax::Operator::kAnd && (Denotes(op->x, w->format) || Denotes(op->x, w->args)))
      return false;
  } else if (auto* call = syntax::As<syntax::CallExpr>(node)) {
    if (!call->args.empty() && Denotes(call->args.back(), w->args))
      if (Object* callee = Callee(call)) Forward(w, callee, call);
  }
  bool going = true;
  syntax::ForEachChild(node, [&](syntax::Node* child) { going = going && ScanNode(w, child); });
  return going;
}

void Wrappers::Forward(Candidate* w, Object* callee, const syntax::CallExpr* call) {
  Candidate* next = Find(callee);
  if (next == nullptr && !w->own) next = AddForeign(callee);
  if (next != nullptr) next->callers.push_back({w, call});
  const PrintKind kind = w->own ? KindOf(callee) : Known(callee);
  if (kind != PrintKind::kNone) Propagate({w, call}, kind);
}

// Makes a function one of a kind, and with it those that hand their arguments on to it.
void Wrappers::Propagate(Caller from, PrintKind kind) {
  std::vector<Caller> todo{from};
  while (!todo.empty()) {
    const Caller next = todo.back();
    todo.pop_back();
    if (next.call != nullptr && !ForwardsWell(next, kind)) continue;
    PrintKind& known = kinds_[next.by->object];
    if (known == kind) continue;
    known = kind;
    todo.insert(todo.end(), next.by->callers.rbegin(), next.by->callers.rend());
  }
}

// Whether the format and all arguments are handed on as they came.
bool Wrappers::ForwardsWell(const Caller& from, PrintKind kind) {
  const std::span<syntax::Expr* const> args = from.call->args;
  if (kind != PrintKind::kPrint && (args.size() < 2 || !Denotes(args[args.size() - 2], from.by->format)))
    return false;
  if (from.call->has_dots) return true;
  const auto* sig = As<Signature>(from.call->fun->type);
  // With more arguments than parameters, dots would not compile.
  if (sig == nullptr || args.size() > sig->param_vars().size() || !from.by->own) return false;
  constexpr const char* kNames[] = {"", "print", "printf", "errorf"};
  out_.push_back(
      {syntax::StartPos(from.call), diag::Severity::kWarning, false,
       std::string("missing ... in args forwarded to ") + kNames[static_cast<int>(kind)] + "-like function"});
  return false;
}

}  // namespace escapement::vet
