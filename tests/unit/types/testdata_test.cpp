// Go's own tests of the type checker, where a distribution carries them: every ERROR comment
// must be met by an error on its line, and every error by a comment.
#include <doctest/doctest.h>

#include <set>

#include "engine/types/context.h"
#include "engine/types/universe.h"
#include "tests/unit/types/expectations.h"
#include "tests/unit/types/fixture.h"

using namespace escapement;
namespace fs = std::filesystem;

namespace {

// Files whose errors come from elsewhere.
const std::set<std::string> kSkipped = {
    "gotos.go",    // branches are the parser's, with gc's texts
    "labels.go",   // the same
    "stmt0.go",    // the same
    "cycles1.go",  // gc itself refuses these cycles of interface literals
};

// What one test package did not do as expected; empty if all is well.
std::string CheckTestPackage(const std::vector<fs::path>& paths) {
  std::string first = test::ReadFile(paths[0]);
  first = first.substr(0, first.find('\n'));
  types::CheckOptions options{.bodies_may_miss = true};
  if (first.rfind("// -", 0) == 0) {
    // Other modes of the checker: no alias nodes, cgo, experiments.
    for (const char* flag : {"gotypesalias=0", "fakeImportC", "goexperiment"}) {
      if (first.find(flag) != std::string::npos) return "";
    }
    size_t at = first.find("-lang=go1.");
    if (at != std::string::npos) options.lang = static_cast<uint16_t>(std::stoi(first.substr(at + 10)));
  }
  test::Session session;
  types::DefineTestBuiltins(session.checker.context());
  std::map<diag::FileId, std::vector<test::Expectation>> expectations;
  std::vector<syntax::File*> trees;
  for (const fs::path& path : paths) {
    std::string text = test::ReadFile(path);
    diag::FileId id = session.files.Add({.name = path.filename().string(), .text = text});
    expectations[id] = test::ExpectationScanner(text).Run();
    syntax::ParseContext context{session.arena, session.names, session.files, session.errors};
    if (syntax::File* tree = syntax::ParseFile(context, id)) trees.push_back(tree);
  }
  if (!trees.empty()) {
    session.checker.CheckPackage(session.checker.NewPackage("p", false), trees, options, session.errors);
  }
  std::string wrong;
  for (const diag::Diagnostic& d : session.errors.diagnostics()) {
    bool expected = false;
    for (test::Expectation& e : expectations[d.pos.file]) {
      if (e.matched || e.line != d.pos.line || !e.Matches(d.text)) continue;
      e.matched = expected = true;
      break;
    }
    if (!expected) wrong += "unexpected " + session.files.Print(d.pos) + ": " + d.text + "\n";
  }
  for (auto& [file, list] : expectations) {
    for (test::Expectation& e : list) {
      if (!e.matched)
        wrong +=
            "missing " + session.files.file(file).name + ":" + std::to_string(e.line) + ": " + e.text + "\n";
    }
  }
  return wrong;
}

void CheckDirectory(const std::string& name) {
  fs::path dir = fs::path(test::Goroot()) / "src/internal/types/testdata" / name;
  if (!fs::is_directory(dir)) return;
  std::vector<fs::path> entries(fs::directory_iterator(dir), fs::directory_iterator{});
  std::sort(entries.begin(), entries.end());
  int packages = 0;
  for (const fs::path& entry : entries) {
    if (kSkipped.count(entry.filename().string())) continue;
    std::vector<fs::path> paths = {entry};
    if (fs::is_directory(entry)) {
      paths.assign(fs::directory_iterator(entry), fs::directory_iterator{});
      std::sort(paths.begin(), paths.end());
    }
    std::erase_if(paths, [](const fs::path& p) { return p.extension() != ".go"; });
    if (paths.empty()) continue;
    ++packages;
    INFO(entry.string());
    CHECK(CheckTestPackage(paths) == "");
  }
  CHECK(packages > 5);
}

}  // namespace

TEST_CASE("Go's type checker tests: check" * doctest::skip(test::Goroot().empty())) {
  CheckDirectory("check");
}
TEST_CASE("Go's type checker tests: examples" * doctest::skip(test::Goroot().empty())) {
  CheckDirectory("examples");
}
TEST_CASE("Go's type checker tests: spec" * doctest::skip(test::Goroot().empty())) {
  CheckDirectory("spec");
}
TEST_CASE("Go's type checker tests: fixedbugs" * doctest::skip(test::Goroot().empty())) {
  CheckDirectory("fixedbugs");
}
