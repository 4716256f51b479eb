#include "engine/types/noder_checks.h"

#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "engine/syntax/walk.h"
#include "engine/types/builtins_internal.h"
#include "engine/types/errors.h"
#include "engine/types/printing.h"
#include "engine/types/sizes.h"
#include "engine/types/typeset.h"

namespace escapement::types {

namespace {

// Finds interfaces that reach themselves without passing a declared type: their type
// descriptors would have no end.
class InterfaceCycles {
 public:
  bool HasCycle(Interface* type) {
    for (Func* method : TypeSetOf(type)->methods)
      if (Visit(method->type)) return true;
    return false;
  }
  // Every cycle is reported once.
  void Forget() {
    for (auto& entry : cyclic_) entry.second = false;
  }

 private:
  bool Visit(Type* type) {
    type = Unalias(type);
    switch (type->kind) {
      case TypeKind::kPointer:
        return Visit(As<Pointer>(type)->base);
      case TypeKind::kArray:
        return Visit(As<Array>(type)->elem);
      case TypeKind::kSlice:
        return Visit(As<Slice>(type)->elem);
      case TypeKind::kChan:
        return Visit(As<Chan>(type)->elem);
      case TypeKind::kMap:
        return Visit(As<Map>(type)->key) || Visit(As<Map>(type)->elem);
      case TypeKind::kStruct:
        return VisitVars(As<Struct>(type)->fields);
      case TypeKind::kTuple:
        return VisitVars(As<Tuple>(type)->vars);
      case TypeKind::kSignature:
        return VisitVars(As<Signature>(type)->param_vars()) || VisitVars(As<Signature>(type)->result_vars());
      case TypeKind::kInterface: {
        Interface* interface = As<Interface>(type);
        if (interface->methods.empty() && interface->embeddeds.empty()) return false;
        auto [entry, is_new] = cyclic_.emplace(interface, true);
        if (!is_new) return entry->second;
        if (HasCycle(interface)) return true;
        cyclic_[interface] = false;
        return false;
      }
      case TypeKind::kBasic:
      case TypeKind::kNamed:
      case TypeKind::kAlias:
      case TypeKind::kTypeParam:
      case TypeKind::kUnion:
        return false;
    }
    return false;
  }
  bool VisitVars(std::span<Var* const> vars) {
    for (Var* v : vars)
      if (Visit(v->type)) return true;
    return false;
  }

  std::unordered_map<Interface*, bool> cyclic_;  // true while under way
};

void CheckInterfaces(Context& c, syntax::Node* node, InterfaceCycles& cycles) {
  if (syntax::InterfaceType* expr = syntax::As<syntax::InterfaceType>(node)) {
    Interface* type = expr->type != nullptr ? As<Interface>(Unalias(expr->type)) : nullptr;
    if (type != nullptr && cycles.HasCycle(type)) {
      Error(c, expr->pos,
            "invalid recursive type: anonymous interface refers to itself (see https://go.dev/issue/56103)");
      cycles.Forget();
    }
    return;
  }
  syntax::ForEachChild(node, [&](syntax::Node* child) { CheckInterfaces(c, child, cycles); });
}

// Sizes that gc's back end refuses. It measures a type when it reads it from the package's tree, and its
// errors stand at the name that was read last: of the declaration, or in a function of the latest local
// variable.
class TypeSizes {
 public:
  explicit TypeSizes(Context& c) : c_(c) {}

