// From the checker's types to the back end's.
#include <set>

#include "engine/base/check.h"
#include "engine/base/sort.h"
#include "engine/ir/body.h"
#include "engine/types/predicates.h"
#include "engine/types/typeset.h"

namespace escapement::ir {

using types::As;

int Builder::Impl::TypeParamIndex(types::TypeParam* param, TypeArgs* args) {
  const std::vector<types::TypeParam*>& implicits = LayoutImplicits(args->object);
  for (size_t i = 0; i < implicits.size(); ++i)
    if (implicits[i] == param) return static_cast<int>(i);
  return static_cast<int>(implicits.size()) + param->index;
}

const std::vector<types::TypeParam*>& Builder::Impl::LayoutImplicits(types::Object* object) {
  static const std::vector<types::TypeParam*> kNone;
  auto* name = As<types::TypeName>(object);
  if (name == nullptr) return kNone;
  auto it = local_types.find(name);
  return it == local_types.end() ? kNone : it->second.second;
}

bool Builder::Impl::IsDerived(types::Type* type) {
  if (type == nullptr) return false;
  auto it = derived.find(type);
  if (it != derived.end()) return it->second;
  derived[type] = false;  // cycles go through types that are not derived by themselves
  bool d = false;
  auto any = [&](std::span<types::Var*> vars) {
    for (types::Var* v : vars) d = d || IsDerived(v->type);
  };
  switch (type->kind) {
    case types::TypeKind::kBasic:
      break;
    case types::TypeKind::kTypeParam:
      d = true;
      break;
    case types::TypeKind::kAlias: {
      auto* alias = static_cast<types::Alias*>(type);
      d = IsDerived(types::Unalias(alias));
      break;
    }
    case types::TypeKind::kNamed: {
      auto* named = static_cast<types::Named*>(type);
      for (types::Type* arg : named->targs) d = d || IsDerived(arg);
      if (!d && !LayoutImplicits(types::Obj(named)).empty()) d = true;
      break;
    }
    case types::TypeKind::kPointer:
      d = IsDerived(static_cast<types::Pointer*>(type)->base);
      break;
    case types::TypeKind::kSlice:
      d = IsDerived(static_cast<types::Slice*>(type)->elem);
      break;
    case types::TypeKind::kArray:
      d = IsDerived(static_cast<types::Array*>(type)->elem);
      break;
    case types::TypeKind::kMap:
      d = IsDerived(static_cast<types::Map*>(type)->key) || IsDerived(static_cast<types::Map*>(type)->elem);
      break;
    case types::TypeKind::kChan:
      d = IsDerived(static_cast<types::Chan*>(type)->elem);
      break;
    case types::TypeKind::kStruct:
      any(static_cast<types::Struct*>(type)->fields);
      break;
    case types::TypeKind::kTuple:
      any(static_cast<types::Tuple*>(type)->vars);
      break;
    case types::TypeKind::kSignature: {
      auto* sig = static_cast<types::Signature*>(type);
      any(sig->param_vars());
      any(sig->result_vars());
      break;
    }
    case types::TypeKind::kInterface: {
      auto* iface = static_cast<types::Interface*>(type);
      for (types::Func* m : iface->methods) d = d || IsDerived(m->type);
      for (types::Type* e : iface->embeddeds) d = d || IsDerived(e);
      break;
    }
    case types::TypeKind::kUnion:
      for (const types::Term& term : static_cast<types::Union*>(type)->terms) d = d || IsDerived(term.type);
      break;
  }
  derived[type] = d;
  return d;
}

Type* Builder::Impl::TypeOf(types::Type* type, TypeArgs* args) {
  ++mentioned.depth;
  Type* out = UnmentionedTypeOf(type, args);
  if (mentioned.recording) Mention(out);
  if (mentioned.depth == 1 && mentioned.recording) ReadMethods();
  --mentioned.depth;
  if (out->IsInterface() && out->sym == nullptr && out->source == nullptr) out->source = types::Unalias(type);
  return out;
}

Type* Builder::Impl::UnmentionedTypeOf(types::Type* type, TypeArgs* args) {
  ENSURE(type != nullptr, "type of an expression without type");
  if (args == nullptr || !IsDerived(type)) {
    if (auto it = type_of.find(type); it != type_of.end()) return it->second;
    Type* out = ConvertType(type, args);
    type_of[type] = out;
    return out;
  }
  if (auto it = args->derived.find(type); it != args->derived.end()) return it->second;
  Type* out = ConvertType(type, args);
  args->derived[type] = out;
  return out;
}

Type* Builder::Impl::BasicOf(types::Basic* basic) {
  using enum types::BasicKind;
  switch (basic->basic) {
    case kUntypedBool:
    case kBool:
      return t.Bool();
    case kUntypedInt:
    case kInt:
      return t.Int();
    case kInt8:
      return t.Basic(Kind::kInt8);
    case kInt16:
      return t.Basic(Kind::kInt16);
    case kUntypedRune:
      return t.RuneType();
    case kInt32:
      return basic->name == "rune" ? t.RuneType() : t.Basic(Kind::kInt32);
    case kInt64:
      return t.Basic(Kind::kInt64);
    case kUint:
      return t.Basic(Kind::kUint);
    case kUint8:
      return basic->name == "byte" ? t.ByteType() : t.Basic(Kind::kUint8);
    case kUint16:
      return t.Basic(Kind::kUint16);
    case kUint32:
      return t.Basic(Kind::kUint32);
    case kUint64:
      return t.Basic(Kind::kUint64);
    case kUintptr:
      return t.Uintptr();
    case kFloat32:
      return t.Basic(Kind::kFloat32);
    case kUntypedFloat:
    case kFloat64:
      return t.Basic(Kind::kFloat64);
    case kComplex64:
      return t.Basic(Kind::kComplex64);
    case kUntypedComplex:
    case kComplex128:
      return t.Basic(Kind::kComplex128);
    case kUntypedString:
    case kString:
      return t.String();
    case kUnsafePointer:
      return t.UnsafePointer();
    case kUntypedNil:
      return t.NilType();
    case kInvalid:
    case kCount:
      break;
  }
  UNREACHABLE("invalid type in a checked package");
}

Type* Builder::Impl::ConvertType(types::Type* type, TypeArgs* args) {
  switch (type->kind) {
    case types::TypeKind::kBasic:
      return BasicOf(static_cast<types::Basic*>(type));
    case types::TypeKind::kAlias: {
      auto* alias = static_cast<types::Alias*>(type);
      if (alias == context().universe.any) return t.AnyType();
      return TypeOf(types::Unalias(alias), args);
    }
    case types::TypeKind::kNamed: {
      auto* named = static_cast<types::Named*>(type);
      types::TypeName* object = types::Obj(named);
      if (type == context().universe.error) return t.ErrorType();
      if (object == context().universe.comparable) return t.ComparableType();
      std::vector<Type*> explicits;
      for (types::Type* arg : named->targs) explicits.push_back(TypeOf(arg, args));
      std::span<Type* const> implicits;
      if (args != nullptr) implicits = args->targs;
      return NamedInstance(object, implicits, explicits, false);
    }
    case types::TypeKind::kTypeParam: {
      ENSURE(args != nullptr, "type parameter outside of a generic object");
      size_t index = static_cast<size_t>(TypeParamIndex(static_cast<types::TypeParam*>(type), args));
      ENSURE(index < args->targs.size(), "type parameter without argument");
      return args->targs[index];
    }
    case types::TypeKind::kPointer:
      return t.Pointer(TypeOf(static_cast<types::Pointer*>(type)->base, args));
    case types::TypeKind::kSlice:
      return t.Slice(TypeOf(static_cast<types::Slice*>(type)->elem, args));
    case types::TypeKind::kArray: {
      auto* array = static_cast<types::Array*>(type);
      return t.Array(TypeOf(array->elem, args), array->length);
    }
    case types::TypeKind::kMap: {
      auto* map = static_cast<types::Map*>(type);
      Type* key = TypeOf(map->key, args);
      return t.Map(key, TypeOf(map->elem, args));
    }
    case types::TypeKind::kChan: {
      auto* chan = static_cast<types::Chan*>(type);
      ChanDir dir = chan->dir == types::ChanDir::kSendOnly   ? ChanDir::kSend
                    : chan->dir == types::ChanDir::kRecvOnly ? ChanDir::kRecv
                                                             : ChanDir::kBoth;
      return t.Chan(TypeOf(chan->elem, args), dir);
    }
    case types::TypeKind::kStruct:
      return StructOf(static_cast<types::Struct*>(type), args);
    case types::TypeKind::kSignature:
      return SignatureOf(static_cast<types::Signature*>(type), args);
    case types::TypeKind::kInterface:
      return InterfaceOf(static_cast<types::Interface*>(type), args);
    case types::TypeKind::kTuple:
      return t.Results(ParamsOf(static_cast<types::Tuple*>(type)->vars, args));
    case types::TypeKind::kUnion:
      return t.EmptyInterface();
  }
  UNREACHABLE("kind of type");
}

std::vector<Field> Builder::Impl::ParamsOf(std::span<types::Var*> vars, TypeArgs* args) {
  std::vector<Field> out;
  out.reserve(vars.size());
  for (types::Var* v : vars) {
    Field f;
    if (!v->name.empty()) f.sym = t.Lookup(PackageOf(v->pkg), v->name.text());
    f.type = TypeOf(v->type, args);
    f.pos = {v->pos};
    out.push_back(f);
  }
  return out;
}

Type* Builder::Impl::SignatureOf(types::Signature* sig, TypeArgs* args, Field* recv) {
  std::vector<Field> params = ParamsOf(sig->param_vars(), args);
  std::vector<Field> results = ParamsOf(sig->result_vars(), args);
  return t.Func(recv, params, results, sig->variadic);
}

Type* Builder::Impl::StructOf(types::Struct* type, TypeArgs* args) {
  std::vector<Field> fields;
  fields.reserve(type->fields.size());
  for (size_t i = 0; i < type->fields.size(); ++i) {
    types::Var* v = type->fields[i];
    Field f;
    f.sym = SelectorOf(v);
    f.type = TypeOf(v->type, args);
    f.embedded = v->embedded ? 1 : 0;
    f.tag = type->Tag(i);
    f.pos = {v->pos};
    fields.push_back(f);
  }
  return t.Struct(fields);
}

Type* Builder::Impl::InterfaceOf(types::Interface* type, TypeArgs* args) {
  types::TypeSet* set = types::TypeSetOf(type);
  if (set->methods.empty()) {
    if (type == types::Unalias(context().universe.any)) return t.AnyType();
    return t.EmptyInterface();
  }
  std::vector<Field> methods;
  for (types::Func* m : set->methods) {
    Resolve(m);
    Field f;
    f.sym = SelectorOf(m);
    f.type = SignatureOf(m->signature(), args);
    f.pos = {m->pos};
    methods.push_back(f);
  }
  return t.Interface(methods);
}

Type* Builder::Impl::NamedInstance(types::TypeName* object, std::span<Type* const> implicits,
                                   std::span<Type* const> explicits, bool shaped) {
  Resolve(object);
  TypeArgs* args = NewTypeArgs(object, SymOf(object), implicits, explicits, shaped);
  const Sym* sym = args != nullptr ? args->base_sym : SymOf(object);
  if (auto it = named_by_sym.find(sym); it != named_by_sym.end()) return it->second;
  auto* named = types::AsNamed(object->type);
  ENSURE(named != nullptr, "type name without defined type");
  Type* type = t.NewNamed(sym, {object->pos});
  named_by_sym[sym] = type;
  type->object = object;
  type->source = named;
  if (args != nullptr) {
    type->targs = p.arena().Copy(args->targs);
    type->flags |= kTypeFullyInstantiated;
    for (Type* targ : args->targs)
      if (targ->HasShape()) type->flags |= kTypeHasShape;
    if (args->shaped) type->flags |= kTypeHasShape;
    args_of_type[type] = args;
  }
  ReadScope reading(*this, object->pkg, args != nullptr);
  types::Type* underlying = types::Underlying(named);
  t.SetUnderlying(type, UnmentionedTypeOf(underlying, args));
  if (args != nullptr && !args->shaped) {
    std::vector<Type*> im(implicits.begin(), implicits.end()), ex(explicits.begin(), explicits.end());
    todo_shapes.push_back(
        [this, args, object, im, ex] { args->shaped_type = NamedInstance(object, im, ex, true); });
  }
  // gc reads the methods with the type: of the package's own types, and of every instance.
  if (unit != nullptr && (object->pkg == unit_package || args != nullptr)) DeclareMethods(type);
  if (mentioned.recording && (args == nullptr || !args->shaped)) Mention(type);
  return type;
}

void Builder::Impl::DeclareMethods(Type* type) {
  if (type->methods_known) return;
  type->methods_known = true;
  auto* named = static_cast<types::Named*>(type->source);
  if (named == nullptr || type->IsInterface()) return;
  TypeArgs* args = nullptr;
  if (auto it = args_of_type.find(type); it != args_of_type.end()) args = it->second;
  size_t n = types::NumMethods(named);
  std::vector<Field> methods;
  for (size_t i = 0; i < n; ++i) {
    types::Func* func = types::Method(named, i);
    Resolve(func);
    Field f;
    f.sym = SelectorOf(func);
    Func* fn = args == nullptr ? DeclaredFunc(func) : MethodInstance(func, args);
    f.type = fn->type;
    f.nname = fn->nname;
    f.pos = fn->pos;
    methods.push_back(f);
  }
  type->methods = p.arena().Copy(methods);
}

Func* Builder::Impl::MethodInstance(types::Func* func, TypeArgs* args) {
  const types::Var* receiver = func->signature()->recv;
  Field recv;
  recv.type = TypeOf(receiver->type, args);
  recv.pos = {receiver->pos};
  const Sym* method = SelectorOf(func);
  const Sym* sym = MethodSym(recv.type, method);
  if (auto it = func_by_sym.find(sym); it != func_by_sym.end()) return it->second;
  return NewInstance(func, args, sym, &recv, method);
}

std::span<Field> Builder::Impl::DeclaredMethods(Type* type) {
  if (!type->methods_known && type->source != nullptr) DeclareMethods(type);
  return type->methods;
}

const Sym* Builder::Impl::MethodSym(Type* recv, const Sym* method, std::string_view suffix) {
  const Sym* rsym = recv->IsPtr() ? recv->elem->sym : recv->sym;
  Package* package = rsym != nullptr && rsym->pkg != nullptr ? rsym->pkg : t.go_package();
  std::string name = t.PrintReceiver(recv);
  if (method->pkg != nullptr && method->pkg != package) {
    name += '.';
    name += method->pkg->prefix;
  }
  name += '.';
  name += method->text();
  name += suffix;
  return t.Lookup(package, name);
}

// ---- Method sets through embedding (typecheck's dotpath and CalcMethods)

namespace {

struct DotSearch {
  Builder::Impl& b;
  const Sym* sym;
  std::vector<Field*> path;  // by depth, outermost last (as gc fills dotlist)
  std::set<const Type*> active;
  Field* found = nullptr;

