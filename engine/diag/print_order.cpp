#include "engine/diag/print_order.h"

#include <algorithm>
#include <string_view>

#include "engine/base/sort.h"

namespace escapement::diag {

namespace {

constexpr size_t kErrorLimit = 10;

bool SameLine(Pos a, Pos b) {
  return a.file == b.file && a.line == b.line;
}

// gc's memory of the last error of either kind.
struct Filter {
  Pos last_syntax, last_other;
  std::string_view last_text;

  // Whether `error` adds nothing to what was reported on its line.
  bool Drops(const Diagnostic& error) {
    if (error.text.rfind("syntax error", 0) == 0) {
      if (SameLine(last_syntax, error.pos)) return true;
      last_syntax = error.pos;
      return false;
    }
    if (SameLine(last_other, error.pos) && last_text == error.text) return true;
    last_other = error.pos;
    last_text = error.text;
    return false;
  }
};

}  // namespace

std::vector<Diagnostic> PrintOrder(const std::vector<Diagnostic>& diagnostics, bool all_errors) {
  std::vector<Diagnostic> errors, remarks;
  Filter filter;
  bool too_many = false;
  for (const Diagnostic& d : diagnostics) {
    if (d.severity != Severity::kError) {
      remarks.push_back(d);
    } else if (!too_many && !filter.Drops(d)) {
      errors.push_back(d);
      too_many = !all_errors && errors.size() == kErrorLimit;
    }
  }
  Diagnostic last{too_many ? errors.back().pos : Pos(), Severity::kError, false, "too many errors"};
  base::Sort(errors, [](const auto& a, const auto& b) { return a.pos < b.pos; });
  auto equal = [](const Diagnostic& a, const Diagnostic& b) { return a.pos == b.pos && a.text == b.text; };
  errors.erase(std::unique(errors.begin(), errors.end(), equal), errors.end());
  if (too_many) errors.push_back(std::move(last));
  errors.insert(errors.end(), remarks.begin(), remarks.end());
  return errors;
}

}  // namespace escapement::diag