  void Visit(syntax::Node* node) {
    // What is constant has been computed, len and cap among it.
    if (syntax::As<syntax::ConstDecl>(node) != nullptr) return;
    if (auto* call = syntax::As<syntax::CallExpr>(node); call != nullptr && call->value.has_value()) return;
    if (auto* decl = syntax::As<syntax::TypeDecl>(node)) {
      if (in_function_) return;  // read with the first that has it
      at_ = decl->name->pos;
    }
    if (auto* decl = syntax::As<syntax::FuncDecl>(node)) {
      at_ = NameOf(decl);
      in_function_ = true;
    }
    if (auto* decl = syntax::As<syntax::VarDecl>(node)) {
      for (syntax::Name* name : decl->names) Declare(name);
      if (decl->values != nullptr) Visit(decl->values);
      return;
    }
    if (auto* name = syntax::As<syntax::Name>(node); name != nullptr && As<TypeName>(name->object) != nullptr)
      Measure(name->object->type);
    if (auto* assign = syntax::As<syntax::AssignStmt>(node);
        assign != nullptr && assign->op == syntax::Operator::kDef)
      DeclareList(assign->lhs);
    if (auto* range = syntax::As<syntax::RangeClause>(node); range != nullptr && range->def)
      DeclareList(range->lhs);
    if (auto* array = syntax::As<syntax::ArrayType>(node); array != nullptr && array->type != nullptr)
      Measure(array->type);
    if (auto* chan = syntax::As<syntax::ChanType>(node); chan != nullptr && chan->type != nullptr)
      Measure(chan->type);
    syntax::ForEachChild(node, [&](syntax::Node* child) { Visit(child); });
    if (syntax::As<syntax::FuncDecl>(node) != nullptr) in_function_ = false;
  }

 private:
  // A method is read with its type.
  diag::Pos NameOf(syntax::FuncDecl* decl) const {
    auto* func = As<Func>(decl->name->object);
    Var* recv = func != nullptr && decl->recv != nullptr ? func->signature()->recv : nullptr;
    if (recv == nullptr) return decl->name->pos;
    Type* base = Unalias(recv->type);
    if (auto* pointer = As<Pointer>(base)) base = Unalias(pointer->base);
    auto* named = As<Named>(base);
    return named != nullptr ? named->origin->object->pos : decl->name->pos;
  }
  void DeclareList(syntax::Expr* names) {
    for (syntax::Expr* e : syntax::UnpackListExpr(names))
      if (auto* name = syntax::As<syntax::Name>(e)) Declare(name);
  }
  void Declare(syntax::Name* name) {
    auto* var = As<Var>(name->object);
    if (var == nullptr || var->pos != name->pos) return;  // := may name an old variable
    if (in_function_ && name->text() == "_") return;
    at_ = name->pos;
    Measure(var->type);
  }
  void MeasureAll(std::span<Var* const> vars) {
    for (Var* v : vars) Measure(v->type);
  }
  // A type that the package declares has been measured at its own declaration.
  void Measure(Type* type) {
    type = type != nullptr ? Unalias(type) : nullptr;
    if (type == nullptr) return;
    if (auto* named = As<Named>(type)) {
      TypeName* object = named->origin->object;
      if (object->pkg == nullptr || object->parent == object->pkg->scope || !read_.insert(named).second)
        return;
      diag::Pos reader = std::exchange(at_, object->pos);
      Measure(named->rhs);
      at_ = reader;
    }
    constexpr int64_t kMaxElement = 1 << 16, kMaxWidth = int64_t{1} << 50;
    if (auto* chan = As<Chan>(type)) {
      int64_t size = HasVarSize(chan->elem) ? 0 : SizeOf(chan->elem);
      if (size < 0 || size >= kMaxElement) Refuse(chan, "channel element type too large (>64kB)");
      Measure(chan->elem);
    } else if (auto* array = As<Array>(type)) {
      int64_t size = HasVarSize(array->elem) ? 0 : SizeOf(array);
      if (size < 0 || size >= kMaxWidth) Refuse(array, "type ", array, " larger than address space");
      Measure(array->elem);
    } else if (auto* pointer = As<Pointer>(type)) {
      Measure(pointer->base);
    } else if (auto* slice = As<Slice>(type)) {
      Measure(slice->elem);
    } else if (auto* map = As<Map>(type)) {
      Measure(map->key), Measure(map->elem);
    } else if (auto* fields = As<Struct>(type)) {
      MeasureAll(fields->fields);
    } else if (auto* signature = As<Signature>(type)) {
      MeasureAll(signature->param_vars()), MeasureAll(signature->result_vars());
    }
  }
  template <typename... Args>
  void Refuse(Type* type, const Args&... text) {
    std::string key = std::to_string(at_.file.index) + ":" + std::to_string(at_.line) + TypeString(type);
    if (said_.insert(std::move(key)).second) Error(c_, at_, text...);
  }

