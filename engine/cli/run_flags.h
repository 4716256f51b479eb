// What `run` and `trace` share: their flags and the way to a loaded program.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "engine/cli/args.h"
#include "engine/cli/commands.h"
#include "engine/cli/targets.h"
#include "engine/driver/run.h"
#include "engine/driver/session.h"

namespace escapement::cli {

// Steps between two looks at the output.
inline constexpr uint64_t kSliceSteps = 1000000;

// Gives a program what go would give it here: the time, the environment, the host's processors and name.
// What shows a trace does without, so that it can be repeated anywhere.
void StartHere(driver::RunOptions& options);
// Declares the flags of a run.
void AddRunFlags(CLI::App& app, driver::RunOptions& options);
// Parses the flags that `words` start with and leaves the others in `rest`; on --help or an error
// prints and returns the status to exit with.
std::optional<int> ParseFlags(CLI::App& app, const Words& words, Words& rest);
// Opens the target that `words` name and links the program; null, after printing why, if it cannot
// run. What the run refers to comes back in `session` and `sources`.
std::unique_ptr<driver::Run> Load(Targets& targets, const Words& words, driver::RunOptions& options,
                                  std::unique_ptr<driver::Session>& session,
                                  std::vector<driver::SourceInput>& sources);
// Prints what `go list` finds wrong with the imports; false when there was something.
bool SoundImports(Targets& targets, const modules::Package& package);

}  // namespace escapement::cli
