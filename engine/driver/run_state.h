// What a Run owns; seen by the driver's own files only.
#pragma once

#include <string>
#include <string_view>

#include "engine/driver/executable.h"
#include "engine/driver/inspector.h"
#include "engine/driver/run.h"

namespace escapement::driver {

struct Run::State {
  State(Library& library, const RunOptions& run_options);
  // Takes what the program writes; past the limit the run is stopped.
  void Write(int descriptor, std::string_view bytes);
  // Analyses, links and boots. Returns what is too large for that, or "".
  [[nodiscard]] std::string Load();
  void SetProcessors();
  // Keeps what it wrote for who takes it.
  void Keep(bool error, std::string_view bytes);

  RunOptions options;
  trace::Log log;
  std::string output, error_output;
  std::vector<OutputTurn> turns;  // in which order they were written
  uint64_t written = 0;
  bool stopped = false;
  bool exited = false;
  int exit_status = 0;
  Compilation compilation;
  vm::Machine machine;
  Executable executable;
  Inspector inspector;
};

}  // namespace escapement::driver
