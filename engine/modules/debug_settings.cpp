#include "engine/modules/debug_settings.h"

#include <algorithm>
#include <cstdint>
#include <map>

namespace escapement::modules {

namespace {

struct KnownSetting {
  std::string_view name;
  uint16_t changed;      // the N of the go1.N in which the default changed; 0: it never did
  std::string_view old;  // the value from before
};

constexpr KnownSetting kKnownSettings[] = {
#define SETTING(name, changed, old) {name, changed, old},
#include "engine/modules/debug_settings.def"
#undef SETTING
};

// Settings that Go had once: x509sha1 until 1.24.
struct RemovedSetting {
  std::string_view name;
  uint16_t removed;
};
constexpr RemovedSetting kRemovedSettings[] = {{"x509sha1", 24}};

bool TakeNumber(std::string_view& text) {
  const size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  if (digits == 0 || (digits > 1 && text[0] == '0')) return false;
  text.remove_prefix(digits);
  return true;
}

// Whether the text names a version of Go: 1, 1.20, 1.21rc1, 1.21.3.
bool IsGoVersion(std::string_view text) {
  if (!TakeNumber(text)) return false;
  for (int part = 0; part < 2 && text.starts_with('.'); ++part) {
    text.remove_prefix(1);
    if (!TakeNumber(text)) return false;
  }
  for (std::string_view kind : {"rc", "beta", "alpha"})
    if (text.starts_with(kind)) {
      text.remove_prefix(kind.size());
      return TakeNumber(text) && text.empty();
    }
  return text.empty();
}

// The N of 1.N and 1.N.P; 0 for what has no defaults of its own (candidates: 1.21rc1).
uint16_t ReleasedMinor(std::string_view version) {
  const size_t patch = version.find('.', std::min(version.find('.'), version.size() - 1) + 1);
  version = version.substr(0, patch);
  const bool plain = version.find_first_not_of("0123456789.") == version.npos;
  return plain ? GoMinor(version) : 0;
}

}  // namespace

std::string CheckDebugSetting(std::string_view what, const DebugSetting& setting, std::string_view release) {
  const auto& [key, value, line] = setting;
  if (key.find_first_of(" \t") != key.npos) return "key contains space";
  if (value.find_first_of(" \t") != value.npos) return "value contains space";
  if (key.find(',') != key.npos) return "key contains comma";
  if (value.find(',') != value.npos) return "value contains comma";
  if (key == "default") {
    if (!value.starts_with("go") || !IsGoVersion(std::string_view(value).substr(2)))
      return "value for default= must be goVERSION";
    if (IsNewerGo(std::string_view(value).substr(2), release))
      return "default=" + value + " too new (toolchain is go" + std::string(release) + ")";
    return "";
  }
  for (const KnownSetting& known : kKnownSettings)
    if (known.name == key) return "";
  for (const RemovedSetting& removed : kRemovedSettings)
    if (removed.name == key)
      return "use of removed " + std::string(what) + " \"" + key + "\", see https://go.dev/doc/godebug#go-1" +
             std::to_string(removed.removed);
  return "unknown " + std::string(what) + " \"" + key + "\"";
}

bool ParseDebugDirective(std::string_view text, std::string_view release, DebugSetting* setting,
                         std::string* error) {
  constexpr std::string_view kDirective = "//go:debug";
  constexpr std::string_view kSpace = " \t\r\n";
  error->clear();
  if (!text.starts_with(kDirective)) return false;
  while (!text.empty() && kSpace.find(text.back()) != kSpace.npos) text.remove_suffix(1);
  const size_t space = text.find_first_of(" \t");
  if (space == text.npos) {
    if (text == kDirective) *error = "missing key=value";
    return false;
  }
  text.remove_prefix(std::min(text.find_first_not_of(kSpace, space), text.size()));
  const size_t equals = text.find('=');
  if (equals == text.npos) {
    *error = "missing key=value";
    return false;
  }
  setting->key = text.substr(0, equals);
  setting->value = text.substr(equals + 1);
  *error = CheckDebugSetting("//go:debug setting", *setting, release);
  return error->empty();
}

std::string DefaultDebugSettings(std::string_view go_version, const std::vector<DebugSetting>& settings) {
  std::map<std::string_view, std::string_view> chosen;
  for (const DebugSetting& setting : settings) chosen[setting.key] = setting.value;
  if (auto version = chosen.find("default"); version != chosen.end()) {
    go_version = version->second.substr(2);
    chosen.erase(version);
  }
  if (const uint16_t minor = go_version.empty() ? 0 : ReleasedMinor(go_version); minor != 0)
    for (const KnownSetting& known : kKnownSettings)
      if (minor < known.changed) chosen.try_emplace(known.name, known.old);
  std::string out;
  for (const auto& [key, value] : chosen)
    out += (out.empty() ? "" : ",") + std::string(key) + "=" + std::string(value);
  return out;
}

}  // namespace escapement::modules
