// go.mod: what a module says of itself and of the modules it needs.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace escapement::modules {

struct ModuleVersion {
  std::string path, version;  // the version is empty for a directory, or for any version
};

struct Replacement {
  ModuleVersion old, now;
};

// A line `key=value` of GODEBUG's settings.
struct DebugSetting {
  std::string key, value;
  uint32_t line = 0;  // in the file that has it
};

struct ModFile {
  std::string module;
  uint16_t go = 16;        // the N of `go 1.N`; a file without the line means 1.16
  std::string go_version;  // as written
  std::vector<ModuleVersion> require;
  std::vector<Replacement> replace;
  std::vector<std::string> use;  // of a go.work
  std::vector<DebugSetting> godebug;
};

// Reads go.mod or go.work; lines that nothing here depends on are passed over.
ModFile ParseModFile(std::string_view text);

// The N of "1.N", "1.N.P", "1.NrcP"; 0 when it is no such version.
uint16_t GoMinor(std::string_view version);
// Whether a go line asks for a later release than `release` ("1.26.8"); its candidates come before a release.
bool IsNewerGo(std::string_view version, std::string_view release);
// Orders versions as semantic versions are: negative, zero or positive.
int CompareVersions(std::string_view a, std::string_view b);
// A path or version as the module cache spells it: capitals as !c.
std::string CacheName(std::string_view text);

}  // namespace escapement::modules
