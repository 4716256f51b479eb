#include "engine/types/lookup.h"

#include <unordered_set>

#include "engine/base/unicode.h"
#include "engine/types/decl.h"
#include "engine/types/errors.h"
#include "engine/types/predicates.h"
#include "engine/types/printing.h"
#include "engine/types/typeset.h"

namespace escapement::types {

namespace {

// A type at the current depth of the search through embedded fields.
struct EmbeddedType {
  Type* type;
  std::vector<int> index;
  bool indirect;   // a pointer was followed on the way here
  bool multiples;  // the type occurs more than once at this depth
};

std::vector<int> Extend(const std::vector<int>& index, int i) {
  std::vector<int> result = index;
  result.push_back(i);
  return result;
}

// Types that occur several times at one depth are visited once and marked.
std::vector<EmbeddedType> Consolidate(std::vector<EmbeddedType> list) {
  std::vector<EmbeddedType> result;
  for (EmbeddedType& e : list) {
    bool found = false;
    for (EmbeddedType& other : result) {
      if (Identical(other.type, e.type)) {
        other.multiples = true;
        found = true;
        break;
      }
    }
    if (!found) result.push_back(std::move(e));
  }
  return result;
}

int DeclaredMethodIndex(Named* named, const Package* pkg, base::Name name, bool fold_case) {
  if (name.text() == "_") return -1;
  TypeName* object = Obj(named);
  if (!SamePackage(object->pkg, pkg) && !IsExported(name.text()) && !fold_case) return -1;
  List<Func*> methods = named->origin->methods;
  for (size_t i = 0; i < methods.size(); ++i) {
    bool same = fold_case ? EqualFold(methods[i]->name.text(), name.text()) : methods[i]->name == name;
    if (same) return static_cast<int>(i);
  }
  return -1;
}

// The breadth-first search of the Go specification: the shallowest depth wins, two at one
// depth are ambiguous.
class Search {
 public:
  Search(const Package* pkg, base::Name name, bool fold_case)
      : pkg_(pkg), name_(name), fold_case_(fold_case) {}

  LookupResult Run(Type* type, bool addressable);

 private:
  // Returns false on an ambiguity.
  bool Visit(const EmbeddedType& e);
  bool Found(Object* object, const EmbeddedType& e, int i) {
    result_.index = Extend(e.index, i);
    if (result_.object != nullptr || e.multiples) {
      result_.object = nullptr;
      result_.indirect = false;
      return false;
    }
    result_.object = object;
    result_.indirect = e.indirect;
    return true;
  }

