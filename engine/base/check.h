// ENSURE: our own mistakes stop the program with a message; user mistakes are
// (Not named CHECK: doctest owns that word in the unit tests.)
// diagnostics (engine/diag) and never come here.
#pragma once

#include <string>

namespace escapement::base {

// Prints "FILE:LINE: ENSURE failed: CONDITION: MESSAGE" to stderr and aborts.
[[noreturn]] void CheckFailed(const char* file, int line, const char* condition, const std::string& message);

}  // namespace escapement::base

// Aborts with `message` (anything convertible to std::string) unless `condition` holds.
// (__builtin_FILE, not __FILE__: preprocessed text then names no folder, and compiler caches share it.)
#define ENSURE(condition, message)                                                        \
  do {                                                                                    \
    if (!(condition)) [[unlikely]]                                                        \
      ::escapement::base::CheckFailed(__builtin_FILE(), __LINE__, #condition, (message)); \
  } while (false)

// Marks a point that no input can reach.
#define UNREACHABLE(message) \
  ::escapement::base::CheckFailed(__builtin_FILE(), __LINE__, "unreachable", (message))
