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
int VetCommand(stdlib::LibrarySource& library, const Words& words);          // vet [packages]
int PackCommand(stdlib::LibrarySource& library, const Words& words);         // pack -goroot DIR -o FOLDER
int TraceCommand(stdlib::LibrarySource& library, const Words& words);        // trace -o out.json f.go…

int InspectCommand(stdlib::LibrarySource& library, const Words& words);  // inspect -at MOMENT f.go…
int ExplainCommand(stdlib::LibrarySource& library, const Words& words);  // explain f.go:LINE:COL
int RenderCommand(stdlib::LibrarySource& library, const Words& words);   // render -view V -o OUT f.go…
int VerifyCommand(stdlib::LibrarySource& library, const Words& words);   // verify FILE.md…

// Waits for a process; its exit status, or 1 when it ended otherwise.
int WaitFor(int child);

}  // namespace escapement::cli
