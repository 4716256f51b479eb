// `escapement build` and `escapement tool compile`: diagnostics and verdicts only;
// nothing is written to disk.
#include <cstdio>

#include "engine/cli/args.h"
#include "engine/cli/commands.h"
#include "engine/cli/source_files.h"
#include "engine/driver/session.h"

namespace escapement::cli {

namespace {

int Report(const driver::CheckResult& result, const char* header, int error_status) {
  std::string text = driver::Print(result.messages);
  if (!text.empty()) std::fprintf(stderr, "%s%s", result.imports_missing ? "" : header, text.c_str());
  return result.ok ? 0 : error_status;
}

int Usage(const std::string& sentence) {
  std::fprintf(stderr, "escapement: %s\n", sentence.c_str());
  return 2;
}

}  // namespace

int BuildCommand(stdlib::LibrarySource& library, const Words& words) {
  CommandWords split = Split(words);
  if (split.files.empty()) return Usage("build wants Go files");
  driver::CompileFlags flags;
  for (size_t i = 0; i < split.flags.size(); ++i) {
    std::string flag = split.flags[i];
    if (flag.rfind("--", 0) == 0) flag.erase(0, 1);
    std::string error;
    if (flag.rfind("-gcflags=", 0) == 0) {
      error = flags.Parse(std::string_view(flag).substr(9));
    } else if (flag == "-gcflags" && i + 1 < split.flags.size()) {
      error = flags.Parse(std::string_view(split.flags[++i]));
    } else if (flag == "-o" && i + 1 < split.flags.size()) {
      ++i;
    } else if (flag == "-snippet") {
      flags.snippet = true;
    } else {
      error = "unknown flag " + flag;
    }
    if (!error.empty()) return Usage(error);
  }
  std::vector<driver::SourceInput> sources;
  if (!ReadSources(split.files, Naming::kBuild, sources)) return 1;
  driver::Session session(library);
  return Report(session.Check(sources, flags), "# command-line-arguments\n", 1);
}

int ToolCompileCommand(stdlib::LibrarySource& library, const Words& words) {
  CommandWords split = Split(words);
  if (split.files.empty()) return Usage("tool compile wants Go files");
  driver::CompileFlags flags;
  flags.package_path = "";
  flags.bodies_may_miss = true;
  if (std::string error = flags.Parse(split.flags); !error.empty()) return Usage(error);
  std::vector<driver::SourceInput> sources;
  if (!ReadSources(split.files, Naming::kCompile, sources)) return 1;
  driver::Session session(library);
  return Report(session.Check(sources, flags), "", 2);
}

}  // namespace escapement::cli
