#include "engine/base/check.h"

#include <cstdio>
#include <cstdlib>

namespace escapement::base {

void CheckFailed(const char* file, int line, const char* condition, const std::string& message) {
  const std::string text = std::string(file) + ":" + std::to_string(line) + ": ENSURE failed: " + condition +
                           ": " + message + "\n";
  std::fputs(text.c_str(), stderr);
  std::abort();
}

}  // namespace escapement::base
