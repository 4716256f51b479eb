// What a caller may ask of a session: the compiler's flags and a run's settings.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/sched/scheduler.h"
#include "engine/vm/file_system.h"

namespace escapement::driver {

// One source file as the user gave it.
struct SourceInput {
  std::string name;  // as messages print it: ./main.go
  std::string text;
  std::string run_path;  // as tracebacks print it; empty: the same as name
};

// The flags of `go tool compile` that change a diagnostic.
struct CompileFlags {
  int remarks = 0;                           // -m, -m=2
  int no_inline = 0;                         // -l; 4 turns on mid-stack closures in gc, which 1.26 ignores
  bool no_optimize = false;                  // -N
  bool small_frames = false;                 // -smallframes
  bool all_errors = false;                   // -e: more than ten errors
  bool standard = false;                     // -std, -+
  std::string package_path = "main";         // -p
  std::string language;                      // -lang=go1.N
  bool bodies_may_miss = false;              // `go tool compile`: functions may be written in assembly
  bool complete = false;                     // -complete: none of them is
  bool assembly = false;                     // `go build` of a package with assembly files: some are
  bool check_only = false;                   // errors are wanted, no remarks and verdicts
  bool snippet = false;                      // supply a missing package clause, imports and main
  bool link = false;                         // the package is to become a program
  bool vet = false;                          // warnings too: go vet's printf check
  std::map<std::string, std::string> debug;  // -d=key[=value],…

  // Parses one `-gcflags` value as `go build` does (a `pattern=` prefix is skipped).
  // Returns an error sentence, or "" when every flag was understood.
  [[nodiscard]] std::string Parse(std::string_view gcflags);
  [[nodiscard]] std::string Parse(const std::vector<std::string>& flags);
};

// Where go run puts the program that it builds of `from`, an import path or the first of its files, and go
// test that of a package's tests: what os.Args[0] says, and with it flag's `Usage of …`. Model: go's folder
// has another number each time; ours has none, so that what a program prints repeats.
std::string ExecutablePath(std::string_view from, bool tests = false);

// Settings of one run; every field has the value that Go itself would use.
struct RunOptions {
  std::string program;                   // os.Args[0]; not set: ExecutablePath of the first file
  std::vector<std::string> arguments;    // os.Args[1:]
  std::vector<std::string> environment;  // NAME=value
  vm::HostFiles host_files;              // what the program can read beside its own files; never written
  std::string directory = "/";           // where it starts
  std::vector<std::pair<std::string, std::string>> files;  // in memory: path, text
  std::string input;                                       // what standard input holds
  // Gives more of it when the program wants some, "" at its end. It is handed what the program has written
  // and nobody has taken yet: a prompt is seen before its answer is asked for. A traced run keeps its output.
  std::function<std::string(const std::string& output, const std::string& error_output)> more_input;
  // Takes what the program writes to descriptor 1 or 2, in its order. Not set: Run::TakeOutput gives it.
  std::function<void(int descriptor, std::string_view text)> write;
  uint64_t seed = 1;                             // of everything that Go draws at random
  uint64_t start_time_ns = sched::kStartTimeNs;  // what time.Now says at the start, since 1970
  int processors = 1;                            // runtime.NumCPU; GOMAXPROCS if `environment` has none
  std::optional<int> gc_percent;         // negative is off; not set: what GOGC says in the environment
  uint64_t heap_minimum = 4u << 20;      // bytes; the page lets a learner lower it
  uint64_t stack_limit = 1000000000;     // bytes a goroutine
  uint64_t stack_start = 2048;           // bytes of a new goroutine's stack; rounded to a power of two
  uint64_t host_stack = ~uint64_t{0};    // Model: bytes at which a goroutine overflows all the same
  uint64_t output_limit = ~uint64_t{0};  // bytes of output before `Output too large`
  uint64_t memory_limit = ~uint64_t{0};  // bytes the modelled machine has; past it: out of memory
  std::string language;                  // as CompileFlags::language
  // The settings of GODEBUG that the program is built with; not set: what its own files say.
  std::optional<std::string> godebug;
  std::vector<std::string>
      own_packages;  // the program's packages beside main, by import path: the user's code
  std::vector<std::pair<std::string, std::string>> string_variables;  // as the linker's -X: name, value
  bool has_embedded = false;  // //go:embed variables have been given their files
  bool one_output = false;    // standard error goes where standard output goes
  bool snippet = false;       // as CompileFlags::snippet
  bool assembly = false;      // as CompileFlags::assembly
  bool trace = false;         // append to the log
  bool stress_gc = false;     // collect at every allocation
  bool stress_stack = false;  // move the stack at every call
};

// The percentage that a run starts with; negative is off.
int GcPercent(const RunOptions& options);

}  // namespace escapement::driver
