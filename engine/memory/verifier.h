// The verifier: checks the whole World against the promises that make it Go's memory.
#pragma once

#include <string>
#include <vector>

#include "engine/memory/world.h"

namespace escapement::memory {

// Returns a sentence for each broken promise, none when all hold:
// no heap object or global points into a stack; every pointer of a heap object, global or
// live slot is nil, static, into its own stack, or into an allocated object; spans, bitmaps and counters
// agree.
std::vector<std::string> Verify(World& world, Mutator& mutator);

// While marking: no black object points to a white one.
std::vector<std::string> VerifyTriColour(const World& world);

}  // namespace escapement::memory
