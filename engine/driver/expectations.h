// Expectations: what a text says a program does, a line each, in the small syntax of ARCHITECTURE.md
// ("line 7: heap 24 B ×1"), checked against a run.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/driver/facts.h"
#include "engine/driver/session.h"
#include "engine/trace/timeline.h"

namespace escapement::driver {

// What a judgement rests on. Without a run (`log` null) only verdicts and messages are known.
struct RunFigures {
  const CheckResult* check = nullptr;
  const trace::Log* log = nullptr;
  const trace::Timeline* timeline = nullptr;
  const Facts* facts = nullptr;
  std::string output, error_output;
  int exit_status = 0;
};

struct Expectation {
  uint32_t line = 0;  // in the text that holds it, from 1
  std::string text;
  bool ok = false;
  std::string got;  // what was found
};

// Checks each line of `text` that is not empty.
std::vector<Expectation> Judge(std::string_view text, const RunFigures& figures);

}  // namespace escapement::driver
