#include "engine/vm/runtime_settings.h"

#include <algorithm>
#include <charconv>
#include <optional>

namespace escapement::vm {

namespace {

template <typename Int>
std::optional<Int> Number(std::string_view text) {
  Int value = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// A count of bytes: digits, perhaps with B, KiB, MiB, GiB or TiB behind them.
std::optional<int64_t> ByteCount(std::string_view text) {
  int shift = 0;
  if (text.ends_with('B')) {
    text.remove_suffix(1);
    if (text.ends_with('i')) {
      text.remove_suffix(1);
      constexpr std::string_view kUnits = "KMGT";
      const size_t unit = text.empty() ? kUnits.npos : kUnits.find(text.back());
      if (unit == kUnits.npos) return std::nullopt;
      text.remove_suffix(1);
      shift = 10 * static_cast<int>(unit + 1);
    }
  }
  const std::optional<int64_t> count = Number<int64_t>(text);
  if (!count || *count < 0 || *count > INT64_MAX >> shift) return std::nullopt;
  return *count << shift;
}

bool HasDebugSetting(std::string_view godebug, std::string_view setting) {
  while (!godebug.empty()) {
    const size_t comma = std::min(godebug.find(','), godebug.size());
    if (godebug.substr(0, comma) == setting) return true;
    godebug.remove_prefix(std::min(comma + 1, godebug.size()));
  }
  return false;
}

}  // namespace

std::string_view Lookup(const std::vector<std::string>& environment, std::string_view name) {
  for (std::string_view variable : environment)
    if (variable.starts_with(name) && variable.substr(name.size()).starts_with('='))
      return variable.substr(name.size() + 1);
  return {};
}

RuntimeSettings ReadSettings(const std::vector<std::string>& environment) {
  RuntimeSettings out;
  const std::string_view gogc = Lookup(environment, "GOGC");
  if (gogc == "off") {
    out.gc_percent = -1;
  } else if (const std::optional<int32_t> percent = Number<int32_t>(gogc)) {
    out.gc_percent = *percent;
  }
  const std::string_view limit = Lookup(environment, "GOMEMLIMIT");
  if (!limit.empty() && limit != "off") {
    if (const std::optional<int64_t> bytes = ByteCount(limit))
      out.memory_limit = *bytes;
    else
      out.malformed_limit = limit;
  }
  out.traceback = ParseTraceback(Lookup(environment, "GOTRACEBACK"));
  out.gc_trace = HasDebugSetting(Lookup(environment, "GODEBUG"), "gctrace=1");
  out.max_procs = std::max(0, Number<int32_t>(Lookup(environment, "GOMAXPROCS")).value_or(0));
  return out;
}

TracebackMode ParseTraceback(std::string_view level) {
  if (level.empty() || level == "single") return {};
  if (level == "none") return {.frames = false, .all = false};
  if (level == "all" || level == "system" || level == "crash") return {.frames = true, .all = true};
  return {.frames = Number<uint32_t>(level).value_or(0) > 0, .all = true};
}

}  // namespace escapement::vm
