#include <algorithm>
#include <cstdlib>

#include "engine/driver/options.h"

namespace escapement::driver {

namespace {

// Splits at spaces, keeping 'single' and "double" quoted fields whole, as cmd/go does.
std::vector<std::string> SplitQuoted(std::string_view text) {
  std::vector<std::string> fields;
  size_t i = 0;
  while (i < text.size()) {
    if (text[i] == ' ' || text[i] == '\t' || text[i] == '\n') {
      ++i;
    } else if (text[i] == '\'' || text[i] == '"') {
      size_t end = text.find(text[i], i + 1);
      if (end == std::string_view::npos) end = text.size();
      fields.emplace_back(text.substr(i + 1, end - i - 1));
      i = end + 1;
    } else {
      size_t end = std::min(text.find_first_of(" \t\n", i), text.size());
      fields.emplace_back(text.substr(i, end - i));
      i = end;
    }
  }
  return fields;
}

// A count flag: `-m` counts one more, `-m=2` sets.
void Count(int& field, std::string_view value, bool has_value) {
  field = has_value ? std::atoi(std::string(value).c_str()) : field + 1;
}

void ParseDebug(std::string_view list, std::map<std::string, std::string>& debug) {
  while (!list.empty()) {
    std::string_view item = list.substr(0, list.find(','));
    list.remove_prefix(std::min(list.size(), item.size() + 1));
    size_t equals = item.find('=');
    debug[std::string(item.substr(0, equals))] =
        equals == std::string_view::npos ? "1" : std::string(item.substr(equals + 1));
  }
}

// Flags that have no bearing on what the compiler says.
bool Ignored(std::string_view name) {
  static constexpr std::string_view kNames[] = {"C",      "h",       "live", "pack",           "trimpath",
                                                "shared", "dynlink", "race", "nolocalimports", "wb"};
  return std::find(std::begin(kNames), std::end(kNames), name) != std::end(kNames);
}

// Ignored flags that take a value, glued with `=` or as the next argument.
bool IgnoredWithValue(std::string_view name) {
  static constexpr std::string_view kNames[] = {"o", "importcfg", "D",      "I",       "buildid",
                                                "c", "goversion", "asmhdr", "symabis", "embedcfg"};
  return std::find(std::begin(kNames), std::end(kNames), name) != std::end(kNames);
}

}  // namespace

std::string CompileFlags::Parse(std::string_view gcflags) {
  if (!gcflags.empty() && gcflags[0] != '-') {
    size_t equals = gcflags.find('=');
    if (equals != std::string_view::npos) gcflags.remove_prefix(equals + 1);
  }
  return Parse(SplitQuoted(gcflags));
}

std::string CompileFlags::Parse(const std::vector<std::string>& flags) {
  for (size_t i = 0; i < flags.size(); ++i) {
    std::string_view flag = flags[i];
    if (flag.size() < 2 || flag[0] != '-') return "not a flag: " + flags[i];
    flag.remove_prefix(flag[1] == '-' && flag.size() > 2 ? 2 : 1);
    size_t equals = flag.find('=');
    bool has_value = equals != std::string_view::npos;
    std::string_view name = flag.substr(0, equals);
    std::string_view value = has_value ? flag.substr(equals + 1) : "";
    bool on = !has_value || (value != "0" && value != "false");
    auto take_value = [&] {
      if (!has_value && i + 1 < flags.size()) value = flags[++i];
      return std::string(value);
    };
    if (name == "m")
      Count(remarks, value, has_value);
    else if (name == "l")
      Count(no_inline, value, has_value);
    else if (name == "N")
      no_optimize = on;
    else if (name == "e")
      all_errors = on;
    else if (name == "complete")
      complete = on;
    else if (name == "smallframes")
      small_frames = on;
    else if (name == "std" || name == "+")
      standard = on;
    else if (name == "p")
      package_path = take_value();
    else if (name == "lang")
      language = take_value();
    else if (name == "d")
      ParseDebug(take_value(), debug);
    else if (IgnoredWithValue(name))
      take_value();
    else if (!Ignored(name))
      return "flag provided but not defined: -" + std::string(name);
  }
  return "";
}

}  // namespace escapement::driver
