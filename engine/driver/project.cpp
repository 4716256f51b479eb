#include "engine/driver/project.h"

#include "engine/driver/debug_directives.h"
#include "engine/driver/version.h"
#include "engine/modules/debug_settings.h"
#include "engine/modules/test_main.h"
#include "engine/modules/vet_tests.h"

namespace escapement::driver {

namespace {

// The settings of GODEBUG that a program is built with.
std::string DebugDefaults(const modules::ModuleGraph& graph,
                          std::initializer_list<const std::vector<modules::GoFile>*> lists) {
  std::vector<modules::DebugSetting> settings = graph.DebugSettings();
  for (const std::vector<modules::GoFile>* files : lists)
    for (const modules::GoFile& file : *files) AddDebugDirectives(file.header.directives, settings);
  return modules::DefaultDebugSettings(graph.GoVersion(), settings);
}

}  // namespace

std::vector<SourceInput> SourcesOf(const std::vector<modules::GoFile>& files) {
  std::vector<SourceInput> out;
  for (const modules::GoFile& file : files) out.push_back({file.shown, file.text, file.path});
  return out;
}

std::string LanguageOf(const modules::Package& package) {
  return "go1." + std::to_string(package.language());
}

std::string Refusal(const modules::ModuleGraph& graph, std::string_view here) {
  std::string text = graph.TooNew(kGoRelease, here);
  return text.empty() ? graph.WrongDebugSetting(kGoRelease, here) : text;
}

std::string CheckOne(Session& session, const modules::Package& package,
                     const std::vector<SourceInput>& sources, const std::string& path,
                     const std::string& title, CompileFlags flags, bool* ok, std::string* warnings) {
  flags.package_path = path;
  flags.standard = flags.standard || package.standard;
  flags.assembly = package.assembly;
  if (flags.language.empty()) flags.language = LanguageOf(package);
  CheckResult result = session.Check(sources, flags);
  if (!result.ok) *ok = false;
  std::vector<Message> said;
  for (Message& m : result.messages) {
    if (m.severity == diag::Severity::kWarning) {
      *warnings += Print({std::move(m)});
    } else {
      said.push_back(std::move(m));
    }
  }
  result.messages = std::move(said);
  if (result.messages.empty()) return "";
  if (result.imports_missing) return Print(result.messages);
  // The compiler and the linker each have a header of their own.
  std::string header = "# " + title + "\n", text;
  if (result.messages.back().position.empty()) {
    text = header + Print({result.messages.back()});
    result.messages.pop_back();
  }
  return result.messages.empty() ? text : header + Print(result.messages) + text;
}

void Describe(modules::Program& program, const modules::Package& root, RunOptions& options) {
  options.language = LanguageOf(root);
  options.assembly = root.assembly;
  options.godebug = DebugDefaults(program.graph(), {&root.files});
  if (root.path != "command-line-arguments") options.program = ExecutablePath(root.path);
  for (const modules::Package* package : program.OwnDependencies(root, /*tests=*/false))
    options.own_packages.push_back(package->path);
}

std::string CheckDependencies(Session& session, modules::Program& program, const modules::Package& root,
                              bool tests) {
  std::string errors;
  CompileFlags flags;
  flags.check_only = true;
  for (const modules::Package* package : program.OwnDependencies(root, tests)) {
    bool ok = true;
    std::string text =
        CheckOne(session, *package, SourcesOf(package->files), package->path, package->path, flags, &ok);
    if (!ok) errors += text;
  }
  return errors;
}

Test PrepareTest(Session& session, modules::Program& program, const modules::Package& package, bool vet) {
  Test test;
  modules::TestMain generated = modules::MakeTestMain(package);
  program.ServeTests(package);
  test.godebug = DebugDefaults(program.graph(), {&package.files, &package.tests, &package.external_tests});
  test.main.push_back({"_testmain.go", std::move(generated.text), "_testmain.go"});
  if (package.path == "runtime" && package.standard)
    test.errors = "# runtime [runtime.test]\npackage runtime is the engine's own: the tests are of another\n";
  if (package.standard) return test;  // the distribution is sound
  test.errors = CheckDependencies(session, program, package, /*tests=*/true);
  CompileFlags flags;
  flags.check_only = true;
  flags.vet = vet;
  std::string variant = " [" + package.path + ".test]";
  std::vector<SourceInput> own = SourcesOf(package.files);
  for (SourceInput& source : SourcesOf(package.tests)) own.push_back(std::move(source));
  auto check = [&](const std::vector<SourceInput>& sources, const std::vector<modules::GoFile>& tests,
                   const std::string& path, bool is_variant) {
    if (!test.errors.empty() || sources.empty()) return;
    bool ok = true;
    std::string lines, text = CheckOne(session, package, sources, path, path + (is_variant ? variant : ""),
                                       flags, &ok, &lines);
    if (!ok) test.errors += text;
    if (vet) lines += modules::VetTests(tests);
    if (!lines.empty()) test.warnings.push_back({path, std::move(lines)});
  };
  check(own, package.tests, package.path, !package.tests.empty());
  check(SourcesOf(package.external_tests), package.external_tests, package.path + "_test", true);
  return test;
}

}  // namespace escapement::driver
