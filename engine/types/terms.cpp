#include "engine/types/terms.h"

#include <optional>
#include <vector>

#include "engine/types/context.h"
#include "engine/types/predicates.h"
#include "engine/types/printing.h"
#include "engine/types/typeset.h"

namespace escapement::types {

bool TermsAll(std::span<const Term> terms) {
  for (const Term& t : terms) {
    if (t.type == nullptr) return true;
  }
  return false;
}

bool TermsDisjoint(const Term& x, const Term& y) {
  Type* ux = y.tilde ? Underlying(x.type) : x.type;
  Type* uy = x.tilde ? Underlying(y.type) : y.type;
  return !Identical(ux, uy);
}

bool TermIncludes(const Term& x, Type* t) {
  if (x.type == nullptr) return true;
  return Identical(x.type, x.tilde ? Underlying(t) : t);
}

namespace {

bool TermSubset(const Term& x, const Term& y) {
  if (y.type == nullptr) return true;
  if (x.type == nullptr) return false;
  if (TermsDisjoint(x, y)) return false;
  return !x.tilde || y.tilde;
}

// x ∪ y if that is one term.
std::optional<Term> Unite(const Term& x, const Term& y) {
  if (x.type == nullptr) return x;
  if (y.type == nullptr) return y;
  if (TermsDisjoint(x, y)) return std::nullopt;
  return x.tilde || !y.tilde ? x : y;
}

std::optional<Term> Intersect(const Term& x, const Term& y) {
  if (x.type == nullptr) return y;
  if (y.type == nullptr) return x;
  if (TermsDisjoint(x, y)) return std::nullopt;
  return !x.tilde || y.tilde ? x : y;
}

// Unites terms until all are disjoint. Quadratic, but lists are short.
List<Term> Normalise(base::Arena& arena, const std::vector<Term>& terms) {
  List<Term> result;
  std::vector<bool> used(terms.size());
  for (size_t i = 0; i < terms.size(); ++i) {
    if (used[i]) continue;
    Term x = terms[i];
    for (size_t j = i + 1; j < terms.size(); ++j) {
      if (used[j]) continue;
      if (std::optional<Term> both = Unite(x, terms[j])) {
        if (both->type == nullptr) return TopTypeSet()->terms;
        x = *both;
        used[j] = true;
      }
    }
    result.Push(arena, x);
  }
  return result;
}

}  // namespace

List<Term> UniteTerms(base::Arena& arena, std::span<const Term> x, std::span<const Term> y) {
  std::vector<Term> all(x.begin(), x.end());
  all.insert(all.end(), y.begin(), y.end());
  return Normalise(arena, all);
}

List<Term> IntersectTerms(base::Arena& arena, std::span<const Term> x, std::span<const Term> y) {
  std::vector<Term> all;
  for (const Term& a : x) {
    for (const Term& b : y) {
      if (std::optional<Term> both = Intersect(a, b)) all.push_back(*both);
    }
  }
  return Normalise(arena, all);
}

bool TermsSubset(std::span<const Term> x, std::span<const Term> y) {
  if (y.empty()) return x.empty();
  for (const Term& a : x) {
    bool found = false;
    for (const Term& b : y) found = found || TermSubset(a, b);
    if (!found) return false;
  }
  return true;
}

bool TermsEqual(std::span<const Term> x, std::span<const Term> y) {
  return TermsSubset(x, y) && TermsSubset(y, x);
}

std::string TermString(Context& c, const Term& t) {
  if (t.type == nullptr) return "𝓤";
  (void)c;
  return (t.tilde ? "~" : "") + TypeString(t.type);
}

std::string TermsString(Context& c, std::span<const Term> terms) {
  if (terms.empty()) return "∅";
  std::string text;
  for (const Term& t : terms) {
    if (!text.empty()) text += " | ";
    text += TermString(c, t);
  }
  return text;
}

}  // namespace escapement::types
