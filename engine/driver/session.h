// Session: the table of contents of the engine. One session holds one library
// (parsed and checked on demand, kept between checks) and gives, for the files of
// one program, diagnostics and verdicts (Check) and runs of it (Start).
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/diag/diagnostic.h"
#include "engine/diag/file_set.h"
#include "engine/driver/options.h"
#include "engine/stdlib/library_source.h"

namespace escapement::driver {

// One printed sentence of the compiler.
struct Message {
  diag::Severity severity = diag::Severity::kError;
  std::string file;      // as printed: ./main.go
  uint32_t line = 0;     // 1-based; 0: unknown
  uint32_t column = 0;   // 1-based bytes; 0: unknown
  std::string position;  // "./main.go:5:2"
  std::string text;      // may hold further lines after '\n'
};

// Where the compiler lets a value live.
enum class Region : uint8_t { kStack, kHeap, kStatic };

// One step of the path by which a value reaches the heap (`-m=2`'s flow lines).
struct FlowStep {
  std::string position;
  uint32_t line = 0, column = 0;
  std::string text;  // "&x", with the reason: "address-of"
  std::string why;
};

// One verdict as data: what the page draws over the source.
struct Verdict {
  uint32_t line = 0, column = 0;
  std::string file;
  std::string function;  // main.f
  std::string subject;   // "x", "&T{...}", "make([]int, n)"
  std::string text;      // the compiler's own sentence: "moved to heap: x"
  Region region = Region::kStack;
  std::vector<FlowStep> path;
};

// What Check found. `messages` are in gc's order and wording.
struct CheckResult {
  bool ok = true;
  bool imports_missing = false;  // `go build` stops before it compiles: no header line
  std::vector<Message> messages;
  std::vector<Verdict> verdicts;
};

// Prints messages as `go build` does: POSITION: TEXT, a line each; the linker's have no position.
std::string Print(const std::vector<Message>& messages);

class Run;

// One engine instance. Not thread-safe; independent of every other session.
class Session {
 public:
  // `library` outlives the session.
  explicit Session(stdlib::LibrarySource& library);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  // Checks one package and, when it has no errors, gives its verdicts.
  CheckResult Check(const std::vector<SourceInput>& files, const CompileFlags& flags);

  // Compiles and links a program for running. Null when it has errors, which are
  // then in `errors`.
  std::unique_ptr<Run> Start(const std::vector<SourceInput>& files, const RunOptions& options,
                             CheckResult& errors);

  // What packs hold of a library package beside its files (summaries.h): all its functions analysed.
  std::string LibrarySummaries(std::string_view import_path);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace escapement::driver
