// What `run` and `trace` share: their flags and the way to a loaded program.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "engine/cli/args.h"
#include "engine/cli/commands.h"
#include "engine/driver/run.h"
#include "engine/driver/session.h"

namespace escapement::cli {

// Steps between two looks at the output.
inline constexpr uint64_t kSliceSteps = 1000000;

// Declares the flags of a run.
void AddRunFlags(CLI::App& app, driver::RunOptions& options);
// Parses flags; on --help or an error prints and returns the status to exit with.
std::optional<int> ParseFlags(CLI::App& app, const Words& flags);
// Reads the sources and links the program; null, after printing why, if it cannot run.
std::unique_ptr<driver::Run> Load(driver::Session& session, const CommandWords& words,
                                  driver::RunOptions& options, std::vector<driver::SourceInput>& sources);

}  // namespace escapement::cli
