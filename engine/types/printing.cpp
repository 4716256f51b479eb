#include "engine/types/printing.h"

#include <algorithm>

#include "engine/base/unicode.h"
#include "engine/types/context.h"
#include "engine/types/predicates.h"
#include "engine/types/typeset.h"

namespace escapement::types {

namespace {

// Writes types as types2's typeWriter does.
class TypeWriter {
 public:
  TypeWriter(std::string& out, const Qualifier& qualifier, const diag::FileSet* files,
             SignatureStyle style = {})
      : out_(out), qualifier_(qualifier), files_(files), style_(style) {}

  void Write(Type* type);
  void WriteSignature(const Signature* sig);
  void WriteTypeParams(std::span<TypeParam* const> list);
  void WriteTypeName(const TypeName* name) {
    WritePackage(name->pkg);
    out_ += name->name.text();
  }
  void WritePackage(const Package* pkg) {
    if (pkg == nullptr) return;
    std::string prefix = qualifier_ ? qualifier_(pkg) : std::string(pkg->path);
    if (prefix.empty()) return;
    out_ += prefix;
    out_ += '.';
  }

 private:
  void WriteStruct(const Struct* type);
  void WriteInterface(Interface* type);
  void WriteChan(const Chan* type);
  void WriteTuple(const Tuple* tuple, bool variadic);
  void WriteTypeArgs(TypeList list);
  void WriteTypeParam(TypeParam* type);

