// Facts: what a run says of the compiler's verdicts. A verdict speaks of lifetimes: where a value may have to
// live. The run says whether memory was allocated for it, how often, and what of it outlived the collector.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/driver/inspector.h"
#include "engine/driver/session.h"

namespace escapement::driver {

enum class Ran : uint8_t { kYes, kNo, kUnknown };
enum class Surprise : uint8_t { kNone, kNoAllocation, kAllocates };

struct VerdictFact {
  size_t verdict = 0;  // index
  uint64_t objects = 0, bytes = 0;
  uint64_t survivors = 0, survivor_bytes = 0;  // alive after the last cycle
  Ran ran = Ran::kUnknown;
  Surprise surprise = Surprise::kNone;
  std::string explanation;
};

// Allocations of the user's lines at which the compiler says nothing.
struct OtherFact {
  uint32_t line = 0, column = 0;
  std::string function, kind, type;
  uint64_t objects = 0, bytes = 0;
  std::string explanation;
};

struct Facts {
  std::vector<VerdictFact> verdicts;
  std::vector<OtherFact> others;
};

// Puts a run's verdicts beside its allocations. A run that is too long to be looked at again leaves `ran`
// unknown where nothing was allocated.
Facts FactsOf(Inspector& inspector, const trace::Log& log, const std::vector<Verdict>& verdicts);

}  // namespace escapement::driver