  // Fields or methods named sym right at t.
  int Here(Type* t) {
    Type* u = t->IsPtr() ? t->elem : t;
    int count = 0;
    if (u->IsStruct()) {
      for (Field& f : u->fields)
        if (f.sym == sym) found = &f, ++count;
    } else if (u->IsInterface()) {
      for (Field& f : u->methods)
        if (f.sym == sym) found = &f, ++count;
    }
    u = t;
    if (t->sym != nullptr && t->IsPtr() && !t->elem->IsPtr()) u = t->elem;
    u = ReceiverBaseType(u);
    if (u != nullptr && u->sym != nullptr) {
      for (Field& f : b.DeclaredMethods(u))
        if (f.sym == sym) found = &f, ++count;
    }
    return count;
  }

  // Occurrences exactly `depth` embedded fields below t.
  int At(Type* t, int depth, bool* more) {
    if (!active.insert(t).second) return 0;
    int count = 0;
    --depth;
    if (depth < 0) {
      count = Here(t);
      if (count != 0) {
        active.erase(t);
        return count;
      }
    }
    Type* u = t->IsPtr() ? t->elem : t;
    if (u->IsStruct()) {
      for (Field& f : u->fields) {
        if (f.embedded == 0) continue;
        if (depth < 0) {
          *more = true;
          break;
        }
        int a = At(f.type, depth, more);
        if (a != 0 && count == 0) path[static_cast<size_t>(depth)] = &f;
        count += a;
      }
    }
    active.erase(t);
    return count;
  }
};

}  // namespace

bool Builder::Impl::DotPath(const Sym* sym, Type* type, std::vector<Field*>* path, Field** found) {
  DotSearch search{*this, sym, {}, {}, nullptr};
  for (int depth = 0;; ++depth) {
    search.path.assign(static_cast<size_t>(depth), nullptr);
    bool more = false;
    int count = search.At(type, depth, &more);
    if (count == 1) {
      if (path != nullptr) path->assign(search.path.rbegin(), search.path.rend());
      if (found != nullptr) *found = search.found;
      return true;
    }
    if (count > 1 || !more) return false;
  }
}

std::span<Field> Builder::Impl::MethodSet(Type* type) {
  if (type->IsPtr() && type->sym == nullptr) {
    type = type->elem;
    if (type->IsInterface()) return {};
  }
  // Pointers to pointers and named pointer types have no methods.
  if (type->IsPtr()) return {};
  if (type->IsInterface() || type->all_methods_known) return type->all_methods;
  type->all_methods_known = true;
  std::vector<Field> set;
  for (const Field& f : DeclaredMethods(type)) set.push_back(f);
  // Every name that some embedded type (at any depth) has a method for.
  std::vector<const Sym*> names;
  std::set<const Sym*> seen;
  for (const Field& f : set) seen.insert(f.sym);
  std::set<const Type*> visited;
  std::vector<Type*> work{type};
  while (!work.empty()) {
    Type* u = work.back();
    work.pop_back();
    if (u->IsPtr()) u = u->elem;
    if (!visited.insert(u).second) continue;
    if (u != type) {
      std::span<Field> own = u->IsInterface() ? u->methods : DeclaredMethods(u);
      for (const Field& f : own)
        if (seen.insert(f.sym).second) names.push_back(f.sym);
    }
    if (u->IsStruct())
      for (Field& f : u->fields)
        if (f.embedded != 0) work.push_back(f.type);
  }
  for (const Sym* name : names) {
    std::vector<Field*> path;
    Field* found = nullptr;
    if (!DotPath(name, type, &path, &found) || !found->type->IsFunc()) continue;
    bool method = found->nname != nullptr;
    if (!method) {
      // A field of function type has the name, or the method is an interface's.
      Type* owner = path.empty() ? type : path.back()->type;
      if (owner->IsPtr()) owner = owner->elem;
      method = owner->IsInterface();
    }
    if (!method) continue;
    Field f = *found;
    f.embedded = 1;
    for (Field* step : path)
      if (step->type->IsPtr()) f.embedded = 2;
    set.push_back(f);
  }
  base::Sort(set, [](const Field& a, const Field& b) { return CompareSyms(a.sym, b.sym) < 0; });
  type->all_methods = p.arena().Copy(set);
  return type->all_methods;
}

Field* Builder::Impl::LookupMethod(Type* type, const Sym* sym) {
  for (Field& f : MethodSet(type))
    if (f.sym == sym) return &f;
  return nullptr;
}

// ---- Local types

void Builder::Impl::CollectLocalTypes(types::Func* func, syntax::Node* body) {
  types::Signature* sig = func->signature();
  std::span<types::TypeParam*> tparams = sig->recv != nullptr ? sig->rparams : sig->tparams;
  std::vector<types::TypeParam*> implicits(tparams.begin(), tparams.end());
  std::function<void(syntax::Node*)> visit = [&](syntax::Node* n) {
    if (auto* decl = syntax::As<syntax::TypeDecl>(n)) {
      auto* name = As<types::TypeName>(decl->name->object);
      if (name != nullptr && !local_types.contains(name)) {
        uint32_t number = decl->alias ? 0 : ++local_type_count[func->pkg];
        local_types[name] = {number, implicits};
      }
    }
    syntax::ForEachChild(n, visit);
  };
  visit(body);
}

}  // namespace escapement::ir
