// What `go vet`'s check `tests`, which `go test` runs first, says of test files.
#pragma once

#include <string>
#include <vector>

#include "engine/modules/program.h"

namespace escapement::modules {

// Names of tests and examples that do not follow the rules, and output comments that are not an example's
// last: a line each; empty if all is well. Model: what an example is named after is not looked up, nor are
// the arguments of fuzz targets.
std::string VetTests(const std::vector<GoFile>& tests);

}  // namespace escapement::modules
