// `escapement vet`: what go vet's checks printf and tests say of packages and their tests.
#include <cstdio>

#include "engine/cli/commands.h"
#include "engine/cli/run_flags.h"
#include "engine/cli/targets.h"
#include "engine/driver/project.h"

namespace escapement::cli {

namespace {

// Lines as go vet prints them, with names that begin at the working directory.
std::string WithoutDot(const std::string& lines) {
  std::string out;
  for (size_t at = 0, end; at < lines.size(); at = end + 1) {
    end = lines.find('\n', at);
    if (lines.compare(at, 2, "./") == 0) at += 2;
    out.append(lines, at, end + 1 - at);
  }
  return out;
}

}  // namespace

int VetCommand(stdlib::LibrarySource& library, const Words& words) {
  if (!words.empty() && words[0].starts_with("-")) {
    std::fprintf(stderr, "escapement vet: unknown flag %s\nusage: escapement vet [packages]\n",
                 words[0].c_str());
    return 2;
  }
  Targets targets(library, /*runs=*/false);
  if (!targets.Open(words, /*all=*/true)) return 1;
  bool sound = true;
  for (const modules::Package* package : targets.packages()) sound = SoundImports(targets, *package) && sound;
  if (!sound) return 1;
  for (const modules::Package* package : targets.packages()) {
    driver::Session session(targets.program());
    const driver::Test test = driver::PrepareTest(session, targets.program(), *package, /*vet=*/true);
    std::fputs(test.errors.c_str(), stderr);
    for (const driver::Warnings& w : test.warnings) std::fputs(WithoutDot(w.lines).c_str(), stderr);
    sound = sound && test.errors.empty() && test.warnings.empty();
  }
  return sound ? 0 : 1;
}

}  // namespace escapement::cli
