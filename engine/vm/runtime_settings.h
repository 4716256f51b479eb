// What the runtime itself reads of a program's environment at its start: GOGC, GOMAXPROCS, GOMEMLIMIT,
// GOTRACEBACK and GODEBUG=gctrace=1 (package runtime's documentation, "Environment Variables").
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace escapement::vm {

// What a crash shows of the goroutines.
struct TracebackMode {
  bool frames = true;  // anything at all
  bool all = false;    // every goroutine, not only the one that failed
  bool operator==(const TracebackMode&) const = default;
};

struct RuntimeSettings {
  int32_t gc_percent = 100;          // GOGC; negative is off
  int64_t memory_limit = INT64_MAX;  // GOMEMLIMIT, bytes
  std::string malformed_limit;       // what GOMEMLIMIT says if that is no size: the program does not start
  TracebackMode traceback;           // GOTRACEBACK
  bool gc_trace = false;             // GODEBUG=gctrace=1: a line on standard error for each cycle
  int32_t max_procs = 0;             // GOMAXPROCS; 0: as many as there are processors
};

// The value of a variable of an environment, which holds NAME=value; empty if it has none.
std::string_view Lookup(const std::vector<std::string>& environment, std::string_view name);

RuntimeSettings ReadSettings(const std::vector<std::string>& environment);

// A level as GOTRACEBACK and debug.SetTraceback name it.
// Model: `system` and `crash` are `all`: the runtime's own frames and goroutines are not Go code here.
TracebackMode ParseTraceback(std::string_view level);

}  // namespace escapement::vm
