// Reads the Go files named on a command line.
#pragma once

#include <string>
#include <vector>

#include "engine/driver/options.h"

namespace escapement::cli {

// How messages name a file: `go build` says ./main.go, `go tool compile` main.go.
enum class Naming { kBuild, kCompile };

// Reads `files`; a file that cannot be read prints Go's sentence and gives false.
bool ReadSources(const std::vector<std::string>& files, Naming naming,
                 std::vector<driver::SourceInput>& sources);

}  // namespace escapement::cli
