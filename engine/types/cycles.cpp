// Cycles: reports, types that are defined as themselves, types without finite size.
#include <algorithm>
#include <unordered_map>

#include "engine/types/decl.h"
#include "engine/types/errors.h"
#include "engine/types/predicates.h"
#include "engine/types/printing.h"
#include "engine/types/subst.h"

namespace escapement::types {

size_t FirstInSource(std::span<Object* const> path) {
  size_t first = 0;
  for (size_t i = 1; i < path.size(); ++i) {
    if (path[i]->pos < path[first]->pos) first = i;
  }
  return first;
}

void CycleError(Context& c, std::span<Object* const> cycle, size_t start) {
  Qualifier qualifier = QualifierOf(c);
  auto name = [&](const Object* object) {
    std::string prefix = object->pkg != nullptr ? qualifier(object->pkg) : "";
    return prefix.empty() ? object->name.str() : prefix + "." + object->name.str();
  };
  Object* object = cycle[start];
  bool is_type = object->kind == ObjectKind::kTypeName;
  // A broken alias must not be followed for ever.
  if (is_type) {
    if (auto* alias = As<Alias>(object->type)) alias->rhs = InvalidType();
  }
  if (cycle.size() == 1) {
    Error(c, object, is_type ? "invalid recursive type: " : "invalid cycle in declaration: ", name(object),
          " refers to itself");
    return;
  }
  Report report(c);
  report.Add(object,
             (is_type ? "invalid recursive type " : "invalid cycle in declaration of ") + name(object));
  for (size_t i = 0; i < cycle.size(); ++i) {
    Object* next = cycle[(start + i + 1) % cycle.size()];
    report.Add(object, name(object) + " refers to " + name(next));
    object = next;
  }
  report.Emit();
}

namespace {

// Follows `type A B; type B A` by name alone, before any type exists.
void DirectCycle(Context& c, TypeName* start, std::unordered_map<const TypeName*, int>& places) {
  std::vector<Object*> path;
  TypeName* name = start;
  for (;;) {
    auto place = places.find(name);
    if (place != places.end()) {
      if (place->second < 0) break;  // on an earlier path: checked
      name->type = InvalidType();
      std::vector<Object*> cycle(path.begin() + place->second, path.end());
      CycleError(c, cycle, FirstInSource(cycle));
      break;
    }
    places[name] = static_cast<int>(path.size());
    path.push_back(name);
    auto* rhs = syntax::As<syntax::Name>(name->decl->tdecl->type_expr);
    if (rhs == nullptr) break;
    auto* next = As<TypeName>(name->pkg->scope->Lookup(rhs->name));
    if (next == nullptr) break;
    name = next;
  }
  for (Object* object : path) places[As<TypeName>(object)] = -1;
}

}  // namespace

void DirectCycles(Context& c, Package* pkg) {
  std::unordered_map<const TypeName*, int> places;
  for (Object* object : pkg->objects) {
    if (auto* name = As<TypeName>(object)) DirectCycle(c, name, places);
  }
}

bool FiniteSize(Context& c, Type* type) {
  type = Unalias(type);
  if (type == nullptr) return true;
  switch (type->kind) {
    case TypeKind::kNamed: {
      auto* named = As<Named>(type);
      if (named->finite_known) return named->finite;
      TypeName* object = named->object;
      if (object->path_index >= 0) {
        std::span<Object* const> cycle(c.path);
        cycle = cycle.subspan(static_cast<size_t>(object->path_index));
        CycleError(c, cycle, FirstInSource(cycle));
        return false;
      }
      object->path_index = static_cast<int32_t>(c.path.size());
      c.path.push_back(object);
      Unpack(named);
      bool finite = FiniteSize(c, named->rhs);
      c.path.pop_back();
      object->path_index = -1;
      named->finite_known = true;
      named->finite = finite;
      return finite;
    }
    case TypeKind::kArray:
      return FiniteSize(c, As<Array>(type)->elem);
    case TypeKind::kStruct:
      for (Var* field : As<Struct>(type)->fields) {
        if (!FiniteSize(c, field->type)) return false;
      }
      return true;
    default:
      return true;
  }
}

namespace {

// Walks into the parts of a type that are stored in it. `nest` are the types we are inside
// of, `path` the types on the way (through type arguments, too).
class ValidTypeCheck {
 public:
  explicit ValidTypeCheck(Context& c) : c_(c) {}
  bool Visit(Type* type);

 private:
  bool VisitNamed(Named* named);
  bool VisitTypeParam(TypeParam* tparam);

  Context& c_;
  std::vector<Named*> nest_, path_;
};

bool ValidTypeCheck::VisitNamed(Named* named) {
  for (Named* outer : nest_) {
    if (!Identical(outer, named)) continue;
    // The type contains itself. It is ours, since imported ones were checked.
    named->origin->rhs = InvalidType();
    for (size_t start = 0; start < path_.size(); ++start) {
      if (!Identical(path_[start], named)) continue;
      std::vector<Object*> cycle;
      for (size_t i = start; i < path_.size(); ++i) cycle.push_back(path_[i]->object);
      CycleError(c_, cycle, 0);
      return false;
    }
    return false;
  }
  // What has no type arguments means the same wherever it is mentioned: one look is enough.
  bool plain = named->targs.empty() && TypeParams(named).empty();
  if (plain && c_.valid_types.count(named) != 0) return true;
  nest_.push_back(named);
  path_.push_back(named);
  bool ok = named->origin->rhs == nullptr || Visit(named->origin->rhs);
  nest_.pop_back();
  path_.pop_back();
  if (plain && ok) c_.valid_types.insert(named);
  return ok;
}

// A type parameter stands for the argument of the innermost type, which is to be looked at in
// the context that type was mentioned in.
bool ValidTypeCheck::VisitTypeParam(TypeParam* tparam) {
  if (nest_.empty()) return true;
  Named* inst = nest_.back();
  std::span<TypeParam*> tparams = TypeParams(inst);
  for (size_t i = 0; i < tparams.size() && i < inst->targs.size(); ++i) {
    if (tparams[i] != tparam) continue;
    nest_.pop_back();
    bool ok = Visit(inst->targs[i]);
    nest_.push_back(inst);
    return ok;
  }
  return true;
}

bool ValidTypeCheck::Visit(Type* type) {
  type = Unalias(type);
  if (type == nullptr) return true;
  switch (type->kind) {
    case TypeKind::kArray:
      return Visit(As<Array>(type)->elem);
    case TypeKind::kStruct:
      for (Var* field : As<Struct>(type)->fields) {
        if (!Visit(field->type)) return false;
      }
      return true;
    case TypeKind::kUnion:
      for (const Term& term : As<Union>(type)->terms) {
        if (!Visit(term.type)) return false;
      }
      return true;
    case TypeKind::kInterface:
      for (Type* embedded : As<Interface>(type)->embeddeds) {
        if (!Visit(embedded)) return false;
      }
      return true;
    case TypeKind::kNamed:
      // Imported types are valid and cannot contain ours, but for their type arguments.
      return VisitNamed(As<Named>(type));
    case TypeKind::kTypeParam:
      return VisitTypeParam(As<TypeParam>(type));
    default:
      return true;
  }
}

}  // namespace

void ValidType(Context& c, Named* type) {
  ValidTypeCheck(c).Visit(type);
}

}  // namespace escapement::types
