// Run: one execution of one program, stepped in slices by its owner so that a page
// can draw, and stop it, in between.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/driver/options.h"
#include "engine/driver/session.h"
#include "engine/export/inspection.h"
#include "engine/trace/log.h"

namespace escapement::driver {

class Inspector;
struct InspectOptions;

// How a run stands after a slice.
enum class RunState : uint8_t {
  kRunning,  // the slice ended; call Step again
  kExited,   // the program ended; see exit_status()
  kStopped,  // stopped by its owner or a budget
};

// So many bytes in a row were written to one of a program's two streams.
struct OutputTurn {
  bool error = false;
  size_t length = 0;
};

// Owned by the caller; lives no longer than its Session.
class Run {
 public:
  struct State;
  explicit Run(std::unique_ptr<State> state);
  ~Run();

  // Runs at most `max_steps` steps (≤ 1M keeps a page answering).
  RunState Step(uint64_t max_steps);
  // Ends the run; the output and the trace so far stay.
  void Stop();

  // What the program wrote since the last call.
  std::string TakeOutput();
  std::string TakeErrorOutput();
  // The turns in which the two were written since this was asked last.
  std::vector<OutputTurn> TakeOutputTurns();
  // The status the process would exit with; valid after kExited.
  int exit_status() const;
  // What to say to the user when a limit of ours, not of Go's, ended the program; else empty.
  std::string note() const;
  // Steps run so far.
  uint64_t steps() const;
  // The log; empty unless RunOptions::trace.
  const trace::Log& log() const;

  // Time travel (inspector.h); only for a traced run, between two slices or after its end.
  Inspector& inspector();
  // What is where at the moment that the inspector has gone to. `verdicts` are the program's own.
  exporting::Inspection Inspect(const InspectOptions& options, const std::vector<Verdict>& verdicts);
  // Why the object at an address is alive then.
  exporting::AliveAnswer WhyAlive(uint64_t address);

 private:
  std::unique_ptr<State> state_;
};

}  // namespace escapement::driver
