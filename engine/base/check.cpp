#include "engine/base/check.h"

#include <cstdio>
#include <cstdlib>

namespace escapement::base {

void CheckFailed(const char* file, int line, const char* condition, const std::string& message) {
  std::fprintf(stderr, "%s:%d: ENSURE failed: %s: %s\n", file, line, condition, message.c_str());
  std::abort();
}

}  // namespace escapement::base
