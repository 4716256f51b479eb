#include "engine/types/typeset.h"

#include <algorithm>
#include <unordered_map>

#include "engine/base/sort.h"
#include "engine/types/errors.h"
#include "engine/types/objset.h"
#include "engine/types/predicates.h"
#include "engine/types/record.h"
#include "engine/types/terms.h"
#include "engine/types/typexpr.h"

namespace escapement::types {

namespace {
constexpr size_t kMaxUnionTerms = 100;  // limit of the implementation, as types2 has it
Term kUniverseTerm;
TypeSet MakeTopTypeSet() {
  TypeSet set;
  set.terms.data = &kUniverseTerm;
  set.terms.count = 1;
  set.terms.capacity = 1;
  return set;
}
}  // namespace

TypeSet* TopTypeSet() {
  static TypeSet top = MakeTopTypeSet();
  return &top;
}

Interface* EmptyInterface() {
  static Interface empty = [] {
    Interface type;
    type.kind = TypeKind::kInterface;
    type.complete = true;
    type.type_set = TopTypeSet();
    return type;
  }();
  return &empty;
}

TypeSet* TypeSetOf(Interface* type) {
  if (type->type_set != nullptr) return type->type_set;
  return ComputeTypeSet(*type->context, {}, type);
}

int MethodIndex(std::span<Func* const> methods, const Package* pkg, base::Name name, bool fold_case) {
  if (name.text() == "_") return -1;
  for (size_t i = 0; i < methods.size(); ++i) {
    if (SameId(methods[i], pkg, name, fold_case)) return static_cast<int>(i);
  }
  return -1;
}

bool IsComparableSet(const TypeSet* set, std::unordered_set<Type*>* seen) {
  if (!set->HasTerms() && !set->IsEmpty()) return set->comparable;
  return EachTerm(set, [&](const Term* term) {
    return term != nullptr && ComparableCause(nullptr, term->type, false, nullptr, seen);
  });
}

void SortMethods(std::span<Func*> methods) {
  base::Sort(methods, [](const Func* a, const Func* b) {
    bool exported = a->exported();
    if (exported != b->exported()) return exported;
    if (a->name != b->name) return a->name.text() < b->name.text();
    return !exported && a->pkg->path < b->pkg->path;
  });
}

bool EachTerm(const TypeSet* set, const std::function<bool(const Term*)>& f) {
  if (!set->HasTerms()) return f(nullptr);
  for (const Term& term : set->terms) {
    if (!f(&term)) return false;
  }
  return true;
}

bool EachType(Type* t, const std::function<bool(Type*, Type*)>& f) {
  auto* tparam = As<TypeParam>(Unalias(t));
  if (tparam == nullptr) return f(t, Underlying(t));
  TypeSet* set = TypeSetOf(InterfaceOf(tparam));
  if (!set->HasTerms()) return f(nullptr, nullptr);
  for (const Term& term : set->terms) {
    Type* u = Unalias(term.type);
    if (!term.tilde) u = Underlying(u);
    if (!f(term.type, u)) return false;
  }
  return true;
}

namespace {

// Collects the methods of an interface, explicit and embedded, without duplicates.
class MethodCollector {
 public:
  explicit MethodCollector(Context& c) : c_(c) {}

  void Add(diag::Pos pos, Func* method, bool is_explicit) {
    auto* other = static_cast<Func*>(seen_.Insert(method));
    if (other == nullptr) {
      methods.Push(c_.arena, method);
      positions_[method] = pos;
      return;
    }
    diag::Pos other_pos = positions_[other];
    auto report = [&c = c_, pos, other_pos, method] {
      Report(c)
          .Add(pos, "duplicate method " + method->name.str())
          .Add(other_pos, "other declaration of method " + method->name.str())
          .Emit();
    };
    if (is_explicit) {
      report();
      return;
    }
    // Methods with the same name must have identical types, which are not all set up yet.
    LaterVerify(c_, [&c = c_, pos, method, other, report] {
      if ((pos.valid() && !AllowVersion(c, 14)) || !Identical(method->type, other->type)) report();
    });
  }

  List<Func*> methods;

