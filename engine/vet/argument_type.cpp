#include "engine/vet/argument_type.h"

#include <unordered_set>

#include "engine/types/convert.h"
#include "engine/types/lookup.h"
#include "engine/types/predicates.h"
#include "engine/types/printing.h"
#include "engine/types/typeset.h"

namespace escapement::vet {

using namespace types;

namespace {

bool IsUntypedNil(Type* type) {
  auto* basic = As<Basic>(Unalias(type));
  return basic != nullptr && basic->basic == BasicKind::kUntypedNil;
}

bool ConvertsToError(Context& c, Type* type) {
  Operand x;
  x.mode = IsUntypedNil(type) ? Mode::kNilValue : Mode::kValue;
  x.type = type;
  return ConvertibleTo(c, x, Underlying(c.universe.error), nullptr);
}

// The method of the name that values of the type have, or null.
Func* MethodOf(Context& c, Type* type, std::string_view name) {
  return As<Func>(LookupFieldOrMethod(type, false, nullptr, c.Intern(name)).object);
}

// Whether fmt prints values of the type by their Error or String method.
bool HasText(Context& c, Type* type) {
  // The untyped nil converts to both interfaces, and has neither method.
  if (IsUntypedNil(type)) return false;
  if (ConvertsToError(c, type)) return true;
  const Func* method = MethodOf(c, type, "String");
  if (method == nullptr) return false;
  const Signature* sig = method->signature();
  return sig->param_vars().empty() && sig->result_vars().size() == 1 &&
         sig->result_vars()[0]->type == Typ(BasicKind::kString);
}

uint16_t KindsOf(const Basic* basic) {
  switch (basic->basic) {
    case BasicKind::kUnsafePointer:
      return kTakesPointer | kTakesInt;
    case BasicKind::kUint8:
      return kTakesInt | kTakesByte;
    case BasicKind::kInt32:
    case BasicKind::kUntypedRune:
      return kTakesInt | kTakesRune;
    case BasicKind::kInvalid:
      return kTakesAnything;
    default:
      if (basic->info & kIsBoolean) return kTakesBool;
      if (basic->info & kIsInteger) return kTakesInt;
      if (basic->info & kIsFloat) return kTakesFloat;
      if (basic->info & kIsComplex) return kTakesComplex;
      if (basic->info & kIsString) return kTakesString;
      return 0;
  }
}

// One question, which goes through a type's parts as fmt does.
class Matcher {
 public:
  Matcher(Context& c, uint16_t kinds) : c_(c), kinds_(kinds) {}

  // `top`: the type is the argument's own, not that of a part.
  bool Match(Type* type, bool top) {
    if (kinds_ == kTakesError) return ConvertsToError(c_, type);
    if (IsFormatter(c_, type)) return true;
    if ((kinds_ & kTakesString) != 0 && HasText(c_, type)) return true;
    if (auto* tparam = As<TypeParam>(Unalias(type))) return MatchAll(tparam, top);
    Type* u = Underlying(type);
    // A type that is under way, or was found to suit.
    if (!seen_.insert(u).second) return true;
    switch (u->kind) {
      case TypeKind::kBasic:
        return (KindsOf(static_cast<Basic*>(u)) & kinds_) != 0;
      case TypeKind::kSignature:
        return kinds_ == kTakesPointer;
      case TypeKind::kChan:
        return (kinds_ & kTakesPointer) != 0;
      case TypeKind::kMap: {
        auto* map = static_cast<Map*>(u);
        return kinds_ == kTakesPointer || (Match(map->key, false) && Match(map->elem, false));
      }
      case TypeKind::kArray:
        return MatchElements(static_cast<Array*>(u)->elem);
      case TypeKind::kSlice:
        return kinds_ == kTakesPointer || MatchElements(static_cast<Slice*>(u)->elem);
      case TypeKind::kPointer:
        return MatchPointer(static_cast<Pointer*>(u)->base, top);
      case TypeKind::kStruct:
        return MatchFields(static_cast<Struct*>(u));
      case TypeKind::kInterface:
        return true;  // it depends on what it holds
      default:
        return false;
    }
  }

  std::string reason;

 private:
  // A type parameter: every type of its set.
  bool MatchAll(TypeParam* tparam, bool top) {
    if (!seen_.insert(tparam).second) return true;
    const TypeSet* set = TypeSetOf(InterfaceOf(tparam));
    if (set->IsEmpty()) return true;
    if (!set->HasTerms()) return false;
    // Types of a set within the set would tell the reader nothing.
    const bool tell = seen_.size() == 1;
    for (const Term& term : set->terms) {
      if (Match(term.type, top)) continue;
      if (tell) reason = std::string("contains ") + (term.tilde ? "~" : "") + TypeString(term.type);
      return false;
    }
    return true;
  }

  bool MatchElements(Type* elem) {
    if ((kinds_ & kTakesString) != 0 && Identical(Underlying(elem), Typ(BasicKind::kUint8))) return true;
    return Match(elem, false);
  }

  bool MatchPointer(Type* base, bool top) {
    if (base == InvalidType() || kinds_ == kTakesPointer || IsTypeParam(base)) return true;
    Type* u = Underlying(base);
    switch (u->kind) {
      case TypeKind::kStruct:
      case TypeKind::kArray:
      case TypeKind::kSlice:
      case TypeKind::kMap:
        // fmt goes through a pointer that it is handed, not through those in it.
        return top && Match(u, false);
      default:
        return (kinds_ & kTakesPointer) != 0;
    }
  }

  bool MatchFields(const Struct* type) {
    for (const Var* field : type->fields) {
      if (!Match(field->type, false)) return false;
      // fmt may not call the methods of what is unexported.
      if ((kinds_ & kTakesString) != 0 && !field->exported() && HasText(c_, field->type)) return false;
    }
    return true;
  }

  Context& c_;
  uint16_t kinds_;
  std::unordered_set<const Type*> seen_;
};

}  // namespace

bool Suits(Context& c, Type* type, uint16_t kinds, std::string* reason) {
  if (kinds == kTakesAnything || type == nullptr) return true;
  Matcher matcher(c, kinds);
  const bool suits = matcher.Match(type, true);
  *reason = std::move(matcher.reason);
  return suits;
}

bool IsFormatter(Context& c, Type* type) {
  if (IsNonTypeParamInterface(type)) return true;  // what it holds may be one
  const Func* method = MethodOf(c, type, "Format");
  if (method == nullptr) return false;
  const Signature* sig = method->signature();
  const std::span<Var* const> params = sig->param_vars();
  if (params.size() != 2 || !sig->result_vars().empty()) return false;
  const Named* state = AsNamed(params[0]->type);
  return state != nullptr && Obj(state)->pkg != nullptr && Obj(state)->pkg->path == "fmt" &&
         Obj(state)->name.text() == "State" && Identical(params[1]->type, Typ(BasicKind::kInt32));
}

}  // namespace escapement::vet