  Context& c_;
  diag::Pos at_;  // of the name that was read last
  bool in_function_ = false;
  std::unordered_set<Named*> read_;       // those of functions
  std::unordered_set<std::string> said_;  // gc says a thing once a line
};

// The directives of one file.
class Directives {
 public:
  Directives(Context& c, Package* pkg, std::unordered_set<std::string_view>& linked)
      : c_(c), pkg_(pkg), linked_(linked) {}

  void CheckFile(syntax::File* file) {
    CheckPragma(file->pragma, syntax::kPragmaGoBuild, false);
    for (syntax::Decl* decl : file->decls) Visit(decl, false);
    for (const syntax::Linkname& name : file->linknames) CheckLinkname(name);
  }

 private:
  void Visit(syntax::Node* node, bool within_func) {
    switch (node->kind) {
      case syntax::NodeKind::kImportDecl: {
        auto* d = syntax::To<syntax::ImportDecl>(node);
        CheckPragma(d->pragma, 0, false);
        if (d->path == nullptr) return;
        std::string_view path = d->path->text.substr(1, d->path->text.size() - 2);
        if (path == "embed") imports_embed_ = true;
        if (path == "unsafe") imports_unsafe_ = true;
        return;
      }
      case syntax::NodeKind::kConstDecl:
        CheckPragma(syntax::To<syntax::ConstDecl>(node)->pragma, 0, false);
        break;
      case syntax::NodeKind::kTypeDecl:
        CheckPragma(syntax::To<syntax::TypeDecl>(node)->pragma, 0, false);
        break;
      case syntax::NodeKind::kFuncDecl:
        CheckPragma(syntax::To<syntax::FuncDecl>(node)->pragma, syntax::kFuncPragmas, false);
        break;
      case syntax::NodeKind::kVarDecl: {
        auto* d = syntax::To<syntax::VarDecl>(node);
        CheckPragma(d->pragma, 0, true);
        if (d->pragma != nullptr && !d->pragma->embeds.empty()) CheckEmbed(d, within_func);
        break;
      }
      case syntax::NodeKind::kBlockStmt:
        within_func = true;
        break;
      default:
        break;
    }
    syntax::ForEachChild(node, [&](syntax::Node* child) { Visit(child, within_func); });
  }

  void CheckPragma(const syntax::Pragma* pragma, uint32_t allowed, bool embed_ok) {
    if (pragma == nullptr) return;
    for (const syntax::PragmaPos& p : pragma->positions)
      if ((p.flags & ~allowed) != 0) Error(c_, p.pos, "misplaced compiler directive");
    if (embed_ok) return;
    for (const syntax::EmbedDirective& e : pragma->embeds) Error(c_, e.pos, "misplaced go:embed directive");
  }

  void CheckEmbed(const syntax::VarDecl* d, bool within_func) {
    const char* mistake = nullptr;
    if (!imports_embed_) {
      mistake = "go:embed requires import \"embed\" (or import _ \"embed\", if package is not used)";
    } else if (d->names.size() > 1) {
      mistake = "go:embed cannot apply to multiple vars";
    } else if (d->values != nullptr) {
      mistake = "go:embed cannot apply to var with initializer";
    } else if (within_func) {
      mistake = "go:embed cannot apply to var inside func";
    }
    if (mistake != nullptr) Error(c_, d->pragma->embeds[0].pos, mistake);
  }

