// The trees of small programs against what gc dumps before inlining
// (scripts/update_ir_goldens writes the .tree files with the real compiler).
#include <doctest/doctest.h>

#include <map>
#include <regex>

#include "engine/ir/dump.h"
#include "tests/unit/ir/front_end.h"

namespace escapement::ir {
namespace {

std::filesystem::path TestData() {
  return std::filesystem::path(ESCAPEMENT_SOURCE_DIR) / "tests/unit/ir/testdata";
}

// gc leaves a conversion that only holds statements at whatever position it worked on last.
std::string Comparable(const std::string& text) {
  std::istringstream in(text);
  std::string out, line;
  while (std::getline(in, line)) {
    size_t at = line.find_first_not_of(' ');
    if (at != std::string::npos && line.compare(at, 7, "CONVNOP") == 0)
      line = line.substr(0, line.find(" #"));
    out += line + "\n";
  }
  return out;
}

std::map<std::string, std::string> Blocks(const std::string& text) {
  std::map<std::string, std::string> out;
  std::istringstream in(text);
  std::string line, name;
  while (std::getline(in, line)) {
    if (line.starts_with("func "))
      name = line.substr(5);
    else
      out[name] += line + "\n";
  }
  return out;
}

TEST_CASE("trees are gc's") {
  for (const auto& entry : std::filesystem::directory_iterator(TestData())) {
    if (entry.path().extension() != ".go") continue;
    std::string name = entry.path().filename().string();
    if (const char* only = std::getenv("IR_ONLY"); only != nullptr && name != only) continue;
    FrontEnd front;
    types::Package* package = front.Check(name, ReadFile(entry.path()));
    INFO(name, "\n", front.Errors());
    REQUIRE(package != nullptr);
    Unit unit = front.builder.BuildPackage(package);
    std::filesystem::path golden = entry.path();
    golden.replace_extension(".tree");
    std::map<std::string, std::string> want = Blocks(ReadFile(golden));
    std::map<std::string, Func*> have;
    for (Func* fn : unit.funcs) have[std::string(fn->sym->text())] = fn;
    for (const auto& [func, tree] : want) {
      INFO(name, ": ", func);
      REQUIRE(have.contains(func));
      CHECK(Comparable(Dump(front.program, have[func]->body)) == Comparable(tree));
    }
  }
}

}  // namespace
}  // namespace escapement::ir
