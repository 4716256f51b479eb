// Resolver: collecting the declarations of a package, and the order in which a package
// that is checked whole resolves them.
#include <algorithm>

#include "engine/base/unicode.h"
#include "engine/types/const_group.h"
#include "engine/types/decl.h"
#include "engine/types/errors.h"
#include "engine/types/record.h"

namespace escapement::types {

using syntax::NodeKind;

ReceiverParts UnpackReceiver(Context& c, syntax::Expr* type, bool unpack_params) {
  ReceiverParts parts;
  parts.base = syntax::Unparen(type);
  if (auto* op = syntax::As<syntax::Operation>(parts.base);
      op != nullptr && op->op == syntax::Operator::kMul && op->y == nullptr) {
    parts.pointer = true;
    parts.base = syntax::Unparen(op->x);
  }
  auto* index = syntax::As<syntax::IndexExpr>(parts.base);
  if (index == nullptr) return parts;
  parts.base = index->x;
  if (!unpack_params) return parts;
  for (syntax::Expr* arg : syntax::UnpackListExpr(index->index)) {
    auto* name = syntax::As<syntax::Name>(arg);
    if (name == nullptr) {
      if (arg->kind != NodeKind::kBadExpr) {
        Error(c, arg, "receiver type parameter ", arg, " must be an identifier");
      }
      name = syntax::NewNode<syntax::Name>(c.arena, arg->pos);
      name->name = c.Intern("_");
    }
    parts.tparams.push_back(name);
  }
  return parts;
}

namespace {

// A method whose receiver's base type is not looked up yet.
struct PendingMethod {
  Func* func;
  bool pointer;
  syntax::Name* base;
};

bool IsUnicodeSpace(char32_t r) {
  return r == ' ' || (r >= 9 && r <= 13) || r == 0x85 || r == 0xA0 || r == 0x1680 ||
         (r >= 0x2000 && r <= 0x200a) || r == 0x2028 || r == 0x2029 || r == 0x202f || r == 0x205f ||
         r == 0x3000;
}

// The import path of a literal, or an error's text.
std::optional<std::string> ImportPath(std::string_view literal, std::string* error) {
  std::optional<std::string> path = base::UnquoteString(literal);
  if (!path) {
    *error = "invalid syntax";
    return std::nullopt;
  }
  if (path->empty()) {
    *error = "empty string";
    return std::nullopt;
  }
  constexpr std::string_view kIllegal = "!\"#$%&'()*,:;<=>?[\\]^{|}`";
  for (std::string_view rest = *path; !rest.empty();) {
    base::DecodedRune r = base::DecodeRune(rest);
    rest.remove_prefix(static_cast<size_t>(r.width));
    bool illegal = r.rune < 0x80 && kIllegal.find(static_cast<char>(r.rune)) != std::string_view::npos;
    if (!base::IsPrint(r.rune) || IsUnicodeSpace(r.rune) || r.rune == base::kRuneError || illegal) {
      *error = "invalid character " + base::FormatUnicode(r.rune);
      return std::nullopt;
    }
  }
  return path;
}

class Collector {
 public:
  Collector(Context& c, Package* pkg) : c_(c), pkg_(pkg) {}

  void File(syntax::File* file);
  void Finish();

 private:
  void Import(syntax::ImportDecl* s);
  void DotImport(syntax::ImportDecl* s, PkgName* name);
  void Consts(syntax::ConstDecl* s, const ConstGroup& group);
  void Vars(syntax::VarDecl* s);
  void Func(syntax::FuncDecl* s);
  void DeclareObject(syntax::Name* name, Object* object, DeclInfo* info);
  void AddObject(Object* object, DeclInfo* info) {
    object->decl = info;
    pkg_->objects.Push(c_.arena, object);
    object->order = static_cast<uint32_t>(pkg_->objects.size());
  }
  DeclInfo* NewInfo() {
    DeclInfo* info = c_.arena.New<DeclInfo>();
    info->file = file_scope_;
    info->version = c_.env.version;
    return info;
  }
  TypeName* ReceiverBase(const PendingMethod& method, bool* pointer);
  void FileAgainstPackage(Scope* scope);

