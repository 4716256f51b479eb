// `escapement run` and `escapement trace`.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <thread>

#include "engine/cli/run_flags.h"
#include "engine/driver/project.h"

namespace escapement::cli {

void AddRunFlags(CLI::App& app, driver::RunOptions& options) {
  app.add_option("--seed", options.seed, "seed of select, map iteration and math/rand")
      ->capture_default_str();
  app.add_option_function<uint64_t>(
      "--start-time", [&options](uint64_t seconds) { options.start_time_ns = seconds * 1000000000; },
      "what the program's clock says at its start, in seconds since 1970");
  app.add_option("--gogc", options.gc_percent,
                 "GOGC; negative turns the collector off [the environment's GOGC, else 100]");
  app.add_option("--heap-minimum", options.heap_minimum, "bytes of heap before the first cycle");
  app.add_option("--stack-start", options.stack_start, "bytes of a new goroutine's stack (Go: 2048)");
  app.add_option("--stack-limit", options.stack_limit, "bytes a goroutine's stack may grow to");
  app.add_option("--host-stack", options.host_stack,
                 "bytes at which it overflows all the same, with Go's text");
  app.add_option("--memory-limit", options.memory_limit, "bytes of heap and stacks before \"out of memory\"");
  app.add_flag("--snippet", options.snippet, "supply a missing package clause, imports and main");
  app.add_option_function<std::string>(
         "--stress",
         [&options](const std::string& mode) {
           (mode == "gc" ? options.stress_gc : options.stress_stack) = true;
         },
         "gc: collect at every allocation; stack: move the stack at every call")
      ->check(CLI::IsMember({"gc", "stack"}));
}

void StartHere(driver::RunOptions& options) {
  using std::chrono::system_clock;
  const std::chrono::nanoseconds now = system_clock::now().time_since_epoch();
  options.start_time_ns = static_cast<uint64_t>(now.count());
  options.processors = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  for (char** variable = environ; *variable != nullptr; ++variable) options.environment.push_back(*variable);
  char name[256] = {};
  if (gethostname(name, sizeof name - 1) == 0)
    options.files.push_back({vm::kHostNameFile, std::string(name) + "\n"});
}

std::optional<int> ParseFlags(CLI::App& app, const Words& words, Words& rest) {
  app.prefix_command();
  std::vector<std::string> reversed = WithLongDashes(words);
  std::reverse(reversed.begin(), reversed.end());
  try {
    app.parse(reversed);
  } catch (const CLI::ParseError& error) {
    return app.exit(error);
  }
  rest.assign(words.end() - static_cast<std::ptrdiff_t>(app.remaining_size()), words.end());
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

// What the program has written and nobody has seen yet; both descriptors may be one file, so order counts.
struct PendingOutput {
  int descriptor = 1;
  std::string text;

  void Add(int to, std::string_view bytes) {
    if (to != descriptor) Flush();
    descriptor = to;
    text += bytes;
  }
  void Flush() {
    Write(descriptor, text);
    text.clear();
  }
};

// Runs to the end, passing output through; returns the program's exit status.
int Finish(driver::Run& run, PendingOutput& output) {
  driver::RunState state;
  do {
    state = run.Step(kSliceSteps);
    output.Flush();
  } while (state == driver::RunState::kRunning);
  if (std::string note = run.note(); !note.empty()) std::fprintf(stderr, "escapement: %s\n", note.c_str());
  return run.exit_status();
}

// Reads some of standard input, after showing what the program has written so far.
std::string MoreInput(const std::string& output, const std::string& error_output) {
  Write(1, output);
  Write(2, error_output);
  char text[65536];
  ssize_t n = read(0, text, sizeof text);
  return n > 0 ? std::string(text, static_cast<size_t>(n)) : "";
}

}  // namespace

std::unique_ptr<driver::Run> Load(Targets& targets, const Words& words, driver::RunOptions& options,
                                  std::unique_ptr<driver::Session>& session,
                                  std::vector<driver::SourceInput>& sources) {
  if (!targets.Open(words, /*all=*/false)) return nullptr;
  if (targets.packages().size() != 1) {
    std::fprintf(stderr, "go: no packages loaded from %s\n", words.empty() ? "." : words[0].c_str());
    return nullptr;
  }
  const modules::Package& package = *targets.packages()[0];
  if (!SoundImports(targets, package)) return nullptr;
  if (!package.name.empty() && package.name != "main") {
    std::fprintf(stderr, "package %s is not a main package\n", package.path.c_str());
    return nullptr;
  }
  options.arguments.assign(words.begin() + static_cast<std::ptrdiff_t>(targets.taken()), words.end());
  if (!options.more_input) options.more_input = MoreInput;
  targets.GiveFiles(options, targets.here());
  options.has_embedded = true;
  driver::Describe(targets.program(), package, options);
  session = std::make_unique<driver::Session>(targets.program());
  sources = driver::SourcesOf(package.files);
  std::string errors = driver::CheckDependencies(*session, targets.program(), package, /*tests=*/false);
  if (!errors.empty()) {
    std::fputs(errors.c_str(), stderr);
    return nullptr;
  }
  driver::CheckResult result;
  auto run = session->Start(sources, options, result);
  if (!run)
    std::fprintf(stderr, "%s%s", result.imports_missing ? "" : ("# " + package.path + "\n").c_str(),
                 driver::Print(result.messages).c_str());
  return run;
}

bool SoundImports(Targets& targets, const modules::Package& package) {
  if (package.path == "command-line-arguments" && package.error.empty() && package.module == nullptr)
    return true;  // the compiler's own look at the imports says it
  std::vector<std::string> errors = targets.program().ImportErrors(package, /*tests=*/false);
  for (const std::string& error : errors) std::fputs(error.c_str(), stderr);
  return errors.empty();
}

int RunCommand(stdlib::LibrarySource& library, const Words& words) {
  driver::RunOptions options;
  StartHere(options);
  CLI::App app("Runs a Go program on the modelled runtime.", "escapement run");
  AddRunFlags(app, options);
  Words rest;
  if (auto status = ParseFlags(app, words, rest)) return *status;
  Targets targets(library);
  std::unique_ptr<driver::Session> session;
  std::vector<driver::SourceInput> sources;
  PendingOutput output;
  options.write = [&output](int descriptor, std::string_view text) { output.Add(descriptor, text); };
  options.more_input = [&output](const std::string&, const std::string&) {
    output.Flush();
    return MoreInput("", "");
  };
  auto run = Load(targets, rest, options, session, sources);
  return run ? Finish(*run, output) : 1;
}

}  // namespace escapement::cli
