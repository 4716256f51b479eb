// `escapement verify`: runs the programs of Markdown files and checks what the text around them expects. A
// fenced block `go` is a program (the word after it: flags of the run); the block `expect` that follows says
// what has to hold. A block whose first line has no package clause is a fragment.
#include <sys/wait.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <iterator>
#include <sstream>

#include "engine/cli/args.h"
#include "engine/cli/commands.h"
#include "engine/cli/goroot_source.h"
#include "engine/cli/run_flags.h"
#include "engine/driver/playground.h"

namespace escapement::cli {

int WaitFor(int child) {
  int status = 0;
  if (waitpid(child, &status, 0) < 0 || !WIFEXITED(status)) return 1;
  return WEXITSTATUS(status);
}

namespace {

// A fenced block of a Markdown file.
struct Block {
  std::string language, flags, text;
  uint32_t line = 0;  // of its first line of text
};

std::vector<Block> Blocks(const std::string& markdown) {
  std::vector<Block> out;
  std::istringstream in(markdown);
  std::string line, fence;
  uint32_t number = 0;
  while (std::getline(in, line)) {
    ++number;
    size_t ticks = line.find_first_not_of('`');
    if (fence.empty() && ticks != std::string::npos && ticks >= 3) {
      fence = line.substr(0, ticks);
      size_t space = line.find(' ', ticks);
      std::string language = line.substr(ticks, space == std::string::npos ? space : space - ticks);
      out.push_back({language, space == std::string::npos ? "" : line.substr(space + 1), "", number + 1});
    } else if (!fence.empty() && line == fence) {
      fence.clear();
    } else if (!fence.empty()) {
      out.back().text += line + "\n";
    } else if (fence.empty() && ticks == std::string::npos && line.size() >= 3) {
      fence = line;  // a fence without a language: its text is no program
      out.push_back({"", "", "", number + 1});
    }
  }
  return out;
}

// Runs a program to its end, or takes the compiler's errors as its outcome.
void RunProgram(driver::Playground& playground, stdlib::LibrarySource& library, const Block& block,
                driver::RunOptions options) {
  options.trace = options.snippet = true;
  options.output_limit = 1 << 20;
  driver::Session session(library);
  std::vector<driver::SourceInput> files = {{"./main.go", block.text, "/tmp/sandbox/main.go"}};
  driver::CompileFlags flags;
  flags.remarks = 1;
  flags.snippet = true;
  driver::CheckResult check = session.Check(files, flags);
  driver::CheckResult errors;
  playground.Adopt(playground.StartRun(files, options, errors), files, std::move(check), options);
  playground.RunToEnd();
}

}  // namespace

int VerifyCommand(stdlib::LibrarySource& library, const Words& words) {
  CLI::App app("Runs the programs of Markdown files and checks their expectations.", "escapement verify");
  bool verbose = false;
  app.add_flag("-v,--verbose", verbose, "print the expectations that hold as well");
  Words rest;
  if (auto status = ParseFlags(app, words, rest)) return *status;
  if (rest.empty()) {
    std::fprintf(stderr, "usage: escapement verify FILE.md...\n");
    return 2;
  }
  size_t passed = 0, failed = 0;
  for (const std::string& path : rest) {
    std::optional<std::string> text = ReadFile(path);
    if (!text) {
      std::fprintf(stderr, "escapement verify: cannot read %s\n", path.c_str());
      ++failed;
      continue;
    }
    std::unique_ptr<driver::Playground> playground;
    const std::vector<Block> blocks = Blocks(*text);
    const Block* program = nullptr;
    for (const Block& block : blocks) {
      if (block.language == "go") {
        program = &block;
        playground.reset();
      } else if (block.language == "expect") {
        if (program == nullptr) {
          std::printf("%s:%u: no program to expect this of\n", path.c_str(), block.line);
          ++failed;
          continue;
        }
        if (!playground) {
          driver::RunOptions options;
          CLI::App run_flags("flags of a run");
          AddRunFlags(run_flags, options);
          std::istringstream in(program->flags);
          Words given(std::istream_iterator<std::string>(in), {}), none;
          if (auto status = ParseFlags(run_flags, given, none)) return *status;
          playground = std::make_unique<driver::Playground>(library);
          RunProgram(*playground, library, *program, options);
        }
        for (const driver::Expectation& e : playground->Judge(block.text)) {
          e.ok ? ++passed : ++failed;
          if (e.ok && verbose)
            std::printf("%s:%u: ok: %s\n", path.c_str(), block.line + e.line - 1, e.text.c_str());
          if (!e.ok)
            std::printf("%s:%u: %s\n    but: %s\n", path.c_str(), block.line + e.line - 1, e.text.c_str(),
                        e.got.c_str());
        }
      }
    }
  }
  std::printf("%zu passed, %zu failed\n", passed, failed);
  return failed == 0 ? 0 : 1;
}

}  // namespace escapement::cli
