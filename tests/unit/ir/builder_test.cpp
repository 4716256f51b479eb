// The trees of small programs against what gc dumps before inlining
// (scripts/update_ir_goldens writes the .tree files with the real compiler).
#include <doctest/doctest.h>

#include <map>

#include "engine/ir/dump.h"
#include "tests/unit/ir/front_end.h"

namespace escapement::ir {
namespace {

std::filesystem::path TestData() {
  return std::filesystem::path(ESCAPEMENT_SOURCE_DIR) / "tests/unit/ir/testdata";
}

// Indentation, types as expressions, receivers of interface methods and the position of conversions
// that only hold statements (gc leaves them wherever it worked last) are not compared.
std::string Comparable(const std::string& text) {
  std::istringstream in(text);
  std::string out, line;
  while (std::getline(in, line)) {
    line.erase(0, line.find_first_not_of(' '));
    if (line.starts_with("CONVNOP")) line = line.substr(0, line.find(" #"));
    // Functions of the runtime are declared apart in gc, with interface {} for any.
    if (line.starts_with("NAME-deferrangefunc") || line.starts_with("NAME-panicrangestate"))
      line = line.substr(0, line.find(" <"));
    if (size_t at = line.find("interface {}"); at != std::string::npos) line.replace(at, 12, "any");
    // The types of calls with several results name results that the rewrite of loops named.
    for (size_t at = line.find("#rv"); line.starts_with("CALLFUNC") && at != std::string::npos;
         at = line.find("#rv"))
      line.erase(at, 5);
    if (line.starts_with("TYPE")) line = "TYPE";
    if (size_t at = line.find("method(*struct {}) "); at != std::string::npos) line.erase(at, 19);
    for (size_t main = line.find("main."); main != std::string::npos; main = line.find("main."))
      line.erase(main, 5);
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
      if (const char* dir = std::getenv("IR_OUT"); dir != nullptr) {
        std::ofstream(std::string(dir) + "/have", std::ios::app)
            << "func " << func << "\n"
            << Comparable(Dump(front.program, have[func]->body));
        std::ofstream(std::string(dir) + "/want", std::ios::app) << "func " << func << "\n"
                                                                 << Comparable(tree);
      }
      CHECK(Comparable(Dump(front.program, have[func]->body)) == Comparable(tree));
    }
  }
}

}  // namespace
}  // namespace escapement::ir
