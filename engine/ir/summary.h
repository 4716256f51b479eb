// Summary: what other packages know of a function without seeing its body: gc's
// export data for inlining and escape analysis. Loaded from a pack, or computed by
// analysing the function's package whole.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace escapement::ir {

struct Summary {
  bool computed = false;
  // Inlining: the cost when inlinable, else the reason why not ("function too complex: …").
  bool inlinable = false;
  int32_t inline_cost = 0;
  bool can_delay_results = false;
  std::string not_inlinable_reason;
  // Escape: one tag a receiver and parameter, in order, in gc's encoding ("esc:" + bytes; empty: leaks).
  std::vector<std::string> param_tags;
  bool never_returns = false;
};

}  // namespace escapement::ir
