// Project: a program as people have it (modules, several packages, tests), on its way to a
// Session: which files belong to a package, what is wrong with its imports, and the errors of
// every package of its own, as `go build` and `go test` print them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/driver/options.h"
#include "engine/driver/session.h"
#include "engine/modules/program.h"

namespace escapement::driver {

// The files of a package as a session takes them.
std::vector<SourceInput> SourcesOf(const std::vector<modules::GoFile>& files);

// What keeps the go command, given in `here`, from building the program at all, or "".
std::string Refusal(const modules::ModuleGraph& graph, std::string_view here);

// The language version of a package, as the -lang flag has it.
std::string LanguageOf(const modules::Package& package);

// What a run of `root` needs to know of it: its language version, and which packages are the user's.
void Describe(modules::Program& program, const modules::Package& root, RunOptions& options);

// Errors of the packages of the program's own modules that `root` needs, `# path` in front of
// each package's; empty for a sound program. The root itself is not checked.
std::string CheckDependencies(Session& session, modules::Program& program, const modules::Package& root,
                              bool tests);

// The root's own errors, or its remarks; `title` is what stands behind the #. With flags.vet the warnings go
// to `warnings`, a line each.
std::string CheckOne(Session& session, const modules::Package& package,
                     const std::vector<SourceInput>& sources, const std::string& path,
                     const std::string& title, CompileFlags flags, bool* ok, std::string* warnings = nullptr);

// What go vet's checks `printf` and `tests` say of a package: a line each, POSITION: TEXT.
struct Warnings {
  std::string path;  // of the package
  std::string lines;
};

// A package's test, ready to be started.
struct Test {
  std::vector<SourceInput> main;   // the generated main package
  std::string godebug;             // RunOptions::godebug
  std::string errors;              // of compiling the package and its tests; then it cannot start
  std::vector<Warnings> warnings;  // about the package with its tests, and the external ones; if asked for
};
// `session` stands on `program`, which serves the package with its tests from now on. A package without tests
// is checked all the same.
Test PrepareTest(Session& session, modules::Program& program, const modules::Package& package, bool vet);

}  // namespace escapement::driver
