// Functions of the real standard library, checked and built on demand. Needs an installed Go.
#include <doctest/doctest.h>

#include <cstdio>

#include "engine/types/type.h"
#include "tests/unit/ir/front_end.h"

namespace escapement::ir {
namespace {

// Builds every function and method of a package that is not generic; returns how many have bodies.
int BuildAll(FrontEnd& front, const std::string& path) {
  types::Import found = front.Import(path);
  REQUIRE(found.package != nullptr);
  int built = 0;
  for (types::Object* object : found.package->objects) {
    front.checker.Resolve(object);
    auto* func = types::As<types::Func>(object);
    if (func == nullptr || func->name.text() == "_") continue;
    types::Signature* sig = func->signature();
    if (!sig->tparams.empty() || !sig->rparams.empty()) continue;
    if (std::getenv("IR_TRACE") != nullptr)
      std::fprintf(stderr, "%s.%s\n", path.c_str(), func->name.str().c_str());
    Func* fn = front.builder.FuncFor(func);
    if (front.builder.EnsureBody(fn)) ++built;
    // What it refers to: instances, wrappers, closures.
    for (std::vector<Func*> more = front.builder.TakeNewFuncs(); !more.empty();
         more = front.builder.TakeNewFuncs())
      for (Func* f : more) front.builder.EnsureBody(f);
  }
  return built;
}

TEST_CASE("the standard library builds") {
  if (!std::filesystem::exists(FrontEnd::Root() / "errors")) return;
  std::string list = "errors strings";
  if (const char* paths = std::getenv("IR_STD")) list = paths;
  std::istringstream in(list);
  std::string path;
  FrontEnd front;
  while (in >> path) {
    int built = BuildAll(front, path);
    if (std::getenv("IR_STD") != nullptr) std::printf("%s: %d functions\n", path.c_str(), built);
    INFO(path, front.Errors());
    CHECK(built > 0);
    CHECK(front.errors.errors() == 0);
  }
}

}  // namespace
}  // namespace escapement::ir