  Context& c_;
  Package* pkg_;
  Scope* file_scope_ = nullptr;
  std::vector<Scope*> file_scopes_;
  std::vector<PendingMethod> methods_;
};

// Only functions may be called init, and main in package main.
void Collector::DeclareObject(syntax::Name* name, Object* object, DeclInfo* info) {
  if (name->text() == "init") {
    Error(c_, name, "cannot declare init - must be func");
    return;
  }
  if (name->text() == "main" && pkg_->name.text() == "main") {
    Error(c_, name, "cannot declare main - must be func");
    return;
  }
  Declare(c_, pkg_->scope, name, object, {});
  AddObject(object, info);
}

Package* FakePackage(Context& c, std::string_view path) {
  Package* pkg = c.arena.New<Package>();
  pkg->path = c.arena.Copy(path);
  while (!path.empty() && path.back() == '/') path.remove_suffix(1);
  size_t slash = path.rfind('/');
  if (slash != std::string_view::npos) path.remove_prefix(slash + 1);
  pkg->name = c.Intern(path);
  pkg->scope = NewScope(c.arena, c.universe.scope, {}, {});
  pkg->fake = true;
  return pkg;
}

void Collector::Import(syntax::ImportDecl* s) {
  if (s->path == nullptr || s->path->bad) return;  // reported by the parser
  std::string error;
  std::optional<std::string> path = ImportPath(s->path->text, &error);
  if (!path) {
    Error(c_, s->path, "invalid import path (", error, ")");
    return;
  }
  Package* imported = nullptr;
  if (*path == "unsafe") {
    imported = c_.universe.unsafe;
  } else {
    // The importer may collect other packages: this one's state is put aside.
    Environment saved = c_.env;
    types::Import result = c_.importer ? c_.importer(*path) : types::Import{};
    c_.env = saved;
    imported = result.package;
    if (imported == nullptr) {
      Error(c_, s->path->pos, "could not import ", *path, " (", result.error, ")");
      imported = FakePackage(c_, *path);
    }
  }
  base::Name name = imported->name;
  if (s->local_name != nullptr) name = s->local_name->name;
  if (name.text() == "init") {
    Error(c_, static_cast<const syntax::Node*>(s), "cannot import package as init - init must be a func");
    return;
  }
  bool known = std::find(pkg_->imports.begin(), pkg_->imports.end(), imported) != pkg_->imports.end();
  if (!known) pkg_->imports.Push(c_.arena, imported);

  PkgName* object = NewPkgName(c_, s->pos, pkg_, name, imported);
  if (s->local_name != nullptr) {
    RecordObject(s->local_name, object);
  } else {
    s->implicit_object = object;
  }
  if (imported->fake) object->used = true;
  if (!pkg_->is_library) c_.imports.push_back(object);
  if (name.text() == ".") {
    DotImport(s, object);
  } else {
    Declare(c_, file_scope_, nullptr, object, {});
  }
}

// The exported objects of the package are put into the file's scope.
void Collector::DotImport(syntax::ImportDecl* s, PkgName* name) {
  for (Object* object : name->imported->scope->objects) {
    if (!object->exported()) continue;
    if (Object* other = file_scope_->Insert(c_.arena, object)) {
      Report(c_)
          .Add(s->local_name, other->name.str() + " redeclared in this block")
          .AddAlternative(other)
          .Emit();
    } else {
      c_.dot_imports[{file_scope_, object->name.id()}] = name;
    }
  }
}

void Collector::Consts(syntax::ConstDecl* s, const ConstGroup& group) {
  auto values = group.values();
  for (size_t i = 0; i < s->names.size(); ++i) {
    syntax::Name* name = s->names[i];
    Const* object = NewConst(c_, name->pos, pkg_, name->name, nullptr, c_.constants.MakeInt64(group.iota));
    DeclInfo* info = NewInfo();
    info->vtype = group.type_expr();
    info->init = i < values.size() ? values[i] : nullptr;
    info->inherited = group.inherited;
    DeclareObject(name, object, info);
  }
  CheckArity(c_, s->pos, s->names, values, true, group.inherited);
}

void Collector::Vars(syntax::VarDecl* s) {
  std::vector<Var*> lhs;
  for (syntax::Name* name : s->names) {
    lhs.push_back(NewVar(c_, VarKind::kPackage, name->pos, pkg_, name->name, nullptr));
  }
  auto values = syntax::UnpackListExpr(s->values);
  // With one expression (or none) the variables share the declaration.
  DeclInfo* shared = nullptr;
  if (values.size() <= 1 && (s->values == nullptr || s->values->kind != NodeKind::kListExpr)) {
    shared = NewInfo();
    shared->lhs = c_.arena.Copy(lhs);
    shared->vtype = s->type_expr;
    shared->init = s->values;
  }
  for (size_t i = 0; i < lhs.size(); ++i) {
    DeclInfo* info = shared;
    if (info == nullptr) {
      info = NewInfo();
      info->vtype = s->type_expr;
      info->init = i < values.size() ? values[i] : nullptr;
    }
    DeclareObject(s->names[i], lhs[i], info);
  }
  // Without type or values the parser has complained.
  if (s->type_expr == nullptr || s->values != nullptr) {
    CheckArity(c_, s->pos, s->names, values, false, false);
  }
}

void Collector::Func(syntax::FuncDecl* s) {
  std::string_view text = s->name->text();
  types::Func* object = NewFunc(c_, s->name->pos, pkg_, s->name->name, nullptr);
  bool tparam_error = false;
  if (s->recv == nullptr) {
    if (text == "init" || (text == "main" && pkg_->name.text() == "main")) {
      if (!s->tparams.empty()) {
        SoftError(c_, At(static_cast<const syntax::Node*>(s->tparams[0])), "func ", text,
                  " must have no type parameters");
        tparam_error = true;
      }
      if (!s->type_expr->params.empty() || !s->type_expr->results.empty()) {
        SoftError(c_, s->name, "func ", text, " must have no arguments and no return values");
      }
    }
    if (text == "init") {
      // init functions are not declared: there may be several.
      object->parent = pkg_->scope;
      RecordObject(s->name, object);
      if (s->body == nullptr && !s->has_body) SoftError(c_, object->pos, "func init must have a body");
    } else {
      Declare(c_, pkg_->scope, s->name, object, {});
    }
  } else {
    // Methods go to their base type, which may not be declared yet.
    ReceiverParts parts = UnpackReceiver(c_, s->recv->type_expr, false);
    auto* base = syntax::As<syntax::Name>(parts.base);
    if (base != nullptr && text != "_") methods_.push_back({object, parts.pointer, base});
    RecordObject(s->name, object);
  }
  if (!s->tparams.empty() && !tparam_error)
    VerifyVersion(c_, At(static_cast<const syntax::Node*>(s->tparams[0])), 18, "type parameter");
  DeclInfo* info = NewInfo();
  info->fdecl = s;
  AddObject(object, info);
}

// The minor number of "go1.N", 0 for anything else.
uint16_t ParseVersion(std::string_view text) {
  constexpr std::string_view kPrefix = "go1.";
  if (text.substr(0, kPrefix.size()) != kPrefix) return 0;
  int minor = 0;
  for (char ch : text.substr(kPrefix.size())) {
    if (ch < '0' || ch > '9') break;
    minor = minor * 10 + (ch - '0');
    if (minor > 10000) break;
  }
  return static_cast<uint16_t>(minor);
}

void Collector::File(syntax::File* file) {
  // A file may ask for another language version, at least go1.21.
  uint16_t library = pkg_->language != 0 ? pkg_->language : kCurrentVersion;
  c_.env.version = pkg_->is_library ? library : c_.options.lang;
  if (uint16_t version = ParseVersion(file->go_version); version != 0) {
    c_.env.version = std::max<uint16_t>(version, 21);
    if (version > kCurrentVersion) {
      Error(c_, file->pkg_name, "file requires newer Go version ", file->go_version);
    }
  }
  file_scope_ = NewScope(c_.arena, pkg_->scope, syntax::StartPos(file), syntax::EndPos(file));
  file->scope = file_scope_;
  file_scopes_.push_back(file_scope_);
  ConstGroup group;
  for (size_t i = 0; i < file->decls.size(); ++i) {
    syntax::Decl* decl = file->decls[i];
    group.Next(file->decls, i);
    switch (decl->kind) {
      case NodeKind::kImportDecl:
        Import(syntax::To<syntax::ImportDecl>(decl));
        break;
      case NodeKind::kConstDecl:
        Consts(syntax::To<syntax::ConstDecl>(decl), group);
        break;
      case NodeKind::kVarDecl:
        Vars(syntax::To<syntax::VarDecl>(decl));
        break;
      case NodeKind::kTypeDecl: {
        auto* s = syntax::To<syntax::TypeDecl>(decl);
        DeclInfo* info = NewInfo();
        info->tdecl = s;
        DeclareObject(s->name, NewTypeName(c_, s->name->pos, pkg_, s->name->name, nullptr), info);
        break;
      }
      case NodeKind::kFuncDecl:
        Func(syntax::To<syntax::FuncDecl>(decl));
        break;
      default:
        Error(c_, static_cast<const syntax::Node*>(decl), "invalid syntax tree: unknown declaration");
    }
  }
}

// A name may not be declared in both the file and the package scope.
void Collector::FileAgainstPackage(Scope* scope) {
  for (Object* object : scope->objects) {
    Object* other = pkg_->scope->Lookup(object->name);
    if (other == nullptr) continue;
    Report report(c_);
    if (auto* import = As<PkgName>(object)) {
      report.Add(other, other->name.str() + " already declared through import of package " +
                            import->imported->name.str() + " (" + base::Quote(import->imported->path) + ")");
      report.AddAlternative(import);
    } else {
      report.Add(other, other->name.str() + " already declared through dot-import of package " +
                            object->pkg->name.str() + " (" + base::Quote(object->pkg->path) + ")");
      report.AddAlternative(object);
    }
    report.Emit();
  }
}

// The type a method belongs to: aliases are followed by name, for types do not exist yet.
TypeName* Collector::ReceiverBase(const PendingMethod& method, bool* pointer) {
  *pointer = method.pointer;
  std::vector<TypeName*> seen;
  syntax::Name* name = method.base;
  while (name != nullptr) {
    auto* object = As<TypeName>(pkg_->scope->Lookup(name->name));
    if (object == nullptr || std::find(seen.begin(), seen.end(), object) != seen.end()) return nullptr;
    if (object->decl == nullptr) return nullptr;
    syntax::TypeDecl* decl = object->decl->tdecl;
    if (!decl->alias) return object;
    // Methods cannot be declared on generic aliases.
    if (!decl->tparams.empty()) return nullptr;
    seen.push_back(object);
    syntax::Expr* rhs = syntax::Unparen(decl->type_expr);
    if (auto* op = syntax::As<syntax::Operation>(rhs);
        op != nullptr && op->op == syntax::Operator::kMul && op->y == nullptr) {
      if (*pointer) return nullptr;  // **T
      *pointer = true;
      rhs = syntax::Unparen(op->x);
    }
    name = syntax::As<syntax::Name>(rhs);
  }
  return nullptr;
}

void Collector::Finish() {
  if (!pkg_->is_library) {
    for (Scope* scope : file_scopes_) FileAgainstPackage(scope);
  }
  for (const PendingMethod& method : methods_) {
    bool pointer = false;
    if (TypeName* base = ReceiverBase(method, &pointer)) {
      method.func->has_ptr_recv = pointer;
      c_.methods[base].push_back(method.func);
    }
  }
}

}  // namespace

void CollectObjects(Context& c, Package* pkg, std::span<syntax::File*> files) {
  Environment saved = c.env;
  c.env = Environment{};
  c.env.pkg = pkg;
  std::vector<syntax::File*> kept;
  for (syntax::File* file : files) {
    base::Name name = file->pkg_name->name;
    if (pkg->name.empty()) {
      if (name.text() == "_") {
        Error(c, file->pkg_name, "invalid package name _");
      } else {
        pkg->name = name;
      }
    } else if (name != pkg->name) {
      Error(c, static_cast<const syntax::Node*>(file), "package ", name, "; expected package ", pkg->name);
      continue;
    }
    kept.push_back(file);
  }
  pkg->files = c.arena.Copy(kept);
  Collector collector(c, pkg);
  for (syntax::File* file : pkg->files) collector.File(file);
  collector.Finish();
  c.env = saved;
}

void PackageObjects(Context& c, Package* pkg) {
  // Types that are broken by a direct cycle take their methods first.
  for (Object* object : pkg->objects) {
    if (auto* name = As<TypeName>(object); name != nullptr && name->type != nullptr) CollectMethods(c, name);
  }
  // Types first, then aliases, then the rest: an alias of a type that is under way is complete then.
  std::vector<Object*> aliases, others;
  for (Object* object : pkg->objects) {
    if (object->kind != ObjectKind::kTypeName) {
      others.push_back(object);
    } else if (object->decl->tdecl->alias) {
      aliases.push_back(object);
    } else {
      ObjDecl(c, object);
    }
  }
  for (Object* object : aliases) ObjDecl(c, object);
  for (Object* object : others) ObjDecl(c, object);
}

void UnusedImports(Context& c) {
  for (PkgName* import : c.imports) {
    if (import->used || import->name.text() == "_") continue;
    std::string_view path = import->imported->path, last = path;
    size_t slash = path.rfind('/');
    if (slash != std::string_view::npos) last = path.substr(slash + 1);
    std::string_view name = import->name.text();
    if (name.empty() || name == "." || name == last) {
      SoftError(c, import, base::Quote(path), " imported and not used");
    } else {
      SoftError(c, import, base::Quote(path), " imported as ", name, " and not used");
    }
  }
}

}  // namespace escapement::types
