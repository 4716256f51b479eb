// RunInfo: what an export says about a run beside its events.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace escapement::exporting {

// A step of a verdict's flow, or the position of a verdict.
struct Step {
  std::string file;
  uint32_t line = 0, column = 0;
  std::string text;
};

// A remark of the compiler. `region` is "heap", "stack", "static" or "none".
struct Verdict {
  Step at;
  std::string region = "none";
  std::vector<Step> path;
};

struct RunInfo {
  std::string engine, go;
  std::string identity;
  std::vector<std::string> files;
  uint64_t seed = 1;
  std::vector<std::pair<std::string, double>> options;
  int status = 0;
  std::string reason = "exit";  // exit, panic, fatal, budget, stopped, running
  uint64_t steps = 0;
  std::vector<Verdict> verdicts;
  std::string_view standard_output, standard_error;
};

// Where an export goes: called with pieces of it, in order.
using Sink = std::function<void(std::string_view)>;

}  // namespace escapement::exporting