  const Package* pkg_;
  base::Name name_;
  bool fold_case_;
  LookupResult result_;
  std::vector<EmbeddedType> next_;
  std::vector<Named*> seen_;
};

bool Search::Visit(const EmbeddedType& e) {
  if (Named* named = AsNamed(e.type)) {
    for (Named* other : seen_) {
      if (Identical(other, named)) return true;  // visited at a shallower depth, or here and marked
    }
    seen_.push_back(named);
    int i = DeclaredMethodIndex(named, pkg_, name_, fold_case_);
    if (i >= 0) return Found(Method(named, static_cast<size_t>(i)), e, i);
  }
  Type* u = Underlying(e.type);
  if (auto* st = As<Struct>(u)) {
    for (size_t i = 0; i < st->fields.size(); ++i) {
      Var* field = st->fields[i];
      if (SameId(field, pkg_, name_, fold_case_)) {
        if (!Found(field, e, static_cast<int>(i))) return false;
        continue;
      }
      // Deeper fields only matter while nothing is found here.
      if (result_.object == nullptr && field->embedded) {
        bool pointer = false;
        Type* type = Deref(field->type, &pointer);
        next_.push_back({type, Extend(e.index, static_cast<int>(i)), e.indirect || pointer, e.multiples});
      }
    }
  } else if (auto* iface = As<Interface>(u)) {
    TypeSet* set = TypeSetOf(iface);
    int i = MethodIndex(set->methods.span(), pkg_, name_, fold_case_);
    if (i >= 0) return Found(set->methods[static_cast<size_t>(i)], e, i);
  }
  return true;
}

LookupResult Search::Run(Type* type, bool addressable) {
  if (name_.text() == "_") return {};
  bool pointer = false;
  Type* base = Deref(type, &pointer);
  // Pointers to interfaces have no methods.
  if (pointer && Under<Interface>(base) != nullptr) return {};
  std::vector<EmbeddedType> current = {{base, {}, pointer, false}};
  while (!current.empty()) {
    next_.clear();
    for (const EmbeddedType& e : current) {
      if (!Visit(e)) return result_;
    }
    if (result_.object != nullptr) {
      if (auto* func = As<Func>(result_.object);
          func != nullptr && HasPtrRecv(func) && !result_.indirect && !addressable) {
        return {nullptr, {}, true};  // pointer receiver required
      }
      return result_;
    }
    current = Consolidate(std::move(next_));
  }
  return {};
}

}  // namespace

LookupResult LookupFieldOrMethod(Type* type, bool addressable, const Package* pkg, base::Name name,
                                 bool fold_case) {
  // A defined pointer type has the fields of its base but no methods.
  if (Named* named = AsNamed(type)) {
    if (auto* pointer = Under<Pointer>(named)) {
      LookupResult result = Search(pkg, name, fold_case).Run(pointer, false);
      if (As<Func>(result.object) != nullptr) return {};
      return result;
    }
  }
  return Search(pkg, name, fold_case).Run(type, addressable);
}

int FieldIndex(std::span<Var* const> fields, const Package* pkg, base::Name name, bool fold_case) {
  if (name.text() == "_") return -1;
  for (size_t i = 0; i < fields.size(); ++i) {
    if (SameId(fields[i], pkg, name, fold_case)) return static_cast<int>(i);
  }
  return -1;
}

namespace {

enum class Missing {
  kNone,
  kNotFound,
  kWrongName,
  kUnexported,
  kWrongSignature,
  kAmbiguous,
  kPointer,
  kField
};

std::string FuncString(Context& c, const Func* func, bool package_info) {
  Qualifier qualifier = package_info ? Qualifier() : QualifierOf(c);
  return func->name.str() + SignatureString(func->signature(), qualifier, {false, package_info});
}

std::string HaveWant(const std::string& have, const std::string& want) {
  return "\n\t\thave " + have + "\n\t\twant " + want;
}

std::string MissingCause(Context& c, Missing state, Type* v, Type* t, Func* want, Func* have) {
  base::Name name = want->name;
  switch (state) {
    case Missing::kNone:
      return "";
    case Missing::kNotFound:
      if (IsInterfacePointer(v)) return "(" + InterfacePtrError(c, v) + ")";
      if (IsInterfacePointer(t)) return "(" + InterfacePtrError(c, t) + ")";
      return Text(c, "(missing method ", name, ")");
    case Missing::kWrongName:
      return Text(c, "(missing method ", name, ")",
                  HaveWant(FuncString(c, have, false), FuncString(c, want, false)));
    case Missing::kUnexported:
      return Text(c, "(unexported method ", name, ")");
    case Missing::kWrongSignature: {
      std::string h = FuncString(c, have, false), w = FuncString(c, want, false);
      if (h == w) {
        // The difference may be in packages of unexported names.
        h = FuncString(c, have, true);
        w = FuncString(c, want, true);
      }
      if (h == w) return Text(c, "(wrong type for method ", name, ")");
      return Text(c, "(wrong type for method ", name, ")", HaveWant(h, w));
    }
    case Missing::kAmbiguous:
      return Text(c, "(ambiguous selector ", v, ".", name, ")");
    case Missing::kPointer:
      return Text(c, "(method ", name, " has pointer receiver)");
    case Missing::kField:
      return Text(c, "(", v, ".", name, " is a field, not a method)");
  }
  return "";
}

// Whether concrete type v has method `want`; what it has instead goes to *have.
Missing FindConcrete(Context& c, Type* v, Func* want, TypeEquivalence equivalent, void* data, Func** have) {
  LookupResult found = Search(want->pkg, want->name, false).Run(v, false);
  if (found.object == nullptr) {
    if (!found.index.empty()) return Missing::kAmbiguous;
    if (found.indirect) return Missing::kPointer;
    *have = As<Func>(Search(want->pkg, want->name, true).Run(v, false).object);
    if (*have == nullptr) return Missing::kNotFound;
    return (*have)->name == want->name ? Missing::kUnexported : Missing::kWrongName;
  }
  *have = As<Func>(found.object);
  if (*have == nullptr) return Missing::kField;
  ObjDecl(c, *have);
  return equivalent(data, (*have)->type, want->type) ? Missing::kNone : Missing::kWrongSignature;
}

}  // namespace

bool IdenticalTypes(void*, Type* x, Type* y) {
  return Identical(x, y);
}

Func* MissingMethod(Context& c, Type* v, Type* t, bool is_static, TypeEquivalence equivalent, void* data,
                    std::string* cause, bool* wrong_type) {
  if (wrong_type != nullptr) *wrong_type = false;
  Missing state = Missing::kNone;
  Func* want = nullptr;
  Func* have = nullptr;
  List<Func*> methods = TypeSetOf(Under<Interface>(t))->methods;
  if (methods.empty()) return nullptr;
  auto* v_iface = Under<Interface>(v);
  for (Func* method : methods) {
    want = method;
    if (v_iface != nullptr) {
      TypeSet* set = TypeSetOf(v_iface);
      int i = MethodIndex(set->methods.span(), method->pkg, method->name, false);
      have = i >= 0 ? set->methods[static_cast<size_t>(i)] : nullptr;
      if (have == nullptr) {
        if (is_static) state = Missing::kNotFound;
      } else if (!equivalent(data, have->type, method->type)) {
        state = Missing::kWrongSignature;
      }
    } else {
      have = nullptr;
      state = FindConcrete(c, v, method, equivalent, data, &have);
    }
    if (state != Missing::kNone) break;
  }
  if (state == Missing::kNone) return nullptr;
  if (cause != nullptr) {
    if (have != nullptr) ObjDecl(c, have);  // its signature is printed
    *cause = MissingCause(c, state, v, t, want, have);
  }
  if (wrong_type != nullptr) *wrong_type = state == Missing::kWrongSignature || state == Missing::kPointer;
  return want;
}

namespace {
bool HasInvalidEmbeddedFields(Type* t, std::unordered_set<Struct*>& seen) {
  Type* base = t;
  if (auto* pointer = Under<Pointer>(t); pointer != nullptr && Under<Struct>(pointer->base) != nullptr) {
    base = pointer->base;
  }
  auto* st = Under<Struct>(base);
  if (st == nullptr || !seen.insert(st).second) return false;
  for (Var* field : st->fields) {
    if (field->embedded && (!IsValid(field->type) || HasInvalidEmbeddedFields(field->type, seen)))
      return true;
  }
  return false;
}
}  // namespace

bool HasAllMethods(Context& c, Type* v, Type* t, bool is_static, TypeEquivalence equivalent, void* data,
                   std::string* cause) {
  if (!IsValid(v)) return true;
  if (MissingMethod(c, v, t, is_static, equivalent, data, cause, nullptr) == nullptr) return true;
  std::unordered_set<Struct*> seen;
  return HasInvalidEmbeddedFields(v, seen);
}

std::string InterfacePtrError(Context& c, Type* t) {
  if (IsTypeParam(Under<Pointer>(t)->base)) {
    return Text(c, "type ", t, " is pointer to type parameter, not type parameter");
  }
  return Text(c, "type ", t, " is pointer to interface, not interface");
}

std::string LookupError(Context& c, Type* type, base::Name name, Object* found, bool struct_literal) {
  enum { kMissing, kMisspelled, kUnexported, kInaccessible } fault = kMissing;
  std::string_view sel = name.text(), alt;
  auto tail = [](std::string_view s) {
    int width = s.empty() ? 0 : base::DecodeRune(s).width;
    return s.substr(static_cast<size_t>(width));
  };
  if (found != nullptr) {
    alt = found->name.text();
    if (found->pkg == c.env.pkg) {
      fault = kMisspelled;
    } else if (IsExported(sel)) {
      if (IsExported(alt)) {
        fault = kMisspelled;
      } else if (tail(sel) == tail(alt)) {
        fault = kUnexported;
      }
    } else if (IsExported(alt)) {
      if (tail(sel) == tail(alt)) fault = kMisspelled;
    } else if (sel == alt) {
      fault = kInaccessible;
    }
  }
  if (struct_literal) {
    switch (fault) {
      case kMissing:
        return Text(c, "unknown field ", sel, " in struct literal of type ", type);
      case kMisspelled:
        return Text(c, "unknown field ", sel, " in struct literal of type ", type, ", but does have ", alt);
      case kUnexported:
        return Text(c, "unknown field ", sel, " in struct literal of type ", type,
                    ", but does have unexported ", alt);
      case kInaccessible:
        return Text(c, "cannot refer to unexported field ", alt, " in struct literal of type ", type);
    }
  }
  const char* what = "object";
  if (As<Var>(found) != nullptr) what = "field";
  if (As<Func>(found) != nullptr) what = "method";
  switch (fault) {
    case kMissing:
      break;
    case kMisspelled:
      return Text(c, "type ", type, " has no field or method ", sel, ", but does have ", what, " ", alt);
    case kUnexported:
      return Text(c, "type ", type, " has no field or method ", sel, ", but does have unexported ", what, " ",
                  alt);
    case kInaccessible:
      return Text(c, "cannot refer to unexported ", what, " ", alt);
  }
  return Text(c, "type ", type, " has no field or method ", sel);
}

}  // namespace escapement::types
