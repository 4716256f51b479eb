// Term lists: unions of T and ~T in normal form, with set operations.
#pragma once

#include <span>

#include "engine/base/arena.h"
#include "engine/types/type.h"

namespace escapement::types {

// Whether the list stands for all types.
bool TermsAll(std::span<const Term> terms);
List<Term> UniteTerms(base::Arena& arena, std::span<const Term> x, std::span<const Term> y);
List<Term> IntersectTerms(base::Arena& arena, std::span<const Term> x, std::span<const Term> y);

}  // namespace escapement::types
