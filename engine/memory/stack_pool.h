// The stack pool's side that the collector uses.
#pragma once

namespace escapement::memory {

struct World;

// At the end of a cycle: pool spans without a stack in use, and large stacks freed while it ran, go back to
// the heap.
void FreeEmptyStackSpans(World& world);

}  // namespace escapement::memory
