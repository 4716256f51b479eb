#include "engine/modules/test_main.h"

#include <algorithm>

#include "engine/modules/example_output.h"
#include "engine/modules/function_reader.h"
#include "engine/modules/quote.h"

namespace escapement::modules {

namespace {

struct TestFunction {
  std::string package, name;
  ExampleOutput output;
};

// Whether `name` is `prefix`, followed by no lower-case letter.
// Model: lower-case letters beyond ASCII are not known as such.
bool IsTestName(std::string_view name, std::string_view prefix) {
  if (!name.starts_with(prefix)) return false;
  if (name.size() == prefix.size()) return true;
  char next = name[prefix.size()];
  return next < 'a' || next > 'z';
}

// The functions of one package's test files.
class Finder {
 public:
  void File(const GoFile& file, const std::string& package, bool* import, bool* use) {
    path_ = file.path;
    for (syntax::FuncDecl* func : reader_.Functions(file)) {
      if (IsTestName(func->name->text(), "Example"))
        Example(file, func, package, import, use);
      else if (Function(func, package))
        *import = *use = true;
    }
  }

  std::vector<TestFunction> tests, benchmarks, fuzz_targets, examples;
  std::string test_main;  // "_test" or "_xtest"
  std::string error;

 private:
  bool Function(const syntax::FuncDecl* func, const std::string& package) {
    std::string name(func->name->text());
    if (name == "TestMain" && !TakesPointerTo(func, "T")) {
      Check(func, "M");
      if (!test_main.empty() && error.empty()) error = "multiple definitions of TestMain";
      test_main = package;
      return true;
    }
    struct Kind {
      const char *prefix, *type;
      std::vector<TestFunction>* list;
    };
    for (const Kind& kind :
         {Kind{"Test", "T", &tests}, Kind{"Benchmark", "B", &benchmarks}, Kind{"Fuzz", "F", &fuzz_targets}}) {
      if (!IsTestName(name, kind.prefix)) continue;
      Check(func, kind.type);
      kind.list->push_back({package, name, {}});
      return true;
    }
    return false;
  }

  void Check(const syntax::FuncDecl* func, const std::string& type) {
    std::string name(func->name->text()), why;
    std::string letter(1, static_cast<char>(type[0] - 'A' + 'a'));
    if (!TakesPointerTo(func, type)) why = "must be: func " + name + "(" + letter + " *testing." + type + ")";
    if (!func->tparams.empty()) why = "test functions cannot have type parameters";
    if (why.empty() || !error.empty()) return;
    // Positions of functions are their names'; go test prints the declaration's.
    error = path_ + ":" + std::to_string(func->pos.line) + ":1: wrong signature for " + name + ", " + why;
  }

  void Example(const GoFile& file, const syntax::FuncDecl* func, const std::string& package, bool* import,
               bool* use) {
    if (!func->type_expr->params.empty() || !func->has_body) return;
    *import = true;
    ExampleOutput output =
        FindExampleOutput(file.text, func->body_offset, func->body_rbrace.line, func->body_rbrace.col);
    if (!output.found) return;
    examples.push_back({package, std::string(func->name->text()), std::move(output)});
    *use = true;
  }

  std::string path_;  // of the file that is being read
  FunctionReader reader_;
};

void List(std::string& out, const char* name, const char* type, const std::vector<TestFunction>& functions) {
  out += "\nvar " + std::string(name) + " = []testing." + type + "{\n";
  for (const TestFunction& f : functions) {
    out += "\t{\"" + f.name + "\", " + f.package + "." + f.name;
    if (f.output.found) out += ", " + Quote(f.output.text) + ", " + (f.output.unordered ? "true" : "false");
    out += "},\n";
  }
  out += "}\n";
}

}  // namespace

bool TakesPointerTo(const syntax::FuncDecl* func, std::string_view type) {
  const syntax::FuncType* signature = func->type_expr;
  if (!signature->results.empty() || signature->params.size() != 1) return false;
  auto* star = syntax::As<syntax::Operation>(signature->params[0]->type_expr);
  if (star == nullptr || star->op != syntax::Operator::kMul || star->y != nullptr) return false;
  if (auto* name = syntax::As<syntax::Name>(star->x)) return name->text() == type;
  if (auto* selector = syntax::As<syntax::SelectorExpr>(star->x)) return selector->sel->text() == type;
  return false;
}

TestMain MakeTestMain(const Package& package) {
  Finder finder;
  bool import = false, use = false, import_external = false, use_external = false;
  for (const GoFile& file : package.tests) finder.File(file, "_test", &import, &use);
  for (const GoFile& file : package.external_tests)
    finder.File(file, "_xtest", &import_external, &use_external);

  std::string out = "package main\n\nimport (\n\t\"os\"\n";
  if (!finder.test_main.empty()) out += "\t\"reflect\"\n";
  out += "\t\"testing\"\n\t\"testing/internal/testdeps\"\n";
  if (import) out += std::string("\t") + (use ? "_test" : "_") + " " + Quote(package.path) + "\n";
  if (import_external)
    out += std::string("\t") + (use_external ? "_xtest" : "_") + " " + Quote(package.path + "_test") + "\n";
  out += ")\n";
  List(out, "tests", "InternalTest", finder.tests);
  List(out, "benchmarks", "InternalBenchmark", finder.benchmarks);
  List(out, "fuzzTargets", "InternalFuzzTarget", finder.fuzz_targets);
  List(out, "examples", "InternalExample", finder.examples);
  std::string module = package.module != nullptr ? package.module->path : "";
  std::string path = package.path == "command-line-arguments" ? "" : package.path;
  out += "\nfunc init() {\n\ttestdeps.ModulePath = " + Quote(module) +
         "\n\ttestdeps.ImportPath = " + Quote(path) + "\n}\n";
  out +=
      "\nfunc main() {\n"
      "\tm := testing.MainStart(testdeps.TestDeps{}, tests, benchmarks, fuzzTargets, examples)\n";
  if (finder.test_main.empty())
    out += "\tos.Exit(m.Run())\n}\n";
  else
    out += "\t" + finder.test_main +
           ".TestMain(m)\n"
           "\tos.Exit(int(reflect.ValueOf(m).Elem().FieldByName(\"exitCode\").Int()))\n}\n";
  return {std::move(out), std::move(finder.error)};
}

}  // namespace escapement::modules