 private:
  Context& c_;
  ObjectSet seen_;
  std::unordered_map<const Func*, diag::Pos> positions_;
};

struct ElementSet {
  List<Term> terms;
  bool comparable = false;
  bool ignore = false;
};

TypeSet* ComputeUnionSet(Context& c, diag::Pos pos, Union* type);

bool IsImportedConstraint(Context& c, Type* type) {
  Named* named = AsNamed(type);
  if (named == nullptr || Obj(named)->pkg == c.env.pkg || Obj(named)->pkg == nullptr) return false;
  auto* iface = Under<Interface>(named);
  return iface != nullptr && !TypeSetOf(iface)->IsMethodSet();
}

ElementSet EmbeddedElement(Context& c, diag::Pos pos, Type* type, MethodCollector& methods) {
  ElementSet result;
  Type* u = Underlying(type);
  if (auto* iface = As<Interface>(u)) {
    TypeSet* set = ComputeTypeSet(c, pos, iface);
    if (pos.valid() && !AllowVersion(c, 18) && IsImportedConstraint(c, type)) {
      VersionError(c, pos, 18, Text(c, "embedding constraint interface ", type));
      result.ignore = true;
      return result;
    }
    result.comparable = set->comparable;
    for (Func* method : set->methods) methods.Add(pos, method, false);
    result.terms = set->terms;
  } else if (auto* un = As<Union>(u)) {
    if (pos.valid() && !VerifyVersion(c, pos, 18, "embedding interface element ", u)) {
      result.ignore = true;
      return result;
    }
    TypeSet* set = ComputeUnionSet(c, pos, un);
    result.ignore = set == nullptr;
    if (set != nullptr) result.terms = set->terms;
  } else if (!IsValid(u)) {
    result.ignore = true;
  } else if (pos.valid() && !VerifyVersion(c, pos, 18, "embedding non-interface type ", type)) {
    result.ignore = true;
  } else {
    result.terms.Push(c.arena, Term{false, type});
  }
  return result;
}

void Intersect(Context& c, TypeSet* set, const ElementSet& element) {
  List<Term> terms = IntersectTerms(c.arena, set->terms, element.terms);
  bool comparable = set->comparable || element.comparable;
  if (comparable && !TermsAll(terms)) {
    // Only comparable types remain, and the terms say so themselves.
    List<Term> kept;
    for (const Term& term : terms) {
      if (Comparable(term.type, false)) kept.Push(c.arena, term);
    }
    terms = kept;
    comparable = false;
  }
  set->terms = terms;
  set->comparable = comparable;
}

// Null if the union has too many terms (reported).
TypeSet* ComputeUnionSet(Context& c, diag::Pos pos, Union* type) {
  auto known = c.union_type_sets.find(type);
  if (known != c.union_type_sets.end()) return known->second;
  TypeSet* set = c.arena.New<TypeSet>();
  c.union_type_sets[type] = set;  // guards against recursion
  List<Term> all;
  for (const Term& term : type->terms) {
    List<Term> terms;
    Type* u = Underlying(term.type);
    if (auto* iface = As<Interface>(u)) {
      terms = ComputeTypeSet(c, pos, iface)->terms;
    } else if (!IsValid(u)) {
      continue;
    } else if (!term.tilde || Identical(term.type, u)) {
      terms.Push(c.arena, term);
    }
    all = UniteTerms(c.arena, all, terms);
    if (all.size() > kMaxUnionTerms) {
      Error(c, pos, "cannot handle more than ", kMaxUnionTerms, " union terms (implementation limitation)");
      c.union_type_sets[type] = nullptr;
      return nullptr;
    }
  }
  set->terms = all;
  return set;
}

}  // namespace

List<Term> UnionTerms(Union* type) {
  TypeSet* set = ComputeUnionSet(*type->context, {}, type);
  return set != nullptr ? set->terms : List<Term>{};
}

TypeSet* ComputeTypeSet(Context& c, diag::Pos pos, Interface* type) {
  if (type->type_set != nullptr) return type->type_set;
  // Not set up yet: a cyclic declaration, which is reported elsewhere.
  if (!type->complete) return TopTypeSet();
  TypeSet* set = c.arena.New<TypeSet>(*TopTypeSet());
  type->type_set = set;  // guards against recursion

  MethodCollector methods(c);
  for (Func* method : type->methods) methods.Add(method->pos, method, true);
  (void)pos;
  for (size_t i = 0; i < type->embeddeds.size(); ++i) {
    diag::Pos embed_pos = i < type->embed_pos.size() ? type->embed_pos[i] : diag::Pos();
    ElementSet element = EmbeddedElement(c, embed_pos, type->embeddeds[i], methods);
    if (!element.ignore) Intersect(c, set, element);
  }
  SortMethods(methods.methods.span());
  set->methods = methods.methods;
  return set;
}

Type* CommonUnder(Context& c, Type* t, const TypeCondition& condition, std::string* cause) {
  Type* common_type = nullptr;
  Type* common = nullptr;
  auto fail = [&](auto... parts) {
    if (cause != nullptr) *cause = Text(c, parts...);
    return false;
  };
  bool ok = EachType(t, [&](Type* type, Type* u) {
    if (condition && !condition(type, u, cause)) return false;
    if (u == nullptr) return fail("no specific type");
    if (common == nullptr) {
      common_type = type;
      common = u;
      return true;
    }
    auto *a = As<Chan>(common), *b = As<Chan>(u);
    if (a != nullptr && b != nullptr) {
      if (!Identical(a->elem, b->elem)) {
        return fail("channels ", common_type, " and ", type, " have different element types");
      }
      if (a->dir == b->dir) return true;
      if (a->dir == ChanDir::kSendRecv) {  // the restricted channel stands for both
        common_type = type;
        common = u;
      } else if (b->dir != ChanDir::kSendRecv) {
        return fail("channels ", common_type, " and ", type, " have conflicting directions");
      }
      return true;
    }
    if (!Identical(common, u)) {
      return fail(common_type, " and ", type, " have different underlying types");
    }
    return true;
  });
  return ok ? common : nullptr;
}

namespace {

// One operand of a union: its expression and the `|` before it (null for the first).
struct UnionPart {
  syntax::Expr* bar;
  syntax::Expr* expr;
};

// A | B | C in source order.
std::vector<UnionPart> FlattenUnion(syntax::Expr* e) {
  std::vector<UnionPart> parts;
  for (;;) {
    auto* op = syntax::As<syntax::Operation>(e);
    if (op == nullptr || op->op != syntax::Operator::kOr) break;
    parts.push_back({op, op->y});
    e = op->x;
  }
  parts.push_back({nullptr, e});
  std::reverse(parts.begin(), parts.end());
  return parts;
}

Union* NewUnion(Context& c, std::span<const Term> terms) {
  auto* type = NewType<Union>(c);
  type->context = &c;
  type->terms = c.arena.Copy(terms);
  return type;
}

Term ParseTerm(Context& c, syntax::Expr* e) {
  syntax::Expr* x = e;
  bool tilde = false;
  if (auto* op = syntax::As<syntax::Operation>(e); op != nullptr && op->op == syntax::Operator::kTilde) {
    x = op->x;
    tilde = true;
  }
  Type* type = TypeExpr(c, x);
  // Embedding stand-alone type parameters is not permitted.
  if (IsTypeParam(type)) {
    if (tilde) {
      Error(c, x, "type in term ", e, " cannot be a type parameter");
    } else {
      Error(c, x, "term cannot be a type parameter");
    }
    type = InvalidType();
  }
  Term term{tilde, type};
  if (tilde) RecordType(c, e, NewUnion(c, std::span<const Term>(&term, 1)));
  return term;
}

int OverlappingTerm(std::span<const Term> terms, const Term& y) {
  for (size_t i = 0; i < terms.size(); ++i) {
    if (!IsInterface(terms[i].type) && !TermsDisjoint(terms[i], y)) return static_cast<int>(i);
  }
  return -1;
}

void VerifyUnion(Context& c, const std::vector<UnionPart>& parts, std::span<const Term> terms) {
  for (size_t i = 0; i < terms.size(); ++i) {
    const Term& t = terms[i];
    if (!IsValid(t.type)) continue;
    syntax::Expr* at = parts[i].expr;
    Type* u = Underlying(t.type);
    auto* iface = As<Interface>(u);
    if (t.tilde) {
      if (iface != nullptr) {
        Error(c, at, "invalid use of ~ (", t.type, " is an interface)");
        continue;
      }
      if (!Identical(u, t.type)) {
        Error(c, at, "invalid use of ~ (underlying type of ", t.type, " is ", u, ")");
        continue;
      }
    }
    if (iface != nullptr) {
      // Interfaces with methods or comparable would make the set's computation exponential.
      TypeSet* set = TypeSetOf(iface);
      std::string term = TermString(c, t);
      if (!set->methods.empty()) {
        Error(c, at, "cannot use ", term, " in union (", term, " contains methods)");
      } else if (t.type == c.universe.comparable->type) {
        Error(c, at, "cannot use comparable in union");
      } else if (set->comparable) {
        Error(c, at, "cannot use ", term, " in union (", term, " embeds comparable)");
      }
      continue;
    }
    int other = OverlappingTerm(terms.subspan(0, i), t);
    if (other >= 0) {
      SoftError(c, at, "overlapping terms ", TermString(c, t), " and ",
                TermString(c, terms[static_cast<size_t>(other)]));
    }
  }
}

}  // namespace

Type* ParseUnion(Context& c, syntax::Expr* expr) {
  std::vector<UnionPart> parts = FlattenUnion(expr);
  std::vector<Term> terms;
  Type* result = nullptr;
  for (const UnionPart& part : parts) {
    Term term = ParseTerm(c, part.expr);
    if (parts.size() == 1 && !term.tilde) return term.type;  // a single type embeds as itself
    if (terms.size() >= kMaxUnionTerms) {
      if (IsValid(result)) {
        Error(c, part.expr, "cannot handle more than ", kMaxUnionTerms,
              " union terms (implementation limitation)");
        result = InvalidType();
      }
    } else {
      terms.push_back(term);
      result = NewUnion(c, terms);
    }
    if (part.bar != nullptr) RecordType(c, part.bar, result);
  }
  if (!IsValid(result)) return result;
  LaterVerify(c, [&c, parts, terms] { VerifyUnion(c, parts, terms); });
  return result;
}

}  // namespace escapement::types
