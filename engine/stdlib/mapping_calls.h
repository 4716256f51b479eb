// The system calls about mapped memory (mmap and its family), and what files and the pages that show them
// owe each other.
#pragma once

#include "engine/stdlib/system_calls.h"

namespace escapement::stdlib {

// One of kMmap, kMunmap, …
Outcome MappingCall(Machine& m, uint64_t number, const uint64_t* arguments);

// What was stored to shared pages of a file is the file's: before the file's bytes are looked at or changed.
void PagesToFile(Machine& m, uint32_t node);
// And after some of them were changed.
void FileToPages(Machine& m, uint32_t node, uint64_t offset, uint64_t size);

}  // namespace escapement::stdlib
