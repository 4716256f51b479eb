// The subcommands of `escapement`. Each takes the words after its name and returns
// the process's exit status.
#pragma once

#include <string>
#include <vector>

#include "engine/stdlib/library_source.h"

namespace escapement::cli {

using Words = std::vector<std::string>;

int BuildCommand(stdlib::LibrarySource& library, const Words& words);        // build -gcflags=… f.go…
int ToolCompileCommand(stdlib::LibrarySource& library, const Words& words);  // tool compile -m f.go…
int RunCommand(stdlib::LibrarySource& library, const Words& words);          // run f.go… [args]
int TestCommand(stdlib::LibrarySource& library, const Words& words);         // test [flags] [packages]
int PackCommand(stdlib::LibrarySource& library, const Words& words);         // pack -goroot DIR -o FOLDER
int TraceCommand(stdlib::LibrarySource& library, const Words& words);        // trace -o out.json f.go…

}  // namespace escapement::cli
