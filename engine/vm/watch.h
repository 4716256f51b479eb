// Watching: the machine runs instruction by instruction and says where it is. Time travel finds moments,
// lines and calls with it (driver/inspector.h).
#pragma once

#include <cstdint>
#include <functional>

#include "engine/memory/address_space.h"
#include "engine/trace/event.h"

namespace escapement::vm {

// What a word of code is to a watcher.
enum WordMark : uint8_t {
  kStatementStart = 1,  // another line begins
  kMineWord = 2,        // of the user's own code
  kFunctionStart = 4,
  kLineStart = 8,  // a statement start that is not the rest of its line, after what was inlined into that
};

// The place between two instructions at which the machine stands.
struct Boundary {
  trace::Moment moment;
  bool exact = false;  // moment.statement is known: the moment's first boundary was seen
  bool first = false;  // the first boundary of its event and step
  uint8_t marks = 0;   // of the instruction that comes next
  uint32_t word = 0;   // its index in Code
  uint32_t goroutine = 0;
  uint32_t fp = 0;  // slot index of the frame's window: deeper frames have higher ones
  memory::Address sp = 0;
};

// Asked at each start of a line, at the first boundary after an event or a step, and when another frame is on
// top. True stops the machine there.
using Watcher = std::function<bool(const Boundary&)>;

// How far the watched loop has come.
struct WatchState {
  Boundary last;
  bool known = false;  // `last` is the boundary before the machine's place, or that place itself
};

}  // namespace escapement::vm
