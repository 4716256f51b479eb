// `escapement build` and `escapement tool compile`: diagnostics and verdicts only;
// nothing is written to disk.
#include <cstdio>
#include <set>

#include "engine/cli/args.h"
#include "engine/cli/commands.h"
#include "engine/cli/run_flags.h"
#include "engine/cli/source_files.h"
#include "engine/driver/project.h"
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
  driver::CompileFlags flags;
  size_t i = 0;
  for (; i < words.size() && words[i].size() > 1 && words[i][0] == '-'; ++i) {
    std::string flag = words[i];
    if (flag.rfind("--", 0) == 0) flag.erase(0, 1);
    std::string error;
    if (flag.rfind("-gcflags=", 0) == 0) {
      error = flags.Parse(std::string_view(flag).substr(9));
    } else if (flag == "-gcflags" && i + 1 < words.size()) {
      error = flags.Parse(std::string_view(words[++i]));
    } else if (flag == "-o" && i + 1 < words.size()) {
      ++i;
    } else if (flag == "-snippet") {
      flags.snippet = true;
    } else {
      error = "unknown flag " + flag;
    }
    if (!error.empty()) return Usage(error);
  }
  Targets targets(library, /*runs=*/false);
  if (!targets.Open({words.begin() + static_cast<std::ptrdiff_t>(i), words.end()}, /*all=*/true)) return 1;
  bool sound = true;
  for (const modules::Package* package : targets.packages()) sound = SoundImports(targets, *package) && sound;
  if (!sound) return 1;
  driver::Session session(targets.program());
  std::set<std::string> said;  // packages of errors are the dependencies of several
  for (const modules::Package* package : targets.packages()) {
    std::string text = driver::CheckDependencies(session, targets.program(), *package, /*tests=*/false);
    bool ok = text.empty();
    std::string path = package->name == "main" || flags.snippet ? "main" : package->path;
    flags.link = package->name == "main";
    if (ok)
      text = driver::CheckOne(session, *package, driver::SourcesOf(package->files), path, package->path,
                              flags, &ok);
    if (said.insert(text).second) std::fputs(text.c_str(), stderr);
    sound = sound && ok;
  }
  return sound ? 0 : 1;
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
