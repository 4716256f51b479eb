// `escapement trace`: runs a program and writes what its memory did.
#include <cstdio>

#include "engine/cli/commands.h"

namespace escapement::cli {

int TraceCommand(stdlib::LibrarySource&, const Words&) {
  std::fprintf(stderr, "escapement trace: not wired\n");
  return 2;
}

}  // namespace escapement::cli
