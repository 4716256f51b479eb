// //go:embed: the variables get their files as initial values, in the source text before it is
// compiled.
#pragma once

#include <string>
#include <vector>

#include "engine/modules/file_tree.h"
#include "engine/modules/program.h"

namespace escapement::modules {

// Gives the embedded variables in `files` of a package in `directory` their values. A package with an
// embed.FS gets one more file, which is appended; `suffix` tells the names in it from those of other lists
// of the package.
void ApplyEmbeds(FileTree& tree, const std::string& directory, const std::string& suffix,
                 std::vector<GoFile>& files);

// What go build says of a pattern in `files` that embeds nothing, the first in the order of patterns, with
// its newline; empty when all find something.
std::string EmbedError(FileTree& tree, const std::string& directory, const std::vector<GoFile>& files);

}  // namespace escapement::modules
