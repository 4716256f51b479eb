#include "engine/driver/debug_directives.h"

#include <map>

#include "engine/driver/version.h"
#include "engine/modules/debug_settings.h"

namespace escapement::driver {

void AddDebugDirectives(const std::vector<modules::Directive>& directives,
                        std::vector<modules::DebugSetting>& settings) {
  modules::DebugSetting setting;
  std::string error;
  for (const modules::Directive& directive : directives)
    if (modules::ParseDebugDirective(directive.text, kGoRelease, &setting, &error))
      settings.push_back(setting);
}

std::string DebugDefaults(const std::vector<SourceInput>& files) {
  std::vector<modules::DebugSetting> settings;
  for (const SourceInput& file : files)
    AddDebugDirectives(modules::ScanHeader(file.text).directives, settings);
  return modules::DefaultDebugSettings("", settings);
}

std::vector<Message> DebugDirectiveErrors(const std::vector<SourceInput>& files) {
  std::vector<Message> out;
  std::map<std::string, std::string> seen;  // where a key is set
  for (const SourceInput& file : files) {
    if (file.text.find("//go:debug") == std::string::npos) continue;
    for (const modules::Directive& directive : modules::ScanHeader(file.text).directives) {
      modules::DebugSetting setting;
      std::string error;
      const bool sound = modules::ParseDebugDirective(directive.text, kGoRelease, &setting, &error);
      if (!sound && error.empty()) continue;
      Message message{.file = file.name, .line = directive.line, .column = directive.column};
      message.position =
          file.name + ":" + std::to_string(directive.line) + ":" + std::to_string(directive.column);
      if (!sound) {
        message.text = "invalid //go:debug: " + error;
      } else {
        auto [previous, first] = seen.try_emplace(setting.key, message.position);
        if (first) continue;
        message.text =
            "repeated //go:debug for " + setting.key + "\n\t" + previous->second + ": previous //go:debug";
      }
      out.push_back(std::move(message));
    }
  }
  return out;
}

}  // namespace escapement::driver
