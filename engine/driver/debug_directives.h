// //go:debug lines of a program's files: the settings of GODEBUG that it is built with.
#pragma once

#include <string>
#include <vector>

#include "engine/driver/session.h"
#include "engine/modules/header.h"
#include "engine/modules/mod_file.h"

namespace escapement::driver {

// Appends what a file's sound directives set.
void AddDebugDirectives(const std::vector<modules::Directive>& directives,
                        std::vector<modules::DebugSetting>& settings);

// RunOptions::godebug of files outside modules.
std::string DebugDefaults(const std::vector<SourceInput>& files);

// What the go command finds wrong with the lines before it compiles the package.
std::vector<Message> DebugDirectiveErrors(const std::vector<SourceInput>& files);

}  // namespace escapement::driver
