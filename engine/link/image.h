// Image: the static region of a program: where each segment lies and its bytes. Code is
// compiled on demand, so an image grows: what is linked after the start comes as patches.
//
//   0x401000  text     one 16-byte address slot a function (bytecode::TextAddress)
//             rodata   strings, type descriptors, itabs, read-only composites
//             noptrdata, data, bss, noptrbss
//
// Each segment has room to grow behind its first contents; what does not fit there lies behind the last one.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/lower/data.h"

namespace escapement::link {

// One segment as it is when the program starts. `bytes` may be shorter than `size`.
struct Segment {
  lower::Section section = lower::Section::kRodata;
  uint64_t start = 0;
  uint64_t size = 0;
  std::string bytes;
  std::vector<uint64_t> pointer_bitmap;  // a bit a word; empty: no pointers
};

// Bytes that came later, at an address inside a segment. `pointer_words` are the
// addresses of its words that hold pointers.
struct Patch {
  uint64_t address = 0;
  std::string bytes;
  std::vector<uint64_t> pointer_words;
};

}  // namespace escapement::link
