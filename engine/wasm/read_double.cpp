// strtod by the engine's own reader: the C library's brings arithmetic of 128-bit floating point along.
#include <cstring>

#include "engine/base/number_text.h"

// In place of the C library's function (wasm.cmake tells the linker). The JSON reader calls it, with numbers
// that it has seen to be well-formed.
extern "C" double __wrap_strtod(const char* text, char** end) {
  size_t used = 0;
  const double value = escapement::base::ReadDouble({text, std::strlen(text)}, &used);
  if (end != nullptr) *end = const_cast<char*>(text) + used;
  return value;
}
