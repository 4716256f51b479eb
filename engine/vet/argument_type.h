// Which types of arguments suit a verb of fmt.Printf.
#pragma once

#include <cstdint>
#include <string>

#include "engine/types/context.h"

namespace escapement::vet {

// What a verb takes: a set of these.
enum ArgumentKind : uint16_t {
  kTakesBool = 1 << 0,
  kTakesByte = 1 << 1,
  kTakesInt = 1 << 2,
  kTakesRune = 1 << 3,
  kTakesString = 1 << 4,
  kTakesFloat = 1 << 5,
  kTakesComplex = 1 << 6,
  kTakesPointer = 1 << 7,
  kTakesError = 1 << 8,
  kTakesAnything = 0xFFFF,
};

// Whether a value of the type suits a verb that takes `kinds`. On false `reason` may tell which type of a
// type parameter's set does not.
bool Suits(types::Context& c, types::Type* type, uint16_t kinds, std::string* reason);

// Whether a value of the type could be a fmt.Formatter, which understands every verb and flag.
bool IsFormatter(types::Context& c, types::Type* type);

}  // namespace escapement::vet
