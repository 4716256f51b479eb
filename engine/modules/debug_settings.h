// The settings of GODEBUG that the go command builds into a program (https://go.dev/doc/godebug): those of
// the Go version that the main module names, then its godebug lines, then the //go:debug lines of package
// main.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/modules/mod_file.h"

namespace escapement::modules {

// What is wrong with a setting, or "". `what` is how messages call it; `release` is the Go that builds
// ("1.26.8").
std::string CheckDebugSetting(std::string_view what, const DebugSetting& setting, std::string_view release);

// Reads a //go:debug line; false if it is none, or, with `error`, a wrong one.
bool ParseDebugDirective(std::string_view text, std::string_view release, DebugSetting* setting,
                         std::string* error);

// What runtime.godebugDefault says: key=value, sorted by key and separated by commas. `go_version` is the
// main module's ("1.21.3"), empty for the Go that builds; of two settings of a key the later one counts.
std::string DefaultDebugSettings(std::string_view go_version, const std::vector<DebugSetting>& settings);

}  // namespace escapement::modules
