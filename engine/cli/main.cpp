// The `escapement` command: the engine for terminals, CI and documentation builds.
#include <cstdio>
#include <filesystem>
#include <memory>

#include "engine/cli/commands.h"
#include "engine/cli/goroot_source.h"
#include "engine/driver/version.h"
#include "engine/stdlib/overlay.h"

namespace {

using namespace escapement;

constexpr char kHelp[] =
    R"(Escapement shows where Go puts your memory.

usage: escapement COMMAND [flags] f.go... | . | ./... | f.txtar

  build -gcflags='-m=2 -l' f.go...    the compiler's diagnostics, as `go build` prints them
  tool compile -m -l f.go...          the same, as `go tool compile` (bodies may be missing)
  run [-seed N] f.go... [args]        runs a program; exits with its status
  test [-run R] [-bench R] [packages] runs tests, examples and benchmarks
  vet [packages]                      warns of calls like Printf("%d", "x"), as `go vet` does
  trace [-o out.json] f.go...         runs a program and writes its memory trace
  inspect -at MOMENT f.go...          the state of its memory at a moment, as JSON
  explain f.go:LINE[:COLUMN]          why the compiler lets a value live where it lives
  render -view V -o out.svg f.go...   a picture of a run, or its snapshot (out.json)
  verify FILE.md...                   checks what Markdown files expect of their programs
  version                             the engine's version and the Go version it models

`escapement COMMAND --help` lists a command's flags.
)";

int Version() {
  std::printf("escapement version %s (models %s linux/amd64)\n", driver::kVersion, driver::kGoVersion);
  return 0;
}

int Dispatch(const cli::Words& words) {
  if (words.empty() || words[0] == "help" || words[0] == "-h" || words[0] == "--help") {
    std::fputs(kHelp, words.empty() ? stderr : stdout);
    return words.empty() ? 2 : 0;
  }
  if (words[0] == "version") return Version();
  auto goroot = cli::FindGoroot();
  if (!goroot) {
    std::fprintf(stderr, "escapement: no Go distribution found: set GOROOT or put go on the PATH\n");
    return 2;
  }
  cli::GorootSource distribution(*goroot);
  stdlib::OverlaySource library(distribution);
  cli::Words rest(words.begin() + 1, words.end());
  if (words[0] == "build") return cli::BuildCommand(library, rest);
  if (words[0] == "run") return cli::RunCommand(library, rest);
  if (words[0] == "test") return cli::TestCommand(library, rest);
  if (words[0] == "vet") return cli::VetCommand(library, rest);
  if (words[0] == "pack") return cli::PackCommand(library, rest);
  if (words[0] == "inspect") return cli::InspectCommand(library, rest);
  if (words[0] == "explain") return cli::ExplainCommand(library, rest);
  if (words[0] == "render") return cli::RenderCommand(library, rest);
  if (words[0] == "verify") return cli::VerifyCommand(library, rest);
  if (words[0] == "trace") return cli::TraceCommand(library, rest);
  if (words[0] == "tool" && !rest.empty() && rest[0] == "compile")
    return cli::ToolCompileCommand(library, cli::Words(rest.begin() + 1, rest.end()));
  std::fprintf(stderr, "escapement %s: unknown command\nRun 'escapement help' for usage.\n",
               words[0].c_str());
  return 2;
}

}  // namespace

int main(int argc, char** argv) {
  return Dispatch(cli::Words(argv + 1, argv + argc));
}
