// Diagnostics: the compiler's sentences as data. Passes emit them in gc's order;
// faces print them. Errors of the front end are sorted by line as gc sorts them;
// remarks (`-m`) keep the order of emission.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "engine/diag/position.h"

namespace escapement::diag {

enum class Severity : uint8_t { kError, kWarning, kRemark };

// One sentence about one position. `text` has no position prefix; further lines
// (types2 prints some, indented with a tab) follow after '\n'.
struct Diagnostic {
  Pos pos;
  Severity severity = Severity::kError;
  bool soft = false;  // types2's soft errors: the package can still be compiled
  std::string text;
};

// Collects diagnostics of one check. Passed by reference to every pass that can
// fail on user input.
class Emitter {
 public:
  void Error(Pos pos, std::string text) { Add({pos, Severity::kError, false, std::move(text)}); }
  void SoftError(Pos pos, std::string text) { Add({pos, Severity::kError, true, std::move(text)}); }
  void Remark(Pos pos, std::string text) { Add({pos, Severity::kRemark, false, std::move(text)}); }
  void Add(Diagnostic d) {
    if (d.severity == Severity::kError) ++errors_;
    diagnostics_.push_back(std::move(d));
  }

  int errors() const { return errors_; }
  const std::vector<Diagnostic>& diagnostics() const { return diagnostics_; }
  void Clear() {
    diagnostics_.clear();
    errors_ = 0;
  }

 private:
  std::vector<Diagnostic> diagnostics_;
  int errors_ = 0;
};

}  // namespace escapement::diag
