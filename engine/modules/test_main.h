// The main package of a test: what `go test` generates from the test files of a package.
#pragma once

#include <string>
#include <string_view>

#include "engine/modules/program.h"

namespace escapement::syntax {
struct FuncDecl;
}

namespace escapement::modules {

struct TestMain {
  std::string text;   // of the Go file
  std::string error;  // "a_test.go:3:6: wrong signature for …", or empty
};

// Finds tests, benchmarks, fuzz targets and examples by name, and writes a main around them.
TestMain MakeTestMain(const Package& package);

// Whether the function takes one *T or *pkg.T and returns nothing.
bool TakesPointerTo(const syntax::FuncDecl* func, std::string_view type);

}  // namespace escapement::modules