  std::string& out_;
  const Qualifier& qualifier_;
  const diag::FileSet* files_;
  SignatureStyle style_;
  std::vector<Type*> seen_;
};

std::string_view GoTypeName(const Type* type) {
  switch (type->kind) {
    case TypeKind::kBasic:
      return "*Basic";
    case TypeKind::kNamed:
      return "*Named";
    case TypeKind::kAlias:
      return "*Alias";
    case TypeKind::kPointer:
      return "*Pointer";
    case TypeKind::kSlice:
      return "*Slice";
    case TypeKind::kArray:
      return "*Array";
    case TypeKind::kMap:
      return "*Map";
    case TypeKind::kChan:
      return "*Chan";
    case TypeKind::kStruct:
      return "*Struct";
    case TypeKind::kTuple:
      return "*Tuple";
    case TypeKind::kSignature:
      return "*Signature";
    case TypeKind::kInterface:
      return "*Interface";
    case TypeKind::kTypeParam:
      return "*TypeParam";
    case TypeKind::kUnion:
      return "*Union";
  }
  return "";
}

void TypeWriter::Write(Type* type) {
  if (type == nullptr) {
    out_ += "<nil>";
    return;
  }
  if (std::find(seen_.begin(), seen_.end(), type) != seen_.end()) {
    out_ += "<cycle to ";
    out_ += GoTypeName(type);
    out_ += '>';
    return;
  }
  seen_.push_back(type);
  switch (type->kind) {
    case TypeKind::kBasic: {
      auto* basic = As<Basic>(type);
      if (basic->basic == BasicKind::kUnsafePointer) out_ += "unsafe.";
      out_ += basic->name;
      break;
    }
    case TypeKind::kArray:
      out_ += '[';
      out_ += std::to_string(As<Array>(type)->length);
      out_ += ']';
      Write(As<Array>(type)->elem);
      break;
    case TypeKind::kSlice:
      out_ += "[]";
      Write(As<Slice>(type)->elem);
      break;
    case TypeKind::kStruct:
      WriteStruct(As<Struct>(type));
      break;
    case TypeKind::kPointer:
      out_ += '*';
      Write(As<Pointer>(type)->base);
      break;
    case TypeKind::kTuple:
      WriteTuple(As<Tuple>(type), false);
      break;
    case TypeKind::kSignature:
      out_ += "func";
      WriteSignature(As<Signature>(type));
      break;
    case TypeKind::kUnion: {
      bool first = true;
      for (const Term& term : As<Union>(type)->terms) {
        if (!first) out_ += " | ";
        first = false;
        if (term.tilde) out_ += '~';
        Write(term.type);
      }
      break;
    }
    case TypeKind::kInterface:
      WriteInterface(As<Interface>(type));
      break;
    case TypeKind::kMap:
      out_ += "map[";
      Write(As<Map>(type)->key);
      out_ += ']';
      Write(As<Map>(type)->elem);
      break;
    case TypeKind::kChan:
      WriteChan(As<Chan>(type));
      break;
    case TypeKind::kNamed: {
      auto* named = As<Named>(type);
      WriteTypeName(named->object);
      if (named->is_instance()) {
        WriteTypeArgs(named->targs);
      } else if (!named->tparams.empty()) {
        WriteTypeParams(named->tparams);
      }
      break;
    }
    case TypeKind::kTypeParam:
      WriteTypeParam(As<TypeParam>(type));
      break;
    case TypeKind::kAlias: {
      auto* alias = As<Alias>(type);
      WriteTypeName(alias->object);
      if (!alias->targs.empty()) {
        WriteTypeArgs(alias->targs);
      } else if (!alias->tparams.empty()) {
        WriteTypeParams(alias->tparams);
      }
      break;
    }
  }
  seen_.pop_back();
}

void TypeWriter::WriteStruct(const Struct* type) {
  out_ += "struct{";
  for (size_t i = 0; i < type->fields.size(); ++i) {
    Var* field = type->fields[i];
    if (i > 0) out_ += "; ";
    bool annotate = !qualifier_ && style_.package_info && !field->exported();
    if (annotate) style_.package_info = false;  // only once
    if (!field->embedded) {
      out_ += field->name.text();
      out_ += ' ';
    }
    Write(field->type);
    if (annotate) {
      out_ += " /* package ";
      out_ += field->pkg->path;
      out_ += " */ ";
    }
    if (std::string_view tag = type->Tag(i); !tag.empty()) {
      out_ += ' ';
      out_ += base::Quote(tag);
    }
  }
  out_ += '}';
}

void TypeWriter::WriteInterface(Interface* type) {
  if (Context* c = type->context) {
    if (type == c->universe.any->rhs) {
      out_ += "any";
      return;
    }
    if (type == static_cast<Named*>(c->universe.comparable->type)->underlying) {
      out_ += "interface{comparable}";
      return;
    }
  }
  if (type->implicit) {
    if (type->methods.empty() && type->embeddeds.size() == 1) {
      Write(type->embeddeds[0]);
      return;
    }
    out_ += "/* implicit */ ";
  }
  out_ += "interface{";
  bool first = true;
  for (Func* method : type->methods) {
    if (!first) out_ += "; ";
    first = false;
    out_ += method->name.text();
    WriteSignature(method->signature());
  }
  for (Type* embedded : type->embeddeds) {
    if (!first) out_ += "; ";
    first = false;
    Write(embedded);
  }
  out_ += '}';
}

void TypeWriter::WriteChan(const Chan* type) {
  bool parens = false;
  switch (type->dir) {
    case ChanDir::kSendRecv: {
      out_ += "chan ";
      auto* elem = As<Chan>(type->elem);
      parens = elem != nullptr && elem->dir == ChanDir::kRecvOnly;  // chan (<-chan T)
      break;
    }
    case ChanDir::kSendOnly:
      out_ += "chan<- ";
      break;
    case ChanDir::kRecvOnly:
      out_ += "<-chan ";
      break;
  }
  if (parens) out_ += '(';
  Write(type->elem);
  if (parens) out_ += ')';
}

void TypeWriter::WriteTypeParam(TypeParam* type) {
  std::string_view name = type->object->name.text();
  out_ += name;
  // A type parameter called like a predeclared type would mislead.
  if (type->context->universe.scope->Lookup(type->object->name) != nullptr) {
    out_ += " /* with ";
    out_ += name;
    out_ += " declared at ";
    out_ += PositionText(type->context->files, type->object->pos);
    out_ += " */";
  }
}

void TypeWriter::WriteTypeArgs(TypeList list) {
  out_ += '[';
  for (size_t i = 0; i < list.size(); ++i) {
    if (i > 0) out_ += ", ";  // with a blank: types2 writes one after each comma
    Write(list[i]);
  }
  out_ += ']';
}

void TypeWriter::WriteTypeParams(std::span<TypeParam* const> list) {
  out_ += '[';
  Type* previous = nullptr;
  for (size_t i = 0; i < list.size(); ++i) {
    if (i > 0) {
      if (list[i]->bound != previous) {  // the bound ends a group of parameters
        out_ += ' ';
        Write(previous);
      }
      out_ += ", ";
    }
    previous = list[i]->bound;
    Write(list[i]);
  }
  if (previous != nullptr) {
    out_ += ' ';
    Write(previous);
  }
  out_ += ']';
}

void TypeWriter::WriteTuple(const Tuple* tuple, bool variadic) {
  out_ += '(';
  if (tuple != nullptr) {
    for (size_t i = 0; i < tuple->vars.size(); ++i) {
      Var* var = tuple->vars[i];
      if (i > 0) out_ += ", ";
      if (!var->name.empty() && style_.names) {
        out_ += var->name.text();
        out_ += ' ';
      }
      if (variadic && i + 1 == tuple->vars.size()) {
        if (auto* slice = As<Slice>(var->type)) {
          out_ += "...";
          Write(slice->elem);
        } else {  // append([]byte, "foo"...)
          Write(var->type);
          out_ += "...";
        }
      } else {
        Write(var->type);
      }
    }
  }
  out_ += ')';
}

void TypeWriter::WriteSignature(const Signature* sig) {
  if (!sig->tparams.empty()) WriteTypeParams(sig->tparams);
  WriteTuple(sig->params, sig->variadic);
  std::span<Var*> results = sig->result_vars();
  if (results.empty()) return;
  out_ += ' ';
  if (results.size() == 1 && results[0]->name.empty()) {
    Write(results[0]->type);
    return;
  }
  WriteTuple(sig->results, false);
}

void WriteFuncName(std::string& out, const Func* func, const Qualifier& qualifier) {
  TypeWriter writer(out, qualifier, nullptr);
  if (func->type != nullptr) {
    if (Var* recv = func->signature()->recv) {
      out += '(';
      if (As<Interface>(recv->type) != nullptr) {
        out += "interface";  // an anonymous one is hardly readable
      } else {
        writer.Write(recv->type);
      }
      out += ").";
    } else if (func->pkg != nullptr) {
      writer.WritePackage(func->pkg);
    }
  }
  out += func->name.text();
}

// A type's declaration: "type T[P any] struct{…}".
void WriteTypeDecl(std::string& out, const TypeName* name, const Qualifier& qualifier) {
  TypeWriter writer(out, qualifier, nullptr);
  Type* type = name->type;
  if (As<Basic>(type) != nullptr) return;
  if (auto* named = As<Named>(type); named != nullptr && !TypeParams(named).empty()) {
    writer.WriteTypeParams(TypeParams(named));
  } else if (auto* alias = As<Alias>(type); alias != nullptr && !alias->tparams.empty()) {
    writer.WriteTypeParams(alias->tparams);
  }
  if (IsAlias(name)) {
    out += " =";
    if (auto* alias = As<Alias>(type)) type = alias->rhs;
  } else if (auto* tparam = As<TypeParam>(type)) {
    type = tparam->bound;
  } else {
    type = Underlying(type);
  }
  // `any` is an alias of the empty interface, spelt out here.
  if (name->name.text() == "any" && name->pkg == nullptr) type = EmptyInterface();
  out += ' ';
  writer.Write(type);
}

}  // namespace

std::string TypeString(Type* type, const Qualifier& qualifier, const diag::FileSet* files) {
  std::string out;
  TypeWriter(out, qualifier, files).Write(type);
  return out;
}

std::string SignatureString(const Signature* sig, const Qualifier& qualifier, SignatureStyle style) {
  std::string out;
  TypeWriter(out, qualifier, nullptr, style).WriteSignature(sig);
  return out;
}

std::string FuncName(const Func* func, const Qualifier& qualifier) {
  std::string out;
  WriteFuncName(out, func, qualifier);
  return out;
}

std::string ObjectString(const Object* object, const Qualifier& qualifier) {
  std::string out;
  TypeWriter writer(out, qualifier, nullptr);
  Type* type = object->type;
  switch (object->kind) {
    case ObjectKind::kPkgName: {
      auto* import = As<PkgName>(object);
      out = "package " + import->name.str();
      std::string_view path = import->imported->path;
      if (!path.empty() && path != import->name.text()) out += " (" + base::Quote(path) + ")";
      return out;
    }
    case ObjectKind::kConst:
      out = "const";
      break;
    case ObjectKind::kTypeName:
      out = IsTypeParam(type) ? "type parameter" : "type";
      break;
    case ObjectKind::kVar:
      out = As<Var>(object)->is_field() ? "field" : "var";
      break;
    case ObjectKind::kFunc:
      out = "func ";
      WriteFuncName(out, As<Func>(object), qualifier);
      if (type != nullptr) writer.WriteSignature(static_cast<Signature*>(type));
      return out;
    case ObjectKind::kBuiltin:
      out = "builtin";
      type = nullptr;
      break;
    case ObjectKind::kNil:
      return "nil";
  }
  out += ' ';
  if (object->pkg != nullptr && object->pkg->scope->Lookup(object->name) == object) {
    writer.WritePackage(object->pkg);
  }
  out += object->name.text();
  if (type == nullptr) return out;
  if (auto* name = As<TypeName>(object)) {
    WriteTypeDecl(out, name, qualifier);
    return out;
  }
  out += ' ';
  writer.Write(type);
  return out;
}

std::string_view ObjectKindString(const Object* object) {
  switch (object->kind) {
    case ObjectKind::kPkgName:
      return "package name";
    case ObjectKind::kConst:
      return "constant";
    case ObjectKind::kTypeName:
      if (IsAlias(As<TypeName>(object))) return "type alias";
      return As<TypeParam>(object->type) != nullptr ? "type parameter" : "defined type";
    case ObjectKind::kVar:
      switch (As<Var>(object)->var_kind) {
        case VarKind::kPackage:
          return "package-level variable";
        case VarKind::kLocal:
          return "local variable";
        case VarKind::kRecv:
          return "receiver";
        case VarKind::kParam:
          return "parameter";
        case VarKind::kResult:
          return "result variable";
        case VarKind::kField:
          return "struct field";
      }
      return "";
    case ObjectKind::kFunc:
      return object->type != nullptr && As<Func>(object)->signature()->recv != nullptr ? "method"
                                                                                       : "function";
    case ObjectKind::kBuiltin:
      return "built-in function";
    case ObjectKind::kNil:
      return "untyped nil";
  }
  return "";
}

namespace {
// Package names and the paths they stand for, over everything `pkg` imports.
void CollectPackageNames(const Package* pkg, std::unordered_set<const Package*>& seen,
                         std::map<std::string, std::unordered_set<std::string>>& paths) {
  std::vector<const Package*> work = {pkg};
  while (!work.empty()) {
    const Package* p = work.back();
    work.pop_back();
    if (!seen.insert(p).second) continue;
    paths[p->name.str()].insert(std::string(p->path));
    for (Package* imported : p->imports) work.push_back(imported);
  }
}
}  // namespace

Qualifier QualifierOf(Context& c) {
  const Package* current = c.env.pkg;
  return [&c, current](const Package* pkg) -> std::string {
    if (pkg == current) return "";
    auto [entry, fresh] = c.qualifiers.try_emplace(current);
    if (fresh && current != nullptr) {
      std::unordered_set<const Package*> seen;
      CollectPackageNames(current, seen, entry->second);
    }
    auto paths = entry->second.find(pkg->name.str());
    if (paths != entry->second.end() && paths->second.size() > 1) return base::Quote(pkg->path);
    return pkg->name.str();
  };
}

}  // namespace escapement::types