  void CheckLinkname(const syntax::Linkname& name) {
    auto error = [&](std::string_view text) { Error(c_, name.pos, text); };
    if (!imports_unsafe_) {
      error("//go:linkname only allowed in Go files that import \"unsafe\"");
    } else if (name.remote.find('[') != std::string_view::npos &&
               name.remote.find(']') != std::string_view::npos) {
      error("//go:linkname reference of an instantiation is not allowed");
    } else {
      Object* object = pkg_->scope->Lookup(c_.Intern(name.local));
      if (object == nullptr || (object->kind != ObjectKind::kFunc && object->kind != ObjectKind::kVar)) {
        if (c_.options.lang >= 18) error("//go:linkname must refer to declared function or variable");
      } else if (!linked_.insert(name.local).second) {
        error("duplicate //go:linkname for " + std::string(name.local));
      }
    }
  }

  Context& c_;
  Package* pkg_;
  std::unordered_set<std::string_view>& linked_;
  bool imports_embed_ = false, imports_unsafe_ = false;
};

// Directives against the function they stand before. Functions without body are written in
// assembly or linked to another's; a package of plain Go has neither.
void CheckFunction(Context& c, const Func* func, const std::unordered_set<std::string_view>& linked) {
  const syntax::FuncDecl* decl = func->decl->fdecl;
  if (decl->name->text() == "_") return;
  uint32_t flags = decl->pragma != nullptr ? decl->pragma->flags : 0;
  auto has = [&](uint32_t flag) { return (flags & flag) != 0; };
  if (has(syntax::kPragmaSystemstack) && has(syntax::kPragmaNosplit))
    Error(c, decl->pos, "go:nosplit and go:systemstack cannot be combined");
  if (decl->has_body) {
    if (has(syntax::kPragmaNoescape))
      Error(c, decl->pos, "can only use //go:noescape with external func implementations");
    if (has(syntax::kPragmaUintptrKeepAlive) && !has(syntax::kPragmaUintptrEscapes) &&
        !has(syntax::kPragmaNosplit))
      Error(c, decl->pos, "go:uintptrkeepalive requires go:nosplit");
    return;
  }
  bool linknamed = decl->recv == nullptr && linked.count(decl->name->text()) > 0;
  if ((!c.options.bodies_may_miss || decl->name->text() == "init") && !linknamed)
    Error(c, decl->pos, "missing function body");
}

}  // namespace

void NoderChecks(Context& c, Package* pkg) {
  InterfaceCycles cycles;
  for (syntax::File* file : pkg->files) CheckInterfaces(c, file, cycles);
  if (c.had_error) return;
  std::unordered_set<std::string_view> linked;
  for (syntax::File* file : pkg->files) Directives(c, pkg, linked).CheckFile(file);
  for (syntax::File* file : pkg->files) TypeSizes(c).Visit(file);
  for (Object* object : pkg->objects)
    if (const Func* func = As<Func>(object)) CheckFunction(c, func, linked);
}

std::string VersionHint(const Context& c, diag::Pos pos, const std::string& message) {
  // requires go[0-9]+\.[0-9]+ or later
  constexpr std::string_view kStart = "requires go", kEnd = " or later";
  size_t at = message.find(kStart);
  if (at == std::string::npos) return "";
  size_t end = message.find_first_not_of("0123456789.", at + kStart.size());
  if (end == std::string::npos || message.compare(end, kEnd.size(), kEnd) != 0) return "";
  if (c.env.pkg == nullptr) return "";
  for (const syntax::File* file : c.env.pkg->files) {
    if (file->file != pos.file) continue;
    // A file may go back to go1.21 at most: an older line is not what chose the version.
    std::string_view declared = file->go_version;
    bool old = declared.size() < 6 || (declared.size() == 6 && declared < "go1.21");
    if (!declared.empty() && !old) return " (file declares //go:build " + std::string(declared) + ")";
    return " (-lang was set to go1." + std::to_string(c.options.lang) + "; check go.mod)";
  }
  return "";
}

}  // namespace escapement::types
