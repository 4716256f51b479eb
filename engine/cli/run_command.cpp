// `escapement run` and `escapement trace`.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>

#include "engine/cli/run_flags.h"
#include "engine/cli/source_files.h"

namespace escapement::cli {

void AddRunFlags(CLI::App& app, driver::RunOptions& options) {
  app.add_option("--seed", options.seed, "seed of select, map iteration and math/rand")
      ->capture_default_str();
  app.add_option("--gogc", options.gc_percent, "GOGC; negative turns the collector off")
      ->capture_default_str();
  app.add_option("--heap-minimum", options.heap_minimum, "bytes of heap before the first cycle");
  app.add_option("--stack-limit", options.stack_limit, "bytes a goroutine's stack may grow to");
  app.add_flag("--snippet", options.snippet, "supply a missing package clause, imports and main");
  app.add_option_function<std::string>(
         "--stress",
         [&options](const std::string& mode) {
           (mode == "gc" ? options.stress_gc : options.stress_stack) = true;
         },
         "gc: collect at every allocation; stack: move the stack at every call")
      ->check(CLI::IsMember({"gc", "stack"}));
}

std::optional<int> ParseFlags(CLI::App& app, const Words& flags) {
  std::vector<std::string> reversed = WithLongDashes(flags);
  std::reverse(reversed.begin(), reversed.end());
  try {
    app.parse(reversed);
  } catch (const CLI::ParseError& error) {
    return app.exit(error);
  }
  return std::nullopt;
}

namespace {

void Write(int descriptor, const std::string& text) {
  for (size_t at = 0; at < text.size();) {
    ssize_t n = write(descriptor, text.data() + at, text.size() - at);
    if (n <= 0) return;
    at += static_cast<size_t>(n);
  }
}

// Runs to the end, passing output through; returns the program's exit status.
int Finish(driver::Run& run) {
  driver::RunState state;
  do {
    state = run.Step(kSliceSteps);
    Write(1, run.TakeOutput());
    Write(2, run.TakeErrorOutput());
  } while (state == driver::RunState::kRunning);
  return run.exit_status();
}

std::string StandardInput() {
  if (isatty(0)) return "";
  return std::string(std::istreambuf_iterator<char>(std::cin), {});
}

}  // namespace

std::unique_ptr<driver::Run> Load(driver::Session& session, const CommandWords& words,
                                  driver::RunOptions& options, std::vector<driver::SourceInput>& sources) {
  if (!ReadSources(words.files, Naming::kBuild, sources)) return nullptr;
  options.arguments = words.program_arguments;
  options.input = StandardInput();
  driver::CheckResult errors;
  auto run = session.Start(sources, options, errors);
  if (!run) std::fprintf(stderr, "# command-line-arguments\n%s", driver::Print(errors.messages).c_str());
  return run;
}

int RunCommand(stdlib::LibrarySource& library, const Words& words) {
  CommandWords split = Split(words);
  driver::RunOptions options;
  CLI::App app("Runs a Go program on the modelled runtime.", "escapement run");
  AddRunFlags(app, options);
  if (auto status = ParseFlags(app, split.flags)) return *status;
  driver::Session session(library);
  std::vector<driver::SourceInput> sources;
  auto run = Load(session, split, options, sources);
  return run ? Finish(*run) : 1;
}

}  // namespace escapement::cli
